"""A slope that is typed as a formula: the words, and below them what it is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, framed
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line
from nn_tutor.terminal.faces.on_pass import FaceOnPass
from nn_tutor.terminal.faces.page import MAX_PAGE
from nn_tutor.terminal.layout import Plan, is_large
from nn_tutor.terminal.panels.answer import names_of_formula
from nn_tutor.terminal.panels.chain import draw_chain_so_far
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.terminal.panels.weight_picture import draw_picture
from nn_tutor.tutor.stations.deriving import Deriving

if TYPE_CHECKING:
    from nn_tutor.terminal.faces.base import Scene
    from nn_tutor.tutor.visible import View

MIN_TABLE, MAX_TABLE = 4, 110
"""The lines from which a table beside words is of use, and the cells over which its columns would part."""

MIN_FRAMED = 20
"""The lines that words and table have beside the picture of the loss, or half the height where that is more."""

AROUND_TABLE = 4
"""The lines that a table takes beside its rows: heading, the slope in question, and a blank one above and below."""


class DerivingFace(FaceOnPass[Deriving]):
    """A slope to derive."""

    def splits(self, width: int, height: int) -> bool:
        """Whether a picture stands beside the words: that of the lesson, or of single weights that of the loss."""
        return is_large(width, height) and (self.station.activity.picture is not None or self._is_short)

    @property
    def _is_short(self) -> bool:
        """Whether the rules of the pass are short enough to leave room for a picture."""
        lesson_run, index = self.station.lesson_run, self.station.index
        return lesson_run.network(index).is_scalar and lesson_run.rows(index) == 1

    def right_width(self, width: int) -> int:
        """Return what the measure of the words leaves."""
        return max(super().right_width(width), width - MAX_PAGE)

    def lines_wanted(self, plan: Plan) -> int | None:
        """Return the lines of the words and the table, where no picture of the lesson has a use for more."""
        station = self.station
        if plan.is_framed:
            return None if station.activity.picture is not None else max(MIN_FRAMED, plan.height // 2)
        shown = station.lesson_run.order(station.index, station.place.pass_number)
        rows = sum(ref.phase in ("forward", "loss") for ref in shown)
        return len(draw_reading(station.words, plan.left, plan.body, 0)) + rows + AROUND_TABLE

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words, below them the way forward, where there is room, and the picture beside them or below."""
        plan, picture = scene.plan, self.station.activity.picture
        if not plan.is_framed:
            return self.with_picture(self._words(scene, plan.left, plan.body), plan.left - 1, plan.body, picture), ()
        words = self._words(scene, plan.left - 1 - SIDES_OF_FRAME, plan.body - 2)
        left = framed(words, plan.left - 1, plan.body, lit=True)
        sizes = plan.right - SIDES_OF_FRAME, plan.body - 2
        if picture is not None:
            drawn = draw_wanted(self.session, picture, *sizes)
        else:
            drawn = () if scene.view is None else draw_picture(self.session, scene.view, *sizes)
        return left, framed(drawn, plan.right, plan.body, line(Span("The picture", "strong")))

    def _words(self, scene: Scene, width: int, height: int) -> Drawing:
        text = self.station.words
        words = draw_reading(text, width, height, scene.scrolled) if text else ()
        room = height - len(words) - 1
        if scene.view is None or room < MIN_TABLE:
            return words
        return (*words, (), *draw_chain_so_far(scene.view, min(width, MAX_TABLE), room))

    def typing_help(self, view: View, width: int) -> Line:
        """Draw the letters that the formula may hold."""
        return names_of_formula(view, width)
