"""What the log comes to for the home screen and the summary: lessons, mastery, what is due, where to go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import field
from itertools import takewhile
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.homework.keeping import DELETED, ENTERED, Kept, kept_of
from nn_tutor.judging.judgement import UNDECIDED
from nn_tutor.progress.cards import Coming, reviews_of
from nn_tutor.tutor.lesson_run import ROUND_PREFIX
from nn_tutor.tutor.mastery import Answered, Standing, standing_after
from nn_tutor.tutor.practice import DUE
from nn_tutor.tutor.saved_run import answers_of, outline_of
from nn_tutor.tutor.testing import QUIZ, TEST_OUT, Result, is_test, kind_of, result_of

if TYPE_CHECKING:
    from nn_tutor.progress.entry import Entry
    from nn_tutor.tutor.saved_run import SavedRun

OWN_DATA = "data"
"""The kind of entry that keeps which file of the learner's own a lesson is made of."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """A lesson on a file of the learner's own: what was kept of the file, and whether the lesson was finished."""

    lesson: str
    content: Mapping[str, object]
    is_finished: bool

    @property
    def title(self) -> str:
        """The title of the lesson, the name of the file where none was kept."""
        return str(self.content.get("title") or str(self.content.get("file") or "?").rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class LeftRound:
    """A round of questions that was left in the middle: its id, the number of the question, and of how many."""

    id: str
    number: int
    of: int

    @property
    def name(self) -> str:
        """What it is: a quiz, a test, a review, or a round."""
        kind = kind_of(self.id)
        return "test" if kind.startswith(TEST_OUT) else {QUIZ: "quiz", DUE: "review"}.get(kind, "round")


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of a learner; `latest` is the lesson that they were in last, "" where none is open.

    A finished one that was only looked at again does not count while there is another. `position` is where they were in
    it, as it was remembered. `own_data` are the lessons on their own files, the one that they were in last first. `met`
    are the lessons in which a number was asked for and answered.
    """

    finished: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()
    latest: str = ""
    position: Mapping[str, object] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)
    due: tuple[str, ...] = ()
    answers: int = 0
    right_first: int = 0
    own_data: tuple[OwnData, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    """The activity in which each lesson was left that is begun and not finished."""
    own: tuple[Kept, ...] = ()
    """The networks of the learner's own, the one used last first."""
    left_round: LeftRound | None = None
    """The last round of questions, where it was left in the middle and can be made again."""
    tested_out: frozenset[str] = frozenset()
    """The lessons on which a test was passed."""
    quizzes: tuple[int, ...] = ()
    """How many answers were right in each quiz over the course that was finished, oldest first."""
    coming: tuple[Coming, ...] = ()
    """The skills that will be due, the earliest first."""


def recall(entries: Sequence[Entry], now: float) -> Recalled:
    """Replay the whole log; `now` is in unix seconds."""
    by_lesson, rounds = _sorted_out(entries)
    runs = {lesson: outline_of(of_lesson) for lesson, of_lesson in by_lesson.items()}
    finished = frozenset(lesson for lesson, run in runs.items() if run.was_finished)
    latest = _latest(entries, {lesson for lesson in finished if _is_unused(by_lesson[lesson])})
    last = runs.get(latest)
    is_open = last is not None and last.is_open
    answers, passed = answers_of(entries), _passed(rounds)
    counted = _of_what_was_met(answers, [of for id, of in rounds.items() if is_test(kind_of(id)) and id not in passed])
    first, reviews = _first_answers(answers), reviews_of(counted, now)
    return Recalled(
        finished=finished,
        begun=frozenset(lesson for lesson, run in runs.items() if run.is_begun),
        met=frozenset(entry.lesson for entry in entries if entry.kind == "answer" and entry.content.get("skill")),
        latest=latest if is_open else "",
        position={} if last is None or not is_open else last.position,
        standing=standing_after(counted),
        due=reviews.due,
        answers=len(first),
        right_first=sum(answered.verdict == "correct" and answered.hint_level == 0 for answered in first),
        own_data=_own_data(by_lesson, runs),
        parts={lesson: str(run.position.get("activity", "")) for lesson, run in runs.items() if run.is_open},
        own=kept_of(entries),
        left_round=_left_round(rounds),
        tested_out=frozenset(kind_of(id).removeprefix(TEST_OUT) for id in passed),
        quizzes=tuple(
            _result(of_round).right for id, of_round in rounds.items() if kind_of(id) == QUIZ and _is_over(of_round)
        ),
        coming=reviews.coming,
    )


def _sorted_out(entries: Sequence[Entry]) -> tuple[dict[str, list[Entry]], dict[str, list[Entry]]]:
    """The entries of each lesson, and those of each round of questions."""
    by_lesson: dict[str, list[Entry]] = {}
    rounds: dict[str, list[Entry]] = {}
    for entry in entries:
        where = rounds if entry.lesson.startswith(ROUND_PREFIX) else by_lesson
        where.setdefault(entry.lesson, []).append(entry)
    return by_lesson, rounds


def _latest(entries: Sequence[Entry], looked_at: Set[str]) -> str:
    """The lesson that something was done in last, before one that was only looked at again; "" for none."""
    only_looked_at = ""
    for entry in reversed(entries):
        if entry.lesson.startswith(ROUND_PREFIX) or entry.kind in (ENTERED, DELETED):
            continue
        if entry.lesson not in looked_at:
            return entry.lesson
        only_looked_at = only_looked_at or entry.lesson
    return only_looked_at


def _first_answers(answers: Iterable[Answered]) -> list[Answered]:
    """The first answer to each question that was decided."""
    first: dict[str, Answered] = {}
    for answered in answers:
        if answered.verdict not in UNDECIDED:
            first.setdefault(answered.question, answered)
    return list(first.values())


def _own_data(by_lesson: Mapping[str, Sequence[Entry]], runs: Mapping[str, SavedRun]) -> tuple[OwnData, ...]:
    """The lessons on the learner's own files that are kept, the one that was used last first."""
    return tuple(
        OwnData(lesson, entry.content, runs[lesson].is_finished)
        for lesson, entries in sorted(by_lesson.items(), key=lambda one: one[1][-1].at, reverse=True)
        for entry in [one for one in entries if one.kind == OWN_DATA][-1:]
        if entry.content  # else it is kept no longer
    )


def _is_unused(entries: Sequence[Entry]) -> bool:
    """Whether a lesson was opened, and nothing done in it since but to look around."""
    since = takewhile(lambda entry: entry.kind != "begun", reversed(entries))
    return all(entry.kind == "at" for entry in since)


def _left_round(rounds: Mapping[str, Sequence[Entry]]) -> LeftRound | None:
    """The round that was begun last, where an answer was given in it and it was not finished."""
    if not rounds:
        return None
    id, entries = max(rounds.items(), key=lambda one: one[1][-1].at)
    plan = _plan_of(entries)
    if plan is None or _is_over(entries) or not any(entry.kind in ("answer", "shown") for entry in entries):
        return None
    begun = next((entry.content.get("activities") for entry in reversed(entries) if entry.kind == "begun"), 0)
    of = begun if isinstance(begun, int) else len(plan)
    number = str(outline_of(entries).position.get("activity", ""))
    is_exercise = number.isdecimal() and number.isascii() and len(number) < 4
    at = int(number) if is_exercise else of if number else 1  # the whole pass stands at the end
    return LeftRound(id, at, max(at, of))


def _plan_of(entries: Sequence[Entry]) -> Sequence[object] | None:
    """The skills that a round was begun with; None for one of an older log, which cannot be made again."""
    plan = next((entry.content.get("skills") for entry in reversed(entries) if entry.kind == "begun"), None)
    return plan if isinstance(plan, list) and plan else None


def _is_over(entries: Sequence[Entry]) -> bool:
    return outline_of(entries).is_finished


def _passed(rounds: Mapping[str, Sequence[Entry]]) -> frozenset[str]:
    """The tests on lessons that were passed."""
    return frozenset(
        id
        for id, entries in rounds.items()
        if kind_of(id).startswith(TEST_OUT) and _is_over(entries) and _result(entries).is_passed
    )


def _of_what_was_met(answers: Sequence[Answered], tests: Iterable[Sequence[Entry]]) -> list[Answered]:
    """The answers that say how well a skill is known: those to `tests` only where it was met outside of them too.

    What the quiz asks before the course, or a test on a lesson still ahead, is not forgotten: it was not learned.
    """
    tested = {answered.question for entries in tests for answered in answers_of(entries)}
    met = {answered.skill for answered in answers if answered.question not in tested}
    return [answered for answered in answers if answered.skill in met or answered.question not in tested]


def _result(entries: Sequence[Entry]) -> Result:
    return result_of(answers_of(entries), len(_plan_of(entries) or ()))
