"""The samples: a target over one input with what the network makes of it, or two inputs in the plane with classes."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.axes import even, padded_span, span_of, usable
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.ink import CLASSES, Drawing, Role
from nn_tutor.terminal.drawing.legend import Item, in_words, item_of, samples_in_words

GLYPHS = "○×△□"
"""The marks of the classes; a class beyond them begins again."""

SAMPLE, HELD_OUT_SAMPLE = "•", "○"
SPOT, LOW = "⠶", 8
"""How a sample is drawn in a plot of fewer rows, where nothing else is: with dots, as a row is a large step there."""

HELD_OUT: Role = "prediction"
"""The colour of samples that are only measured."""


@dataclass(frozen=True, slots=True)
class ScatterPicture:
    """What a picture of samples shows.

    `points` are (x, y). Either y is the target and `curve` what the network puts out now, as points ascending in x;
    or x and y are two inputs and `classes` says the class of each point, from 0; `class_names` says what they are
    called, else by their numbers. `held_out` are samples that are only measured, over one input.

    `across` and `upright` are the ranges that are shown, None for those of the points.
    `lit` is the sample in question,
    counted from 0. `shows_errors` draws how far each target is from the curve. Not one class to a point is a
    ValueError.
    """

    points: tuple[tuple[float, float], ...]
    curve: tuple[tuple[float, float], ...] = ()
    classes: tuple[int, ...] | None = None
    lit: int | None = None
    shows_errors: bool = False
    x_name: str = "x"
    y_name: str = "y"
    curve_name: str = "o"
    class_names: tuple[str, ...] = ()
    across: tuple[float, float] | None = None
    upright: tuple[float, float] | None = None
    held_out: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if self.classes is not None and len(self.classes) != len(self.points):
            raise ValueError(f"{len(self.classes)} classes for {len(self.points)} points")


def draw_scatter(picture: ScatterPicture, width: int, height: int) -> Drawing:
    """Draw the samples, and the curve, on exactly `height` lines of exactly `width` cells.

    As room shrinks, first the legend goes (below 9 lines), then the ticks (below 7 lines or 28 cells); below 20 by 5
    one line of words is left. Any numbers can be drawn. A sample that has no place is left out.
    """
    room = PlotLayout(width, height)
    if not room.is_enough:
        return in_words(tuple(_words(picture)), width, height)
    across = picture.across or padded_span(
        [x for x, _ in (*picture.points, *picture.held_out, *picture.curve)], 0.02 if picture.curve else 0.06
    )
    axis = even(*(picture.upright or _upright(picture, across)), room.rows)
    role: Role = "input" if picture.classes is not None else "target"
    plot = Plot(room, across, axis, x_name=picture.x_name, y_name=picture.y_name, name_role=role)
    plot.nudge = _towards_marks(picture, plot)
    if picture.shows_errors:
        for x, y in picture.points:
            plot.upright_line(x, y, _at(picture.curve, x), "loss")
    plot.graph(picture.curve, "curve")
    for point in picture.held_out:
        plot.mark(point, HELD_OUT_SAMPLE, HELD_OUT)
    for place in sorted(range(len(picture.points)), key=lambda place: place == picture.lit):
        glyph, ink = _mark(picture, place)
        if place == picture.lit:
            plot.ring(picture.points[place], glyph, ink)
        elif _has_spots(picture, room.rows):
            plot.spot(picture.points[place], ink)
        else:
            plot.mark(picture.points[place], glyph, ink)
    return plot.drawing(_legend(picture, room.rows))


def _towards_marks(picture: ScatterPicture, plot: Plot) -> float:
    """By how much of a dot, up to one, the lines are moved so that the curve is seen to meet what it goes through.

    A mark stands in the middle of its cell, and it is there that a curve meets it or misses it. No mark changes its
    row for that.
    """
    heights = [plot.y(y) + 0.5 for x, y in (*picture.points, *picture.held_out) if usable(x) and usable(y)]
    missed = []
    for x, y in picture.points if picture.curve else ():
        if usable(x) and usable(y) and abs(plot.y(y) - plot.y(_at(picture.curve, x))) < 1:
            middle = (2 * plot.column(x) + 0.5) / (2 * plot.raster.columns - 1)
            passing = plot.y(_at(picture.curve, plot.low + middle * (plot.high - plot.low))) + 0.5
            missed += [] if math.isnan(passing) else [passing - 4 * plot.row(y) - 2]
    tries = sorted((eighth / 8 for eighth in range(-8, 9)), key=abs)
    kept = (by for by in tries if all(math.floor((at + by) / 4) == math.floor(at / 4) for at in heights))
    return min(kept, key=lambda by: max(abs(one + by) for one in missed)) if missed else 0.0


def _mark(picture: ScatterPicture, place: int) -> tuple[str, Role]:
    if picture.classes is None:
        return SAMPLE, "target"
    return GLYPHS[picture.classes[place] % len(GLYPHS)], CLASSES[picture.classes[place] % len(CLASSES)]


def _has_spots(picture: ScatterPicture, rows: int) -> bool:
    """Whether samples are dots: over one input, without a curve that they could be taken for, in a low plot."""
    return rows < LOW and picture.classes is None and not picture.curve and not picture.held_out


def _upright(picture: ScatterPicture, across: tuple[float, float]) -> tuple[float, float]:
    """Return the heights to show: the samples, and the curve as far as it stays within reach of them."""
    heights = [y for _, y in (*picture.points, *picture.held_out) if usable(y)]
    curve = [o for x, o in picture.curve if usable(o) and across[0] <= x <= across[1]]
    if not heights or picture.classes is not None:
        return padded_span(heights or curve, 0.06)
    low, high = span_of(heights)
    reach = max(high - low, max(abs(low), abs(high)) * 2 / 3)
    low, high = max(min([low, *curve]), low - reach), min(max([high, *curve]), high + reach)
    return padded_span((low, high), 0.04)


def _at(curve: Sequence[tuple[float, float]], x: float) -> float:
    """Return the height of the curve at a place between its points; NaN outside of them."""
    place = bisect_left(curve, (x, -math.inf))
    if place < len(curve) and curve[place][0] == x:
        return curve[place][1]
    if not 0 < place < len(curve):
        return math.nan
    (x0, o0), (x1, o1) = curve[place - 1], curve[place]
    return o0 + (o1 - o0) * ((x - x0) / (x1 - x0))


def _legend(picture: ScatterPicture, rows: int) -> list[Item]:
    if picture.classes is not None:
        shown = sorted({place % len(GLYPHS) for place in picture.classes})
        names = dict(enumerate(picture.class_names))
        return [item_of(GLYPHS[place], names.get(place, f"class {place}"), (), CLASSES[place]) for place in shown]
    kind = "training samples" if picture.held_out else "samples"
    items: list[Item] = [
        item_of(SPOT if _has_spots(picture, rows) else SAMPLE, f"{kind}: {picture.y_name}", (), "target")
    ]
    if picture.held_out:
        items.append(item_of(HELD_OUT_SAMPLE, "test samples", (), HELD_OUT))
    if picture.curve:
        items.append(item_of("⠒⠒", f"the network: {picture.curve_name}", (), "curve"))
    if picture.shows_errors and picture.curve:
        items.append(item_of("⡇", f"{picture.curve_name} − {picture.y_name}", (), "loss"))
    return items


def _words(picture: ScatterPicture) -> Iterator[tuple[str, Role]]:
    yield from samples_in_words(len(picture.points))
    if picture.classes is not None:
        for place in sorted({place % len(GLYPHS) for place in picture.classes}):
            of_class = sum(other % len(GLYPHS) == place for other in picture.classes)
            yield f"{GLYPHS[place]} {of_class}", CLASSES[place]
