"""The panels of a shipped lesson at one of its questions, as text."""

from __future__ import annotations

from nn_tutor.course.find import shipped_paths
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import DERIVER, right_answer
from tests.shipped_runs import shipped_run


def lesson_run(slug: str) -> LessonRun:
    return shipped_run(next(path for path in shipped_paths() if path.name.endswith(slug)))


def entered(slug: str, activity: str, answered: int = 0) -> Session:
    """At an open question of an activity, after so many were answered."""
    run = lesson_run(slug)
    session = begin(run).entered([one.id for one in run.lesson.activities].index(activity))
    for _ in range(answered):
        session = to_question(session)
        session = session.answer(right_answer(session))
    return to_question(session)


def to_question(session: Session) -> Session:
    while not session.is_open:
        session = session.forward()
    return session


def body(session: Session, size: tuple[int, int] = (80, 24), scrolled: int = 0, panel: int = 1) -> tuple[str, int]:
    """The middle of the screen as text, and how far it is scrolled in truth."""
    looks = Looks("answering", panel, scrolled)
    parts, at = draw_parts(session, plan_for(session, *size, looks), looks, Setting(deriver=DERIVER))
    return plain(parts["left"]), at
