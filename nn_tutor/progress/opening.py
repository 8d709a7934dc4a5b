"""Opening a lesson or a round of practice: the session as it was left, with what records it, whatever shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.calculus.disproving import disproves
from nn_tutor.calculus.names import symbol
from nn_tutor.course.find import Listing, find, shipped_lessons
from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load_once
from nn_tutor.course.networks import rows_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.keeping import Kept, entered, kept_of
from nn_tutor.homework.reading import lesson_of
from nn_tutor.network.quantities import parse_ref
from nn_tutor.progress.recording import LessonRecorder
from nn_tutor.tutor.exercises import ExerciseTemplate, taught_in, with_exercises
from nn_tutor.tutor.lesson_run import LessonRun, Test
from nn_tutor.tutor.practice import DUE, LEFT, MIX, ROUND, chosen_skills, regrown, round_with
from nn_tutor.tutor.remembering import answers_of, restored, saved_run_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.testing import QUIZ, TEST_OUT, is_test, kind_of, quiz, test_of, where_taught
from nn_tutor.walkthrough.skills import SKILLS, Skill

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.progress.recorder import ProgressRecorder
    from nn_tutor.tutor.mastery import Standing
    from nn_tutor.walkthrough.questions import Question


@dataclass(frozen=True, eq=False, slots=True)
class Opened:
    """A session that was opened, what records it, and whether it goes on where it was left."""

    session: Session
    recording: LessonRecorder
    is_resumed: bool = False


def open_lesson(lesson: Lesson, recorder: ProgressRecorder, standing: Standing) -> Opened:
    """Open a lesson at the station where it was left; a finished one begins anew.

    `standing` is that of the skills before; it only matters for what is shown.
    """
    recording = LessonRecorder(recorder, lesson.id, standing)
    session = begin(LessonRun(with_exercises(lesson), disproves))
    saved = saved_run_of(recorder.entries_of(lesson.id))
    if saved.is_begun and not saved.is_finished:
        return Opened(restored(session, saved), recording, is_resumed=True)
    recording.begin(session)
    return Opened(session, recording)


def open_round(skill: str, seed: int, recorder: ProgressRecorder, recalled: Recalled) -> Opened | None:
    """Open a round of practice of what the learner has met in the course; None where that is nothing yet.

    A skill that is asked for by its name, or was answered before and is due, is practised all the same. `LEFT` goes on
    with the round that was left in the middle, and is a mix where there is none. A test is none on a lesson that
    teaches nothing to ask.
    """
    if skill == LEFT:
        resumed = None if recalled.left_round is None else _resumed(recalled.left_round.id, recorder, recalled)
        if resumed is not None:
            return resumed
        skill = MIX
    if is_test(skill):
        return _open_test(skill, seed, recorder, recalled)
    known = recalled.met | recalled.tested_out
    lessons = [listing.id for listing in shipped_lessons() if listing.id in known]
    met, dots = _taught_in(lessons), recalled.standing.dots
    if not met and not dots and skill == MIX:
        return None
    due = recalled.due if skill == DUE else ()
    chosen = chosen_skills(skill, seed, due, ROUND, met, dots)
    return _begun(LessonRun(round_with(skill, seed, chosen, met), disproves), chosen, lessons, recorder, recalled)


def _open_test(kind: str, seed: int, recorder: ProgressRecorder, recalled: Recalled) -> Opened | None:
    """Open a test on a lesson, or the quiz over the course."""
    lesson_run = _test(kind, seed, recalled)
    if lesson_run is None:
        return None
    plan = [
        question.skill for index in range(len(lesson_run.lesson.activities)) for question in _asked(lesson_run, index)
    ]
    return _begun(lesson_run, plan, [], recorder, recalled)


def _asked(lesson_run: LessonRun, index: int) -> Sequence[Question]:
    return lesson_run.questions(index, lesson_run.activity(index).span[0])


def _test(kind: str, seed: int, recalled: Recalled) -> LessonRun | None:
    if kind == QUIZ:
        before = recalled.quizzes[0] if recalled.quizzes else None
        return LessonRun(quiz(seed), disproves, test=Test(before=before))
    lesson = load_once(find(kind.removeprefix(TEST_OUT)))
    test = test_of(lesson, seed)
    return None if test is None else LessonRun(test, disproves, test=Test(lesson.id, where_taught(lesson)))


def _begun(
    lesson_run: LessonRun, chosen: Sequence[str], lessons: Sequence[str], recorder: ProgressRecorder, recalled: Recalled
) -> Opened:
    """A round that begins: what it is made from is written down with it."""
    recording = LessonRecorder(recorder, lesson_run.lesson.id, recalled.standing)
    session = begin(lesson_run)
    recording.begin(session, {"skills": list(chosen), "met": list(lessons)})
    return Opened(session, recording)


def _resumed(round_id: str, recorder: ProgressRecorder, recalled: Recalled) -> Opened | None:
    """A round as it was left; None where it cannot be made again."""
    entries = recorder.entries_of(round_id)
    kind, seed = kind_of(round_id), round_id.rpartition(":")[2]
    plan = next((entry.content for entry in reversed(entries) if entry.kind == "begun"), {})
    skills, lessons = plan.get("skills"), plan.get("met")
    if not (seed.isdecimal() and seed.isascii() and isinstance(skills, list) and isinstance(lessons, list)):
        return None
    answers = answers_of(entries)
    try:
        if is_test(kind):
            lesson_run = _test(kind, int(seed), recalled)
        else:
            lesson = round_with(kind, int(seed), _known(skills), _taught_in(lessons))
            lesson_run = LessonRun(regrown(lesson, answers), disproves)
    except (LessonError, KeyError, IndexError):
        return None
    if lesson_run is None or not lesson_run.lesson.activities:
        return None
    recording = LessonRecorder(recorder, round_id, recalled.standing)
    recording.resume(answers)
    return Opened(restored(begin(lesson_run), saved_run_of(entries)), recording, is_resumed=True)


def _known(skills: Sequence[object]) -> list[Skill]:
    """The skills that a log names, without those that are not known any more."""
    return [known for skill in skills for known in SKILLS if known == skill]


def _taught_in(lessons: Sequence[object]) -> dict[Skill, tuple[ExerciseTemplate, ...]]:
    return taught_in(load_once(listing.path) for listing in shipped_lessons() if listing.id in lessons)


@dataclass(frozen=True, slots=True)
class Left:
    """Where a learner was last: the place among the lessons of the course or the own networks, and that in words.

    `part` is the title of the activity, "" where it has none.
    """

    place: int
    where: str
    is_own: bool = False
    part: str = ""


def where_left(recalled: Recalled, lessons: Sequence[Listing]) -> Left | None:
    """Return where the learner was last, in the course or a network of their own; None where all is finished."""
    own = next((place for place, kept in enumerate(recalled.own) if kept.id == recalled.latest), None)
    place = next((place for place, listing in enumerate(lessons) if listing.id == recalled.latest), own)
    if place is None or (own is not None and not recalled.own[own].is_complete):
        return None
    where = f"lesson {place + 1}" if own is None else "your own network"
    position, part = recalled.position, ""
    if position.get("pass"):
        where += f", pass {position['pass']}"
    try:
        kept = recalled.own[place] if own is not None else None
        lesson = load_once(lessons[place].path) if kept is None else lesson_of(kept.said, kept.id)
        part = lesson.title_of(str(position.get("activity", "")))
        activity = next(one for one in lesson.activities if one.id == position.get("activity"))
        entry = lesson.networks[activity.network]
        where += f", {symbol(entry.network, rows_of_pass(entry), parse_ref(str(position['number'])))}"
    except (LessonError, HomeworkError, KeyError, ValueError, StopIteration, IndexError):
        pass  # a page, a choice, or a lesson that has changed since: its number is enough
    return Left(place, where, is_own=own is not None, part=part)


def keep_network(recorder: ProgressRecorder, kept: Kept) -> None:
    """Remember a network that was said on the command line, unless it is remembered as it stands.

    The name that it was given stays, unless another one is said.
    """
    last = next(iter(kept_of(recorder.entries_of(kept.id))), None)
    is_named = any(key == "name" for key, _ in kept.said)
    if last is not None and not is_named and last.name != kept.name:
        kept = replace(kept, name=last.name, said=(*kept.said, ("name", last.name)))
    if last is None or entered(replace(last, form=())) != entered(kept):
        recorder.remember(kept.id, [entered(kept)])
