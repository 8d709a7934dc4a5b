"""The activation functions: one entry each, with the function, its derivative and the lines of code that are shown.

All work elementwise on arrays `[row, unit]`, softmax along the units. A derivative takes both `z` and `a = f(z)`, since
most are shortest in `a`. NumPy's overflow in `exp` ends in the right limit (0 or 1), so callers silence it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tutor.network.spec import ActivationName

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation `a = f(z)`.

    `function` maps z `[row, unit]` to a of the same shape. `derivative` maps `(z, a)` to ∂a/∂z `[row, unit]`, for
    softmax the whole Jacobian `[row, i, j]` = ∂aᵢ/∂zⱼ. `code` and `derivative_code` are the expressions that ran, in
    `z` and `a`. `slope_in` says in which of the two the derivative is written, and `slope_change` is its derivative in
    that one (of softmax: that of the diagonal).
    """

    name: ActivationName
    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    code: str
    derivative_code: str
    slope_in: Literal["z", "a", "nothing"]
    slope_change: Callable[[Array], Array]


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
        Activation("identity", _identity, _identity_derivative, "z", "1.0", "nothing", np.zeros_like),
        Activation("sigmoid", sigmoid, _sigmoid_derivative, "sigmoid(z)", "a * (1 - a)", "a", lambda a: 1 - 2 * a),
        Activation("tanh", np.tanh, _tanh_derivative, "np.tanh(z)", "1 - a * a", "a", lambda a: -2 * a),
        Activation(
            "relu", relu, _relu_derivative, "np.maximum(z, 0.0)", "(z > 0).astype(np.float64)", "z", np.zeros_like
        ),
        Activation(
            "softmax", softmax, _softmax_derivative, "softmax(z)", "a[i] * ((i == j) - a[j])", "a", lambda a: 1 - 2 * a
        ),
    )
}
