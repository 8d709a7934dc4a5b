"""The tangent on the loss curve: what the loss does over one weight, and which way its slope leads.

Curve and tangent are braille dots united per cell, so that neither erases the other. Ticks of the loss stand in the
middle of their rows, not near it. Marks: ● now, ◇ the next weight, ✗ the learner's own, ∘ the weights before;
what lies outside is an arrow at the edge.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing import scale
from nn_tutor.terminal.drawing.axes import usable
from nn_tutor.terminal.drawing.frame import cell, outside, runs, under_ticks
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line
from nn_tutor.terminal.drawing.legend import in_words
from nn_tutor.terminal.drawing.raster import Raster

NOW, NEXT, YOURS, BEFORE = "●", "◇", "✗", "∘"

_SMALLEST = 1e-280  # below it a spread of weights counts as none
_FRESH = 6  # so many of the latest weights before are ∘, older ones leave a trail
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
    marks_all: bool = False
    """Whether every point before this one is marked, and not the latest alone: where the way is the point."""

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
    if width < 20 or height < 5:
        return in_words(tuple(_words(picture)), width, height)
    has_legend, has_ticks = height >= 9, height >= 7 and width >= 28
    rows = height - 1 - has_ticks - has_legend
    axis = scale.row_axis(*_loss_range(picture), rows, wanted=3 if rows < 20 else 4)
    gutter = _gutter(axis, rows, width) if has_ticks else _bare_gutter(rows)
    left = len(gutter[0].text)
    right = len(picture.weight_name) + 1 if has_ticks and len(picture.weight_name) <= width // 8 else 0
    plot = _Plot(picture, axis, Raster(width - left - right, rows))
    plot.paint()

    drawing = [line(gutter[row], *spans) for row, spans in enumerate(plot.raster.drawing())]
    x_ticks = plot.ticks() if has_ticks else ()
    drawing.append(_x_axis(plot, x_ticks, left, picture.weight_name if right else ""))
    if has_ticks:
        drawing.append(under_ticks(x_ticks, left, width))
    if has_legend:
        drawing.append(_legend(picture, left, width))
    return tuple(drawing)


class _Plot:
    """The plot proper: where values stand on the raster, and what is painted there."""

    def __init__(self, picture: CurvePicture, axis: scale.RowAxis, raster: Raster) -> None:
        self.picture = picture
        self.axis = axis
        self.raster = raster
        self.low, self.high = _weight_range(picture)
        self.nudge = _nudge(4 * axis.row(picture.loss), 4 * raster.rows)

    def x(self, weight: float) -> float:
        """Return where a weight stands, in dots from the left."""
        return (weight - self.low) / (self.high - self.low) * (2 * self.raster.columns - 1)

    def y(self, loss: float) -> float:
        """Return where a loss stands, in dots from the top."""
        return 4 * self.axis.row(loss) + self.nudge

    def column(self, weight: float) -> int:
        """Return the column of a weight; −1 and `columns` stand for anything outside."""
        return cell(self.x(weight) + 0.5, 2, self.raster.columns)

    def row(self, loss: float) -> int:
        """Return the row of a loss; −1 and `rows` stand for anything outside."""
        if math.isinf(loss):
            return -1 if loss > 0 else self.raster.rows
        return cell(self.y(loss) + 0.5, 4, self.raster.rows)

    def ticks(self) -> tuple[tuple[int, str], ...]:
        """Return the column and the text of each tick of the weights, as many as stand apart with ease."""
        for most in range(9, 1, -1):
            values = scale.ticks(self.low, self.high, most)
            step = scale.tick_step(values)
            labels = tuple((self.column(value), scale.label(value, step)) for value in values)
            if len(labels) > 1 and max(len(text) for _, text in labels) + 4 <= labels[1][0] - labels[0][0]:
                break
        return labels

    def paint(self) -> None:
        """Paint everything, what matters most last."""
        picture = self.picture
        samples = zip(picture.weights, picture.losses, strict=True)
        self.raster.graph(
            [(self.x(w), self.y(loss)) if usable(w) and usable(loss) else (0.0, math.nan) for w, loss in samples],
            "curve",
        )
        self._tangent()
        for index, point in enumerate(reversed(picture.past[-_TRAIL:])):
            self._before(point, fresh=picture.marks_all or index < _FRESH)
        for landing, glyph, role in _landings(picture):
            self._guide(landing)
            self._point(landing, glyph, role)
        now = (picture.weight, picture.loss)
        self._guide(now)
        self._point(now, NOW, "accent")

    def _tangent(self) -> None:
        """Draw the tangent, two fifths of the plot's width long, with the point in its middle."""
        w, loss, slope = self.picture.weight, self.picture.loss, self.picture.slope
        if slope is None or not (usable(slope) and usable(w) and usable(loss)):
            return
        x, y = self.x(w), self.y(loss)
        run = (self.high - self.low) / (2 * self.raster.columns - 1)  # a weight's worth of one dot
        rise = slope * run / self.axis.step * self.axis.rows_per_step * 4
        half = 0.2 * 2 * self.raster.columns
        dx, dy = (0.0, math.copysign(half, rise)) if abs(rise) > 1e6 else _along(rise, half)
        if max(abs(x), abs(y)) < 1e6:
            self.raster.segment(x - dx, y + dy, x + dx, y - dy, "tangent")

    def _before(self, point: tuple[float, float], *, fresh: bool) -> None:
        place = self._place(point)
        if place is None:
            return
        column, row, arrow = place
        if fresh or arrow:
            self.raster.mark(column, row, arrow or BEFORE, "path")
        elif self.raster.is_blank(column, row):
            self.raster.mark(column, row, "·", "path")
        else:
            self.raster.tint(column, row, "path")

    def _point(self, point: tuple[float, float], glyph: str, role: Role) -> None:
        place = self._place(point)
        if place is not None:
            column, row, arrow = place
            self.raster.mark(column, row, arrow or glyph, role)

    def _guide(self, point: tuple[float, float]) -> None:
        """Lead the eye from a point down to its weight on the axis, where nothing is in the way."""
        column = self.column(point[0]) if usable(point[0]) else -1
        if 0 <= column < self.raster.columns and not math.isnan(point[1]):
            for row in range(max(self.row(point[1]) + 1, 0), self.raster.rows):
                if self.raster.is_blank(column, row):
                    self.raster.mark(column, row, "┊", "border")

    def _place(self, point: tuple[float, float]) -> tuple[int, int, str] | None:
        """Return the cell of a point, and for one outside the arrow at the edge; None for what has no place."""
        w, loss = point
        if math.isnan(w) or math.isnan(loss):
            return None
        column, row = self.column(w), self.row(loss)
        last_column, last_row = self.raster.columns - 1, self.raster.rows - 1
        arrow = outside(column, last_column, "←→") or outside(row, last_row, "↑↓")
        return min(max(column, 0), last_column), min(max(row, 0), last_row), arrow


