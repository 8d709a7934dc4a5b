"""A slope that is typed as a formula: the words, and below them what it is made from."""

from __future__ import annotations

from nn_tutor.terminal.drawing.ink import Drawing, Line
from nn_tutor.terminal.faces.base import Scene
from nn_tutor.terminal.faces.on_pass import FaceOnPass
from nn_tutor.terminal.panels.answer import letters_of_formula
from nn_tutor.terminal.panels.chain import draw_chain_so_far
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.tutor.stations.deriving import Deriving
from nn_tutor.tutor.visible import View

MIN_TABLE, MAX_TABLE = 4, 110
"""The lines from which a table beside words is of use, and the cells over which its columns would part."""


class DerivingFace(FaceOnPass[Deriving]):
    """A slope to derive."""

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words, below them the way forward, where there is room, and the picture."""
        plan, text = scene.plan, self.station.words
        words = draw_reading(text, plan.left, plan.body, scene.scrolled) if text else ()
        room = plan.body - len(words) - 1
        if scene.view is not None and room >= MIN_TABLE:
            words = (*words, (), *draw_chain_so_far(scene.view, min(plan.left, MAX_TABLE), room))
        return self.with_picture(words, plan.left - 1, plan.body, self.station.activity.picture), ()

    def typing_help(self, view: View, width: int) -> Line:
        """Draw the letters that the formula may hold."""
        return letters_of_formula(view, width)
