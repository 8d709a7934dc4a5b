"""A worked pass in which the first wrong line is looked for, or the first that shows why nothing is learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.hunting import Worked, asked_of, judge_line
from nn_tutor.tutor.linting import finding, lint_mistakes
from nn_tutor.tutor.listing import Listed, list_bare
from nn_tutor.tutor.stations.single import SingleQuestion

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.findings import Finding
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.judging.replay import Earlier
    from nn_tutor.tutor.stations.base import Place


@dataclass(frozen=True, eq=False, kw_only=True)
class Hunting(SingleQuestion[Hunt]):
    """A hunt; `moved` is how far the arrow keys went from where they began."""

    moved: int = 0

    scrolls_by_itself: ClassVar[bool] = True

    @property
    def takes_a_step(self) -> bool:
        """The worked pass ends with new parameters."""
        return True

    @property
    def worked(self) -> Worked | None:
        """The worked pass; None where the mistake cannot be made in it."""
        return self.lesson_run.worked(self.activity)

    @property
    def chosen_line(self) -> int:
        """The line that the arrow keys point at, from 0; once it is over they start from the line to find."""
        worked = self.worked
        begun = 0 if worked is None or self.is_open else worked.wrong
        return begun + self.moved

    @property
    def marker_answer(self) -> str:
        """The number of the chosen line."""
        return str(self.chosen_line + 1) if self.is_open and self.worked is not None else ""

    def taken(self, text: str) -> Self:
        """Judge the line that is named, and point at it: what is said is said of that line."""
        worked = self.worked
        if worked is None:
            return self
        judgement = judge_line(worked, text)
        judged = self.judged(text, judgement)
        if judged.is_open and judgement.value is None:
            return judged
        return replace(judged, moved=int(judgement.value or 1) - 1 if judged.is_open else 0)

    def reveal(self) -> Self:
        """Show the line, and point at it."""
        shown = super().reveal()
        return replace(shown, moved=0) if self.is_open else shown

    @property
    def owns_upright(self) -> bool:
        """↑ ↓ choose a line."""
        return self.worked is not None

    def move(self, down: int, right: int) -> Self:
        """Choose another line."""
        worked = self.worked
        if worked is None:
            return self
        line = min(max(0, self.chosen_line + down), len(worked.lines) - 1)
        return replace(self, moved=self.moved + line - self.chosen_line, notice="")

    def moved_to(self, place: Place) -> Self:
        """Go to another place of the same activity."""
        return replace(self, place=place, moved=0, notice="")

    def listed(self, only_pass: int | None = None) -> Iterator[Listed]:
        """Yield the hunt."""
        activity = self.activity
        number = activity.pass_number
        yield list_bare(f"{activity.id}:{number}.line", "line", activity.id, self.index, number, asked_of(activity))

    def judge(self, listed: Listed, text: str, earlier: Earlier) -> Judgement:
        """Judge the line that is named."""
        worked = self.worked
        if worked is None:
            raise LookupError(f"{listed.id}: this mistake cannot be made here")
        return judge_line(worked, text)

    def lint(self, deriver: Deriver) -> Iterator[Finding]:
        """Yield why there is nothing to find, where that is so."""
        key, activity, lesson = f"activity[{self.index}]", self.activity, self.lesson_run.lesson
        unknown = list(lint_mistakes(lesson, f"{key}.mistake", [activity.mistake] if activity.mistake else []))
        if unknown:
            yield from unknown
        elif self.worked is None and activity.trouble is not None:
            found = f"no line of this pass shows {activity.trouble}"
            yield finding(lesson, f"{key}.trouble", "no-trouble", found, "take another pass or other numbers")
        elif self.worked is None:
            found = "this mistake cannot be made and seen in this pass, or not written as a formula"
            yield finding(lesson, key, "mistake-not-here", found, "take another mistake, place, pass or network")
