"""An activation function over z: how it squashes a number, and how steep it is there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import Activation, activation_named
from nn_tutor.terminal.drawing.axes import even, usable
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.legend import Item, in_words, item_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import ActivationName
    from nn_tutor.terminal.drawing.ink import Drawing, Role

POINT, SLOPE = "●", "◆"

DIPS: dict[ActivationName, tuple[float, float]] = {
    "silu": (-6.0, 1.0),
    "gelu": (-4.0, 1.0),
    "gelu_tanh": (-4.0, 1.0),
}
"""The windows of functions that dip below 0 a little: beside large values that would not be seen."""

LONGEST_RULE = 24
"""A longer rule has no room in the legend: the name of the function stands there."""


@dataclass(frozen=True, slots=True)
class ActivationPicture:
    """What a picture of an activation function shows, from `low` to `high`.

    `z` is a point on it; `shows_value` and `shows_slope` are False while its value or its slope is asked: then the
    point stands on the axis alone, or has no tangent, and the second curve is left out.
    """

    activation: ActivationName
    z: float | None = None
    low: float = -6.0
    high: float = 6.0
    shows_value: bool = True
    shows_slope: bool = True
    z_name: str = "z"
    a_name: str = "a"
    slope: float | None = None
    """That of a leaky ReLU below 0, None for the usual one."""
    marks_slope: bool = True
    """False while the slope at the point is not known: then it has no mark on the second curve, and no tangent."""
    tells_rule: bool = True
    """False while the rule is asked: then the legend names the curve alone."""

    @property
    def record(self) -> Activation:
        """The record of the function."""
        return activation_named(self.activation, self.slope)


def draw_activation(picture: ActivationPicture, width: int, height: int) -> Drawing:
    """Draw the function, its slope as a second, dotted curve, and the point with its tangent.

    On exactly `height` lines of exactly `width` cells, below 20 by 5 in words.
    """
    room = PlotLayout(width, height, needs_legend=True)
    function, slope = _of_numbers(picture.record)
    if not room.is_enough:
        return in_words(tuple(_words(picture)), width, height)
    low, high = _range(picture)
    places = [low + (high - low) * step / 200 for step in range(201)]
    values = [function(z) for z in places]
    slopes = [slope(z) for z in places] if picture.shows_slope else []
    least, most = min(0.0, *values, *slopes), max(*values, *slopes)
    axis = even(round(least, 2), round(most, 2), room.rows)  # −0.99999 ends at −1, which then has its number
    plot = Plot(room, (low, high), axis, x_name=picture.z_name, y_name=picture.a_name, name_role="output")
    z = picture.z
    if z is not None and usable(z) and picture.shows_value:
        plot.centre(function(z))
    if picture.shows_slope:
        for x in range(0, 2 * plot.raster.columns, 3):
            place = low + (high - low) * x / (2 * plot.raster.columns - 1)
            plot.raster.dot(x, round(plot.y(slope(place))), "gradient")
    plot.graph(zip(places, values, strict=True), "curve")
    if z is not None and usable(z):
        _paint_point(plot, picture, z)
    feet: list[tuple[float, str, Role]] = [] if z is None else [(z, "▲", "input")]
    return plot.drawing(_legend(picture, plot), feet)


def _paint_point(plot: Plot, picture: ActivationPicture, z: float) -> None:
    """Paint the point with its tangent, and how high its slope stands on the other curve."""
    function, slope = _of_numbers(picture.record)
    value, steepness = function(z), slope(z)
    marks_slope = picture.shows_slope and picture.marks_slope
    if marks_slope:
        if picture.shows_value:
            reach = 0.12 * (plot.high - plot.low)
            plot.stroke([(z + side * reach, value + side * reach * steepness) for side in (-1, 1)], "tangent")
        plot.mark((z, steepness), SLOPE, "gradient")
    if picture.shows_value:
        plot.mark((z, value), POINT, "accent")
    plot.guide((z, max(value if picture.shows_value else -math.inf, steepness if marks_slope else -math.inf)))


def _range(picture: ActivationPicture) -> tuple[float, float]:
    low, high = picture.low, picture.high
    if not (usable(low) and usable(high) and low < high):
        low, high = -6.0, 6.0
    if (low, high) == (-6.0, 6.0) and picture.activation in DIPS:
        low, high = DIPS[picture.activation]
    if picture.z is not None and abs(picture.z) < 50:
        low, high = min(low, picture.z - 1), max(high, picture.z + 1)
    return low, high


def _legend(picture: ActivationPicture, plot: Plot) -> list[Item]:
    rule = picture.record.written.format(z="z")
    if len(rule) > LONGEST_RULE:
        rule = f"{picture.record.sign}(z)"
    items: list[Item] = [
        item_of("⠒⠒", f"{picture.a_name} = {rule}" if picture.tells_rule else picture.a_name, (), "curve")
    ]
    if picture.shows_slope:
        items.append(item_of("⠐⠐", "its slope", (), "gradient"))
    function, slope = _of_numbers(picture.record)
    z = picture.z
    if z is not None and usable(z) and picture.shows_value:
        items.append(item_of(POINT, picture.a_name, (function(z),), "accent"))
    if z is not None and usable(z) and picture.shows_slope and picture.marks_slope:
        items.append(item_of(SLOPE, "slope", (slope(z),), "gradient"))
    return items


def _words(picture: ActivationPicture) -> Iterator[tuple[str, Role]]:
    yield picture.record.written.format(z="z"), "output"
    if picture.z is not None and usable(picture.z) and picture.shows_value:
        yield f"{picture.a_name} {numeral(_of_numbers(picture.record)[0](picture.z))}", "output"


def _of_numbers(entry: Activation) -> tuple[_Function, _Function]:
    """The function and its slope as functions of one number."""

    def value(z: float) -> float:
        with np.errstate(all="ignore"):
            return float(entry.function(np.array(z)))

    def slope(z: float) -> float:
        with np.errstate(all="ignore"):
            return float(entry.derivative(np.array(z), np.array(value(z))))

    return value, slope


_Function = Callable[[float], float]
