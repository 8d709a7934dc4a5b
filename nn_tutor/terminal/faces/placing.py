"""A weight that is put on the curve of the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line
from nn_tutor.terminal.faces.base import HELP, HINT, LOOK, MAX_EXHIBIT, NUMBERED_PICTURE, Scene
from nn_tutor.terminal.faces.on_pass import FaceOnPass
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.terminal.panels.weight_picture import draw_picture
from nn_tutor.tutor.answering import notch
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.placing import Placing

if TYPE_CHECKING:
    from nn_tutor.terminal.layout import Plan
    from nn_tutor.tutor.visible import View

WORDS_ABOVE = NUMBERED_PICTURE + 12
"""The lines from which the words stand above the curve."""


class PlacingFace(FaceOnPass[Placing]):
    """A weight to place."""

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the curve, and the words above it where there is room."""
        plan, text = scene.plan, self.station.words
        if scene.view is None:
            return (), ()
        words: Drawing = ()
        if text and plan.body >= WORDS_ABOVE:
            words = (*draw_reading(text, plan.left, max(1, plan.body - NUMBERED_PICTURE - 8), scene.scrolled), ())
        return (*words, *draw_picture(self.session, scene.view, plan.left, plan.body - len(words))), ()

    def exhibit(self, view: View | None, width: int, height: int) -> Drawing:
        """Draw the curve."""
        return () if view is None else draw_picture(self.session, view, width, min(height, MAX_EXHIBIT))

    def has_words_below(self, plan: Plan) -> bool:
        """Whether the curve takes the whole body."""
        return plan.body < WORDS_ABOVE

    def typing_help(self, view: View, width: int) -> Line:
        """Draw where the weight stands, and how far an arrow moves it."""
        question = self.station.asked.question
        fine = "" if question is None else f"; an arrow moves it by {numeral(notch(question.scale))}"
        here = Span(numeral(self.station.marked_weight), "yours")
        return line(Span(" it stands at ", "muted"), here, Span(fine, "muted"))

    def verdict(self, view: View | None, width: int) -> Drawing:
        """Draw a notice or a hint; the verdict only as long as the weight stands where it was judged."""
        station = self.station
        is_hint = station.asked.turn.hinted and station.asked.hint_level
        if station.changed_since_answer and not station.notice and not is_hint:
            return ()
        return super().verdict(view, width)

    def answering_tips(self) -> list[Tip]:
        """Return how the weight is moved."""
        if not self.station.is_open:
            return super().answering_tips()
        ways = [
            Tip("move", "back", "forward"),
            Tip("farther", "scroll up", "scroll down"),
            Tip("put it there", "check"),
        ]
        return [*ways, HINT, LOOK, HELP]