def _nudge(y: float, height: int) -> int:
    """Return the dot up or down that brings a point to the middle of its cell, so that curve and tangent meet its mark.

    Ticks stay in their rows: they stand on the dot just below the middle.
    """
    return (1, 0, 0, -1)[math.floor(y + 0.5) % 4] if 0 <= y + 0.5 < height else 0


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
    if high - low <= 1e-3 * max(abs(high), abs(low), 1e-250):
        return (0.0, 1.5 * high) if high > 1e-250 else (1.5 * low, 0.0) if low < -1e-250 else (0.0, 1.0)
    if 0 < low < high / 2:
        return 0.0, high
    return (low, 0.0) if low / 2 < high < 0 else (low, high)


def _landings(picture: CurvePicture) -> Iterator[tuple[tuple[float, float], str, Role]]:
    if picture.yours is not None:
        yield picture.yours, YOURS, "yours"
    if picture.predicted is not None:
        yield picture.predicted, NEXT, "prediction"


def _gutter(axis: scale.RowAxis, rows: int, width: int) -> list[Span]:
    """Return the left edge of each row: the labels of the loss and its axis, the title on top where it is free."""
    labels = {row: scale.label(value, axis.step) for value, row in axis.ticks}
    cells = max(len(text) for text in labels.values())
    if cells > width // 4:
        return _bare_gutter(rows)
    labels.setdefault(0, "L")
    ticked = {row for _, row in axis.ticks}
    return [Span(f"{labels.get(row, ''):>{cells}} {'┤' if row in ticked else '│'}", "muted") for row in range(rows)]


