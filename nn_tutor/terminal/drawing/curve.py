"""The tangent on the loss curve: what the loss does over one weight, and which way its slope leads.

Curve and tangent are braille dots united per cell, so that neither erases the other: the curve is two dots thick, with
the ground below it coloured by its height, and the tangent one dot from edge to edge. Ticks of the loss stand in the
middle of their rows, not near it. Marks: ● now, ◇ the next weight, ✗ the learner's own, 1 to 9 the weights of the
passes before and ∘ later ones, all joined by their jumps; what lies outside is an arrow at the edge.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing import scale
from nn_tutor.terminal.drawing.axes import LinearAxis, even, usable
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.ink import HEATS, Drawing, Line, Role
from nn_tutor.terminal.drawing.legend import in_words, item_of
from nn_tutor.terminal.drawing.marks import BEFORE, NEXT, NOW, TRIED, YOURS

LEVEL, CLOSE = 1e-3, 1e-7
"""Which part of its height a curve changes at most to be drawn level; the latter in a close-up."""

_SMALLEST = 1e-280  # below it a spread of weights counts as none
_FRESH = 6  # so many of the latest weights before are marked; those of the first nine passes always are
_TRAIL = 200


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """What a picture of the loss over one weight shows.

    `weights` (ascending) and `losses` are the samples of the curve, one loss to a weight; they also set the range that
    is shown. Some 200 samples are plenty. A loss that is not finite is a gap. Points are (weight, loss).
    Samples of unequal length are a ValueError.
    """

    weights: tuple[float, ...]
    losses: tuple[float, ...]
    weight: float
    loss: float
    slope: float | None = None
    """∂L/∂w at the weight; None while it is asked: no tangent."""
    past: tuple[tuple[float, float], ...] = ()
    """The points before this one, oldest first."""
    predicted: tuple[float, float] | None = None
    """The next point; None while it is asked."""
    yours: tuple[float, float] | None = None
    """Where the learner's own next weight lands."""
    weight_name: str = "w"
    weight_role: Role = "weight"
    loss_name: str = "L"
    loss_role: Role = "loss"
    when: str = "now"
    """Of which moment the point is."""
    next_name: str = "next"
    """What the mark of the next point is called."""
    first: int = 1
    """The number of the pass that the oldest point before this one belongs to."""
    is_close_up: bool = False
    """Whether small differences are the point: a curve that changes by a thousandth is level else."""
    is_hidden: bool = False
    """Whether the curve is still to be found: then what was tried is all that is drawn of it."""

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.losses):
            raise ValueError(f"{len(self.weights)} weights, but {len(self.losses)} losses")


def window(points: Sequence[float]) -> tuple[float, float]:
    """Return the range of weights to show for these weights: now, past, predicted, yours, the minimum if it is known.

    The range covers all of them with about 15 to 30 % of their spread free on either side and ends at nice numbers, so
    that it stays as it is while a step stays within. It is at least as wide as the largest weight is large.
    Points that are not finite do not count; without points it is −1 to 1.
    """
    known = [point for point in points if usable(point)]
    if not known:
        return -1.0, 1.0
    low, high = min(known), max(known)
    spread = max(high - low, 0.75 * max(abs(low), abs(high)))
    if spread < _SMALLEST:
        spread = 1.0
    low, high = (low + high - spread) / 2, (low + high + spread) / 2
    grid = scale.nice_below(0.15 * spread)
    return math.floor((low - 0.15 * spread) / grid) * grid, math.ceil((high + 0.15 * spread) / grid) * grid


