"""The session: where the learner is, and what they have answered. Every change is a new state.

A lesson is a line of stations: a page to read, a choice, a stop of a walked pass, a pass of training. Going back is a
smaller index. A station with an open question is not passed; what lies behind the question is not known yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from nn_tutor.course.lesson import Activity, Choose, Form, Grain, Nudge, Train, Walk
from nn_tutor.judging.judge import Judgement, decimals_needed, judge_sign, judge_text
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import Pass
from nn_tutor.network.quantities import Ref
from nn_tutor.tutor.choosing import judge_choice
from nn_tutor.tutor.tour import Tour
from nn_tutor.walkthrough.nudging import nudge
from nn_tutor.walkthrough.order import Stop
from nn_tutor.walkthrough.questions import Question, names_before, names_of

GRAINS: tuple[Grain, ...] = ("factor", "node", "layer", "pass")


@dataclass(frozen=True, slots=True)
class Place:
    """A station: the activity's index, the pass (0 where the activity has none), the stop within the pass.

    `activity` equal to the number of activities is the end of the lesson.
    """

    activity: int = 0
    pass_number: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One judged answer: the question's id, what was typed, and what it was found to be."""

    question: str
    text: str
    judgement: Judgement


@dataclass(frozen=True, eq=False, slots=True)
class Session:
    """A state of the session. Make the first with `begin`; every method that changes something returns a new one.

    `attempts` are all judged answers, oldest first; `solved` and `shown` the ids of questions answered rightly and of
    those whose answer was shown. `notice` is one sentence for the learner about the last move, "" for none.
    """

    tour: Tour
    place: Place = Place()
    grain: Grain = "factor"
    form: Form = "element"
    attempts: tuple[Attempt, ...] = ()
    solved: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notice: str = ""

    # Where we are

    @property
    def is_over(self) -> bool:
        """Whether the lesson's last station has been passed."""
        return self.place.activity >= len(self.tour.lesson.activities)

    @property
    def activity(self) -> Activity:
        """The activity at hand; at the end of the lesson its last one."""
        return self.tour.activity(min(self.place.activity, len(self.tour.lesson.activities) - 1))

    @property
    def is_walking(self) -> bool:
        """Whether this is a station of a walked pass."""
        return not self.is_over and isinstance(self.activity, Walk)

    @property
    def passed(self) -> Pass:
        """The pass at hand of an activity that has a network; raises `StoppedError` beyond the end of the run."""
        return self.tour.passed(self.place.activity, max(1, self.place.pass_number))

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The stations of the pass at hand, in the present grain and form."""
        return self.tour.stops(self.place.activity, self.place.pass_number, self.grain, self.form)

    @property
    def stop(self) -> Stop:
        """The station at hand, in a walk."""
        return self.stops[self.place.stop]

    @property
    def focus(self) -> Ref:
        """The number in question: that of the open question, else the last of the station."""
        question = self.question
        return self.stop.refs[-1] if question is None else question.ref

    @property
    def words(self) -> str:
        """The prose that belongs here, "" where none is written; at the end of the lesson none."""
        if self.is_over:
            return ""
        ref = self.focus if self.is_walking else None
        return self.tour.words(self.place.activity, self.place.pass_number, ref)

    # What is asked, and what is known

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions at this station of a walk, in order."""
        if self.is_over or not isinstance(self.activity, Walk):
            return ()
        here = set(self.stop.refs)
        asked = self.tour.questions(self.place.activity, self.place.pass_number)
        return tuple(question for question in asked if question.ref in here)

    @property
    def question(self) -> Question | None:
        """The first question of this station that is neither solved nor shown."""
        return next((question for question in self.questions if not self._is_settled(question.id)), None)

    @property
    def is_open(self) -> bool:
        """Whether something at this station waits for an answer."""
        if self.is_over:
            return False
        if isinstance(self.activity, Choose):
            return not self._is_settled(self.activity.id)
        if isinstance(self.activity, Train):
            return self.activity.guess and not self.notes.get(self.activity.id)
        return self.question is not None

    @property
    def asks_a_number(self) -> bool:
        """Whether the open question here is answered with a number, which may be typed as a calculation."""
        question = self.question
        return question is not None and question.kind != "sign"

    @property
    def known(self) -> frozenset[Ref]:
        """The numbers of this pass that may be seen: all up to this station, but not from an open question on."""
        order = self.tour.order(self.place.activity, self.place.pass_number)
        reached = {ref for stop in self.stops[: self.place.stop + 1] for ref in stop.refs}
        question = self.question
        if question is not None:
            barrier = order[question.ref]
            reached = {ref for ref in reached if order[ref] < barrier}
        return frozenset(reached)

    def is_known(self, ref: Ref) -> bool:
        """Say whether a number of the pass at hand may be seen."""
        return ref in self.known

    @property
    def names(self) -> dict[str, float]:
        """What may be typed at the open question, with its value: never what is asked."""
        network, passed = self.tour.network(self.place.activity), self.passed
        order = self.tour.order(self.place.activity, self.place.pass_number)
        latest_first = sorted(self.known, key=order.__getitem__, reverse=True)
        return names_of(network, passed, latest_first) | names_before(network, passed)

    @property
    def decimals(self) -> int | None:
        """How many decimals the open question needs; None where no number is asked."""
        question = self.question
        if question is None or question.kind == "sign":
            return None
        return decimals_needed(question.truth, question.scale)

    @property
    def last_attempt(self) -> Attempt | None:
        """The last judged answer to a question of this station."""
        here = {question.id for question in self.questions}
        if not self.is_over and isinstance(self.activity, Choose):
            here.add(self.activity.id)
        return next((attempt for attempt in reversed(self.attempts) if attempt.question in here), None)

    def attempts_at(self, question: str) -> tuple[Attempt, ...]:
        """All judged answers to a question, oldest first."""
        return tuple(attempt for attempt in self.attempts if attempt.question == question)

    # Answering

    def answer(self, text: str) -> Session:
        """Take an answer to what is open here; where nothing is open, the state stays as it is."""
        if not self.is_over and isinstance(self.activity, Nudge):
            return self._noted(text, "that is no step: move it by more or less than 0", lambda value: value != 0)
        if not self.is_open:
            return replace(self, notice="")
        if isinstance(self.activity, Choose):
            return self._judged(self.activity.id, text, judge_choice(self.activity, text))
        if isinstance(self.activity, Train):
            return self._noted(text, "a whole number of passes, 1 or more", lambda value: value >= 1 and value % 1 == 0)
        question = self.question
        if question is None:
            return self
        if question.kind == "sign":
            judgement = judge_sign(text, question.truth)
        else:
            judgement = judge_text(text, question.truth, question.scale, self.names)
        return self._judged(question.id, text, judgement)

    def reveal(self) -> Session:
        """Show the answer to what is open here; the question is settled, but not solved."""
        if not self.is_open or isinstance(self.activity, Train):
            return replace(self, notice="there is nothing to show here")
        question = self.question
        open_id = self.activity.id if question is None else question.id
        return replace(self, shown=self.shown | {open_id}, notice="")

    # Moving

    def forward(self) -> Session:
        """Go to the next station, over pass borders and on to the next activity; never past an open question."""
        if self.is_over:
            return self
        if self.is_open:
            return self._stay("answer first, or press esc and s to be shown")
        place = self.place
        if isinstance(self.activity, Walk):
            if place.stop + 1 < len(self.stops):
                return self._at(replace(place, stop=place.stop + 1))
            if place.pass_number < self.tour.reach(place.activity).last:
                return self._at(replace(place, pass_number=place.pass_number + 1, stop=0))
        elif isinstance(self.activity, Train) and place.pass_number < self.tour.reach(place.activity).last:
            return self._at(replace(place, pass_number=place.pass_number + 1))
        return self._enter(place.activity + 1)

    def back(self) -> Session:
        """Go to the station before, over pass borders and back to the activity before."""
        place = self.place
        if self.is_over:
            return self._enter(place.activity - 1, at_end=True)
        if isinstance(self.activity, Walk):
            if place.stop:
                return self._at(replace(place, stop=place.stop - 1))
            if place.pass_number > self.tour.reach(place.activity).first:
                before = replace(self, place=replace(place, pass_number=place.pass_number - 1, stop=0))
                return before._at(replace(before.place, stop=len(before.stops) - 1))
        elif isinstance(self.activity, Train) and place.pass_number > self.tour.reach(place.activity).first:
            return self._at(replace(place, pass_number=place.pass_number - 1))
        if place.activity == 0:
            return self._stay("this is the beginning of the lesson")
        return self._enter(place.activity - 1, at_end=True)

    def forward_pass(self) -> Session:
        """Go to the first station of the next pass, or to the first open question before it."""
        return self._run(lambda state: state.place.pass_number != self.place.pass_number or self._left(state))

    def back_pass(self) -> Session:
        """Go to the first station of this pass, or of the one before where it stands there already."""
        place = self.place
        if self.is_over or not isinstance(self.activity, Walk | Train) or place.stop == 0:
            moved = self.back()
            return replace(moved, place=replace(moved.place, stop=0)) if not moved._left(self) else moved
        return self._at(replace(place, stop=0))

    def to_end(self) -> Session:
        """Go to the last station of this activity, or to the first open question before it."""
        return self._run(self._left, last=True)

    def to_beginning(self) -> Session:
        """Go to the first station of this activity; from there to the beginning of the lesson."""
        if self.is_over:
            return self._enter(self.place.activity - 1)
        first = self._enter(self.place.activity)
        return self._enter(0) if first.place == self.place else first

    # Ways of looking

    def with_grain(self, grain: Grain) -> Session:
        """Cut the passes finer or coarser, and stay at the same number."""
        return self._recut(replace(self, grain=grain, notice=""))

    def with_form(self, form: Form) -> Session:
        """Change between the element form and the matrix form, and stay at the same number."""
        return self._recut(replace(self, form=form, notice=""))

    def finer(self) -> Session:
        """Cut the passes one grain finer."""
        return self.with_grain(GRAINS[max(0, GRAINS.index(self.grain) - 1)])

    def coarser(self) -> Session:
        """Cut the passes one grain coarser."""
        return self.with_grain(GRAINS[min(len(GRAINS) - 1, GRAINS.index(self.grain) + 1)])

    # Inside

    def _is_settled(self, question: str) -> bool:
        return question in self.solved or question in self.shown

    def _judged(self, question: str, text: str, judgement: Judgement) -> Session:
        attempts = (*self.attempts, Attempt(question, text, judgement))
        solved = self.solved | {question} if judgement.is_right else self.solved
        return replace(self, attempts=attempts, solved=solved, notice="")

    def _noted(self, text: str, refusal: str, accepts: Callable[[float], bool]) -> Session:
        """Keep a number that is not judged, a guess or a nudge; what cannot be taken is said and not kept."""
        try:
            value = read(text).value
            if not accepts(value):
                return self._stay(refusal)
            if isinstance(self.activity, Nudge):
                nudge(self.tour.network(self.place.activity), self.passed, self.activity.slope, value)
        except ReadingError as error:
            return self._stay(error.message)
        except DomainError:
            return self._stay("that is too far: the loss does not exist there; try a smaller step")
        kept = (*self.notes.get(self.activity.id, ()), text)
        return replace(self, notes={**self.notes, self.activity.id: kept}, notice="")

    def _stay(self, notice: str) -> Session:
        return replace(self, notice=notice)

    def _at(self, place: Place) -> Session:
        return replace(self, place=place, notice="")

    def _left(self, other: Session) -> bool:
        return other.place.activity != self.place.activity

    def _run(self, arrived: Callable[[Session], bool], *, last: bool = False) -> Session:
        """Step forward until `arrived`, an open question, or nothing moves; with `last` stop before arriving."""
        state = self
        while True:
            following = state.forward()
            if following.place == state.place:
                return following
            if arrived(following):
                return state if last else following
            state = following

    def _enter(self, index: int, *, at_end: bool = False) -> Session:
        state = replace(self, place=Place(activity=index), notice="")
        if state.is_over or not isinstance(state.activity, Walk | Train):
            return state
        reach = self.tour.reach(index)
        grain: Grain = self.grain
        form: Form = self.form
        if isinstance(state.activity, Walk):
            entered_anew = index != self.place.activity or self.is_over
            grain = state.activity.grain if entered_anew else self.grain
            form = state.activity.form if entered_anew else self.form
            if self.tour.is_large(index):
                grain, form = "layer", "matrix"
        number = reach.last if at_end else reach.first
        state = replace(state, grain=grain, form=form, place=Place(index, number))
        if at_end and isinstance(state.activity, Walk):
            state = replace(state, place=Place(index, number, len(state.stops) - 1))
        return state

    def _recut(self, cut: Session) -> Session:
        if self.is_over or not isinstance(self.activity, Walk):
            return cut
        if self.tour.is_large(self.place.activity) and (cut.form == "element" or cut.grain in ("factor", "node")):
            return self._stay("this network is too large for single numbers: they are shown by layer")
        focus = self.focus
        stop = next((index for index, stop in enumerate(cut.stops) if focus in stop.refs), 0)
        return replace(cut, place=replace(cut.place, stop=stop))


def begin(tour: Tour) -> Session:
    """Return the state in which a lesson begins."""
    return Session(tour)._enter(0)
