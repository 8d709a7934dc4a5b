"""Mistakes in the slope of the loss, with which every chain begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.loss import averaged_over, summed_over
from nn_tutor.network.losses import loss_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _targets(case: Case) -> Array:
    return case.passed.forward.o if case.passed.Y is None else case.passed.Y


def _factor(case: Case) -> float:
    return case.network.loss.scale(outputs=case.network.outputs, rows=case.rows)


def _asks_error(case: Case, *kinds: str) -> bool:
    """Whether the asked slope has the slope of a loss of one of the kinds in it."""
    touches = case.is_slope and case.ref.quantity not in ("da_dz", "dz_da", "dz_dw")
    return touches and case.network.loss.kind in kinds


def _with_error(case: Case, error: Array, theirs: str, right: str) -> Iterator[Slip]:
    """A slip in which the slope of the loss is another; where loss and activation are fused, δ of the last layer."""
    right_one, last = case.workings, case.depth - 1
    if case.network.is_fused and case.ref.quantity != "dL_do":
        deltas = {**right_one.deltas, last: error}
        workings = right_one.once(("fused", theirs), lambda: right_one.with_error(right_one.error, deltas))
        yield case.slip(workings, case.slope_in_z(last), theirs, right)
    else:
        workings = right_one.once(("error", theirs), lambda: right_one.with_error(error))
        yield case.slip(workings, case.slope_in_a(last), theirs, right)


def slip_of_error(case: Case, error: Array, theirs: str) -> Iterator[Slip]:
    """Yield the slip of another slope ∂L/∂o `[row, unit]` in the place of that of the loss."""
    yield from _with_error(case, error, theirs, _slope(case))


def _two(case: Case) -> str:
    return case.scaled("(o − y)", 2)


def _forgot_two(case: Case) -> Iterator[Slip]:
    if _asks_error(case, "squared_error"):
        yield from _with_error(case, case.workings.error / 2, case.scaled("(o − y)"), _two(case))


def _half_convention(case: Case) -> Iterator[Slip]:
    if _asks_error(case, "squared_error") and case.network.loss.factor == 0.5:
        yield from _with_error(case, case.workings.error * 2, case.scaled("(o − y)", 4), _two(case))


def _asks_fused(case: Case) -> bool:
    return _asks_error(case, "binary_cross_entropy", "categorical_cross_entropy") and (
        case.network.is_fused and case.ref.quantity != "dL_do"
    )


def _sign(case: Case) -> Iterator[Slip]:
    if case.ref.quantity not in ("da_dz", "dz_da", "dz_dw") and case.is_slope:
        theirs, right = _slope(case, is_flipped=True), _slope(case)
        if _asks_fused(case):
            theirs, right = case.scaled("(y − o)"), case.scaled("(o − y)")
        workings = case.workings.times(-1.0)
        symbol = case.slope_in_z(case.depth - 1) if _asks_fused(case) else case.slope_in_a(case.depth - 1)
        yield case.slip(workings, symbol, theirs, right)


def _slope(case: Case, *, is_flipped: bool = False) -> str:
    """The slope of the loss as it is written, or with its sign flipped."""
    record = loss_of(case.network.loss)
    written = _flipped(record.slope_written) if is_flipped else record.slope_written
    sign, term = ("−", written[1:]) if written.startswith("−") else ("", written)
    return sign + case.scaled(term, record.slope_times)


def _flipped(written: str) -> str:
    if "o − y" in written:
        return written.replace("o − y", "y − o")
    if "−" in written:
        return written.replace("−", "", 1)
    return f"−{written}"


def _power_rule(case: Case) -> Iterator[Slip]:
    if _asks_error(case, "squared_error"):
        error = case.passed.forward.o - _targets(case)
        for times in (1.0, 2.0):
            theirs = f"{case.scale(times)}(o − y)²"
            yield from _with_error(case, times * _factor(case) * error * error, theirs, _two(case))


def _forgot_target(case: Case) -> Iterator[Slip]:
    o = case.passed.forward.o
    if _asks_error(case, "squared_error"):
        yield from _with_error(case, 2 * _factor(case) * o, case.scaled("o", 2), _two(case))
        if case.network.conventions.flips_error:  # of y − o the output is left, with its minus or without
            yield from _with_error(case, -2 * _factor(case) * o, f"−{case.scaled('o', 2)}", _two(case))
    elif _asks_fused(case):
        yield from _with_error(case, _factor(case) * o, case.scaled("o"), case.scaled("(o − y)"))


def _z_for_output(case: Case) -> Iterator[Slip]:
    if case.network.layers[-1].activation == "identity":
        return
    z, y, name = case.passed.forward.z[-1], _targets(case), case.z(case.depth - 1)
    if _asks_error(case, "squared_error"):
        yield from _with_error(case, 2 * _factor(case) * (z - y), case.scaled(f"({name} − y)", 2), _two(case))
    elif _asks_fused(case):
        yield from _with_error(case, _factor(case) * (z - y), case.scaled(f"({name} − y)"), case.scaled("(o − y)"))


def _no_mean(case: Case) -> Iterator[Slip]:
    yield from _scaled(case, averaged_over(case), times=lambda count: count)


def _mean(case: Case) -> Iterator[Slip]:
    yield from _scaled(case, summed_over(case), times=lambda count: 1 / count)


def _mean_twice(case: Case) -> Iterator[Slip]:
    if case.ref.quantity in ("dW", "db") and case.rows > 1 and case.network.loss.batch == "mean":
        times_input = f"·{case.x(case.layer)}" if case.ref.quantity == "dW" else ""
        line = f"Σ {case.slope_in_z(case.layer)}{times_input}"  # that has its 1/n already
        workings = case.workings.times(1 / case.rows)
        yield case.slip(workings, f"∂L/∂{case.parameter}", f"1/{case.rows}·{line}", line)
    yield from _scaled(case, averaged_over(case), times=lambda count: 1 / count)


def _scaled(case: Case, counts: tuple[float, ...], times: Callable[[float], float]) -> Iterator[Slip]:
    if case.ref.quantity in ("da_dz", "dz_da", "dz_dw") or not case.is_slope:
        return
    kind, fused = case.network.loss.kind, _asks_fused(case)
    term = "(o − y)" if fused or kind == "squared_error" else "∂loss/∂o"
    doubled = 2.0 if kind == "squared_error" else 1.0
    symbol = case.slope_in_z(case.depth - 1) if fused else case.slope_in_a(case.depth - 1)
    for count in counts:
        theirs, right = case.scaled(term, doubled * times(count)), case.scaled(term, doubled)
        yield case.slip(case.workings.times(times(count)), symbol, theirs, right)


def _error_alone(case: Case) -> Iterator[Slip]:
    """Of a cross-entropy's slope in o, only its error; of a fused one, the slope of the squared error."""
    error = _factor(case) * (case.passed.forward.o - _targets(case))
    if _asks_fused(case):
        yield from _with_error(case, 2 * error, case.scaled("(o − y)", 2), case.scaled("(o − y)"))
    elif _asks_error(case, "binary_cross_entropy"):
        right = f"{case.scale()}(o − y)/(o·(1 − o))"
        yield from _with_error(case, error, case.scaled("(o − y)"), right)
        yield from _with_error(case, 2 * error, case.scaled("(o − y)", 2), right)
    elif _asks_error(case, "categorical_cross_entropy"):
        yield from _with_error(case, error, case.scaled("(o − y)"), f"−{case.scale()}y/o")


