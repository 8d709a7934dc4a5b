"""Names that may be typed: how they may be spelled, which are unknown, and what may stand before an equals sign."""

from __future__ import annotations

import math

import pytest

from nn_tutor.judging.names import BoundNames
from nn_tutor.judging.reading import ReadingError, canonical, read, read_formula
from tests.judging.reads import QUANTITIES, refusal


@pytest.mark.parametrize("new", ["v₁₁′", "v11'", "v_11’", "v11_new", "V11′"])
def test_the_new_value_of_what_is_remembered_is_read_as_it_is_printed(new: str) -> None:
    names = {"v11": 0.5, "v11_new": 2.0, "v_hat11": 3.0, "v_hat_b1": 5.0, "norm": 7.0}
    assert read(f"v₁₁ + 2·{new}", names).value == 4.5
    assert read("v̂₁₁ + v̂ᵇ₁", names).value == 8.0
    assert read("max(‖∇L‖, 1)", names).value == 7.0
    assert "without ′" in refusal("v̂₁₁′", names)
    assert "without ′" in refusal(f"2{new.replace('v', 'w').replace('V', 'w')}".replace("_new", "′"), names)


def test_names_stand_for_their_values() -> None:
    assert read("2*(o-y)*x", QUANTITIES).value == pytest.approx(2 * (-1.2 - 0.36) * 2)
    assert read("w - lr*o", QUANTITIES).value == pytest.approx(0.6 + 0.3 * 1.2)


@pytest.mark.parametrize("spelling", ["lr", "η", "eta", "learning_rate", "Eta", "LR"])
@pytest.mark.parametrize("bound", ["lr", "η", "eta", "learning_rate"])
def test_the_learning_rate_is_one_name(spelling: str, bound: str) -> None:
    assert read(spelling, {bound: 0.3}).value == 0.3


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("w₁₁", "w11"), ("δ", "δ"), ("delta", "δ"), ("delta₂", "δ2"), ("w", "w"), ("learning_rate", "η"), ("dW", "dW")],
)
def test_canonical_names(spelling: str, name: str) -> None:
    assert canonical(spelling) == name
    assert canonical(name) == name
    assert read(spelling, {name: 0.7}).value == 0.7
    assert read(name, {spelling: 0.7}).value == 0.7


def test_case_counts_only_where_it_tells_names_apart() -> None:
    assert read("W", QUANTITIES).value == 0.6
    assert read("w", {"w": 1.0, "W": 2.0}).value == 1
    assert read("W", {"w": 1.0, "W": 2.0}).value == 2
    assert "dW or DW" in refusal("dw", {"dW": 1.0, "DW": 2.0})


def test_an_unknown_name_lists_what_may_be_typed() -> None:
    assert "you may use x, w, o, y, lr" in refusal("z*2", QUANTITIES)
    assert "type a number" in refusal("z*2")


def test_of_many_names_those_are_listed_first_that_were_meant() -> None:
    """Those of the typed letters, then those of the asked unit; those of another sample last."""
    names = ["L", "o2_2", "o1_2", "o2_1", "o1_1", "a12_1", "x1_1", "x2_1", "x1_2", "lr", "w111", "w121", "w211", "b11"]
    offered = BoundNames(names).offered
    asked = ("a11_1",)
    assert offered("q", asked).removeprefix("you may use ").split(", ") == [
        *("w111", "b11", "L", "o2_1", "o1_1", "a12_1", "x1_1", "x2_1", "lr", "w121", "w211", "o2_2", "o1_2"),
        "…",
    ]
    assert offered("w1", asked).startswith("you may use w111, w121, w211, b11, L, o2_1")
    assert offered("x1", asked).startswith("you may use x1_1, x1_2, x2_1, w111, b11")
    assert offered("x", ()).startswith("you may use x1_1, x2_1, x1_2, L, o2_2")  # no place is asked: in their order
    assert (
        BoundNames(["dL_do1", "dL_do2", "dL_dw11", "w11"])
        .offered("dL/do3", ("w12",))
        .startswith("you may use dL_do1, dL_do2, dL_dw11")
    )


def test_as_many_names_are_listed_as_fit_in_a_line() -> None:
    fitting = {f"w{place:06}": 1.0 for place in range(7)}  # with commas and blanks 61 of 72 characters
    assert refusal("q", {**fitting, "v12345678": 1.0}).endswith("v12345678")
    assert refusal("q", {**fitting, "v123456789": 1.0}).endswith("w000006, …")
    assert refusal("q", {f"w{place}": 1.0 for place in range(17)}).endswith("w15, …")
    assert refusal("q", {f"{letter}1": 1.0 for letter in "abcdfghijklmnoprs"}).endswith("r1, …")


