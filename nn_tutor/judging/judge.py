"""Whether an answer is right: truth first, then rounding, then other conventions, and only then known mistakes.

Each answer is held against the truth on a scale S: the size of a value or gradient, for an updated weight the size of
its step |η·g|, as 1 % of the weight would accept a step in the wrong direction. The caller hands it in:
`walkthrough.questions.scale_of_question`. A scale of 0 with a truth of 0 is judged absolutely, with a truth other than
0 (a weight that did not move) on the truth's own size.

Let u be half a unit of the last decimal typed (0 for a calculation) and the slack how far rounding every number on the
way to as many decimals carries an answer. In this order:

- `follow_through`: what the learner's own earlier numbers lead to by the right rule, to the digits typed; `correct`
  where that is right as well.
- `correct`: off by at most max(1 % of S, min(u, 5 % of S)), and no known mistake explains the answer as well.
- `more_digits`: within the slack, but too coarse to be sure, or a mistake explains it too; also where rounding took
  a number on the way across a corner, `correct` where that number stands in the corner itself.
- `convention`: within max(slack, 1 % of S) of what another convention gives, or of known ones alone.
- `diagnosed`: within max(u, 1 % of S) of a known mistake (a calculation within 0.5 %) and nearer to it than to the
  truth; an answer with fewer decimals than were asked for has to be within 1 %, and
  where these say little, the mistake itself or the only one that rounds to it.
- `near`: within 5 % of S, where none of the rarer mistakes fits.

Source: the tolerances were chosen so that a learner who rounds intermediate values is accepted and an update with the
wrong sign is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.judging.by_rounding import across_a_corner, judged_by_rounding, no_number
from nn_tutor.judging.corners import Besides, no_besides
from nn_tutor.judging.crediting import credited
from nn_tutor.judging.diagnosis import diagnose, in_convention, sentence
from nn_tutor.judging.judgement import RIGHT, UNEXPLAINED, Judgement
from nn_tutor.judging.mistakes.known import SAME, is_same
from nn_tutor.judging.reading import NO_NAMES, Reading, ReadingError, read, read_sign
from nn_tutor.judging.rounding import OWN, Spread
from nn_tutor.judging.tolerances import (
    CLOSE,
    COARSEST,
    EXACT,
    NEAR,
    ROUNDING_OF_ZERO,
    checked_scale,
    decimals_needed,
    is_correct,
    is_within,
)

if TYPE_CHECKING:
    from nn_tutor.judging.follow_through import Consequence
    from nn_tutor.judging.mistakes.case import Candidate


def judge_text(
    text: str,
    truth: float,
    scale: float,
    names: Mapping[str, float] = NO_NAMES,
    known: Sequence[Candidate] = (),
    consequences: Sequence[Consequence] = (),
    spread: Spread = OWN,
    conventions: Sequence[Candidate] = (),
) -> Judgement:
    """Read a typed answer and judge it; what cannot be read is `invalid`, with the reader's own message."""
    try:
        reading = read(text, names)
    except ReadingError as error:
        return Judgement("invalid", error.message, None)
    return judge(reading, truth, scale, known, consequences, spread, conventions)


def judge(
    reading: Reading,
    truth: float,
    scale: float,
    known: Sequence[Candidate] = (),
    consequences: Sequence[Consequence] = (),
    spread: Spread = OWN,
    conventions: Sequence[Candidate] = (),
    rarer: Callable[[], Sequence[Candidate]] = tuple,
    besides: Besides = no_besides,
    asked: Callable[[], int | None] = no_number,
) -> Judgement:
    """Judge what was read, in the order truth, rounding, conventions, mistakes, as the module says.

    `consequences` are what the learner's own earlier numbers lead to; their conventions and mistakes are worked out
    only where they are needed, and so are the `rarer` mistakes. `besides` gives what rounding across a corner comes to.
    `asked` gives the decimals that the question asks for: no more are wanted of an answer with fewer.

    Raises `ValueError` where the truth or the scale is not finite.
    """
    scale = checked_scale(truth, scale)
    if is_same(reading.value, truth, scale):
        return Judgement("correct", RIGHT, reading.value)
    explained = (
        credited(reading, truth, scale, consequences, known)
        or judged_by_rounding(reading, truth, scale, known, consequences, spread, asked)
        or across_a_corner(reading, scale, spread, besides)
    )
    if explained:
        return explained
    exact = _reach(reading, scale, spread) if reading.value else 0.0
    found = _fitting(reading, exact, truth, scale, known, consequences)
    for base in (_Base(truth, scale, spread, conventions), *map(_base_of, consequences)):
        if conventional := _in_another_convention(reading, exact, base, found, scale):
            return conventional
    return _named(reading, truth, scale, known, found) or _unnamed(reading, exact, truth, scale, rarer)


