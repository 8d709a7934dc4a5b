"""The sessions and screens on which something stands beside words, questions and runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import onward
from tests.shipped_runs import shipped_run_as_written

DERIVER = SymPyDeriver()


def at(lesson: str, activity: str, *nudges: str) -> Session:
    """The session at an activity, everything before it answered, in its nudges as given."""
    session = begin(shipped_run_as_written(find(lesson)))
    while session.activity.id != activity:
        if session.activity.kind == "nudge" and nudges and not session.answers.noted(session.activity.id):
            for text in nudges:
                session = session.answer(text)
        session = onward(session)
    return session


def screen(session: Session, size: tuple[int, int], panel: int = 1) -> str:
    looks = Looks("answering" if session.is_open else "looking", panel)
    plan = plan_for(session, *size, looks, DERIVER)
    parts, _ = draw_parts(session, plan, looks, Setting(deriver=DERIVER))
    return plain([*parts["left"], *parts["right"], *parts["footer"]])


def settled(path: Path) -> Session:
    """The beginning of a lesson of which every question on a pass is answered."""
    lesson_run = LessonRun(load(path))
    activities = enumerate(lesson_run.lesson.activities)
    passes = ((index, number) for index, activity in activities for number in activity.span[:5])
    asked = (question.id for index, number in passes for question in lesson_run.questions(index, number))
    session = begin(lesson_run)
    return replace(session, station=replace(session.station, answers=Answers(solved=frozenset(asked))))