def test_as_many_functions_are_listed_as_fit_in_a_line() -> None:
    assert len(refusal("A(")) <= 120
    assert refusal("A(").startswith('"A" is no function here: there are sigmoid, tanh, relu, exp, ')
    assert refusal("A(").endswith(", …")


def test_e_is_a_name_only_where_it_is_bound() -> None:
    assert read("e-3", {"e": 1.0}).value == -2
    assert read("2e-3", {"e": 1.0}).value == 0.002
    assert read("2e", {"e": 1.5}).value == 3
    assert read("e^2", {"e": 3.0}).value == 9


@pytest.mark.parametrize("name", ["exp", "Max", "π", "pi", "σ", "w′", "∂L/∂w", "1w", "", "x y"])
def test_the_program_cannot_bind_what_nobody_could_type(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be") as caught:
        read("1", {name: 1.0})
    assert not isinstance(caught.value, ReadingError)


def test_a_quantity_that_is_not_finite_cannot_be_used() -> None:
    assert "too large" in refusal("2*w", {"w": math.inf})
    assert "too large" in refusal("w", {"w": math.nan})


ON_THE_SCREEN = {"w": 0.6, "o": -1.2, "x_2": 3.0, "x1_2": 4.0, "δ21_1": 0.5, "dL_do": 2.5, "do_dw": 1.5, "z2": 0.7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2(o-w)", -3.6),
        ("o(1-o)", -2.64),
        ("2(o-w)w", -2.16),
        ("2w", 1.2),
        ("2 w", 1.2),
        ("(o-w)²", 3.24),
        ("w²(1-w)", 0.144),
        ("2-w(1-w)", 1.76),
        ("dL/do*do/dw", 3.75),
        ("dL / do", 2.5),
        ("dL/do/do/dw", 2.5 / 1.5),
        ("2dL/do", 5),
        ("dL/do(1-o)", 5.5),
        ("∂L/∂o·∂o/∂w", 3.75),
        ("∂L/∂o²", 6.25),
        ("dLdo", 2.5),
        ("x2", 3),
        ("x⁽²⁾", 3),
        ("x₁⁽²⁾", 4),
        ("x_1_2", 4),
        ("δ₂₁⁽¹⁾", 0.5),
        ("delta21_1*2", 1),
        ("Delta21_1", 0.5),
        ("e^z2", math.exp(0.7)),
        ("e^z2/(e^z2+e^-w)", math.exp(0.7) / (math.exp(0.7) + math.exp(-0.6))),
    ],
)
def test_what_is_typed_as_the_screen_prints_it(text: str, value: float) -> None:
    assert read(text, ON_THE_SCREEN).value == pytest.approx(value, rel=1e-14)


def test_a_quotient_of_two_names_that_begin_with_d_is_a_quotient() -> None:
    assert read("delta1/delta2", {"δ1": 3.0, "δ2": 2.0}).value == 1.5
    assert read("dL/do", {"dL": 3.0, "do": 2.0, "dL_do": 7.0}).value == 1.5


def test_an_underscore_between_two_digits_is_not_left_out() -> None:
    """x12 could be the second input of sample 1 as well."""
    assert "no name" in refusal("x12", {"x1_2": 1.0})
    assert "x_2" in refusal("x(2)", {"x_2": 1.0})
    assert "could be" in refusal("dldo", {"dL_do": 1.0, "dl_do": 2.0})


def test_a_refusal_spells_names_on_a_keyboard() -> None:
    assert "delta21_1" in refusal("q", {"δ21_1": 1.0, "η": 2.0})
    assert "lr" in refusal("q", {"δ21_1": 1.0, "η": 2.0})
    assert len(refusal("q", {f"do{n}_4_dz2{n}_4": 1.0 for n in range(90)})) <= 120


@pytest.mark.parametrize("text", ["w' = 2.198", "w = 2.198", "w′=2.198", "W=2.198", "w'=  2.198", "w＝2.198"])
def test_the_asked_name_may_stand_before_an_equals_sign(text: str) -> None:
    reading = read(text, {"x": 1.0}, ("w", "w_new"))
    assert (reading.value, reading.is_plain, reading.half_unit) == (2.198, True, 0.0005)


