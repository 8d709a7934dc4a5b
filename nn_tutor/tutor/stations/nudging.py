"""Nudges: one number is moved by ε, as often as the learner likes, and nothing is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.losses import DomainError
from nn_tutor.tutor.stations.base import ActivityStation
from nn_tutor.walkthrough.nudging import nudge

if TYPE_CHECKING:
    from nn_tutor.course.activities.kinds import Part

NUDGES = 3
"""After so many nudges the slope itself is shown."""


NOT_NUDGED = "type a nudge first, such as 0.1, and look at what it does; enter once more goes on without"
"""What is said, once, to a learner who goes on without a nudge."""


BOTH_WAYS = "both ways"
"""What a nudge forwards and one backwards are called together, in tables and in the words of lessons."""


class Nudging(ActivityStation[Nudge]):
    """A number that is nudged: it may be passed by, though not without a word."""

    @property
    def takes_text(self) -> bool:
        """The line is always for a nudge."""
        return True

    @property
    def nudges(self) -> tuple[str, ...]:
        """How far it was moved so far, as typed."""
        return self.answers.noted(self.activity.id)

    @property
    def tells_slope(self) -> bool:
        """Once it was nudged often enough for the slope itself to be shown."""
        return len(self.nudges) >= NUDGES

    @property
    def shows_both_ways(self) -> bool:
        """Whether nudges both ways may be seen.

        They come so near that they would tell the slope: not before that is shown. Where a later activity of the
        lesson explains them, they are left to it.
        """
        return self.tells_slope and (
            self._is_told(self.activity)
            or not any(self._is_told(later) for later in self.lesson_run.lesson.activities[self.index + 1 :])
        )

    def _is_told(self, activity: Part) -> bool:
        """Whether the words of an activity speak of nudges both ways."""
        section = self.lesson_run.lesson.prose.section_for(activity.id)
        return (
            isinstance(activity, Nudge)
            and section is not None
            and any(isinstance(part, str) and BOTH_WAYS in part for part in section.parts)
        )

    @property
    def unfinished(self) -> str:
        """That nothing was nudged yet."""
        return "" if self.nudges else NOT_NUDGED

    def answer(self, text: str) -> Self:
        """Move the number by what is typed; what cannot be taken is said and not kept."""
        try:
            epsilon = read(text).value
            if epsilon == 0:
                return self.with_notice("that does not move it: type a step other than 0, such as 0.01")
            nudge(self.lesson_run.network(self.index), self.passed, self.activity.slope, epsilon)
        except ReadingError as error:
            return self.with_notice(error.message)
        except DomainError:
            return self.with_notice("that is too far: the loss does not exist there; try a smaller step")
        return replace(self, answers=self.answers.with_note(self.activity.id, text), notice="")
