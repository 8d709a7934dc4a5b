"""What is said of an answer: the verdict, a sentence, and the mistakes that explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate

Verdict = Literal["correct", "follow_through", "convention", "more_digits", "near", "diagnosed", "wrong", "invalid"]
"""What an answer was found to be; only `near`, `diagnosed` and `wrong` spend an attempt."""

UNDECIDED: frozenset[str] = frozenset({"invalid", "more_digits", "convention"})
"""Verdicts after which the first answer is still to come: they count neither for nor against the learner."""

UNEXPLAINED = "no usual slip gives that: go through it link by link"
"""The message for a wrong answer that fits nothing, where the question is not known."""

RIGHT = "that is right"
"""The message for a right answer where the question is not known."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, one sentence for the learner that never holds the truth, and the value read (None if `invalid`).

    `candidates` are the known mistakes that a diagnosed answer fits, the nearest first (several are "either … or"), or
    the conventions in which an answer is right. `recalled` are their ids where the judgement was remembered and not
    made anew.
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
        """The ids of the mistakes that the answer fits, or of the conventions in which it is right."""
        return tuple(dict.fromkeys(name for one in self.candidates for name in one.ids)) or self.recalled
