"""The activation functions: one entry each, with the function, its derivative, and how both are written and said.

All work elementwise on arrays `[row, unit]`, softmax along the units. A derivative takes both `z` and `a = f(z)`, since
some are shortest in `a`. NumPy's overflow in `exp` ends in the right limit (0 or 1), so callers silence it. Where a
function has a corner at z = 0, its slope there is the one from the left, as in PyTorch.

Sources: ELU, Clevert and others (2016), with α = 1; SiLU, also called swish, Elfwing and others (2018); GELU, Hendrycks
and Gimpel (2016), both its exact form and the one with tanh.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.elementary import Array as Array
from nn_tutor.network.elementary import normal_cdf, normal_pdf, relu, sigmoid, softmax
from nn_tutor.network.spec import LEAK, ActivationName, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """An activation `a = f(z)`: all that is numbers and text. Its SymPy form is in `nn_tutor.calculus.functions`.

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
    has_joint: bool = False
    """Whether two pieces meet at z = 0, where the slope, or how fast it changes, jumps."""
    gate: str = ""
    """What z is multiplied by, with `{z}`, of an activation that is z times a gate; "" of any other."""
    typed: str = ""
    """The name under which a learner may type it as a function of one number; "" where there is none."""
    other_form: ActivationName | None = None
    """What other sources compute under the same name; None where all mean the same."""

    @property
    def called(self) -> str:
        """What the function is called in a sentence or a title."""
        others = {"leaky_relu": "leaky ReLU", "gelu_tanh": "GELU with tanh", "identity": "the identity"}
        return others.get(self.name, self.sign)


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


def _elu(z: Array) -> Array:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))


def _elu_derivative(z: Array, a: Array) -> Array:
    return np.exp(np.minimum(z, 0.0))


def _elu_slope_change(z: Array) -> Array:
    return np.where(z > 0, 0.0, np.exp(np.minimum(z, 0.0)))


def _softplus(z: Array) -> Array:
    return np.logaddexp(0.0, z)


def _silu(z: Array) -> Array:
    return z * sigmoid(z)


def _silu_derivative(z: Array, a: Array) -> Array:
    gate = sigmoid(z)
    return gate + z * gate * (1 - gate)


def _silu_slope_change(z: Array) -> Array:
    gate = sigmoid(z)
    return gate * (1 - gate) * (2 + z * (1 - 2 * gate))


def _gelu(z: Array) -> Array:
    return z * normal_cdf(z)


def _gelu_derivative(z: Array, a: Array) -> Array:
    return normal_cdf(z) + z * normal_pdf(z)


def _gelu_slope_change(z: Array) -> Array:
    return normal_pdf(z) * (2 - z * z)


_ROOT, _CUBE = math.sqrt(2 / math.pi), 0.044715


def _inner(z: Array) -> tuple[Array, Array, Array]:
    """tanh(u) of GELU's tanh form, and the first and second derivative of u; beyond ±100 tanh(u) has long been ±1."""
    z = np.clip(z, -100.0, 100.0)
    return np.tanh(_ROOT * (z + _CUBE * z**3)), _ROOT * (1 + 3 * _CUBE * z * z), 6 * _ROOT * _CUBE * z


def _gelu_tanh(z: Array) -> Array:
    return 0.5 * z * (1 + _inner(z)[0])


def _gelu_tanh_derivative(z: Array, a: Array) -> Array:
    t, first, _ = _inner(z)
    return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * first


def _gelu_tanh_slope_change(z: Array) -> Array:
    t, first, second = _inner(z)
    return np.asarray((1 - t * t) * (first + 0.5 * z * (second - 2 * t * first * first)))


def _softmax_derivative(z: Array, a: Array) -> Array:
    jacobian: Array = a[..., :, None] * (np.eye(a.shape[-1]) - a[..., None, :])
    return jacobian


