"""What is remembered of a session makes the same session again, after every single step."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.walking import Walking
from tests.lessons_for_tests import ONE_WEIGHT, VECTOR, make_lesson, right_answer
from tests.tutor.records import Written


def seen(session: Session) -> dict[str, object]:
    """What a learner could tell two states apart by."""
    here = session.current
    question = here.question
    looks_back = session.nested is not None and question is None  # from there the way leads to the question again
    if looks_back:
        return {"fresh": True, "owed": session.retry_due, "place": session.place}
    return {
        "place": session.place,
        "over": session.is_over,
        "grain": session.cut.grain if isinstance(session.station, Walking) else None,
        "form": session.cut.form if isinstance(session.station, Walking) else None,
        "solved": session.solved,
        "shown": session.revealed,
        "apart": session.answers.decomposed,
        "rungs": {name: hint_level for name, hint_level in session.answers.hint_levels.items() if hint_level},
        "notes": dict(session.notes),
        "owed": session.retry_due,
        "fresh": session.nested is not None,
        "question": None if question is None else (question.id, question.truth),
        "asked": None if here.asked is None else (here.asked.hint_level, here.asked.misses, here.asked.decimals),
    }


def act(session: Session, draw: random.Random) -> Session:
    """Do one thing that a learner can do, mostly what leads on."""
    here = session.current
    moves = [here.forward] * 6 + [here.back, here.finer, here.coarser, here.hint, here.decompose, here.forward_pass]
    moves += [lambda: here.with_form("matrix"), lambda: here.with_form("element"), lambda: here.move(1, 0)]
    if here.is_open:
        moves += [lambda: here.answer(right_answer(here))] * 12 + [lambda: here.answer("0.123")] * 3 + [here.reveal]
    if session.retry_due and draw.random() < 0.3:
        return session.postpone_retry()
    return session.with_current(draw.choice(moves)())


def lessons(folder: Path) -> list[Lesson]:
    shipped = [load(path) for path in shipped_paths()]
    return [make_lesson(folder / "one", ONE_WEIGHT), make_lesson(folder / "vector", VECTOR), *shipped]


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("seed", range(3))
def test_after_every_step_the_log_makes_the_same_session(place: int, seed: int, tmp_path: Path) -> None:
    lesson_run = LessonRun(lessons(tmp_path)[place])
    session, draw = begin(lesson_run), random.Random(100 * place + seed)
    log = [Written("begun", {})]
    for _ in range(160):
        before, session = session, act(session, draw)
        log += [Written(kind, content) for kind, content in changes(before, session)]
        if session.is_over:
            break
        again, live = seen(restored(begin(lesson_run), saved_run_of(log))), seen(session)
        assert {name: again[name] for name in live} == live


def test_a_finished_lesson_begins_anew_and_keeps_its_history(tmp_path: Path) -> None:
    lesson_run = LessonRun(make_lesson(tmp_path, ONE_WEIGHT))
    session = begin(lesson_run)
    log = [Written("begun", {})]
    while not session.is_over:
        before = session
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
        log += [Written(kind, content) for kind, content in changes(before, session)]
    saved = saved_run_of(log)
    assert saved.is_finished
    assert restored(begin(lesson_run), saved).place == begin(lesson_run).place
    anew = saved_run_of([*log, Written("begun", {})])
    assert (anew.is_begun, anew.is_finished, anew.was_finished, anew.answers.attempts) == (True, False, True, ())


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"question": 3, "verdict": [], "value": "x", "rung": None, "mistakes": 1},
        {"activity": "gone", "pass": "many", "number": 7, "grain": "x", "form": 1, "owed": [1], "fresh": "yes"},
        {"activity": "walk", "pass": 10**9, "number": "nonsense", "grain": None, "form": None},
    ],
)
def test_what_cannot_be_read_is_left_out(content: dict[str, Any], tmp_path: Path) -> None:
    lesson_run = LessonRun(make_lesson(tmp_path, ONE_WEIGHT))
    kinds = ("begun", "answer", "hint", "apart", "shown", "noted", "at", "strange")
    state = restored(begin(lesson_run), saved_run_of([Written(kind, content) for kind in kinds]))
    assert not state.is_over
