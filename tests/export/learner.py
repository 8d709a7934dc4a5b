"""A learner whose answers are written to the log, as a session on the screen would write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nn_tutor.calculus.disproving import disproves
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.tutor.changes import Change, changes
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from tests.export.lessons import lesson
from tests.lessons_for_tests import right_answer


def learned(
    name: str,
    wrong: Mapping[str, Sequence[str]],
    tamper: Callable[[dict[str, Any]], dict[str, Any]] = lambda content: content,
) -> None:
    """Go through a lesson up to the last of some activities, giving wrong answers at them before the right ones."""
    recorder = ProgressRecorder()
    session = begin(LessonRun(with_exercises(lesson(name)), disproves=disproves))
    made: list[Change] = [("begun", {})]
    left = dict(wrong)
    while not session.is_over and left:
        here = session.activity.id
        if session.is_open:
            answers = [*left.get(here, ()), right_answer(session)]
            for answer in answers:
                after = session.answer(answer)
                made += changes(session, after)
                session = after
            left.pop(here, None)
        else:
            after = session.forward()
            made += changes(session, after)
            session = after
    recorder.remember(
        lesson(name).id, [(kind, tamper(content) if "of" in content else content) for kind, content in made]
    )
    recorder.close()
