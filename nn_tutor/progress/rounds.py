"""Opening a round of practice, a test or the quiz: a new one, or one that was left in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.calculus.disproving import disproves
from nn_tutor.course.find import find, shipped_lessons
from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load_once
from nn_tutor.progress.recording import LessonRecorder
from nn_tutor.tutor.exercises import ExerciseTemplate, taught_in
from nn_tutor.tutor.lesson_run import LessonRun, Test
from nn_tutor.tutor.practice import DUE, LEFT, MIX, ROUND, chosen_skills, regrown, round_with
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import answers_of, saved_run_of
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.testing import QUIZ, TEST_OUT, is_test, kind_of, quiz, test_of, where_taught
from nn_tutor.walkthrough.skills import SKILLS, Skill

if TYPE_CHECKING:
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.progress.recorder import ProgressRecorder

from nn_tutor.progress.opening import Opened


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
    if skill == DUE and not recalled.due:
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
    plan = [question.skill for question in lesson_run.questions_of_round]
    return _begun(lesson_run, plan, [], recorder, recalled)


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
