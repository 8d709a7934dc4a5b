"""Mistakes on the way forward: at the asked sum or activation itself, or in a layer below and carried up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.workings import onward
from nn_tutor.network.activations import ACTIVATIONS, Array, activation_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import ActivationName

USUAL: tuple[ActivationName, ...] = ("sigmoid", "tanh", "relu")
"""The activations that are mistaken for others."""

ROUND: frozenset[ActivationName] = frozenset({"identity", "sigmoid", "tanh", "softmax"})
"""The activations that nobody takes for ReLU below 0: a 0 is typed in their place when nothing else comes to mind."""

HALVES: frozenset[tuple[ActivationName, ActivationName]] = frozenset({("leaky_relu", "relu"), ("silu", "sigmoid")})
"""An activation and a half of it: to take that for the whole is a mistake of its own, such as a leak forgotten."""

MAX_PRODUCTS = 8
"""Of a longer sum, single products are only tried for the first inputs."""


def _below(case: Case) -> range:
    """The layers, counted from 0, whose weighted sums lead to the asked number."""
    return range(case.layer + 1) if case.ref.quantity in ("z", "a") else range(0)


def _from_sum(case: Case, layer: int, z: Array) -> float:
    """What the asked number becomes when the weighted sums of a layer are others."""
    return from_activation(case, layer, activation_of(case.network.layers[layer]).function(z), z)


def from_activation(case: Case, layer: int, a: Array, z: Array | None = None) -> float:
    """What the asked number becomes when the activations of a layer are others."""
    if layer == case.layer:
        return float((a if case.ref.quantity == "a" or z is None else z)[case.index])
    reached = onward(case.network, case.passed, layer, a, case.layer)
    if case.ref.quantity == "a":
        reached = activation_of(case.spec).function(reached)
    return float(reached[case.index])


def _entering(case: Case, layer: int) -> Array:
    return case.workings.entering[layer]


def written_sum(case: Case, layer: int) -> str:
    """How the weighted sum of a layer is written."""
    total = "Σ " if case.network.layers[layer].inputs > 1 else ""
    bias = "" if case.network.layers[layer].biases is None else f" + {case.b(layer)}"
    return f"{total}{case.w(layer)}·{case.x(layer)}{bias}"


def _wrong_sums(case: Case, theirs: Callable[[int], str], wrong: Callable[[int], Array | None]) -> Iterator[Slip]:
    """A slip for each layer in which the weighted sums can go wrong in a certain way."""
    for layer in _below(case):
        z = wrong(layer)
        if z is not None:
            yield Slip(_from_sum(case, layer, z), case.weighted_sum(layer), theirs(layer), written_sum(case, layer))


def _forgot_bias(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        b = case.passed.before.b[layer]
        return None if b is None else case.passed.forward.z[layer] - b

    yield from _wrong_sums(case, lambda layer: written_sum(case, layer).removesuffix(f" + {case.b(layer)}"), wrong)
    with_biases = [layer for layer in _below(case) if case.network.layers[layer].biases is not None]
    if len(with_biases) > 1:
        a = case.passed.X
        for layer in range(case.layer + 1):
            z = a @ case.passed.before.W[layer].T
            a = activation_of(case.network.layers[layer]).function(z)
        value = float((a if case.ref.quantity == "a" else z)[case.index])
        yield Slip(value, case.weighted_sum(case.layer), "Σ w·x in every layer", "Σ w·x + b in every layer")


def _subtracted_bias(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        b = case.passed.before.b[layer]
        return None if b is None else case.passed.forward.z[layer] - 2 * b

    yield from _wrong_sums(case, lambda layer: written_sum(case, layer).replace(" + ", " − "), wrong)


def _added(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        W, b, x = case.passed.before.W[layer], case.passed.before.b[layer], _entering(case, layer)
        total = W.sum(axis=1) + x.sum(axis=1, keepdims=True)
        return np.asarray(total if b is None else total + b)

    yield from _wrong_sums(case, lambda layer: written_sum(case, layer).replace("·", " + "), wrong)


def _one_product(case: Case) -> Iterator[Slip]:
    for layer in _below(case):
        W, b, x = case.passed.before.W[layer], case.passed.before.b[layer], _entering(case, layer)
        if W.shape[1] == 1:
            continue
        for into in range(min(W.shape[1], MAX_PRODUCTS)):
            product = np.outer(x[:, into], W[:, into])
            for bias in (None,) if b is None else (None, b):
                z = product if bias is None else product + bias
                theirs = f"{case.w(layer)}·{case.x(layer)}" + ("" if bias is None else f" + {case.b(layer)}")
                yield Slip(_from_sum(case, layer, z), case.weighted_sum(layer), theirs, written_sum(case, layer))


def _transposed(case: Case) -> Iterator[Slip]:
    """A column of W in the place of a row; where it is shorter, the inputs beyond it are left out."""

    def wrong(layer: int) -> Array | None:
        W, b = case.passed.before.W[layer], case.passed.before.b[layer]
        units, inputs = W.shape
        if units == 1 or inputs == 1:
            return None
        taken = W.copy()
        taken[:inputs] = 0.0
        both = min(units, inputs)
        taken[:both, :both] = W[:both, :both].T
        z = _entering(case, layer) @ taken.T
        return np.asarray(z if b is None else z + b)

    yield from _wrong_sums(
        case, lambda layer: written_sum(case, layer).replace(case.w(layer), f"{case.w(layer)}ᵀ"), wrong
    )


def _crosswise(case: Case) -> Iterator[Slip]:
    """Of two inputs each with the other's weight."""

    def wrong(layer: int) -> Array | None:
        W, b = case.passed.before.W[layer], case.passed.before.b[layer]
        if W.shape[1] != 2:
            return None
        z = _entering(case, layer) @ W[:, ::-1].T
        return np.asarray(z if b is None else z + b)

    yield from _wrong_sums(case, lambda layer: f"{written_sum(case, layer)} with the inputs exchanged", wrong)


