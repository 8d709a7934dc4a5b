"""Practice inside a lesson, before its exercises are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.course.activities.practise import Practise
from nn_tutor.tutor.linting import lint_skills
from nn_tutor.tutor.stations.base import ActivityStation

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.findings import Finding


class Practising(ActivityStation[Practise]):
    """Stands where exercises will be put in before the lesson begins: a page without a question."""

    def lint(self, deriver: Deriver) -> Iterator[Finding]:
        """Yield a finding for each name that is no skill."""
        yield from lint_skills(self.lesson_run.lesson, f"activity[{self.index}].skills", self.activity.skills)
