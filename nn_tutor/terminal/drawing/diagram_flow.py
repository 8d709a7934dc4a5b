"""What flows along the edges of a network: forwards what each of them adds to a sum, backwards its weight's slope.

A line says the sign by its colour and by being unbroken or dashed, the size by its thickness. An edge that the pass has
not reached yet is thin and grey. Where many edges cross, the largest are drawn and the others hinted at by dots.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import number_of
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture, Stroke, forward_text, strokes_of
from nn_tutor.terminal.drawing.ink import Line, Role, Span, line
from nn_tutor.terminal.drawing.raster import Raster

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.diagram_columns import Column

Edge = tuple[int, int, int]
"""The line where an edge begins, the line where it ends, and its strength: 1 to 3, below 0 for negative, 0 unknown."""

_LARGE, _MIDDLE = 0.5, 0.12
"""What part of the largest flow between two layers counts as large, and as not small."""

_MANY = 12  # edges between two layers: of more than these only the largest are drawn


def strokes_of_flow(
    picture: DiagramPicture, left: Column, right: Column, columns: int, rows: int
) -> tuple[Stroke, ...]:
    """Return what draws all edges between two columns of units, on `rows` lines of `columns` cells."""
    return _drawn(_edges(picture, left, right, most=max(6, columns)), columns, rows)


def key_to_flow(picture: DiagramPicture) -> Line:
    """Return what the lines mean; the same at every step of a phase, and nothing while nothing flows yet."""
    if not picture.values:
        return ()
    flowing = "w·a" if _is_forwards(picture) else "∂L/∂w"
    return line(
        Span(f"{flowing} ", "muted"),
        Span("━", "positive"),
        Span(" above 0 ", "muted"),
        Span("╍", "negative"),
        Span(" below", "muted"),
    )


def _is_forwards(picture: DiagramPicture) -> bool:
    return picture.phase in ("forward", "loss")


def _edges(picture: DiagramPicture, left: Column, right: Column, most: int) -> tuple[Edge, ...]:
    flows = [
        (start, end, _flow(picture, right.layer, into, out))
        for into, start in zip(left.units, left.lines, strict=True)
        for out, end in zip(right.units, right.lines, strict=True)
        if into is not None and out is not None
    ]
    sizes = sorted((abs(flow) for *_, flow in flows if flow is not None), reverse=True)
    largest, large, middle = sizes[0] if sizes else 0.0, 0.0, 0.0
    if len(flows) > _MANY:
        large, middle = (sizes[min(place, len(sizes)) - 1] if sizes else 0.0 for place in (most // 3, most))
    large, middle = max(large, _LARGE * largest), max(middle, _MIDDLE * largest)
    return tuple((start, end, _strength(flow, large, middle)) for start, end, flow in flows)


def _flow(picture: DiagramPicture, layer: int, into: int, out: int) -> float | None:
    """Return what flows along an edge, None where it is not known yet."""
    if not _is_forwards(picture):
        return number_of(picture.text(Ref("dW", layer, (out, into))))
    at = (picture.row, out)
    if number_of(picture.text(Ref("z", layer, at)) or picture.text(Ref("a", layer, at))) is None:
        return None
    entering = picture.inputs[into] if layer == 1 else number_of(forward_text(picture, layer - 1, into))
    return None if entering is None else picture.weights[layer - 1][out][into] * entering


def _strength(flow: float | None, large: float, middle: float) -> int:
    if flow is None:
        return 0
    size = 1 if flow == 0 else 3 if abs(flow) >= large else 2 if abs(flow) >= middle else 1
    return -size if flow < 0 else size


@lru_cache(maxsize=256)
def _drawn(edges: tuple[Edge, ...], columns: int, rows: int) -> tuple[Stroke, ...]:
    """Draw edges, the strongest last."""
    raster = Raster(columns, rows)
    end = 2 * columns - 1
    for start, stop, strength in sorted(edges, key=lambda edge: abs(edge[2])):
        size = abs(strength)
        role: Role = "faint" if size < 2 else "positive" if strength > 0 else "negative"
        dashes = (1, 0) if strength >= 0 else (4, 2)
        if size < 2 and len(edges) > _MANY:
            dashes = (1, 5) if strength else (1, 3)
        for shift in (1, 2) if size == 3 else (1.5,):
            raster.segment(0, 4 * start + shift, end, 4 * stop + shift, role, dashes)
    return tuple(strokes_of(raster.drawing()))
