"""The next value of a weight is put on the curve of the loss with the arrow keys."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.dataclass import dataclass
from nn_tutor.network.records import parameter_of
from nn_tutor.tutor.answering import notch
from nn_tutor.tutor.stations.asked import Turn
from nn_tutor.tutor.stations.on_pass import StationOnPass

if TYPE_CHECKING:
    from nn_tutor.tutor.stations.base import Place

FARTHEST = 2_000
"""How many notches the arrow keys move a weight at most: a hundred of its steps."""

FARTHER = 10
"""How many notches ↑ and ↓ move it at once."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Placing(StationOnPass[PlaceWeight]):
    """A weight to put on the curve; `notches` is how far it was moved from its old value."""

    notches: float = 0

    @property
    def takes_a_step(self) -> bool:
        """The weight takes a step."""
        return True

    @property
    def marked_weight(self) -> float:
        """Where the arrow keys have put the weight; it starts from the old value."""
        question = self.asked.question
        if question is None:
            return 0.0
        return parameter_of(self.passed.before, question.ref) + self.notches * notch(question.scale)

    @property
    def mark(self) -> float | None:
        """The marked weight, once it was moved."""
        return self.marked_weight if self.notches else None

    @property
    def marker_answer(self) -> str:
        """The marked weight, with as many decimals as the arrow keys can tell apart."""
        question = self.asked.question
        if question is None:
            return ""
        decimals = max(0, round(-math.log10(notch(question.scale))) + 1)
        return f"{self.marked_weight:.{decimals}f}"

    @property
    def changed_since_answer(self) -> bool:
        """Whether the weight no longer stands where it was judged last."""
        question, last = self.asked.question, self.asked.last_attempt
        if question is None or last is None or last.question != question.id or last.judgement.value is None:
            return False
        return not math.isclose(last.judgement.value, self.marked_weight, abs_tol=notch(question.scale) / 2)

    def answer(self, text: str) -> Self:
        """Judge where the weight was put, and put the mark there."""
        question, judged = self.asked.question, super().answer(text)
        if question is None or judged.answers is self.answers:
            return judged
        value = judged.answers.attempts[-1].judgement.value
        if value is None:
            return judged
        start = parameter_of(self.passed.before, question.ref)
        return replace(judged, notches=(value - start) / notch(question.scale))

    @property
    def owns_sideways(self) -> bool:
        """← → move the weight."""
        return self.is_open

    @property
    def owns_upright(self) -> bool:
        """↑ ↓ move it farther."""
        return self.is_open

    def move(self, down: int, right: int) -> Self:
        """Move the weight by notches."""
        moved = self.notches + right - FARTHER * down
        return replace(self, notches=min(max(-FARTHEST, moved), FARTHEST), notice="")

    def moved_to(self, place: Place) -> Self:
        """Go to another place of the same activity."""
        return replace(self, place=place, turn=Turn(), notches=0, notice="")
