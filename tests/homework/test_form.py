"""The form asks for a network field by field, and refuses what cannot become right while it is typed."""

from __future__ import annotations

import pytest

from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.fields import check_so_far, count_so_far, read_shape
from nn_tutor.homework.form import Form, form_of
from nn_tutor.homework.form_fields import OPEN
from nn_tutor.homework.reading import lesson_of
from nn_tutor.homework.said import Said
from tests.homework.test_reading import HAN_KAMBER

LINES = ["3-2-1 sigmoid", "", ".2 .4 -.5;-.3 .1 .2", "-.4 .2", "-.3 -.2", ".1", "1 0 1", "1", "half", ".9"]
"""Han and Kamber's network, a line for each field."""


def filled(*lines: str) -> Form:
    form = Form()
    for line in lines:
        form = form.entered(line)
    return form


def test_a_textbook_network_takes_few_keys() -> None:
    form = filled(*LINES)
    assert form.at == OPEN
    assert form.unfilled is None
    assert lesson_of(form.said).networks[""] == lesson_of(HAN_KAMBER).networks[""]
    assert sum(len(line) + 1 for line in LINES) + 1 <= 80


def test_no_line_of_it_is_refused_on_the_way() -> None:
    form = Form()
    for line in LINES:
        for length in range(len(line) + 1):
            assert check_so_far(form.asked, line[:length]) is None, line[:length]
        form = form.entered(line)


@pytest.mark.parametrize(
    ("before", "typed", "refused", "mend"),
    [
        (0, "3-2-1 sigx", "sigx", "sigmoid"),
        (0, "3-2-1 x", "x", "use one of"),
        (0, "3-99", "a layer of 99", "1 to 64 units"),
        (1, "rows", "rows", "out-in, in-out"),
        (2, ".2 .4 -.5 .1", "4 numbers", "3 numbers in each row"),
        (2, ".2 .4;", "2 numbers", "3 numbers in each row"),
        (2, ".2 .4 -.5; 1 2 3; 1", "3 rows", "2 rows of 3"),
        (2, ".2 .4 a", "a", "write a number"),
        (2, "0,2 ", "0,2", "0.2"),
        (2, ".2 - ", "a sign alone", "next to its number"),
        (2, ".2 .4 1..", "1..", "decimal point"),
        (3, "1 2 3", "3 numbers", "2 numbers"),
        (6, "1 0 1 1", "4 numbers", "3 numbers"),
        (7, "1 1", "2 numbers", "1 number"),
        (7, "1; 1", "2 rows", "1 row"),
        (8, "halfx", "halfx", "use one of"),
        (9, "1 2", "2 numbers", "1 number"),
    ],
)
def test_what_cannot_become_right_is_refused_while_it_is_typed(
    before: int, typed: str, refused: str, mend: str
) -> None:
    fault = check_so_far(filled(*LINES[:before]).asked, typed)
    assert fault is not None
    assert refused in fault.found
    assert mend in fault.mend


@pytest.mark.parametrize(
    ("key", "typed", "mend"), [("weights", "0.35,0.9", "out-in, in-out"), ("grain", "7", "factor")]
)
def test_a_number_where_a_word_is_asked_is_refused_as_it_is_entered(key: str, typed: str, mend: str) -> None:
    form = filled(*LINES).moved_to(key)
    with pytest.raises(HomeworkError, match=mend):
        form.entered(typed)


@pytest.mark.parametrize("typed", ["-", "-.", "1e", "1e-", "1/", "1 2 -", "[[1, 2", "draw", "seed 7", "r", "−.5"])
def test_what_may_become_a_number_is_not_refused(typed: str) -> None:
    assert check_so_far(filled(*LINES[:2]).asked, typed) is None


@pytest.mark.parametrize(
    ("before", "text", "mend"),
    [
        (0, "", "3-2-1 sigmoid"),
        (0, "sigmoid", "3-2-1 sigmoid"),
        (0, "3", "inputs and units"),
        (0, "3-2-1 softmax", "softmax can only be last"),
        (0, "3-0", "1 to 64 units"),
        (0, "-".join("1" * 10), "1 to 8 layers"),
        (0, "3-2-1 tanh relu tanh", "one for each layer"),
        (2, "", "or draw"),
        (2, ".2 .4 -.5", "2 rows of 3"),
        (3, "1", "2 numbers"),
        (7, "", "type numbers"),
        (8, "output", "none in the place"),
        (8, "msee", "mse"),
        (9, "-1", "0 or above"),
    ],
)
def test_a_line_that_is_not_right_is_not_taken(before: int, text: str, mend: str) -> None:
    form = filled(*LINES[:before])
    with pytest.raises(HomeworkError) as caught:
        form.entered(text)
    assert mend in caught.value.faults[0].mend


