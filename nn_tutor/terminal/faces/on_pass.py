"""What the faces of all stations on a pass have in common: the question, what may be typed, hints and diagnoses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line
from nn_tutor.terminal.faces.base import Face
from nn_tutor.terminal.panels.answer import (
    draw_hardly_told,
    draw_hint,
    draw_judgement,
    draw_question,
    draw_revealed,
    draw_said,
    letters_to_type,
)
from nn_tutor.terminal.panels.verdict import draw_notice
from nn_tutor.tutor.stations.feedback import verdict_of
from nn_tutor.tutor.stations.on_pass import StationOnPass

if TYPE_CHECKING:
    from nn_tutor.terminal.panels.header import Heading
    from nn_tutor.tutor.visible import View

P = TypeVar("P", bound=StationOnPass[Any])


class FaceOnPass(Face[P]):
    """The face of a station that asks about the numbers of a pass."""

    heading: ClassVar[Heading] = "pass"
    prompt_lines: ClassVar[int] = 3
    verdict_lines: ClassVar[int] = 3

    def figure_height(self, width: int, height: int) -> int:
        """Return how many lines the network takes."""
        return self.diagram_height(width, height)

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw the question and what may be typed; where nothing is open, what was shown and how to go on."""
        if view is None:
            return (), ()
        question = self.station.asked.question
        if question is not None:
            return draw_question(question, width), self.typing_help(view, width)
        retry_due = (
            line(Span(" enter: the same with fresh numbers; p puts it off", "muted")) if self.session.retry_due else ()
        )
        return draw_said(view, width), retry_due

    def typing_help(self, view: View, width: int) -> Line:
        """Draw what may be typed at the open question."""
        return letters_to_type(self.station.asked, view, width)

    def verdict(self, view: View | None, width: int) -> Drawing:
        """Draw a notice, a hint, a verdict, or the answer that was revealed."""
        station, asked = self.station, self.station.asked
        if station.notice:
            return draw_notice(station.notice, width)
        if view is None:
            return ()
        if asked.turn.hinted and asked.hint_level:
            return draw_hint(asked, view, width)
        attempt = verdict_of(asked)
        if attempt is None:
            return self.revealed(view, width)
        return draw_judgement(self.session, asked, attempt, view, width)

    def hardly_told(self, view: View | None, width: int) -> Drawing:
        """Draw which mistakes the numbers of the open question hardly show, before it is tried."""
        return () if view is None else draw_hardly_told(self.station.asked, width)

    def revealed(self, view: View | None, width: int) -> Drawing:
        """Draw the answer that was revealed last, with its whole derivation."""
        return () if view is None else draw_revealed(self.station.asked, view, width)
