"""The activation functions: one entry each, with the function, its derivative, and how both are written and said.

All work elementwise on arrays `[row, unit]`, softmax along the units. A derivative takes both `z` and `a = f(z)`, since
most are shortest in `a`. NumPy's overflow in `exp` ends in the right limit (0 or 1), so callers silence it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tutor.network.spec import ActivationName

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """An activation `a = f(z)`: all that is numbers and text. Its SymPy form is in `nn_tutor.calculus.symbols`.

    `function` maps z `[row, unit]` to a of the same shape. `derivative` maps `(z, a)` to ∂a/∂z `[row, unit]`, for
    softmax the whole Jacobian `[row, i, j]` = ∂aᵢ/∂zⱼ. `slope_in` says in which of the two the derivative is written,
    and `slope_change` is its derivative in that one (of softmax: that of the diagonal). `code` and `derivative_code`
    are the Python expressions for one number, in `z` and `a`; in those of softmax `z` is the whole layer.
    """

    name: ActivationName
    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    slope_in: Literal["z", "a", "nothing"]
    slope_change: Callable[[Array], Array]
    code: str
    derivative_code: str
    sign: str
    """What the function is called before a bracket; "" for the identity."""
    written: str
    """The function as a textbook writes it, with `{z}` for what goes in."""
    slope_written: str
    """The slope likewise, in `{a}` or `{z}`."""
    in_words: str
    slope_in_words: str
    """The rules as a sentence, with `{a}` and `{z}`; a hint."""
    reach: tuple[float, float]
    """The bounds between which every a lies."""
    has_kink: bool = False
    """Whether the slope jumps at z = 0."""


def sigmoid(z: Array) -> Array:
    """σ(z) = 1/(1 + e⁻ᶻ), between 0 and 1."""
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    """e^zᵢ / Σⱼ e^zⱼ along the units; the largest z is taken off first, so that nothing overflows."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def relu(z: Array) -> Array:
    """max(0, z)."""
    return np.maximum(z, 0.0)


def _identity(z: Array) -> Array:
    return z


def _identity_derivative(z: Array, a: Array) -> Array:
    return np.ones_like(z)


def _sigmoid_derivative(z: Array, a: Array) -> Array:
    return a * (1 - a)


def _tanh_derivative(z: Array, a: Array) -> Array:
    return 1 - a * a


def _relu_derivative(z: Array, a: Array) -> Array:
    return (z > 0).astype(np.float64)


def _softmax_derivative(z: Array, a: Array) -> Array:
    jacobian: Array = a[..., :, None] * (np.eye(a.shape[-1]) - a[..., None, :])
    return jacobian


ACTIVATIONS: dict[ActivationName, Activation] = {
    entry.name: entry
    for entry in (
        Activation(
            name="identity",
            function=_identity,
            derivative=_identity_derivative,
            slope_in="nothing",
            slope_change=np.zeros_like,
            code="z",
            derivative_code="1.0",
            sign="",
            written="{z}",
            slope_written="1",
            in_words="{a} is z itself",
            slope_in_words="without an activation {a} is z: where one grows, the other grows by as much",
            reach=(-math.inf, math.inf),
        ),
        Activation(
            name="sigmoid",
            function=sigmoid,
            derivative=_sigmoid_derivative,
            slope_in="a",
            slope_change=lambda a: 1 - 2 * a,
            code="sigmoid(z)",
            derivative_code="a * (1 - a)",
            sign="σ",
            written="σ({z})",
            slope_written="{a}·(1 − {a})",
            in_words="σ squashes z into 0 to 1: σ(z) = 1/(1 + e to the power −z)",
            slope_in_words="the slope of σ needs only the output: {a}·(1 − {a})",
            reach=(0.0, 1.0),
        ),
        Activation(
            name="tanh",
            function=np.tanh,
            derivative=_tanh_derivative,
            slope_in="a",
            slope_change=lambda a: -2 * a,
            code="np.tanh(z)",
            derivative_code="1 - a * a",
            sign="tanh",
            written="tanh({z})",
            slope_written="1 − {a}²",
            in_words="tanh squashes z into −1 to 1",
            slope_in_words="the slope of tanh needs only the output: one minus {a}²",
            reach=(-1.0, 1.0),
        ),
        Activation(
            name="relu",
            function=relu,
            derivative=_relu_derivative,
            slope_in="z",
            slope_change=np.zeros_like,
            code="np.maximum(z, 0.0)",
            derivative_code="float(z > 0)",
            sign="relu",
            written="max(0, {z})",
            slope_written="1 if {z} > 0 else 0",
            in_words="ReLU lets z through above zero and cuts it below: max(0, z)",
            slope_in_words="ReLU is a straight line above zero and flat below: its slope there",
            reach=(0.0, math.inf),
            has_kink=True,
        ),
        Activation(
            name="softmax",
            function=softmax,
            derivative=_softmax_derivative,
            slope_in="a",
            slope_change=lambda a: 1 - 2 * a,
            code="softmax(z)",
            derivative_code="a[i] * ((i == j) - a[j])",
            sign="softmax",
            written="softmax({z})",
            slope_written="{a}ᵢ·(1 if i = j else 0) − {a}ᵢ·{a}ⱼ",
            in_words="e to the power of each z, divided by the sum of them all",
            slope_in_words="where one output grows the others shrink: aᵢ·(1 − aᵢ) for its own z, −aᵢ·aⱼ for another",
            reach=(0.0, 1.0),
        ),
    )
}
