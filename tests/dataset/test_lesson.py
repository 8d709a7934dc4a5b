"""The lesson on a data file: its networks, its activities and its words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.activities.pull import Pull
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.lesson import Lesson
from nn_tutor.dataset.keeping import as_content, from_content
from nn_tutor.dataset.lesson import lesson_id
from nn_tutor.dataset.proposal import Options
from nn_tutor.network.pulls import pulls
from nn_tutor.network.training import Timeline
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.pulling import compare
from nn_tutor.tutor.running import LossHistory
from nn_tutor.tutor.session import Session, begin
from tests.dataset.lessons import lesson_on, prepared_of
from tests.lessons_for_tests import right_answer

DRAW = np.random.default_rng(7)
X = DRAW.normal(10, 3, (60, 3)).round(1)
REGRESSION = "\n".join(["long,wide,high,price", *(f"{a},{b},{c},{a * b + c:.2f}" for a, b, c in X)]).encode()
CLASSES = "\n".join(["long,wide,kind", *(f"{a},{b},{'xyz'[int(a > 9) + int(b > 11)]}" for a, b, _ in X)]).encode()
TWO = "\n".join(["long,wide,big", *(f"{a},{b},{int(a + b > 20)}" for a, b, _ in X)]).encode()
FILES = {"regression": REGRESSION, "classes": CLASSES, "two classes": TWO}


def words(lesson: Lesson, anchor: str) -> str:
    return "".join(map(str, lesson.prose.sections[anchor].parts))


def to_activity(lesson: Lesson, activity: str) -> Session:
    session = begin(LessonRun(lesson))
    return session.entered([one.id for one in lesson.activities].index(activity))


@pytest.mark.parametrize("name", FILES)
def test_a_learner_who_knows_everything_comes_to_the_end(name: str) -> None:
    session = begin(LessonRun(lesson_on(FILES[name])))
    asked = []
    while not session.is_over:
        if session.is_open:
            asked += [session.question.id if session.question is not None else session.activity.id]
            session = session.answer(right_answer(session))
            assert session.attempts[-1].judgement.is_right, asked[-1]
            assert session.attempts[-1].judgement.message
        else:
            session = session.to_end() if isinstance(session.activity, Train) else session.forward()
            if isinstance(session.activity, Train) and session.place.pass_number > 1:
                session = session.entered(session.place.activity + 1)
    assert len(asked) == 5


@pytest.mark.parametrize("name", FILES)
def test_the_three_networks_begin_with_the_same_weights(name: str) -> None:
    lesson = lesson_on(FILES[name])
    begun = [Timeline(entry.network, entry.data).at(1).before for entry in lesson.networks.values()]
    for other in begun[1:]:
        assert all(np.array_equal(one, two) for one, two in zip(begun[0].W, other.W, strict=True))


def test_the_first_question_is_a_slope_and_comes_after_one_key() -> None:
    session = begin(LessonRun(lesson_on(REGRESSION)))
    assert not session.is_open
    session = session.forward()
    assert session.question is not None
    assert (session.question.kind, session.question.ref.quantity) == ("sign", "dW")


def test_the_row_that_was_chosen_is_the_sample() -> None:
    prepared = prepared_of(REGRESSION)
    line = prepared.train.lines[11]
    lesson = lesson_on(REGRESSION, Options(row=line))
    assert lesson.networks["row"].data.inputs == (prepared.train.data.inputs[11],)
    assert lesson.networks["three"].data.inputs[0] == prepared.train.data.inputs[11]
    assert f"line {line} of your file" in words(lesson, "row")


def test_a_test_row_cannot_be_walked() -> None:
    line = prepared_of(REGRESSION).test.lines[0]
    with pytest.raises(
        ValueError, match=rf"mine\.csv: line {line}: a test row, which no gradient may see; take another"
    ):
        lesson_on(REGRESSION, Options(row=line))


@pytest.mark.parametrize("name", FILES)
def test_the_formula_on_the_page_gives_the_number_of_the_network(name: str) -> None:
    lesson = lesson_on(FILES[name])
    text = words(lesson, "data").replace("−", "-")
    found = re.search(r"x(.) = \((-?[\d.]+) ([-+]) ([\d.]+)\) / ([\d.]+) = (-?[\d.]+)\.", text)
    assert found is not None, text
    value, sign, mean, deviation = float(found[2]), found[3], float(found[4]), float(found[5])
    by_hand = (value - mean if sign == "-" else value + mean) / deviation
    assert round(by_hand, 4) == pytest.approx(float(found[6]), abs=1e-12)
    place = "₁₂₃".index(found[1])
    assert float(found[6]) == lesson.networks["row"].data.inputs[0][place]


def test_the_loss_and_the_outputs_follow_from_the_task() -> None:
    shapes = {
        name: (entry.loss.kind, entry.layers[-1].activation, entry.outputs)
        for name, entry in ((name, lesson_on(raw).networks[""].network) for name, raw in FILES.items())
    }
    assert shapes == {
        "regression": ("squared_error", "identity", 1),
        "classes": ("categorical_cross_entropy", "softmax", 3),
        "two classes": ("binary_cross_entropy", "sigmoid", 1),
    }


@pytest.mark.parametrize("hidden", [(), (1,), (5,), (4, 2)])
def test_hidden_layers_are_as_they_were_chosen(hidden: tuple[int, ...]) -> None:
    network = lesson_on(CLASSES, Options(hidden=hidden, activation="relu")).networks[""].network
    assert tuple(layer.units for layer in network.layers[:-1]) == hidden
    assert {layer.activation for layer in network.layers[:-1]} <= {"relu"}


def test_the_walked_weight_has_a_slope_in_one_row_and_in_three() -> None:
    for raw in FILES.values():
        lesson = lesson_on(raw)
        walk = next(one for one in lesson.activities if isinstance(one, Walk))
        asked = walk.asks[0][0].ref
        assert asked is not None
        assert asked.index is not None
        for name in ("row", "three", ""):
            entry = lesson.networks[name]
            slopes = Timeline(entry.network, entry.data).at(1).backward.dW[0]
            assert abs(slopes[asked.index]) > 0.05 * abs(slopes).max()


@pytest.mark.parametrize("name", FILES)
def test_one_of_the_compared_rows_pulls_clearly_hardest(name: str) -> None:
    lesson = lesson_on(FILES[name])
    pull = next(one for one in lesson.activities if isinstance(one, Pull))
    entry = lesson.networks[""]
    passed = Timeline(entry.network, entry.data).at(1)
    found = compare(pull, passed)
    assert found.is_clear
    assert found.total == pytest.approx(passed.backward.dW[0][pull.weight.index], abs=1e-12)
    assert abs(found.ranked[0].pull) >= max(abs(row.pull) for row in found.rows)


def test_what_is_seen_of_the_compared_rows_says_which_of_them_pulls_hardest() -> None:
    told = 0
    for raw in FILES.values():
        lesson = lesson_on(raw)
        pull = next(one for one in lesson.activities if isinstance(one, Pull))
        entry = lesson.networks[""]
        passed = Timeline(entry.network, entry.data).at(1)
        rows = list(pull.rows)
        errors = np.abs(passed.backward.dL_do[rows]).sum(axis=1)
        seen = np.abs(passed.X[rows, (pull.weight.index or (0, 0))[1]]) * errors
        told += int(np.argmax(seen)) == int(np.argmax(np.abs(pulls(passed, pull.weight)[rows])))
    assert told == len(FILES)


def test_the_lines_that_are_left_out_are_told() -> None:
    lines = CLASSES.decode().splitlines()
    for place in (4, 6):
        lines[place] = "," + lines[place].partition(",")[2]
    lesson = lesson_on("\n".join(lines).encode())
    assert "2 rows are left out (lines 5, 7): a value is missing" in "".join(
        map(str, lesson.prose.sections["data"].parts)
    )


def test_the_questions_on_own_data_can_be_derived() -> None:
    session = to_activity(lesson_on(CLASSES), "three-rows")
    question = session.question
    assert question is not None
    network = session.lesson_run.network(session.place.activity)
    assert SymPyDeriver().derive(network, session.passed, question.ref).rule


def test_a_file_and_its_choices_lead_to_the_same_lesson_again() -> None:
    options = Options("kind", task="classification", hidden=(4, 2), learning_rate=0.25, seed=3, row=9, without=("a",))
    found = from_content(as_content("/home/me/My Data (1).csv", "My Data · kind", options))
    assert found == ("/home/me/My Data (1).csv", options)
    first, again = lesson_id(*found), lesson_id("/home/me/My Data (1).csv", options)
    assert first == again
    assert re.fullmatch(r"data-my-data-1-csv-[0-9a-f]{8}", first)
    assert lesson_id("/home/me/My Data (1).csv", Options()) != first
    assert lesson_id("/home/you/My Data (1).csv", options) != first


@pytest.mark.parametrize("content", [{}, {"file": 3, "options": {}}, {"file": "", "options": {}}, {"file": "a"}])
def test_what_cannot_be_read_of_a_kept_file_is_none(content: dict[str, object]) -> None:
    assert from_content(content) is None


def test_choices_that_cannot_be_read_are_the_proposed_ones() -> None:
    odd = {"hidden": "many", "seed": -1, "rate": [], "activation": "softmax", "task": "dancing", "test_part": True}
    assert from_content({"file": "a.csv", "options": odd}) == ("a.csv", Options())


HOSTILE = '"# [x](y) `{{1.loss.loss}}` **b** | <i>",n\n' + "\n".join(f"{n * n % 7}.5,{n * n % 5}.5" for n in range(12))


def test_a_name_of_the_file_is_text_whatever_it_holds() -> None:
    lesson = lesson_on(HOSTILE.encode())
    seen = plain(draw_prose(words(lesson, "data"), 100))
    assert re.search(r"x₁\s+# \[x\]\(y\) ′\{\{1.loss.loss\}\}′ \*\*b\*\* \| <i>\s+\(value − ", seen), seen
    assert all(isinstance(part, str) for section in lesson.prose.sections.values() for part in section.parts)


@pytest.mark.parametrize("inputs", [1, 4, 12, 40])
@pytest.mark.parametrize("task", ["regression", "classification"])
def test_at_the_usual_rate_a_run_falls_and_does_not_jump(inputs: int, task: str) -> None:
    draw = np.random.default_rng(inputs)
    values = draw.normal(size=(80, inputs)) + 0.7 * draw.normal(size=(80, 1))
    target = np.tanh(values[:, :3].sum(axis=1)) + 0.3 * draw.normal(size=80)
    column = [f"{y:.3f}" if task == "regression" else "yes" if y > 0 else "no" for y in target]
    names = ",".join([*(f"c{place}" for place in range(inputs)), "y"])
    rows = [",".join([*(f"{x:.3f}" for x in row), y]) for row, y in zip(values, column, strict=True)]
    entry = lesson_on("\n".join([names, *rows]).encode()).networks[""]
    history = LossHistory(Timeline(entry.network, entry.data))
    history.loss(400)
    losses = np.array(history.losses)
    assert losses[-1] < 0.7 * losses[0]
    assert (np.diff(losses) > 0.02 * losses[:-1]).sum() == 0


ONE_INPUT = "\n".join(["x,y", *(f"{a},{a * a:.2f}" for a, _, _ in X)]).encode()
FOUR = "\n".join(["a,b,c,d,kind", *(f"{a},{b},{c},{a - b:.1f},{'xy'[int(a > 9)]}" for a, b, c in X)]).encode()
PLANE = "\n".join(["a,b,y", *(f"{a},{b},{a - b:.2f}" for a, b, _ in X)]).encode()


@pytest.mark.parametrize(
    ("raw", "kind"), [(ONE_INPUT, "data"), (CLASSES, "region"), (TWO, "region"), (FOUR, "curve"), (PLANE, "curve")]
)
def test_the_picture_of_the_run_is_the_fit_the_regions_or_the_losses(raw: bytes, kind: str) -> None:
    run = lesson_on(raw).activities[-1]
    assert run.picture is not None
    assert run.picture.kind == kind
