"""A pass written a second time: plain Python loops over single numbers, straight from the definitions.

Shares no code with the package and takes no short cut: one sample at a time, the whole Jacobian of softmax, the
cross-entropies' slopes in the output, and never the o − y that they fold to.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from nn_tutor.network.spec import ActivationName, Layer, Loss, Network

Row = list[float]
Rows = list[Row]


@dataclass
class Looped:
    """What the loops found; indexed as the records are."""

    z: list[Rows] = field(default_factory=list)
    a: list[Rows] = field(default_factory=list)
    rows: Row = field(default_factory=list)
    loss: float = 0.0
    dL_do: Rows = field(default_factory=list)
    delta: list[Rows] = field(default_factory=list)
    delta_sample: list[Rows] = field(default_factory=list)
    dX: Rows = field(default_factory=list)
    dW: list[Rows] = field(default_factory=list)
    db: list[Row] = field(default_factory=list)
    new_W: list[Rows] = field(default_factory=list)
    new_b: list[Row | None] = field(default_factory=list)


def pass_in_loops(network: Network, W: list[Rows], b: list[Row | None], X: Rows, Y: Rows | None) -> Looped:
    """Run one pass on a batch."""
    found = Looped()
    depth = len(network.layers)
    for number in range(depth):
        found.z.append([])
        found.a.append([])
        found.delta.append([])
        found.delta_sample.append([])
        found.dW.append([[0.0] * len(W[number][0]) for _ in W[number]])
        found.db.append([0.0] * len(W[number]))
    share = 1 / len(X) if network.loss.batch == "mean" else 1.0
    for index, x in enumerate(X):
        y = None if Y is None else Y[index]
        _one_sample(network, W, b, x, y, share, found)
    found.loss = share * sum(found.rows)
    for number in range(depth):
        for out, weights in enumerate(W[number]):
            for into, w in enumerate(weights):
                found.loss += network.l2 / 2 * w**2
                found.dW[number][out][into] += network.l2 * w
        found.new_W.append(_stepped(network, network.layers[number], W[number], found.dW[number]))
        own_b = b[number]
        if own_b is None:
            found.new_b.append(None)
        elif network.layers[number].train_biases:
            found.new_b.append([o - network.learning_rate * g for o, g in zip(own_b, found.db[number], strict=True)])
        else:
            found.new_b.append(list(own_b))
    return found


def _one_sample(
    network: Network, W: list[Rows], b: list[Row | None], x: Row, y: Row | None, share: float, found: Looped
) -> None:
    depth = len(network.layers)
    entering = [x]
    for number in range(depth):
        z = []
        own_b = b[number]
        for out, weights in enumerate(W[number]):
            total = 0.0 if own_b is None else own_b[out]
            for w, value in zip(weights, entering[-1], strict=True):
                total += w * value
            z.append(total)
        a = _activate(network.layers[number], z)
        found.z[number].append(z)
        found.a[number].append(a)
        entering.append(a)
    o = entering[-1]
    y = o if y is None else y
    scale = network.loss.factor / (len(o) if network.loss.outputs == "mean" else 1)
    found.rows.append(scale * sum(_term(network.loss, ok, yk) for ok, yk in zip(o, y, strict=True)))
    above = [scale * _term_slope(network.loss, ok, yk) for ok, yk in zip(o, y, strict=True)]
    found.dL_do.append([share * slope for slope in above])
    for number in reversed(range(depth)):
        z, a = found.z[number][-1], entering[number + 1]
        jacobian = _jacobian(network.layers[number], z, a)
        delta = [sum(above[i] * jacobian[i][j] for i in range(len(a))) for j in range(len(z))]
        found.delta_sample[number].append(delta)
        found.delta[number].append([share * d for d in delta])
        for out, d in enumerate(delta):
            found.db[number][out] += share * d
            for into, value in enumerate(entering[number]):
                found.dW[number][out][into] += share * d * value
        above = [
            sum(delta[out] * W[number][out][into] for out in range(len(delta))) for into in range(len(entering[number]))
        ]
    found.dX.append([share * slope for slope in above])


def _stepped(network: Network, layer: Layer, W: Rows, dW: Rows) -> Rows:
    return [
        [
            w if (out, into) in layer.frozen else w - network.learning_rate * dW[out][into]
            for into, w in enumerate(weights)
        ]
        for out, weights in enumerate(W)
    ]


def _activate(layer: Layer, z: Row) -> Row:
    if layer.activation == "softmax":
        powers = [math.exp(value) for value in z]
        return [power / sum(powers) for power in powers]
    return [_FUNCTIONS[layer.activation](layer)[0](value) for value in z]


def _jacobian(layer: Layer, z: Row, a: Row) -> Rows:
    def entry(i: int, j: int) -> float:
        if layer.activation == "softmax":
            return a[i] * (1 - a[i]) if i == j else -a[i] * a[j]
        return _FUNCTIONS[layer.activation](layer)[1](z[i]) if i == j else 0.0

    return [[entry(i, j) for j in range(len(z))] for i in range(len(z))]


def _phi(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _capital_phi(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2


def _cubic(z: float) -> float:
    return math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)


_Pair = tuple[Callable[[float], float], Callable[[float], float]]

_FUNCTIONS: dict[ActivationName, Callable[[Layer], _Pair]] = {
    "identity": lambda layer: (lambda z: z, lambda z: 1.0),
    "sigmoid": lambda layer: (
        lambda z: 1 / (1 + math.exp(-z)),
        lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2,
    ),
    "tanh": lambda layer: (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "relu": lambda layer: (lambda z: z if z > 0 else 0.0, lambda z: 1.0 if z > 0 else 0.0),
    "leaky_relu": lambda layer: (
        lambda z: z if z > 0 else (layer.slope or 0.01) * z,
        lambda z: 1.0 if z > 0 else (layer.slope or 0.01),
    ),
    "elu": lambda layer: (lambda z: z if z > 0 else math.exp(z) - 1, lambda z: 1.0 if z > 0 else math.exp(z)),
    "softplus": lambda layer: (lambda z: math.log(1 + math.exp(z)), lambda z: math.exp(z) / (1 + math.exp(z))),
    "silu": lambda layer: (
        lambda z: z / (1 + math.exp(-z)),
        lambda z: (1 + math.exp(-z) + z * math.exp(-z)) / (1 + math.exp(-z)) ** 2,
    ),
    "gelu": lambda layer: (lambda z: z * _capital_phi(z), lambda z: _capital_phi(z) + z * _phi(z)),
    "gelu_tanh": lambda layer: (
        lambda z: z / (1 + math.exp(-2 * _cubic(z))),
        lambda z: (
            1 / (1 + math.exp(-2 * _cubic(z)))
            + z * math.sqrt(2 / math.pi) * (1 + 0.134145 * z * z) / (2 * math.cosh(_cubic(z)) ** 2)
        ),
    ),
}
"""Each elementwise activation and its slope, for one number, in a form other than the package's where there is one."""


