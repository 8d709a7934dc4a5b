"""Numbers of a network that are moved by hand until the loss, or a run, does what is wanted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Self

from nn_tutor.course.activities.tune import Tune
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.cells import cells_of
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.reading import ReadingError
from nn_tutor.tutor.linting import WIDTH, finding
from nn_tutor.tutor.stations.single import SingleQuestion
from nn_tutor.tutor.tuning import Tuned, does_it, judge_tuned, names_tuned, read_values, starts

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.findings import Finding
    from nn_tutor.network.records import Pass
    from nn_tutor.tutor.stations.base import Place

FARTHEST = 2_000
"""How many notches the arrow keys move a number at most."""

FARTHER = 10
"""How many notches ↑ and ↓ move a single number at once."""

MAX_TRIED = 400
"""How many of the numbers that were tried are kept."""

_GONE = "the loss does not exist there: go back a little"


@dataclass(frozen=True, eq=False, kw_only=True)
class Tuning(SingleQuestion[Tune]):
    """Numbers to tune: how many notches the first and the second were moved, and what was tried with which loss."""

    first_notches: float = 0
    second_notches: float = 0
    trail: tuple[tuple[tuple[float, ...], float], ...] = ()

    is_before_calculus: ClassVar[bool] = True

    @property
    def takes_a_step(self) -> bool:
        """A number is moved."""
        return True

    @property
    def names(self) -> tuple[str, ...]:
        """How the numbers are written."""
        return names_tuned(self.lesson_run.network(self.index), self.activity)

    @property
    def begun(self) -> tuple[float, ...]:
        """The numbers before anything is moved."""
        network = self.lesson_run.network(self.index)
        return starts(network, self.lesson_run.passed(self.index, self.activity.pass_number), self.activity)

    @cached_property
    def values(self) -> tuple[float, ...]:
        """The numbers as the arrow keys have set them, or as they were answered or shown."""
        activity, begun = self.activity, self.begun
        if activity.id in self.answers.solved:
            right = [attempt for attempt in self.answers.to(activity.id) if attempt.judgement.is_right]
            return read_values(right[-1].text, len(begun), self.names) if right else begun
        if activity.id in self.answers.revealed:
            solution = self.lesson_run.solution(activity)
            return begun if solution is None else solution.values
        moved = zip(begun, (self.first_notches, self.second_notches), strict=False)
        values = tuple(round(value + notches * activity.step, 10) for value, notches in moved)
        return values if activity.of or values[0] > 0 else (activity.step,)

    @cached_property
    def tuned(self) -> Tuned | None:
        """What the network does with these numbers; None where the loss does not exist."""
        return self.lesson_run.tuned(self.activity, self.values)

    @property
    def passed(self) -> Pass:
        """The pass at hand with these numbers."""
        return super().passed if self.tuned is None else self.tuned.passed

    @property
    def shows_landscape(self) -> bool:
        """Whether the loss over the numbers may be seen now."""
        return self.activity.graph == "always" or (self.activity.graph == "after" and not self.is_open)

    @property
    def changed_since_answer(self) -> bool:
        """Whether the numbers are no longer those that were judged last."""
        last = self.last_attempt
        if not self.is_open or last is None or last.judgement.value is None:
            return False
        judged = read_values(last.text, len(self.values), self.names)
        return not all(math.isclose(one, now, abs_tol=1e-9) for one, now in zip(judged, self.values, strict=True))

    # What is asked

    @property
    def marker_answer(self) -> str:
        """The numbers as they stand."""
        return " ".join(f"{value:.10g}" for value in self.values) if self.is_open else ""

    def taken(self, text: str) -> Self:
        """Judge the numbers, and move them to where they were typed."""
        activity = self.activity
        try:
            values = read_values(text, max(1, len(activity.of)), self.names)
        except ReadingError as error:
            return self.judged(text, Judgement("invalid", error.message, None))
        if not activity.of and values[0] <= 0:
            refusal = "η is a number above 0, such as 0.05: how long a step is"
            return self.judged(text, Judgement("invalid", refusal, None))
        tuned = self.lesson_run.tuned(activity, values)
        if tuned is None:
            return self.with_notice(_GONE)
        begun = replace(self, first_notches=0, second_notches=0).values
        notches = [(value - start) / activity.step for value, start in zip(values, begun, strict=True)]
        second = notches[-1] if len(notches) > 1 else 0
        moved = replace(self, first_notches=notches[0], second_notches=second)
        return moved._tried().judged(text, judge_tuned(tuned, activity))

    def reveal(self) -> Self:
        """Show numbers that reach the goal, and move there."""
        shown = super().reveal()
        return replace(shown, first_notches=0) if self.is_open else shown

    # Moves

    @property
    def owns_sideways(self) -> bool:
        """← → move the first number."""
        return self.is_open

    @property
    def owns_upright(self) -> bool:
        """↑ ↓ move the second one, or the only one farther."""
        return self.is_open

    def move(self, down: int, right: int) -> Self:
        """Move the numbers by notches."""
        first, second = self.first_notches + right, self.second_notches
        if len(self.activity.of) == 2:
            second -= down
        else:
            first -= FARTHER * down
        first, second = (min(max(-FARTHEST, moved), FARTHEST) for moved in (first, second))
        return replace(self, first_notches=first, second_notches=second, notice="")._tried()

    def moved_to(self, place: Place) -> Self:
        """Go to another place of the same activity."""
        return replace(self, place=place, first_notches=0, second_notches=0, trail=(), notice="")

    def _tried(self) -> Self:
        """Keep what was tried; where the loss does not exist, say so."""
        tuned = self.tuned
        if tuned is None:
            return self.with_notice(_GONE)
        return replace(self, trail=(*self.trail, (tuned.values, tuned.loss))[-MAX_TRIED:])

    # Without a screen

    def lint(self, deriver: Deriver) -> Iterator[Finding]:
        """Yield why there is nothing to tune, where that is so, and what does not fit a screen of 80×24."""
        activity = self.activity
        if cells_of(activity.prompt) > WIDTH + 2:
            found = f"{cells_of(activity.prompt)} cells, where {WIDTH + 2} fit at 80×24"
            yield finding(self.lesson_run.lesson, f"activity[{self.index}].prompt", "too-wide", found, "shorten it")
        key = f"activity[{self.index}].{'to_loss' if activity.of else 'goal'}"
        begun = self.lesson_run.tuned(activity, self.begun)
        if begun is not None and does_it(begun, activity):
            found, mend = "the numbers do that from the beginning", "begin somewhere else with start, or want more"
            yield finding(self.lesson_run.lesson, key, "nothing-to-do", found, mend)
        elif self.lesson_run.solution(activity) is None:
            found, mend = "no numbers were found that do that", "want less, or move another number"
            yield finding(self.lesson_run.lesson, key, "out-of-reach", found, mend)
