"""A pass on paper, with 4 decimals, written without any of the tutor's code: networks, numbers, the right rules.

The arithmetic is plain, on lists; each number is made from what stands on the paper.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import get_args

from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, Network

DECIMALS = 4

Place = tuple[str, int, tuple[int, ...]]
"""A number on the paper: its quantity, its layer from 1 (0 for none), its index from 0."""

SIZES = ((1, 1), (2, 1), (1, 2), (2, 2), (1, 1, 1), (2, 2, 1), (2, 3, 1), (3, 2, 2), (2, 2, 2), (4, 3, 2))


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def _gelu_slope(z: float) -> float:
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 0.5 * (1 + math.erf(z / math.sqrt(2))) + z * density


FUNCTIONS: Mapping[str, tuple[Callable[[float], float], Callable[[float, float], float]]] = {
    "identity": (lambda z: z, lambda z, a: 1.0),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (math.tanh, lambda z, a: 1 - a * a),
    "relu": (lambda z: max(z, 0.0), lambda z, a: 1.0 if z > 0 else 0.0),
    "leaky_relu": (lambda z: z if z > 0 else 0.01 * z, lambda z, a: 1.0 if z > 0 else 0.01),
    "elu": (lambda z: z if z > 0 else math.expm1(z), lambda z, a: 1.0 if z > 0 else math.exp(z)),
    "softplus": (lambda z: math.log1p(math.exp(z)), lambda z, a: sigmoid(z)),
    "silu": (lambda z: z * sigmoid(z), lambda z, a: sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
    "gelu": (lambda z: 0.5 * z * (1 + math.erf(z / math.sqrt(2))), lambda z, a: _gelu_slope(z)),
}
"""Each activation function and its slope, as a textbook has them; softmax only as the last layer, below."""

HIDDEN: tuple[ActivationName, ...] = tuple(name for name in get_args(ActivationName) if name in FUNCTIONS)


def drawn_network(draw: random.Random) -> tuple[Network, Data]:
    """Return a network of two-decimal numbers with data."""
    sizes = draw.choice(SIZES)
    rows = draw.randint(1, 4)

    def number(least: int = 10, most: int = 150) -> float:
        return draw.choice((-1, 1)) * draw.randint(least, most) / 100

    kind = draw.choice(("squared_error", "squared_error", "binary_cross_entropy", "categorical_cross_entropy"))
    if kind == "categorical_cross_entropy" and sizes[-1] == 1:
        kind = "squared_error"
    last: ActivationName = {"binary_cross_entropy": "sigmoid", "categorical_cross_entropy": "softmax"}.get(
        kind, draw.choice(HIDDEN)
    )  # type: ignore[assignment]
    layers = tuple(
        Layer(
            weights=tuple(tuple(number() for _ in range(inputs)) for _ in range(units)),
            biases=tuple(number() for _ in range(units)) if draw.random() < 0.7 else None,
            activation=last if place == len(sizes) - 2 else draw.choice(HIDDEN),
        )
        for place, (inputs, units) in enumerate(pairwise(sizes))
    )
    if kind == "squared_error":
        loss = Loss(
            factor=draw.choice((0.5, 1.0)), outputs=draw.choice(("sum", "mean")), batch=draw.choice(("sum", "mean"))
        )
    else:
        loss = Loss(kind=kind, batch=draw.choice(("sum", "mean")))  # type: ignore[arg-type]
    inputs = tuple(tuple(number(20) for _ in range(sizes[0])) for _ in range(rows))
    if kind == "squared_error":
        targets = tuple(tuple(number() for _ in range(sizes[-1])) for _ in range(rows))
    elif kind == "binary_cross_entropy":
        targets = tuple(tuple(float(draw.randint(0, 1)) for _ in range(sizes[-1])) for _ in range(rows))
    else:
        classes = [draw.randrange(sizes[-1]) for _ in range(rows)]
        targets = tuple(tuple(float(unit == one) for unit in range(sizes[-1])) for one in classes)
    return Network(layers, loss, learning_rate=draw.choice((0.3, 0.4, 0.7, 0.9))), Data(inputs, targets)


Rule = Callable[["Paper", Place], float]
"""How a number is worked out from what stands on the paper."""


@dataclass
class Paper:
    """What a learner has written down, and by which rules: `slips` are the places in which another rule was used."""

    network: Network
    data: Data
    decimals: int = DECIMALS
    written: dict[Place, float] = field(default_factory=dict)
    right: dict[Place, float] = field(default_factory=dict)
    """What the right rule would have made of the same paper."""

    @property
    def rows(self) -> int:
        return len(self.data.inputs)

    @property
    def depth(self) -> int:
        return len(self.network.layers)

    def at(self, quantity: str, layer: int, *index: int) -> float:
        return self.written[quantity, layer, index]

    def entering(self, layer: int, row: int, into: int) -> float:
        return self.data.inputs[row][into] if layer == 1 else self.at("a", layer - 1, row, into)

    def weight(self, layer: int, out: int, into: int) -> float:
        weights = self.network.layers[layer - 1].weights
        assert weights is not None
        return weights[out][into]

    def bias(self, layer: int, unit: int) -> float | None:
        biases = self.network.layers[layer - 1].biases
        return None if biases is None else biases[unit]

    def target(self, row: int, unit: int) -> float:
        assert self.data.targets is not None
        return self.data.targets[row][unit]

    def output(self, row: int, unit: int) -> float:
        return self.at("a", self.depth, row, unit)

    @property
    def share(self) -> float:
        """What stands before each term of the loss."""
        loss, outputs = self.network.loss, self.network.layers[-1].units
        over_outputs = 1 / outputs if loss.outputs == "mean" else 1.0
        return loss.factor * over_outputs * (1 / self.rows if loss.batch == "mean" else 1.0)

    def work(self, slips: Mapping[Place, Rule] | None = None) -> Paper:
        """Write every number down, each from those before it, with another rule where one is given."""
        for place in places(self.network, self.rows):
            self.right[place] = round(RIGHT[place[0]](self, place), self.decimals) + 0.0
            rule = (slips or {}).get(place)
            self.written[place] = self.right[place] if rule is None else round(rule(self, place), self.decimals) + 0.0
        return self


def places(network: Network, rows: int) -> Iterator[Place]:
    """Yield every number of a pass, in an order in which it can be worked out."""
    depth = len(network.layers)
    for layer, spec in enumerate(network.layers, start=1):
        for quantity in ("z", "a"):
            yield from ((quantity, layer, (row, unit)) for row in range(rows) for unit in range(spec.units))
    yield "loss", 0, ()
    if not network.is_fused:
        yield from (("dL_do", 0, (row, unit)) for row in range(rows) for unit in range(network.layers[-1].units))
    for layer in range(depth, 0, -1):
        yield from _places_back(network, rows, layer)
    for layer, spec in enumerate(network.layers, start=1):
        for out in range(spec.units):
            for into in range(spec.inputs):
                yield "step", layer, (out, into)
                yield "W", layer, (out, into)
            if spec.biases is not None:
                yield "b", layer, (out,)


def _places_back(network: Network, rows: int, layer: int) -> Iterator[Place]:
    """The numbers of a layer on the way back."""
    spec, is_last = network.layers[layer - 1], layer == len(network.layers)
    cells = [(row, unit) for row in range(rows) for unit in range(spec.units)]
    if not is_last:
        yield from (("dL_da", layer, cell) for cell in cells)
    if not (is_last and network.is_fused):
        if spec.activation == "softmax":
            yield from (("da_dz", layer, (*cell, other)) for cell in cells for other in range(spec.units))
        elif spec.activation != "identity":
            yield from (("da_dz", layer, cell) for cell in cells)
    yield from (("delta", layer, cell) for cell in cells)
    for out in range(spec.units):
        yield from (("dW", layer, (out, into)) for into in range(spec.inputs))
        if spec.biases is not None:
            yield "db", layer, (out,)


def sum_at(paper: Paper, place: Place, bias: float = 1.0) -> float:
    _, layer, (row, unit) = place
    inputs = paper.network.layers[layer - 1].inputs
    total = sum(paper.weight(layer, unit, into) * paper.entering(layer, row, into) for into in range(inputs))
    return total + bias * (paper.bias(layer, unit) or 0.0)


def activation_at(paper: Paper, place: Place, function: str = "") -> float:
    _, layer, (row, unit) = place
    spec = paper.network.layers[layer - 1]
    if (function or spec.activation) == "softmax":
        powers = [math.exp(paper.at("z", layer, row, other)) for other in range(spec.units)]
        return powers[unit] / sum(powers)
    return FUNCTIONS[function or spec.activation][0](paper.at("z", layer, row, unit))


def loss_at(paper: Paper, place: Place, term: Callable[[float, float], float] | None = None) -> float:
    kind = paper.network.loss.kind

    def right(o: float, y: float) -> float:
        if kind == "squared_error":
            return (o - y) ** 2
        if kind == "binary_cross_entropy":
            return -(y * _log(o) + (1 - y) * _log(1 - o))
        return -y * _log(o)

    units = range(paper.network.layers[-1].units)
    total = sum(
        (term or right)(paper.output(row, unit), paper.target(row, unit)) for row in range(paper.rows) for unit in units
    )
    return paper.share * total


def _log(value: float) -> float:
    return math.log(max(value, 1e-4))


def error_at(paper: Paper, place: Place) -> float:
    _, _, (row, unit) = place
    return 2 * paper.share * (paper.output(row, unit) - paper.target(row, unit))


def back_at(paper: Paper, place: Place, weight: Callable[[int, int], float] | None = None, paths: int = 99) -> float:
    _, layer, (row, unit) = place
    above = range(min(paper.network.layers[layer].units, paths))

    def right(out: int, into: int) -> float:
        return paper.weight(layer + 1, out, into)

    return sum(paper.at("delta", layer + 1, row, out) * (weight or right)(out, unit) for out in above)


def _local(paper: Paper, place: Place) -> float:
    _, layer, (row, unit, *others) = place
    spec = paper.network.layers[layer - 1]
    a = paper.at("a", layer, row, unit)
    if spec.activation == "softmax":
        (other,) = others
        return a * ((unit == other) - paper.at("a", layer, row, other))
    return FUNCTIONS[spec.activation][1](paper.at("z", layer, row, unit), a)


def arriving_at(paper: Paper, layer: int, row: int, unit: int) -> float:
    return paper.at("dL_do", 0, row, unit) if layer == paper.depth else paper.at("dL_da", layer, row, unit)


def delta_at(paper: Paper, place: Place) -> float:
    _, layer, (row, unit) = place
    spec = paper.network.layers[layer - 1]
    if layer == paper.depth and paper.network.is_fused:
        return paper.share * (paper.output(row, unit) - paper.target(row, unit))
    if spec.activation == "softmax":
        units = range(spec.units)
        return sum(arriving_at(paper, layer, row, k) * paper.at("da_dz", layer, row, k, unit) for k in units)
    local = 1.0 if spec.activation == "identity" else paper.at("da_dz", layer, row, unit)
    return arriving_at(paper, layer, row, unit) * local


def slope_at(paper: Paper, place: Place) -> float:
    _, layer, (out, into) = place
    return sum(paper.at("delta", layer, row, out) * paper.entering(layer, row, into) for row in range(paper.rows))


def _bias_slope(paper: Paper, place: Place) -> float:
    _, layer, (unit,) = place
    return sum(paper.at("delta", layer, row, unit) for row in range(paper.rows))


def _step(paper: Paper, place: Place) -> float:
    return paper.network.learning_rate * paper.written["dW", place[1], place[2]]


def _new_weight(paper: Paper, place: Place) -> float:
    return paper.weight(place[1], *place[2]) - paper.written["step", place[1], place[2]]


def _new_bias(paper: Paper, place: Place) -> float:
    old = paper.bias(place[1], place[2][0])
    assert old is not None
    return old - paper.network.learning_rate * paper.written["db", place[1], place[2]]


RIGHT: Mapping[str, Rule] = {
    "z": sum_at,
    "a": activation_at,
    "loss": loss_at,
    "dL_do": error_at,
    "dL_da": back_at,
    "da_dz": _local,
    "delta": delta_at,
    "dW": slope_at,
    "db": _bias_slope,
    "step": _step,
    "W": _new_weight,
    "b": _new_bias,
}