def draw_curve(picture: CurvePicture, width: int, height: int) -> Drawing:
    """Draw the picture on exactly `height` lines of at most `width` cells.

    As room shrinks, first the legend goes (below 9 lines), then the ticks (below 7 lines or 28 cells); below 20 by 5
    one line of words is left. Any numbers can be drawn.
    """
    room = PlotLayout(width, height)
    if not room.is_enough:
        return in_words(tuple(_words(picture)), width, height)
    losses, weights = even(*_loss_range(picture), room.rows), _weight_range(picture)
    role = picture.weight_role
    plot = Plot(
        room,
        weights,
        losses,
        x_name=picture.weight_name,
        y_name=picture.loss_name,
        name_role=role,
        y_role=picture.loss_role,
    )
    plot.centre(picture.loss)
    now = _now(picture)
    if picture.is_hidden:
        for point in picture.past:
            plot.spot(point, "curve")
        plot.guide(now)
        plot.mark(now, NOW, "accent")
        return plot.drawing(tuple(_legend_items(picture)), [(picture.weight, "▲", role)])
    _fill(plot, picture)
    past = picture.past[-_TRAIL:]
    plot.stroke((*past, now) if past else (), "path")
    for landing, _, ink in _landings(picture):
        if (found := plot.place(landing)) is not None and not found[2]:
            plot.stroke((now, landing), ink)
    plot.graph(zip(picture.weights, picture.losses, strict=True), "curve", thick=True)
    _tangent(plot, picture, losses)
    _number(plot, picture)
    for point, glyph, ink in (*_landings(picture), (now, NOW, "accent")):
        plot.guide(point)
        plot.mark(point, glyph, ink)

    is_on_axis = weights[0] <= picture.weight <= weights[1]
    landing_place = picture.predicted or picture.yours
    step: tuple[float, float, Role] | None = None
    if is_on_axis and landing_place is not None:
        step = (picture.weight, landing_place[0], "prediction" if picture.predicted else "yours")
    return plot.drawing(tuple(_legend_items(picture)), [(picture.weight, "▲", role)] if is_on_axis else (), step)


