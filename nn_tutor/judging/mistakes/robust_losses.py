"""Mistakes with the absolute error, Huber's loss and the hinge loss, and with their slopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.loss import loss_parts, slip_of_term
from nn_tutor.judging.mistakes.loss_slope import slip_of_error
from nn_tutor.network.losses import loss_of
from nn_tutor.network.spec import HUBER_DELTA, LossKind

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _term(case: Case, term: Array, theirs: str) -> Iterator[Slip]:
    """The loss with another term in the place of its own."""
    yield from slip_of_term(case, term, theirs, loss_of(case.network.loss).written)


def _asks_loss(case: Case, kind: LossKind) -> bool:
    return case.ref.quantity == "loss" and case.network.loss.kind == kind


def _asks_slope(case: Case, kind: LossKind) -> bool:
    return case.is_slope and case.ref.quantity not in ("da_dz", "dz_da", "dz_dw") and case.network.loss.kind == kind


def _delta(case: Case) -> float:
    return HUBER_DELTA if case.network.loss.delta is None else case.network.loss.delta


def _forgot_size(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "absolute_error"):
        o, y, _, _ = loss_parts(case)
        yield from _term(case, o - y, "(o − y)")
        yield from _term(case, y - o, "(y − o)")


def _squared(case: Case) -> Iterator[Slip]:
    o, y, _, _ = loss_parts(case)
    if _asks_loss(case, "absolute_error"):
        yield from _term(case, (o - y) ** 2, "(o − y)²")
    if _asks_loss(case, "huber"):
        yield from _term(case, (o - y) ** 2, "(o − y)²")


def _always_square(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "huber"):
        o, y, _, _ = loss_parts(case)
        yield from _term(case, (o - y) ** 2 / 2, "½·(o − y)²")


def _always_straight(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "huber"):
        o, y, _, _ = loss_parts(case)
        delta = _delta(case)
        size = np.abs(o - y)
        yield from _term(case, delta * (size - delta / 2), "δ·(|o − y| − ½·δ)")
        yield from _term(case, size, "|o − y|")


def _forgot_offset(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "huber"):
        o, y, _, _ = loss_parts(case)
        delta, size = _delta(case), np.abs(o - y)
        term = np.where(size <= delta, size * size / 2, delta * size)
        yield from _term(case, term, "(½·(o − y)² or δ·|o − y|)")


def _forgot_half(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "huber"):
        o, y, _, _ = loss_parts(case)
        delta, size = _delta(case), np.abs(o - y)
        term = np.where(size <= delta, size * size, delta * (size - delta / 2))
        yield from _term(case, term, "((o − y)² up to δ)")


def _forgot_margin(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "hinge"):
        o, y, _, _ = loss_parts(case)
        yield from _term(case, np.maximum(0.0, -y * o), "max(0, −y·o)")


def _forgot_clamp(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "hinge"):
        o, y, _, _ = loss_parts(case)
        yield from _term(case, 1 - y * o, "(1 − y·o)")


def _forgot_target(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "hinge"):
        o, _, _, _ = loss_parts(case)
        yield from _term(case, np.maximum(0.0, 1 - o), "max(0, 1 − o)")


def _margin_sign(case: Case) -> Iterator[Slip]:
    if _asks_loss(case, "hinge"):
        o, y, _, _ = loss_parts(case)
        yield from _term(case, np.maximum(0.0, 1 + y * o), "max(0, 1 + y·o)")


def _error_for_sign(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "absolute_error"):
        o, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, scale * (o - y), case.scaled("(o − y)"))


def _always_one(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "absolute_error"):
        _, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, scale * np.ones_like(y), case.scaled("1"))


def _slope_of_square(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "absolute_error") or _asks_slope(case, "huber"):
        o, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, 2 * scale * (o - y), case.scaled("(o − y)", 2))


def _forgot_clip(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "huber"):
        o, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, scale * (o - y), case.scaled("(o − y)"))


def _clipped_at_one(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "huber") and _delta(case) != 1:
        o, y, scale, _ = loss_parts(case)
        error = np.where(np.abs(o - y) <= _delta(case), o - y, np.sign(o - y))
        yield from slip_of_error(case, scale * error, case.scaled("(o − y up to δ, then its sign)"))


def _sign_everywhere(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "huber"):
        o, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, scale * _delta(case) * np.sign(o - y), case.scaled("δ·sign(o − y)"))


def _slope_without_margin(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "hinge"):
        o, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, scale * np.where(y * o < 0, -y, 0.0), case.scaled("(−y if y·o < 0 else 0)"))


def _slope_without_clamp(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "hinge"):
        _, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, -scale * y, f"−{case.scaled('y')}")


def _slope_without_target(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "hinge"):
        o, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, scale * np.where(y * o < 1, -1.0, 0.0), case.scaled("(−1 if y·o < 1 else 0)"))


def _output_for_target(case: Case) -> Iterator[Slip]:
    if _asks_slope(case, "hinge"):
        o, y, scale, _ = loss_parts(case)
        yield from slip_of_error(case, scale * np.where(y * o < 1, -o, 0.0), case.scaled("(−o if y·o < 1 else 0)"))


_TWO_PIECES = "Huber's loss is ½·e² up to δ, and the straight line δ·(|e| − ½·δ) beyond it, with e = o − y"
_MARGIN = "the hinge loss is 0 only from y·o = 1 on, the margin"

ROBUST_LOSSES: tuple[Mistake, ...] = (
    Mistake("forgot-size", "kept the sign of the error", "the size of the error counts: |o − y|", _forgot_size),
    Mistake("squared-for-absolute", "squared the error", "this network's loss does not square large errors", _squared),
    Mistake("huber-always-square", "squared an error beyond δ", _TWO_PIECES, _always_square),
    Mistake("huber-always-straight", "used the straight line within δ", _TWO_PIECES, _always_straight),
    Mistake("huber-forgot-offset", "forgot the −½·δ of the straight line", _TWO_PIECES, _forgot_offset),
    Mistake("huber-forgot-half", "forgot the ½", _TWO_PIECES, _forgot_half),
    Mistake("forgot-margin", "forgot the margin of 1", _MARGIN, _forgot_margin),
    Mistake("forgot-clamp", "let the loss fall below 0", "beyond the margin the hinge loss stays 0", _forgot_clamp),
    Mistake("margin-sign", "added y·o to the margin", "the loss is what y·o is short of 1: 1 − y·o", _margin_sign),
    Mistake("forgot-target", "forgot the target", "the margin is measured with the target: y·o", _forgot_target),
)
"""Mistakes of these losses."""

SLOPES_OF_ROBUST_LOSSES: tuple[Mistake, ...] = (
    Mistake(
        "error-for-sign",
        "used the error instead of its sign",
        "the slope of |o − y| does not grow with the error: it is the sign of o − y, 1 or −1",
        _error_for_sign,
    ),
    Mistake(
        "slope-always-one",
        "used 1 on both sides of the target",
        "where o is below y, a larger o makes the loss smaller: the slope there is −1",
        _always_one,
    ),
    Mistake(
        "other-loss-slope",
        "used the slope of the squared error",
        "each loss has its own slope: this one does not grow with the error for ever",
        _slope_of_square,
    ),
    Mistake("forgot-clip", "did not cut the error off", "beyond δ the slope of Huber's loss stays at δ", _forgot_clip),
    Mistake("clipped-at-one", "cut the error off at 1 instead of δ", "the slope is cut off at δ", _clipped_at_one),
    Mistake(
        "huber-always-straight",
        "used the slope of the straight line within δ",
        "up to δ the slope of Huber's loss is the error itself",
        _sign_everywhere,
    ),
    Mistake("forgot-margin", "forgot the margin of 1", _MARGIN, _slope_without_margin),
    Mistake(
        "forgot-clamp", "used a slope beyond the margin", "from the margin on the loss is flat", _slope_without_clamp
    ),
    Mistake(
        "forgot-target", "forgot the target", "the slope of 1 − y·o with respect to o is −y", _slope_without_target
    ),
    Mistake(
        "output-for-target",
        "used the output instead of the target",
        "the slope of 1 − y·o with respect to o is −y: o is what is varied, y stays",
        _output_for_target,
    ),
)
"""Mistakes of the slopes of these losses."""
