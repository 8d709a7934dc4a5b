"""Learners who work a pass on paper, with 4 decimals, and slip now and then: written without any of the tutor's code.

What a learner does is plain arithmetic on lists; a slip is another rule in the place of the right one, in one number or
in every number of a layer. Everything after it is worked on with what stands on the paper.
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
VISIBLE = 0.05
"""A slip counts that moves its number by more than this part of what is at stake in it, …"""
UNITS = 12
"""… and by more than so many units of the last decimal."""

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


def _z(paper: Paper, place: Place, bias: float = 1.0) -> float:
    _, layer, (row, unit) = place
    inputs = paper.network.layers[layer - 1].inputs
    total = sum(paper.weight(layer, unit, into) * paper.entering(layer, row, into) for into in range(inputs))
    return total + bias * (paper.bias(layer, unit) or 0.0)


def _a(paper: Paper, place: Place, function: str = "") -> float:
    _, layer, (row, unit) = place
    spec = paper.network.layers[layer - 1]
    if (function or spec.activation) == "softmax":
        powers = [math.exp(paper.at("z", layer, row, other)) for other in range(spec.units)]
        return powers[unit] / sum(powers)
    return FUNCTIONS[function or spec.activation][0](paper.at("z", layer, row, unit))


def _loss(paper: Paper, place: Place, term: Callable[[float, float], float] | None = None) -> float:
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


def _error(paper: Paper, place: Place) -> float:
    _, _, (row, unit) = place
    return 2 * paper.share * (paper.output(row, unit) - paper.target(row, unit))


def _back(paper: Paper, place: Place, weight: Callable[[int, int], float] | None = None, paths: int = 99) -> float:
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


def _arriving(paper: Paper, layer: int, row: int, unit: int) -> float:
    return paper.at("dL_do", 0, row, unit) if layer == paper.depth else paper.at("dL_da", layer, row, unit)


def _delta(paper: Paper, place: Place) -> float:
    _, layer, (row, unit) = place
    spec = paper.network.layers[layer - 1]
    if layer == paper.depth and paper.network.is_fused:
        return paper.share * (paper.output(row, unit) - paper.target(row, unit))
    if spec.activation == "softmax":
        units = range(spec.units)
        return sum(_arriving(paper, layer, row, k) * paper.at("da_dz", layer, row, k, unit) for k in units)
    local = 1.0 if spec.activation == "identity" else paper.at("da_dz", layer, row, unit)
    return _arriving(paper, layer, row, unit) * local


def _slope(paper: Paper, place: Place) -> float:
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
    "z": _z,
    "a": _a,
    "loss": _loss,
    "dL_do": _error,
    "dL_da": _back,
    "da_dz": _local,
    "delta": _delta,
    "dW": _slope,
    "db": _bias_slope,
    "step": _step,
    "W": _new_weight,
    "b": _new_bias,
}


# Slips


def _of(place: Place) -> tuple[int, int]:
    return place[2][0], place[2][1]


def _slope_at_output(paper: Paper, place: Place) -> float:
    _, layer, (row, unit) = place
    a = paper.at("a", layer, row, unit)
    function, slope = FUNCTIONS[paper.network.layers[layer - 1].activation]
    return slope(a, function(a))


def _samples(paper: Paper, place: Place, rows: range) -> float:
    _, layer, index = place
    deltas = [(row, paper.at("delta", layer, row, index[0])) for row in rows]
    if place[0] == "db":
        return sum(delta for _, delta in deltas)
    return sum(delta * paper.entering(layer, row, index[1]) for row, delta in deltas)


def _g(paper: Paper, place: Place) -> float:
    return paper.written["db" if place[0] == "b" else "dW", place[1], place[2]]


def _w(paper: Paper, place: Place) -> float:
    old = paper.bias(place[1], place[2][0]) if place[0] == "b" else paper.weight(place[1], *place[2])
    assert old is not None
    return old


def _lr(paper: Paper) -> float:
    return paper.network.learning_rate


def _is_squared(paper: Paper) -> bool:
    return paper.network.loss.kind == "squared_error"


def _is_single(paper: Paper, place: Place) -> bool:
    """Whether a layer's activation works on each unit alone."""
    return paper.network.layers[place[1] - 1].activation != "softmax"


Applies = Callable[[Paper, Place], bool]


