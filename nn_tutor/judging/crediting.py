"""What the right rule makes of the learner's own earlier numbers is credited, whatever these are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.judging.judgement import RIGHT, Judgement
from nn_tutor.judging.mistakes.known import SAME
from nn_tutor.judging.tolerances import NEAR, ROUNDED, is_correct, is_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn_tutor.judging.follow_through import Consequence
    from nn_tutor.judging.mistakes.case import Candidate
    from nn_tutor.judging.reading import Reading


def credited(
    reading: Reading, truth: float, scale: float, consequences: Sequence[Consequence], known: Sequence[Candidate]
) -> Judgement | None:
    """Credit what the right rule makes of the learner's own earlier numbers: right as well, or a consequence."""
    for consequence in consequences:
        if _follows(reading, scale, consequence, known):
            return credit_of(reading, truth, scale, consequence)
    return None


def credit_of(reading: Reading, truth: float, scale: float, consequence: Consequence) -> Judgement:
    """Judge an answer that follows from the learner's own numbers: right as well, or a consequence."""
    if is_correct(reading.value, reading.half_unit, truth, scale):
        return Judgement("correct", RIGHT, reading.value)
    return Judgement("follow_through", consequence.message, reading.value)


def _follows(reading: Reading, scale: float, consequence: Consequence, known: Sequence[Candidate]) -> bool:
    """Whether an answer is what the learner's earlier answers lead to.

    To the digits typed, it is so whatever mistake lies near, unless these are so few that rounding swallowed what
    happens here; within 1 %, where no known mistake is nearer.
    """
    value, half_unit, own_scale = reading.value, reading.half_unit, consequence.scale or abs(consequence.value)
    tells = half_unit <= ROUNDED or half_unit <= NEAR * own_scale
    if tells and half_unit < _SWALLOWED * own_scale and is_within(value, consequence.value, half_unit):
        return True
    if not is_correct(value, half_unit, consequence.value, own_scale):
        return False
    distance = abs(value - consequence.value)
    rivals = (*known, *consequence.mistakes())
    return all(distance <= abs(value - candidate.value) + SAME * scale for candidate in rivals)


_SWALLOWED = 0.5
"""A number typed so coarsely that its rounding is more than half of what happens here says nothing of it."""
