"""Opening a lesson or a round of practice: the session as it was left, in a screen that keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tutor.calculus.disproving import disproves
from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.records import Deriver
from nn_tutor.course.find import Listing
from nn_tutor.course.findings import LessonError
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.course.networks import rows_of_pass
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.reading import lesson_of
from nn_tutor.network.quantities import parse_ref
from nn_tutor.progress.recall import Recalled
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.terminal.recording import LessonRecorder
from nn_tutor.terminal.screens.home import Continuation
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.mastery import Standing
from nn_tutor.tutor.practice import DUE, round_of
from nn_tutor.tutor.remembering import restored, saved_run_of
from nn_tutor.tutor.session import begin


def lesson_screen(
    lesson: Lesson,
    number: int | None,
    lessons: Sequence[Listing],
    recorder: ProgressRecorder,
    recalled: Recalled | None,
    deriver: Deriver | None,
) -> LessonScreen:
    """Return the screen of a lesson, at the station where it was left; a finished one begins anew.

    `number` is its place in the course, counted from 1, None for a lesson that is none of it.
    """
    recording = LessonRecorder(recorder, lesson.id, Standing() if recalled is None else recalled.standing)
    session = begin(LessonRun(with_exercises(lesson), disproves))
    memory = saved_run_of(recorder.entries_of(lesson.id))
    if memory.is_begun and not memory.is_finished:
        session = restored(session, memory)
    else:
        recording.begin(session)
    following = ""
    if number is not None and number < len(lessons):
        following = f"{number + 1}  {lessons[number].title}"
    return LessonScreen(session, number, deriver, recording, following)


def practice_screen(
    skill: str, seed: int, recorder: ProgressRecorder, recalled: Recalled, deriver: Deriver | None
) -> LessonScreen:
    """Return the screen of a round of practice."""
    lesson = round_of(skill, seed, recalled.due if skill == DUE else ())
    recording = LessonRecorder(recorder, lesson.id, recalled.standing)
    session = begin(LessonRun(lesson, disproves))
    recording.begin(session)
    return LessonScreen(session, None, deriver, recording)


def continuation(recalled: Recalled, lessons: Sequence[Listing]) -> Continuation | None:
    """Say where the learner was last, in the course or a network of their own; None where all is finished."""
    own = next((place for place, kept in enumerate(recalled.own) if kept.id == recalled.latest), None)
    place = next((place for place, listing in enumerate(lessons) if listing.id == recalled.latest), own)
    if place is None or (own is not None and not recalled.own[own].is_complete):
        return None
    where = f"lesson {place + 1}" if own is None else "your own network"
    position = recalled.position
    if position.get("pass"):
        where += f", pass {position['pass']}"
    try:
        kept = recalled.own[place] if own is not None else None
        lesson = load(lessons[place].path) if kept is None else lesson_of(kept.said, kept.id)
        activity = next(one for one in lesson.activities if one.id == position.get("activity"))
        entry = lesson.networks[activity.network]
        where += f", {symbol(entry.network, rows_of_pass(entry), parse_ref(str(position['number'])))}"
    except (LessonError, HomeworkError, KeyError, ValueError, StopIteration, IndexError):
        pass  # a page, a choice, or a lesson that has changed since: its number is enough
    return Continuation(place, where, is_own=own is not None)
