"""The decision region of a classifier with two inputs and one output: which class it would give each point.

The ground says how certain the output is, a line stands where it is undecided, and the side of class 1 is sown with
small dots, so that the regions are told apart without colours too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.numerals import rounded
from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.axes import EdgeToEdgeAxis, span_of
from nn_tutor.terminal.drawing.field import edges, packed, sampled, sown
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.ink import SIDES, Drawing, Ground, Role
from nn_tutor.terminal.drawing.legend import Item, in_words, item_of, samples_in_words

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

GLYPHS, WRONG = "○×", "ø⊗"
"""The marks of samples of class 0 and 1, and of those that the network takes for the other class."""


@dataclass(frozen=True, eq=False, slots=True)
class RegionPicture:
    """What a picture of a decision region shows.

    `xs` and `ys` (ascending) are the grid and the range that is shown, `outputs[y][x]` what the network puts out there.
    `points` are the samples as (x, y, target), and `answers` what the network puts out for them (None: as the grid has
    it). An output or a target of `threshold` or more says class 1. `lit` is the sample in question, counted from 0.
    Outputs of another shape than the grid, or not one answer to a point, are a ValueError.
    """

    xs: Array
    ys: Array
    outputs: Array
    points: tuple[tuple[float, float, float], ...] = ()
    answers: tuple[float, ...] | None = None
    threshold: float = 0.5
    lit: int | None = None
    x_name: str = "x₁"
    y_name: str = "x₂"
    output_name: str = "o"
    judges: bool = True
    """Whether the targets are classes; else there is no right and wrong."""

    def __post_init__(self) -> None:
        if self.outputs.shape != (self.ys.size, self.xs.size):
            raise ValueError(f"outputs of shape {self.outputs.shape} for {self.ys.size} rows of {self.xs.size}")
        if self.answers is not None and len(self.answers) != len(self.points):
            raise ValueError(f"{len(self.answers)} answers for {len(self.points)} points")


def draw_region(picture: RegionPicture, width: int, height: int) -> Drawing:
    """Draw the regions, the line between them and the samples on exactly `height` lines of exactly `width` cells.

    As room shrinks, first the legend goes (below 9 lines), then the ticks (below 7 lines or 28 cells); below 20 by 5
    one line of words is left. Any numbers can be drawn.
    """
    room = PlotLayout(width, height)
    if not room.is_enough or not picture.outputs.size:
        return in_words(tuple(_words(picture)), width, height)
    across, upright = span_of(picture.xs), span_of(picture.ys)
    axis = EdgeToEdgeAxis(*upright, room.rows)
    plot = Plot(room, across, axis, x_name=picture.x_name, y_name=picture.y_name, name_role="input")
    paint_regions(plot, picture)
    wrong = paint_samples(plot, picture)
    return plot.drawing(_legend(picture, wrong))


def paint_samples(plot: Plot, picture: RegionPicture) -> frozenset[int]:
    """Mark the samples, and return those that the network takes for the other class, counted from 0."""
    wrong = _wrong(picture)
    for place in _in_order(picture, wrong):
        x, y, target = picture.points[place]
        is_one = target >= picture.threshold
        role: Role = "wrong" if place in wrong else "class1" if is_one else "class0"
        glyph = (WRONG if place in wrong else GLYPHS)[is_one]
        (plot.ring if place == picture.lit else plot.mark)((x, y), glyph, role)
    return wrong


def paint_regions(plot: Plot, picture: RegionPicture, *, has_border: bool = True) -> None:
    """Colour and sow the ground by what the network says there, with the line between both classes."""
    columns, rows = plot.raster.columns, plot.raster.rows
    certain = _certainty(picture)
    cells = sampled(picture.xs, picture.ys, certain, columns, rows)
    half = len(SIDES) // 2
    steps = np.where(
        cells >= 0, half + np.minimum(cells * half, half - 1), half - 1 + np.maximum(cells * half, 1 - half)
    )
    missing = np.isnan(cells)
    chosen = np.where(missing, -1, np.nan_to_num(steps)).astype(int).ravel().tolist()
    grounds: list[Ground | None] = [None if step < 0 else SIDES[step] for step in chosen]
    plot.raster.set_backgrounds(grounds)
    for row, column in np.argwhere(missing).tolist():
        plot.raster.mark(column, row, "╱", "faint")
    dots = sampled(picture.xs, picture.ys, certain, 2 * columns, 4 * rows)
    is_one = np.where(np.isnan(dots), -1, dots >= 0).astype(int)
    plot.raster.merge(packed(sown(is_one, 2)), "contour")
    if has_border:
        plot.raster.merge(packed(edges(is_one)), "strong")


def _certainty(picture: RegionPicture) -> Array:
    """Return the outputs from −1 (class 0 for certain) over 0 (the threshold) to 1 (class 1 for certain).

    A probability is certain at 0 and at 1; outputs beyond count from the ones that are farthest away.
    """
    away = picture.outputs - picture.threshold
    known = np.abs(away[np.isfinite(away)])
    reach = max(float(known.max(initial=0.0)), min(abs(picture.threshold), abs(1 - picture.threshold)), 1e-300)
    return np.asarray(np.clip(away / reach, -1, 1))


def _wrong(picture: RegionPicture) -> frozenset[int]:
    """Return the samples that the network takes for the other class, counted from 0."""
    if not picture.judges:
        return frozenset()
    if picture.answers is not None:
        answers = picture.answers
    else:
        answers = tuple(_output_at(picture, x, y) for x, y, _ in picture.points)
    return frozenset(
        place
        for place, (answer, (_, _, target)) in enumerate(zip(answers, picture.points, strict=True))
        if not math.isnan(answer) and (answer >= picture.threshold) != (target >= picture.threshold)
    )


def _output_at(picture: RegionPicture, x: float, y: float) -> float:
    if not (math.isfinite(x) and math.isfinite(y)):
        return math.nan
    row, column = (int(np.abs(grid - value).argmin()) for grid, value in ((picture.ys, y), (picture.xs, x)))
    return float(picture.outputs[row, column])


def _in_order(picture: RegionPicture, wrong: frozenset[int]) -> list[int]:
    """Return the samples in the order in which they are drawn: wrong ones over right ones, the one in question last."""
    return sorted(range(len(picture.points)), key=lambda place: (place == picture.lit, place in wrong))


def _legend(picture: RegionPicture, wrong: frozenset[int]) -> list[Item]:
    limit = rounded(picture.threshold, 3)
    name = picture.output_name
    items = [
        item_of(GLYPHS[0], f"class 0, {name} below {limit}", (), "class0"),
        item_of(GLYPHS[1], f"class 1, dotted: {name} from {limit}", (), "class1"),
    ]
    if picture.points and picture.judges:
        count = f"{len(wrong)} of {len(picture.points)} wrong" if wrong else "all right"
        items.append(item_of(WRONG[0] + " " + WRONG[1] if wrong else "✓", count, (), "wrong" if wrong else "right"))
    short = (item_of(GLYPHS[0], "class 0", (), "class0")[0], item_of(GLYPHS[1], "1, dotted", (), "class1")[0])
    return [(long, short[place] if place < 2 else brief) for place, (long, brief) in enumerate(items)]


def _words(picture: RegionPicture) -> Iterator[tuple[str, Role]]:
    wrong = len(_wrong(picture)) if picture.outputs.size else 0
    yield from samples_in_words(len(picture.points), wrong if picture.judges else None)
