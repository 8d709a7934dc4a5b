"""A training run: it is watched, let go on, looked into, and begun anew with other weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Grain, Walk
from nn_tutor.judging.reading import ReadingError, read, read_whole
from nn_tutor.tutor.guessing import told_losses, why_too_early
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.stations.base import INSIDE, ActivityStation, Arrival, Place, whole

if TYPE_CHECKING:
    from nn_tutor.tutor.running import LossHistory

MAX_INSIDE = 1_000
"""How many passes of a run can be walked from where it is stepped into."""

NEARLY, RISEN = 1.1, 1.5
"""How many times the lowest test loss still counts as low, and how many times is clearly higher."""


MOST_WRITTEN = 10**9
"""A guess of more is written as a power of ten."""


class Training(ActivityStation[Train]):
    """A pass of a training run."""

    is_watched: ClassVar[bool] = True

    @classmethod
    def enter(cls, activity: Train, arrival: Arrival) -> Self:
        """Enter a run at its first pass, or where it ends."""
        entered = super().enter(activity, arrival)
        if entered.was_stopped_early and not entered.is_heavy:
            entered.run.loss(entered.came)
        if not arrival.at_end:
            return entered
        if entered.is_heavy:  # as far as it has come: to run it on takes its time
            return entered._at_pass(max(activity.first_pass, min(len(entered.run.losses), activity.last_pass)))
        if entered.was_stopped_early and (stop := entered.answers.stopped_at(activity.id)):
            return entered._at_pass(min(max(activity.first_pass, stop), activity.last_pass))
        return entered.moved_to(replace(entered.place, pass_number=arrival.lesson_run.reach(arrival.index).last))

    @property
    def takes_a_step(self) -> bool:
        """Every pass takes a step."""
        return True

    @property
    def passes(self) -> tuple[int, int]:
        """The passes that may be run."""
        return self.activity.first_pass, self.activity.last_pass

    @property
    def run(self) -> LossHistory:
        """The run with its losses."""
        return self.lesson_run.run(self.index)

    @property
    def is_heavy(self) -> bool:
        """Whether its passes take so long that they are made beside the screen."""
        return self.lesson_run.is_heavy(self.index)

    @property
    def loss(self) -> float | None:
        """The loss of the pass at hand, None where the run ended before."""
        return self.run.loss(self.place.pass_number)

    @property
    def has_arrived(self) -> bool:
        """Whether the run is at its goal, at its last pass, at its own end, or stopped early where that is asked."""
        loss, number = self.loss, self.place.pass_number
        if self.has_stopped_early or self.was_stopped_early:
            return True
        is_done = loss is None or loss < self.activity.to_loss or number >= self.activity.last_pass
        if is_done or self.is_heavy:  # what is heavy is not run on only to look whether it can be
            return is_done or (bool(self.run.stopped) and number >= len(self.run.losses))
        return not self.run.goes_on(number)

    @property
    def next_goal(self) -> float | None:
        """The loss that the run goes on to, None for its last pass once the goal is reached."""
        return None if self.has_arrived else self.activity.to_loss

    # Its words

    @property
    def has_own_words(self) -> bool:
        """Whether something is written for just the pass at hand."""
        return f"{self.activity.id}:{self.place.pass_number}" in self.lesson_run.lesson.prose.sections

    @property
    def shows_words(self) -> bool:
        """Whether its words come first: at the beginning, and where a pass has words of its own."""
        return self.is_open or self.place.pass_number == self.activity.first_pass or self.has_own_words

    # Stopping early

    @property
    def best(self) -> int:
        """The pass with the lowest loss of the test samples so far, 0 without such samples."""
        losses = np.asarray(self.run.held_out_losses)
        return 0 if not losses.size or np.isnan(losses).all() else int(np.nanargmin(losses)) + 1

    @property
    def takes_numbers(self) -> bool:
        """Whether the pass to stop at may be typed."""
        return self.activity.stop_early

    @property
    def has_stopped_early(self) -> bool:
        """Whether it stands where the test loss is as good as lowest, after that has been seen to rise again."""
        number, best, losses = self.place.pass_number, self.best, self.run.held_out_losses
        if not self.activity.stop_early or not best or not 0 < number <= len(losses):
            return False
        lowest = losses[best - 1]
        return losses[number - 1] <= NEARLY * lowest and float(np.nanmax(losses[best - 1 :])) > RISEN * lowest

    @property
    def was_stopped_early(self) -> bool:
        """Whether the learner has found the moment to stop; other passes may still be looked at."""
        return self.activity.stop_early and not self.activity.guess and bool(self.answers.noted(self.activity.id))

    @property
    def came(self) -> int:
        """How far the run came: where it was stopped early, what is looked at later makes it no longer."""
        came = self.answers.came_to(self.activity.id)
        if came:
            return min(max(came, self.place.pass_number), self.activity.last_pass)
        return len(self.run.held_out_losses)

    def _stop_at(self, text: str) -> Self:
        """Go to the pass that was typed, and say whether it was the moment to stop."""
        first, come = self.activity.first_pass, self.came
        try:
            value = read_whole(text, f"{max(first, come // 2)}")
        except ReadingError as error:
            return self.with_notice(error.message)
        if not first <= value <= come:
            return self.with_notice(f"type a pass from {first:,} to {come:,}, as far as the run has come; t runs it on")
        stopped = self._at_pass(value)
        if stopped.has_stopped_early:
            noted = stopped.answers.with_stop(self.activity.id, value, come)
            return replace(stopped, answers=noted, notice="")
        loss, best = numeral(self.run.held_out_losses[value - 1]), self.best
        if value < best:
            return stopped.with_notice(f"too early: the test loss is {loss} here, and keeps falling after it")
        if value > best:
            return stopped.with_notice(f"too late: the test loss is {loss} here, and was lower before")
        return stopped.with_notice("let it run on first, until you see the test loss rise again")

    # The guess

    @property
    def guesses(self) -> tuple[str, ...]:
        """The passes in which the learner guessed that the goal is reached, as typed."""
        return self.answers.noted(self.activity.id)

    @property
    def guess_said(self) -> str:
        """The latest guess as it is said, and that the run has fewer passes where that is so; "" before."""
        if not self.guesses:
            return ""
        try:
            value, last = read_whole(self.guesses[-1], "20"), self.activity.last_pass
        except ReadingError:  # as it came from a log
            return self.guesses[-1]
        said = f"{value:,}" if value < MOST_WRITTEN else numeral(float(value))
        return said if value <= last else f"{said}, past the last pass, {last:,}"

    @property
    def is_open(self) -> bool:
        """Whether the pass that reaches the goal is still to be guessed."""
        return self.activity.guess and not self.guesses

    @property
    def can_show(self) -> bool:
        """Whether something could be shown: not while a guess is asked for."""
        return not self.is_open

    @property
    def takes_text(self) -> bool:
        """Whether the line waits for a guess; a loss to run to may be typed at any time."""
        return self.is_open

    def answer(self, text: str) -> Self:
        """Keep the guess."""
        if not self.is_open:
            return self.with_notice("")
        try:
            value = read_whole(text, "20")
        except ReadingError as error:
            return self.with_notice(error.message)
        if value < 1:
            return self.with_notice("a guess is the number of a pass, 1 or more")
        known = {} if self.is_heavy else dict(told_losses(self.activity, self.run))
        known |= {} if self.loss is None else {self.place.pass_number: self.loss}
        if too_early := why_too_early(self.activity, known, self.place.pass_number, value):
            return self.with_notice(too_early)
        return replace(self, answers=self.answers.with_note(self.activity.id, text), notice="")

    # Moves

    def forward(self) -> Self | None:
        """Go one pass on, until the run has arrived."""
        return None if self.has_arrived else self._at_pass(self.place.pass_number + 1)

    def back(self) -> Self | None:
        """Go one pass back."""
        number = self.place.pass_number
        return self._at_pass(number - 1) if number > self.activity.first_pass else None

    def to_end(self) -> Self | None:
        """Run on to the goal, from there to the last pass."""
        return self.run_on(self.next_goal, lambda made: True)

    def run_on(self, below: float | None, goes_on: Callable[[int], bool]) -> Self:
        """Let the run go on."""
        if self.is_open:
            return self
        number = self.place.pass_number
        reached = self.run.advance(number, self.activity.last_pass, below, goes_on)
        return self if reached == number else self._at_pass(reached)

    def target(self, text: str) -> tuple[Self, float | None]:
        """Read the loss that the run should go on to; where it cannot be read, the station says why.

        Where the learner stops early it is the pass to stop at.
        """
        if self.activity.stop_early:
            return self._stop_at(text), None
        try:
            value = read(text).value
        except ReadingError as error:
            return self.with_notice(error.message), None
        if value <= 0:
            return self.with_notice("a loss to run to is a number above 0"), None
        if self.loss is not None and self.loss < value:
            return self.with_notice(f"the loss is below {numeral(value)} already; t runs it on"), None
        return self.with_notice(""), value

    def reseeded(self) -> Self:
        """Draw other random weights, and begin the run anew."""
        if not self.activity.reseed:
            return super().reseeded()
        seed = self.lesson_run.seed(self.index) + 1
        return self._with_seed(seed).with_notice(f"other random weights, from seed {seed}")

    def inside(self) -> LessonRun | None:
        """Return the small lesson in which the pass at hand is walked, none before the guess or if it is too large."""
        if self.is_open or not self.lesson_run.is_walkable(self.index):
            return None
        activity, lesson = self.activity, self.lesson_run.lesson
        number = self.place.pass_number
        passes = min(MAX_INSIDE, activity.last_pass - number + 1)
        walk = Walk(id=INSIDE, first_pass=number, passes=passes, grain=self._usual_grain)
        networks = {"": lesson.networks[activity.network]}
        inner = lesson.part(INSIDE, f"inside the run · {lesson.title}", networks, (walk,))
        return LessonRun(inner, self.lesson_run.disproves, {"": self.lesson_run.timeline(self.index)})

    @property
    def _usual_grain(self) -> Grain:
        """The grain in which the lesson walks the network, by node where it does not."""
        walks = [one for one in self.lesson_run.lesson.activities if isinstance(one, Walk)]
        return next((walk.grain for walk in walks if walk.network == self.activity.network), "node")

    def _at_pass(self, number: int) -> Self:
        return self.moved_to(replace(self.place, pass_number=number))

    def _with_seed(self, seed: int) -> Self:
        """The beginning of a run whose weights are drawn from a seed."""
        place = Place(self.index, self.activity.first_pass)
        return replace(self, lesson_run=self.lesson_run.reseeded(self.index, seed), place=place, notice="")

    # Without a screen

    def position(self) -> dict[str, Any]:
        """Return where it is, with the seed of its weights where others may be drawn."""
        seed = {"seed": self.lesson_run.seed(self.index)} if self.activity.reseed else {}
        return super().position() | seed

    def at(self, position: Mapping[str, Any]) -> Self:
        """Return the run at a position that was remembered, with the weights that it had."""
        has_seed = self.activity.reseed and "seed" in position
        state = self._with_seed(max(0, whole(position["seed"]))) if has_seed else self
        first, last = self.passes
        if self.is_heavy and whole(position.get("pass")) > first:
            return state.with_notice(f"the run was at pass {whole(position['pass']):,}; t runs it again")
        return state._at_pass(min(max(first, whole(position.get("pass"))), last))
