"""What is said of a network becomes a lesson like any other."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest

from nn_tutor.commands.arguments import HOMEWORK_OPTIONS
from nn_tutor.course.load import load
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.reading import homework_of, lesson_of
from nn_tutor.homework.said import KEYS, Said, as_file, said_in
from nn_tutor.network.activations import Array
from nn_tutor.network.passes import forward, initial_parameters
from nn_tutor.network.training import Timeline
from tests.given_homework import FOLDER

HAN_KAMBER: Said = (
    ("in", "1 0 1"),
    ("layer", "sigmoid: .2 .4 -.5; -.3 .1 .2 | -.4 .2"),
    ("layer", "sigmoid: -.3 -.2 | .1"),
    ("target", "1"),
    ("loss", "half"),
    ("rate", "0.9"),
)


def test_a_network_in_one_line_is_the_lesson_that_takes_twenty() -> None:
    entry, written = lesson_of(HAN_KAMBER).networks[""], load(FOLDER / "han-kamber").networks[""]
    assert entry.data == written.data
    assert entry.network.layers == written.network.layers
    assert entry.network.loss.exact_scale(1, 1) == written.network.loss.exact_scale(1, 1)
    assert entry.network.learning_rate == 0.9


def test_every_key_may_be_said_as_an_option() -> None:
    assert {*HOMEWORK_OPTIONS, "name"} == set(KEYS), "--save says the name"


@pytest.mark.parametrize("key", KEYS)
def test_what_is_said_with_any_key_is_read(key: str) -> None:
    """What is no value of it is refused, or makes another lesson; a key that nobody reads would do neither."""
    read = None
    with contextlib.suppress(HomeworkError):
        read = homework_of((*HAN_KAMBER, (key, "?!"))).content
    assert read != homework_of(HAN_KAMBER).content


def test_it_is_homework_and_asks_for_the_new_parameters() -> None:
    lesson = lesson_of(HAN_KAMBER)
    assert lesson.purpose == "homework"
    asked = {str(ask.ref) for ask in lesson.activities[0].asks_of(1)}
    assert asked == {"W1", "W2", "b1", "b2"}


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        ("none", set[str]()),
        ("update", {"W1", "W2", "b1", "b2"}),
        ("links", {"dL_do", "dL_da1", "da_dz1", "da_dz2", "delta1", "delta2", "dW1", "dW2", "db1", "db2", "W1", "W2"}),
        ("all", {"None"}),
        ("dW2, sign dW1[0,0]", {"dW2", "dW1[0,0]"}),
    ],
)
def test_as_much_is_asked_as_is_wanted(ask: str, expected: set[str]) -> None:
    lesson = lesson_of((*HAN_KAMBER, ("ask", ask)))
    asked = {str(ask.ref) for ask in lesson.activities[0].asks_of(1)}
    assert asked - {"b1", "b2"} == expected - {"b1", "b2"}


def test_the_same_network_is_the_same_lesson_again() -> None:
    one, two = lesson_of(HAN_KAMBER), lesson_of((*HAN_KAMBER, ("ask", "all"), ("name", "sheet 3")))
    assert one.id == two.id
    assert one.id.startswith("own-")
    assert (one.title, two.title) == ("3-2-1 sigmoid", "sheet 3")
    assert lesson_of((*HAN_KAMBER[:-1], ("rate", "0.8"))).id != one.id


def test_a_text_file_says_what_the_options_say() -> None:
    text = as_file(HAN_KAMBER)
    assert said_in(text) == HAN_KAMBER
    by_hand = (
        "# sheet 3\nin: 1 0 1\nlayer 1: sigmoid:\n  .2 .4 -.5\n  -.3 .1 .2 | -.4 .2\n"
        '--layer "sigmoid: -.3 -.2 | .1"\ntarget 1\nLearning rate = 0.9  # η\nloss = half\n'
    )
    assert lesson_of(said_in(by_hand)).networks[""] == lesson_of(HAN_KAMBER).networks[""]


def test_a_square_matrix_in_the_order_of_the_sheet() -> None:
    said: Said = (("in", "1 2"), ("layer", "tanh: 1 2; 3 4"), ("target", "0 0"))
    rows = lesson_of(said).networks[""].network.layers[0].weights
    columns = lesson_of((*said, ("weights", "in-out"))).networks[""].network.layers[0].weights
    assert (rows, columns) == (((1, 2), (3, 4)), ((1, 3), (2, 4)))


def test_a_column_is_one_sample_where_nothing_else_fits() -> None:
    said: Said = (("in", "1; 0; 1"), ("layer", "sigmoid: .2 .4 -.5; .1 .2 .3"), ("target", "1; 0"))
    data = lesson_of(said).networks[""].data
    assert (data.inputs, data.targets) == (((1, 0, 1),), ((1, 0),))


@pytest.mark.parametrize(("order", "sign"), [("o-t", -1), ("t-o", 1)])
def test_an_error_stands_for_its_target(order: str, sign: int) -> None:
    homework = homework_of((*HAN_KAMBER[:3], ("target", "error 0.2"), ("error", order), ("loss", "half")))
    o = output_of(homework.entry)
    assert np.allclose(homework.entry.data.targets or (), o + sign * 0.2, rtol=1e-15)


def test_an_error_may_stand_for_a_probability() -> None:
    homework = homework_of((*HAN_KAMBER[:3], ("target", "error -0.3"), ("loss", "bce")))
    assert np.allclose(homework.entry.data.targets or (), output_of(homework.entry) + 0.3, rtol=1e-15)


def test_a_given_slope_is_the_slope_of_the_loss_in_the_output() -> None:
    said: Said = (("in", "1 2; 3 4"), ("layer", "tanh: .1 .2; .3 .4 | 0 0"), ("target", "slope 2 -1; 0.5 0.25"))
    entry = lesson_of(said).networks[""]
    passed = Timeline(entry.network, entry.data).at(1)
    assert np.allclose(passed.backward.dL_do, np.array([[2, -1], [0.5, 0.25]]), rtol=1e-14)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ((*HAN_KAMBER[:3], ("target", "slope 1")), "∂L/∂o and no loss"),
        ((*HAN_KAMBER[:3], ("target", "error 1"), ("loss", "half")), "gives the error"),
        ((("in", "2 1"), ("layer", "softmax"), ("target", "1 0")), "straight into an activation"),
        (HAN_KAMBER, ""),
    ],
)
def test_what_stands_in_for_what_is_not_given_is_said_before_the_walk(said: Said, told: str) -> None:
    homework = homework_of(said)
    assert told in homework.words
    assert bool(told) == bool(homework.words)
    assert [activity.kind for activity in homework.lesson.activities] == (["read", "walk"] if told else ["walk"])


def test_what_cannot_be_asked_is_told_behind_a_page_too() -> None:
    with pytest.raises(HomeworkError) as caught:
        homework_of((*HAN_KAMBER, ("names", "order"), ("grain", "coarse")))
    assert [fault.place for fault in caught.value.faults] == ["grain"]


def test_given_logits_go_straight_into_softmax() -> None:
    said: Said = (("in", "2 1 0.1"), ("layer", "softmax"), ("target", "1 0 0"), ("loss", "cross-entropy"))
    entry = lesson_of(said).networks[""]
    assert np.allclose(output_of(entry), [[0.6590, 0.2424, 0.0986]], atol=5e-5)
    assert entry.network.loss.kind == "categorical_cross_entropy"
    assert lesson_of(said).activities[-1].asks_of(1), "nothing is learned, so the links are asked"


def test_weights_are_drawn_from_the_seed() -> None:
    said: Said = (("in", "1 2"), ("layer", "tanh: 3 units | 0 0 0"), ("layer", "identity: 1 unit"), ("target", "1"))
    one, two = (initial_parameters(lesson_of((*said, ("seed", seed))).networks[""].network) for seed in ("1", "2"))
    assert one.W[0].shape == (3, 2)
    assert not np.allclose(one.W[0], two.W[0])


def test_what_is_held_does_not_move() -> None:
    said: Said = (("in", "1"), ("layer", "sigmoid: 0.5 held | 0.1 fixed"), ("target", "1"), ("rate", "1"))
    entry = lesson_of(said).networks[""]
    passed = Timeline(entry.network, entry.data).at(1)
    assert float(passed.update.after.W[0][0, 0]) == 0.5
    assert passed.update.after.b[0] is not None
    assert float(passed.update.after.b[0][0]) == 0.1


@pytest.mark.parametrize(("batch", "rows"), [("full", "full"), ("online", "online"), ("1", "online"), ("3", "full")])
def test_the_rows_of_an_update(batch: str, rows: str) -> None:
    said: Said = (("in", "1; 2; 3"), ("layer", "identity: 0.5"), ("target", "1 2 3"), ("batch", batch))
    assert lesson_of(said).networks[""].network.batching == rows


def test_a_form_that_is_not_complete_says_what_is_missing() -> None:
    with pytest.raises(HomeworkError) as caught:
        homework_of(())
    assert [fault.place for fault in caught.value.faults] == ["inputs", "layers", "targets"]


def output_of(entry: NetworkWithData) -> Array:
    inputs = np.array(entry.data.inputs, dtype=float)
    return forward(entry.network, initial_parameters(entry.network), inputs).o


def test_a_lesson_of_the_course_can_be_walked_as_homework(tmp_path: Path) -> None:
    from nn_tutor.course.files import read_toml
    from nn_tutor.course.findings import Findings
    from nn_tutor.homework.lessons import homework_of_lesson

    file = FOLDER / "han-kamber" / "lesson.toml"
    content = read_toml(file, Findings(str(file)))
    homework = homework_of_lesson(load(file), content, (("error", "t-o"), ("passes", "2")))
    assert homework.lesson.conventions.flips_error
    assert homework.lesson.passes_walked("") == 2
    assert homework.entry.data == load(file).networks[""].data
