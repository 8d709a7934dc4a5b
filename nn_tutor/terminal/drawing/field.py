"""Fields of numbers over the plane: sampled for the cells and the dots of a raster, and the lines where they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nn_tutor.terminal.drawing.axes import span_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

Integers = NDArray[np.int_]
Dots = NDArray[np.bool_]


def sampled(xs: Array, ys: Array, values: Array, columns: int, rows: int) -> Array:
    """Return `values[y][x]` over a grid as they are on a sheet of `columns` by `rows`, its top row first.

    The first and the last place of a row stand on the ends of the grid; between its points values go straight.
    """
    (lowest, highest), (top, bottom) = span_of(xs), reversed(span_of(ys))
    left, right, part = _between(xs, np.linspace(lowest, highest, columns))
    with np.errstate(invalid="ignore"):
        wide = values[:, left] * (1 - part) + values[:, right] * part
        low, high, part = _between(ys, np.linspace(top, bottom, rows))
        return np.asarray(wide[low] * (1 - part[:, None]) + wide[high] * part[:, None])


def sown(winners: Integers, kinds: int) -> Dots:
    """Return sparse marks all over the regions of classes, set off from line to line.

    The class 0 of `kinds` has none, the others dots, dashes, upright dashes; they begin again where there are more.
    """
    found = np.zeros(winners.shape, dtype=np.bool_)
    for kind in range(1, kinds):
        marks = np.zeros(winners.shape, dtype=np.bool_)
        for first_row, first_column in ((1, 2), (5, 8)):
            marks[first_row::8, first_column::12] = True
            if kind == 2:
                marks[first_row::8, first_column + 1 :: 12] = True
            if kind == 3:
                marks[first_row + 1 :: 8, first_column::12] = True
        found |= marks & (winners % kinds == kind) & (winners >= 0)
    return found


def _between(grid: Array, places: Array) -> tuple[Integers, Integers, Array]:
    """Return for each place the points of the grid before and behind it, and how far it is from one to the other."""
    found = np.interp(places, grid, np.arange(grid.size)) if grid.size > 1 else np.zeros(places.size)
    before = np.minimum(found.astype(int), max(grid.size - 2, 0))
    return before, np.minimum(before + 1, grid.size - 1), found - before


def edges(bands: Integers) -> Dots:
    """Return the dots of lines between bands: those with a neighbour in a lower band."""
    lines = np.zeros(bands.shape, dtype=np.bool_)
    lines[:, 1:] |= bands[:, 1:] > bands[:, :-1]
    lines[:, :-1] |= bands[:, :-1] > bands[:, 1:]
    lines[1:] |= bands[1:] > bands[:-1]
    lines[:-1] |= bands[:-1] > bands[1:]
    return lines


def packed(dots: Dots) -> bytes:
    """Return dots as the bits of braille patterns, cell by cell from the top left."""
    rows, columns = dots.shape[0] // 4, dots.shape[1] // 2
    blocks = dots.reshape(rows, 4, columns, 2)
    return bytes(np.einsum("rdcs,ds->rc", blocks, _BITS).astype(np.uint8).tobytes())


_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
