"""The edges between two layers: all of them with what flows along them, those in question lit, with their weights."""

from __future__ import annotations

from functools import lru_cache

from nn_tutor.calculus.names import matrix, weight
from nn_tutor.terminal.drawing.diagram_columns import Column, Grid
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
    """Write the weights of lit edges at their left ends, backwards at their right ends; return whether there is room.

    `taken` cells at most are covered by what stands behind the units at the left.
    """
    start, cells = left.end + 1, right.start - left.end - 2
    forwards = is_of(picture.focus, "z", "a")
    texts = []
    for into_place, out_place in lit:
        into, out = left.units[into_place], right.units[out_place]
        if into is not None and out is not None:
            value = given_text(picture.weights[right.layer - 1][out][into])
            name = weight(picture.network, right.layer, (out, into))
            row = left.lines[into_place] if forwards else right.lines[out_place]
            texts.append((row, name, value))
    room = cells - (8 if forwards else taken)
    is_named = all(len(f"{name} {value}") <= room for _, name, value in texts)
    if not is_named and any(len(value) + 1 > room for _, _, value in texts):
        return False
    for row, name, value in texts:
        text = f"{name} {value}" if is_named else f"×{value}" if forwards else value
        if forwards:
            canvas.put(row, canvas.put(row, start, text, "weight", lit=True), " ")
        else:
            canvas.put(row, start + cells - len(text), text, "weight", lit=True)
            canvas.put(row, start + cells - len(text) - 1, " ")
    return True


@lru_cache(maxsize=256)
def _cords(pairs: tuple[tuple[int, int], ...], columns: int, rows: int) -> tuple[Stroke, ...]:
    """Return what draws a thick line for each pair of start and end."""
    raster = Raster(columns, rows)
    for start, end in pairs:
        for shift in (1, 2):
            raster.segment(0, 4 * start + shift, 2 * columns - 1, 4 * end + shift, "accent")
    return tuple(strokes_of(raster.drawing()))
