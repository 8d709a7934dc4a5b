"""Losses that plain arithmetic does not write, as SymPy functions of o and y, each printed as a textbook does."""

from __future__ import annotations

import sympy
from sympy import Expr

from nn_tutor.calculus.functions import Written
from nn_tutor.network.losses import LOSSES, loss_of
from nn_tutor.network.spec import Loss


class AbsoluteError(Written):
    """|o − y|."""

    nargs = 2
    letters = ("o", "y")
    written = "|{o} − {y}|"

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        o, y = arguments
        return sympy.Abs(o - y)

    def fdiff(self, argindex: int = 1) -> Expr:
        """The sign of o − y with respect to o."""
        return _in_output(argindex, SignOfError(*self.args))


class SignOfError(Written):
    """The sign of o − y: 1, −1, and 0 at the corner."""

    nargs = 2
    letters = ("o", "y")
    written = "sign({o} − {y})"

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        o, y = arguments
        return sympy.sign(o - y)


class Huber(Written):
    """½·e² for |e| ≤ δ, else δ·(|e| − ½·δ), with e = o − y; the third argument is the number δ."""

    nargs = 3
    letters = ("o", "y")

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        o, y, delta = arguments
        size = sympy.Abs(o - y)
        return sympy.Piecewise(((o - y) ** 2 / 2, size <= delta), (delta * (size - delta / 2), True))

    def fdiff(self, argindex: int = 1) -> Expr:
        """The error, cut off at ±δ, with respect to o."""
        return _in_output(argindex, ClippedError(*self.args))

    def text(self) -> str:
        """What is printed."""
        written = loss_of(Loss("huber", delta=float(self.args[2]))).written
        return written.replace("o − y", "{o} − {y}")


class ClippedError(Written):
    """o − y, cut off at δ and −δ; the third argument is the number δ."""

    nargs = 3
    letters = ("o", "y")

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        o, y, delta = arguments
        return sympy.Piecewise((-delta, o - y < -delta), (delta, o - y > delta), (o - y, True))

    def text(self) -> str:
        """What is printed."""
        delta = f"{float(self.args[2]):.12g}"
        return f"max(−{delta}, min({delta}, {{o}} − {{y}}))"


class Hinge(Written):
    """max(0, 1 − y·o)."""

    nargs = 2
    letters = ("o", "y")
    written = LOSSES["hinge"].written.replace("y·o", "{y}·{o}")

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        o, y = arguments
        return sympy.Piecewise((1 - y * o, y * o < 1), (0, True))

    def fdiff(self, argindex: int = 1) -> Expr:
        """−y below the margin, else 0, with respect to o."""
        return _in_output(argindex, HingeSlope(*self.args))


class HingeSlope(Written):
    """−y while y·o < 1, else 0."""

    nargs = 2
    letters = ("o", "y")
    written = "−{y} if {y}·{o} < 1 else 0"

    @classmethod
    def definition(cls, *arguments: Expr) -> Expr:
        """What the function is."""
        o, y = arguments
        return sympy.Piecewise((-y, y * o < 1), (0, True))


def _in_output(argindex: int, slope: Expr) -> Expr:
    if argindex != 1:
        raise sympy.ArgumentIndexError(slope, argindex)
    return slope
