"""A lesson as a NumPy program: its passes line by line, each printed number held against the lesson's.

A network of single weights with one sample is written in the very lines of the walk (`o = x * w`); any other with whole
arrays, whose lines are those of the walk without their indices, but for the sums, which become products of matrices.
One sample is a vector (`z = W @ x + b`), several are rows (`z = x @ W.T + b`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_tutor.export.source import Value, for_arrays, names_in, needed, without_indices
from nn_tutor.network.passes import Pass, array_of
from nn_tutor.network.quantities import Phase, Quantity, Ref, has_rows, shown_sign, stands_transposed
from nn_tutor.network.spec import Network
from nn_tutor.walkthrough.code import code_line, code_name
from nn_tutor.walkthrough.order import refs_of_pass

MAX_SHOWN = 64
"""An array of more numbers than this is computed, but not printed."""


_HELD = "  # this weight is held"


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of a pass: the name that it gives a value, the phase that it belongs to, the quantity it computes."""

    name: str
    code: str
    phase: Phase
    quantity: Quantity
    layer: int | None


def statements(network: Network, rows: int) -> list[Statement]:
    """Return the lines of one pass, in order: forward, loss, backward, update."""
    writer = _Scalars(network, rows) if network.is_scalar and rows == 1 else _Arrays(network, rows)
    every = list(writer.statements())
    wanted = [one.name for one in every if one.quantity in ("loss", "W", "b", "dW", "db")]
    kept = {name for name, _ in needed([(one.name, one.code) for one in every], wanted)}
    return [one for one in every if one.name in kept]


