"""The line of the form: longer than that of an answer, and a pasted matrix keeps its rows."""

from __future__ import annotations

from textual import events
from textual.message import Message

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.widgets.answer_line import AnswerLine

MAX_TYPED = 20_000
"""How many characters a field can hold."""


class FormLine(AnswerLine):
    """One line of text for one field."""

    class Pasted(Message):
        """A text of several lines, or a long one, was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self.max_length = MAX_TYPED

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = "\n".join(visible(row) for row in event.text[: 10 * MAX_TYPED].splitlines())
        if len(self.value) + len(text) > MAX_TYPED:
            self.post_message(self.TooLong())
        else:
            self.post_message(self.Pasted(text))
