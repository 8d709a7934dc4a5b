"""Opening a lesson or a round of practice on its screen; what a lesson does without is imported where it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.progress.afterwards import ways_on
from nn_tutor.progress.opening import open_lesson
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.mastery import Standing

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.progress.recorder import ProgressRecorder
    from nn_tutor.terminal.home_items import Continuation


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
    opened = open_lesson(lesson, recorder, Standing() if recalled is None else recalled.standing)
    following = ""
    if number is not None and number < len(lessons):
        following = f"{number + 1} {lessons[number].title}"
    screen = LessonScreen(opened.session, number, deriver, opened.recording, following)
    if number is not None and not following:
        screen.look_ahead = lambda: ways_on(recorder.recall(), lessons)
    return screen


def practice_screen(
    skill: str, seed: int, recorder: ProgressRecorder, recalled: Recalled, deriver: Deriver | None
) -> LessonScreen | None:
    """Return the screen of a round of practice, None where nothing was met that it could ask."""
    from nn_tutor.progress.rounds import open_round

    opened = open_round(skill, seed, recorder, recalled)
    return None if opened is None else LessonScreen(opened.session, None, deriver, opened.recording)


def continuation(recalled: Recalled, lessons: Sequence[Listing]) -> Continuation | None:
    """Say where the learner was last, in the course or a network of their own; None where all is finished."""
    from nn_tutor.progress.left import where_left
    from nn_tutor.terminal.home_items import Continuation

    left = where_left(recalled, lessons)
    if left is None or left.is_own:
        return None if left is None else Continuation(left.place, left.where, is_own=True)
    where = f"{left.place + 1} {lessons[left.place].title}"
    return Continuation(left.place, f"{where} ▸ {left.part}" if left.part else where)
