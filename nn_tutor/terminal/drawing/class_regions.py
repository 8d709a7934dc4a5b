"""The regions of a classifier with two inputs and an output for each class: which class it would give each point.

The ground has the colour of the class, stronger where the network is more certain; a line stands where two classes are
equal; and each region is sown with marks of its own, so that they are told apart without colours too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.axes import EdgeToEdgeAxis, span_of
from nn_tutor.terminal.drawing.field import Integers, edges, packed, sampled, sown
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.ink import CLASS_GROUNDS, CLASSES, Drawing, Ground, Role
from nn_tutor.terminal.drawing.legend import Item, in_words, item_of, samples_in_words
from nn_tutor.terminal.drawing.scatter import GLYPHS

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

WRONG = "ø⊗▲■"
"""The marks of samples that the network takes for another class."""

_SOWN = ("", ", dotted", ", dashed", ", upright dashes")


@dataclass(frozen=True, eq=False, slots=True)
class ClassRegions:
    """What a picture of the regions of several classes shows.

    `xs` and `ys` (ascending) are the grid and the range that is shown, `outputs[y][x][class]` what the network puts out
    there; the largest output says the class. `points` are the samples as (x, y, class), classes from 0, and `answers`
    the classes that the network gives them. `class_names` has a name for each class. Outputs of another shape than the
    grid and the names, or not one answer to a point, are a ValueError.
    """

    xs: Array
    ys: Array
    outputs: Array
    points: tuple[tuple[float, float, int], ...]
    answers: tuple[int, ...]
    class_names: tuple[str, ...]
    x_name: str = "x₁"
    y_name: str = "x₂"

    def __post_init__(self) -> None:
        wanted = (self.ys.size, self.xs.size, len(self.class_names))
        if self.outputs.shape != wanted:
            raise ValueError(f"outputs of shape {self.outputs.shape}, where {wanted} is wanted")
        if len(self.answers) != len(self.points):
            raise ValueError(f"{len(self.answers)} answers for {len(self.points)} points")

    @property
    def wrong(self) -> frozenset[int]:
        """The samples that the network takes for another class, counted from 0."""
        pairs = zip(self.answers, self.points, strict=True)
        return frozenset(place for place, (answer, point) in enumerate(pairs) if answer != point[2])


def draw_class_regions(picture: ClassRegions, width: int, height: int) -> Drawing:
    """Draw the regions, the lines between them and the samples on exactly `height` lines of exactly `width` cells.

    As room shrinks, first the legend goes (below 9 lines), then the ticks (below 7 lines or 28 cells); below 20 by 5
    one line of words is left. Any numbers can be drawn.
    """
    room = PlotLayout(width, height)
    if not room.is_enough or not picture.outputs.size:
        return in_words(tuple(_words(picture)), width, height)
    axis = EdgeToEdgeAxis(*span_of(picture.ys), room.rows)
    plot = Plot(room, span_of(picture.xs), axis, x_name=picture.x_name, y_name=picture.y_name, name_role="input")
    _paint_regions(plot, picture)
    wrong = picture.wrong
    for place in sorted(range(len(picture.points)), key=lambda place: place in wrong):
        x, y, own = picture.points[place]
        role: Role = "wrong" if place in wrong else CLASSES[own % len(CLASSES)]
        plot.mark((x, y), (WRONG if place in wrong else GLYPHS)[own % len(GLYPHS)], role)
    return plot.drawing(_legend(picture, plot))


def _paint_regions(plot: Plot, picture: ClassRegions) -> None:
    columns, rows = plot.raster.columns, plot.raster.rows
    classes, certain = _winners(picture, columns, rows)
    levels = np.minimum(certain * len(CLASS_GROUNDS[0]), len(CLASS_GROUNDS[0]) - 1).astype(int)
    pairs = zip(classes.ravel().tolist(), levels.ravel().tolist(), strict=True)
    grounds: list[Ground | None] = [
        None if found < 0 else CLASS_GROUNDS[found % len(CLASS_GROUNDS)][level] for found, level in pairs
    ]
    plot.raster.set_backgrounds(grounds)
    for row, column in np.argwhere(classes < 0).tolist():
        plot.raster.mark(column, row, "╱", "faint")
    winners, _ = _winners(picture, 2 * columns, 4 * rows)
    plot.raster.merge(packed(sown(winners, len(_SOWN))), "contour")
    plot.raster.merge(packed(edges(winners)), "strong")


def _winners(picture: ClassRegions, columns: int, rows: int) -> tuple[Integers, Array]:
    """Return the class of each place of a sheet, −1 where there is none, and how far it is ahead, from 0 to 1."""
    each = [
        sampled(picture.xs, picture.ys, picture.outputs[:, :, unit], columns, rows)
        for unit in range(len(picture.class_names))
    ]
    outputs = np.stack(each, axis=-1)
    missing = ~np.isfinite(outputs).all(axis=-1)
    outputs[missing] = 0.0
    in_order = np.sort(outputs, axis=-1)
    ahead = in_order[..., -1] - in_order[..., -2] if outputs.shape[-1] > 1 else in_order[..., -1]
    return np.where(missing, -1, outputs.argmax(axis=-1)), np.clip(ahead, 0.0, 1.0)


def _legend(picture: ClassRegions, plot: Plot) -> list[Item]:
    items: list[Item] = []
    for place, name in enumerate(picture.class_names):
        kind = place % len(GLYPHS)
        long = item_of(GLYPHS[kind], f"{name}{_SOWN[kind]}", (), CLASSES[kind])[0]
        items.append((long, item_of(GLYPHS[kind], name, (), CLASSES[kind])[0]))
    wrong, count = picture.wrong, len(picture.points)
    if count:
        said = f"{len(wrong)} of {count} wrong" if wrong else "all right"
        items.append(item_of(WRONG[0] if wrong else "✓", said, (), "wrong" if wrong else "right"))
    return items


def _words(picture: ClassRegions) -> Iterator[tuple[str, Role]]:
    yield from samples_in_words(len(picture.points), len(picture.wrong))