def right_at_once(
    reading: Reading, truth: float, scale: float, known: Sequence[Candidate], spread: Spread = OWN
) -> Judgement | None:
    """Judge an answer that is right whatever else there is: as `judge` does, without asking for more; else None."""
    scale = checked_scale(truth, scale)
    if is_same(reading.value, truth, scale):
        return Judgement("correct", RIGHT, reading.value)
    explained = judged_by_rounding(reading, truth, scale, known, (), spread)
    return explained if explained is not None and explained.is_right else None


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


def _reach(reading: Reading, scale: float, spread: Spread) -> float:
    """How far an answer may be off a mistake: a calculation by less, and less still with the digits typed in it.

    So may a number with all the digits that what leads to it has: there was nothing to round.
    """
    if reading.is_plain:
        half_unit = reading.half_unit
        is_exact = spread.written and is_within(spread.slack(half_unit), 0.0, half_unit)
        return min(EXACT * scale, _ROUNDED_LATE * half_unit) if is_exact else EXACT * scale
    has_decimals = 0.0 < reading.finest < _WHOLE
    return min(_CALCULATED * scale, _ROUNDINGS * reading.finest) if has_decimals else _CALCULATED * scale


_CALCULATED = 0.005
"""The part of the scale within which a calculation is held against a mistake."""

_ROUNDED_LATE = 4.0
"""As many half units a mistake may be off where nothing but its own last lines can have been rounded."""

_ROUNDINGS = 50.0
"""As many half units of the last decimal typed in it rounding may carry a calculation off, where it multiplies."""

_WHOLE = 0.5
"""Half a unit of a number that was typed without decimals."""

_FARTHEST_SLIP = 6
"""Places of the decimal point."""


# Conventions


def _fitting(
    reading: Reading,
    exact: float,
    truth: float,
    scale: float,
    known: Sequence[Candidate],
    consequences: Sequence[Consequence],
) -> tuple[Candidate, ...]:
    """The known mistakes that fit; where none does to the digits typed, those with the learner's own numbers too."""
    value, half_unit = reading.value, reading.half_unit
    found = diagnose(value, max(half_unit, exact), truth, scale, known, half_unit)
    if not found or abs(value - found[0].value) <= max(half_unit, SAME * scale):
        return found
    own = [one for consequence in consequences for one in consequence.mistakes()]
    return diagnose(value, max(half_unit, exact), truth, scale, (*known, *own), half_unit) if own else found


class _Base(NamedTuple):
    """A number that is right, by the lesson's numbers or by the learner's own, and what it is in other conventions."""

    value: float
    scale: float
    spread: Spread
    conventions: Sequence[Candidate]
    credit: str = ""


def _base_of(consequence: Consequence) -> _Base:
    scale = consequence.scale or abs(consequence.value)
    return _Base(consequence.value, scale, consequence.spread, consequence.conventions(), consequence.message)


