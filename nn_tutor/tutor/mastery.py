"""How well a learner masters each skill, from what they answered: three unaided first answers in a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.judgement import UNDECIDED
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.tutor.dots import FULL

CONVENTIONS = frozenset(mistake.id for mistake in MISTAKES if mistake.is_convention)

_TERM = re.compile(r"loss_term\[[0-9,]+\]$")
"""The place of a term of the loss: those of one loss that was taken apart are one question, asked several times."""

Evidence = Literal["hit", "miss", "neutral"]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as mastery sees it: what was asked, what it was found to be, how many hints came before.

    `at` is in unix seconds. An answer that was shown has the verdict "shown".
    """

    question: str
    skill: str
    verdict: str
    mistakes: tuple[str, ...] = ()
    hint_level: int = 0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a learner's answers come to: dots by skill, and how often each mistake was made.

    `asked` are the questions that have had their first answer: only that one counts, so that a row of three is made on
    different numbers.
    """

    dots: Mapping[str, int] = field(default_factory=dict)
    mistakes: Mapping[str, int] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def shown(self, skill: str) -> str:
        """The dots of a skill as they are drawn: ●●○."""
        dots = self.dots.get(skill, 0)
        return "●" * dots + "○" * (FULL - dots)

    def part(self, skill: str) -> float:
        """How much of a skill is mastered, from 0 to 1."""
        return self.dots.get(skill, 0) / FULL

    def is_mastered(self, skill: str) -> bool:
        """Whether a skill has all its dots."""
        return self.dots.get(skill, 0) >= FULL


def evidence_of(answered: Answered) -> Evidence | None:
    """Return what an answer means for its skill; None for one that was no answer yet."""
    if answered.verdict in UNDECIDED:
        return None
    if answered.verdict == "correct":
        return "hit" if answered.hint_level == 0 else "neutral"
    if answered.verdict in ("near", "follow_through"):
        return "neutral"
    is_convention = bool(answered.mistakes) and set(answered.mistakes) <= CONVENTIONS
    return "neutral" if is_convention else "miss"


def after(standing: Standing, answered: Answered) -> Standing:
    """Return the standing after one more answer."""
    return standing_after((answered,), standing)


def standing_after(answers: Iterable[Answered], before: Standing | None = None) -> Standing:
    """Return the standing after many answers, oldest first; `before` is where they begin, at nothing if left out."""
    before = before or Standing()
    dots, mistakes, asked = dict(before.dots), dict(before.mistakes), set(before.asked)
    for answered in answers:
        evidence = evidence_of(answered)
        if evidence is None or not answered.skill:
            continue
        for mistake in answered.mistakes[:1]:
            mistakes[mistake] = mistakes.get(mistake, 0) + 1
        question = _TERM.sub("loss_term", answered.question)
        if question in asked:
            continue
        asked.add(question)
        had = dots.get(answered.skill, 0)
        dots[answered.skill] = (
            min(FULL, had + 1) if evidence == "hit" else max(0, had - 1) if evidence == "miss" else had
        )
    return Standing(dots, mistakes, frozenset(asked))
