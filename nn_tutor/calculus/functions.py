"""The activations of a network as SymPy functions, each printed as its record writes it; those of losses are beside.

Each carries its own `fdiff` in the form that a textbook prints; a test proves each against `diff` of its `definition`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import sympy
from sympy import Expr, Rational

from nn_tutor.network.activations import ACTIVATIONS, Activation, activation_named

if TYPE_CHECKING:
    from nn_tutor.network.spec import ActivationName

CUBE = Rational("0.044715")
"""The factor of z³ in the tanh form of GELU."""


class Written(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """A function that is printed as a record writes it: `letters` are the names of its first arguments in that text.

    Further arguments are numbers, and stand in the text already.
    """

    nargs = 1
    letters: ClassVar[tuple[str, ...]] = ("z",)
    written: ClassVar[str]

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is, in SymPy's own functions."""
        raise NotImplementedError

    def text(self) -> str:
        """What is printed, with each letter in braces: `max(0, {z})`."""
        return self.written


def as_defined(expression: Expr) -> Expr:
    """Return an expression in SymPy's own functions alone; one that is in them already comes back as it was built."""
    if not expression.atoms(Written):
        return expression
    return expression.replace(
        lambda part: isinstance(part, Written), lambda part: as_defined(type(part).definition(*part.args))
    )


class UnitStep(Written):
    """1 for z > 0, else 0: the slope of ReLU. At 0 it is 0, as NumPy's side has it; Heaviside would say ½."""

    written = ACTIVATIONS["relu"].slope_written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        return sympy.Piecewise((1, arguments[0] > 0), (0, True))


class Sigmoid(Written):
    """σ(z) = 1/(1 + e⁻ᶻ), with σ′ = σ·(1 − σ)."""

    written = ACTIVATIONS["sigmoid"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        return 1 / (1 + sympy.exp(-arguments[0]))

    def fdiff(self, argindex: int = 1) -> Expr:
        """σ·(1 − σ)."""
        return self * (1 - self)


class Tanh(Written):
    """tanh(z), with tanh′ = 1 − tanh²."""

    written = ACTIVATIONS["tanh"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return (sympy.exp(z) - sympy.exp(-z)) / (sympy.exp(z) + sympy.exp(-z))

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 − tanh²."""
        return 1 - self**2


class Relu(Written):
    """max(0, z), with the slope `UnitStep`."""

    written = ACTIVATIONS["relu"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return sympy.Piecewise((z, z > 0), (0, True))

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 for z > 0, else 0."""
        return UnitStep(self.args[0])


class LeakyRelu(Written):
    """z for z > 0, else s·z; the second argument is the number s."""

    nargs = 2

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        z, slope = arguments
        return sympy.Piecewise((z, z > 0), (slope * z, True))

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 for z > 0, else s."""
        return LeakyStep(*self.args)

    def text(self) -> str:
        """What is printed."""
        return _leaky(self.args[1]).written


class LeakyStep(Written):
    """1 for z > 0, else s: the slope of a leaky ReLU, s at 0 as well."""

    nargs = 2

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        z, slope = arguments
        return sympy.Piecewise((1, z > 0), (slope, True))

    def text(self) -> str:
        """What is printed."""
        return _leaky(self.args[1]).slope_written


class Elu(Written):
    """z for z > 0, else e^z − 1."""

    written = ACTIVATIONS["elu"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return sympy.Piecewise((z, z > 0), (sympy.exp(z) - 1, True))

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 for z > 0, else e^z."""
        return EluSlope(self.args[0])


class EluSlope(Written):
    """1 for z > 0, else e^z, which is 1 at 0 as well."""

    written = ACTIVATIONS["elu"].slope_written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return sympy.Piecewise((1, z > 0), (sympy.exp(z), True))


class Softplus(Written):
    """ln(1 + e^z), with the slope σ."""

    written = ACTIVATIONS["softplus"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        return sympy.log(1 + sympy.exp(arguments[0]))

    def fdiff(self, argindex: int = 1) -> Expr:
        """σ(z)."""
        return Sigmoid(self.args[0])


class Silu(Written):
    """z·σ(z)."""

    written = ACTIVATIONS["silu"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return z * Sigmoid.definition(z)

    def fdiff(self, argindex: int = 1) -> Expr:
        """σ + z·σ·(1 − σ)."""
        return SiluSlope(self.args[0])


class SiluSlope(Written):
    """σ(z) + z·σ(z)·(1 − σ(z))."""

    written = ACTIVATIONS["silu"].slope_written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        gate = Sigmoid.definition(z)
        return gate + z * gate * (1 - gate)


class Gelu(Written):
    """z·Φ(z)."""

    written = ACTIVATIONS["gelu"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return z * _normal_cdf(z)

    def fdiff(self, argindex: int = 1) -> Expr:
        """Φ + z·φ."""
        return GeluSlope(self.args[0])


class GeluSlope(Written):
    """Φ(z) + z·φ(z)."""

    written = ACTIVATIONS["gelu"].slope_written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return _normal_cdf(z) + z * sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)


class GeluTanh(Written):
    """½·z·(1 + tanh(u)) with u = √(2/π)·(z + 0.044715·z³)."""

    written = ACTIVATIONS["gelu_tanh"].written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        return z * (1 + sympy.tanh(_inner(z))) / 2

    def fdiff(self, argindex: int = 1) -> Expr:
        """½·(1 + t) + ½·z·(1 − t²)·u′."""
        return GeluTanhSlope(self.args[0])


class GeluTanhSlope(Written):
    """½·(1 + t) + ½·z·(1 − t²)·u′ with t = tanh(u)."""

    written = ACTIVATIONS["gelu_tanh"].slope_written

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        (z,) = arguments
        t = sympy.tanh(_inner(z))
        return (1 + t) / 2 + z * (1 - t**2) * sympy.sqrt(2 / sympy.pi) * (1 + 3 * CUBE * z**2) / 2


FUNCTIONS: dict[ActivationName, type[Written]] = {
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "relu": Relu,
    "leaky_relu": LeakyRelu,
    "elu": Elu,
    "softplus": Softplus,
    "silu": Silu,
    "gelu": Gelu,
    "gelu_tanh": GeluTanh,
}
"""The elementwise activations that are functions of their own; the identity is none, softmax takes all units."""


def exact(number: float) -> Rational:
    """Return a number as it is written: 0.1 is 1/10."""
    return Rational(repr(number))


def _leaky(slope: Expr) -> Activation:
    return activation_named("leaky_relu", float(slope))


def _normal_cdf(z: Expr) -> Expr:
    return sympy.erfc(-z / sympy.sqrt(2)) / 2


def _inner(z: Expr) -> Expr:
    return sympy.sqrt(2 / sympy.pi) * (z + CUBE * z**3)
