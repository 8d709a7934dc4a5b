"""Rows of a batch, of which the one is to be found that pulls a weight hardest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from nn_tutor.course.activities.pull import Pull
from nn_tutor.tutor.linting import finding
from nn_tutor.tutor.listing import Listed, list_bare
from nn_tutor.tutor.pulling import Pulls, asked_of, compare, hints_of, judge_pull
from nn_tutor.tutor.stations.single import SingleQuestion

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.findings import Finding
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.judging.replay import Earlier
    from nn_tutor.network.spec import Network


class Pulling(SingleQuestion[Pull]):
    """A comparison of rows, open until the hardest is found or shown."""

    @property
    def found(self) -> Pulls:
        """How hard the rows pull."""
        return compare(self.activity, self.passed)

    @property
    def hint_level(self) -> int:
        """How many hints were given."""
        return self.answers.hint_levels.get(self.activity.id, 0)

    @property
    def shows_delta(self) -> bool:
        """Whether every δ may be seen: after the second hint, and once the row is known."""
        return not self.is_open or self.hint_level >= 2

    def taken(self, text: str) -> Self:
        """Judge the row that is named."""
        return self.judged(text, judge_pull(self._network, self.activity, self.found, text))

    def hint(self) -> Self:
        """Give the next hint; after the last one the row is shown."""
        if not self.is_open:
            return super().hint()
        hints = hints_of(self._network, self.activity)
        if self.hint_level >= len(hints):
            return self.reveal()
        given = self.answers.with_hint_level(self.activity.id, self.hint_level + 1)
        return replace(self, answers=given, notice=hints[self.hint_level])

    def listed(self, only_pass: int | None = None) -> Iterator[Listed]:
        """Yield the question."""
        activity = self.activity
        number = activity.pass_number
        asked = asked_of(self._network, activity)
        question = f"{activity.id}:{number}.choice"
        yield list_bare(question, "choice", activity.id, self.index, number, asked, activity.names)

    def judge(self, listed: Listed, text: str, earlier: Earlier) -> Judgement:
        """Judge the row that is named."""
        return judge_pull(self._network, self.activity, self.found, text)

    def lint(self, deriver: Deriver) -> Iterator[Finding]:
        """Yield that no row can be told from the others, where that is so."""
        if not self.found.is_clear:
            found = "two rows pull almost equally hard, or none at all"
            yield finding(
                self.lesson_run.lesson,
                f"activity[{self.index}].rows",
                "no-hardest",
                found,
                "compare other rows, or weights",
            )

    @property
    def _network(self) -> Network:
        return self.lesson_run.network(self.index)
