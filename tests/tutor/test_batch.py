"""The samples of a batch side by side: every number that a sum needs, and none that is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.batch import draw_batch, lines_of
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.batch import Batch, Column, batch_of
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.visible import Covered, view_of
from tests.counting import calls
from tests.lessons_for_tests import make_lesson, of_one_weight, right_answer


@pytest.fixture(scope="module")
def deriver() -> SymPyDeriver:
    return SymPyDeriver()


def asked(session: Session, question: str) -> Session:
    """Answer everything rightly up to a question."""
    session = session.entered([one.id for one in session.lesson_run.lesson.activities].index(question.split(":")[0]))
    while session.question is None or not session.question.id.startswith(question):
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    return session


def course(lesson: str, question: str) -> Session:
    return asked(begin(LessonRun(load(find(lesson)))), question)


def seen(session: Session, deriver: SymPyDeriver) -> Batch:
    view = view_of(session, deriver)
    assert view is not None
    batch = batch_of(view)
    assert batch is not None
    return batch


def named(batch: Batch, name: str) -> Column:
    return next(column for column in batch.columns if column.name == name)


def test_the_loss_of_a_batch_has_all_its_numbers_beside_it(deriver: SymPyDeriver) -> None:
    batch = seen(course("many-samples", "first-pass:1.loss.loss"), deriver)
    assert named(batch, "y").cells == ("0.33", "0.23", "1.21")
    assert named(batch, "o").cells == ("2.0008", "1.6892", "1.066")
    assert named(batch, "o − y").cells == ("1.6708", "1.4592", "−0.144")
    assert named(batch, "∂L/∂o").cells == (Covered.NOT_YET,) * 3
    assert [column.name for column in batch.columns if column.is_needed] == ["o", "y"]
    drawn = plain(draw_batch(batch, 78, 9)).splitlines()
    assert drawn[2].split() == ["2", "1.03", "1.6892", "0.23", "1.4592", "not", "yet"]


def test_a_slope_of_a_hidden_weight_has_the_factors_of_every_sample_at_80_columns(deriver: SymPyDeriver) -> None:
    session = course("xor", "first-pass:1.backward.dW2[0,0]")
    batch = seen(session, deriver)
    passed = session.passed
    assert named(batch, "δ₂₁").cells == tuple(numeral(value) for value in passed.backward.delta[1][:, 0])
    assert named(batch, "a₁₁").cells == tuple(numeral(value) for value in passed.forward.a[0][:, 0])
    shown = plain(draw_batch(batch, 80, lines_of(batch)))
    for cell in (*named(batch, "δ₂₁").cells, *named(batch, "a₁₁").cells):
        assert isinstance(cell, str)
        assert cell in shown


@pytest.mark.parametrize(
    ("lesson", "question", "name"),
    [
        ("autoencoder", "the-reader:302.forward.z2[2,3]", "z₂₄"),
        ("autoencoder", "own-pass:1.backward.delta1[0,0]", "δ₁₁"),
        ("many-samples", "first-pass:1.forward.a1[1,0]", "o"),
    ],
)
def test_what_is_asked_has_its_own_column_and_keeps_it(
    deriver: SymPyDeriver, lesson: str, question: str, name: str
) -> None:
    session = course(lesson, question)
    batch = seen(session, deriver)
    assert batch.row is not None
    assert named(batch, name).cells[batch.row] is Covered.ASKED
    assert name in plain(draw_batch(batch, 116, 9)).splitlines()[0].split()
    assert "[?]" in plain(draw_batch(batch, 116, 9)).splitlines()[1 + batch.row]


def test_an_error_is_not_asked_before_its_output_is_known(deriver: SymPyDeriver) -> None:
    """Where the target is 0 it is the same number as the output: its sign would say so before the output is asked."""
    batch = seen(course("autoencoder", "the-reader:302.forward.z2[2,3]"), deriver)
    assert named(batch, "o₄").cells[2] is Covered.NOT_YET
    assert named(batch, "o₄ − y₄").cells[2] is Covered.NOT_YET


def test_of_a_narrow_table_the_needed_columns_are_left(deriver: SymPyDeriver) -> None:
    batch = seen(course("xor", "first-pass:1.backward.dW2[0,0]"), deriver)
    assert plain(draw_batch(batch, 28, 9)).splitlines()[0].split() == ["sample", "a₁₁", "δ₂₁"]


def test_columns_move_together_before_one_of_them_is_left_out(deriver: SymPyDeriver) -> None:
    batch = seen(course("xor", "first-pass:1.backward.dW2[0,0]"), deriver)
    names, wide = ["sample", *(column.name for column in batch.columns)], plain(draw_batch(batch, 198, 9))
    width = max(map(len, wide.splitlines()))
    narrow = plain(draw_batch(batch, width - 2, 9))
    assert narrow != wide
    assert narrow.split() == wide.split()
    assert " ".join(narrow.splitlines()[0].split()) == " ".join(names)


def test_many_samples_are_shown_around_the_one_in_question(deriver: SymPyDeriver) -> None:
    batch = seen(course("many-samples", "second-pass:2.backward.dL_do[2,0]"), deriver)
    drawn = plain(draw_batch(batch, 78, 3)).splitlines()
    assert drawn[1].split()[:2] == ["▶", "3"]
    assert "3 samples in all" in drawn[2]


def test_while_a_rule_is_covered_no_column_stands_out(deriver: SymPyDeriver) -> None:
    exercise = with_exercises(load(find("many-samples")))
    session = asked(begin(LessonRun(exercise)), next(f"{one.id}:1" for one in exercise.activities if ".1" in one.id))
    lit = [span for line in draw_batch(seen(session, deriver), 78, 9) for span in line if span.lit]
    assert not lit
    shown = course("many-samples", "first-pass:1.loss.loss")
    assert any(span.lit for line in draw_batch(seen(shown, deriver), 78, 9) for span in line)


HALF = of_one_weight(
    'kind = "walk"\nid = "walk"\nask = ["dL_do[0,0]"]',
    weight=1.4,
    inputs=(1.2, 0.7),
    targets=(0.5, 1.9),
    loss='factor = 0.5\nbatch = "sum"',
)


def test_an_error_that_is_the_answer_is_covered_until_it_is_found(tmp_path: Path, deriver: SymPyDeriver) -> None:
    # With ½ and a sum the slope with respect to the output is the error itself.
    session = asked(begin(LessonRun(make_lesson(tmp_path, HALF))), "walk:1.backward.dL_do[0,0]")
    assert named(seen(session, deriver), "o − y").cells == (Covered.ASKED, "−0.92")
    assert named(seen(session.answer("1.18"), deriver), "o − y").cells == ("1.18", "−0.92")


def test_a_single_sample_needs_no_table(deriver: SymPyDeriver) -> None:
    view = view_of(course("chain-rule", "first-step:1.update.W1[0,0]"), deriver)
    assert view is not None
    assert batch_of(view) is None


@pytest.mark.parametrize("samples", [40, 400])
def test_a_batch_of_many_samples_leaves_the_table_its_room_and_costs_each_number_once(
    samples: int, tmp_path: Path, deriver: SymPyDeriver
) -> None:
    inputs = tuple(0.5 + row / samples for row in range(samples))
    toml = of_one_weight('kind = "walk"\nask = ["loss"]', weight=1.4, inputs=inputs, targets=inputs[::-1])
    session = begin(LessonRun(make_lesson(tmp_path, toml)))
    plan = plan_for(session, 120, 40)

    def draw() -> str:
        return plain(draw_parts(session, plan, Looks(), Setting(deriver=deriver))[0]["left"])

    shown = draw()
    assert len(shown.splitlines()) == plan.body
    assert "quantity" in shown
    assert f"{samples} samples in all" in shown
    assert calls(draw) < 20_000 + 200 * samples


def test_where_not_all_columns_have_room_those_go_first_of_which_nothing_is_known(deriver: SymPyDeriver) -> None:
    run = LessonRun(load(find("xor")))
    session = begin(run).entered([one.id for one in run.lesson.activities].index("first-pass"))
    batch = seen(session, deriver)
    title = plain(draw_batch(batch, 70, 9)).splitlines()[0]
    left_out = [column for column in batch.columns if column.name not in title]
    assert left_out
    assert all(cell is Covered.NOT_YET for column in left_out for cell in column.cells)
    assert {"a₁₁", "a₁₂", "a₁₃"} < set(title.split())
