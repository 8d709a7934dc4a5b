"""The entry of a lesson's screen: the mark, the answer line, and beside it what is typed there comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.drawing.ink import Span, line
from nn_tutor.terminal.panels.answer import preview
from nn_tutor.terminal.sizes import MAX_ENTRY
from nn_tutor.terminal.widgets.answer_line import MAX_CHARACTERS, AnswerLine
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

if TYPE_CHECKING:
    from nn_tutor.tutor.session import Session
    from nn_tutor.walkthrough.questions import Question

MARK = "  > "
"""What stands before the line while it is for typing."""

PREVIEW = 26
"""The cells in which stands what the typed text comes to."""


class Entry(Horizontal):
    """The answer line between its mark and its preview; it remembers what was typed at a question taken apart."""

    DEFAULT_CSS = f"""
    Entry {{ height: 1; max-width: {MAX_ENTRY}; }}
    Entry #mark {{ width: {len(MARK)}; }}
    Entry #preview {{ width: {PREVIEW}; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self.line = AnswerLine()
        self.was_refused = False
        """Whether the last paste was refused, until something else is typed."""
        self._mark = DrawingPanel(id="mark")
        self._preview = DrawingPanel(id="preview")
        self._kept: dict[str, str] = {}
        """What stood on the line, by question, when the question was taken apart."""
        self._names_of: Session | None = None
        self._known_names: Mapping[str, float] = {}

    def compose(self) -> ComposeResult:
        """The mark, the line and its preview."""
        yield self._mark
        yield self.line
        yield self._preview

    def put(self, text: str) -> None:
        """Put a text on the line, with the cursor behind it."""
        self.line.value = text
        self.line.cursor_position = len(text)

    def keep(self, question: Question) -> None:
        """Remember what is typed at a question that is taken apart, until it is asked as a whole again."""
        if self.line.value.strip():
            self._kept[question.id] = self.line.value

    def bring_back(self, question: Question, judged: str | None) -> None:
        """Put what was remembered for a question on the line, where nothing stands there yet.

        What was `judged` last is marked, so that what is typed takes its place.
        """
        if not self.line.value:
            self.put(self._kept.pop(question.id, ""))
            if judged is not None and self.line.value == judged:
                self.line.select_all()

    def bring_back_unread(self, session: Session) -> None:
        """Put the last answer to the open question on the line where it could not be read, and mark it.

        It is said below that it was not: of an empty line that means nothing.
        """
        attempt, question = session.station.last_attempt, session.question
        is_of_it = attempt is not None and (question is None or attempt.question == question.id)
        if attempt is not None and is_of_it and session.is_open and attempt.judgement.verdict == "invalid":
            self.put(visible(attempt.text)[:MAX_CHARACTERS])
            self.line.select_all()

    def tell_use(self, *, is_for_typing: bool, placeholders: Sequence[str]) -> None:
        """Show whether the line is for typing, and what it says while it is empty: the first that has room."""
        room = self.app.size.width - len(MARK) - PREVIEW
        self._mark.show((line(Span(MARK, "accent")),) if is_for_typing else ())
        self.line.placeholder = next((text for text in placeholders if cell_len(text) <= room), "")

    def work_out(self, text: str, session: Session) -> None:
        """Show what a text comes to as an answer to the open question, nothing where it asks for no number."""
        asked = session.asked
        worth = preview(text, self._names(session)) if asked is not None and asked.asks_a_number else ""
        self._preview.show((line(Span(worth.rjust(24), "strong")),))

    def _names(self, session: Session) -> Mapping[str, float]:
        """What may be typed here, looked up once a station and not at every key."""
        if self._names_of is not session:
            self._names_of = session
            self._known_names = {} if session.asked is None else session.asked.names
        return self._known_names
