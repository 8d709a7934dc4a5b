"""Whether an answer is right: tolerances that scale with what is asked and with the decimals that were typed.

Each answer is held against the truth on a scale S: the size of a value or gradient, for an updated weight the size of
its step |η·g| (handed in by the caller, as 1 % of the weight would accept a step in the wrong direction), and for an
element of a vector `scale_of(element, largest)`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nn_tutor.judging.diagnosis import diagnose, sentence
from nn_tutor.judging.follow_through import Consequence
from nn_tutor.judging.mistakes.case import Candidate
from nn_tutor.judging.mistakes.known import SAME, is_same
from nn_tutor.judging.reading import NO_NAMES, Reading, ReadingError, read, read_sign

Verdict = Literal["correct", "follow_through", "more_digits", "near", "diagnosed", "wrong", "invalid"]
"""What an answer was found to be; only `near`, `diagnosed` and `wrong` spend an attempt."""

MOST_DECIMALS = 12
"""More decimals than this are never asked for."""

USUAL_DECIMALS = 4
"""Fewer decimals than this are asked for only where the truth itself has fewer."""

ROUNDING_OF_ZERO = 1e-12
"""0.1 + 0.2 − 0.3 is 5.6e-17: whoever answers 0 is right."""

UNEXPLAINED = "no usual slip gives that: go through it link by link"
"""What is said of a wrong answer that fits nothing, by who does not know the question."""

RIGHT = "that is right"
"""What is said of a right answer by who does not know the question."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, one sentence for the learner that never holds the truth, and the value read (None if `invalid`).

    `candidates` are the known mistakes that a diagnosed answer fits, the nearest first; several are "either … or".
    `recalled` are their ids where the judgement was remembered and not made anew.
    """

    verdict: Verdict
    message: str
    value: float | None
    candidates: tuple[Candidate, ...] = ()
    recalled: tuple[str, ...] = ()

    @property
    def spends_attempt(self) -> bool:
        """Whether the answer counts as a try."""
        return self.verdict in ("near", "diagnosed", "wrong")

    @property
    def is_right(self) -> bool:
        """Whether the step is done."""
        return self.verdict in ("correct", "follow_through")

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The ids of the mistakes that the answer fits."""
        return tuple(dict.fromkeys(name for one in self.candidates for name in one.ids)) or self.recalled


def judge_text(
    text: str,
    truth: float,
    scale: float,
    names: Mapping[str, float] = NO_NAMES,
    known: Sequence[Candidate] = (),
    consequence: Consequence | None = None,
) -> Judgement:
    """Read a typed answer and judge it; what cannot be read is `invalid`, with the reader's own message."""
    try:
        reading = read(text, names)
    except ReadingError as error:
        return Judgement("invalid", error.message, None)
    return judge(reading, truth, scale, known, consequence)


def judge(
    reading: Reading,
    truth: float,
    scale: float,
    known: Sequence[Candidate] = (),
    consequence: Consequence | None = None,
) -> Judgement:
    """Judge what was read against the truth, the known mistakes, and what follows from the learner's earlier answers.

    `correct`: off by at most max(1 % of S, min(u, 5 % of S)), where u is half a unit of the last decimal typed.
    `diagnosed`: within max(u, 1 % of S) of a known mistake (a calculation, which is not rounded in the head, within
    0.5 %) and nearer to it than to the truth (an answer with fewer decimals than were asked for has to be within 1 %).
    `more_digits`: what was typed may be rounded from the truth, but is too short to be sure of it, or may be rounded
    from a mistake as well.
    `follow_through`: right, had the earlier answers been. `near`: within 5 % of S. A scale of 0 with a truth of 0 is
    judged absolutely, with a truth other than 0 (a weight that did not move) on the truth's own size. Raises
    `ValueError` where the truth or the scale is not finite. Source: the tolerances were chosen so that a learner who
    rounds intermediate values is accepted and an update with the wrong sign is not.
    """
    value, half_unit = reading.value, reading.half_unit
    scale = _checked_scale(truth, scale)
    if is_same(value, truth, scale):
        return Judgement("correct", RIGHT, value)
    if consequence is not None and _follows(value, half_unit, truth, scale, consequence, known):
        return Judgement("follow_through", consequence.message, value)
    found = diagnose(value, max(half_unit, (_EXACT if reading.is_plain else _CALCULATED) * scale), truth, scale, known)
    is_mistake = any(is_same(value, candidate.value, scale) for candidate in found)
    could_be_either = _is_within(value, truth, half_unit) and any(
        _is_within(value, candidate.value, half_unit) for candidate in known
    )
    if could_be_either and not is_mistake:
        return Judgement("more_digits", f"that could be right: {_digits_wanted(truth, scale, known)}", value)
    if found and not _is_too_coarse(found[0].value, value, half_unit, truth, scale, known):
        return Judgement("diagnosed", sentence(found), value, found)
    if _is_correct(value, half_unit, truth, scale):
        return Judgement("correct", RIGHT, value)
    if _is_within(value, truth, half_unit):
        return Judgement("more_digits", f"that could be right: {_digits_wanted(truth, scale, known)}", value)
    if scale and _is_within(value, truth, _NEAR * scale):
        message = "keep one more decimal in between, and go over the arithmetic once more"
        return Judgement("near", message, value)
    if reading.is_plain and _is_power_of_ten_off(value, half_unit, truth, scale):
        return Judgement("wrong", "has the decimal point slipped?", value)
    return Judgement("wrong", UNEXPLAINED, value)


