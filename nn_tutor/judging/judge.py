"""Whether an answer is right: truth first, then rounding, then other conventions, and only then known mistakes.

Each answer is held against the truth on a scale S: the size of a value or gradient, for an updated weight the size of
its step |η·g|, as 1 % of the weight would accept a step in the wrong direction. The caller hands it in:
`walkthrough.questions.scale_of_question`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.judging.corners import Besides, no_besides
from nn_tutor.judging.diagnosis import diagnose, in_convention, in_words, sentence
from nn_tutor.judging.judgement import RIGHT, UNEXPLAINED, Judgement
from nn_tutor.judging.mistakes.known import SAME, is_same
from nn_tutor.judging.reading import NO_NAMES, Reading, ReadingError, read, read_sign
from nn_tutor.judging.rounding import OWN, Spread, half_unit_of
from nn_tutor.judging.tolerances import (
    EXACT,
    MAX_DECIMALS,
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


def _no_number() -> int | None:
    return None


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
    asked: Callable[[], int | None] = _no_number,
) -> Judgement:
    """Judge what was read, in the order truth, rounding, conventions, mistakes.

    Let u be half a unit of the last decimal typed (0 for a calculation) and `slack` how far rounding every number on
    the way to as many decimals carries an answer (`spread`).

    - `follow_through`: what one of `consequences`, the learner's own earlier numbers, leads to by the right rule, to
      the digits typed; `correct` where that is right as well.
    - `correct`: off by at most max(1 % of S, min(u, 5 % of S)), and no known mistake explains the answer as well.
    - `more_digits`: within the slack, but too coarse to be sure, or a mistake explains it too; also where rounding took
      a number on the way across a corner (`besides`), `correct` where that number stands in the corner itself.
    - `convention`: within max(slack, 1 % of S) of what another of the `conventions` gives, or of known ones alone.
    - `diagnosed`: within max(u, 1 % of S) of a known mistake (a calculation within 0.5 %) and nearer to it than to the
      truth; an answer with fewer decimals than were asked for has to be within 1 %.
    - `near`: within 5 % of S, where none of the `rarer` mistakes, worked out only now, fits.

    `asked` gives the decimals that the question asks for: no more are wanted of an answer with fewer.

    The learner's own numbers have conventions and mistakes of their own, which are worked out where they are needed.

    A scale of 0 with a truth of 0 is judged absolutely, with a truth other than 0 (a weight that did not move) on the
    truth's own size. Raises `ValueError` where the truth or the scale is not finite. Source: the tolerances were chosen
    so that a learner who rounds intermediate values is accepted and an update with the wrong sign is not.
    """
    value, half_unit = reading.value, reading.half_unit
    scale = checked_scale(truth, scale)
    if is_same(value, truth, scale):
        return Judgement("correct", RIGHT, value)
    if credited := _credited(reading, truth, scale, consequences, known):
        return credited
    explained = _explained(reading, truth, scale, known, consequences, spread, asked)
    if explained := explained or _across_a_corner(reading, scale, spread, besides):
        return explained
    exact = (EXACT if reading.is_plain else _CALCULATED) * scale
    found = _fitting(reading, exact, truth, scale, known, consequences)
    here = _Base(truth, scale, spread, conventions)
    for base in (here, *map(_base_of, consequences)):
        if conventional := _in_another_convention(reading, exact, base, found, scale):
            return conventional
    if found and all(one.mistake.is_convention for one in found):
        return Judgement("convention", in_convention(found[:1]), value, found)
    if found and not _is_too_coarse(found[0].value, value, half_unit, truth, scale, known):
        return Judgement("diagnosed", sentence(found), value, found)
    if is_correct(value, half_unit, truth, scale):
        return Judgement("correct", RIGHT, value)
    if found := diagnose(value, max(half_unit, exact), truth, scale, rarer()):
        return Judgement("diagnosed", sentence(found), value, found)
    if scale and is_within(value, truth, NEAR * scale):
        message = "keep one more decimal in between, and go over the arithmetic once more"
        return Judgement("near", message, value)
    if reading.is_plain and _is_power_of_ten_off(value, half_unit, truth, scale):
        return Judgement("wrong", "has the decimal point slipped?", value)
    return Judgement("wrong", UNEXPLAINED, value)


def right_at_once(
    reading: Reading, truth: float, scale: float, known: Sequence[Candidate], spread: Spread = OWN
) -> Judgement | None:
    """Judge an answer that is right whatever else there is: as `judge` does, without asking for more; else None."""
    scale = checked_scale(truth, scale)
    if is_same(reading.value, truth, scale):
        return Judgement("correct", RIGHT, reading.value)
    explained = _explained(reading, truth, scale, known, (), spread)
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


_CALCULATED = 0.005
"""The part of the scale within which a calculation is held against a mistake."""

_FARTHEST_SLIP = 6
"""Places of the decimal point."""


# Truth, and what follows from the learner's own numbers


def _credited(
    reading: Reading, truth: float, scale: float, consequences: Sequence[Consequence], known: Sequence[Candidate]
) -> Judgement | None:
    """Credit what the right rule makes of the learner's own earlier numbers: right as well, or a consequence."""
    for consequence in consequences:
        if _follows(reading, scale, consequence, known):
            return _credit(reading, truth, scale, consequence)
    return None


