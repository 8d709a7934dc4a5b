"""The matrix form on the screen: what a matrix is made from stands beside it, and no more than may be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.find import find
from nn_tutor.course.load import load_once
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.matrices import draw_matrices
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.walking import Walking
from nn_tutor.tutor.visible import view_of
from tests.lessons_for_tests import DERIVER, VECTOR, make_lesson, right_answer
from tests.stations import at as station_at


def at(session: Session, ref: Ref) -> Session:
    """Go on, in matrix form, to the stop of a number."""
    session = session.with_form("matrix")
    while ref not in station_at(session, Walking).stop.refs:
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    return session


def drawn(session: Session, width: int = 80, height: int = 9) -> str:
    view = view_of(session, DERIVER)
    assert view is not None
    return plain(draw_matrices(view, width, height))


def test_a_dot_product_stands_as_three_labelled_matrices(tmp_path: Path) -> None:
    text = drawn(at(begin(LessonRun(make_lesson(tmp_path, VECTOR))), Ref("z", 1, (0, 0))))
    assert "▶ z₁           W₁·x" in text
    lines = text.splitlines()
    assert lines[-2].split() == ["z₁₁", "[", "▸[?]", "]", "=", "[", "0.5", "0.4", "]", "·", "x₁", "[", "1.3", "]"]
    assert lines[-1].split() == ["z₁₂", "[", "·", "]", "[", "−1.1", "1.2", "]", "x₂", "[", "1.1", "]"]


def test_a_slope_of_weights_has_delta_at_its_side_and_the_inputs_on_top(tmp_path: Path) -> None:
    session = at(begin(LessonRun(make_lesson(tmp_path, VECTOR))), Ref("dW", 2, (0, 0)))
    head, columns, *rows = drawn(session).splitlines()[-5:]
    assert "∂L/∂o at the side, a₁ on top" in head
    assert [name for name in columns.split() if name.startswith("a")] == ["a₁₁", "a₁₂"]
    assert [row.split()[0] for row in rows] == ["∂L/∂o₁", "∂L/∂o₂", "∂L/∂o₃"]


def test_while_a_rule_is_covered_what_is_given_stands_apart_and_no_sign_tells_the_rule(tmp_path: Path) -> None:
    again = VECTOR.replace('"delta1[0,0]", "W1"]', '"delta1[0,0]", "W1", "W2[0,0]"]')
    session = begin(LessonRun(make_lesson(tmp_path, again)))
    first = at(session, Ref("W", 2, (0, 0)))
    assert "η" in drawn(first)
    later = first
    while later.place.pass_number == 1:
        later = later.answer(right_answer(later)) if later.is_open else later.forward()
    later = at(later, Ref("W", 2, (0, 0)))
    text = drawn(later)
    assert "▶ W₂′          [?]" in text
    title, *rows = text.splitlines()[-4:]
    assert title.split()[-2:] == ["W₂", "∂L/∂W₂"]
    assert [line.count("[ ") for line in rows] == [3, 3, 3]
    assert not any(sign in "".join(rows) for sign in ("=", "⊙", "η", "] ·", "] −"))
    assert "✓" not in text.split("W₂ ")[-1]
    narrow = drawn(later, width=44)
    assert [line.count("[ ") for line in narrow.splitlines()[-3:]] == [1, 1, 1]


def test_of_a_batch_every_sample_is_a_row_with_its_label(tmp_path: Path) -> None:
    batch = VECTOR.replace("[[1.3, 1.1]]", "[[1.3, 1.1], [0.4, 0.2]]").replace(
        "[[-0.7, 1.0, -0.7]]", "[[-0.7, 1.0, -0.7], [0.1, 0.2, 0.3]]"
    )
    session = at(begin(LessonRun(make_lesson(tmp_path, batch))), Ref("z", 1, (0, 0)))
    text = drawn(session)
    assert "▶ Z₁           X·W₁ᵀ" in text
    assert [line.split()[:2] for line in text.splitlines()[-2:]] == [["sample", "1"], ["sample", "2"]]


def test_a_large_network_has_its_grid_as_before(tmp_path: Path) -> None:
    row = ", ".join(["0.1"] * 40)
    large = VECTOR.replace("[[0.5, 0.4], [-1.1, 1.2]]", f"[[{row}], [{row}], [{row}], [{row}]]")
    large = large.replace("[[0.4, 1.2], [0.9, -1.1], [-0.5, 0.4]]", "[[0.4, 1.2, 0.1, 0.2]]").replace(
        "[[1.3, 1.1]]", f"[[{row}]]"
    )
    large = large.replace("[[-0.7, 1.0, -0.7]]", "[[0.7]]").split("[[activity]]")[0]
    session = begin(LessonRun(make_lesson(tmp_path, large + '[[activity]]\nkind = "walk"\nask = ["W2[0,0]"]\n')))
    assert " = " not in drawn(at(session, Ref("z", 1, (0, 0))), 200, 30).splitlines()[-1]


def test_where_the_operation_has_no_room_the_matrix_stands_alone(tmp_path: Path) -> None:
    session = at(begin(LessonRun(make_lesson(tmp_path, VECTOR))), Ref("a", 2, (0, 0)))
    text = drawn(session, 24, 9)
    assert all(len(line) <= 24 for line in text.splitlines())
    assert "▸[?]" in text or "[ " in text


@pytest.mark.parametrize(("lesson", "activity"), [("vectors", "cell-by-cell"), ("hidden-layer", "cell-by-cell")])
def test_an_answered_update_keeps_what_it_was_made_from_on_a_small_screen(lesson: str, activity: str) -> None:
    run = LessonRun(with_exercises(load_once(find(lesson))))
    session = at(begin(run).entered([one.id for one in run.lesson.activities].index(activity)), Ref("W", 1, (0, 0)))
    while session.is_open:
        session = session.answer(right_answer(session))
    text = drawn(session, 80, 9)
    assert "✓" in text
    assert "− η· [" in text
    assert max(map(len, text.splitlines())) <= 80