def _leaky_relu(slope: float) -> Activation:
    written = f"{slope:.12g}"
    return Activation(
        name="leaky_relu",
        function=lambda z: np.where(z > 0, z, slope * z),
        derivative=lambda z, a: np.where(z > 0, 1.0, slope),
        slope_in="z",
        slope_change=np.zeros_like,
        code=f"np.maximum({slope!r} * z, z)",
        derivative_code=f"1.0 if z > 0 else {slope!r}",
        sign="leaky",
        written=f"max({written}·{{z}}, {{z}})",
        slope_written=f"1 if {{z}} > 0 else {written}",
        in_words=f"leaky ReLU lets z through above zero, and a small part of it below: there it is {written}·z",
        slope_in_words="leaky ReLU is two straight lines that meet at 0: its slope is 1 above, and the small number of "
        "its rule at 0 and below",
        reach=(-math.inf, math.inf),
        has_joint=True,
    )


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
            typed="sigmoid",
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
            typed="tanh",
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
            typed="relu",
            function=relu,
            derivative=_relu_derivative,
            slope_in="z",
            slope_change=np.zeros_like,
            code="np.maximum(z, 0.0)",
            derivative_code="float(z > 0)",
            sign="ReLU",
            written="max(0, {z})",
            slope_written="1 if {z} > 0 else 0",
            in_words="ReLU lets z through above zero and cuts it below: max(0, z)",
            slope_in_words="the slope of ReLU is that of the line it follows: z itself above zero, flat below",
            reach=(0.0, math.inf),
            has_joint=True,
        ),
        _leaky_relu(LEAK),
        Activation(
            name="elu",
            typed="elu",
            function=_elu,
            derivative=_elu_derivative,
            slope_in="z",
            slope_change=_elu_slope_change,
            code="z if z > 0 else np.expm1(z)",
            derivative_code="1.0 if z > 0 else np.exp(z)",
            sign="ELU",
            written="{z} if {z} > 0 else e^{z} − 1",
            slope_written="1 if {z} > 0 else e^{z}",
            in_words="ELU lets z through above zero; below it is e to the power z, minus one, and never under −1",
            slope_in_words="above zero the slope of ELU is that of z itself; below it is that of e to the power z, "
            "which is its own slope",
            reach=(-1.0, math.inf),
            has_joint=True,
        ),
        Activation(
            name="softplus",
            typed="softplus",
            function=_softplus,
            derivative=lambda z, a: sigmoid(z),
            slope_in="z",
            slope_change=lambda z: sigmoid(z) * sigmoid(-z),
            code="np.logaddexp(0.0, z)",
            derivative_code="sigmoid(z)",
            sign="softplus",
            written="ln(1 + e^{z})",
            slope_written="σ({z})",
            in_words="softplus is ReLU with its corner rounded off: ln of one plus e to the power z",
            slope_in_words="the slope of ln(u) is 1/u times that of u = 1 + e to the power z: together they are σ(z)",
            reach=(0.0, math.inf),
        ),
        Activation(
            name="silu",
            typed="silu",
            function=_silu,
            derivative=_silu_derivative,
            slope_in="z",
            slope_change=_silu_slope_change,
            code="z * sigmoid(z)",
            derivative_code="sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))",
            sign="SiLU",
            written="{z}·σ({z})",
            gate="σ({z})",
            slope_written="σ({z}) + {z}·σ({z})·(1 − σ({z}))",
            in_words="SiLU, also called swish, is z times the sigmoid of z: a gate that opens as z grows",
            slope_in_words="SiLU is a product, so its slope has two parts: the gate σ(z), and z times the slope of the "
            "gate",
            reach=(-0.2784645427610738, math.inf),
        ),
        Activation(
            name="gelu",
            typed="gelu",
            other_form="gelu_tanh",
            function=_gelu,
            derivative=_gelu_derivative,
            slope_in="z",
            slope_change=_gelu_slope_change,
            code="z * normal_cdf(z)",
            derivative_code="normal_cdf(z) + z * normal_pdf(z)",
            sign="GELU",
            written="{z}·Φ({z})",
            gate="Φ({z})",
            slope_written="Φ({z}) + {z}·φ({z})",
            in_words="GELU is z times Φ(z), the share of the standard normal distribution below z: a gate that opens "
            "as z grows",
            slope_in_words="GELU is a product, so its slope has two parts: the gate Φ(z), and z times the slope of the "
            "gate, the bell curve φ(z)",
            reach=(-0.16997120747990369, math.inf),
        ),
        Activation(
            name="gelu_tanh",
            other_form="gelu",
            function=_gelu_tanh,
            derivative=_gelu_tanh_derivative,
            slope_in="z",
            slope_change=_gelu_tanh_slope_change,
            code="0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))",
            derivative_code="0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))"
            " + 0.5 * z * (1 - np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))**2)"
            " * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2)",
            sign="GELU",
            written="½·{z}·(1 + tanh(sqrt(2/π)·({z} + 0.044715·{z}³)))",
            gate="½·(1 + tanh(…))",
            slope_written="½·(1 + t) + ½·{z}·(1 − t²)·sqrt(2/π)·(1 + 0.134145·{z}²), "
            "t = tanh(sqrt(2/π)·({z} + 0.044715·{z}³))",
            in_words="this GELU is z times a gate that tanh draws: ½·(1 + tanh of a cubic in z), close to Φ(z)",
            slope_in_words="this GELU is a product, so its slope has two parts: the gate, and z times the slope of the "
            "gate; that of tanh is 1 − tanh²",
            reach=(-0.17004075057125412, math.inf),
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
            in_words="e to the power of its z, divided by the sum of the same over every z",
            slope_in_words="where one output grows the others shrink: aᵢ·(1 − aᵢ) for its own z, −aᵢ·aⱼ for another",
            reach=(0.0, 1.0),
        ),
    )
}


CALLED_IN_CODE: dict[str, Callable[[Array], Array]] = {
    "sigmoid": sigmoid,
    "softmax": softmax,
    "normal_cdf": normal_cdf,
    "normal_pdf": normal_pdf,
}
"""The functions that the lines of code call by name."""


@lru_cache(maxsize=64)
def activation_named(name: ActivationName, slope: float | None = None) -> Activation:
    """Return the record of an activation; `slope` is that of a leaky ReLU below 0, where it is not the usual one."""
    return ACTIVATIONS[name] if slope is None or slope == LEAK else _leaky_relu(slope)


def activation_of(layer: Layer) -> Activation:
    """Return the record of a layer's activation."""
    return ACTIVATIONS[layer.activation] if layer.slope is None else activation_named(layer.activation, layer.slope)
