"""The loss over the passes of a run, from one pass to a hundred thousand.

Where a column stands for many passes, the range of their losses is drawn faintly behind their mean: that is how the
jitter of online training is seen. Losses that span more than 30 times are drawn in powers of ten; so are the passes of
a long run that has most of its fall at its beginning.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from nn_tutor.calculus.numerals import apart, numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.axes import LARGEST, VerticalAxis, even, powers, span_of, usable
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.ink import Drawing, Role, Span, line
from nn_tutor.terminal.drawing.legend import Item, in_words, item_of
from nn_tutor.terminal.drawing.scatter import HELD_OUT

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

_WIDE = 30.0  # losses that span more are drawn in powers of ten
_DECADES = 15  # and of those so many at most
_LONG = 1000  # passes
_SEEN = 2  # dots: ranges of fewer are hardly more than the line; where only a few are seen nobody asks about them
_EARLY = 0.05  # the part of a run in which most of its fall must lie


@dataclass(frozen=True, eq=False, slots=True)
class TrainingCurve:
    """What a picture of a training run shows.

    `losses` are the losses of the passes from number `first` on (an array or any sequence); one that is not finite is
    where the run broke. `held_out` are those of rows that are only measured, for the same passes. `at` is the number of
    the pass at hand. `goal` is the loss to reach. `until` is the last pass that is planned: the axis reaches to it, so
    that the curve grows into its place. `passes` says how the passes are spread; "auto" is by powers of ten where that
    helps.
    """

    losses: Array | tuple[float, ...]
    first: int = 1
    at: int | None = None
    goal: float | None = None
    until: int | None = None
    passes: Literal["auto", "evenly", "powers"] = "auto"
    held_out: Array | tuple[float, ...] = ()
    rival: Array | tuple[float, ...] = ()
    """The losses of another run, for the same passes."""
    names: tuple[str, str] = ("", "")
    """What the two runs are called, with their marks, where there is another one."""


def draw_training_curve(picture: TrainingCurve, width: int, height: int) -> Drawing:
    """Draw the losses on exactly `height` lines of exactly `width` cells.

    As room shrinks, first the legend goes (below 9 lines), then the ticks (below 7 lines or 28 cells); below 20 by 5
    one line of words is left. Any numbers can be drawn.
    """
    room = PlotLayout(width, height)
    losses = np.asarray(picture.losses, dtype=np.float64)
    if not room.is_enough:
        return in_words(tuple(_words(picture, losses)), width, height)
    held_out = np.asarray(picture.held_out, dtype=np.float64)
    rival = np.asarray(picture.rival, dtype=np.float64)
    both = np.concatenate((losses, held_out, rival))
    known = both[np.abs(both) < LARGEST]
    upright, floor = _upright(known, picture.goal, room.rows)
    last = max(picture.first + losses.size - 1, picture.until or 0, picture.first + 1)
    by_powers = _by_powers(picture, losses, last, in_logarithms=floor is not None)
    plot = Plot(
        room,
        (picture.first, last),
        upright,
        x_name="pass",
        y_name="L",
        name_role="loss",
        by_powers=by_powers,
        whole=True,
    )
    if held_out.size:
        _paint_other(plot, held_out, picture.first, HELD_OUT)
    if rival.size:
        _paint_other(plot, rival, picture.first, "prediction")
    others = {other: plot.raster.inked(other) for other in (HELD_OUT, "prediction")}
    role: Role = "accent" if rival.size else "loss"  # of two runs each has the colour of its mark
    has_range = _paint(plot, losses if floor is None else np.where(losses < floor, floor, losses), picture.first, role)
    for other, cells in others.items():
        plot.raster.share(cells & plot.raster.inked(role), other)
    if picture.goal is not None and usable(picture.goal):
        plot.level_line(picture.goal, "target")
    broken = np.flatnonzero(~(np.abs(losses) < LARGEST))
    if broken.size:
        column = min(max(plot.column(picture.first + int(broken[0])), 0), plot.raster.columns - 1)
        plot.raster.mark(column, 0, "✗", "wrong")
    feet: list[tuple[float, str, Role]] = []
    loss = _loss_at(picture, losses)
    if loss is not None and picture.at is not None:
        plot.guide((picture.at, loss))
        plot.mark((picture.at, loss if floor is None or not loss < floor else floor), "●", "accent")
        feet.append((picture.at, "▲", "accent"))
    legend = _legend(picture, plot, loss, broken=bool(broken.size), has_range=has_range, is_log=floor is not None)
    return plot.drawing(legend, feet)


def _upright(known: Array, goal: float | None, rows: int) -> tuple[VerticalAxis, float | None]:
    """Return the axis of the losses, and for one by powers of ten the least that it shows: lower ones stand there."""
    values = [float(value) for value in (known.min(), known.max())] if known.size else []
    values += [goal] if goal is not None and usable(goal) else []
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    positive = known[known > 0]
    if low >= 0 and positive.size and high > 0:
        least = min([float(positive.min()), *(value for value in values if value > 0)])
        if high / _WIDE > least:
            floor = max(least, high * 10.0**-_DECADES)
            return powers(floor, high, rows), floor
    if low > 0:
        low = 0.0
    return even(*span_of((low, high)), rows), None


def _by_powers(picture: TrainingCurve, losses: Array, last: int, *, in_logarithms: bool) -> bool:
    if picture.passes != "auto" or picture.first < 1:
        return picture.passes == "powers" and picture.first >= 1
    if last < _LONG or losses.size < _LONG / 2:
        return False
    heights = losses[np.abs(losses) < LARGEST]
    if in_logarithms:
        heights = np.log10(heights[heights > 0])
    if heights.size < 2:
        return False
    early = heights[: max(2, math.ceil(_EARLY * losses.size))]
    fall, later = float(early[0] - np.median(early[-5:])), float(np.median(heights[-50:]))
    return fall > 0.6 * (float(early[0]) - later) > 0


def _paint(plot: Plot, losses: Array, first: int, role: Role) -> bool:
    """Draw the losses: as a line while each pass has a column of dots, then as mean and range; says if so."""
    columns = 2 * plot.raster.columns
    numbers = np.arange(first, first + losses.size, dtype=np.float64)
    places = np.floor(plot.across(numbers) + 0.5).astype(int)
    usable_ones = np.abs(losses) < LARGEST
    if losses.size <= columns // 2 and not (np.diff(places) == 0).any():
        if losses.size == 1 and usable_ones[0]:
            plot.raster.dot(int(places[0]), round(plot.y(float(losses[0]))), role)
        plot.graph(zip(numbers.tolist(), losses.tolist(), strict=True), role)
        return False
    starts = np.flatnonzero(np.diff(places, prepend=places[0] - 1))
    with np.errstate(invalid="ignore"):
        lowest = np.minimum.reduceat(np.where(usable_ones, losses, np.inf), starts)
        highest = np.maximum.reduceat(np.where(usable_ones, losses, -np.inf), starts)
        counts = np.maximum(np.add.reduceat(usable_ones, starts, dtype=np.float64), 1)
        means = np.add.reduceat(np.where(usable_ones, losses, 0.0), starts) / counts
    ranges = 0
    for x, low, high in zip(places[starts].tolist(), lowest.tolist(), highest.tolist(), strict=True):
        if low <= high:
            top, bottom = plot.y(high), plot.y(low)
            ranges += bottom - top > _SEEN
            if bottom - top > 1:
                plot.raster.segment(x, top, x, bottom, "path")
    means = np.where(counts > 1, _smoothed(means, lowest <= highest, max(1, columns // 30)), means)
    centres = [float(x) for x in places[starts]]
    points = [
        (x, plot.y(mean)) if low <= high else (0.0, math.nan)
        for x, mean, low, high in zip(centres, means.tolist(), lowest.tolist(), highest.tolist(), strict=True)
    ]
    plot.raster.graph(points, role)
    return ranges > len(starts) // 10


def _paint_other(plot: Plot, losses: Array, first: int, role: Role) -> None:
    """Draw losses below the others, two for each column: of rows that are only measured, or of another run."""
    numbers = np.arange(first, first + losses.size, dtype=np.float64)
    places = np.floor(plot.across(numbers) + 0.5).astype(int)
    first_and_last = np.diff(places, prepend=places[0] - 1) != 0, np.diff(places, append=places[-1] + 1) != 0
    shown = np.flatnonzero(np.logical_or(*first_and_last))
    heights = np.where(np.abs(losses) < LARGEST, losses, math.nan)
    plot.graph(zip(numbers[shown].tolist(), heights[shown].tolist(), strict=True), role)


def _smoothed(means: Array, present: NDArray[np.bool_], width: int) -> Array:
    """Return the means of neighbouring columns, that of each column and `width` around it, fewer at the ends."""
    sums = np.concatenate(([0.0], np.cumsum(np.where(present, means, 0.0))))
    counts = np.concatenate(([0], np.cumsum(present)))
    middle = np.arange(means.size)
    reach = np.minimum(np.minimum(middle, means.size - 1 - middle), width // 2)
    first, last = middle - reach, middle + reach + 1
    return np.asarray((sums[last] - sums[first]) / np.maximum(counts[last] - counts[first], 1))


def _loss_at(picture: TrainingCurve, losses: Array) -> float | None:
    if picture.at is None or not 0 <= picture.at - picture.first < losses.size:
        return None
    return float(losses[picture.at - picture.first])


def _legend(
    picture: TrainingCurve, plot: Plot, loss: float | None, *, broken: bool, has_range: bool, is_log: bool
) -> list[Item]:
    items: list[Item] = []
    if loss is not None and picture.at is not None:
        goal = picture.goal
        number = Span(f" {numeral(loss) if goal is None else apart(loss, goal)}", "accent")
        name = picture.names[0] or "●"
        place = line(Span(name, "accent"), Span(f" pass {picture.at:,}", "muted"))
        long, short = line(*place, Span("  L", "muted"), number), (*place, number)
        items.append((long, short, place) if picture.names[1] else (long, short))
    other = _loss_at(picture, np.asarray(picture.rival, dtype=np.float64))
    if other is not None:
        name = f"⠒⠒ {picture.names[1]}"
        items.append((*item_of(name, "L", (other,), "prediction"), line(Span(name, "prediction"))))
    measured = _loss_at(picture, np.asarray(picture.held_out, dtype=np.float64))
    if measured is not None:
        long, _ = item_of("⠒⠒", "test loss", (measured,), HELD_OUT)
        items.append((long, item_of("⠒⠒", "test", (measured,), HELD_OUT)[0]))
    if picture.goal is not None:
        items.append(item_of("┄", "goal", (picture.goal,), "target"))
    if broken:
        items.append(item_of("✗", "the run breaks here", (), "wrong"))
    if has_range:
        items.append(item_of("⠒⠒", "mean of some passes", (), "loss"))
        items.append(item_of("⢸⡇", "their range", (), "path"))
    scales = [name for name, is_so in (("L", is_log), ("passes", plot.by_powers)) if is_so]
    if scales:
        items.append((line(Span(f"{' and '.join(scales)} on a log scale", "muted")), line(Span("log scale", "muted"))))
    return items


def _words(picture: TrainingCurve, losses: Array) -> Iterator[tuple[str, Role]]:
    loss = _loss_at(picture, losses)
    if loss is not None and picture.at is not None:
        yield f"pass {picture.at}", "text"
        yield f"L {numeral(loss)}", "loss"
    elif losses.size:
        yield f"pass {picture.first + losses.size - 1}", "text"
        yield f"L {numeral(float(losses[-1]))}", "loss"
    if picture.goal is not None:
        yield f"goal {numeral(picture.goal)}", "target"