def _credit(reading: Reading, truth: float, scale: float, consequence: Consequence) -> Judgement:
    if is_correct(reading.value, reading.half_unit, truth, scale):
        return Judgement("correct", RIGHT, reading.value)
    return Judgement("follow_through", consequence.message, reading.value)


def _follows(reading: Reading, scale: float, consequence: Consequence, known: Sequence[Candidate]) -> bool:
    """Whether an answer is what the learner's earlier answers lead to.

    To the digits typed, it is so whatever mistake lies near, unless these are so few that rounding swallowed what
    happens here; within 1 %, where no known mistake is nearer.
    """
    value, half_unit, own_scale = reading.value, reading.half_unit, consequence.scale or abs(consequence.value)
    tells = half_unit <= _ROUNDED or half_unit <= NEAR * own_scale
    if tells and half_unit < _SWALLOWED * own_scale and is_within(value, consequence.value, half_unit):
        return True
    if not is_correct(value, half_unit, consequence.value, own_scale):
        return False
    distance = abs(value - consequence.value)
    rivals = (*known, *consequence.mistakes())
    return all(distance <= abs(value - candidate.value) + SAME * scale for candidate in rivals)


_SWALLOWED = 0.5
"""A number typed so coarsely that its rounding is more than half of what happens here says nothing of it."""


# Rounding


def _explained(
    reading: Reading,
    truth: float,
    scale: float,
    known: Sequence[Candidate],
    consequences: Sequence[Consequence],
    spread: Spread,
    asked: Callable[[], int | None] = _no_number,
) -> Judgement | None:
    """Judge an answer that rounding explains: right, or with too few digits to say; None where it does not explain it.

    What is within half a unit is what the truth rounds to: a mistake rivals it only where it rounds to the same.
    """
    value, half_unit = reading.value, _unit_of(reading, spread)
    if not half_unit or (half_unit >= _WHOLE and any(is_same(value, one.value, scale) for one in known)):
        return None  # a whole number that is a mistake to the bit shows no sign of rounding
    if reading.half_unit and is_within(value, truth, half_unit):
        reach = half_unit
    elif is_within(value, truth, spread.slack(half_unit)):
        reach = spread.slack(half_unit)
    else:
        return _explained_by_consequence(reading, truth, scale, known, consequences, asked)
    rivals = [one for one in known if is_within(value, one.value, reach)]
    if not rivals and is_correct(value, reading.half_unit, truth, scale):
        return Judgement("correct", RIGHT, value)
    wanted = _wanted(reading, truth, scale, known, spread, asked)
    return Judgement("more_digits", _more_digits(value, rivals, wanted), value)


def _unit_of(reading: Reading, spread: Spread) -> float:
    """Half a unit of the last decimal that was rounded to, 0 where nothing was.

    A calculation shows it in the numbers that are typed in it, where these are finer than the ones that are given.
    """
    is_rounded = reading.finest <= _ROUNDED and reading.finest < half_unit_of(spread.given)
    return reading.half_unit or (reading.finest if is_rounded else 0.0)


_ROUNDED = 0.5e-3
"""Half a unit of a number with three decimals: one with fewer may stand in a calculation as it was given."""

_WHOLE = 0.5
"""Half a unit of a number that was typed without decimals."""


def _explained_by_consequence(
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
        if not is_within(value, consequence.value, slack):
            continue
        rivals = [one for one in (*known, *consequence.mistakes()) if is_within(value, one.value, slack)]
        if not rivals and is_correct(value, slack, consequence.value, consequence.scale or abs(consequence.value)):
            return _credit(reading, truth, scale, consequence)
        wanted = _wanted(reading, truth, scale, known, consequence.spread, asked)
        return Judgement("more_digits", _more_digits(value, rivals, wanted), value)
    return None


def _across_a_corner(reading: Reading, scale: float, spread: Spread, besides: Besides) -> Judgement | None:
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


def _more_digits(value: float, rivals: Sequence[Candidate], decimals: int) -> str:
    """Say neutrally what these digits cannot tell apart, and how many would."""
    wanted = _digits_wanted(decimals)
    nearest = sorted(rivals, key=lambda one: abs(one.value - value))
    if not nearest:
        return f"that could be right: {wanted}"
    return f"this could be rounding, or {in_words(nearest[:1])}: {wanted} to tell which"


def _digits_wanted(decimals: int) -> str:
    if decimals >= MAX_DECIMALS:
        return "give every digit that you have"
    if not decimals:
        return "give it to the last whole number"
    return f"give {decimals} {'decimal' if decimals == 1 else 'decimals'}"


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
    found = diagnose(value, max(half_unit, exact), truth, scale, known)
    if not found or abs(value - found[0].value) <= max(half_unit, SAME * scale):
        return found
    own = [one for consequence in consequences for one in consequence.mistakes()]
    return diagnose(value, max(half_unit, exact), truth, scale, (*known, *own)) if own else found


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
    """Whether an answer fits a mistake only for want of the decimals that were asked for: 1 is near anything."""
    if is_within(value, mistake, EXACT * scale):
        return False
    return half_unit > 0.5001 * 10.0 ** -decimals_needed(truth, scale, known)
