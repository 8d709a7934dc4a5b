"""The network as a drawing in SVG: columns of units, an edge for each weight, the numbers of one pass beside them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise, product
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, bias, target, weight
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.export.words import layers_in_words

if TYPE_CHECKING:
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

MAX_UNITS = 8
"""How many units of a layer are drawn; of a larger one the first and the last."""

MAX_LABELS = 12
"""Between two layers with more edges than this the weights have no numbers beside them."""

GAP, STEP, RADIUS, MARGIN = 190, 84, 26, 40
"""Pixels between two columns, between two units, of a unit, and around all of it."""

FOR_BIAS = 20
"""More pixels between two units where each has its bias above it."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit that is drawn: its layer (0: the inputs), its number in it, and its middle."""

    layer: int
    number: int
    x: float
    y: float


def network_svg(network: Network, passed: Pass) -> str:
    """Return the drawing of a network with the numbers of a pass: of a batch those of its first sample."""
    columns = _columns(network)
    width = 2 * MARGIN + 2 * RADIUS + GAP * len(columns)
    step = STEP + (FOR_BIAS if any(layer.biases is not None for layer in network.layers) else 0)
    height = 2 * MARGIN + max(len(column) for column in columns) * step
    placed = [
        [
            _Unit(layer, number, _x(layer), height / 2 + step * (place - (len(column) - 1) / 2))
            for place, number in column
        ]
        for layer, column in enumerate(_numbered(columns))
    ]
    parts = [
        *_edges(network, passed, placed),
        *_loss(network, passed, placed[-1], height),
        *_units(network, passed, placed),
    ]
    parts += _ellipses(network, placed)
    title = escape(_title(network))
    return (
        f'<svg class="network" viewBox="0 0 {width} {height:g}" role="img" aria-label="{title}">'
        f"<title>{title}</title><desc>{escape(_told(network, passed))}</desc>{''.join(parts)}</svg>"
    )


def _title(network: Network) -> str:
    return f"The network: {layers_in_words(network)}"


def _told(network: Network, passed: Pass) -> str:
    """The drawing in words: the outputs and the loss; the weights stand in the text beside it."""
    last, rows = len(network.layers), passed.X.shape[0]
    outputs = ", ".join(
        f"{activation(network, rows, last, 0, unit)} = {numeral(float(value))}"
        for unit, value in enumerate(passed.forward.o[0])
    )
    return f"With these weights {outputs}, and the loss is {numeral(passed.loss.loss)}."


def _columns(network: Network) -> list[list[int]]:
    """The numbers of the units that are drawn, by layer."""
    sizes = [network.inputs, *(layer.units for layer in network.layers)]
    return [list(range(size)) if size <= MAX_UNITS else [*range(MAX_UNITS - 2), size - 1] for size in sizes]


def _numbered(columns: list[list[int]]) -> list[list[tuple[float, int]]]:
    """The places of units in their columns, with a gap where some are left out."""
    return [
        [(place + 0.5 * (number > place) if number > place else place, number) for place, number in enumerate(column)]
        for column in columns
    ]


def _x(layer: int) -> float:
    return MARGIN + RADIUS + GAP * layer


def _edges(network: Network, passed: Pass, placed: list[list[_Unit]]) -> Iterator[str]:
    """The edges, each as thick as its weight is large, and above them the weights."""
    labels = []
    for layer, (before, after) in enumerate(pairwise(placed), start=1):
        W = passed.before.W[layer - 1]
        largest = max(float(abs(W).max()), 1e-12)
        is_labelled = len(before) * len(after) <= MAX_LABELS
        for start, end in product(before, after):
            value = float(W[end.number, start.number])
            x1, x2 = start.x + RADIUS, end.x - RADIUS
            thick = 0.8 + 2.6 * abs(value) / largest
            yield (
                f'<line class="{"negative" if value < 0 else "positive"}" x1="{x1:g}" y1="{start.y:g}" '
                f'x2="{x2:g}" y2="{end.y:g}" stroke-width="{thick:.1f}"/>'
            )
            if is_labelled:
                # Near the unit that they enter, edges are apart enough for a line of text each.
                along = 0.68 if len(before) > 1 else 0.5
                x, y = x1 + (x2 - x1) * along, start.y + (end.y - start.y) * along
                name = weight(network, layer, (end.number, start.number))
                labels.append(_text(x, y + 4 if len(before) > 1 else y - 6, f"{name} {numeral(value)}", "weight"))
    yield from labels


def _units(network: Network, passed: Pass, placed: list[list[_Unit]]) -> Iterator[str]:
    rows = passed.X.shape[0]
    for column in placed:
        for unit in column:
            values = passed.forward.a[unit.layer - 1] if unit.layer else passed.X
            name = activation(network, rows, unit.layer, 0, unit.number)
            kind = "input" if unit.layer == 0 else "unit"
            yield f'<circle class="{kind}" cx="{unit.x:g}" cy="{unit.y:g}" r="{RADIUS}"/>'
            yield _text(unit.x, unit.y + 5, name, "name")
            yield _text(unit.x, unit.y + RADIUS + 15, numeral(float(values[0, unit.number])), "number")
            biases = passed.before.b[unit.layer - 1] if unit.layer else None
            if biases is not None:
                told = f"{bias(network, unit.layer, unit.number)} {numeral(float(biases[unit.number]))}"
                yield _text(unit.x, unit.y - RADIUS - 6, told, "weight")


def _loss(network: Network, passed: Pass, outputs: list[_Unit], height: float) -> Iterator[str]:
    """The loss as a box behind the outputs, with the targets between them."""
    x, y = outputs[0].x + GAP * 0.75, height / 2
    rows = passed.X.shape[0]
    for unit in outputs:
        yield f'<line class="path" x1="{unit.x + RADIUS:g}" y1="{unit.y:g}" x2="{x - 34:g}" y2="{y:g}"/>'
        if passed.Y is not None:
            told = f"{target(network, rows, 0, unit.number)} {numeral(float(passed.Y[0, unit.number]))}"
            yield _text(unit.x + RADIUS + 34, unit.y - 12, told, "target")
    yield f'<rect class="loss" x="{x - 34:g}" y="{y - 24:g}" width="80" height="48" rx="6"/>'
    yield _text(x + 6, y - 3, "L", "name")
    yield _text(x + 6, y + 15, numeral(passed.loss.loss), "number")


def _ellipses(network: Network, placed: list[list[_Unit]]) -> Iterator[str]:
    """Say how many units are left out of a column."""
    sizes = [network.inputs, *(layer.units for layer in network.layers)]
    for column, size in zip(placed, sizes, strict=True):
        if len(column) < size:
            above, below = column[-2], column[-1]
            yield _text(above.x, (above.y + below.y) / 2 + 12, f"… {size - len(column)} more", "weight")


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(text)}</text>'
