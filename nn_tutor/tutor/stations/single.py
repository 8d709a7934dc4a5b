"""An activity that asks one thing: it is open until that is found or shown."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar

from nn_tutor.course.activities.kinds import Activity
from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.stations.base import ActivityStation

if TYPE_CHECKING:
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.tutor.answering import Attempt

A = TypeVar("A", bound=Activity)


@dataclass(frozen=True, eq=False, kw_only=True)
class SingleQuestion(ActivityStation[A]):
    """A station whose one question goes by the id of its activity."""

    @property
    def is_open(self) -> bool:
        """Whether the answer is still to be found."""
        return not self.answers.is_settled(self.activity.id)

    @property
    def last_attempt(self) -> Attempt | None:
        """The last answer that was judged."""
        return self.answers.last_to({self.activity.id})

    def answer(self, text: str) -> Self:
        """Judge an answer while there is something to find."""
        return self.taken(text) if self.is_open else self.with_notice("")

    @abstractmethod
    def taken(self, text: str) -> Self:
        """Judge an answer to the open question."""

    def judged(self, text: str, judgement: Judgement) -> Self:
        """Return the station with an answer and its judgement."""
        return replace(self, answers=self.answers.with_attempt(self.activity.id, text, judgement), notice="")

    def reveal(self) -> Self:
        """Show the answer, which is settled then, but not found."""
        if not self.is_open:
            return super().reveal()
        return replace(self, answers=self.answers.with_shown(self.activity.id), notice="")