def test_how_far_a_matrix_has_come() -> None:
    asked = filled(*LINES[:2]).asked
    assert [count_so_far(asked, text) for text in ("", ".2", ".2 .4 -.5; 1")] == [
        "",
        "row 1 of 2: 1 of 3",
        "row 2 of 2: 1 of 3",
    ]


def test_another_shape_shows_what_does_not_fit_any_more() -> None:
    form = filled(*LINES).moved_to("shape").with_text("2-2-1 sigmoid")
    wrong = [one.key for one in form.fields if form.fault_of(one) is not None]
    assert wrong == ["w1", "in"]
    assert form.unfilled is not None
    assert form.unfilled.key == "w1"


def test_rows_of_inputs_are_asked_by_column() -> None:
    form = filled("2-3 tanh", "in-out")
    assert (form.asked.rows, form.asked.columns) == (2, 3)
    outline = form.entered("1 2 3; 4 5 6").outline
    assert outline is not None
    assert outline.weights == (((1, 4), (2, 5), (3, 6)),)


def test_weights_are_drawn_where_the_form_says_so() -> None:
    form = filled("2-2-1 tanh", "", "seed 7", "", "draw", "", "1 2", "1", "", "")
    assert ("seed", "0") in form.said or ("seed", "7") in form.said
    assert lesson_of(form.said).networks[""].network.layers[0].weights is None


@pytest.mark.parametrize(
    ("key", "text", "mend"),
    [
        ("digits", "forty", "from 0 to 12"),
        ("passes", "0", "from 1 to 1000"),
        ("error", "sideways", "use one of"),
        ("batch", "often", "write full"),
        ("ask", "dQ", "none, update, links, all"),
        ("call", "w5", "what you call it"),
    ],
)
def test_what_is_said_besides_is_checked_too(key: str, text: str, mend: str) -> None:
    with pytest.raises(HomeworkError) as caught:
        filled(*LINES).moved_to(key).entered(text)
    assert mend in caught.value.faults[0].mend


OTHERWISE: list[Said] = [
    HAN_KAMBER,
    (("in", "2 1 0.1"), ("layer", "softmax"), ("target", "1 0 0"), ("loss", "ce")),
    (
        ("in", "1 2\n3 4"),
        ("layer", "tanh: 3 units | 0 0 0"),
        ("layer", "linear: 1 2 3"),
        ("target", "1 2"),
        ("seed", "5"),
    ),
    (("in", "1 2"), ("layer", "relu: 1 2 3; 4 5 6 | 0 0 0"), ("target", "error 1 1 1"), ("weights", "in-out")),
    (("in", "1 2"), ("layer", "Leaky ReLU: [[1, 2]]"), ("target", "slope 2"), ("update", "momentum 0.9")),
    (("in", "1 2"), ("layer", "tanh: 1 2"), ("loss", "output"), ("names", "order"), ("call", "w1 = v")),
]


@pytest.mark.parametrize("said", OTHERWISE, ids=range(len(OTHERWISE)))
def test_what_was_said_otherwise_fills_the_form(said: Said) -> None:
    form = form_of(said)
    assert [form.fault_of(one) for one in form.fields] == [None] * len(form.fields)
    if ("loss", "output") in said:
        form = form.moved_to("target").entered("none").moved_to("loss").with_text("")
    assert form.unfilled is None
    assert lesson_of(form.said).networks[""] == lesson_of(said).networks[""]


def test_numbers_may_go_straight_into_an_activation() -> None:
    form = filled("3-3 softmax", "", "none", "", "2 1 0.1", "1 0 0", "", "")
    network = lesson_of(form.said).networks[""].network
    assert network.loss.kind == "categorical_cross_entropy"
    assert [layer.weights for layer in network.layers] == [((1, 0, 0), (0, 1, 0), (0, 0, 1))]
    with pytest.raises(HomeworkError) as caught:
        filled("3-2 softmax", "", "none")
    assert "as many leave as enter" in caught.value.faults[0].mend


def test_nothing_has_to_be_held_against_the_output() -> None:
    form = filled("2-1 tanh", "", "1 2", "", "3 4", "none", "", "")
    assert lesson_of(form.said).networks[""].network.loss.kind == "output"
    with pytest.raises(HomeworkError):
        filled("2-1 tanh", "", "1 2", "", "3 4", "none", "mse")


def test_cross_entropy_needs_an_activation_that_gives_probabilities() -> None:
    with pytest.raises(HomeworkError) as caught:
        filled("2-2 softmax", "", "1 2; 3 4", "", "3 4", "1 0", "bce")
    assert "categorical_cross_entropy" in caught.value.faults[0].mend


def test_activations_may_differ() -> None:
    assert read_shape("2 - 3 - 1: tanh, sigmoid").layers == ((3, "tanh"), (1, "sigmoid"))
    assert str(read_shape("2 3 1 relu identity")) == "2-3-1 relu identity"
