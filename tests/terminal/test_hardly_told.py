"""Where the numbers of a question hardly show a mistake, the screen says so: on one line, once, without the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.answer import draw_hardly_told
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.feedback import hidden_slips
from tests.given_homework import FOLDER, LESSONS
from tests.lessons_for_tests import DERIVER, ONE_WEIGHT, make_lesson, right_answer
from tests.stations import asked_at
from tests.terminal.frames import see


def open_questions(session: Session) -> list[Session]:
    """Answer everything rightly; returns the session at every open question."""
    states: list[Session] = []
    while not session.is_over:
        if session.is_open:
            states.append(session)
            session = session.answer(right_answer(session))
        else:
            session = session.forward()
    return states


@pytest.mark.parametrize("folder", LESSONS[::4], ids=lambda folder: folder.name)
def test_it_is_said_on_one_line_that_is_cut_between_mistakes(folder: Path) -> None:
    for session in open_questions(begin(LessonRun(load(folder)))):
        asked = asked_at(session)
        names = hidden_slips(asked)
        for width in (80, 120, 200):
            said = plain(draw_hardly_told(asked, width))
            assert bool(said) == bool(names)
            assert len(said) < width
            assert "\n" not in said
            assert "…" not in said
            assert not said or said.endswith((*names, "among others", "once more"))
            if names and len(names[0]) < 49:
                assert names[0] in said, (names, said)


def test_a_learner_sees_it_until_an_answer_is_typed() -> None:
    lesson = load(FOLDER / "han-kamber")
    said = "a slip hardly seen here: you took one product instead of the sum of all"
    to_it = "-0.7 enter enter 0.3318 enter enter 0.1 enter enter"
    before = see(to_it, lesson=lesson)
    assert "What is the activation a₁₂?" in before
    assert before.count(said) == 1
    assert said not in see(f"{to_it} 9 enter", lesson=lesson)
    assert said not in see(f"{to_it} ?", lesson=lesson)


def test_a_covered_table_gives_no_rule_away() -> None:
    session = next(
        one for one in open_questions(begin(LessonRun(load(FOLDER / "han-kamber")))) if hidden_slips(asked_at(one))
    )
    covered = draw_hardly_told(replace(asked_at(session), covers_table=True), 80)
    assert plain(covered) == " with these numbers a slip may hardly show: check each part once more"


def test_numbers_that_tell_everything_say_nothing(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, ONE_WEIGHT)
    asked = [asked_at(one) for one in open_questions(begin(LessonRun(lesson))) if one.question is not None]
    assert asked
    assert all(draw_hardly_told(one, 80) == () for one in asked)


def test_of_three_mistakes_that_one_number_fits_it_is_asked_which_was_made() -> None:
    lesson = load(next(path for path in shipped_paths() if path.name.startswith("21")))
    session = begin(LessonRun(lesson)).entered(next(n for n, one in enumerate(lesson.activities) if one.kind == "walk"))
    while not session.is_open or session.question is None or not session.question.id.endswith("W1[0,2]"):
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    session = session.answer("-0.9")
    assert len(asked_at(session).turn.ambiguous) == 3
    drawn, _ = draw_parts(session, plan_for(session, 80, 24), Looks(), Setting())
    assert plain(drawn["prompt"]).splitlines()[-1].strip() == "which of these was yours? type its number"
    assert [text.strip()[:4] for text in plain(drawn["verdict"]).splitlines()] == ["✗ 1 ", "2  m", "3  v"]


def test_an_answer_that_is_shown_is_the_one_in_sight_and_not_the_one_answered_before() -> None:
    lesson = load(next(path for path in shipped_paths() if path.name.startswith("21")))
    session = begin(LessonRun(lesson)).entered([one.id for one in lesson.activities].index("by-hand"))
    for name in ("m_hat1", "v_hat1"):  # one with another question of its step behind it, and the last one
        while session.question is None or name not in session.question.id:
            session = session.answer(right_answer(session)) if session.is_open else session.forward()
        shown = session.question
        session = session.reveal()
        drawn, _ = draw_parts(session, plan_for(session, 80, 24), Looks(), Setting(deriver=DERIVER))
        assert plain(drawn["verdict"]).startswith(f"  shown: {name[0]}̂ = ")
    assert asked_at(session).focus == shown.ref
