"""How the lesson screen is divided: which parts are there and how large, for a station and a terminal's size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.derive import Derive
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.activities.walk import Walk
from nn_tutor.terminal.drawing.diagram import wanted_height
from nn_tutor.tutor.session import Session

LEAST_WIDTH, LEAST_HEIGHT = 60, 16
WIDE, TALL = 110, 30
SMALL = 5
"""A diagram of so many lines with its rules leaves room for the picture of a run on a screen that is not tall."""

LEAST_BODY = 5
"""Where the body would be lower, the diagram gives up its room."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of the parts, in cells; a height of 0 leaves a part out. `right` is 0 where panels fold into tabs."""

    width: int
    height: int
    too_small: bool
    heights: Mapping[str, int]
    left: int
    right: int

    @property
    def body(self) -> int:
        """The height of the body."""
        return self.heights["body"]


def plan_for(session: Session, width: int, height: int) -> Plan:
    """Divide a screen of `width` × `height` cells for the station at hand."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        nothing = dict.fromkeys(("figure", "tabs", "body", "prompt", "entry", "verdict", "footer"), 0)
        return Plan(width, height, True, {"header": 1, **nothing}, max(1, width), 0)
    activity = None if session.is_over else session.activity
    walking, training = isinstance(activity, Walk), isinstance(activity, Train)
    asking = isinstance(activity, Walk | PlaceWeight | Derive | Hunt)
    answering = asking or isinstance(activity, Choose | Nudge | Train | Tune)
    wide = width >= WIDE and height >= TALL and (walking or training or isinstance(activity, Nudge))
    figure = 0
    if walking or training or isinstance(activity, PlaceWeight | Derive | Tune):
        network = session.tour.network(session.place.activity)
        rows = session.tour.rows(session.place.activity)
        figure = 2 + wanted_height(network, max(5, min(17, (height - 12) * 2 // 5)), width - 2, rows)
        if isinstance(activity, Tune) and network.is_scalar and rows == 1:
            figure = 3  # no slopes are shown yet
        elif height < TALL and (isinstance(activity, Tune) or (training and (not network.is_scalar or figure > SMALL))):
            figure = 0  # the room is for the picture
    heights = {
        "header": 1,
        "figure": figure if figure else 1,
        "tabs": 1 if walking or (training and not wide) else 0,
        "prompt": 2 if isinstance(activity, Choose) else 3 if answering else 0,
        "entry": 1 if answering else 0,
        "verdict": 3 if asking else 2 if answering else 0,
        "footer": 1,
    }
    if height - sum(heights.values()) < LEAST_BODY:
        heights["figure"] = 1
    heights["body"] = max(1, height - sum(heights.values()))
    right = (width * 2 // 5) if wide else 0
    return Plan(width, height, False, heights, width - right, right)
