"""The line of the form: longer than that of an answer, and a pasted matrix keeps its rows."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.widgets.answer_line import AnswerLine

MAX_TYPED = 20_000
"""How many characters a field can hold."""


class FormLine(AnswerLine):
    """One line of text for one field; ↑ and ↓ belong to the form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "ask_other(-1)", show=False),
        Binding("down", "ask_other(1)", show=False),
        Binding("shift+tab", "ask_other(-1)", show=False),
        Binding("tab", "ask_other(1)", show=False),
    ]

    class Other(Message):
        """Another field is wanted, so many farther down."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Emptied(Message):
        """Delete was pressed on an empty line."""

    class Pasted(Message):
        """A text of several lines, or a long one, was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self.max_length = MAX_TYPED

    def action_ask_other(self, by: int) -> None:
        """Ask for the field above or below."""
        self.post_message(self.Other(by))

    def action_delete_right(self) -> None:
        """Delete what stands behind the cursor; on an empty line ask to empty the cell."""
        if self.value:
            super().action_delete_right()
        else:
            self.post_message(self.Emptied())

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = "\n".join(visible(row) for row in event.text[: 10 * MAX_TYPED].splitlines())
        if len(self.value) + len(text) > MAX_TYPED:
            self.post_message(self.TooLong())
        else:
            self.post_message(self.Pasted(text))
