"""A page of prose, with its picture, or what it speaks of, beside it or below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.terminal.faces.base import NUMBERED_PICTURE, Scene
from nn_tutor.terminal.faces.page import TURN, PageFace
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.tutor.stations.practising import Practising
from nn_tutor.tutor.stations.reading import Reading

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Drawing


class ReadingFace(PageFace[Reading | Practising]):
    """A page to read."""

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words, and the picture."""
        plan, text, picture = scene.plan, self.station.words, self.station.activity.picture
        if plan.is_framed:
            return self.halves((), scene)
        if scene.panel == TURN:
            return self.turned(scene), ()
        if picture is None or plan.body < 2 * NUMBERED_PICTURE:
            return draw_reading(text, plan.left, plan.body, scene.scrolled), ()
        words = (*draw_reading(text, plan.left, plan.body - NUMBERED_PICTURE - 1, scene.scrolled), ())
        return (*words, *draw_wanted(self.session, picture, plan.left, plan.body - len(words))), ()
