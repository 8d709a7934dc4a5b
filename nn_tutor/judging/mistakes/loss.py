"""Mistakes in taking the loss of the outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip, bare
from nn_tutor.network.losses import LOSSES, loss_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _asks_loss(case: Case, kind: str = "") -> bool:
    return case.ref.quantity == "loss" and kind in ("", case.network.loss.kind)


def _asks_term(case: Case, kind: str) -> bool:
    """Whether the loss is asked for, or one term of it alone."""
    return (case.ref.quantity == "loss_term" and kind == case.network.loss.kind) or _asks_loss(case, kind)


def loss_parts(case: Case) -> tuple[Array, Array, float, float]:
    """Outputs, targets, what every term is multiplied by, and what L2 adds."""
    o = case.passed.forward.o
    y = o if case.passed.Y is None else case.passed.Y
    scale = case.network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    return o, y, scale, case.passed.loss.penalty


def _sum(case: Case) -> str:
    return "Σ " if case.passed.forward.o.size > 1 else ""


def written_loss(case: Case, term: str, times: float = 1.0) -> str:
    """How a loss is written with a term: what stands before all terms, and their sum; a minus comes before both."""
    before = f"{case.scale(times)}{_sum(case)}"
    return f"−{before}{term[1:]}" if before and term.startswith("−") else f"{before}{term}"


def _squared(case: Case, term: Array, theirs: str) -> Iterator[Slip]:
    """Another term in the place of (o − y)²."""
    yield from slip_of_term(case, term, theirs, "(o − y)²")


def slip_of_term(case: Case, term: Array, theirs: str, right: str) -> Iterator[Slip]:
    """Yield the slip of another term `[row, unit]` in the place of that of the loss, both as they are written."""
    before = "" if case.ref.quantity == "loss_term" else f"{case.scale()}{_sum(case)}"
    theirs = theirs if before else bare(theirs)
    if case.ref.quantity == "loss_term":
        yield Slip(float(term[case.ref.index or (0, 0)]), symbol(case.network, case.rows, case.ref), theirs, right)
        return
    _, _, scale, penalty = loss_parts(case)
    if before and " if " in right:
        right = f"({right})"
    with np.errstate(all="ignore"):
        value = scale * float(term.sum()) + penalty
    yield Slip(value, "L", f"{before}{theirs}", f"{before}{right}")


def _not_squared(case: Case) -> Iterator[Slip]:
    if _asks_term(case, "squared_error"):
        o, y, _, _ = loss_parts(case)
        yield from _squared(case, o - y, "(o − y)")
        yield from _squared(case, y - o, "(y − o)")


def _absolute(case: Case) -> Iterator[Slip]:
    if _asks_term(case, "squared_error"):
        o, y, _, _ = loss_parts(case)
        if (o < y).any():  # else it is the error itself, and who did not square it cannot tell which it was
            yield from _squared(case, np.abs(o - y), "|o − y|")


def _difference_of_squares(case: Case) -> Iterator[Slip]:
    if _asks_term(case, "squared_error"):
        o, y, _, _ = loss_parts(case)
        yield from _squared(case, o * o - y * y, "(o² − y²)")
        yield from _squared(case, y * y - o * o, "(y² − o²)")


def _doubled(case: Case) -> Iterator[Slip]:
    if _asks_term(case, "squared_error"):
        o, y, _, _ = loss_parts(case)
        yield from _squared(case, 2 * (o - y), "2·(o − y)")


def _added_target(case: Case) -> Iterator[Slip]:
    if _asks_term(case, "squared_error"):
        o, y, _, _ = loss_parts(case)
        if (y < 0).any():
            yield from _squared(case, (o + y) ** 2, "(o + y)²")


def _forgot_target(case: Case) -> Iterator[Slip]:
    if _asks_term(case, "squared_error"):
        o, _, _, _ = loss_parts(case)
        yield from _squared(case, o * o, "o²")


def _z_for_output(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "squared_error") and case.network.layers[-1].activation != "identity":
        _, y, _, _ = loss_parts(case)
        z = case.passed.forward.z[-1]
        yield from _squared(case, (z - y) ** 2, f"({case.z(case.depth - 1)} − y)²")


def _multiple(case: Case, factor: float) -> Iterator[Slip]:
    """The right loss times a number, the part of L2 left as it is; times −1 its terms have lost their minus."""
    loss, penalty = case.passed.loss.loss, case.passed.loss.penalty
    term = loss_of(case.network.loss).written
    without = term.removeprefix("−") if factor < 0 else term
    theirs, right = written_loss(case, without, abs(factor)), written_loss(case, term)
    yield Slip((loss - penalty) * factor + penalty, "L", bare(theirs), right)


def _half(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "squared_error"):
        yield from _multiple(case, 2.0 if case.network.loss.factor == 0.5 else 0.5)


def averaged_over(case: Case) -> tuple[float, ...]:
    """What the loss is divided by: the outputs, the rows, and both; each only where it is above 1."""
    loss = case.network.loss
    outputs = case.network.outputs if loss.outputs == "mean" else 1
    rows = case.rows if loss.batch == "mean" else 1
    return tuple(dict.fromkeys(float(n) for n in (outputs, rows, outputs * rows) if n > 1))


def summed_over(case: Case) -> tuple[float, ...]:
    """What the loss could be divided by and is not; categorical cross-entropy always sums over its classes."""
    loss = case.network.loss
    outputs = case.network.outputs if loss.outputs == "sum" and loss.kind != "categorical_cross_entropy" else 1
    rows = case.rows if loss.batch == "sum" else 1
    return tuple(dict.fromkeys(float(n) for n in (outputs, rows, outputs * rows) if n > 1))


def _sum_for_mean(case: Case) -> Iterator[Slip]:
    if _asks_loss(case):
        for count in averaged_over(case):
            yield from _multiple(case, count)


def _mean_for_sum(case: Case) -> Iterator[Slip]:
    if _asks_loss(case):
        for count in summed_over(case):
            yield from _multiple(case, 1 / count)


def _divided_twice(case: Case) -> Iterator[Slip]:
    if _asks_loss(case):
        for count in averaged_over(case):
            yield from _multiple(case, 1 / count)


def _first_sample(case: Case) -> Iterator[Slip]:
    if _asks_loss(case) and case.rows > 1:
        first, penalty = float(case.passed.loss.rows[0]), case.passed.loss.penalty
        right = written_loss(case, loss_of(case.network.loss).written)
        yield Slip(first + penalty, "L", "the loss of sample 1", right)
        if case.network.loss.batch == "mean":
            yield Slip(first / case.rows + penalty, "L", f"1/{case.rows} of the loss of sample 1", right)


def _forgot_minus(case: Case) -> Iterator[Slip]:
    if _asks_loss(case) and case.network.loss.takes_probabilities:
        yield from _multiple(case, -1.0)


def _other_logarithm(case: Case) -> Iterator[Slip]:
    if _asks_loss(case) and case.network.loss.takes_probabilities:
        loss, penalty = case.passed.loss.loss, case.passed.loss.penalty
        right = written_loss(case, loss_of(case.network.loss).written)
        for base, other in ((10.0, "log₁₀"), (2.0, "log₂")):
            value = (loss - penalty) / float(np.log(base)) + penalty
            yield Slip(value, "L", right.replace("ln", other), right)


def _half_of_cross_entropy(case: Case) -> Iterator[Slip]:
    if not _asks_loss(case, "binary_cross_entropy"):
        return
    o, y, scale, penalty = loss_parts(case)
    right = written_loss(case, LOSSES["binary_cross_entropy"].written)
    with np.errstate(all="ignore"):
        first, second = -(y * np.log(o)).sum(), -((1 - y) * np.log1p(-o)).sum()
    for part, theirs in ((first, "−y·ln(o)"), (second, "−(1 − y)·ln(1 − o)")):
        if part:  # else all of it lies in the other one
            yield Slip(scale * float(part) + penalty, "L", written_loss(case, theirs), right)


def _squared_for_cross_entropy(case: Case) -> Iterator[Slip]:
    if _asks_loss(case) and case.network.loss.takes_probabilities:
        o, y, scale, penalty = loss_parts(case)
        right = written_loss(case, loss_of(case.network.loss).written)
        value = scale * float(((o - y) ** 2).sum()) + penalty
        yield Slip(value, "L", written_loss(case, "(o − y)²"), right)


def _forgot_penalty(case: Case) -> Iterator[Slip]:
    if _asks_loss(case) and case.network.l2:
        loss, penalty = case.passed.loss.loss, case.passed.loss.penalty
        yield Slip(loss - penalty, "L", "the errors alone", "the errors + λ/2·Σw²")


def _doubled_penalty(case: Case) -> Iterator[Slip]:
    if _asks_loss(case) and case.network.l2:
        loss, penalty = case.passed.loss.loss, case.passed.loss.penalty
        yield Slip(loss + penalty, "L", "the errors + λ·Σw²", "the errors + λ/2·Σw²")


LOSS: tuple[Mistake, ...] = (
    Mistake(
        "not-squared", "did not square the error", "the error is squared, so that it is never negative", _not_squared
    ),
    Mistake("absolute-value", "used the size of the error instead of its square", "the error is squared", _absolute),
    Mistake(
        "difference-of-squares",
        "squared o and y before subtracting",
        "first subtract, then square: (o − y)² is not o² − y²",
        _difference_of_squares,
    ),
    Mistake("doubled-for-squared", "doubled the error instead of squaring it", "² is the error times itself", _doubled),
    Mistake(
        "added-target",
        "added the target instead of subtracting it",
        "the error is output minus target, and minus a negative number is plus",
        _added_target,
    ),
    Mistake("forgot-target", "forgot the target", "the loss compares the output with the target y", _forgot_target),
    Mistake(
        "z-for-output",
        "used z instead of the output",
        "the output o is what comes out of the activation",
        _z_for_output,
    ),
    Mistake(
        "half-convention",
        "used the other convention for the ½",
        "some sources put a ½ before the square; the top line says what this loss has",
        _half,
        is_convention=True,
    ),
    Mistake(
        "sum-for-mean",
        "added up where this loss takes the mean",
        "some sources sum; the top line says what this loss does",
        _sum_for_mean,
        is_convention=True,
    ),
    Mistake(
        "mean-for-sum",
        "took the mean where this loss adds up",
        "some sources average; the top line says what this loss does",
        _mean_for_sum,
        is_convention=True,
    ),
    Mistake("divided-twice", "divided by the count twice", "a mean divides by the count once", _divided_twice),
    Mistake("only-first-sample", "used the first sample only", "every sample of the batch counts", _first_sample),
    Mistake(
        "forgot-minus", "forgot the minus", "logarithms of numbers below 1 are negative: hence the −", _forgot_minus
    ),
    Mistake("other-logarithm", "used another logarithm", "ln is the natural logarithm", _other_logarithm),
    Mistake(
        "half-of-cross-entropy",
        "left out one of the two parts",
        "both parts count: y·ln(o), and (1 − y)·ln(1 − o)",
        _half_of_cross_entropy,
    ),
    Mistake(
        "squared-for-cross-entropy",
        "used the squared error",
        "this network's loss is the cross-entropy",
        _squared_for_cross_entropy,
    ),
    Mistake("forgot-penalty", "left out the part of L2", "λ/2·Σw² is added to the loss", _forgot_penalty),
    Mistake("forgot-penalty", "doubled the part of L2", "λ/2·Σw² is added to the loss", _doubled_penalty),
)
"""The mistakes of the loss."""
