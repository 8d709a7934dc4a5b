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
from nn_tutor.network.quantities import parse_ref
from nn_tutor.progress.keeper import Keeper
from nn_tutor.progress.recall import Recalled
from nn_tutor.terminal.keeping import LessonKeeping
from nn_tutor.terminal.screens.home import Continuation
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.mastery import Standing
from nn_tutor.tutor.practice import DUE, round_of
from nn_tutor.tutor.remembering import memory_of, restored
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.tour import Tour


def lesson_screen(
    lesson: Lesson,
    number: int | None,
    lessons: Sequence[Listing],
    keeper: Keeper,
    recalled: Recalled | None,
    deriver: Deriver | None,
) -> LessonScreen:
    """Return the screen of a lesson, at the station where it was left; a finished one begins anew.

    `number` is its place in the course, counted from 1, None for a lesson that is none of it.
    """
    keeping = LessonKeeping(keeper, lesson.id, Standing() if recalled is None else recalled.standing)
    session = begin(Tour(with_exercises(lesson), disproves))
    memory = memory_of(keeper.entries_of(lesson.id))
    if memory.is_begun and not memory.is_finished:
        session = restored(session, memory)
    else:
        keeping.begin(session)
    following = ""
    if number is not None and number < len(lessons):
        following = f"{number + 1}  {lessons[number].title}"
    return LessonScreen(session, number, deriver, keeping, following)


def practice_screen(skill: str, seed: int, keeper: Keeper, recalled: Recalled, deriver: Deriver | None) -> LessonScreen:
    """Return the screen of a round of practice."""
    lesson = round_of(skill, seed, recalled.due if skill == DUE else ())
    keeping = LessonKeeping(keeper, lesson.id, recalled.standing)
    session = begin(Tour(lesson, disproves))
    keeping.begin(session)
    return LessonScreen(session, None, deriver, keeping)


def continuation(recalled: Recalled, lessons: Sequence[Listing]) -> Continuation | None:
    """Say where the learner was last, in a lesson of the course that is not finished; None for nowhere."""
    place = next((place for place, listing in enumerate(lessons) if listing.id == recalled.latest), None)
    if place is None:
        return None
    where = f"lesson {place + 1}"
    position = recalled.position
    if position.get("pass"):
        where += f", pass {position['pass']}"
    try:
        lesson = load(lessons[place].path)
        activity = next(one for one in lesson.activities if one.id == position.get("activity"))
        entry = lesson.networks[activity.network]
        where += f", {symbol(entry.network, rows_of_pass(entry), parse_ref(str(position['number'])))}"
    except (LessonError, KeyError, ValueError, StopIteration, IndexError):
        pass  # a page, a choice, or a lesson that has changed since: its number is enough
    return Continuation(place, where)
