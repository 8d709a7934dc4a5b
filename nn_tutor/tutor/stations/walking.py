"""Passes walked step by step, with questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, get_args

from nn_tutor.course.activities.walk import Form, Grain, Walk
from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.stations.asked import Asked, Turn
from nn_tutor.tutor.stations.base import INSIDE, Arrival, Cut, Place
from nn_tutor.tutor.stations.on_pass import StationOnPass

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.walkthrough.order import StepGroup
    from nn_tutor.walkthrough.questions import Question


@dataclass(frozen=True, eq=False, kw_only=True)
class Walking(StationOnPass[Walk]):
    """A stop of a walked pass."""

    @classmethod
    def enter(cls, activity: Walk, arrival: Arrival) -> Self:
        """Enter a walk at its first stop or its last; where only questions are stopped at, at the first of them."""
        lesson_run, index = arrival.lesson_run, arrival.index
        cut = Cut(activity.grain, activity.form) if arrival.anew else arrival.cut
        if lesson_run.is_large(index):
            cut = Cut("layer", "matrix")
        reach = lesson_run.reach(index)
        place = Place(index, reach.last if arrival.at_end else reach.first)
        entered = cls(lesson_run=lesson_run, place=place, answers=arrival.answers, cut=cut, activity=activity)
        if arrival.at_end:
            entered = entered.moved_to(replace(place, stop=len(entered.step_groups) - 1))
        if activity.only_questions and not entered.is_open:
            return entered._next_question() or entered
        return entered

    # What it is

    @property
    def passes(self) -> tuple[int, int]:
        """The first and the last pass that can be walked."""
        reach = self.lesson_run.reach(self.index)
        return reach.first, reach.last

    @cached_property
    def step_groups(self) -> tuple[StepGroup, ...]:
        """The stops of the pass at hand, as it is cut now."""
        return self.lesson_run.step_groups(self.index, self.place.pass_number, self.cut.grain, self.cut.form)

    @property
    def stop(self) -> StepGroup:
        """The stop at hand."""
        return self.step_groups[self.place.stop]

    @cached_property
    def asked(self) -> Asked:
        """The questions on the numbers of this stop."""
        here = set(self.stop.refs)
        number = self.place.pass_number
        return Asked(
            self.lesson_run,
            self.index,
            number,
            tuple(question for question in self.lesson_run.questions(self.index, number) if question.ref in here),
            self.answers,
            turn=self.turn,
            step_groups=self.step_groups[: self.place.stop + 1],
            written=self.activity.hints,
            covers_table=not self.activity.table and self._asks_on,
            own_slopes=self.activity.own_slopes,
            unaided=self.activity.unaided,
            own_pass=self.activity.own,
        )

    @property
    def is_unaided(self) -> bool:
        """Whether this is a question of a test."""
        return self.activity.unaided

    @property
    def has_question_ahead(self) -> bool:
        """Whether nothing is open at this stop, and a later stop of the pass has an open question."""
        return not self.is_open and self._asks_on

    @property
    def asks_later(self) -> bool:
        """Whether a later pass of the activity has an open question."""
        return any(
            not self.answers.is_settled(question.id)
            for number in range(self.place.pass_number + 1, self.passes[1] + 1)
            for question in self.lesson_run.questions(self.index, number)
        )

    @property
    def _asks_on(self) -> bool:
        """Whether a question of this pass is still open: once none is, a covered table is a reward."""
        questions = self.lesson_run.questions(self.index, self.place.pass_number)
        return any(not self.answers.is_settled(question.id) for question in questions)

    @property
    def hints(self) -> Mapping[str, tuple[str, ...]]:
        """The lesson's own words for hints, by quantity."""
        return self.activity.hints

    @property
    def takes_a_step(self) -> bool:
        """Whether the update is walked as well."""
        return self.activity.reaches("update")

    @cached_property
    def words(self) -> str:
        """The prose of the number in question; at the beginning of the walk that of the walk itself comes first."""
        words = self.lesson_run.words(self.index, self.place.pass_number, self.asked.focus)
        if self.place.stop or self.place.pass_number != self.activity.first_pass:
            return words
        opening = self.lesson_run.words(self.index)
        return words if opening in ("", words) else f"{opening}\n\n{words}".rstrip()

    @property
    def own_words(self) -> str:
        """The prose that was not there at an earlier stop.

        Where only questions are stopped at, any of them may be the first that is seen.
        """
        if self.activity.only_questions:
            return self.words
        before = {self.lesson_run.words(self.index)} if self.place.pass_number > self.activity.first_pass else set()
        if self.place.stop:
            before |= {self.lesson_run.words(self.index, self.place.pass_number)}
        return "" if self.words in before else self.words

    def asks_again(self, question: str) -> bool:
        """A number whose answer was revealed is asked once more, with fresh numbers; so are its sign and its size."""
        if self.activity.unaided:
            return False
        kinds = {one.id: one.kind for one in self.asked.questions}
        return kinds.get(question) in ("number", "sign", "size")

    # Moves

    @property
    def owns_sideways(self) -> bool:
        """← → go across a grid."""
        return bool(self.asked.grid)

    @property
    def owns_upright(self) -> bool:
        """↑ ↓ go down a grid."""
        return bool(self.asked.grid)

    def move(self, down: int, right: int) -> Self:
        """Choose another open cell of the grid."""
        asked = self.asked.at_cell(down, right)
        return self if asked is self.asked else self.after(asked)

    def pick(self, ref: Ref) -> Self:
        """Choose the open cell of the grid that asks for a number."""
        asked = self.asked.at_number(ref)
        return self if asked is self.asked else self.after(asked)

    def forward(self) -> Self | None:
        """Go to the next stop, across passes; where only questions are stopped at, to the next open one."""
        if self.activity.only_questions:
            return self._next_question()
        place = self.place
        if place.stop + 1 < len(self.step_groups):
            return self.moved_to(replace(place, stop=place.stop + 1))
        if place.pass_number < self.passes[1]:
            return self.moved_to(replace(place, pass_number=place.pass_number + 1, stop=0))
        return None

    def back(self) -> Self | None:
        """Go to the stop before, across passes."""
        place = self.place
        if place.stop:
            return self.moved_to(replace(place, stop=place.stop - 1))
        if place.pass_number > self.passes[0]:
            before = self.moved_to(replace(place, pass_number=place.pass_number - 1, stop=0))
            return before.moved_to(replace(before.place, stop=len(before.step_groups) - 1))
        return None

    def to_end(self) -> Self | None:
        """Inside a run, which has many passes, go to the end of this one."""
        if self.lesson_run.lesson.id != INSIDE:
            return None
        return self.moved_to(replace(self.place, stop=len(self.step_groups) - 1))

    def recut(self, cut: Cut) -> Self:
        """Cut the passes in another way, and stay at the same number."""
        if self.lesson_run.is_large(self.index) and (cut.form == "element" or cut.grain in ("factor", "node")):
            return self.with_notice("this network is too large for single numbers: they are shown by layer")
        recut, focus = replace(self, cut=cut, notice=""), self.asked.focus
        step_groups = self.lesson_run.step_groups(self.index, self.place.pass_number, cut.grain, cut.form)
        stop = next((index for index, one in enumerate(step_groups) if focus in one.refs), 0)
        return replace(recut, place=replace(self.place, stop=stop))

    def at_question(self, question: Question) -> Self:
        """Return the walk as it is at a question."""
        there = super().at_question(question)
        stop = next(place for place, one in enumerate(there.step_groups) if question.ref in one.refs)
        return replace(there, place=replace(there.place, stop=stop))

    def _next_question(self) -> Self | None:
        """The next stop of this pass where something is open, None where there is none."""
        for stop in range(self.place.stop + 1, len(self.step_groups)):
            ahead = self.moved_to(replace(self.place, stop=stop))
            if ahead.is_open:
                return ahead
        return None

    # Without a screen

    def position(self) -> dict[str, Any]:
        """Return where it is, with the last number of the stop."""
        return super().position() | {"number": str(self.stop.refs[-1])}

    def at(self, position: Mapping[str, Any]) -> Self:
        """Return the walk at a position that was remembered: cut as it was, at the same number."""
        grains: tuple[Grain, ...] = get_args(Grain)
        forms: tuple[Form, ...] = get_args(Form)
        state = super().at(position)
        grain = next((grain for grain in grains if grain == position.get("grain")), state.cut.grain)
        form = next((form for form in forms if form == position.get("form")), state.cut.form)
        state = state.recut(Cut(grain, state.cut.form))
        state = state.recut(Cut(state.cut.grain, form))
        number = position.get("number")
        stop = next((n for n, one in enumerate(state.step_groups) if any(str(ref) == number for ref in one.refs)), 0)
        turn = Turn(str(position.get("cell") or ""))
        return replace(state, place=replace(state.place, stop=stop), turn=turn, notice="")
