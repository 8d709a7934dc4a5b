"""Answers that rounding on the way explains, of the lesson's numbers or of the learner's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.judging.crediting import credit_of
from nn_tutor.judging.diagnosis import in_words
from nn_tutor.judging.judgement import RIGHT, Judgement
from nn_tutor.judging.mistakes.known import SAME, TELLABLE, is_same
from nn_tutor.judging.rounding import half_unit_of
from nn_tutor.judging.tolerances import (
    COARSEST,
    MAX_DECIMALS,
    NEAR,
    ROUNDED,
    decimals_needed,
    is_correct,
    is_within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nn_tutor.judging.corners import Besides
    from nn_tutor.judging.follow_through import Consequence
    from nn_tutor.judging.mistakes.case import Candidate
    from nn_tutor.judging.reading import Reading
    from nn_tutor.judging.rounding import Spread


def no_number() -> int | None:
    """Return no number of decimals: none is asked for."""
    return None


def judged_by_rounding(
    reading: Reading,
    truth: float,
    scale: float,
    known: Sequence[Candidate],
    consequences: Sequence[Consequence],
    spread: Spread,
    asked: Callable[[], int | None] = no_number,
) -> Judgement | None:
    """Judge an answer that rounding explains: right, or with too few digits to say; None where it does not explain it.

    What is within half a unit is what the truth rounds to: a mistake rivals it only where it rounds to the same.
    """
    value, half_unit = reading.value, _unit_of(reading, spread)
    if not half_unit or (half_unit >= _WHOLE and any(is_same(value, one.value, scale) for one in known)):
        return None  # a whole number that is a mistake to the bit shows no sign of rounding
    if is_within(value, truth, half_unit):
        reach = half_unit
    elif is_within(value, truth, spread.slack(half_unit)) and not _is_far_off(reading, truth, asked):
        reach = spread.slack(half_unit)
    else:
        return _by_consequence(reading, truth, scale, known, consequences, asked)
    rivals = [one for one in known if is_within(value, one.value, reach)]
    if not rivals and is_correct(value, reading.half_unit, truth, scale):
        return Judgement("correct", RIGHT, value)
    wanted = _wanted(reading, truth, scale, known, spread, asked)
    return Judgement("more_digits", _more_digits(reading, rivals, wanted, scale), value)


def _is_far_off(reading: Reading, truth: float, asked: Callable[[], int | None]) -> bool:
    """Whether an answer of a digit or two is off by more than the right one is large, where more digits are asked for.

    Beside 0.0065 nobody rounds to 1, nor beside −0.1 to 0.1, who works with the four decimals that the question wants.
    """
    value, half_unit = reading.value, reading.half_unit
    if half_unit < _TENTHS or abs(value - truth) <= max(abs(truth), half_unit * _A_LITTLE_MORE):
        return False
    number = asked()
    return number is not None and half_unit > _A_LITTLE_MORE * half_unit_of(number)


_TENTHS = 0.0499
"""Half a unit of a number with one decimal, and a hair less."""


def _unit_of(reading: Reading, spread: Spread) -> float:
    """Half a unit of the last decimal that was rounded to, 0 where nothing was.

    A calculation shows it in the numbers that are typed in it, where these are finer than the ones that are given.
    """
    is_rounded = reading.finest <= ROUNDED and reading.finest < half_unit_of(spread.given)
    return reading.half_unit or (reading.finest if is_rounded else 0.0)


_WHOLE = 0.5
"""Half a unit of a number that was typed without decimals."""


def _by_consequence(
    reading: Reading,
    truth: float,
    scale: float,
    known: Sequence[Candidate],
    consequences: Sequence[Consequence],
    asked: Callable[[], int | None],
) -> Judgement | None:
    """Judge an answer that the learner's own numbers explain, rounded once more on the way from them."""
    value = reading.value
    for consequence in consequences:
        half_unit = _unit_of(reading, consequence.spread)
        slack = consequence.spread.slack(half_unit)
        if not is_within(value, consequence.value, slack) or _is_far_off(reading, consequence.value, asked):
            continue
        rivals = [one for one in (*known, *consequence.mistakes()) if is_within(value, one.value, slack)]
        if not rivals and is_correct(value, slack, consequence.value, consequence.scale or abs(consequence.value)):
            return credit_of(reading, truth, scale, consequence)
        wanted = _wanted(reading, truth, scale, known, consequence.spread, asked)
        return Judgement("more_digits", _more_digits(reading, rivals, wanted, scale), value)
    return None


def across_a_corner(reading: Reading, scale: float, spread: Spread, besides: Besides) -> Judgement | None:
    """Judge an answer that is right where rounding took a number on the way to the other side of a corner."""
    for beside in besides(_unit_of(reading, spread)):
        if is_within(reading.value, beside.value, max(beside.slack, SAME * scale)):
            if beside.is_as_right:
                return Judgement("correct", RIGHT, reading.value)
            return Judgement("more_digits", beside.said, reading.value)
    return None


def _wanted(
    reading: Reading,
    truth: float,
    scale: float,
    known: Sequence[Candidate],
    spread: Spread,
    asked: Callable[[], int | None],
) -> int:
    """How many decimals tell: as many as the question asks for, where fewer were typed."""
    number = asked()
    if number is not None and reading.half_unit > _A_LITTLE_MORE * half_unit_of(number):
        return number
    decimals = decimals_needed(truth, scale, known)
    while decimals < MAX_DECIMALS and spread.slack(half_unit_of(decimals)) > NEAR * scale:
        decimals += 1
    return decimals


_A_LITTLE_MORE = 1.0001
"""Half a unit is larger than another only if by more than the last bits."""


def _more_digits(reading: Reading, rivals: Sequence[Candidate], decimals: int, scale: float) -> str:
    """Say neutrally what these digits cannot tell apart, and how many would; no mistake of an answer that says little.

    Of an answer with so few digits that much else rounds to it, only what it is exactly is told. Of mistakes that
    come to the same, the one made in this very number is named before one that was carried into it.
    """
    value, wanted = reading.value, _digits_wanted(decimals)
    if not reading.is_plain:
        wanted = "put more digits into the calculation"
    apart = TELLABLE * scale or SAME
    nearest = sorted(rivals, key=lambda one: (round(abs(one.value - value) / apart), one.is_carried))
    if not nearest or (
        reading.half_unit > COARSEST * scale and abs(value - nearest[0].value) > BUT_FOR_EPSILON * scale
    ):
        return f"that could be right: {wanted}"
    return f"this could be rounding, or {in_words(nearest[:1])}: {wanted} to tell which"


BUT_FOR_EPSILON = 1e-5
"""An answer is a mistake exactly where it is off by less, as a part of the scale: by the ε below Adam's root."""


def _digits_wanted(decimals: int) -> str:
    if decimals >= MAX_DECIMALS:
        return "give every digit that you have"
    if not decimals:
        return "give it to the last whole number"
    return f"give {decimals} {'decimal' if decimals == 1 else 'decimals'}"