def _fill(plot: Plot, picture: CurvePicture) -> None:
    """Colour the ground below the curve by height, as a map does: the valley is seen before any line is read."""
    columns, rows = plot.raster.columns, plot.raster.rows
    pairs = zip(picture.weights, picture.losses, strict=True)
    known = [(plot.x(w) / 2, plot.row(loss)) for w, loss in pairs if usable(w) and not math.isnan(loss)]
    lowest: dict[int, int] = {}
    for (start, before), (end, after) in pairwise(known):
        for column in range(max(0, math.floor(start)), min(columns, math.floor(end) + 1)):
            lowest[column] = max(before, after, lowest.get(column, -1))
    tops = [lowest.get(column, rows) for column in range(columns)]
    shades = [HEATS[(rows - 1 - row) * (len(HEATS) - 1) // max(1, rows - 1)] for row in range(rows)]
    grounds = [shades[row] if row > top else None for row in range(rows) for top in tops]
    plot.raster.set_backgrounds(grounds)


def _tangent(plot: Plot, picture: CurvePicture, losses: LinearAxis) -> None:
    """Draw the tangent through the point, from edge to edge of the plot."""
    slope = picture.slope
    if slope is None or not (usable(slope) and usable(picture.weight) and usable(picture.loss)):
        return
    x, y = plot.x(picture.weight), plot.y(picture.loss)
    run = (plot.high - plot.low) / (2 * plot.raster.columns - 1)  # a weight's worth of one dot
    rise = slope * run / losses.axis.step * losses.axis.rows_per_step * 4
    length = 2.0 * (2 * plot.raster.columns + 4 * plot.raster.rows)
    dx, dy = (0.0, math.copysign(length, rise)) if abs(rise) > 1e6 else _along(rise, length)
    if max(abs(x), abs(y)) < 1e6:
        plot.raster.segment(x - dx, y + dy, x + dx, y - dy, "tangent")


def _earlier(picture: CurvePicture) -> Iterator[tuple[tuple[float, float], str]]:
    """Yield the weights before that are marked, latest first: those of passes 1 to 9 by their number."""
    count = len(picture.past)
    for back, (number, point) in enumerate(reversed(list(enumerate(picture.past, start=picture.first)))):
        if number < 10:
            yield point, str(number)
        elif back < min(_FRESH, count):
            yield point, BEFORE


def _number(plot: Plot, picture: CurvePicture) -> None:
    """Mark the weights before, those that have nothing beside them by their numbers: two digits would be one number."""
    taken = [plot.place(point) for point in (*(point for point, *_ in _landings(picture)), _now(picture))]
    cells = {(found[0], found[1]) for found in taken if found is not None}
    for point, glyph in _earlier(picture):
        found = plot.place(point)
        if found is None:
            continue
        column, row, _ = found
        is_crowded = any((beside, row) in cells for beside in (column - 1, column, column + 1))
        plot.mark(point, BEFORE if is_crowded else glyph, "path")
        cells.add((column, row))


def _now(picture: CurvePicture) -> tuple[float, float]:
    return picture.weight, picture.loss


def _weight_range(picture: CurvePicture) -> tuple[float, float]:
    known = [w for w in picture.weights if usable(w)] or [picture.weight if usable(picture.weight) else 0.0]
    low, high = min(known), max(known)
    if high - low <= max(1e-14 * max(abs(low), abs(high)), _SMALLEST):
        low, high = window((low,))
    return low, high


def _loss_range(picture: CurvePicture) -> tuple[float, float]:
    """Return the losses to show: the curve and the points, from 0 where that is near, without far walls.

    A wall that rises to more than eight times what most of the curve and the points need is cut off.
    """
    low_weight, high_weight = _weight_range(picture)
    points = [(picture.weight, picture.loss), *picture.past, *([picture.predicted] if picture.predicted else [])]
    marked = [loss for w, loss in points if usable(loss) and low_weight <= w <= high_weight]
    curve = sorted(loss for loss in picture.losses if usable(loss))
    if not marked and not curve:
        return 0.0, 1.0
    low, high = min(curve[:1] + marked), max(curve[-1:] + marked)
    if curve:
        tenth = len(curve) // 10
        core_low, core_high = min([curve[tenth], *marked]), max([curve[-1 - tenth], *marked])
        if (room := 8 * (core_high - core_low)) > 0:
            low, high = max(low, core_low - room), min(high, core_high + room)
    if high - low <= (CLOSE if picture.is_close_up else LEVEL) * max(abs(high), abs(low), 1e-250):
        return (0.0, 1.5 * high) if high > 1e-250 else (1.5 * low, 0.0) if low < -1e-250 else (0.0, 1.0)
    if 0 < low < high / 2:
        return 0.0, high
    return (low, 0.0) if low / 2 < high < 0 else (low, high)


def _landings(picture: CurvePicture) -> Iterator[tuple[tuple[float, float], str, Role]]:
    if picture.yours is not None:
        yield picture.yours, YOURS, "yours"
    if picture.predicted is not None:
        yield picture.predicted, NEXT, "prediction"


def _legend_items(picture: CurvePicture) -> Iterator[tuple[Line, Line]]:
    """Yield the items of the legend, the most needed first."""
    mark, role = ("▲", picture.weight_role) if math.isnan(picture.loss) else (NOW, "accent")
    if not math.isnan(picture.weight):
        yield item_of(mark, f"{picture.weight_name} {picture.when}", (picture.weight,), role)
    if picture.slope is not None:
        rising = "╱" if picture.slope > 0 else "╲" if picture.slope < 0 else "─"
        yield item_of(rising, "slope", (picture.slope,), "tangent")
    if picture.predicted is not None:
        yield item_of(NEXT, picture.next_name, (picture.predicted[0],), "prediction")
    if picture.yours is not None:
        yield item_of(YOURS, "yours", (picture.yours[0],), "yours")
    if picture.is_hidden:
        yield item_of(TRIED, "tried", (), "curve")
    elif picture.past:
        last = picture.first + len(picture.past) - 1
        seen = [str(picture.first)] if picture.first < 10 else []
        seen += [str(min(last, 9))] if picture.first < min(last, 9) else []
        marks = "–".join(seen) + (f" {BEFORE}" if seen else BEFORE) * (last > 9)
        yield item_of(marks, "before", (), "path")


def _words(picture: CurvePicture) -> Iterator[tuple[str, Role]]:
    """What is said in a place that is too small for a picture."""
    if not math.isnan(picture.weight):
        yield f"{picture.weight_name} {numeral(picture.weight)}", "weight"
    if picture.slope is not None:
        yield f"slope {numeral(picture.slope)}", "tangent"
    yield f"{picture.loss_name} {numeral(picture.loss)}", "loss"


def _along(rise: float, length: float) -> tuple[float, float]:
    """Return the run and the rise of a straight line of this length."""
    dx = length / math.hypot(1.0, rise)
    return dx, dx * rise