def _skipped(case: Case) -> Iterator[Slip]:
    for layer in activated_layers(case):
        value = from_activation(case, layer, case.passed.forward.z[layer])
        yield Slip(value, case.a(layer), case.z(layer), written_activation(case, layer))


def _twice(case: Case) -> Iterator[Slip]:
    for layer in activated_layers(case):
        function = activation_of(case.network.layers[layer]).function
        value = from_activation(case, layer, function(case.passed.forward.a[layer]))
        once = written_activation(case, layer)
        yield Slip(value, case.a(layer), f"{case.f(layer)}({once})", once)


def _another(case: Case) -> Iterator[Slip]:
    for layer in _below(case):
        if case.ref.quantity == "z" and layer == case.layer:
            continue
        own = case.network.layers[layer].activation
        for other in USUAL:
            z = case.passed.forward.z[layer]
            a = ACTIVATIONS[other].function(z)
            is_skipped = own != "identity" and np.array_equal(a, z)  # ReLU above 0: the activation left out
            if other == own or (own, other) in HALVES or is_skipped:
                continue
            value = from_activation(case, layer, a)
            if not value and own in ROUND:
                continue
            yield Slip(value, case.a(layer), another_written(case, layer, other), written_activation(case, layer))


def activated_layers(case: Case) -> list[int]:
    """The layers whose activation lies on the way to the asked number and does something."""
    return [
        layer
        for layer in _below(case)
        if case.network.layers[layer].activation != "identity" and (case.ref.quantity == "a" or layer < case.layer)
    ]


def written_activation(case: Case, layer: int) -> str:
    """How the activation of a layer is written: the sum itself where there is none."""
    return f"{case.f(layer)}({case.z(layer)})" if case.f(layer) else written_sum(case, layer)


def another_written(case: Case, layer: int, other: ActivationName) -> str:
    """How another activation of a layer is written."""
    return f"{ACTIVATIONS[other].sign}({case.z(layer)})"


FORWARD: tuple[Mistake, ...] = (
    Mistake("forgot-bias", "forgot the bias", "the bias is added to the products", _forgot_bias),
    Mistake("subtracted-bias", "subtracted the bias", "the bias is added, whatever its sign", _subtracted_bias),
    Mistake(
        "added-instead-of-multiplied",
        "added weight and input instead of multiplying them",
        "each input is multiplied by its weight",
        _added,
    ),
    Mistake(
        "elementwise-product",
        "took one product instead of the sum of all",
        "a dot product adds up the products of all inputs with their weights",
        _one_product,
    ),
    Mistake(
        "matrix-transposed",
        "used a column of the weights instead of a row",
        "the weights of one unit stand in one row: W[out][in]",
        _transposed,
    ),
    Mistake(
        "inputs-exchanged",
        "gave each input the other one's weight",
        "of W[out][in] the first goes with the first input, the second with the second",
        _crosswise,
    ),
    Mistake("activation-skipped", "left out the activation", "the weighted sum goes through the activation", _skipped),
    Mistake(
        "activation-twice", "applied the activation twice", "the activation is applied once to the weighted sum", _twice
    ),
    Mistake(
        "another-activation",
        "applied a function that does not stand here",
        "look in the diagram which function stands there, if any",
        _another,
    ),
)
"""The mistakes of the forward pass."""
