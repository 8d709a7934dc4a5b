"""Answers judged against a truth alone, with mistakes and conventions that are made up."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tutor.judging.follow_through import Consequence
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Candidate, Mistake, Slip
from nn_tutor.judging.rounding import Spread

TRUTH = 0.3679


CREDIT = "consistent with your z"


def candidate(name: str, value: float, *, convention: bool = False) -> Candidate:
    mistake = Mistake(name, f"made {name}", f"the rule of {name}", lambda case: (), is_convention=convention)
    return Candidate(mistake, Slip(value, "L", "theirs", "right"))


def from_yours(value: float, scale: float | None = None, spread: Spread | None = None) -> list[Consequence]:
    return [Consequence(value, abs(value) if scale is None else scale, CREDIT, spread or Spread())]


def judged(
    text: str,
    *known: Candidate,
    yours: Sequence[Consequence] = (),
    spread: Spread | None = None,
    conventions: Sequence[Candidate] = (),
    truth: float = TRUTH,
    scale: float | None = None,
) -> Judgement:
    own = abs(truth) if scale is None else scale
    return judge_text(text, truth, own, {}, known, yours, spread or Spread(), conventions)