def _term(loss: Loss, o: float, y: float) -> float:
    if loss.kind == "squared_error":
        return (o - y) ** 2
    if loss.kind == "absolute_error":
        return o - y if o > y else y - o
    if loss.kind == "huber":
        delta, size = loss.delta or 1.0, abs(o - y)
        return size**2 / 2 if size <= delta else delta * size - delta**2 / 2
    if loss.kind == "hinge":
        return 1 - y * o if y * o < 1 else 0.0
    if loss.kind == "binary_cross_entropy":
        return -y * math.log(o) - (1 - y) * math.log(1 - o)
    if loss.kind == "categorical_cross_entropy":
        return -y * math.log(o)
    return o


def _term_slope(loss: Loss, o: float, y: float) -> float:
    if loss.kind == "squared_error":
        return 2 * (o - y)
    if loss.kind == "absolute_error":
        return 1.0 if o > y else -1.0 if o < y else 0.0
    if loss.kind == "huber":
        delta = loss.delta or 1.0
        return o - y if abs(o - y) <= delta else delta if o > y else -delta
    if loss.kind == "hinge":
        return -y if y * o < 1 else 0.0
    if loss.kind == "binary_cross_entropy":
        return -y / o + (1 - y) / (1 - o)
    if loss.kind == "categorical_cross_entropy":
        return -y / o
    return 1.0