def _bare_gutter(rows: int) -> list[Span]:
    return [Span("│", "muted")] * rows


def _x_axis(plot: _Plot, ticks: Sequence[tuple[int, str]], left: int, name: str) -> Line:
    """Return the axis of the weights: ticks, the foot of the weight, the step from it to the next one."""
    columns = plot.raster.columns
    cells: list[tuple[str, Role]] = [("─", "muted")] * columns
    for column, _ in ticks:
        cells[column] = ("┬", "muted")
    picture = plot.picture
    foot = plot.column(picture.weight) if usable(picture.weight) else -1
    if 0 <= foot < columns:
        landing = picture.predicted or picture.yours
        if landing is not None and not math.isnan(landing[0]):
            role: Role = "prediction" if picture.predicted else "yours"
            head = min(max(plot.column(landing[0]), 0), columns - 1)
            for column in range(min(head, foot), max(head, foot) + 1):
                cells[column] = ("━", role)
            cells[head] = ("◀" if head < foot else "▶", role)
        cells[foot] = ("▲", "weight")
    return line(Span("└".rjust(left), "muted"), *runs(cells), Span(f" {name}" if name else "", "weight"))


def _legend(picture: CurvePicture, left: int, width: int) -> Line:
    """Return what the marks mean, in as many words as there is room for."""
    count = len(tuple(_legend_items(picture, words=True)))
    for words, kept in ((True, count), *((False, kept) for kept in range(count, 0, -1))):
        items = sorted(tuple(_legend_items(picture, words=words))[:kept], key=lambda item: item[0])
        for gap in ("   ", "  "):
            parts = [part for _, spans in items for part in (Span(gap), *spans)][1:]
            length = sum(len(part.text) for part in parts)
            if length <= width:
                return line(Span(" " * min(left, width - length)), *parts)
    return ()


def _legend_items(picture: CurvePicture, *, words: bool) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """Yield the items of the legend, the most needed first, each with its place from left to right."""

    def item(glyph: str, word: str, value: float | None, role: Role) -> tuple[Span, ...]:
        text = "" if value is None else f" {numeral(value)}"
        return Span(glyph, role), Span(f" {word}" if words or value is None else "", "muted"), Span(text, role)

    yield 0, item(NOW, f"{picture.weight_name} now", picture.weight, "accent")
    if picture.slope is not None:
        rising = "╱" if picture.slope > 0 else "╲" if picture.slope < 0 else "─"
        yield 4, item(rising, "slope", picture.slope, "tangent")
    if picture.predicted is not None:
        yield 1, item(NEXT, "next", picture.predicted[0], "prediction")
    if picture.yours is not None:
        yield 2, item(YOURS, "yours", picture.yours[0], "yours")
    if picture.past:
        yield 3, item(BEFORE, "before", None, "path")


def _words(picture: CurvePicture) -> Iterator[tuple[str, Role]]:
    """What is said in a place that is too small for a picture."""
    yield f"{picture.weight_name} {scale.number(picture.weight)}", "weight"
    if picture.slope is not None:
        yield f"slope {scale.number(picture.slope)}", "tangent"
    yield f"L {scale.number(picture.loss)}", "loss"


def _along(rise: float, length: float) -> tuple[float, float]:
    """Return the run and the rise of a straight line of this length."""
    dx = length / math.hypot(1.0, rise)
    return dx, dx * rise
