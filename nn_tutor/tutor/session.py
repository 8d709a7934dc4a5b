"""The session: where a learner is in a lesson, and what they can do there. Every move is a new state.

What a station is, and how it answers and moves, is its own business (`stations`); the session leads from one to the
next, keeps the log of answers with it, and asks once more, with fresh numbers, what had to be revealed. A station where
something is open is not passed; what lies behind the question is not known yet.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, get_args, overload

from nn_tutor.course.activities.walk import Form, Grain
from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.fresh import FRESH, asked_pass, fresh_lesson, fresh_numbers
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.stations.base import INSIDE, Arrival, Cut, Place, Station
from nn_tutor.tutor.stations.kinds import enter

if TYPE_CHECKING:
    from nn_tutor.course.activities.kinds import Activity
    from nn_tutor.judging.mistakes.case import Candidate
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.records import Pass
    from nn_tutor.tutor.answering import Attempt
    from nn_tutor.tutor.answers import Answers
    from nn_tutor.tutor.stations.asked import Asked
    from nn_tutor.walkthrough.questions import Question

ANSWER_FIRST = "answer first, or press esc and s to be shown"
GUESS_FIRST = "guess first: the number of a pass; nothing depends on it"
"""What is said to a learner who goes on from an open question."""

GRAINS: tuple[Grain, ...] = get_args(Grain)


@dataclass(frozen=True, eq=False)
class Session:
    """A state of the session. Make the first with `begin`; every method that changes something returns a new one.

    After an answer was revealed a question of the same kind is due: `retry_due` is the id of the one that was revealed.
    While it is asked, or the inside of a trained pass looked at, `nested` is the state of that small lesson.
    """

    station: Station
    retry_due: str = ""
    nested: Session | None = None

    # Where we are

    @property
    def lesson_run(self) -> LessonRun:
        """The lesson with its networks set in motion."""
        return self.station.lesson_run

    @property
    def place(self) -> Place:
        """The place of the station at hand."""
        return self.station.place

    @property
    def activity(self) -> Activity:
        """The activity at hand; at the end of the lesson there is none."""
        return self.lesson_run.activity(self.place.activity)

    @property
    def is_over(self) -> bool:
        """Whether the lesson's last station has been passed."""
        return self.station.is_over

    @property
    def is_at_beginning(self) -> bool:
        """Whether no station comes before this one."""
        return self.place.activity == 0 and self.station.back() is None

    @property
    def passed(self) -> Pass:
        """The pass at hand."""
        return self.station.passed

    @property
    def cut(self) -> Cut:
        """How passes are cut."""
        return self.station.cut

    @property
    def notice(self) -> str:
        """One sentence for the learner about the last move, "" for none."""
        return self.station.notice

    # What is asked

    @property
    def is_open(self) -> bool:
        """Whether something at this station waits for an answer."""
        return self.station.is_open

    @property
    def asked(self) -> Asked | None:
        """What is asked about the numbers of a pass; None at a station without such."""
        return self.station.asked

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions about numbers at this station."""
        return () if self.asked is None else self.asked.questions

    @property
    def question(self) -> Question | None:
        """The open question about a number."""
        return None if self.asked is None else self.asked.question

    @property
    def known(self) -> frozenset[Ref]:
        """The numbers of the pass at hand that may be seen."""
        return frozenset() if self.asked is None else self.asked.known

    @property
    def ambiguous(self) -> tuple[Candidate, ...]:
        """The mistakes that the last answer fits equally well."""
        return () if self.asked is None else self.asked.turn.ambiguous

    # What was answered

    @property
    def answers(self) -> Answers:
        """All that was answered so far."""
        return self.station.answers

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """All judged answers, oldest first."""
        return self.answers.attempts

    @property
    def solved(self) -> frozenset[str]:
        """The ids of the questions that were answered correctly."""
        return self.answers.solved

    @property
    def revealed(self) -> frozenset[str]:
        """The ids of the questions whose answer was revealed."""
        return self.answers.revealed

    @property
    def notes(self) -> Mapping[str, tuple[str, ...]]:
        """Guesses and nudges, by activity."""
        return self.answers.notes

    # Answering

    def answer(self, text: str) -> Session:
        """Take an answer to what is open here; where nothing is open, the state stays as it is."""
        return self._with(self.station.answer(text))

    def hint(self) -> Session:
        """Climb one rung of the ladder of hints; the last one reveals the whole answer."""
        return self._with(self.station.hint())

    def decompose(self) -> Session:
        """Ask for the links of the open question first."""
        return self._with(self.station.decompose())

    def reveal(self) -> Session:
        """Show the answer to what is open here; the question is settled, but not solved."""
        return self._with(self.station.reveal())

    def move(self, down: int, right: int) -> Session:
        """Move what the arrow keys move here: a cell, a weight on the curve, a line."""
        return self._with(self.station.move(down, right))

    def pick(self, ref: Ref) -> Session:
        """Go to the cell of a grid that asks for a number, where there is one that is open."""
        return self._with(self.station.pick(ref))

    # The state within

    @property
    def current(self) -> Session:
        """The state that the learner is in: that of the fresh question, where one is asked."""
        return self if self.nested is None else self.nested

    def with_current(self, state: Session) -> Session:
        """Return the session with another state at the place where the learner is; a finished fresh question closes."""
        if self.nested is None:
            return state
        if not self.retry_due:  # a look into a trained pass, which ends where the run goes on
            number = min(state.place.pass_number or self.place.pass_number, self.station.passes[1])
            if state.is_over:
                return self._closed(_BACK)
            at = replace(self.station, place=replace(self.place, pass_number=number))
            return replace(self, nested=state, station=at)
        if state.nested is not None:  # shown once more: yet another one takes its place
            return replace(self, nested=state.nested)
        if state.place != self.nested.place and state._is_done:
            where = "round" if self.lesson_run.is_round else "lesson"
            return replace(self._closed(f"back in the {where}: these are its own numbers again"), retry_due="")
        return replace(self, nested=state)

    def postpone_retry(self) -> Session:
        """Leave the fresh question that is owed, or asked, for another time."""
        if not self.retry_due:
            return self._stay("there is nothing to put off")
        later = "the end of this round" if self.lesson_run.is_round else "practice"
        return replace(self._closed(f"put off: {later} asks it again, with other numbers"), retry_due="")

    def _closed(self, notice: str) -> Session:
        return replace(self, nested=None, station=self.station.with_notice(notice))

    @property
    def _is_done(self) -> bool:
        """Whether every question of a fresh lesson's one pass is settled, and none is owed."""
        return not self.retry_due and all(
            self.answers.is_settled(question.id) for question in self.lesson_run.questions(0, 1)
        )

    # Training

    def run_on(self, below: float | None, goes_on: Callable[[int], bool]) -> Session:
        """Let a run go on, to the first loss `below` or to its last pass, in a piece as long as `goes_on` says."""
        return self._with(self.station.run_on(below, goes_on))

    def target(self, text: str) -> tuple[Session, float | None]:
        """Read the loss that a run should go on to; where it cannot be read, the state says why."""
        station, below = self.station.target(text)
        return self._with(station), below

    def reseed(self) -> Session:
        """Draw other random weights, and begin the run anew."""
        return self._with(self.station.reseeded())

    def step_in(self) -> Session:
        """Look into the pass at hand of a training run, step by step."""
        lesson_run = self.station.inside()
        if lesson_run is None:
            return self._stay("only a training run can be stepped into, and only one of a small network")
        inner = begin(lesson_run)._stay("inside this pass; i goes back to the run")
        return replace(self, nested=inner, station=self.station.with_notice(""))

    def step_out(self) -> Session:
        """Go back from the inside of a pass to the run."""
        return self if self.nested is None or self.retry_due else self._closed(_BACK)

    # Moving

    def forward(self) -> Session:
        """Go to the next station, across passes and on to the next activity; never past an open question."""
        if self.is_over:
            return self
        if self.is_open:
            return self._stay(ANSWER_FIRST if self.station.can_show else GUESS_FIRST)
        owed = next((question for question in self.questions if question.id == self.retry_due), None)
        if owed is not None:
            return self._with_fresh(owed)
        return self._with(self.station.forward()) or self.entered(self.place.activity + 1)

    def to_question(self) -> Session:
        """Go to the next open question of the pass at hand; where there is none, or one is owed, nothing changes."""
        if self.is_open or self.retry_due or not self.station.has_question_ahead:
            return self
        state, steps = self, 0
        while not state.is_open:
            following = state.forward()
            if following.place.pass_number != self.place.pass_number or self._left(following) or following is state:
                return self
            state, steps = following, steps + 1
        return (
            state if steps < 2 else state._stay(f"{steps} steps on, the next question; ← goes back to what you passed")
        )

    def begun(self) -> Session:
        """Take back that an answer is wanted first, now that one is begun."""
        return self._stay("") if self.notice in (ANSWER_FIRST, GUESS_FIRST) else self

    def heard(self) -> Session:
        """Take back what was said of the last move."""
        return self._stay("") if self.notice else self

    def back(self) -> Session:
        """Go to the station before, across passes and back to the activity before."""
        before = self._with(self.station.back())
        if before is not None:
            return before
        if self.place.activity == 0:
            usual = f"the beginning of the {'round' if self.lesson_run.is_round else 'lesson'}"
            return self._stay(f"this is {_BEGINNINGS.get(self.lesson_run.lesson.id, usual)}")
        return self.entered(self.place.activity - 1, at_end=True)

    def forward_pass(self) -> Session:
        """Go to the first station of the next pass, or to the first open question before it."""
        return self._run(lambda state: state.place.pass_number != self.place.pass_number or self._left(state))

    def back_pass(self) -> Session:
        """Go to the first station of this pass, or of the one before where it stands there already."""
        if self.place.stop:
            return self._with(self.station.moved_to(replace(self.place, stop=0)))
        moved = self.back()
        if moved._left(self):
            return moved
        return replace(moved, station=replace(moved.station, place=replace(moved.place, stop=0)))

    def to_end(self) -> Session:
        """Go to the last station of this activity, or to the first open question before it."""
        return self._with(self.station.to_end()) or self._run(self._left, last=True)

    def to_beginning(self) -> Session:
        """Go to the first station of this activity; from there to the beginning of the lesson."""
        if self.is_over:
            return self.entered(self.place.activity - 1)
        first = self.entered(self.place.activity)
        return self.entered(0) if first.place == self.place else first

    def entered(self, index: int, *, at_end: bool = False, anew: bool = False) -> Session:
        """Go to the beginning of an activity, or to its end, whatever is open before it."""
        is_new = anew or index != self.place.activity
        arrival = Arrival(self.lesson_run, index, self.answers, self.cut, at_end=at_end, anew=is_new)
        return replace(self, station=enter(arrival))

    def with_lesson_run(self, lesson_run: LessonRun) -> Session:
        """Go on in a lesson that begins like this one."""
        return replace(self, station=replace(self.station, lesson_run=lesson_run))

    # Ways of looking

    def with_grain(self, grain: Grain) -> Session:
        """Cut the passes finer or coarser, and stay at the same number."""
        return self._with(self.station.recut(replace(self.cut, grain=grain)))

    def with_form(self, form: Form) -> Session:
        """Change between the element form and the matrix form, and stay at the same number."""
        return self._with(self.station.recut(replace(self.cut, form=form)))

    def finer(self) -> Session:
        """Cut the passes one grain finer."""
        return self.with_grain(GRAINS[max(0, GRAINS.index(self.cut.grain) - 1)])

    def coarser(self) -> Session:
        """Cut the passes one grain coarser."""
        return self.with_grain(GRAINS[min(len(GRAINS) - 1, GRAINS.index(self.cut.grain) + 1)])

    # Inside

    @overload
    def _with(self, station: Station) -> Session: ...
    @overload
    def _with(self, station: Station | None) -> Session | None: ...
    def _with(self, station: Station | None) -> Session | None:
        """The session after a move of its station; a question whose answer it revealed may be owed once more."""
        if station is None:
            return None
        if station is self.station:
            return self
        revealed = station.answers.revealed - self.revealed
        again = [question for question in revealed if self.station.asks_again(question)]
        return replace(self, station=station, retry_due=again[0] if again else self.retry_due)

    def _with_fresh(self, question: Question) -> Session:
        """Ask the question that is owed, with fresh numbers; where none are fair, nothing is owed any more."""
        entry = self.lesson_run.lesson.networks[self.activity.network]
        seed = zlib.crc32(question.id.encode())  # another one for every question, and for every fresh one after it
        number = asked_pass(entry.network, question.pass_number)
        drawn = fresh_numbers(entry, question.kind, question.ref, seed, number)
        if drawn is None:
            return replace(self, retry_due="").forward()
        name = f"{self.activity.id.partition('~')[0]}~{seed}"
        lesson = fresh_lesson(self.lesson_run.lesson, name, drawn, question.kind, question.ref, number)
        fresh = begin(LessonRun(lesson, self.lesson_run.disproves))
        inner = fresh._stay("the same once more, with fresh numbers; esc p puts it off")
        return replace(self, nested=inner, station=self.station.with_notice(""))

    def _stay(self, notice: str) -> Session:
        return replace(self, station=self.station.with_notice(notice))

    def _left(self, other: Session) -> bool:
        return other.place.activity != self.place.activity

    def _run(self, arrived: Callable[[Session], bool], *, last: bool = False) -> Session:
        """Step forward until `arrived`, an open question, or nothing moves; with `last` stop before arriving."""
        state = self
        while True:
            following = state.forward()
            if following.place == state.place:  # who has just come to an open question did not want to pass it
                is_new = state.is_open and state.place != self.place
                return state._stay("here is the next open question") if is_new else following
            if arrived(following):
                return state if last else following
            state = following


def begin(lesson_run: LessonRun) -> Session:
    """Return the state in which a lesson begins."""
    return Session(enter(Arrival(lesson_run, 0)))


_BACK = "back at the run"
_BEGINNINGS = {INSIDE: "where you stepped in; i goes back", FRESH: "the beginning of the fresh question"}
