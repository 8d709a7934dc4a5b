"""The losses: one entry each, with the terms, their derivative and the lines of code that are shown.

A term belongs to one output of one sample; `Loss.scale` brings the factor and the averaging. Cross-entropy after its
own activation is taken from the logits z, which stays exact where sigmoid or softmax have long become 0 or 1. Its slope
in o alone grows there like e^|z|: it is held where it would leave the range of numbers (the slope in z never does).
At a corner, where o = y for the absolute error and y·o = 1 for the hinge loss, the slope is taken as 0, as in PyTorch.

Sources: Huber (1964) for the loss that bears his name; the hinge loss as in Cortes and Vapnik (1995).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nn_tutor.dataclass import dataclass
from nn_tutor.network.elementary import Array, sigmoid
from nn_tutor.network.spec import HUBER_DELTA, Loss, LossKind, Network

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
    slope_written: str
    """Its slope likewise, as a factor: in brackets where it is a sum; times `slope_times`."""
    in_words: str
    slope_in_words: str
    """The rules as a sentence; a hint. `{total}` and `{scaled}` are where sum and scale are told."""
    fused_terms: Callable[[Array, Array, Array], Array] | None = None
    fused_derivative: Callable[[Array, Array, Array], Array] | None = None
    slope_times: float = 1.0
    side_of_joint: Callable[[Array, Array], Array] | None = None
    """Of a loss of several pieces: maps `(o, y)` to the side of their joint on which each output stands."""
    joints: Callable[[float], tuple[float, ...]] | None = None
    """Of such a loss: the outputs at which pieces meet, for a target."""


def loss_function(network: Network) -> LossFunction:
    """Return the entry for the network's loss, the one from logits where loss and last activation are fused."""
    return _FROM_LOGITS[network.loss.kind] if network.is_fused else loss_of(network.loss)


def loss_of(loss: Loss) -> LossFunction:
    """Return the entry for a loss, taken from the outputs alone."""
    return LOSSES[loss.kind] if loss.delta is None else _with_delta(loss.delta)


@lru_cache(maxsize=64)
def _with_delta(delta: float) -> LossFunction:
    return LOSSES["huber"] if delta == HUBER_DELTA else _huber(delta)


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


def _absolute_terms(z: Array, o: Array, y: Array) -> Array:
    return np.abs(o - y)


def _absolute_derivative(z: Array, o: Array, y: Array) -> Array:
    return np.sign(o - y)


def _hinge_terms(z: Array, o: Array, y: Array) -> Array:
    return np.maximum(0.0, 1 - y * o)


def _hinge_derivative(z: Array, o: Array, y: Array) -> Array:
    return np.where(y * o < 1, -y, 0.0)


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


def _huber(delta: float) -> LossFunction:
    def terms(z: Array, o: Array, y: Array) -> Array:
        e = o - y
        near = np.clip(e, -delta, delta)
        return near * (e - near / 2)

    d, half = f"{delta:.12g}", f"{delta / 2:.12g}"
    outside = f"|o − y| − {half}" if delta == 1 else f"{d}·(|o − y| − {half})"
    return LossFunction(
        terms,
        lambda z, o, y: np.clip(o - y, -delta, delta),
        curvature=lambda o, y: (np.abs(o - y) <= delta).astype(np.float64),
        code=f"np.where(np.abs(o - y) <= {delta!r}, 0.5 * (o - y)**2, {delta!r} * (np.abs(o - y) - {delta / 2!r}))",
        derivative_code=f"np.clip(o - y, -{delta!r}, {delta!r})",
        badge=f"huber(o − y), δ = {d}",
        written=f"½·(o − y)² if |o − y| ≤ {d} else {outside}",
        slope_written=f"max(−{d}, min({d}, o − y))",
        in_words=f"half the square of o − y up to a size of {d}; beyond that a straight line{{total}}{{scaled}}",
        slope_in_words=f"the slope is o − y itself, but cut off at {d} and −{d}{{scaled}}",
        side_of_joint=lambda o, y: np.sign(np.abs(o - y) - delta),
        joints=lambda y: (y - delta, y + delta),
    )


LOSSES: dict[LossKind, LossFunction] = {
    "squared_error": LossFunction(
        _squared_terms,
        _squared_derivative,
        curvature=lambda o, y: np.full_like(o, 2.0),
        code="(o - y)**2",
        derivative_code="2 * (o - y)",
        badge="(o − y)²",
        written="(o − y)²",
        slope_written="(o − y)",
        slope_times=2.0,
        in_words="output minus target, squared{total}{scaled}",
        slope_in_words="the slope of a square e² is twice e, and e is o − y{scaled}",
    ),
    "absolute_error": LossFunction(
        _absolute_terms,
        _absolute_derivative,
        curvature=lambda o, y: np.zeros_like(o),
        code="np.abs(o - y)",
        derivative_code="np.sign(o - y)",
        badge="|o − y|",
        written="|o − y|",
        slope_written="sign(o − y)",
        in_words="the size of the error: output minus target, without its sign{total}{scaled}",
        slope_in_words="the slope of |o − y| is 1 where o is too large and −1 where it is too small, however large the "
        "error; at o = y, the corner, it is taken as 0{scaled}",
        side_of_joint=lambda o, y: np.sign(o - y),
        joints=lambda y: (y,),
    ),
    "huber": _huber(HUBER_DELTA),
    "hinge": LossFunction(
        _hinge_terms,
        _hinge_derivative,
        curvature=lambda o, y: np.zeros_like(o),
        code="np.maximum(0.0, 1 - y * o)",
        derivative_code="-y * (y * o < 1)",
        badge="max(0, 1 − y·o)",
        written="max(0, 1 − y·o)",
        slope_written="(−y if y·o < 1 else 0)",
        in_words="how far y·o is short of the margin of 1, and 0 where it is not short of it{total}{scaled}",
        slope_in_words="−y while y·o is below the margin of 1; from the margin on the loss is flat{scaled}",
        side_of_joint=lambda o, y: np.sign(1 - y * o),
        joints=lambda y: (1 / y,) if y else (),
    ),
    "binary_cross_entropy": LossFunction(
        _binary_terms,
        _binary_derivative,
        curvature=lambda o, y: y / (o * o) + (1 - y) / ((1 - o) * (1 - o)),
        code="-(y * np.log(o) + (1 - y) * np.log1p(-o))",
        derivative_code="(o - y) / (o * (1 - o))",
        badge="cross-entropy",
        written="−(y·ln(o) + (1 − y)·ln(1 − o))",
        slope_written="(o − y)/(o·(1 − o))",
        in_words="−ln of the probability of what happened; in general −(y·ln(o) + (1 − y)·ln(1 − o)){scaled}",
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
        slope_written="−y/o",
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
        slope_written="1",
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
