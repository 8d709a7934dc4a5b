"""Opening a lesson: the session as it was left, with what records it, whatever shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.disproving import disproves
from nn_tutor.dataclass import dataclass
from nn_tutor.progress.recording import LessonRecorder
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import Session, begin

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.recorder import ProgressRecorder
    from nn_tutor.tutor.mastery import Standing


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
    session = begin(LessonRun(lesson.in_exercises, disproves))
    saved = saved_run_of(recorder.entries_of(lesson.id))
    if saved.is_open:
        return Opened(restored(session, saved), recording, is_resumed=True)
    recording.begin(session)
    return Opened(session, recording)