@dataclass(frozen=True)
class Slip:
    """A wrong rule: its name, where it can be made, and what it comes to; `ids` are the names that fit it."""

    name: str
    quantity: str
    rule: Rule
    applies: Applies = lambda paper, place: True


SLIPS: tuple[Slip, ...] = (
    Slip("forgot-bias", "z", lambda p, at: _z(p, at, 0.0), lambda p, at: p.bias(at[1], 0) is not None),
    Slip("subtracted-bias", "z", lambda p, at: _z(p, at, -1.0), lambda p, at: p.bias(at[1], 0) is not None),
    Slip(
        "added-for-multiplied",
        "z",
        lambda p, at: (
            sum(
                p.weight(at[1], at[2][1], into) + p.entering(at[1], at[2][0], into)
                for into in range(p.network.layers[at[1] - 1].inputs)
            )
            + (p.bias(at[1], at[2][1]) or 0.0)
        ),
    ),
    Slip(
        "one-product",
        "z",
        lambda p, at: p.weight(at[1], at[2][1], 0) * p.entering(at[1], at[2][0], 0) + (p.bias(at[1], at[2][1]) or 0.0),
        lambda p, at: p.network.layers[at[1] - 1].inputs > 1,
    ),
    Slip(
        "transposed",
        "z",
        lambda p, at: (
            sum(
                p.weight(at[1], into, at[2][1]) * p.entering(at[1], at[2][0], into)
                for into in range(p.network.layers[at[1] - 1].inputs)
            )
            + (p.bias(at[1], at[2][1]) or 0.0)
        ),
        lambda p, at: p.network.layers[at[1] - 1].inputs == p.network.layers[at[1] - 1].units > 1,
    ),
    Slip("activation-skipped", "a", lambda p, at: p.at("z", at[1], *at[2])),
    Slip("sigmoid-instead", "a", lambda p, at: _a(p, at, "sigmoid"), _is_single),
    Slip("tanh-instead", "a", lambda p, at: _a(p, at, "tanh"), _is_single),
    Slip("relu-instead", "a", lambda p, at: _a(p, at, "relu"), _is_single),
    Slip("not-squared", "loss", lambda p, at: _loss(p, at, lambda o, y: o - y), lambda p, at: _is_squared(p)),
    Slip("squares-apart", "loss", lambda p, at: _loss(p, at, lambda o, y: o * o - y * y), lambda p, at: _is_squared(p)),
    Slip("forgot-two", "dL_do", lambda p, at: _error(p, at) / 2, lambda p, at: _is_squared(p)),
    Slip("flipped-sign", "dL_do", lambda p, at: -_error(p, at)),
    Slip("forgot-target", "dL_do", lambda p, at: 2 * p.share * p.output(*_of(at))),
    Slip("one-path", "dL_da", lambda p, at: _back(p, at, None, 1), lambda p, at: p.network.layers[at[1]].units > 1),
    Slip(
        "not-transposed",
        "dL_da",
        lambda p, at: _back(p, at, lambda out, into: p.weight(at[1] + 1, into, out)),
        lambda p, at: p.network.layers[at[1]].units == p.network.layers[at[1]].inputs > 1,
    ),
    Slip(
        "updated-weights",
        "dL_da",
        lambda p, at: _back(
            p, at, lambda out, into: p.weight(at[1] + 1, out, into) - _lr(p) * p.at("dW", at[1] + 1, out, into)
        ),
    ),
    Slip("forgot-weights", "dL_da", lambda p, at: _back(p, at, lambda out, into: 1.0)),
    Slip("value-for-slope", "da_dz", lambda p, at: p.at("a", at[1], *_of(at)), _is_single),
    Slip(
        "slope-at-output",
        "da_dz",
        _slope_at_output,
        lambda p, at: p.network.layers[at[1] - 1].activation in ("sigmoid", "tanh"),
    ),
    Slip(
        "forgot-slope",
        "delta",
        lambda p, at: _arriving(p, at[1], *_of(at)),
        lambda p, at: ("da_dz", at[1], at[2]) in p.written,
    ),
    Slip("flipped-sign", "delta", lambda p, at: -_delta(p, at)),
    Slip("forgot-input", "dW", lambda p, at: p.at("delta", at[1], 0, at[2][0]), lambda p, at: p.rows == 1),
    Slip(
        "weight-for-input",
        "dW",
        lambda p, at: p.at("delta", at[1], 0, at[2][0]) * p.weight(at[1], *at[2]),
        lambda p, at: p.rows == 1,
    ),
    Slip(
        "sum-for-activation",
        "dW",
        lambda p, at: p.at("delta", at[1], 0, at[2][0]) * p.at("z", at[1] - 1, 0, at[2][1]),
        lambda p, at: at[1] > 1 and p.rows == 1,
    ),
    Slip("first-sample", "dW", lambda p, at: _samples(p, at, range(1)), lambda p, at: p.rows > 1),
    Slip("flipped-sign", "dW", lambda p, at: -_slope(p, at)),
    Slip("first-sample", "db", lambda p, at: _samples(p, at, range(1)), lambda p, at: p.rows > 1),
    Slip("bias-zero", "db", lambda p, at: 0.0),
    Slip(
        "bias-times-input",
        "db",
        lambda p, at: p.at("delta", at[1], 0, at[2][0]) * p.entering(at[1], 0, 0),
        lambda p, at: p.rows == 1,
    ),
    Slip("no-rate", "step", _g),
    Slip("added-step", "W", lambda p, at: _w(p, at) + p.written["step", at[1], at[2]]),
    Slip("no-rate", "W", lambda p, at: _w(p, at) - _g(p, at)),
    Slip("step-alone", "W", lambda p, at: p.written["step", at[1], at[2]]),
    Slip("rate-on-weight", "W", lambda p, at: _lr(p) * _w(p, at) - _g(p, at)),
    Slip("added-step", "b", lambda p, at: _w(p, at) + _lr(p) * _g(p, at)),
    Slip("no-rate", "b", lambda p, at: _w(p, at) - _g(p, at)),
    Slip("slope-alone", "b", _g),
)
"""The wrong rules; each has a name that is this file's own."""


