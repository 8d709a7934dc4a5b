"""A map of the loss over two weights: its heights as colours and as lines, and the way downhill across it.

Lines of equal loss are braille over a ground whose colour says the same, so that the map can be read with colours and
without. Lines stand at round losses that share the map out evenly, so that a valley can be seen beside steep walls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nn_tutor.calculus.numerals import numeral, rounded
from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing import scale
from nn_tutor.terminal.drawing.axes import EdgeToEdgeAxis, span_of, usable
from nn_tutor.terminal.drawing.field import Dots, Integers, edges, packed, sampled
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.ink import HEATS, Drawing, Line, Role, Span, line
from nn_tutor.terminal.drawing.legend import Item, in_words, item_of
from nn_tutor.terminal.drawing.marks import BEFORE, NEXT, NOW, RIVAL, YOURS

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

Point = tuple[float, float]


@dataclass(frozen=True, eq=False, slots=True)
class ContourPicture:
    """What a map of the loss over two numbers shows.

    `xs` and `ys` (ascending) are the grid and the range that is shown; `losses[y][x]` are the losses on it, some 60 by
    40 of them are plenty. A loss that is not finite is drawn as such. Points are (x, y).
    Losses of another shape than the grid are a ValueError.
    """

    xs: Array
    ys: Array
    losses: Array
    now: Point | None = None
    """Where we stand; None while it is asked."""
    loss: float | None = None
    """The loss where we stand."""
    past: tuple[Point, ...] = ()
    """The points before this one, oldest first."""
    predicted: Point | None = None
    """Where the next step leads; None while it is asked."""
    yours: Point | None = None
    """Where the learner's own step lands."""
    x_name: str = "w₁"
    y_name: str = "w₂"
    rival: tuple[Point, ...] = ()
    """The way of another run from the same start, oldest first, as far as it has come."""
    own_name: str = "now"
    rival_name: str = ""
    """What the two runs are called where there is a rival."""
    rival_loss: float | None = None
    """The loss of the rival where it has come to; None where its run has stopped."""
    of: str = ""
    """Whose loss it is, where that is not that of the pass: "of all 4"."""

    def __post_init__(self) -> None:
        if self.losses.shape != (self.ys.size, self.xs.size):
            raise ValueError(f"losses of shape {self.losses.shape} for {self.ys.size} rows of {self.xs.size}")


