"""The page that opens a lesson, where its introduction has no room above the first activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn_tutor.terminal.faces.base import HELP, Around, Face, Scene, leave
from nn_tutor.terminal.layout import Plan, Sizes, divide
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.base import Station

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Drawing


class OpeningFace(Face[Station]):
    """The introduction alone, drawn in the place of the first station, which it leads to."""

    def __init__(self, first: Face[Any]) -> None:
        super().__init__(first.session, first.station)

    def plan(self, width: int, height: int) -> Plan:
        """Leave the whole screen to the words."""
        return divide(Sizes(), width, height)

    @property
    def words(self) -> str:
        """The introduction."""
        return self.introduction

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words."""
        return ((), *draw_reading(self.introduction, scene.plan.left, scene.plan.body - 1, scene.scrolled)), ()

    def looking_tips(self, around: Around) -> list[Tip]:
        """Return the keys of a page."""
        return [Tip("begin", "to the line", "forward"), *self.own_tips(around), HELP, leave(around)]


def opens_with_a_page(first: Face[Any], width: int, height: int) -> bool:
    """Whether the introduction needs a page of its own: nothing is answered, and above the station is no room."""
    if not first.introduction or first.session.attempts:
        return False
    plan = first.plan(width, height)
    return not plan.too_small and not plan.heights["introduction"]