def at_stake(paper: Paper, place: Place) -> float:
    """Return how much a number is about: its own size, for a new parameter how far it moves."""
    if place[0] in ("W", "b"):
        return abs(paper.right[place] - _w(paper, place))
    return abs(paper.right[place])


def is_visible(paper: Paper, place: Place) -> bool:
    """Whether what stands on the paper differs from what should stand there by more than rounding can."""
    moved = abs(paper.written[place] - paper.right[place])
    return moved > max(VISIBLE * at_stake(paper, place), UNITS * 10.0**-paper.decimals)


@dataclass(frozen=True)
class Worked:
    """A paper with the slips made on it: for each its name and its places, those in which it shows."""

    paper: Paper
    slips: tuple[tuple[str, tuple[Place, ...]], ...] = ()


def clean(draw: random.Random) -> Worked:
    """Return the paper of a learner who makes no slip."""
    return Worked(Paper(*drawn_network(draw)).work())


def slipped(draw: random.Random, count: int = 1) -> Worked:
    """Return the paper of a learner who makes so many slips, each visible where it is made."""
    while True:
        network, data = drawn_network(draw)
        right = Paper(network, data).work()
        every = list(places(network, right.rows))
        chosen: list[tuple[str, list[Place], Rule]] = []
        for _ in range(count):
            where = draw.choice(every)
            fitting = [one for one in SLIPS if one.quantity == where[0] and one.applies(right, where)]
            if not fitting:
                break
            slip, in_layer = draw.choice(fitting), draw.random() < 0.5
            made = [one for one in every if one[:2] == where[:2] and slip.applies(right, one)] if in_layer else [where]
            chosen.append((slip.name, made, slip.rule))
        if len({made[0][:2] for _, made, _ in chosen}) < count:
            continue
        rules = {place: rule for _, made, rule in chosen for place in made}
        try:
            paper = Paper(network, data).work(rules)
        except (OverflowError, ValueError, ZeroDivisionError):
            continue
        shown = tuple((name, tuple(one for one in made if is_visible(paper, one))) for name, made, _ in chosen)
        # A slip that can only just be seen somewhere is none to be told from rounding.
        faint = any(
            paper.written[one] != paper.right[one]
            for _, made, _ in chosen
            for one in made
            if not is_visible(paper, one)
        )
        if all(made for _, made in shown) and not faint:
            return Worked(paper, shown)
