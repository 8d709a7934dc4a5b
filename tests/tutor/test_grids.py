"""Grids: cells are answered in any order, arrows move as the grid is drawn, and no cell gives another away."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from nn_tutor.network.quantities import Ref
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import VECTOR, make_lesson, right_answer
from tests.stations import asked_at
from tests.tutor.every_question import asks, assert_hidden, in_grid, to_question


@pytest.mark.parametrize("seed", range(6))
def test_the_cells_of_a_grid_in_any_order_give_no_other_away(every_question: Session, seed: int) -> None:
    draw = random.Random(seed)
    session = every_question
    for quantity in ("a", "dW", "W"):
        session = to_question(session, in_grid(quantity))
        grid = asked_at(session).grid
        assert len(grid) == 4
        for _ in range(3):
            for _ in range(draw.randrange(4)):
                session = session.move(*draw.choice([(0, 1), (0, -1), (1, 0), (-1, 0)]))
            question = session.question
            assert question is not None
            assert question in grid
            hidden = [cell for cell in grid if not session.answers.is_settled(cell.id)]
            assert all(cell.ref not in session.known for cell in hidden)
            assert all(cell.ref in session.known for cell in grid if session.answers.is_settled(cell.id))
            assert_hidden(session)
            if draw.random() < 0.3:
                wrong = session.answer("77")
                assert wrong.question is not None
                assert wrong.question.id == question.id
            session = session.answer(right_answer(session))
            assert question.id in session.solved
        assert session.is_open
        assert session.forward().place == session.place
        session = session.answer(right_answer(session))
        assert {cell.id for cell in grid} <= session.solved


def test_arrows_move_as_the_grid_is_drawn(every_question: Session) -> None:
    session = to_question(every_question, in_grid("dW"))
    assert str(asked_at(session).focus) == "dW1[0,0]"
    assert str(asked_at(session.move(0, 1)).focus) == "dW1[0,1]"
    assert str(asked_at(session.move(1, 0)).focus) == "dW1[1,0]"
    assert str(asked_at(session.move(1, 0).move(0, 1)).focus) == "dW1[1,1]"
    assert str(asked_at(session.move(0, -1)).focus) == "dW1[0,0]"
    assert session.pick(Ref("dW", 1, (1, 0))).question == session.move(1, 0).question
    assert session.pick(Ref("dW", 1, (0, 0))) is session
    assert session.pick(Ref("W", 1, (1, 0))) is session  # not asked here
    moved = session.hint().move(0, 1)
    assert not asked_at(moved).turn.hinted  # the hint was one to the other cell
    moved = moved.answer(right_answer(moved))
    assert str(asked_at(moved).focus) == "dW1[1,0]"  # the next one behind it that is open
    last = moved.pick(asked_at(moved).grid[-1].ref)
    assert str(asked_at(last.answer(right_answer(last))).focus) == "dW1[0,0]"  # then the first


def test_in_a_single_row_both_pairs_of_arrows_lead_on(tmp_path: Path) -> None:
    walk = '[[activity]]\nkind = "walk"\ngrain = "layer"\nask = ["delta1"]\n'
    lesson = make_lesson(tmp_path, VECTOR[: VECTOR.index("[[activity]]")] + walk)
    session = to_question(begin(LessonRun(lesson)), in_grid("delta"))
    assert asked_at(session.move(1, 0)).focus == asked_at(session.move(0, 1)).focus != asked_at(session).focus
    there = session.move(1, 0)
    assert asked_at(there.move(-1, 0)).focus == asked_at(there.move(0, -1)).focus == asked_at(session).focus


def test_a_single_number_is_no_grid(one_weight: Session) -> None:
    session = to_question(one_weight, asks("W1[0,0]"))
    assert asked_at(session).grid == ()
    assert session.move(0, 1).place == session.place
