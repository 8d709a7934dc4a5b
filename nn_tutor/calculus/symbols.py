"""The operations of a network as SymPy functions, and their derivatives as SymPy finds them.

The functions themselves are in `functions`. Every form that is printed is proven equal to the derivative that SymPy
took, when it is first used.
"""

from __future__ import annotations

from functools import cache

import sympy
from sympy import Expr, Rational, Symbol

from nn_tutor.calculus.functions import FUNCTIONS, exact
from nn_tutor.calculus.loss_functions import AbsoluteError, Hinge, Huber
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.spec import HUBER_DELTA, LEAK, ActivationName, Loss, LossKind

O = Symbol("o", real=True)  # noqa: E741  # the field's letter for an output
Y, Z, A, X, REST = (Symbol(name, real=True) for name in ("y", "z", "a", "x", "r"))
"""Placeholders: an output, a target, a weighted sum, an activation, a weight, what enters, and the other terms."""


LOSS_TERMS: dict[LossKind, Expr] = {
    "squared_error": (O - Y) ** 2,
    "absolute_error": AbsoluteError(O, Y),
    "huber": Huber(O, Y, exact(HUBER_DELTA)),
    "hinge": Hinge(O, Y),
    "binary_cross_entropy": -Y * sympy.log(O) - (1 - Y) * sympy.log(1 - O),
    "categorical_cross_entropy": -Y * sympy.log(O),
    "output": O,
}
"""What one output adds to the loss, before factor and averages, in `O` and `Y`."""


def loss_term(loss: Loss) -> Expr:
    """Return what one output adds to a loss, before factor and averages, in `O` and `Y`."""
    return LOSS_TERMS[loss.kind] if loss.delta is None else Huber(O, Y, exact(loss.delta))


def activation_form(name: ActivationName, slope: float | None = None) -> Expr:
    """Return an elementwise activation of `Z`; `slope` is that of a leaky ReLU below 0, None the usual one."""
    if name == "identity":
        return Z
    return FUNCTIONS[name](Z, exact(LEAK if slope is None else slope)) if name == "leaky_relu" else FUNCTIONS[name](Z)


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
def loss_slope(loss: Loss, scale: Rational) -> Expr:
    """Return ∂L/∂o of one output with the loss's scale in it, in `O` and `Y`."""
    derivative = sympy.diff(scale * loss_term(loss), O)
    if loss.kind == "binary_cross_entropy":
        return proven(derivative, sympy.factor_terms(scale * (O - Y)) / (O * (1 - O)))
    return proven(derivative, sympy.factor_terms(derivative))


@cache
def activation_slope(name: ActivationName, slope: float | None = None) -> Expr:
    """Return ∂a/∂z of an elementwise activation in terms of `A` = f(z), or of `Z` where its record says so."""
    function = activation_form(name, slope)
    derivative = sympy.diff(function, Z)
    return derivative if ACTIVATIONS[name].slope_in == "z" else derivative.subs(function, A)


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
def fused_slope(loss: Loss, scale: Rational) -> Expr:
    """Return ∂L/∂z where loss and last activation meet: scale·(o − y), the product of the two slopes simplified.

    For softmax the sum over the outputs is taken with targets that sum to 1.
    """
    form = sympy.factor_terms(scale * (O - Y))
    if loss.kind == "binary_cross_entropy":
        return proven(loss_slope(loss, scale) * activation_slope("sigmoid").subs(A, O), form)
    others = Symbol("s", real=True)
    own = loss_slope(loss, scale) * softmax_slope(same=True).subs(A, O)
    # Every other output k adds (−scale·yₖ/oₖ)·(−oₖ·o); together the other targets are 1 − y.
    rest = scale * others * O
    return proven((own + rest).subs(others, 1 - Y), form)