def _in_another_convention(
    reading: Reading, exact: float, base: _Base, found: Sequence[Candidate], scale: float
) -> Judgement | None:
    """Judge an answer that another convention makes right: the nearest one, with all that come together in it.

    Beyond what rounding explains the nearest of the mistakes that were `found` wins where it is nearer.
    """
    value = reading.value
    slack = base.spread.slack(reading.half_unit)
    reach = max(min(slack, NEAR * base.scale), exact)
    near = diagnose(value, reach, base.value, base.scale, base.conventions)
    if not near:
        return None
    own, other = abs(value - near[0].value), abs(value - found[0].value) if found else math.inf
    if own > min(slack, reach) and own > other + SAME * scale:
        return None
    together = tuple(one for one in near if is_same(one.value, near[0].value, base.scale))
    slips = tuple(one for one in found if is_same(one.value, near[0].value, scale))
    said = in_convention(together, slips)
    return Judgement("convention", f"{base.credit}; {said}" if base.credit else said, value, (*together, *slips))


# Mistakes


def _named(
    reading: Reading, truth: float, scale: float, known: Sequence[Candidate], found: Sequence[Candidate]
) -> Judgement | None:
    """Judge an answer by the known mistakes that were `found` to fit it; None where these do not say enough."""
    if not found:
        return None
    value, half_unit = reading.value, reading.half_unit
    if all(one.mistake.is_convention for one in found):
        return Judgement("convention", in_convention(found[:1]), value, tuple(found))
    if _is_too_coarse(found[0].value, value, half_unit, truth, scale, known):
        return None
    return Judgement("diagnosed", sentence(found), value, tuple(found))


def _unnamed(
    reading: Reading, exact: float, truth: float, scale: float, rarer: Callable[[], Sequence[Candidate]]
) -> Judgement:
    """Judge an answer that no known mistake explains: right, a rarer mistake, near, or simply wrong."""
    value, half_unit = reading.value, reading.half_unit
    if is_correct(value, half_unit, truth, scale):
        return Judgement("correct", RIGHT, value)
    found = diagnose(value, max(half_unit, min(exact, CLOSE * scale)), truth, scale, rarer())
    if found and (half_unit <= COARSEST * scale or is_same(found[0].value, value, scale)):
        return Judgement("diagnosed", sentence(found), value, found)
    if scale and is_within(value, truth, NEAR * scale):
        message = "keep one more decimal in between, and go over the arithmetic once more"
        return Judgement("near", message, value)
    if reading.is_plain and _is_power_of_ten_off(value, half_unit, truth, scale):
        return Judgement("wrong", "has the decimal point slipped?", value)
    return Judgement("wrong", UNEXPLAINED, value)


# Digits


def _is_power_of_ten_off(value: float, half_unit: float, truth: float, scale: float) -> bool:
    if value * truth <= 0:  # a product of tiny numbers may vanish: then nothing is said of a slip
        return False
    places = round(math.log10(abs(value)) - math.log10(abs(truth)))
    if not 0 < abs(places) <= _FARTHEST_SLIP:
        return False
    return is_correct(value / 10.0**places, half_unit / 10.0**places, truth, scale)


def _is_too_coarse(
    mistake: float,
    value: float,
    half_unit: float,
    truth: float,
    scale: float,
    known: Sequence[Candidate],
) -> bool:
    """Whether an answer fits a mistake only for want of the decimals that were asked for: 1 is near anything.

    One whose rounding is more than 5 % of the scale has to be the mistake itself, as 0.6 is the weight left unchanged,
    unless no other mistake rounds to it.
    """
    if is_same(value, mistake, scale):
        return False
    if not value and half_unit > NEAR * scale:  # a 0 is what is typed when nothing else comes to mind
        return True
    if is_within(value, mistake, EXACT * scale) and (
        half_unit <= NEAR * scale or _is_alone(mistake, value, half_unit, scale, known)
    ):
        return False
    return half_unit > 0.5001 * 10.0 ** -decimals_needed(truth, scale, known)


def _is_alone(mistake: float, value: float, half_unit: float, scale: float, known: Sequence[Candidate]) -> bool:
    """Whether all known mistakes that round to a value come to one number."""
    rounding = (one.value for one in known if is_within(value, one.value, half_unit))
    return all(is_same(other, mistake, scale) for other in rounding)
