"""The answer line: every printable key types; what the line does not need goes to the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.widgets.prompt_input import PromptInput
from nn_tutor.tutor.typed import Earlier

MAX_CHARACTERS = 120


class AnswerLine(PromptInput):
    """One line of text for `enter`; on an empty line the arrows belong to the screen, and ? always does."""

    DEFAULT_CSS = """
    AnswerLine { height: 1; border: none; padding: 0; background: $background; width: 1fr; }
    AnswerLine:focus { border: none; background-tint: $foreground 0%; }
    """

    class Left(Message):
        """← was pressed where there is nothing to move over."""

    class Right(Message):
        """→ was pressed where there is nothing to move over."""

    class Stepped(Message):
        """Ctrl and an arrow were pressed on an empty line; `forward` says which."""

        def __init__(self, forward: bool) -> None:
            super().__init__()
            self.forward = forward

    class Hint(Message):
        """? was pressed: no answer holds it."""

    class TooLong(Message):
        """More was pasted than an answer can hold."""

    def __init__(self) -> None:
        super().__init__(id="line", max_length=MAX_CHARACTERS, select_on_focus=False, compact=True)
        self.cursor_blink = False
        self.leave: Callable[[], None] | None = None
        """What Escape does, before any key that comes after it is looked at."""
        self.enter: Callable[[str], None] | None = None
        """What Enter does with the text, before any key that comes after it can add to that."""
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

    def action_cursor_left(self, select: bool = False) -> None:
        """Move the cursor; on an empty line ask for the step before."""
        if self.value:
            super().action_cursor_left(select)
        else:
            self.post_message(self.Left())

    def action_cursor_right(self, select: bool = False) -> None:
        """Move the cursor; on an empty line ask for the step after."""
        if self.value:
            super().action_cursor_right(select)
        else:
            self.post_message(self.Right())

    def action_cursor_left_word(self, select: bool = False) -> None:
        """Move the cursor by a word; on an empty line ask for the step before."""
        if self.value:
            super().action_cursor_left_word(select)
        else:
            self.post_message(self.Stepped(forward=False))

    def action_cursor_right_word(self, select: bool = False) -> None:
        """Move the cursor by a word; on an empty line ask for the step after."""
        if self.value:
            super().action_cursor_right_word(select)
        else:
            self.post_message(self.Stepped(forward=True))

    async def _on_key(self, event: events.Key) -> None:
        """Hand ? to the screen, and every key once the line is left; else the handlers of a line are called next."""
        if self.screen.focused is not self:
            event.prevent_default()
        elif event.key == "escape" and self.leave is not None:
            event.stop()
            event.prevent_default()
            self.leave()
        elif event.key == "enter" and self.enter is not None:
            event.stop()
            event.prevent_default()
            self.enter(self.value)
        elif event.character == "?":
            event.stop()
            event.prevent_default()
            self.post_message(self.Hint())

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
