"""The losses: one entry each, with the terms, their derivative and the lines of code that are shown.

A term belongs to one output of one sample; `Loss.scale` brings the factor and the averaging. Cross-entropy after its
own activation is taken from the logits z, which stays exact where sigmoid or softmax have long become 0 or 1. Its slope
in o alone grows there like e^|z|: it is held where it would leave the range of numbers (the slope in z never does).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_tutor.network.activations import Array, sigmoid
from nn_tutor.network.spec import LossKind, Network

_FAR_LOGIT = 700.0
_MIN_OUTPUT = 1e-304


class DomainError(ArithmeticError):
    """A loss cannot be taken of an output: cross-entropy of a number that is not strictly between 0 and 1."""


@dataclass(frozen=True, slots=True)
class LossFunction:
    """A loss as a sum of terms over outputs: all that is numbers and text, one entry for each kind.

    `terms` maps `(z, o, y)`, each `[row, unit]`, to the terms of the same shape; `derivative` to ∂term/∂o. Both raise
    `DomainError` for an output that the loss cannot take. `curvature` maps `(o, y)` to ∂²term/∂o². `code` and
    `derivative_code` are one term's expression in `o` and `y`, as a textbook writes it; `badge` names the loss in a few
    letters. Where the loss is fused with its activation, `fused_terms` and `fused_derivative` take its place: the same,
    from the logits.
    """

    terms: Callable[[Array, Array, Array], Array]
    derivative: Callable[[Array, Array, Array], Array]
    curvature: Callable[[Array, Array], Array]
    code: str
    derivative_code: str
    badge: str
    written: str
    """A term as a textbook writes it."""
    in_words: str
    slope_in_words: str
    """The rules as a sentence; a hint. `{total}` and `{scaled}` are where sum and scale are told."""
    fused_terms: Callable[[Array, Array, Array], Array] | None = None
    fused_derivative: Callable[[Array, Array, Array], Array] | None = None


def loss_function(network: Network) -> LossFunction:
    """Return the entry for the network's loss, the one from logits where loss and last activation are fused."""
    return (_FROM_LOGITS if network.is_fused else LOSSES)[network.loss.kind]


def has_no_loss(network: Network, o: Array) -> NDArray[np.bool_]:
    """Return which outputs have no loss: those for which its terms raise `DomainError`."""
    if network.is_fused or not network.loss.takes_probabilities:
        return np.zeros(o.shape, dtype=np.bool_)
    return _is_no_probability(o, strictly_below_one=network.loss.kind == "binary_cross_entropy")


def _squared_terms(z: Array, o: Array, y: Array) -> Array:
    e = o - y
    return e * e


def _squared_derivative(z: Array, o: Array, y: Array) -> Array:
    return 2 * (o - y)


def _binary_terms(z: Array, o: Array, y: Array) -> Array:
    _check_probability(o, "binary cross-entropy", "sigmoid", strictly_below_one=True)
    return -(y * np.log(o) + (1 - y) * np.log1p(-o))


def _binary_derivative(z: Array, o: Array, y: Array) -> Array:
    _check_probability(o, "binary cross-entropy", "sigmoid", strictly_below_one=True)
    return (o - y) / (o * (1 - o))


def _binary_terms_from_logits(z: Array, o: Array, y: Array) -> Array:
    return np.asarray(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))


def _binary_derivative_from_logits(z: Array, o: Array, y: Array) -> Array:
    z = np.clip(z, -_FAR_LOGIT, _FAR_LOGIT)
    return (1 - y) / sigmoid(-z) - y / sigmoid(z)


def _categorical_terms(z: Array, o: Array, y: Array) -> Array:
    _check_probability(o, "categorical cross-entropy", "softmax", strictly_below_one=False)
    return -y * np.log(o)


def _categorical_derivative(z: Array, o: Array, y: Array) -> Array:
    _check_probability(o, "categorical cross-entropy", "softmax", strictly_below_one=False)
    return 0.0 - y / o


def _categorical_terms_from_logits(z: Array, o: Array, y: Array) -> Array:
    return np.asarray(y * np.logaddexp.reduce(z[..., None, :] - z[..., :, None], axis=-1))


def _categorical_derivative_from_logits(z: Array, o: Array, y: Array) -> Array:
    return 0.0 - y / np.maximum(o, _MIN_OUTPUT)


def _output_terms(z: Array, o: Array, y: Array) -> Array:
    return o


def _output_derivative(z: Array, o: Array, y: Array) -> Array:
    return np.ones_like(o)


def _check_probability(o: Array, name: str, its_activation: str, *, strictly_below_one: bool) -> None:
    wrong = _is_no_probability(o, strictly_below_one=strictly_below_one)
    if wrong.any():
        where = "strictly between 0 and 1" if strictly_below_one else "above 0 and at most 1"
        raise DomainError(
            f"{name} takes outputs {where}, but an output is {float(o[wrong][0]):.6g}: "
            f"its logarithm does not exist there; end the network with {its_activation}"
        )


def _is_no_probability(o: Array, *, strictly_below_one: bool) -> NDArray[np.bool_]:
    return np.asarray((o <= 0) | ((o >= 1) if strictly_below_one else (o > 1)))


LOSSES: dict[LossKind, LossFunction] = {
    "squared_error": LossFunction(
        _squared_terms,
        _squared_derivative,
        curvature=lambda o, y: np.full_like(o, 2.0),
        code="(o - y)**2",
        derivative_code="2 * (o - y)",
        badge="(o − y)²",
        written="(o − y)²",
        in_words="output minus target, squared{total}{scaled}",
        slope_in_words="the slope of a square e² is twice e, and e is o − y{scaled}",
    ),
    "binary_cross_entropy": LossFunction(
        _binary_terms,
        _binary_derivative,
        curvature=lambda o, y: y / (o * o) + (1 - y) / ((1 - o) * (1 - o)),
        code="-(y * np.log(o) + (1 - y) * np.log1p(-o))",
        derivative_code="(o - y) / (o * (1 - o))",
        badge="cross-entropy",
        written="−(y·ln(o) + (1 − y)·ln(1 − o))",
        in_words="−(y·ln(o) + (1 − y)·ln(1 − o)){scaled}",
        slope_in_words="of −y·ln(o) the slope is −y/o, of the other part (1 − y)/(1 − o)",
        fused_terms=_binary_terms_from_logits,
        fused_derivative=_binary_derivative_from_logits,
    ),
    "categorical_cross_entropy": LossFunction(
        _categorical_terms,
        _categorical_derivative,
        curvature=lambda o, y: y / (o * o),
        code="-y * np.log(o)",
        derivative_code="-y / o",
        badge="cross-entropy",
        written="−y·ln(o)",
        in_words="−ln of the output of the right class; in general −Σ y·ln(o)",
        slope_in_words="the slope of −y·ln(o) with respect to o is −y/o",
        fused_terms=_categorical_terms_from_logits,
        fused_derivative=_categorical_derivative_from_logits,
    ),
    "output": LossFunction(
        _output_terms,
        _output_derivative,
        curvature=lambda o, y: np.zeros_like(o),
        code="o",
        derivative_code="1.0",
        badge="o",
        written="o",
        in_words="here the output itself is what is differentiated",
        slope_in_words="L is the output here: where one grows, so does the other",
    ),
}
"""Every loss, taken from the outputs alone, never from the logits."""

_FROM_LOGITS: dict[LossKind, LossFunction] = {
    kind: replace(entry, terms=entry.fused_terms, derivative=entry.fused_derivative)
    for kind, entry in LOSSES.items()
    if entry.fused_terms is not None and entry.fused_derivative is not None
}
