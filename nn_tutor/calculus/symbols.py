"""The operations of a network as SymPy functions, and their derivatives as SymPy finds them.

An activation carries its own `fdiff` in the form a textbook prints; a test proves each against `diff` of its
`definition`. Every form that is printed is proven equal to the derivative that SymPy took, when it is first used.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import sympy
from sympy import Expr, Rational, Symbol

from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.spec import ActivationName, LossKind

O = Symbol("o", real=True)  # noqa: E741  # the field's letter for an output
Y, Z, A, W, X, REST = (Symbol(name, real=True) for name in ("y", "z", "a", "w", "x", "r"))
"""Placeholders: an output, a target, a weighted sum, an activation, a weight, what enters, and the other terms."""


class Written(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """A function of z that is printed as the record of an activation writes it, with `{z}` in the place of z."""

    nargs = 1
    written: ClassVar[str]

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """What the function is, in SymPy's own functions."""
        raise NotImplementedError


class Step(Written):
    """1 for z > 0, else 0: the slope of ReLU. At 0 it is 0, as NumPy's side has it; Heaviside would say ½."""

    written = ACTIVATIONS["relu"].slope_written

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """What the function is."""
        return sympy.Piecewise((1, z > 0), (0, True))


class Sigmoid(Written):
    """σ(z) = 1/(1 + e⁻ᶻ), with σ′ = σ·(1 − σ)."""

    written = ACTIVATIONS["sigmoid"].written

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """What the function is."""
        return 1 / (1 + sympy.exp(-z))

    def fdiff(self, argindex: int = 1) -> Expr:
        """σ·(1 − σ)."""
        return self * (1 - self)


class Tanh(Written):
    """tanh(z), with tanh′ = 1 − tanh²."""

    written = ACTIVATIONS["tanh"].written

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """What the function is."""
        return (sympy.exp(z) - sympy.exp(-z)) / (sympy.exp(z) + sympy.exp(-z))

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 − tanh²."""
        return 1 - self**2


class Relu(Written):
    """max(0, z), with the slope `Step`."""

    written = ACTIVATIONS["relu"].written

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """What the function is."""
        return sympy.Piecewise((z, z > 0), (0, True))

    def fdiff(self, argindex: int = 1) -> Expr:
        """1 for z > 0, else 0."""
        return Step(self.args[0])


FUNCTIONS: dict[ActivationName, type[Written]] = {"sigmoid": Sigmoid, "tanh": Tanh, "relu": Relu}
"""The elementwise activations that are functions of their own; the identity is none, softmax takes all units."""

LOSS_TERMS: dict[LossKind, Expr] = {
    "squared_error": (O - Y) ** 2,
    "binary_cross_entropy": -Y * sympy.log(O) - (1 - Y) * sympy.log(1 - O),
    "categorical_cross_entropy": -Y * sympy.log(O),
    "output": O,
}
"""What one output adds to the loss, before factor and averages, in `O` and `Y`."""


class NotProvenError(ArithmeticError):
    """A printed form is not the derivative that SymPy took: a mistake in the program."""


def proven(derivative: Expr, form: Expr) -> Expr:
    """Return `form` after SymPy has shown it equal to `derivative`; raises `NotProvenError`.

    Both are fractions of symbols and exponentials, so that `cancel` decides; `simplify` would load SymPy's units first,
    5 MiB of them.
    """
    if sympy.cancel(derivative - form) != 0:
        raise NotProvenError(f"{form} is not {derivative}")
    return form


@cache
def loss_slope(kind: LossKind, scale: Rational) -> Expr:
    """Return ∂L/∂o of one output with the loss's scale in it, in `O` and `Y`."""
    derivative = sympy.diff(scale * LOSS_TERMS[kind], O)
    if kind == "binary_cross_entropy":
        return proven(derivative, sympy.factor_terms(scale * (O - Y)) / (O * (1 - O)))
    return proven(derivative, sympy.factor_terms(derivative))


@cache
def activation_slope(name: ActivationName) -> Expr:
    """Return ∂a/∂z of an elementwise activation in terms of `A` = f(z), or of `Z` for ReLU."""
    if name == "identity":
        return sympy.diff(Z, Z)
    function = FUNCTIONS[name]
    return sympy.diff(function(Z), Z).subs(function(Z), A)


@cache
def softmax_slope(*, same: bool) -> Expr:
    """Return ∂aᵢ/∂zⱼ of softmax for i = j, or for i ≠ j, in terms of `A` = aᵢ and `X` = aⱼ."""
    other = Symbol("v", real=True)
    total = sympy.exp(Z) + sympy.exp(other) + sympy.exp(REST)
    own, its = sympy.exp(Z) / total, sympy.exp(other) / total
    if same:
        proven(sympy.diff(own, Z), own * (1 - own))
        return A * (1 - A)
    proven(sympy.diff(own, other), -own * its)
    return -A * X


@cache
def fused_slope(kind: LossKind, scale: Rational) -> Expr:
    """Return ∂L/∂z where loss and last activation meet: scale·(o − y), the product of the two slopes simplified.

    For softmax the sum over the outputs is taken with targets that sum to 1.
    """
    form = sympy.factor_terms(scale * (O - Y))
    if kind == "binary_cross_entropy":
        return proven(loss_slope(kind, scale) * activation_slope("sigmoid").subs(A, O), form)
    others = Symbol("s", real=True)
    own = loss_slope(kind, scale) * softmax_slope(same=True).subs(A, O)
    # Every other output k adds (−scale·yₖ/oₖ)·(−oₖ·o); together the other targets are 1 − y.
    rest = scale * others * O
    return proven((own + rest).subs(others, 1 - Y), form)


@cache
def weight_slope() -> Expr:
    """Return ∂z/∂w of a weighted sum: what enters through that weight."""
    return sympy.diff(W * X + REST, W)


@cache
def path_slope() -> Expr:
    """Return ∂z/∂a of a weighted sum: the weight on that path."""
    return sympy.diff(W * A + REST, A)
