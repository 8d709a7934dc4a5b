"""The functions that activations and losses are made of, and that programs call by their names.

All work on arrays `[row, unit]`, softmax along the units. NumPy's overflow in `exp` ends in the right limit (0 or 1),
so callers silence it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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


def normal_cdf(z: Array) -> Array:
    """Φ(z), the share of a standard normal distribution that lies below z; exact in both tails."""
    return np.asarray(_cdf(z), dtype=np.float64)


def normal_pdf(z: Array) -> Array:
    """φ(z), the bell curve: the slope of Φ."""
    return np.asarray(np.exp(-z * z / 2) / math.sqrt(2 * math.pi))


_cdf = np.frompyfunc(lambda z: math.erfc(-z / math.sqrt(2)) / 2, 1, 1)  # NumPy has no erfc
