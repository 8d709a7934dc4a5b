"""A choice of one answer out of several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from nn_tutor.course.activities.choose import Choose
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.cells import wrap
from nn_tutor.tutor.choosing import LETTERS, clashes, judge_choice
from nn_tutor.tutor.linting import WIDTH, finding
from nn_tutor.tutor.listing import Listed, list_bare
from nn_tutor.tutor.stations.single import SingleQuestion

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.findings import Finding
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.judging.replay import Earlier
    from nn_tutor.tutor.stations.base import Place

MAX_LINES, MAX_REASON_LINES = 15, 2
"""The lines that a choice and the reason for one of its options have at 80×24."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Choosing(SingleQuestion[Choose]):
    """A choice, open until the right option is chosen or shown; `marked` is the option that the arrow keys point at."""

    marked: int | None = None

    @property
    def marker_answer(self) -> str:
        """The letter of the option that is pointed at; one that was tried is none."""
        is_answer = self.is_open and self.marked is not None and self.marked not in self.tried
        return LETTERS[self.marked] if is_answer and self.marked is not None else ""

    @property
    def tried(self) -> frozenset[int]:
        """The places of the options that turned out to be wrong."""
        values = {attempt.judgement.value for attempt in self.answers.to(self.activity.id)}
        options = enumerate(self.activity.options)
        return frozenset(place for place, option in options if place + 1 in values and not option.right)

    @property
    def owns_upright(self) -> bool:
        """↑ ↓ point at an option."""
        return self.is_open

    def move(self, down: int, right: int) -> Self:
        """Point at another option, past those that were tried: the first ↓ at the first, the first ↑ at the last."""
        count = len(self.activity.options)
        begun = (-1 if down > 0 else count) if self.marked is None else self.marked
        ahead = range(begun + 1, count) if down > 0 else range(begun - 1, -1, -1)
        untried = [place for place in ahead if place not in self.tried][: abs(down)]
        return replace(self, marked=untried[-1], notice="") if self.is_open and untried else self

    def moved_to(self, place: Place) -> Self:
        """Go to another place of the same activity."""
        return replace(self, place=place, marked=None, notice="")

    @property
    def tells_slope(self) -> bool:
        """Once the choice is made."""
        return not self.is_open

    def hint(self) -> Self:
        """Say that there are none, and leave in sight what was said of the last choice."""
        attempt = self.last_attempt
        if not self.is_open or attempt is None or attempt.judgement.verdict == "invalid":
            none = "a choice has no hints: pick one, and it tells you why"
            return self.with_notice(none) if self.is_open else super().hint()
        return self.with_notice("")

    def taken(self, text: str) -> Self:
        """Judge the option that is named."""
        return self.judged(text, judge_choice(self.activity, text))

    def listed(self, only_pass: int | None = None) -> Iterator[Listed]:
        """Yield the choice."""
        activity = self.activity
        options = tuple(option.text for option in activity.options)
        yield list_bare(f"{activity.id}:choice", "choice", activity.id, self.index, None, activity.prompt, options)

    def judge(self, listed: Listed, text: str, earlier: Earlier) -> Judgement:
        """Judge the option that is named."""
        return judge_choice(self.activity, text)

    def lint(self, deriver: Deriver) -> Iterator[Finding]:
        """Yield what does not fit a screen of 80×24."""
        key, activity = f"activity[{self.index}]", self.activity
        lines = len(wrap(activity.prompt, WIDTH)) + 2
        lines += sum(len(wrap(option.text, WIDTH - 7)) for option in activity.options)
        if lines > MAX_LINES:
            found, mend = f"{lines} lines at 80×24, where {MAX_LINES} fit", "shorten the prompt or its options"
            yield finding(self.lesson_run.lesson, f"{key}.options", "too-tall", found, mend)
        for place, text in clashes(activity):
            found = f'"{text}", which picks another answer too'
            key_of_text = f"{key}.options[{place}].text"
            yield finding(self.lesson_run.lesson, key_of_text, "options-clash", found, "say it in other words")
        for place, option in enumerate(activity.options):
            lines = len(wrap(f"✗ not yet: {option.why}", WIDTH + 2, indent=2))
            if lines > MAX_REASON_LINES:
                found = f"{lines} lines at 80×24, where {MAX_REASON_LINES} fit"
                yield finding(self.lesson_run.lesson, f"{key}.options[{place}].why", "too-tall", found, "shorten it")
