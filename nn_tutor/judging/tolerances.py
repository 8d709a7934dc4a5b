"""How near is near enough: the tolerances of an answer on its scale, and the decimals that a question needs."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from nn_tutor.judging.mistakes.known import is_same
from nn_tutor.judging.rounding import Spread, half_unit_of

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate

EXACT, NEAR = 0.01, 0.05
"""Parts of the scale by which an answer may be off: to be right, and to be near."""

COARSEST = 0.01
"""An answer whose last decimal says less, as a part of the scale, fits too much to be named."""

CLOSE = 2e-3
"""A rare mistake fits an answer that is so near, as a part of the scale: one that was rounded on the way to it."""

MAX_DECIMALS = 12
"""More decimals than this are never asked for."""

USUAL_DECIMALS = 4
"""Fewer decimals than this are asked for only where the truth itself has fewer."""

ROUNDED = 0.5e-3
"""Half a unit of a number with three decimals: one with fewer may stand in a calculation as it was given."""

ROUNDING_OF_ZERO = 1e-12
"""0.1 + 0.2 − 0.3 is 5.6e-17: whoever answers 0 is right."""

_ZERO_LEAST, _ZERO_MOST = 1e-9, 1e-3  # absolute, where the truth is 0


def decimals_needed(truth: float, scale: float, known: Sequence[Candidate] = (), spread: Spread | None = None) -> int:
    """Return how many decimals to ask for: the fewest with which this judge tells the rounded truth from every mistake.

    At least 4, unless the truth itself has fewer (0.36 has two; the noise behind the twelfth digit of a double is not
    counted), and at most 12. With a `spread` so many that who rounds on the way to as many is not far off, where that
    is possible. Raises `ValueError` where the truth or the scale is not finite.
    """
    scale = checked_scale(truth, scale)
    exponent = Decimal(f"{truth:.12g}").normalize().as_tuple().exponent
    own_decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    for decimals in range(min(USUAL_DECIMALS, own_decimals), MAX_DECIMALS):
        half_unit = half_unit_of(decimals)
        rounded = float(f"{truth:.{decimals}f}")
        if not is_correct(rounded, half_unit, truth, scale):
            continue
        if all(_are_told_apart(truth, rounded, candidate.value, decimals, scale) for candidate in known):
            return decimals if spread is None else _rounded_little(decimals, scale, spread)
    return MAX_DECIMALS


def _rounded_little(decimals: int, scale: float, spread: Spread) -> int:
    """The decimals from which on rounding on the way leaves an answer near; as many as asked where that is too many."""
    for more in range(decimals, _MAX_FOR_ROUNDING + 1):
        if spread.slack(half_unit_of(more)) <= NEAR * scale:
            return more
    return decimals


_MAX_FOR_ROUNDING = 8


def _are_told_apart(truth: float, rounded: float, mistake: float, decimals: int, scale: float) -> bool:
    """Whether truth and mistake, both rounded to so many decimals, are each taken for what they are."""
    half_unit = half_unit_of(decimals)
    if not is_same(rounded, truth, scale) and is_within(mistake, rounded, half_unit):
        return False
    typed = float(f"{mistake:.{decimals}f}")
    return not is_same(typed, truth, scale) and not is_within(typed, truth, half_unit)


def checked_scale(truth: float, scale: float) -> float:
    """Return the size of a scale, or that of the truth where it is 0; raises `ValueError` where one is not finite."""
    if not (math.isfinite(truth) and math.isfinite(scale)):
        raise ValueError(f"there is no answer to judge: truth {truth}, scale {scale}")
    return abs(scale) or abs(truth)


def is_correct(value: float, half_unit: float, truth: float, scale: float) -> bool:
    """Whether a value is right: within 1 % of the scale, or within the rounding that was typed and 5 % of the scale."""
    if not scale:
        return is_within(value, truth, max(min(half_unit, _ZERO_MOST), _ZERO_LEAST))
    if scale <= ROUNDING_OF_ZERO and abs(truth) <= ROUNDING_OF_ZERO and not value:
        return True
    return is_within(value, truth, max(EXACT * scale, min(half_unit, NEAR * scale)))


def is_within(value: float, truth: float, tolerance: float) -> bool:
    """Whether the two differ by at most the tolerance, where doubles may blur its edge but not widen it."""
    blur = 1e-9 * tolerance + 4 * sys.float_info.epsilon * max(abs(value), abs(truth))
    return abs(value - truth) <= tolerance + blur
