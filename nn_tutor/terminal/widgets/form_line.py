"""The line of the form: longer than that of an answer, and a pasted matrix keeps its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.message import Message

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.widgets.answer_line import AnswerLine

FIELDS: Mapping[str, int] = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}
"""The keys that lead to another field, and how many farther down it is."""

MAX_TYPED = 20_000
"""How many characters a field can hold."""


class FormLine(AnswerLine):
    """One line of text for one field; some keys belong to the page."""

    class Pasted(Message):
        """A text of several lines, or a long one, was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self.max_length = MAX_TYPED
        self.of_page: Mapping[str, Callable[[], None]] = {}
        """What keys do to the page, before any key that comes after them is looked at."""
        self.of_page_when_empty: Mapping[str, Callable[[], None]] = {}
        """The same of keys that edit the line where there is something to edit."""

    async def _on_key(self, event: events.Key) -> None:
        """Do what a key of the page does; else the handlers of a line are called next."""
        does = self.of_page.get(event.key) or (None if self.value else self.of_page_when_empty.get(event.key))
        if does is not None and self.screen.focused is self:
            event.stop()
            event.prevent_default()
            does()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = "\n".join(visible(row) for row in event.text[: 10 * MAX_TYPED].splitlines())
        if len(self.value) + len(text) > MAX_TYPED:
            self.post_message(self.TooLong())
        else:
            self.post_message(self.Pasted(text))
