"""The picture of a nudge: what lies above the number that is moved, as a curve over it, and the line of the last nudge.

Its window is as wide as that nudge is far: the smaller the nudge, the straighter the curve, which is what a slope is.
A nudge of next to nothing is told in words: within so little every curve is straight, and numbers are all but alike.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.reading import read
from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import lower_value, upper_value
from nn_tutor.network.records import Pass, value_of
from nn_tutor.terminal.drawing.curve import CurvePicture
from nn_tutor.terminal.drawing.ink import Span, line, wrapped
from nn_tutor.terminal.panels.weight_picture import drawn
from nn_tutor.walkthrough.questions import over_and_under

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Quantity, Ref
    from nn_tutor.network.spec import Network
    from nn_tutor.terminal.drawing.ink import Drawing
    from nn_tutor.tutor.stations.nudging import Nudging

SAMPLES = 81
"""The points of the curve."""

REACH = 1.25
"""How far the window reaches beyond the last nudge, as a part of that."""

FIRST, LEAST = 1.0, 1e-3
"""How far the window reaches before anything is nudged, and at least, for a number of size 1."""

ABOVE_NO_LOSS: frozenset[Quantity] = frozenset(("da_dz", "dz_dw", "dz_da"))
"""The slopes above which stands an output, an activation or a sum."""

OVER_OUTPUTS: frozenset[Quantity] = frozenset(("dL_do", "dL_da"))
"""The slopes below which stands an output or an activation."""

UNSEEN = 0.02
"""A nudge that is a smaller part of the window's reach is not to be seen in it."""


def draw_nudge(station: Nudging, width: int, height: int) -> Drawing:
    """Draw the curve with the last nudge on it; its slope once that may be seen."""
    network, passed, slope = station.lesson_run.network(station.index), station.passed, station.activity.slope
    nudges = station.nudges
    epsilon = read(nudges[-1]).value if nudges else None
    picture = _picture(network, passed, slope, epsilon, tells_slope=station.tells_slope)
    reach = _reach(lower_value(network, passed, slope), epsilon)
    if epsilon is None or abs(epsilon) >= UNSEEN * reach:
        return drawn(picture, width, height)
    said = f"{numeral(epsilon)} is too small to be seen: the picture shows {picture.weight_name} ± {numeral(reach, 2)}."
    words = tuple(line("  ", *part) for part in wrapped((Span(said, "muted"),), width - 4))
    return (*words, *drawn(replace(picture, predicted=None), width, height - len(words)))


@lru_cache(maxsize=16)
def _picture(network: Network, passed: Pass, slope: Ref, epsilon: float | None, *, tells_slope: bool) -> CurvePicture:
    now = lower_value(network, passed, slope)
    reach = _reach(now, epsilon)
    places = [now + part * reach for part in np.linspace(-1, 1, SAMPLES).tolist()]
    over, under = over_and_under(network, passed.X.shape[0], slope)
    nudged = None if epsilon is None else (now + epsilon, _above(network, passed, slope, now + epsilon))
    return CurvePicture(
        weights=tuple(places),
        losses=tuple(_above(network, passed, slope, place) for place in places),
        weight=now,
        loss=_above(network, passed, slope, now),
        slope=value_of(passed, slope) if tells_slope else None,
        predicted=nudged,
        next_name="nudged",
        weight_name=under,
        weight_role="output" if slope.quantity in OVER_OUTPUTS else "input" if slope.quantity == "dX" else "weight",
        loss_name=over,
        loss_role="output" if slope.quantity in ABOVE_NO_LOSS else "loss",
        is_close_up=True,
    )


def _reach(now: float, epsilon: float | None) -> float:
    """How far the window reaches on either side."""
    return max(REACH * abs(FIRST if epsilon is None else epsilon), LEAST * max(1.0, abs(now)))


def _above(network: Network, passed: Pass, slope: Ref, place: float) -> float:
    """What the number above a slope becomes, NaN where there is none."""
    try:
        with np.errstate(all="ignore"):
            return upper_value(network, passed, slope, place)
    except DomainError:
        return math.nan
