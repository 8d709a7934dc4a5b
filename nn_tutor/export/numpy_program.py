"""A lesson as a NumPy program: its passes line by line, each printed number held against the lesson's.

A network of single weights with one sample is written in the very lines of the walk (`o = x * w`); any other with whole
arrays, whose lines are those of the walk without their indices, but for the sums, which become products of matrices.
One sample is a vector (`z = W @ x + b`), several are rows (`z = x @ W.T + b`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.export.source import Value, for_arrays, names_in, needed, without_indices
from nn_tutor.network.losses import loss_of
from nn_tutor.network.quantities import (
    QUANTITIES,
    TABLE,
    Phase,
    Quantity,
    Ref,
    has_rows,
    is_of_bias,
    layers_of,
    shown_sign,
    stands_transposed,
)
from nn_tutor.network.records import Pass, array_of
from nn_tutor.walkthrough.code import code_line, code_name
from nn_tutor.walkthrough.order import refs_of_pass

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.network.spec import Network

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


def statements(network: Network, rows: int, *, is_varying: bool = False, is_saturated: bool = False) -> list[Statement]:
    """Return the lines of one pass, in order: forward, loss, backward, update.

    `rows` are the samples of a batch; where it `is_varying`, a mean is taken over as many as there are. Where outputs
    are as good as 0 or 1, they are `is_saturated`, and a cross-entropy is taken from z, which stays exact.
    """
    writer = _Scalars(network, rows) if network.is_scalar and rows == 1 else _Arrays(network, rows)
    every = list(writer.statements())
    if is_varying and network.loss.batch == "mean":
        of_mean = ("loss", "dL_do", "delta")
        every = [replace(one, code=_over_all(one.code, rows)) if one.quantity in of_mean else one for one in every]
    if is_saturated and network.is_fused:
        z = code_name(network, rows, Ref("z", len(network.layers), (0, 0))).partition("[")[0]
        from_o, from_z = loss_of(network.loss).code, _FROM_Z[network.loss.kind].format(z=z)
        every = [replace(one, code=one.code.replace(from_o, from_z)) if one.name == "L" else one for one in every]
    wanted = [one.name for one in every if one.name.endswith("_new") or one.quantity in ("loss", "W", "b", "dW", "db")]
    kept = {name for name, _ in needed([(one.name, one.code) for one in every], wanted)}
    return [one for one in every if one.name in kept]


_FROM_Z = {
    "binary_cross_entropy": "y * np.logaddexp(0, -{z}) + (1 - y) * np.logaddexp(0, {z})",
    "categorical_cross_entropy": "y * (np.logaddexp.reduce({z}, axis=-1, keepdims=True) - {z})",
}
"""Cross-entropies without the outputs."""


def _over_all(code: str, rows: int) -> str:
    """Return a line whose mean over so many samples is one over as many as there are."""

    def divided(found: re.Match[str]) -> str:
        times = int(found[1]) // rows
        return " / len(x)" if times == 1 else f" / ({times} * len(x))"

    return re.sub(r" / (\d+)(?=$|\)$| \+ l2)", divided, code)


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
        yield from self._update()

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
        axes = TABLE[quantity].axes
        if axes == ("out", "in"):
            places = [(out, into) for out in range(spec.units) for into in range(spec.inputs)]
            return Ref(quantity, layer, next((place for place in places if place not in spec.frozen), (0, 0)))
        return Ref(quantity, layer, (0,) * len(axes) if axes else None)

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

    def _update(self) -> Iterator[Statement]:
        """The update, as the rule of the network makes it: what belongs to all parameters, then layer by layer."""
        own = [quantity for quantity in QUANTITIES if Ref(quantity).phase == "update"]
        for quantity in own:
            if not TABLE[quantity].has_layer and layers_of(self.network, quantity):
                yield self._norm() if quantity == "norm" else self._alike(quantity, None)
        for layer in range(1, self.depth + 1):
            for of_biases in (False, True):
                for quantity in own:
                    if is_of_bias(quantity) == of_biases and layer in layers_of(self.network, quantity):
                        yield from self._updated(quantity, layer)

    def _updated(self, quantity: Quantity, layer: int) -> Iterator[Statement]:
        """One line of the update of a layer, and what it keeps of the weights that are held."""
        spec = self.network.layers[layer - 1]
        is_held_whole = self.network.is_scalar and bool(spec.frozen)
        if quantity == "W" and is_held_whole:
            yield self._line("W", layer, f"{self._old('W', layer)}{_HELD}")
        elif quantity == "step" and is_held_whole:
            yield self._line("step", layer, "0.0")
        elif quantity == "W" and not self.network.conventions.flips_step and self._grows:
            old = self._old("W", layer)
            decay = f" - lr * weight_decay * {old}" if self.network.optimizer.weight_decay else ""
            yield self._line("W", layer, f"{old} - lr * {self._name('dW', layer)}{decay}")
        elif quantity == "step" and self._grows:
            yield self._line("step", layer, f"-lr * {self._name('dW', layer)}")
        elif quantity == "b" and spec.train_biases and self._grows:
            yield self._line("b", layer, f"{self._old('b', layer)} - lr * {self._name('db', layer)}")
        else:
            yield self._alike(quantity, layer)
        if quantity in ("W", "step") and spec.frozen and not is_held_whole:
            yield from self._held(quantity, layer, self._old("W", layer) if quantity == "W" else "0.0")

    @property
    def _grows(self) -> bool:
        """Whether the walk writes an update with η·δ·x, which for whole arrays is the slope again."""
        return bool(self.minus) and self.network.optimizer.goes_along_slope

    def _norm(self) -> Statement:
        """The length of all slopes together, without those of what is held."""
        squares = []
        for layer, spec in enumerate(self.network.layers, start=1):
            dW = self._name("dW", layer)
            places = sorted(spec.frozen)
            if not (self.network.is_scalar and places):
                squares.append(f"np.sum({dW}**2)")
                squares += [f"-{dW}[{self._index(place)}]**2" for place in places]
            if self._has_biases(layer) and spec.train_biases:
                squares.append(f"np.sum({self._name('db', layer)}**2)")
        return self._line("norm", None, f"np.sqrt({' + '.join(squares).replace('+ -', '- ') or '0.0'})")

    def _index(self, place: tuple[int, int]) -> str:
        return ", ".join(map(str, place[::-1] if self.turned else place))

    def _held(self, quantity: Quantity, layer: int, kept: str) -> Iterator[Statement]:
        """What a weight that is held keeps: its place in an array, or a number."""
        for place in sorted(self.network.layers[layer - 1].frozen):
            index, name = self._index(place), self._name(quantity, layer)
            value = f"{kept}[{index}]" if kept.isidentifier() else kept
            yield Statement(name, f"{name}[{index}] = {value}{_HELD}", "update", quantity, layer)

    def _has_biases(self, layer: int) -> bool:
        return self.network.layers[layer - 1].biases is not None


def value_in_program(network: Network, passed: Pass, quantity: Quantity, layer: int | None, *, is_one: bool) -> Value:
    """Return a quantity in the shape and with the sign in which the program has it; `is_one`: it takes one sample."""
    array = np.array(array_of(passed, quantity, layer))
    if shown_sign(network, Ref(quantity, layer, (0,) * array.ndim)) < 0:
        array = -array
    if stands_transposed(network, quantity):
        array = array.T
    return as_in_program(network, array, by_row=has_rows(quantity), is_one=is_one)


def as_in_program(network: Network, array: Array, *, by_row: bool, is_one: bool) -> Value:
    """Return an array as nested lists: without the row of a single sample, a single weight as a number."""
    if network.is_scalar:
        array = array.reshape(array.shape[:1] if by_row else ())
    if by_row and is_one:
        array = array[0]
    value: Value = array.tolist()
    return value
