"""A slope is typed as a formula."""

from __future__ import annotations

from functools import cached_property

from nn_tutor.course.activities.derive import Derive
from nn_tutor.tutor.stations.asked import Asked
from nn_tutor.tutor.stations.on_pass import StationOnPass


class Deriving(StationOnPass[Derive]):
    """A slope to derive."""

    @cached_property
    def asked(self) -> Asked:
        """The question after the formula."""
        number = self.place.pass_number
        return Asked(
            self.lesson_run,
            self.index,
            number,
            self.lesson_run.questions(self.index, number),
            self.answers,
            turn=self.turn,
        )
