"""The edges between two layers: all of them with what flows along them, those in question lit, with their weights."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import matrix, weight
from nn_tutor.terminal.drawing.diagram_flow import strokes_of_flow
from nn_tutor.terminal.drawing.diagram_parts import (
    Canvas,
    DiagramPicture,
    Stroke,
    given_text,
    is_of,
    is_of_weight,
    place_of,
    strokes_of,
)
from nn_tutor.terminal.drawing.raster import Raster

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.diagram_columns import Column, Grid

MIN_CELLS, MIN_STEP = 8, 2
"""The cells between two columns, and the lines from unit to unit, that edges need to be followed."""


def draw_edges(canvas: Canvas, picture: DiagramPicture, left: Column, right: Column, grid: Grid) -> bool:
    """Draw all edges between two columns, then those in question over them.

    Where edges lie too close to be followed, those in question alone are drawn, and else the name of their matrix.
    Return whether there was room to write the weights of those.
    """
    start, cells = left.end + 1, right.start - left.end - 2
    if cells < 1:
        return False
    can_follow = can_be_followed(left, right, grid)
    if can_follow:
        canvas.stamp(strokes_of_flow(picture, left, right, cells, grid.rows), start)
    lit = _lit_edges(picture, left, right)
    if not lit:
        name = matrix(picture.network, right.layer)
        if not can_follow and cells >= len(name):
            canvas.put((grid.rows - 1) // 2, start + (cells - len(name)) // 2, name, "muted")
        return False
    pairs = tuple((left.lines[into], right.lines[out]) for into, out in lit)
    canvas.stamp(_cords(pairs, cells, grid.rows), start, lit=True)
    into, out = lit[0]
    if is_of(picture.focus, "z", "a"):
        canvas.put(right.lines[out], start + cells - 1, "▶", "accent", lit=True)
    elif not is_of_weight(picture.focus):
        canvas.put(left.lines[into], start, "◀", "accent", lit=True)
    return can_follow and _draw_weights(canvas, picture, left, right, lit, taken=18 if grid.unit == 1 else 8)


def can_be_followed(left: Column, right: Column, grid: Grid) -> bool:
    """Whether the eye can follow each edge from unit to unit: there is room between the columns, and between units."""
    cells, edges = right.start - left.end - 2, len(left.units) * len(right.units)
    return cells >= MIN_CELLS and (grid.step >= MIN_STEP or edges <= MIN_STEP)


def _lit_edges(picture: DiagramPicture, left: Column, right: Column) -> list[tuple[int, int]]:
    """Return the edges in question as places in the left and the right column.

    One for a weight; all that enter a unit for what it is forwards, all that leave it for its slope.
    """
    focus, layer = picture.focus, right.layer
    if focus is None or focus.index is None:
        return []
    if is_of_weight(focus, layer):
        out, into = place_of(focus)
        return [(left.units.index(into), right.units.index(out))]
    unit = focus.index[-1]
    if is_of(focus, "z", "a", layer=layer):
        return [(into, right.units.index(unit)) for into in range(len(left.units))]
    if is_of(focus, "dL_da", "delta", "delta_sample", layer=left.layer) or (is_of(focus, "dX") and left.layer == 0):
        return [(left.units.index(unit), out) for out in range(len(right.units))]
    return []


def _draw_weights(
    canvas: Canvas, picture: DiagramPicture, left: Column, right: Column, lit: list[tuple[int, int]], taken: int
) -> bool:
    """Write the weights of lit edges on them, where they cover no other edge; return whether there is room.

    Forwards they stand near the left ends, backwards near the right ones: there `taken` cells at most are covered by
    what stands behind the units at the left.
    """
    start, cells = left.end + 1, right.start - left.end - 2
    forwards = is_of(picture.focus, "z", "a")
    labels = []
    for into_place, out_place in lit:
        into, out = left.units[into_place], right.units[out_place]
        if into is not None and out is not None:
            value = given_text(picture.weights[right.layer - 1][out][into])
            name = weight(picture.network, right.layer, (out, into))
            labels.append(((left.lines[into_place], right.lines[out_place]), name, value))
    first = 1 if forwards else taken
    room = cells - (8 if forwards else taken)
    is_named = all(len(f"{name} {value}") <= room for _, name, value in labels)
    if not is_named and any(len(value) + 1 > room for _, _, value in labels):
        return False
    texts = [f"{name} {value}" if is_named else f"×{value}" if forwards else value for _, name, value in labels]
    edges = tuple(edge for edge, _, _ in labels)
    others = tuple((one, other) for one in left.lines for other in right.lines)
    sizes = tuple(map(len, texts))
    for (row, column), text in zip(_places(edges, others, sizes, cells, first, forwards), texts, strict=True):
        canvas.put(row, start + column - 1, " ")
        canvas.put(row, canvas.put(row, start + column, text, "weight", lit=True), " ")
    return True


Ends = tuple[int, int]
"""The lines at which an edge begins and ends."""


@lru_cache(maxsize=256)
def _places(
    edges: tuple[Ends, ...], all_edges: tuple[Ends, ...], sizes: tuple[int, ...], cells: int, first: int, forwards: bool
) -> tuple[tuple[int, int], ...]:
    """Return the line and the column of a label on each edge, from the column `first` on.

    It covers as little as may be of the other edges, and nothing of the labels before it; among equals it is the one
    nearest to the end where one looks.
    """
    paths = {edge: {(_line_at(edge, cell, cells), cell) for cell in range(cells)} for edge in all_edges}
    passing = Counter(place for path in paths.values() for place in path)
    found: list[tuple[int, int]] = []
    for edge, size in zip(edges, sizes, strict=True):
        ranked = []
        for column in range(first, max(first, cells - size - 1) + 1):
            row = _line_at(edge, column + size // 2, cells)
            covered = [(row, cell) for cell in range(column - 1, column + size + 1)]
            cost = sum(passing[place] - (place in paths[edge]) for place in covered)
            ranked.append((cost, column if forwards else -column, row))
        _, column, row = min(ranked)
        found.append((row, abs(column)))
        passing.update({(row, cell): _TAKEN for cell in range(abs(column) - 1, abs(column) + size + 1)})
    return tuple(found)


_TAKEN = 100
"""What it counts to cover a label that stands there: more than any number of edges."""


def _line_at(edge: Ends, cell: int, cells: int) -> int:
    """Return the line on which an edge passes a cell."""
    start, end = edge
    return floor(start + (end - start) * (2 * cell + 1) / (2 * cells) + 0.375)


@lru_cache(maxsize=256)
def _cords(pairs: tuple[tuple[int, int], ...], columns: int, rows: int) -> tuple[Stroke, ...]:
    """Return what draws a thick line for each pair of start and end."""
    raster = Raster(columns, rows)
    for start, end in pairs:
        for shift in (1, 2):
            raster.segment(0, 4 * start + shift, 2 * columns - 1, 4 * end + shift, "accent")
    return tuple(strokes_of(raster.drawing()))
