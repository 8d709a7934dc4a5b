"""A run with 50 digits, in plain loops: how far doubles may drift from it, whoever works with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from mpmath import mp, mpf, tanh

from nn_tutor.network.activations import Array
from nn_tutor.network.records import Parameters
from nn_tutor.network.rules import stepped_rate
from nn_tutor.network.spec import Data, Network
from nn_tutor.network.training import Batches

DIGITS = 50

Numbers = list[list[Any]]

FUNCTIONS: dict[str, Any] = {
    "identity": (lambda z: z, lambda a: mpf(1)),
    "sigmoid": (lambda z: 1 / (1 + mp.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (tanh, lambda a: 1 - a * a),
}
"""Each activation, and its slope from its value."""


class Exact:
    """Weights and biases as numbers of many digits, with what is remembered of each."""

    def __init__(self, network: Network, start: Parameters) -> None:
        self.network = network
        self.values = [_exact(array) for array in _both(start)]
        self.before: dict[str, list[Numbers]] = {
            name: [[[mpf(0)] * len(row) for row in own] for own in self.values] for name in ("velocity", "m", "v")
        }

    def step(self, X: Array, Y: Array, number: int) -> None:
        """Do one pass on a batch."""
        own, lr = self.network.optimizer, mpf(self.network.learning_rate)
        if own.schedule.kind == "step":
            lr = stepped_rate(lr, mpf(own.schedule.factor), own.schedule.every, number)
        for place, (values, slopes) in enumerate(zip(self.values, self._slopes(_exact(X), _exact(Y)), strict=True)):
            is_weight = place % 2 == 0
            for i, row in enumerate(values):
                for j, value in enumerate(row):
                    g = slopes[i][j] + (mpf(self.network.l2) * value if is_weight else 0)
                    kept = lr * mpf(own.weight_decay) * value if is_weight else mpf(0)
                    row[j] = value - lr * self._direction(place, i, j, g, number) - kept

    def _direction(self, place: int, i: int, j: int, g: Any, t: int) -> Any:
        own = self.network.optimizer
        velocity, m, v = (self.before[name][place][i] for name in ("velocity", "m", "v"))
        match own.rule:
            case "gradient-descent":
                return g
            case "momentum" | "nesterov":
                velocity[j] = mpf(own.momentum) * velocity[j] + g
                return velocity[j] if own.rule == "momentum" else g + mpf(own.momentum) * velocity[j]
            case "rmsprop":
                v[j] = mpf(own.decay) * v[j] + (1 - mpf(own.decay)) * g * g
                return g / (mp.sqrt(v[j]) + mpf(own.epsilon))
            case _:
                beta1, beta2 = mpf(own.beta1), mpf(own.beta2)
                m[j] = beta1 * m[j] + (1 - beta1) * g
                v[j] = beta2 * v[j] + (1 - beta2) * g * g
                return m[j] / (1 - beta1**t) / (mp.sqrt(v[j] / (1 - beta2**t)) + mpf(own.epsilon))

    def _slopes(self, X: Numbers, Y: Numbers) -> list[Numbers]:
        """The slopes of the mean squared error in weights and biases, layer by layer."""
        layers, activations = self.network.layers, [X]
        for place, layer in enumerate(layers):
            W, b = self.values[2 * place], self.values[2 * place + 1]
            function = FUNCTIONS[layer.activation][0]
            activations.append(
                [
                    [function(_dot(weights, row) + (b[0][unit] if b else 0)) for unit, weights in enumerate(W)]
                    for row in activations[-1]
                ]
            )
        count = len(Y) * len(Y[0])
        pairs = zip(activations[-1], Y, strict=True)
        arriving = [[2 * (o - y) / count for o, y in zip(*pair, strict=True)] for pair in pairs]
        found: list[Numbers] = []
        for place in range(len(layers) - 1, -1, -1):
            W, slope, below = self.values[2 * place], FUNCTIONS[layers[place].activation][1], activations[place]
            rows = zip(arriving, activations[place + 1], strict=True)
            delta = [[g * slope(a) for g, a in zip(*row, strict=True)] for row in rows]
            columns = list(zip(*delta, strict=True))
            inputs = list(zip(*below, strict=True))
            found = [[[_dot(column, one) for one in inputs] for column in columns], [list(map(_sum, columns))], *found]
            arriving = [[_dot(row, column) for column in zip(*W, strict=True)] for row in delta]
        return [slopes if self.values[place] else [] for place, slopes in enumerate(found)]


def _exact(array: Array | None) -> Numbers:
    return [] if array is None else [[mpf(float(value)) for value in row] for row in np.atleast_2d(array)]


def _both(start: Parameters) -> list[Array | None]:
    return [array for pair in zip(start.W, start.b, strict=True) for array in pair]


def _dot(left: Sequence[Any], right: Sequence[Any]) -> Any:
    return _sum([one * other for one, other in zip(left, right, strict=True)])


def _sum(values: Sequence[Any]) -> Any:
    return mp.fsum(values)


def exactly(network: Network, data: Data, start: Parameters, steps: int) -> list[Array]:
    """Return weights and biases after so many steps, worked out with `DIGITS` digits, then rounded to doubles."""
    with mp.workdps(DIGITS):
        run, batches = Exact(network, start), Batches(network, data)
        for number in range(1, steps + 1):
            _, X, Y = batches.at(number)
            assert Y is not None
            run.step(X, Y, number)
        arrays = [np.array(own, dtype=float) for own in run.values if own]
    shapes = [array.shape for array in _both(start) if array is not None]
    assert all(math.prod(shape) == array.size for shape, array in zip(shapes, arrays, strict=True))
    return [array.reshape(shape) for shape, array in zip(shapes, arrays, strict=True)]