class _Scalars:
    """The lines of a network of single weights with one sample: those of the walk as they are."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows

    def statements(self) -> Iterator[Statement]:
        """Yield every line of the pass."""
        for ref in refs_of_pass(self.network, self.rows):
            name, line = code_name(self.network, self.rows, ref), code_line(self.network, self.rows, ref)
            yield Statement(name, line, ref.phase, ref.quantity, ref.layer)


class _Arrays:
    """The lines of any other network, each for all numbers of a quantity at once."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows
        self.depth = len(network.layers)
        self.is_one = rows == 1
        self.turned = network.conventions.transposes_weights
        self.minus = "-" if shown_sign(network, Ref("dL_do", None, (0, 0))) < 0 else ""

    def statements(self) -> Iterator[Statement]:
        """Yield every line of the pass."""
        for layer in range(1, self.depth + 1):
            if self.network.layers[layer - 1].activation != "identity":
                yield self._line("z", layer, self._weighted_sum(layer))
            yield self._activated(layer)
        yield self._alike("loss", None)
        yield self._alike("dL_do", None)
        for layer in range(self.depth, 0, -1):
            yield from self._backward(layer)
        for layer in range(1, self.depth + 1):
            yield from self._update(layer)

    def _line(self, quantity: Quantity, layer: int | None, expression: str) -> Statement:
        name = self._name(quantity, layer)
        phase = Ref(quantity, layer).phase
        return Statement(name, f"{name} = {expression}", phase, quantity, layer)

    def _alike(self, quantity: Quantity, layer: int | None) -> Statement:
        """A line that is the same for each number: the walk's own, without its indices."""
        line = without_indices(code_line(self.network, self.rows, self._usual(quantity, layer)))
        expression = for_arrays(line).partition(" = ")[2]
        if quantity == "dL_do" and not names_in(expression):  # the same slope everywhere
            o = self._name("a", self.depth)
            expression = f"np.ones_like({o})" if expression == "1.0" else f"np.full_like({o}, {expression})"
        return self._line(quantity, layer, expression)

    def _usual(self, quantity: Quantity, layer: int | None) -> Ref:
        """An element whose line stands for the others: the first one that is not held."""
        spec = self.network.layers[(layer or self.depth) - 1]
        if quantity == "loss":
            return Ref(quantity)
        if quantity in ("W", "step", "dW"):
            places = [(out, into) for out in range(spec.units) for into in range(spec.inputs)]
            return Ref(quantity, layer, next((place for place in places if place not in spec.frozen), (0, 0)))
        return Ref(quantity, layer, (0,) if quantity in ("b", "db") else (0, 0))

    def _name(self, quantity: Quantity, layer: int | None) -> str:
        return code_name(self.network, self.rows, self._usual(quantity, layer)).partition("[")[0]

    def _old(self, quantity: Quantity, layer: int) -> str:
        return self._name(quantity, layer).removesuffix("_new")

    def _entering(self, layer: int) -> str:
        return "x" if layer == 1 else self._name("a", layer - 1)

    def _weighted_sum(self, layer: int) -> str:
        W, x = self._old("W", layer), self._entering(layer)
        if self.network.is_scalar:
            text = f"{x} * {W}"
        elif self.turned:
            text = f"{x} @ {W}"
        else:
            text = f"{W} @ {x}" if self.is_one else f"{x} @ {W}.T"
        return text + (f" + {self._old('b', layer)}" if self._has_biases(layer) else "")

    def _activated(self, layer: int) -> Statement:
        activation = self.network.layers[layer - 1].activation
        if activation == "identity":
            return self._line("a", layer, self._weighted_sum(layer))
        if activation == "softmax":
            return self._line("a", layer, f"softmax({self._name('z', layer)})")
        return self._alike("a", layer)

    def _backward(self, layer: int) -> Iterator[Statement]:
        activation = self.network.layers[layer - 1].activation
        above = self._name("dL_do", None) if layer == self.depth else self._name("dL_da", layer)
        arriving = above if activation == "identity" else self._name("delta", layer)
        if layer == self.depth and self.network.is_fused:
            arriving = self._name("delta", layer)
            yield self._alike("delta", layer)
        elif activation == "softmax":
            yield from self._through_softmax(layer, above)
        elif activation != "identity":
            yield self._alike("da_dz", layer)
            yield self._line("delta", layer, f"{above} * {self._name('da_dz', layer)}")
        yield self._line("dW", layer, self._slope_of_weights(layer, arriving))
        if self._has_biases(layer):
            axis = "" if self.network.is_scalar else ", axis=0"
            summed = arriving if self.is_one else f"np.sum({arriving}{axis})"
            yield self._line("db", layer, self.minus + summed)
        if layer > 1:
            yield self._line("dL_da", layer - 1, self._back(layer, arriving))

    def _through_softmax(self, layer: int, above: str) -> Iterator[Statement]:
        """Every z moves every output: the slopes of a softmax are a matrix for each sample."""
        a, units = self._name("a", layer), self.network.layers[layer - 1].units
        if self.is_one:
            yield self._line("da_dz", layer, f"np.diag({a}) - np.outer({a}, {a})")
            yield self._line("delta", layer, f"{above} @ {self._name('da_dz', layer)}")
        else:
            yield self._line("da_dz", layer, f"{a}[:, :, None] * (np.eye({units}) - {a}[:, None, :])")
            yield self._line("delta", layer, f"np.einsum('ri,rij->rj', {above}, {self._name('da_dz', layer)})")

    def _slope_of_weights(self, layer: int, arriving: str) -> str:
        x = self._entering(layer)
        first, second = (x, arriving) if self.turned else (arriving, x)
        if self.network.is_scalar:
            text = f"{self.minus}{arriving} @ {x}"
        elif self.is_one:
            text = f"{self.minus}np.outer({first}, {second})"
        else:
            text = f"{self.minus}{first}.T @ {second}"
        return text + (f" + l2 * {self._old('W', layer)}" if self.network.l2 else "")

    def _back(self, layer: int, arriving: str) -> str:
        """Back through the weights: the sum over every path."""
        W = self._old("W", layer)
        if self.network.is_scalar:
            return f"{arriving} * {W}"
        if self.is_one:
            return f"{W} @ {arriving}" if self.turned else f"{W}.T @ {arriving}"
        return f"{arriving} @ {W}{'.T' if self.turned else ''}"

    def _update(self, layer: int) -> Iterator[Statement]:
        spec = self.network.layers[layer - 1]
        old, dW = self._old("W", layer), self._name("dW", layer)
        flips = self.network.conventions.flips_step
        if self.network.is_scalar and spec.frozen:
            if flips:
                yield self._line("step", layer, "0.0")
            yield self._line("W", layer, f"{old}{_HELD}")
        elif flips:
            yield self._line("step", layer, f"-lr * {dW}")
            yield from self._held("step", layer, "0.0")
            yield self._line("W", layer, f"{old} + {self._name('step', layer)}")
        else:
            yield self._line("W", layer, f"{old} - lr * {dW}")
            yield from self._held("W", layer, old)
        if self._has_biases(layer):
            bias, held = self._old("b", layer), not spec.train_biases
            yield self._line("b", layer, bias if held else f"{bias} - lr * {self._name('db', layer)}")

    def _held(self, quantity: Quantity, layer: int, kept: str) -> Iterator[Statement]:
        """What a weight that is held keeps: its place in an array, or a number."""
        for place in sorted(self.network.layers[layer - 1].frozen):
            index = ", ".join(map(str, place[::-1] if self.turned else place))
            name = self._name(quantity, layer)
            value = f"{kept}[{index}]" if kept.isidentifier() else kept
            yield Statement(name, f"{name}[{index}] = {value}{_HELD}", "update", quantity, layer)

    def _has_biases(self, layer: int) -> bool:
        return self.network.layers[layer - 1].biases is not None


def value_in_program(network: Network, passed: Pass, quantity: Quantity, layer: int | None) -> Value:
    """Return a quantity in the shape and with the sign in which the program has it."""
    array = np.array(array_of(passed, quantity, layer))
    ref = Ref(quantity, layer, (0,) * array.ndim)
    array = array * shown_sign(network, ref) if shown_sign(network, ref) < 0 else array
    if stands_transposed(network, quantity):
        array = array.T
    return as_in_program(network, array, by_row=has_rows(quantity))


def as_in_program(network: Network, array: np.ndarray, *, by_row: bool) -> Value:
    """Return an array as nested lists: without the row of a single sample, a single weight as a number."""
    if network.is_scalar:
        array = array.reshape(array.shape[:1] if by_row else ())
    if by_row and array.shape[0] == 1:
        array = array[0]
    value: Value = array.tolist()
    return value