def judge_sign(text: str, truth: float) -> Judgement:
    """Judge a typed sign against the sign of the truth; a truth that may be the rounding of 0 takes 0 as well."""
    try:
        sign = read_sign(text)
    except ReadingError as error:
        return Judgement("invalid", error.message, None)
    is_right = sign == (truth > 0) - (truth < 0) or (sign == 0 and abs(truth) <= ROUNDING_OF_ZERO)
    if is_right:
        return Judgement("correct", "that is the right sign", float(sign))
    return Judgement("wrong", "not that sign: find the sign of each part, then put them together", float(sign))


def decimals_needed(truth: float, scale: float, known: Sequence[Candidate] = ()) -> int:
    """Return how many decimals to ask for: the fewest with which this judge tells the rounded truth from every mistake.

    At least 4, unless the truth itself has fewer (0.36 has two; the noise behind the twelfth digit of a double is not
    counted), and at most 12. Raises `ValueError` where the truth or the scale is not finite.
    """
    scale = _checked_scale(truth, scale)
    exponent = Decimal(f"{truth:.12g}").normalize().as_tuple().exponent
    own_decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    for decimals in range(min(USUAL_DECIMALS, own_decimals), MOST_DECIMALS):
        half_unit = 0.5 * 10.0**-decimals
        rounded = float(f"{truth:.{decimals}f}")
        if not _is_correct(rounded, half_unit, truth, scale):
            continue
        if all(_are_told_apart(truth, rounded, candidate.value, decimals, scale) for candidate in known):
            return decimals
    return MOST_DECIMALS


def _are_told_apart(truth: float, rounded: float, mistake: float, decimals: int, scale: float) -> bool:
    """Tell whether truth and mistake, both rounded to so many decimals, are each taken for what they are."""
    half_unit = 0.5 * 10.0**-decimals
    if not is_same(rounded, truth, scale):
        both_in_reach = _is_within(mistake, rounded, half_unit)
        is_nearer = abs(mistake - rounded) < abs(truth - rounded)
        if both_in_reach or (is_nearer and _is_within(mistake, rounded, _EXACT * scale)):
            return False
    typed = float(f"{mistake:.{decimals}f}")
    if is_same(typed, mistake, scale):
        return not is_same(typed, truth, scale)
    return not _is_within(typed, truth, half_unit) and abs(typed - mistake) < abs(typed - truth)


def scale_of(value: float, largest: float | None = None) -> float:
    """Return the scale of a value or gradient, |t|; where the largest of its vector is given, max(|t|, 1 % of that)."""
    return abs(value) if largest is None else max(abs(value), 0.01 * abs(largest))


_EXACT, _CALCULATED, _NEAR = 0.01, 0.005, 0.05  # parts of the scale
_ZERO_LEAST, _ZERO_MOST = 1e-9, 1e-3  # absolute, where the truth is 0
_FARTHEST_SLIP = 6  # places of the decimal point


def _checked_scale(truth: float, scale: float) -> float:
    if not (math.isfinite(truth) and math.isfinite(scale)):
        raise ValueError(f"there is no answer to judge: truth {truth}, scale {scale}")
    return abs(scale) or abs(truth)


def _is_correct(value: float, half_unit: float, truth: float, scale: float) -> bool:
    if not scale:
        return _is_within(value, truth, max(min(half_unit, _ZERO_MOST), _ZERO_LEAST))
    if scale <= ROUNDING_OF_ZERO and abs(truth) <= ROUNDING_OF_ZERO and not value:
        return True
    return _is_within(value, truth, max(_EXACT * scale, min(half_unit, _NEAR * scale)))


def _is_within(value: float, truth: float, tolerance: float) -> bool:
    """Tell whether the two differ by at most the tolerance, where doubles may blur its edge but not widen it."""
    blur = 1e-9 * tolerance + 4 * sys.float_info.epsilon * max(abs(value), abs(truth))
    return abs(value - truth) <= tolerance + blur


def _is_power_of_ten_off(value: float, half_unit: float, truth: float, scale: float) -> bool:
    if value * truth <= 0:  # a product of tiny numbers may vanish: then nothing is said of a slip
        return False
    places = round(math.log10(abs(value)) - math.log10(abs(truth)))
    if not 0 < abs(places) <= _FARTHEST_SLIP:
        return False
    return _is_correct(value / 10.0**places, half_unit / 10.0**places, truth, scale)


def _follows(
    value: float,
    half_unit: float,
    truth: float,
    scale: float,
    consequence: Consequence,
    known: Sequence[Candidate],
) -> bool:
    """Tell whether an answer is what the learner's earlier answers lead to, and no known mistake is nearer."""
    if is_same(consequence.value, truth, scale) or _is_correct(value, half_unit, truth, scale):
        return False
    if not _is_correct(value, half_unit, consequence.value, consequence.scale or abs(consequence.value)):
        return False
    distance = abs(value - consequence.value)
    return all(distance <= abs(value - candidate.value) + SAME * scale for candidate in known)


def _is_too_coarse(
    mistake: float, value: float, half_unit: float, truth: float, scale: float, known: Sequence[Candidate]
) -> bool:
    """Tell whether an answer fits a mistake only for want of the decimals that were asked for: 1 is near anything."""
    if _is_within(value, mistake, _EXACT * scale):
        return False
    return half_unit > 0.5001 * 10.0 ** -decimals_needed(truth, scale, known)


def _digits_wanted(truth: float, scale: float, known: Sequence[Candidate]) -> str:
    decimals = decimals_needed(truth, scale, known)
    if decimals == MOST_DECIMALS:
        return "give every digit that you have"
    if not decimals:
        return "give it to the last whole number"
    return f"give {decimals} {'decimal' if decimals == 1 else 'decimals'}"
