"""Where a learner is in a lesson, what is asked there, and what may be seen and typed.

A lesson is a line of stations: a page to read, a choice, a stop of a walked pass, a pass of training. Everything here
is read off the state; what changes it is in `session`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.derive import Derive
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.kinds import Activity
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.activities.walk import Form, Grain, Walk
from nn_tutor.judging.judge import decimals_needed
from nn_tutor.judging.mistakes.case import Candidate
from nn_tutor.network.passes import Pass, parameter_of
from nn_tutor.network.quantities import Ref
from nn_tutor.tutor.answering import Attempt, notch
from nn_tutor.tutor.hints import TAKE_APART_FROM
from nn_tutor.tutor.hunting import Worked
from nn_tutor.tutor.tour import Tour
from nn_tutor.tutor.tuning import Tuned, read_values, starts
from nn_tutor.walkthrough.links import leaning_on, links_of
from nn_tutor.walkthrough.order import Stop
from nn_tutor.walkthrough.questions import Question, names_before, names_of, short_names

if TYPE_CHECKING:
    from nn_tutor.tutor.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A station: the activity's index, the pass (0 where the activity has none), the stop within the pass.

    `activity` equal to the number of activities is the end of the lesson.
    """

    activity: int = 0
    pass_number: int = 0
    stop: int = 0


