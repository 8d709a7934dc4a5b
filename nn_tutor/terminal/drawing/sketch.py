"""The sketch of a network by names alone, for places too narrow for its numbers: its units, and every link of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, feature, weight, weighted_sum
from nn_tutor.network.activations import activation_of
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, width_of
from nn_tutor.terminal.drawing.raster import Raster

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

MAX_LINES = 12
"""The lines that a sketch takes at most."""

MAX_EDGES = 24
"""More edges between two columns are too many to follow."""

GAPS = (5, 16)
"""The least and the most cells between two columns whose edges are drawn."""

TO_LOSS = " ─┼─▶ L"
"""What stands behind the outputs."""

JOIN = " ─▶ "
"""What stands between two columns whose edges have no room."""


def draw_sketch(network: Network, width: int) -> Drawing:
    """Draw a network by its names; nothing where it has no room for that."""
    chains = (_chain(network, with_sums=True), _chain(network, with_sums=False)) if network.is_scalar else ()
    for chain in chains:
        if width_of(chain) <= width:
            return (chain,)
    columns = _columns(network)
    names = sum(max(map(len, column)) for column in columns)
    height = max(map(len, columns))
    edges = max(len(left) * len(right) for left, right in pairwise(columns))
    gap = min((width - names - len(TO_LOSS)) // (len(columns) - 1), GAPS[1])
    if height <= (MAX_LINES + 1) // 2 and edges <= MAX_EDGES and gap >= GAPS[0]:
        return _with_edges(columns, gap)
    columns.append(["L"])
    if height > MAX_LINES or names + 1 + len(JOIN) * (len(columns) - 1) > width:
        return ()
    return _joined(columns)


def _chain(network: Network, *, with_sums: bool) -> Line:
    """A network of single weights: what each link does stands on it."""
    spans = [Span(feature(network, 1, 0, 0), "input")]
    for layer, one in enumerate(network.layers, start=1):
        spans += [Span(" ─ ", "muted"), Span(weight(network, layer, (0, 0)), "weight"), Span(" ─▶ ", "muted")]
        if with_sums and one.activation != "identity":
            sign = activation_of(one).sign
            spans += [Span(weighted_sum(network, 1, layer, 0, 0), "output"), Span(f" ─ {sign} ─▶ ", "muted")]
        spans.append(Span(activation(network, 1, layer, 0, 0), "output"))
    return (*spans, Span(JOIN, "muted"), Span("L", "loss"))


def _columns(network: Network) -> list[list[str]]:
    """The names of the inputs, and of the units of each layer."""
    columns = [[feature(network, 1, 0, place) for place in range(network.inputs)]]
    for layer, one in enumerate(network.layers, start=1):
        columns.append([activation(network, 1, layer, 0, unit) for unit in range(one.units)])
    return columns


def _role(column: Sequence[str], place: int) -> Role:
    return "input" if not place else "loss" if column == ["L"] else "output"


def _with_edges(columns: Sequence[Sequence[str]], gap: int) -> Drawing:
    """Draw the columns with a blank line between units, and an arrow for each weight."""
    most = max(map(len, columns))
    lines = [[most - len(column) + 2 * unit for unit in range(len(column))] for column in columns]
    arrows = [_arrows(tuple(left), tuple(right), gap, 2 * most - 1) for left, right in pairwise(lines)]
    drawn: list[Line] = []
    for row in range(2 * most - 1):
        spans: list[Span] = []
        for place, column in enumerate(columns):
            name = column[lines[place].index(row)] if row in lines[place] else ""
            spans += arrows[place - 1][row] if place else ()
            spans.append(Span(name.ljust(max(map(len, column))), _role(column, place)))
        drawn.append((*spans, *_to_loss(lines[-1], row)))
    return tuple(drawn)


def _to_loss(lines: Sequence[int], row: int) -> Line:
    """What joins the outputs into the loss, on one line: no arrow for each, since none of them has a weight."""
    first, last = lines[0], lines[-1]
    if not first <= row <= last:
        return ()
    stem = " ─" if row in lines else "  "
    if first == last:
        bar = "─"
    elif row in (first, last):
        bar = "┐" if row == first else "┘"
    elif row == (first + last) // 2:
        bar = "┼" if row in lines else "├"
    else:
        bar = "┤" if row in lines else "│"
    is_arrow = row == (first + last) // 2
    return (Span(f"{stem}{bar}{'─▶ ' if is_arrow else ''}", "muted"), *((Span("L", "loss"),) if is_arrow else ()))


@lru_cache(maxsize=32)
def _arrows(starts: tuple[int, ...], ends: tuple[int, ...], cells: int, rows: int) -> Drawing:
    """The arrows between two columns, from line to line."""
    raster = Raster(cells, rows)
    for start in starts:
        for end in ends:
            raster.segment(2, 4 * start + 2, 2 * cells - 4, 4 * end + 2, "muted")
    for end in ends:
        raster.mark(cells - 2, end, "▶", "muted")
    return raster.drawing()


def _joined(columns: Sequence[Sequence[str]]) -> Drawing:
    """Draw the columns, and one arrow from each to the next."""
    height = max(map(len, columns))
    drawn: list[Line] = []
    for row in range(height):
        spans: list[Span] = []
        for place, column in enumerate(columns):
            unit = row - (height - len(column)) // 2
            name = column[unit] if 0 <= unit < len(column) else ""
            joins = place > 0 and row == (height - 1) // 2
            spans.append(Span((JOIN if joins else " " * len(JOIN)) if place else "", "muted"))
            spans.append(Span(name.ljust(max(map(len, column))), _role(column, place)))
        drawn.append(tuple(spans))
    return tuple(drawn)
