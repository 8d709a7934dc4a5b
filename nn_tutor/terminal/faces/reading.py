"""A page of prose, with its picture below where there is room."""

from __future__ import annotations

from nn_tutor.terminal.drawing.ink import Drawing
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.terminal.faces.base import NUMBERED_PICTURE, Face, Scene
from nn_tutor.terminal.layout import Plan
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.tutor.stations.practising import Practising
from nn_tutor.tutor.stations.reading import Reading


class ReadingFace(Face[Reading | Practising]):
    """A page to read."""

    def least_body(self, plan: Plan) -> int:
        """Return the lines of the words."""
        return len(draw_prose(self.station.words, max(10, plan.left - 4)))

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words, and the picture."""
        plan, text, picture = scene.plan, self.station.words, self.station.activity.picture
        if picture is None or plan.body < 2 * NUMBERED_PICTURE:
            return draw_reading(text, plan.left, plan.body, scene.scrolled), ()
        words = (*draw_reading(text, plan.left, plan.body - NUMBERED_PICTURE - 1, scene.scrolled), ())
        return (*words, *draw_wanted(self.session, picture, plan.left, plan.body - len(words))), ()
