"""The lines of hidden units in the plane of two inputs: where each is undecided, and on which side it says more.

Below them lies what the whole network says, as in the picture of a region, so that it is seen how the lines make it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.axes import EdgeToEdgeAxis, span_of
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.ink import Drawing, Role, Span, line, padded
from nn_tutor.terminal.drawing.legend import Item, in_words, item_of
from nn_tutor.terminal.drawing.region import RegionPicture, paint_regions, paint_samples

DASHES = ((1, 0), (5, 2), (2, 2), (8, 3))
"""How the lines of the units are told apart without colours."""

ROOMY = 12
"""The height in lines from which the lines of units are two dots thick."""

AWAY = 5.0
"""How many dots beside its line the number of a unit stands."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The line of a unit, where weight_x·x + weight_y·y + bias is 0, and the number it goes by."""

    weight_x: float
    weight_y: float
    bias: float
    number: int


@dataclass(frozen=True, eq=False, slots=True)
class UnitsPicture:
    """What a picture of hidden units shows: what the network says everywhere, its samples, the lines of its units."""

    region: RegionPicture
    lines: tuple[UnitLine, ...]
    title: str = ""


def draw_units(picture: UnitsPicture, width: int, height: int) -> Drawing:
    """Draw the lines over the region on exactly `height` lines of exactly `width` cells, the title above them."""
    region, above = picture.region, 1 if picture.title else 0
    room = PlotLayout(width, height - above)
    title = (padded(line(Span(f"  {picture.title}", "strong")), max(width, 0)),) if picture.title else ()
    if not room.is_enough or not region.outputs.size:
        return in_words(tuple(_words(picture)), width, height)
    axis = EdgeToEdgeAxis(*span_of(region.ys), room.rows)
    plot = Plot(room, span_of(region.xs), axis, x_name=region.x_name, y_name=region.y_name, name_role="input")
    paint_regions(plot, region, has_border=False)
    numbers = [(unit, _paint_line(plot, region, unit)) for unit in picture.lines]
    paint_samples(plot, region)
    taken: set[tuple[int, int]] = set()
    for unit, place in numbers:
        if place is not None:
            column, row = _free(place, taken)
            taken.add((column, row))
            plot.raster.mark(column, row, str(unit.number), "weight", lit=True)
    return (*title, *plot.drawing(list(_legend(picture, [unit for unit, place in numbers if place is None]))))


def _paint_line(plot: Plot, region: RegionPicture, unit: UnitLine) -> tuple[int, int] | None:
    """Paint the line of a unit, and return the cell of its number, on the side where it says more; None: no line."""
    ends = _ends(unit, span_of(region.xs), span_of(region.ys))
    if ends is None:
        return None
    (x0, y0), (x1, y1) = ((plot.x(x), plot.y(y)) for x, y in ends)
    dashes = DASHES[(unit.number - 1) % len(DASHES)]
    beside, below = (0, 1) if abs(x1 - x0) >= abs(y1 - y0) else (1, 0)
    plot.raster.segment(x0, y0, x1, y1, "weight", dashes)
    if plot.raster.rows >= ROOMY:
        plot.raster.segment(x0 + beside, y0 + below, x1 + beside, y1 + below, "weight", dashes)
    part = (unit.number % 4 + 1) / 6  # each number at another place, so that those of one line are all seen
    across, down = unit.weight_x / max(1e-300, abs(plot.x(1) - plot.x(0))), -unit.weight_y / abs(plot.y(1) - plot.y(0))
    length = math.hypot(across, down) or 1.0
    column = (x0 + part * (x1 - x0) + AWAY * across / length) / 2
    row = (y0 + part * (y1 - y0) + AWAY * down / length) / 4
    last_column, last_row = plot.raster.columns - 1, plot.raster.rows - 1
    return min(max(int(column), 0), last_column), min(max(int(row), 0), last_row)


def _ends(
    unit: UnitLine, across: tuple[float, float], upright: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return where the line of a unit enters and leaves a rectangle, from the left; None where it does not."""
    found: list[tuple[float, float]] = []
    for x in across:
        if unit.weight_y:
            y = -(unit.weight_x * x + unit.bias) / unit.weight_y
            found += [(x, y)] if upright[0] <= y <= upright[1] else []
    for y in upright:
        if unit.weight_x:
            x = -(unit.weight_y * y + unit.bias) / unit.weight_x
            found += [(x, y)] if across[0] <= x <= across[1] else []
    if len(found) < 2 or min(found) == max(found):
        return None
    return min(found), max(found)


def _free(place: tuple[int, int], taken: set[tuple[int, int]]) -> tuple[int, int]:
    """Return a cell, or the next one to its right that no other number has."""
    column, row = place
    while (column, row) in taken:
        column += 2
    return column, row


def _legend(picture: UnitsPicture, outside: list[UnitLine]) -> Iterator[Item]:
    seen = [unit.number for unit in picture.lines if unit not in outside]
    if seen:
        numbers = " ".join(map(str, seen))
        said = line(Span(numbers, "weight", lit=True), Span(" units, each on the side where it says more", "muted"))
        yield said, line(Span(numbers, "weight", lit=True), Span(" units", "muted"))
    role: Role = "muted"
    for unit in outside:
        yield item_of("", f"the line of {unit.number} is not in sight", (), role)


def _words(picture: UnitsPicture) -> Iterator[tuple[str, Role]]:
    yield f"{len(picture.lines)} units", "weight"
    yield f"{len(picture.region.points)} samples", "text"