@pytest.mark.parametrize(("text", "asked"), [("∂L/∂w₁₁ = 2x", "dL_dw11"), ("dL/dw11=2x", "dL_dw11"), ("δ₁ = 2x", "δ1")])
def test_a_slope_may_stand_before_an_equals_sign(text: str, asked: str) -> None:
    assert read(text, {"x": 1.5}, (asked,)).value == 3
    assert read_formula(text, {"x": 1.5}, (asked,)).shown == "2·x"


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("v = 0.36", "w is asked for here"),
        ("x = 2", "w is asked for here"),
        ("2*3 = 6", "not both"),
        ("w = 2*3 = 6", "not both"),
        ("w == 6", "not both"),
        ("= 6", "only the number"),
        ("w =", "only the number"),
    ],
)
def test_any_other_equation_is_refused(text: str, mend: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read(text, QUANTITIES, ("w",))
    assert mend in caught.value.message


def test_what_is_asked_for_is_no_name_in_its_own_calculation() -> None:
    for text in ("o*(1-o)", "o(1-o)"):
        with pytest.raises(ReadingError, match="o is what is asked for here: you may use z"):
            read(text, {"z": 0.3}, ("o",))
    with pytest.raises(ReadingError, match="write the error as o-y"):
        read_formula("2*e", ("o", "y"))


@pytest.mark.parametrize("text", ["e", "2*e", "2e", "2*e*x", "E*x"])
def test_in_the_place_of_an_e_the_error_is_told_in_the_names_that_are_there(text: str) -> None:
    mends = "the error as o-y, a small number as 1e-3, Euler's number as exp(1)"
    assert refusal(text, QUANTITIES) == f"e is no name here: write {mends}"
    batch = {"x": 0.7, "o_1": 0.3, "o_2": 0.4, "y_1": 0.2, "y_2": 0.6}
    assert "write the error as o_1-y_1, " in refusal(text, batch)
    assert "write the error as o_2-y_2, " in refusal_of_asked(text, batch, "dL_do_2")


def refusal_of_asked(text: str, names: dict[str, float], asked: str) -> str:
    with pytest.raises(ReadingError) as caught:
        read(text, names, (asked,))
    return caught.value.message


@pytest.mark.parametrize("text", ["e", "2*e", "2e", "2*e*x"])
def test_where_no_error_is_known_the_names_are_told_that_are(text: str) -> None:
    """Where o is asked there is no error yet: its name would not be taken either."""
    said = refusal_of_asked(text, {"x": 1.45, "w": -0.65, "y": 0.85}, "o")
    assert said == "e is no name here: you may use x, w, y; 1e-3 is a small number, exp(1) Euler's"


@pytest.mark.parametrize("text", ["e^2", "e²", "e**2", "x*e²"])
def test_in_the_place_of_a_squared_e_the_square_of_the_error_is_told(text: str) -> None:
    mends = "the square of the error as (o-y)^2, that of Euler's number as exp(2)"
    assert refusal(text, QUANTITIES) == f"e is no name here: write {mends}"
    said = refusal(text, {"x": 1.45, "w": -0.65})
    assert said == "e is no name here: you may use x, w; exp(2) is the square of Euler's number"


def test_a_name_without_its_index_is_told_with_it_where_it_stands_before_a_bracket() -> None:
    one = {"a1": 0.3, "w1": 0.2, "w2": 0.4}
    assert refusal("a(1-a)", one) == '"a" has an index here: write a1'
    assert refusal("w(1-w)", one) == '"w" has an index here: write w1 or w2'
    batch = {"o_1": 0.3, "o_2": 0.4}
    assert refusal("o(2)", batch) == "for that of one sample write o_2"
    assert refusal("o(1-o)", batch) == '"o" has an index here: write o_1 or o_2'


@pytest.mark.parametrize("text", ["σ′(z)", "sigmoid'(z)", "2*tanh′(z)"])
def test_the_slope_of_a_function_is_written_out(text: str) -> None:
    assert refusal(text, {"z": 0.3}).startswith("write out the slope of ")


def test_of_the_names_that_may_be_typed_those_are_told_that_stand_on_the_screen() -> None:
    with pytest.raises(ReadingError) as refused:
        read_formula("q", ["z", "delta", "o", "y"], told=["o", "y"])
    assert refused.value.message == '"q" is no name here: you may use o, y'
    assert read_formula("z", ["z", "o"], told=["o"]).shown == "z"
