"""The answer line: every printable key types; what the line does not need goes to the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.widgets.prompt_input import EDITS, PromptInput
from nn_tutor.tutor.typed import Earlier

MAX_CHARACTERS = 120


class AnswerLine(PromptInput):
    """One line of text; some keys belong to the page that it is on, and act in their order among those that type."""

    DEFAULT_CSS = """
    AnswerLine { height: 1; border: none; padding: 0; background: $background; width: 1fr; }
    AnswerLine:focus { border: none; background-tint: $foreground 0%; }
    """

    class TooLong(Message):
        """More was pasted than an answer can hold."""

    def __init__(self) -> None:
        super().__init__(id="line", max_length=MAX_CHARACTERS, select_on_focus=False, compact=True)
        self.cursor_blink = False
        self.of_page: Mapping[str, Callable[[], None]] = {}
        """What keys do to the page, before any key that comes after them is looked at."""
        self.of_page_when_empty: Mapping[str, Callable[[], None]] = {}
        """The same of keys that edit the line where something stands on it."""
        self.pass_on: Callable[[events.Key], bool] = _keep
        """Takes every other key that does not type, and says whether it did anything."""
        self._earlier = Earlier()

    @property
    def content_width(self) -> int:
        """The width of the text, at least that of the line: while it fits, a key lays nothing out anew."""
        return max(super().content_width, self.size.width)

    def render_line(self, y: int) -> Strip:
        """Paint the line: quickly where it fits and nothing is selected, else as Textual does."""
        text, width = self.value, self.size.width
        if y != 0 or not text or not self.selection.is_empty or cell_len(text) >= width or not self._cursor_visible:
            return super().render_line(y)
        style, at = self.rich_style, self.cursor_position
        cursor = style + self.get_component_rich_style("input--cursor") if self.has_focus else style
        parts = ((text[:at], style), (text[at : at + 1] or " ", cursor), (text[at + 1 :], style))
        return Strip([Segment(part, ink) for part, ink in parts if part]).extend_cell_length(width + 1, style)

    async def _on_key(self, event: events.Key) -> None:
        """Hand over what belongs to the page, and every key once the line is left; else those of a line come next."""
        if self.screen.focused is not self:
            event.prevent_default()
            return
        does = self.of_page.get(event.key) or (None if self.value else self.of_page_when_empty.get(event.key))
        if does is not None:
            does()
        elif event.is_printable or event.key in EDITS or not self.pass_on(event):
            return
        event.stop()
        event.prevent_default()

    def recall(self, by: int, typed: Sequence[str]) -> None:
        """Put what was `typed` before on the line, oldest first: −1 goes back, 1 forward to what was begun."""
        self.value = self._earlier.at(by, self.value, typed)
        self.cursor_position = len(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        """Take the first line of a paste; refuse what is far too long, kindly."""
        event.stop()
        event.prevent_default()
        # A terminal sends line ends as carriage returns.
        first = next(iter(event.text.strip().splitlines()), "")
        text = visible(first[: MAX_CHARACTERS + 1])
        if len(self.value) + len(text) > MAX_CHARACTERS:
            self.post_message(self.TooLong())
            return
        self.insert_text_at_cursor(text)


def _keep(event: events.Key) -> bool:
    """Leave a key to Textual."""
    return False