def draw_contour(picture: ContourPicture, width: int, height: int) -> Drawing:
    """Draw the map on exactly `height` lines of exactly `width` cells.

    As room shrinks, first the legend goes (below 9 lines), then the ticks (below 7 lines or 28 cells); below 20 by 5
    one line of words is left. Any numbers can be drawn.
    """
    room = PlotLayout(width, height)
    if not room.is_enough or not picture.losses.size:
        return in_words(tuple(_words(picture)), width, height)
    upright = EdgeToEdgeAxis(*span_of(picture.ys), room.rows)
    across = span_of(picture.xs)
    plot = Plot(room, across, upright, x_name=picture.x_name, y_name=picture.y_name, name_role="weight")
    levels = _levels(picture.losses, most=max(3, min(8, room.rows // 2)))
    heights = _heights(picture.losses, levels)
    _paint_ground(plot, picture, heights)
    lines = _paint_lines(plot, picture, heights, levels)
    _paint_path(plot, picture)
    if room.has_ticks:
        _paint_labels(plot, lines, levels)
    return plot.drawing(_legend(picture, levels, plot))


def _paint_ground(plot: Plot, picture: ContourPicture, heights: Array) -> None:
    columns, rows = plot.raster.columns, plot.raster.rows
    cells = sampled(picture.xs, picture.ys, heights, columns, rows).ravel()
    steps = np.clip(np.nan_to_num(cells, nan=0.0) * len(HEATS), 0, len(HEATS) - 1).astype(int)
    missing = np.isnan(cells)
    plot.raster.set_backgrounds([HEATS[step] for step in steps.tolist()])
    if missing.any():
        plot.raster.set_backgrounds(
            [None if gone else HEATS[step] for gone, step in zip(missing, steps.tolist(), strict=True)]
        )
        for place in np.flatnonzero(missing).tolist():
            plot.raster.mark(place % columns, place // columns, "╱", "faint")


def _paint_lines(plot: Plot, picture: ContourPicture, heights: Array, levels: tuple[float, ...]) -> Integers:
    """Paint the lines of equal loss; return which level crosses which cell, −1 for none and −2 for several."""
    columns, rows = plot.raster.columns, plot.raster.rows
    dots = sampled(picture.xs, picture.ys, heights, 2 * columns, 4 * rows)
    bands = np.floor(np.where(np.isnan(dots), -1.0, dots * (len(levels) + 1))).clip(-1, len(levels)).astype(int)
    crossed = edges(bands)
    plot.raster.merge(packed(crossed), "contour")
    crossing = np.where(crossed, bands - 1, -1).reshape(rows, 4, columns, 2)
    highest = crossing.max(axis=(1, 3))
    lowest = np.where(crossing < 0, len(levels), crossing).min(axis=(1, 3))
    return np.where(highest == np.minimum(lowest, highest), highest, -2)


def _paint_labels(plot: Plot, lines: Integers, levels: tuple[float, ...]) -> None:
    """Write the loss of each line once into it, away from marks, other lines and other labels."""
    rows, columns = lines.shape
    free: Dots = np.ones(lines.shape, dtype=np.bool_)
    for column, row in plot.raster.painted_over("contour"):
        free[row, max(column - 1, 0) : column + 2] = False
    taken: list[tuple[float, float]] = []
    for index, text in enumerate(_texts(levels)):
        length = len(text)
        if columns <= length + 2:
            continue
        fits = free & ((lines == index) | (lines == -1))
        starts = np.all(sliding_window_view(fits, length, axis=1), axis=2, keepdims=True)
        starts &= np.any(sliding_window_view(lines == index, length, axis=1), axis=2, keepdims=True)
        places = np.argwhere(starts[:, 1:-1, 0]) + np.array([0, 1])
        if not places.size:
            continue
        down, along = 2.0 * places[:, 0], places[:, 1] + length / 2
        merit = -0.3 * np.hypot(down - rows, along - columns / 2)
        if taken:
            apart = [np.hypot(down - 2 * row, along - column) for row, column in taken]
            merit = merit + np.minimum(np.min(apart, axis=0), 24.0)
        row, column = places[int(merit.argmax())].tolist()
        for place, glyph in enumerate(text):
            plot.raster.mark(column + place, row, glyph, "text")
        free[max(row - 1, 0) : row + 2, max(column - 2, 0) : column + length + 2] = False
        taken.append((row, column + length / 2))


def _paint_path(plot: Plot, picture: ContourPicture) -> None:
    past = picture.past[-200:]
    if picture.rival:
        plot.stroke(picture.rival[-200:], "prediction", thick=False)
    for target, _, role in _landings(picture):
        if picture.now is not None:
            plot.stroke((picture.now, target), role, thick=True)
    own: Role = "accent" if picture.rival else "path"  # of two ways each has the colour of its mark
    plot.stroke((*past, *([picture.now] if picture.now else [])), own, thick=True)
    for point in past[-6:]:
        plot.mark(point, BEFORE, own)
    for target, glyph, role in _landings(picture):
        plot.mark(target, glyph, role)
    if picture.rival:
        plot.mark(picture.rival[-1], RIVAL, "prediction")
    if picture.now is not None:
        plot.mark(picture.now, NOW, "accent")


def _landings(picture: ContourPicture) -> Iterator[tuple[Point, str, Role]]:
    if picture.yours is not None:
        yield picture.yours, YOURS, "yours"
    if picture.predicted is not None:
        yield picture.predicted, NEXT, "prediction"


def _levels(losses: Array, most: int) -> tuple[float, ...]:
    """Return the losses at which lines are drawn: round numbers between nearly the lowest and nearly the highest."""
    known = np.sort(losses[np.isfinite(losses)])
    if not known.size:
        return ()
    # As np.quantile has it, which would import masked arrays first.
    low, high = np.interp((0.02, 0.98), np.linspace(0, 1, known.size), known).tolist()
    if not high - low > 1e-9 * max(abs(low), abs(high)):
        return ()
    if low > 0 and high / low > 12:
        return _round_powers(low, high, most)
    return tuple(value for value in scale.ticks(low, high, most) if low < value < high)


def _texts(levels: tuple[float, ...]) -> list[str]:
    """The losses of the lines with as many digits as tell them apart."""
    texts: list[str] = []
    for digits in range(2, 8):
        texts = [rounded(level, digits) for level in levels]
        if len(set(texts)) == len(texts):
            break
    return texts


def _round_powers(low: float, high: float, most: int) -> tuple[float, ...]:
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found: list[float] = []
    for digits in ((1, 2, 5), (1, 3), (1,)):
        found = [digit * 10.0**power for power in exponents for digit in digits]
        found = [value for value in found if low < value < high]
        if len(found) <= most:
            return tuple(found)
    return tuple(found[:: math.ceil(len(found) / most)])


def _heights(losses: Array, levels: tuple[float, ...]) -> Array:
    """Return losses as heights from 0 to 1: evenly from line to line."""
    known = losses[np.isfinite(losses)]
    if not known.size:
        return np.full(losses.shape, np.nan)
    ends = [float(known.min()), *levels, float(known.max())]
    if ends[-1] <= ends[0]:
        return np.where(np.isnan(losses), np.nan, 0.0)
    return np.asarray(np.interp(losses, ends, np.linspace(0, 1, len(ends))))


def _legend(picture: ContourPicture, levels: tuple[float, ...], plot: Plot) -> list[Item]:
    items = []
    if picture.now is not None:
        items.append(_runner(picture, NOW, picture.own_name, picture.loss, "accent"))
    if picture.rival:
        items.append(_runner(picture, RIVAL, picture.rival_name, picture.rival_loss, "prediction"))
    if picture.predicted is not None:
        items.append(item_of(NEXT, "next", (), "prediction"))
    if picture.yours is not None:
        items.append(item_of(YOURS, "yours", (), "yours"))
    if levels:
        strip = _strip(levels)
        items.append((line(Span("lines at L ", "muted"), *strip), strip))
    return items


def _runner(picture: ContourPicture, glyph: str, name: str, loss: float | None, role: Role) -> Item:
    """Return a run in the legend: its mark, what it is called, and its loss where it has one."""
    values = () if loss is None else (loss,)
    long, short = item_of(glyph, name if loss is None else f"{name}  {_name(picture)}", values, role)
    if picture.rival:
        return (
            long,
            item_of(glyph, name if loss is None else f"{name}  L", values, role)[0],
            item_of(glyph, name, (), role)[0],
        )
    return long, item_of(glyph, _name(picture), values, role)[0] if picture.of else short


def _name(picture: ContourPicture) -> str:
    return f"L {picture.of}".rstrip()


def _strip(levels: tuple[float, ...]) -> Line:
    steps = len(HEATS) - 1
    return line(
        *(
            Span(f" {text} ", "text", ground=HEATS[round((place + 1) / (len(levels) + 1) * steps)])
            for place, text in enumerate(_texts(levels))
        )
    )


def _words(picture: ContourPicture) -> Iterator[tuple[str, Role]]:
    if picture.now is not None and all(map(usable, picture.now)):
        yield f"{picture.x_name} {numeral(picture.now[0])}", "weight"
        yield f"{picture.y_name} {numeral(picture.now[1])}", "weight"
    if picture.loss is not None:
        yield f"{_name(picture)} {numeral(picture.loss)}", "loss"