@dataclass(frozen=True, eq=False)
class Station:
    """Where a learner is in a lesson, and all that they did so far: what is asked here follows from it.

    `attempts` are all judged answers, oldest first; `solved` and `shown` the ids of questions answered rightly and of
    those whose answer was shown. `rungs` says how far up the ladder of hints the learner climbed, by question; `apart`
    are the questions taken apart into their links. `cell` is the question chosen in a grid, "" for the first open one.
    `cursor` is what the arrow keys moved: the notches of a weight that is put on the curve or tuned, the line of a
    hunt; `aside` are the notches of a second number that is tuned, and `trail` the numbers and losses tried so far.
    `doubt` holds the mistakes of an "either … or" that is to be told apart. After an answer was shown a question of the
    same kind is `owed`. While it is asked, or the inside of a trained pass looked at, `inner` is the state of that
    small lesson. `notice` is one sentence for the learner about the last move, "" for none. What follows from them and
    is asked for many times a step is worked out once.
    """

    tour: Tour
    place: Place = Place()
    grain: Grain = "factor"
    form: Form = "element"
    attempts: tuple[Attempt, ...] = ()
    solved: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rungs: Mapping[str, int] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    cell: str = ""
    cursor: float = 0
    aside: float = 0
    trail: tuple[tuple[tuple[float, ...], float], ...] = ()
    hinted: bool = False
    doubt: tuple[Candidate, ...] = ()
    owed: str = ""
    inner: Session | None = None
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
    def passes(self) -> tuple[int, int]:
        """The first and the last pass of the activity at hand; of one that belongs to a single pass that one."""
        if isinstance(self.activity, Train):
            return self.activity.first_pass, self.activity.last_pass
        if isinstance(self.activity, Walk):
            reach = self.tour.reach(self.place.activity)
            return reach.first, reach.last
        return self.place.pass_number, self.place.pass_number

    @property
    def passed(self) -> Pass:
        """The pass at hand of an activity that has a network, with the numbers that are tuned.

        Raises `StoppedError` beyond the end of the run.
        """
        tuned = self.tuned
        if tuned is not None:
            return tuned.passed
        return self.tour.passed(self.place.activity, max(1, self.place.pass_number))

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """The stations of the pass at hand, in the present grain and form."""
        return self.tour.stops(self.place.activity, self.place.pass_number, self.grain, self.form)

    @property
    def stop(self) -> Stop:
        """The station at hand, in a walk."""
        return self.stops[self.place.stop]

    @property
    def is_on_pass(self) -> bool:
        """Whether this station shows the numbers of one pass: a walk, a weight on the curve, a formula."""
        return not self.is_over and isinstance(self.activity, Walk | PlaceWeight | Derive)

    @property
    def takes_a_step(self) -> bool:
        """Whether a parameter is moved at this activity, so that the learning rate matters."""
        if isinstance(self.activity, Walk):
            return self.activity.until == "update"
        return isinstance(self.activity, PlaceWeight | Train | Tune | Hunt)

    @cached_property
    def focus(self) -> Ref:
        """The number in question: that of the open question, else the one just answered, else the station's last."""
        question = self.question
        if question is not None:
            return question.ref
        if not self.questions:
            return self.stop.refs[-1]
        last = self.last_attempt
        answered = [question.ref for question in self.questions if last is not None and question.id == last.question]
        return answered[0] if answered else self.questions[-1].ref

    @cached_property
    def words(self) -> str:
        """The prose that belongs here, "" where none is written; at the end of the lesson none.

        At the beginning of a walk that of the walk itself comes first.
        """
        if self.is_over:
            return ""
        index, number = self.place.activity, self.place.pass_number
        words = self.tour.words(index, number, self.focus if self.is_walking else None)
        if not isinstance(self.activity, Walk) or self.place.stop or number != self.activity.first_pass:
            return words
        opening = self.tour.words(index)
        return words if opening in ("", words) else f"{opening}\n\n{words}".rstrip()

    @property
    def own_words(self) -> str:
        """The prose that was not there before: at a later station without that of the beginning.

        Where only questions are stopped at, any of them may be the first that is seen.
        """
        index, number, stop = self.place.activity, self.place.pass_number, self.place.stop
        if not isinstance(self.activity, Walk) or self.activity.only_questions:
            return self.words
        before = {self.tour.words(index)} if number > self.activity.first_pass else set()
        if stop:
            before |= {self.tour.words(index, number)}
        return "" if self.words in before else self.words

    # What is asked, and what is known

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions at this station, in order; before one that is taken apart stand those on its links."""
        if self.is_over or isinstance(self.activity, Hunt):
            return ()
        asked = self.tour.questions(self.place.activity, self.place.pass_number)
        if isinstance(self.activity, Walk):
            here = set(self.stop.refs)
            asked = tuple(question for question in asked if question.ref in here)
        if not self.apart:
            return asked
        return tuple(
            part
            for question in asked
            for part in (*(self._links(question) if question.id in self.apart else ()), question)
        )

    @property
    def question(self) -> Question | None:
        """The chosen question of this station, or the first, that is neither solved nor shown."""
        waiting = [question for question in self.questions if not self.is_settled(question.id)]
        return next((question for question in waiting if question.id == self.cell), waiting[0] if waiting else None)

    @property
    def grid(self) -> tuple[Question, ...]:
        """The cells of the matrix or vector that is asked here, settled ones too; none where a single number is."""
        question = self.question
        if question is None or question.kind != "number" or not isinstance(self.activity, Walk):
            return ()
        whole = (question.ref.quantity, question.ref.layer)
        cells = tuple(
            other
            for other in self.questions
            if (other.ref.quantity, other.ref.layer) == whole and other.kind == "number" and other.ref.index
        )
        return cells if len(cells) > 1 else ()

    @property
    def pointed(self) -> str:
        """What the arrow keys point at, as an answer: a weight on the curve, a line of a hunt; "" for none."""
        question = self.question
        if question is not None and question.kind == "place":
            value = self.marked_weight
            decimals = max(0, round(-math.log10(notch(question.scale))) + 1)
            return f"{value:.{decimals}f}"
        if self.is_open and not self.is_over and isinstance(self.activity, Tune):
            return " ".join(f"{value:.10g}" for value in self.tuned_values)
        return str(self.chosen_line + 1) if self.worked is not None and self.is_open else ""

    @property
    def chosen_line(self) -> int:
        """The line of a hunt that the arrow keys point at, from 0; once it is over they start from the line to find."""
        worked = self.worked
        begun = 0 if worked is None or self.is_open else worked.wrong
        return begun + int(self.cursor)

    @property
    def marked_weight(self) -> float:
        """Where the arrow keys have put the weight, in a placing question; it starts from the old value."""
        question = self.question
        if question is None:
            return 0.0
        start = parameter_of(self.passed.before, question.ref)
        return start + self.cursor * notch(question.scale)

    @property
    def tuned_values(self) -> tuple[float, ...]:
        """The numbers that are tuned, as the arrow keys have set them, or as they were answered or shown."""
        activity, index = self.activity, self.place.activity
        if not isinstance(activity, Tune):
            return ()
        begun = starts(self.tour.network(index), self.tour.passed(index, activity.pass_number), activity)
        if activity.id in self.solved:
            right = [attempt for attempt in self.attempts_at(activity.id) if attempt.judgement.is_right]
            return read_values(right[-1].text, len(begun)) if right else begun
        if activity.id in self.shown:
            solution = self.tour.solution(index)
            return begun if solution is None else solution.values
        moved = zip(begun, (self.cursor, self.aside), strict=False)
        values = tuple(round(value + notches * activity.step, 10) for value, notches in moved)
        return values if activity.of or values[0] > 0 else (activity.step,)

    @property
    def has_moved_on(self) -> bool:
        """Whether the numbers that are tuned are no longer those that were judged last."""
        last = self.last_attempt
        if not self.is_open or last is None or last.judgement.value is None:
            return False
        judged = read_values(last.text, len(self.tuned_values))
        return not all(math.isclose(one, now, abs_tol=1e-9) for one, now in zip(judged, self.tuned_values, strict=True))

    @property
    def tuned(self) -> Tuned | None:
        """What the network does with the numbers that are tuned; None elsewhere, and where the loss does not exist."""
        if self.is_over or not isinstance(self.activity, Tune):
            return None
        return self.tour.tuned(self.place.activity, self.tuned_values)

    @property
    def shows_landscape(self) -> bool:
        """Whether the loss over the numbers that are tuned may be seen now."""
        activity = self.activity
        if self.is_over or not isinstance(activity, Tune):
            return False
        return activity.graph == "always" or (activity.graph == "after" and not self.is_open)

    @property
    def has_arrived(self) -> bool:
        """Whether a training run is at its goal, at its last pass, or at its own end."""
        activity, number = self.activity, self.place.pass_number
        if self.is_over or not isinstance(activity, Train):
            return False
        run = self.tour.run(self.place.activity)
        loss = run.loss(number)
        return loss is None or loss < activity.to_loss or number >= activity.last_pass or run.loss(number + 1) is None

    @property
    def worked(self) -> Worked | None:
        """The worked pass of a hunt; None elsewhere."""
        return self.tour.worked(self.place.activity) if not self.is_over and isinstance(self.activity, Hunt) else None

    @property
    def is_open(self) -> bool:
        """Whether something at this station waits for an answer."""
        if self.is_over:
            return False
        if isinstance(self.activity, Choose | Hunt | Tune):
            return not self.is_settled(self.activity.id)
        if isinstance(self.activity, Train):
            return self.activity.guess and not self.notes.get(self.activity.id)
        return self.question is not None

    @property
    def asks_a_number(self) -> bool:
        """Whether the open question here is answered with a number, which may be typed as a calculation."""
        question = self.question
        return question is not None and question.kind not in ("sign", "formula")

    @property
    def asks_to_place(self) -> bool:
        """Whether the open question here is answered by putting a weight on the curve."""
        question = self.question
        return question is not None and question.kind == "place"

    @property
    def rung(self) -> int:
        """How many hints were given to the open question."""
        question = self.question
        return 0 if question is None else self.rungs.get(question.id, 0)

    @property
    def written_hints(self) -> tuple[str, ...]:
        """The lesson's own words for the first two hints to the open question, none where it has none."""
        question = self.question
        if question is None or self.is_over or not isinstance(self.activity, Walk):
            return ()
        return self.activity.hints.get(question.ref.quantity, ())

    @property
    def misses(self) -> int:
        """How many answers to the open question were wrong."""
        question = self.question
        if question is None:
            return 0
        return sum(attempt.judgement.spends_attempt for attempt in self.attempts_at(question.id))

    @property
    def can_take_apart(self) -> bool:
        """Whether the open question may be taken apart into its links now: from hint 2 on, or after two misses.

        There has to be a link that is still to be found.
        """
        question = self.question
        if question is None or question.kind not in ("number", "size", "sign") or question.id in self.apart:
            return False
        if self.rung < TAKE_APART_FROM and self.misses < 2:
            return False
        return any(not self.is_settled(link.id) for link in self._links(question))

    @cached_property
    def known(self) -> frozenset[Ref]:
        """The numbers of this pass that may be seen: all up to this station, but not from an open question on.

        Of a grid the cells that are settled; of a question that is taken apart the links that are, and nothing that is
        made from an open one and would tell it.
        """
        question = self.question
        order = self.tour.order(self.place.activity, self.place.pass_number)
        if not isinstance(self.activity, Walk):
            asked = self.questions[-1].ref
            return frozenset(ref for ref in order if order[ref] < order[asked] + (question is None))
        reached = {ref for stop in self.stops[: self.place.stop + 1] for ref in stop.refs}
        if question is None:
            return frozenset(reached)
        waiting = {asked.ref for asked in self.questions if not self.is_settled(asked.id)}
        settled = {asked.ref for asked in self.questions} - waiting
        # A number whose sign is found is not yet known.
        links = {link.ref for asked in self.questions if asked.id in self.apart for link in self._links(asked)}
        barrier = min((order[ref] for ref in waiting - links), default=len(order))
        before = {ref for ref in reached if order[ref] < barrier or ref in settled} - waiting
        if not links:
            return frozenset(before)
        index = self.place.activity
        before |= settled  # a link need not be a stop
        telling = leaning_on(self.tour.network(index), self.tour.rows(index), before, waiting & links)
        return frozenset(before - telling)

    def is_known(self, ref: Ref) -> bool:
        """Say whether a number of the pass at hand may be seen."""
        return ref in self.known

    @property
    def names(self) -> dict[str, float]:
        """What may be typed at the open question, with its value: never what is asked."""
        names = self.written_names
        return names | short_names(self.tour.network(self.place.activity), names)

    @property
    def written_names(self) -> dict[str, float]:
        """What may be typed, as it is written on the screen."""
        network, passed = self.tour.network(self.place.activity), self.passed
        order = self.tour.order(self.place.activity, self.place.pass_number)
        latest_first = sorted(self.known, key=lambda ref: order.get(ref, len(order)), reverse=True)
        return names_of(network, passed, latest_first) | names_before(network, passed)

    @property
    def decimals(self) -> int | None:
        """How many decimals the open question needs; None where no number is typed."""
        question = self.question
        if question is None or question.kind not in ("number", "size"):
            return None
        known = self.tour.known(self.place.activity, question.pass_number, question.ref, question.kind)
        return decimals_needed(question.truth, question.scale, known)

    @property
    def last_attempt(self) -> Attempt | None:
        """The last judged answer to a question of this station."""
        here = {question.id for question in self.questions}
        if not self.is_over and isinstance(self.activity, Choose | Hunt | Tune):
            here.add(self.activity.id)
        return next((attempt for attempt in reversed(self.attempts) if attempt.question in here), None)

    def attempts_at(self, question: str) -> tuple[Attempt, ...]:
        """All judged answers to a question, oldest first."""
        return tuple(attempt for attempt in self.attempts if attempt.question == question)

    def is_settled(self, question: str) -> bool:
        """Say whether a question was answered rightly, or its answer shown."""
        return question in self.solved or question in self.shown

    def _links(self, question: Question) -> tuple[Question, ...]:
        """The questions on the links of a question, but for the links of one that is found already."""
        index = self.place.activity
        network, rows = self.tour.network(index), self.tour.rows(index)
        refs = links_of(network, rows, question.ref)
        links = tuple(self.tour.question(index, question.pass_number, ref) for ref in refs)
        found = {link.ref for link in links if self.is_settled(link.id)}
        return tuple(link for link in links if link.ref in found or not leaning_on(network, rows, found, {link.ref}))

    @property
    def earlier(self) -> dict[Ref, float]:
        """What the learner had, wrongly, for other numbers of this pass, whose answers were then shown."""
        questions = (*self.questions, *self.tour.questions(self.place.activity, self.place.pass_number))
        asked = {question.id: question.ref for question in questions if question.kind == "number"}
        latest = {
            attempt.question: attempt.judgement
            for attempt in self.attempts
            if attempt.question in asked and attempt.judgement.verdict != "invalid"
        }
        return {
            asked[name]: judgement.value
            for name, judgement in latest.items()
            if judgement.value is not None and judgement.verdict != "correct" and self.is_settled(name)
        }
