"""What a station is: a place in a lesson where something is read, asked or run, whatever its kind.

How to add a kind of activity, say `arrange`:

1. `course/activities/arrange.py`: a frozen record `Arrange(Common)` with the keys of its table in lesson.toml, and its
   reader; in `course/activities/kinds.py` its name in `Activity` and a line in the table of readers (and in COMPUTING
   where it needs a network).
2. `tutor/stations/arranging.py`: a class `Arranging(ActivityStation[Arrange])` with the state of this kind alone, and
   those methods of `Station` that it answers in its own way; in `stations/kinds.py` a line in STATIONS. What can be
   worked out from the lesson alone belongs into a module of `tutor` below the session, such as `tutor/hunting.py`.
3. `terminal/faces/arranging.py`: how it looks: sizes, body, prompt, verdict and keys; in `faces/kinds.py` a line in
   FACES.
4. `plain/voices/arranging.py`: how it is told line by line; in `plain/voices/kinds.py` a line in VOICES.
5. A section in lessons/README.md, the author's guide.

Tests hold all tables against `Activity`, so a kind without a station, a face or a voice is found. The session need
not know of it: it only moves from station to station, and keeps the log of answers. A kind that asks for something
else than numbers of a pass also says what an answer was given for, in `tutor/fingerprints.py`, and how it is asked on
paper, in `export/tasks.py`; CONTRIBUTING.md lists every place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from nn_tutor.course.activities.kinds import Activity
from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.stations.asked import ANSWERED, Asked

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.activities.walk import Form, Grain
    from nn_tutor.course.findings import Finding
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.judging.replay import Earlier
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.records import Pass
    from nn_tutor.tutor.answering import Attempt
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.tutor.listing import Listed

INSIDE = "inside"
"""The id of what is walked inside a run."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a station is: the activity's index, the pass (0 where the activity has none), the stop within the pass.

    `activity` equal to the number of activities is the end of the lesson.
    """

    activity: int = 0
    pass_number: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """How finely passes are cut into stops, and whether numbers are shown one by one or as matrices."""

    grain: Grain = "factor"
    form: Form = "element"


@dataclass(frozen=True, eq=False, slots=True)
class Arrival:
    """How an activity is entered: with what was answered so far, from before or from behind (`at_end`).

    `cut` is how passes were cut last; an activity that is entered `anew` may say how it wants them.
    """

    lesson_run: LessonRun
    index: int
    answers: Answers = field(default_factory=Answers)
    cut: Cut = Cut()
    at_end: bool = False
    anew: bool = True


@dataclass(frozen=True, eq=False, kw_only=True)
class Station:
    """A station, with what is the same for all: nothing is asked, nothing moves, it has no passes.

    Frozen: every move makes a new one. `notice` is one sentence for the learner about the last move, "" for none.
    """

    lesson_run: LessonRun
    place: Place
    answers: Answers = field(default_factory=Answers)
    cut: Cut = Cut()
    notice: str = ""

    is_over: ClassVar[bool] = False
    """Whether this is the end of the lesson."""
    is_before_calculus: ClassVar[bool] = False
    """Whether slopes are not spoken of yet."""
    is_watched: ClassVar[bool] = False
    """Whether a run is watched, all of whose numbers may be seen."""
    scrolls_by_itself: ClassVar[bool] = False
    """Whether ↑ ↓ move something of its own even while the learner looks around."""

    @property
    def takes_numbers(self) -> bool:
        """Whether a number may be typed at any time, so that no digit is the key of a panel."""
        return False

    # What it is

    @property
    def index(self) -> int:
        """The index of its activity."""
        return self.place.activity

    @property
    def passes(self) -> tuple[int, int]:
        """The first and the last pass of the activity; of one that belongs to a single pass that one."""
        return self.place.pass_number, self.place.pass_number

    @property
    def passed(self) -> Pass:
        """The pass at hand of an activity that has a network; raises `StoppedError` beyond the end of the run."""
        return self.lesson_run.passed(self.index, max(1, self.place.pass_number))

    @property
    def takes_a_step(self) -> bool:
        """Whether a parameter is moved here, so that the learning rate matters."""
        return False

    @property
    def words(self) -> str:
        """The prose that belongs here, "" where none is written."""
        return self.lesson_run.words(self.index, self.place.pass_number)

    @property
    def own_words(self) -> str:
        """The prose that was not there before: at a later stop without that of the beginning."""
        return self.words

    # What is asked

    @property
    def asked(self) -> Asked | None:
        """What is asked about the numbers of a pass; None where none are shown."""
        return None

    @property
    def is_open(self) -> bool:
        """Whether something here waits for an answer."""
        return False

    @property
    def has_question_ahead(self) -> bool:
        """Whether nothing is open at this stop, and a later stop of the pass has an open question."""
        return False

    @property
    def asks_later(self) -> bool:
        """Whether a later pass of the activity has an open question."""
        return False

    @property
    def shows_alone(self) -> bool:
        """Whether nothing is asked at this stop, and nothing was: it is there to be looked at."""
        return self.asked is None or not self.asked.questions

    @property
    def is_unaided(self) -> bool:
        """Whether there is no help here, as in a test."""
        return False

    @property
    def unfinished(self) -> str:
        """What is said, once, to whoever goes on although nothing was done here yet; "" where nothing has to be."""
        return ""

    @property
    def takes_text(self) -> bool:
        """Whether the answer line is for typing here: always where something is open."""
        return self.is_open

    @property
    def marker_answer(self) -> str:
        """What the arrow keys point at, as an answer, "" where they point at nothing."""
        return ""

    @property
    def tells_slope(self) -> bool:
        """Whether a picture may tell the slope that belongs to it."""
        return True

    @property
    def mark(self) -> float | None:
        """The number that the arrow keys have put on a curve, None as long as they have not."""
        return None

    @property
    def last_attempt(self) -> Attempt | None:
        """The last judged answer to what is asked here."""
        return None if self.asked is None else self.asked.last_attempt

    def asks_again(self, question: str) -> bool:
        """Whether a question whose answer was revealed is asked once more, with fresh numbers."""
        return False

    # Moves

    def answer(self, text: str) -> Self:
        """Take an answer to what is open here; where nothing is open nothing changes."""
        return replace(self, notice="")

    def hint(self) -> Self:
        """Give the next hint to what is open here."""
        if self.is_open:
            return self.with_notice("there is no hint here")
        return self.with_notice(ANSWERED if self._was_answered else "there is no question here")

    def decompose(self) -> Self:
        """Ask for the links of the open question first."""
        return self.with_notice(ANSWERED if self._was_answered else "there is no question here to take apart")

    @property
    def can_show(self) -> bool:
        """Whether there is an answer to what is open here that could be shown: to a guess there is none."""
        return True

    def reveal(self) -> Self:
        """Show the answer to what is open here, which is settled then, but not solved."""
        return self.with_notice(ANSWERED if self._was_answered else "there is nothing to show here")

    @property
    def owns_sideways(self) -> bool:
        """Whether ← → on the empty line move something of this station; else they step."""
        return False

    @property
    def owns_upright(self) -> bool:
        """Whether ↑ ↓ move something of this station; else they scroll."""
        return False

    def move(self, down: int, right: int) -> Self:
        """Move what the arrow keys move, so many lines down and cells to the right."""
        return self

    def pick(self, ref: Ref) -> Self:
        """Go to the cell of a grid that asks for a number, where there is one that is open."""
        return self

    def forward(self) -> Self | None:
        """Go one stop on within the activity; None where it is left."""
        return None

    def back(self) -> Self | None:
        """Go one stop back within the activity; None where it is left."""
        return None

    def to_end(self) -> Self | None:
        """Go to the end of the activity in one move; None where it is walked to, stop by stop."""
        return None

    def recut(self, cut: Cut) -> Self:
        """Cut the passes in another way, and stay at the same number."""
        return replace(self, cut=cut, notice="")

    # Runs

    def run_on(self, below: float | None, goes_on: Callable[[int], bool]) -> Self:
        """Let a run go on, to the first loss `below` or to its last pass, in a piece as long as `goes_on` says."""
        return self

    def target(self, text: str) -> tuple[Self, float | None]:
        """Read the loss that a run should go on to; None where there is no run, or where it cannot be read."""
        return self, None

    def reseeded(self) -> Self:
        """Draw other random weights, and begin the run anew."""
        return self.with_notice("here the weights are given, there is nothing to draw")

    def inside(self) -> LessonRun | None:
        """Return the small lesson in which the pass at hand of a run is walked, None where there is no run."""
        return None

    # Without a screen

    def position(self) -> dict[str, Any]:
        """Return where in its activity it is, in words that outlast a change of the lesson."""
        return {"pass": self.place.pass_number, "grain": self.cut.grain, "form": self.cut.form, "cell": ""}

    def at(self, position: Mapping[str, Any]) -> Self:
        """Return the station at a position that was remembered, as near to it as the lesson allows."""
        if not self.place.pass_number:
            return self
        first, last = self.passes
        return self.moved_to(replace(self.place, pass_number=min(max(first, whole(position.get("pass"))), last)))

    def listed(self, only_pass: int | None = None) -> Iterator[Listed]:
        """Yield the questions of the whole activity, or those on one of its passes, in their order."""
        yield from ()

    def judge(self, listed: Listed, text: str, earlier: Earlier) -> Judgement:
        """Judge an answer to a listed question of the activity; raises LookupError where it cannot be answered."""
        raise LookupError(f"{listed.id} is no question")

    def lint(self, deriver: Deriver) -> Iterator[Finding]:
        """Yield what is wrong with the teaching of the whole activity."""
        yield from ()

    @property
    def _was_answered(self) -> bool:
        """Whether something was asked here, and is settled."""
        if self.is_open or self.is_over:
            return False
        name = self.lesson_run.activity(self.index).id
        settled = self.answers.solved | self.answers.revealed
        return any(question.partition(":")[0] == name for question in settled)

    # For those that move

    def with_notice(self, notice: str) -> Self:
        """Stay, and say something."""
        return replace(self, notice=notice)

    def with_answers(self, answers: Answers) -> Self:
        """Stay, with other answers."""
        return replace(self, answers=answers)

    def moved_to(self, place: Place) -> Self:
        """Go to another place of the same activity; what was moved or chosen by hand is left behind."""
        return replace(self, place=place, notice="")

    def skill_of(self, question: str) -> str:
        """Return the skill of a question that is asked here, "" for one that needs none, such as a choice."""
        if self.asked is None:
            return ""
        return next((one.skill for one in self.asked.questions if one.id == question), "")


class Ended(Station):
    """The end of the lesson: its last station has been passed."""

    is_over: ClassVar[bool] = True

    @property
    def words(self) -> str:
        """Nothing is written for the end."""
        return ""


A = TypeVar("A", bound=Activity)


@dataclass(frozen=True, eq=False, kw_only=True)
class ActivityStation(Station, Generic[A]):
    """A station at an activity."""

    activity: A

    @classmethod
    def enter(cls, activity: A, arrival: Arrival) -> Self:
        """Enter an activity at its first pass, or where it has none."""
        place = Place(arrival.index, activity.span.start)
        return cls(
            lesson_run=arrival.lesson_run, place=place, answers=arrival.answers, cut=arrival.cut, activity=activity
        )


def whole(value: object) -> int:
    """Return a whole number that was remembered, 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
