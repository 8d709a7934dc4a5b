"""The session: what a learner can do at a station. Every change is a new state.

Going back is a smaller index. A station with an open question is not passed; what lies behind the question is not known
yet.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.activities.walk import Form, Grain, Walk
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.prose import Prose
from nn_tutor.judging.diagnosis import MOST_NAMED, distinct
from nn_tutor.judging.judge import Judgement
from nn_tutor.judging.mistakes.case import Candidate
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import parameter_of
from nn_tutor.tutor.answering import Attempt, judge_question, named, notch
from nn_tutor.tutor.choosing import judge_choice
from nn_tutor.tutor.fresh import fresh_lesson, fresh_numbers
from nn_tutor.tutor.hints import rungs_of
from nn_tutor.tutor.hunting import judge_line
from nn_tutor.tutor.station import Place, Station
from nn_tutor.tutor.tour import Tour
from nn_tutor.tutor.tuning import judge_tuned, read_values
from nn_tutor.walkthrough.nudging import nudge
from nn_tutor.walkthrough.questions import Question

_FARTHEST = 2_000  # notches: a hundred steps of the weight
_TRAIL = 400

INSIDE = "inside"
"""The id of what is walked inside a run."""

GRAINS: tuple[Grain, ...] = ("factor", "node", "layer", "pass")


@dataclass(frozen=True, eq=False)
class Session(Station):
    """A state of the session. Make the first with `begin`; every method that changes something returns a new one."""

    # Answering

    def answer(self, text: str) -> Session:
        """Take an answer to what is open here; where nothing is open, the state stays as it is."""
        if self.doubt:
            chosen = text.strip().rstrip(".)")
            places = [str(place) for place in range(1, len(self.doubt) + 1)]
            if chosen in places:
                return self._told_apart(self.doubt[places.index(chosen)])
        if not self.is_over and isinstance(self.activity, Nudge):
            return self._noted(text, "that is no step: move it by more or less than 0", lambda value: value != 0)
        if not self.is_open:
            return replace(self, notice="")
        if isinstance(self.activity, Choose):
            return self._judged(self.activity.id, text, judge_choice(self.activity, text))
        if isinstance(self.activity, Train):
            return self._noted(text, "a whole number of passes, 1 or more", lambda value: value >= 1 and value % 1 == 0)
        if isinstance(self.activity, Tune):
            return self._tuned_answer(self.activity, text)
        if isinstance(self.activity, Hunt):
            worked = self.worked
            if worked is None:
                return self
            judged = self._judged(self.activity.id, text, judge_line(worked, text))
            return judged if judged.is_open else replace(judged, cursor=0)
        question = self.question
        if question is None:
            return self
        judgement = judge_question(self.tour, self.place.activity, question, text, self.names, self.earlier)
        placed = self
        if question.kind == "place" and judgement.value is not None:
            start = parameter_of(self.passed.before, question.ref)
            placed = replace(self, cursor=(judgement.value - start) / notch(question.scale))
        judged = placed._judged(question.id, text, judgement)
        told = distinct(judgement.candidates)
        return replace(judged, doubt=told[:MOST_NAMED] if len(told) > 1 else ())

    def hint(self) -> Session:
        """Climb one rung of the ladder of hints; the last one shows the whole answer."""
        question = self.question
        if question is None:
            return self._stay("there is no hint here" if self.is_open else "nothing is asked here")
        last = rungs_of(question)
        rung = min(self.rung + 1, last)
        climbed = replace(self, rungs={**self.rungs, question.id: rung}, hinted=True, notice="", doubt=())
        return climbed.reveal() if rung == last else climbed

    def take_apart(self) -> Session:
        """Ask for the links of the open question first."""
        question = self.question
        if question is None or not self.can_take_apart:
            return self._stay("a question can be taken apart after the second hint, if it has links")
        return replace(
            self,
            apart=self.apart | {question.id},
            notice="link by link: first the parts",
            doubt=(),
            cell="",
            hinted=False,
        )

    def move_cell(self, down: int, right: int) -> Session:
        """Go to the next open cell of a grid in a direction: rows further down, columns further right."""
        question, grid = self.question, self.grid
        if question is None or not grid:
            return self
        row, column = _cell(question)
        if len({_cell(other)[0] for other in grid}) == 1:  # in a single row or column both pairs of arrows lead on
            down, right = 0, down + right
        elif len({_cell(other)[1] for other in grid}) == 1:
            down, right = down + right, 0
        best: tuple[int, str] | None = None
        for other in grid:
            ahead = (_cell(other)[0] - row) * down + (_cell(other)[1] - column) * right
            aside = abs((_cell(other)[0] - row) * right) + abs((_cell(other)[1] - column) * down)
            distance = ahead + 10 * aside
            if ahead > 0 and not self.is_settled(other.id) and (best is None or distance < best[0]):
                best = (distance, other.id)
        return self if best is None else replace(self, cell=best[1], notice="", doubt=(), hinted=False)

    def move_cursor(self, by: int) -> Session:
        """Move what the arrow keys move: a weight on the curve by notches, or the choice of a line of a hunt."""
        worked = self.worked
        if worked is not None:
            line = min(max(0, self.chosen_line + by), len(worked.lines) - 1)
            return replace(self, cursor=self.cursor + line - self.chosen_line, notice="")
        moved = replace(self, cursor=min(max(-_FARTHEST, self.cursor + by), _FARTHEST), notice="")
        return moved._trailed() if isinstance(self.activity, Tune) else moved

    def move_aside(self, by: int) -> Session:
        """Move the second number that is tuned, by notches."""
        return replace(self, aside=min(max(-_FARTHEST, self.aside + by), _FARTHEST), notice="")._trailed()

    def _trailed(self) -> Session:
        """Keep what was tried; where the loss does not exist, the state stays as it is and says so."""
        tuned = self.tuned
        if tuned is None:
            return self._stay("the loss does not exist there: go back a little")
        return replace(self, trail=(*self.trail, (tuned.values, tuned.loss))[-_TRAIL:])

    # The state within

    @property
    def here(self) -> Session:
        """The state that the learner is in: that of the fresh question, where one is asked."""
        return self if self.inner is None else self.inner

    def with_here(self, state: Session) -> Session:
        """Return the session with another state at the place where the learner is; a finished fresh question closes."""
        if self.inner is None:
            return state
        if not self.owed:  # a look into a trained pass, which ends where the run goes on
            number = min(state.place.pass_number or self.place.pass_number, self.passes[1])
            if state.is_over:
                return replace(self, inner=None, notice=_BACK)
            return replace(self, inner=state, place=replace(self.place, pass_number=number))
        if state.inner is not None:  # shown once more: yet another one takes its place
            return replace(self, inner=state.inner)
        if state.place != self.inner.place and state._is_done:
            return replace(self, inner=None, owed="", notice="back in the lesson: these are its own numbers again")
        return replace(self, inner=state)

    @property
    def _is_done(self) -> bool:
        """Whether every question of a fresh lesson's one pass is settled, and none is owed."""
        return not self.owed and all(self.is_settled(question.id) for question in self.tour.questions(0, 1))

    # Training

    def run_on(self, below: float | None, goes_on: Callable[[int], bool]) -> Session:
        """Let the run go on, to the first loss `below` or to its last pass, in a piece as long as `goes_on` says."""
        activity, number = self.activity, self.place.pass_number
        if not isinstance(activity, Train) or self.is_open:
            return self
        reached = self.tour.run(self.place.activity).onward(number, activity.last_pass, below, goes_on)
        return self if reached == number else self._at(replace(self.place, pass_number=reached))

    def target(self, text: str) -> tuple[Session, float | None]:
        """Read the loss that a run shall go on to; where it cannot be read, the state says why."""
        try:
            value = read(text).value
        except ReadingError as error:
            return self._stay(error.message), None
        if value <= 0:
            return self._stay("a loss to run to is a number above 0"), None
        loss = self.tour.run(self.place.activity).loss(self.place.pass_number)
        if loss is not None and loss < value:
            return self._stay(f"the loss is below {numeral(value)} already; t runs it on"), None
        return replace(self, notice=""), value

    def reseed(self) -> Session:
        """Draw other random weights, and begin the run anew."""
        activity, index = self.activity, self.place.activity
        if self.is_over or not isinstance(activity, Train) or not activity.reseed:
            return self._stay("here the weights are given, there is nothing to draw")
        seed = self.tour.seed(index) + 1
        return self.with_seed(seed)._stay(f"other random weights, from seed {seed}")

    def with_seed(self, seed: int) -> Session:
        """Return the state at the beginning of a run whose weights are drawn from a seed."""
        state = replace(self, tour=self.tour.reseeded(self.place.activity, seed))
        return state._enter(self.place.activity)

    def step_in(self) -> Session:
        """Look into the pass at hand of a training run, step by step."""
        activity, number = self.activity, self.place.pass_number
        if self.is_over or not isinstance(activity, Train) or self.is_open:
            return self._stay("only a training run can be stepped into")
        passes = min(1_000, activity.last_pass - number + 1)
        walk = Walk(id=INSIDE, first_pass=number, passes=passes, grain=self._usual_grain(activity.network))
        title = f"inside the run · {self.tour.lesson.title}"
        networks = {"": self.tour.lesson.networks[activity.network]}
        lesson = Lesson(INSIDE, title, "", (), (), networks, (walk,), Prose())
        inner = begin(Tour(lesson, self.tour.disproves, {"": self.tour.timeline(self.place.activity)}))
        return replace(self, inner=replace(inner, notice="inside this pass; i goes back to the run"), notice="")

    def _usual_grain(self, network: str) -> Grain:
        """The grain in which the lesson walks a network, by node where it does not."""
        walks = [one for one in self.tour.lesson.activities if isinstance(one, Walk) and one.network == network]
        return walks[0].grain if walks else "node"

    def step_out(self) -> Session:
        """Go back from the inside of a pass to the run."""
        return self if self.inner is None or self.owed else replace(self, inner=None, notice=_BACK)

    # Putting off

    def put_off(self) -> Session:
        """Leave the fresh question that is owed, or asked, for another time."""
        if not self.owed:
            return self._stay("there is nothing to put off")
        return replace(self, inner=None, owed="", notice="put off; the lesson goes on")

    def reveal(self) -> Session:
        """Show the answer to what is open here; the question is settled, but not solved."""
        if not self.is_open or isinstance(self.activity, Train):
            return replace(self, notice="there is nothing to show here")
        question = self.question
        if question is None:
            return replace(self, shown=self.shown | {self.activity.id}, notice="", doubt=(), cursor=0)
        owes = isinstance(self.activity, Walk) and question.kind in ("number", "sign", "size")
        owed = question.id if owes else self.owed
        return replace(self, shown=self.shown | {question.id}, notice="", doubt=(), owed=owed)

    # Moving

    def forward(self) -> Session:
        """Go to the next station, over pass borders and on to the next activity; never past an open question."""
        if self.is_over:
            return self
        if self.is_open:
            return self._stay("answer first, or press esc and s to be shown")
        if any(question.id == self.owed for question in self.questions):
            return self._with_fresh()
        place = self.place
        if isinstance(self.activity, Walk) and self.activity.only_questions:
            return self._next_question() or self._enter(place.activity + 1)
        if isinstance(self.activity, Walk):
            if place.stop + 1 < len(self.stops):
                return self._at(replace(place, stop=place.stop + 1))
            if place.pass_number < self.tour.reach(place.activity).last:
                return self._at(replace(place, pass_number=place.pass_number + 1, stop=0))
        elif isinstance(self.activity, Train) and not self.has_arrived:
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
        elif isinstance(self.activity, Train) and place.pass_number > self.activity.first_pass:
            return self._at(replace(place, pass_number=place.pass_number - 1))
        if place.activity == 0:
            inside = self.tour.lesson.id == INSIDE
            return self._stay(
                f"this is {'where you stepped in; i goes back' if inside else 'the beginning of the lesson'}"
            )
        return self._enter(place.activity - 1, at_end=True)

    def forward_pass(self) -> Session:
        """Go to the first station of the next pass, or to the first open question before it."""
        return self._run(lambda state: state.place.pass_number != self.place.pass_number or self._left(state))

    def entered(self, index: int) -> Session:
        """Go to the beginning of an activity, whatever is open before it."""
        return self._enter(index)

    def back_pass(self) -> Session:
        """Go to the first station of this pass, or of the one before where it stands there already."""
        place = self.place
        if self.is_over or not isinstance(self.activity, Walk | Train) or place.stop == 0:
            moved = self.back()
            return replace(moved, place=replace(moved.place, stop=0)) if not moved._left(self) else moved
        return self._at(replace(place, stop=0))

    def to_end(self) -> Session:
        """Go to the last station of this activity, or to the first open question before it.

        Inside a run, which has many passes, to the end of the pass.
        """
        if not self.is_over and isinstance(self.activity, Train):
            below = None if self.has_arrived else self.activity.to_loss
            return self.run_on(below, lambda made: True)
        if self.tour.lesson.id == INSIDE:
            return self._at(replace(self.place, stop=len(self.stops) - 1))
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

    def _judged(self, question: str, text: str, judgement: Judgement) -> Session:
        attempts = (*self.attempts, Attempt(question, text, judgement, self.rungs.get(question, 0)))
        solved = self.solved | {question} if judgement.is_right else self.solved
        return replace(self, attempts=attempts, solved=solved, notice="", doubt=(), hinted=False)

    def _told_apart(self, candidate: Candidate) -> Session:
        """The last answer was one of several mistakes, and the learner says which: it is named alone."""
        last = self.attempts[-1]
        attempt = replace(last, judgement=named(last.judgement, candidate))
        return replace(self, attempts=(*self.attempts[:-1], attempt), doubt=(), notice="")

    def _with_fresh(self) -> Session:
        """Ask the question that is owed, with fresh numbers; where none are fair, nothing is owed any more."""
        asked = [question for question in self.questions if question.id == self.owed]
        entry = self.tour.lesson.networks[self.activity.network]
        seed = zlib.crc32(self.owed.encode())  # another one for every question, and for every fresh one after it
        drawn = fresh_numbers(entry, asked[0].kind, asked[0].ref, seed) if asked else None
        if drawn is None:
            return replace(self, owed="").forward()
        question = asked[0]
        name = f"{self.activity.id.partition('~')[0]}~{seed}"
        lesson = fresh_lesson(_fresh_title(self.tour.lesson.title), name, drawn, question.kind, question.ref)
        fresh = begin(Tour(lesson, self.tour.disproves))
        return replace(
            self, inner=replace(fresh, notice="the same once more, with fresh numbers; esc p puts it off"), notice=""
        )

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

    def _tuned_answer(self, activity: Tune, text: str) -> Session:
        try:
            values = read_values(text, max(1, len(activity.of)))
        except ReadingError as error:
            return self._judged(activity.id, text, Judgement("invalid", error.message, None))
        if not activity.of and values[0] <= 0:
            refusal = "η is a number above 0, such as 0.05: how long a step is"
            return self._judged(activity.id, text, Judgement("invalid", refusal, None))
        tuned = self.tour.tuned(self.place.activity, values)
        if tuned is None:
            return self._stay("the loss does not exist there: go back a little")
        begun = replace(self, cursor=0, aside=0).tuned_values
        notches = [(value - start) / activity.step for value, start in zip(values, begun, strict=True)]
        moved = replace(self, cursor=notches[0], aside=notches[-1] if len(notches) > 1 else 0)
        return moved._trailed()._judged(activity.id, text, judge_tuned(tuned, activity))

    def _stay(self, notice: str) -> Session:
        return replace(self, notice=notice)

    def _at(self, place: Place) -> Session:
        return replace(self, place=place, notice="", cell="", cursor=0, aside=0, trail=(), doubt=(), hinted=False)

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

    def _enter(self, index: int, *, at_end: bool = False, anew: bool = False) -> Session:
        state = self._at(Place(activity=index))
        if not state.is_over and isinstance(state.activity, AtOnePass):
            return replace(state, place=Place(index, state.activity.pass_number))
        if state.is_over or not isinstance(state.activity, Walk | Train):
            return state
        if isinstance(state.activity, Train) and not at_end:
            return replace(state, place=Place(index, state.activity.first_pass))
        reach = self.tour.reach(index)
        grain: Grain = self.grain
        form: Form = self.form
        if isinstance(state.activity, Walk):
            entered_anew = anew or index != self.place.activity or self.is_over
            grain = state.activity.grain if entered_anew else self.grain
            form = state.activity.form if entered_anew else self.form
            if self.tour.is_large(index):
                grain, form = "layer", "matrix"
        number = reach.last if at_end else reach.first
        state = replace(state, grain=grain, form=form, place=Place(index, number))
        if at_end and isinstance(state.activity, Walk):
            state = replace(state, place=Place(index, number, len(state.stops) - 1))
        if isinstance(state.activity, Walk) and state.activity.only_questions and not state.is_open:
            return state._next_question() or state
        return state

    def _next_question(self) -> Session | None:
        """The next station of this pass where something is open, None where there is none."""
        for stop in range(self.place.stop + 1, len(self.stops)):
            ahead = self._at(replace(self.place, stop=stop))
            if ahead.is_open:
                return ahead
        return None

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
    return Session(tour)._enter(0, anew=True)


def _fresh_title(title: str) -> str:
    """Say in the title that these are not the lesson's own numbers."""
    return title if title.startswith(_FRESH) else f"{_FRESH}{title}"


_FRESH = "fresh numbers · "
_BACK = "back at the run"


def _cell(question: Question) -> tuple[int, int]:
    """Row and column of a cell as its matrix is drawn; a vector is one row."""
    index = question.ref.index or ()
    return (0, index[0]) if len(index) == 1 else (index[-2], index[-1])