def _once_more(case: Case) -> Iterator[Slip]:
    if _asks_fused(case) and case.lowest <= case.depth - 1:
        last = case.depth - 1
        o = case.passed.forward.o
        delta = case.workings.deltas[last] * o * (1 - o)
        yield from _with_error(case, delta, f"{case.scale()}(o − y)·o·(1 − o)", case.scaled("(o − y)"))


def _forgot_error(case: Case) -> Iterator[Slip]:
    if case.is_slope and case.ref.quantity not in ("da_dz", "dz_da", "dz_dw", "dL_do"):
        last = case.depth - 1
        own, ones = case.workings, np.ones_like(case.workings.error)
        deltas = {**own.deltas, last: ones} if case.network.is_fused else None
        workings = own.once("no error", lambda: own.with_error(ones, deltas))
        symbol = case.slope_in_z(last) if case.network.is_fused else case.slope_in_a(last)
        right = case.scaled("(o − y)") if case.network.is_fused else _two(case)
        if not case.network.is_fused and case.network.loss.kind != "squared_error":
            right = "the slope of the loss"
        yield case.slip(workings, symbol, "1", right)


LOSS_SLOPE: tuple[Mistake, ...] = (
    Mistake("forgot-two", "forgot the 2", "the square brings a 2 down: the slope of e² is 2·e", _forgot_two),
    Mistake(
        "half-convention",
        "left out the ½",
        "this loss has a ½ before the square, which the 2 cancels; other sources have none",
        _half_convention,
        is_convention=True,
    ),
    Mistake(
        "sign-flipped",
        "flipped the sign",
        "the slope points uphill, to where L grows; an error is output minus target, o − y",
        _sign,
    ),
    Mistake(
        "power-rule-not-applied",
        "kept the square",
        "the slope of e² is 2·e: the power comes down, and one e is left",
        _power_rule,
    ),
    Mistake("forgot-target", "forgot the target", "the error is o − y, not o", _forgot_target),
    Mistake(
        "z-for-output", "used z instead of the output", "the error compares the output o with y, not z", _z_for_output
    ),
    Mistake(
        "no-one-over-n",
        "left out the 1/n of the mean",
        "the loss is a mean, and so is its slope; some sources sum",
        _no_mean,
        is_convention=True,
    ),
    Mistake(
        "mean-for-sum",
        "took the mean where this loss adds up",
        "the loss is a sum, and so is its slope; some sources average",
        _mean,
        is_convention=True,
    ),
    Mistake("one-over-n-twice", "divided by n twice", "the 1/n of the mean counts once", _mean_twice),
    Mistake(
        "other-loss-slope",
        "used the slope of another loss",
        "each loss has its own slope: the top line says which this is",
        _error_alone,
    ),
    Mistake(
        "activation-slope-twice",
        "multiplied by the activation's slope once more",
        "o − y is already the slope with respect to z: that of the activation is in it",
        _once_more,
    ),
    Mistake(
        "forgot-loss-slope",
        "left out the slope of the loss",
        "every chain begins with the slope of the loss with respect to the output",
        _forgot_error,
    ),
)
"""The mistakes of ∂L/∂o, or of ∂L/∂z where loss and activation are taken together."""
