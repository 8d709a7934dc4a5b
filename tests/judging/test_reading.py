"""What may be typed, what is refused and with which mend."""

from __future__ import annotations

import io
import json
import math
import tokenize
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import nn_tutor
from nn_tutor.judging.expression import number_text
from nn_tutor.judging.reading import Reading, ReadingError, canonical, printed, read, read_formula, read_sign, visible

QUANTITIES = {"x": 2.0, "w": 0.6, "o": -1.2, "y": 0.36, "lr": 0.3}
ROWS = [json.loads(line) for line in (Path(__file__).parent / "data" / "answers.jsonl").read_text("utf-8").splitlines()]


def refusal(text: str, names: dict[str, float] | None = None) -> str:
    with pytest.raises(ReadingError) as caught:
        read(text, names or {})
    assert str(caught.value) == caught.value.message
    assert is_safe(caught.value.message)
    return caught.value.message


def is_safe(message: str) -> bool:
    return bool(message) and not any(unicodedata.category(character)[0] == "C" for character in message)


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row['class']}" for number, row in enumerate(ROWS)])
def test_the_table_of_answers(row: dict[str, object]) -> None:
    text = str(row["input"])
    if row["expect"] == "error":
        refusal(text)
        refusal(text, QUANTITIES)
    else:
        assert read(text).value == pytest.approx(row["value"], rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".5", 0.5),
        ("5.", 5),
        ("--1", 1),
        ("2*(0.4-1)*0.5", -0.6),
        ("3×4", 12),
        ("8÷2", 4),
        ("2^-1", 0.5),
        ("2**3", 8),
        ("2^-2*4", 1),
        ("-2^-2", -0.25),
        ("2^-2^2", 2**-4),
        ("8/4/2", 1),
        ("8-4-2", 2),
        ("2*-3+4", -2),
        ("π", math.pi),
        ("pi/2", math.pi / 2),
        ("½", 0.5),
        ("-½", -0.5),
        ("⅔", 2 / 3),
        ("36 %", 0.36),
        ("-36%", -0.36),
        ("36％", 0.36),
        ("٠.٣", 0.3),
        ("exp(1)", math.e),
        ("√4", 2),
        ("2√4", 4),
        ("3/(√4 + 1)", 1),
        ("√(9 + 16)·2", 10),
        ("8·0.5^⌊(6 − 1)/2⌋", 2),
        ("⌊−0.5⌋(3)", -3),
        ("floor(2.9)", 2),
        ("cos(π)", -1),
        ("ln(exp(2))", 2),
        ("log(exp(2))", 2),
        ("sigmoid(-800)", 0),
        ("σ(0)", 0.5),
        ("ReLU(-3)", 0),
        ("relu(3)", 3),
        ("abs(-3)", 3),
        ("min(3, 1, 2)", 1),
        ("\ufeff\u3000 0.36\r\n\t", 0.36),
        ("−(0.36)", -0.36),
        ("2(3)", 6),
        ("2(3+(1))-1", 7),
        ("(2)(3)", 6),
        ("-2(3)(4)", -24),
        ("2exp(0)", 2),
        ("3 π", 3 * math.pi),
        ("2²", 4),
        ("-2²", -4),
        ("(1-3)²(1+1)", 8),
        ("2^2²", 16),
        ("2*½", 1),
        ("½(3-1)²", 2),
        ("9⁄25", 0.36),
        ("-1⁄2 + 1", 0.5),
        ("e^(1-1)", 1),
        ("2e^-(1-1)", 2),
    ],
)
def test_accepted(text: str, value: float) -> None:
    assert read(text).value == pytest.approx(value, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("", "type a number"),
        ("\u200b \n", "type a number"),
        ("1,5", "1.5"),
        ("0,360", "0.360"),
        (",5", "0.5"),
        ("1,000", "1000 or 1.000"),
        ("1.234,5", "point"),
        ("1'000'000", "write 1000000"),
        ("2*1,5", "write 1.5"),
        ("exp(1,5)", "exp(1.5)"),
        ("-1,5", "write -1.5"),
        ("−0,94", "write -0.94"),
        ("2*-1,5", "write -1.5"),
        ("3-1,5", "write 1.5"),
        ("-,5", "write -0.5"),
        ("-1,000", "-1000 or -1.000"),
        ("2(3", ")"),
        ("(", "something is missing after"),
        ("2*(", "something is missing after"),
        ("()", "nothing stands in the brackets"),
        ("exp(", "a closing bracket ) is missing"),
        ("x y", "x*y"),
        ("x 2", "write *2 or ^2"),
        ("(o-y)2", "write *2 or ^2"),
        ("x(3)", "x*(3)"),
        ("o(x)", "o*(x)"),
        ("f(x)", "no function"),
        ("1/2x", "1/(2*x)"),
        ("1/2(o-y)", "1/(2*x)"),
        ("x/exp(1)(2)", "1/(2*x)"),
        ("2^3x", "x^(2*y)"),
        ("x^2(1-x)", "x^(2*y)"),
        ("e^-x(1-x)", "x^(2*y)"),
        ("xy", "you may use x, w, o, y, lr"),
        ("3x4", "3*4"),
        ("2O", "letter O"),
        ("2tanh", "tanh("),
        ("1½", "1/2"),
        ("1¾", "3/4"),
        ("x½", "1/2"),
        ("2¹", "^1"),
        ("x¹²", "^1"),
        ("x⁻¹", "^"),
        ("1/2⁄3", "(1/2)"),
        ("x⁄2", "(1/2)"),
        ("2^1⁄2", "(1/2)"),
        ("2e^-3", "2e-3 or 2*exp(-3)"),
        ("e^2", "exp(2)"),
        ("e²", "exp(2)"),
        ("2e", "1e-3"),
        ("∂L/∂q", '"dL/dq" is no name'),
        ("0x10", "decimal digits"),
        ("e-3", "1e-3"),
        ("e", "exp(1)"),
        ("1e", "1e-3"),
        ("1e400", "too large"),
        ("0e400", "too large"),
        ("nan", "finite"),
        ("∞", "finite"),
        ("1/0", "divides by zero"),
        ("0^-1", "divides by zero"),
        ("exp(1000)", "too large"),
        ("ln(0)", "above 0"),
        ("True", "digits"),
        ("2j", "real"),
        ("[1]", "round brackets"),
        ("x[2]", "x_2"),
        ("w = 0.36", "only the number"),
        ("≈0.36", "only the number"),
        ("o.36", "0.36"),
        ("|-3|", "abs("),
        ("√-4", "sqrt("),
        ("√", "sqrt("),
        ("√(-4)", "no real value"),
        ("√4²", "two readings"),
        ("√4^2", "two readings"),
        ("x√4", "x*√"),
        ("⌊2.5", "⌋"),
        ("⌊2.5)", "too many"),
        ("2.5⌋", "too many"),
        ("⌊⌋", "nothing"),
        ("w̌", "joins another"),
        ("sqrt 4", "sqrt("),
        ("9//3", "one /"),
        ("3××4", "missing"),
        ("2***3", "missing"),
        ("2+", "missing"),
        ("(1", ")"),
        ("1)", ")"),
        ("36%*2", "0.36"),
        ("(36%)", "0.36"),
        ("2*36%", "0.36"),
        ("max(1)", "two values"),
        ("exp()", "one value"),
        ("w′", "without"),
        ("w'", "without"),
        ("_w", "underscore"),
        ("±1", "+ or -"),
    ],
)
def test_refused_with_the_mend(text: str, mend: str) -> None:
    assert mend in refusal(text, QUANTITIES)


def test_a_decimal_comma_keeps_the_sign_that_is_left() -> None:
    assert "write -0.5" in refusal("-0,5")
    assert "write 0.5" in refusal("--0,5")
    assert "write -0.5" in refusal("---0,5")


def test_an_x_behind_a_number_is_no_product_sign() -> None:
    names = {"x": 2.0, "x4": 3.0}
    assert "decimal digits" in refusal("0x", names)
    assert "decimal digits" in refusal("0x4", names)
    many = "1" * 30
    assert f"write {many[:24]}*4 or {many[:24]}*x4" in refusal(f"{many}x4", names)


def test_an_unknown_name_behind_a_blank_or_a_bracket_is_called_unknown() -> None:
    assert '"x4" is no name here' in refusal("0 x4", QUANTITIES)
    assert '"x4" is no name here' in refusal("(2)x4", QUANTITIES)
    assert "write 3*4" in refusal("3x4", QUANTITIES)


def test_an_unknown_name_is_quoted_alone_but_for_a_slope() -> None:
    assert '"q" is no name here' in refusal("q+w", QUANTITIES)
    assert '"q" is no name here' in refusal("q/dw", QUANTITIES)
    assert '"dq" is no name here' in refusal("dq/w", QUANTITIES)
    assert '"dq/dw" is no name here' in refusal("dq/dw", QUANTITIES)


def test_every_argument_of_a_function_may_be_as_deep_as_the_first() -> None:
    deep = "(" * 23 + "1" + ")" * 23
    assert read(f"max({deep},0)").value == 1
    assert read(f"max(0,{deep})").value == 1
    assert "deep" in refusal(f"max(0,({deep}))")


def test_a_refusal_shows_the_learners_text_as_escapes() -> None:
    assert "\\u202e" in refusal("\u202e63.0")
    assert "\\x1b" in refusal("\x1b[31m5")
    assert "\\udcff" in refusal("\udcff5")


def test_limits_are_checked_before_the_work() -> None:
    assert read("1" + "+1" * 39).value == 40
    assert "too long" in refusal("1" + "+1" * 40)
    assert read("0." + "3" * 118).value == pytest.approx(1 / 3)
    assert "120" in refusal("0." + "3" * 119)
    assert read("(" * 24 + "1" + ")" * 24).value == 1
    for deep in ("-" * 24 + "1", "+" * 24 + "1", "1" + "^1" * 24):
        assert read(deep).value == 1
    for too_deep in (
        "(" * 25 + "1" + ")" * 25,
        "-" * 25 + "1",
        "+" * 25 + "1",
        "2" + "^1" * 25,
        "ln(" * 25 + "1" + ")" * 25,
    ):
        assert "deep" in refusal(too_deep)


# Names


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


def test_as_many_names_are_listed_as_fit_in_a_line() -> None:
    fitting = {f"w{place:06}": 1.0 for place in range(7)}  # with commas and blanks 61 of 72 characters
    assert refusal("q", {**fitting, "v12345678": 1.0}).endswith("v12345678")
    assert refusal("q", {**fitting, "v123456789": 1.0}).endswith("w000006, …")
    assert refusal("q", {f"w{place}": 1.0 for place in range(17)}).endswith("w15, …")
    assert refusal("q", {f"{letter}1": 1.0 for letter in "abcdfghijklmnoprs"}).endswith("r1, …")


def test_as_many_functions_are_listed_as_fit_in_a_line() -> None:
    assert len(refusal("A(")) <= 120
    assert refusal("A(").startswith('"A" is no function here: there are exp, log, ln, ')
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


# What was read


@pytest.mark.parametrize(
    ("text", "shown", "substituted"),
    [
        ("2*(0.4-1)*0.5", "2·(0.4 − 1)·0.5", "2·(0.4 − 1)·0.5"),
        ("w - lr*o", "w − lr·o", "0.6 − 0.3·(−1.2)"),
        ("w-Learning_Rate*o", "w − lr·o", "0.6 − 0.3·(−1.2)"),
        ("o", "o", "−1.2"),
        ("o*x", "o·x", "(−1.2)·2"),
        ("o^2", "o^2", "(−1.2)^2"),
        ("-2^2", "−(2^2)", "−(2^2)"),
        ("2**3**2", "2^(3^2)", "2^(3^2)"),
        ("2^-1", "2^(−1)", "2^(−1)"),
        ("5 - 0.1*-3.6", "5 − 0.1·(−3.6)", "5 − 0.1·(−3.6)"),
        ("-2*3 + -2*3", "−2·3 + (−2·3)", "−2·3 + (−2·3)"),
        ("8/(4/2)", "8/(4/2)", "8/(4/2)"),
        ("((8/4))/2", "8/4/2", "8/4/2"),
        ("1-(2+3)", "1 − (2 + 3)", "1 − (2 + 3)"),
        ("ReLU(o)", "relu(o)", "relu(−1.2)"),
        ("max(0, -x)", "max(0, −x)", "max(0, −2)"),
    ],
)
def test_textbook_spelling(text: str, shown: str, substituted: str) -> None:
    reading = read(text, QUANTITIES)
    assert not reading.is_plain
    assert (reading.shown, reading.substituted) == (shown, substituted)


@pytest.mark.parametrize(
    ("text", "half_unit"),
    [
        ("5", 0.5),
        ("5.", 0.5),
        ("0.36", 0.005),
        ("-0.360", 0.0005),
        ("--1", 0.5),
        ("(-3.6)", 0.05),
        ("36%", 0.005),
        ("3.6e-1", 0.005),
        ("1e3", 500),
        ("1_000", 0.5),
        ("½", 0),
        ("1e-400", 0),
    ],
)
def test_half_a_unit_of_a_plain_number(text: str, half_unit: float) -> None:
    reading = read(text)
    assert reading.is_plain
    assert reading.half_unit == pytest.approx(half_unit)


@pytest.mark.parametrize("text", ["9/25", "π", "x", "abs(2)", "-x", "2*0.36"])
def test_a_calculation_has_no_last_decimal(text: str) -> None:
    reading = read(text, QUANTITIES)
    assert not reading.is_plain
    assert reading.half_unit == 0


@pytest.mark.parametrize(
    ("value", "written"),
    [(-0.6, "−0.6"), (2.0, "2"), (-3.0, "−3"), (1e-05, "1e-05"), (-1e-05, "−1e-05"), (0.0, "0"), (-0.0, "−0")],
)
def test_a_number_in_the_place_of_a_name_has_a_true_minus_before_it(value: float, written: str) -> None:
    assert number_text(value) == written


def test_minus_zero_is_zero() -> None:
    assert math.copysign(1, read("-0.0").value) == 1
    assert read("-0.0").text == "-0.0"


# Signs


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        *((word, 1) for word in ("+", " Plus ", "positive", "POS", "up", "rise", "＋")),
        *((word, -1) for word in ("-", "−", "—", "minus", "Negative", "neg", "down", "fall")),
        *((word, 0) for word in ("0", "zero", "0.0", "-0")),
    ],
)
def test_signs(text: str, sign: int) -> None:
    assert read_sign(text) == sign


@pytest.mark.parametrize("text", ["3", "-0.4", "1/2", "maybe", "", "+-", "\x1b", "1e400", "9" * 500])
def test_no_signs(text: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read_sign(text)
    assert is_safe(caught.value.message)


def test_a_number_for_a_sign_is_told_that_only_the_sign_is_asked() -> None:
    with pytest.raises(ReadingError, match="only the sign"):
        read_sign("-0.4")


# Laws


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, float]:
    """Draw a spelling of a plain number, and the number."""
    whole, decimals = draw(st.text("0123456789", max_size=8)), draw(st.text("0123456789", max_size=8))
    if not whole + decimals:
        whole = "7"
    point = "." if decimals or draw(st.booleans()) else ""
    exponent = draw(st.none() | st.integers(-20, 20))
    sign = draw(st.sampled_from(["", "+", "-"]))
    is_percent = draw(st.booleans())
    power = (exponent or 0) - 2 * is_percent
    value = float(f"{sign}{whole or '0'}.{decimals or '0'}e{power}")
    dash = draw(st.sampled_from("-−–—‑－"))
    zero = draw(st.sampled_from("0０०٠𝟎"))
    digits = (whole + point + decimals).translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)})
    tail = "" if exponent is None else f"{draw(st.sampled_from('eE'))}{exponent}"
    blank = draw(st.sampled_from(["", " ", "\u00a0"]))
    text = f"{sign}{blank}{digits}{tail}{'%' if is_percent else ''}".replace("-", dash)
    edge = st.text(" \t\n\r\u00a0\u200b\ufeff", max_size=3)
    return draw(edge) + text + draw(edge), value


@given(spellings())
@settings(max_examples=80)
def test_any_spelling_of_a_number_is_read_to_it(spelling: tuple[str, float]) -> None:
    text, value = spelling
    reading = read(text)
    assert reading.is_plain
    assert reading.value == value
    assert read(reading.shown).value == value


@st.composite
def calculations(draw: st.DrawFn, depth: int = 4) -> str:
    """Draw a calculation over numbers and names, with and without brackets."""
    shape = draw(st.sampled_from("nnxxso" if depth else "nx"))
    below = calculations(depth=depth - 1)
    match shape:
        case "n":
            return draw(st.sampled_from(["2", "0.36", "1e-3", ".5", "7.", "3", "π", "10"]))
        case "x":
            return draw(st.sampled_from([*QUANTITIES, "η", "W"]))
        case "s":
            frame = draw(st.sampled_from(["-{}", "+{}", "({})", "tanh({})", "exp({})", "sigmoid({})", "relu({})"]))
            return frame.format(draw(below))
        case _:
            operator = draw(st.sampled_from(["+", "-", " − ", "*", "×", "/", "^", "**", "max"]))
            left, right = draw(below), draw(below)
            return f"max({left}, {right})" if operator == "max" else f"{left}{operator}{right}"


@given(calculations())
@settings(max_examples=120)
def test_what_is_shown_is_read_to_the_same_value(text: str) -> None:
    reading = read_or_skip(text)
    assume(max(len(reading.shown), len(reading.substituted)) <= 120)
    assert read_or_skip(reading.shown).value == reading.value
    assert read_or_skip(reading.shown).shown == reading.shown
    assert read_or_skip(reading.substituted).value == reading.value


@st.composite
def products(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """Draw a calculation with product signs left out where that has one reading, and the same with all of them."""
    shape = draw(st.sampled_from("npps" if depth else "n"))
    if shape == "n":
        text = draw(st.sampled_from(["2", "0.36", "½", "1e-3", *QUANTITIES]))
        return text, text
    if shape == "s":
        (left, left_full), (right, right_full) = draw(products(depth=depth - 1)), draw(products(depth=depth - 1))
        sign = draw(st.sampled_from(["+", " - ", "*"]))
        return f"{left}{sign}{right}", f"{left_full}{sign}{right_full}"
    first = draw(st.sampled_from(["2", "3.5", "½", "lr", "(x-y)", "w²", "tanh(w)", "-o"]))
    factors = [(first, first)]
    if first in ("2", "3.5", "½", "(x-y)", "tanh(w)") and draw(st.booleans()):
        factors.append(("w", "w"))
    for _ in range(draw(st.integers(1, 2))):
        inside, full = draw(products(depth=depth - 1))
        power = draw(st.sampled_from(["", "²"]))
        factors.append((f"({inside} + 1){power}", f"({full} + 1){power}"))
    return "".join(factor for factor, _ in factors), "*".join(factor for _, factor in factors)


@given(products())
@settings(max_examples=120)
def test_a_product_without_its_sign_is_the_product(pair: tuple[str, str]) -> None:
    without, full = pair
    assume(len(full) <= 120)
    assert read_or_skip(without).shown == read_or_skip(full).shown


def read_or_refuse(text: str) -> Reading | str:
    """Return the reading of a text, or the message with which it is refused; any other exception fails the test."""
    try:
        return read(text, QUANTITIES, ("w",))
    except ReadingError as error:
        return error.message


def read_or_skip(text: str) -> Reading:
    """Return the reading of a well-formed calculation, which only its size or its domain can make refused."""
    found = read_or_refuse(text)
    if isinstance(found, str):
        assert any(reason in found for reason in ("too l", "deep", "real value", "by zero")), found
    assume(isinstance(found, Reading))
    assert isinstance(found, Reading)
    return found


@given(
    st.text(st.characters(), max_size=130)
    | st.text("0123456789.,eE+-*/^()%½²³⁄xwoyd∂δ⁽⁾ _expmaxlr′'=\x1b\u202e", max_size=40)
)
@example("\ud800")
@example("1e" + "9" * 118)
@example("1e-" + "9" * 117)
@settings(max_examples=250)
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_or_refuse(text)
    if isinstance(found, str):
        assert is_safe(found)
        assert len(found) <= 120
    else:
        assert math.isfinite(found.value)
        assert math.isfinite(found.half_unit)


@given(st.text(st.characters()))
def test_visible_text_is_safe_and_keeps_what_is_harmless(text: str) -> None:
    seen = visible(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in seen)
    assert visible(seen) == seen


def test_visible() -> None:
    assert visible("∂L/∂w = 0.36\u00a0[b]") == "∂L/∂w = 0.36\u00a0[b]"
    assert visible("\x1b[31m\u202e\udcff\n\U000e0001") == "\\x1b[31m\\u202e\\udcff\\x0a\\U000e0001"


# The source


def names_in_the_source(path: Path) -> Iterator[str]:
    """Yield every identifier of a source file, `.eval` for a method; comments and prose are not code."""
    previous = ""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type == tokenize.NAME:
            yield f".{token.string}" if previous == "." else token.string
        previous = token.string


def test_no_text_is_ever_evaluated() -> None:
    package = Path(nn_tutor.__file__).parent
    forbidden = {"eval", "exec", "sympify", "parse_expr", "literal_eval"}
    for path in package.rglob("*.py"):
        found = set(names_in_the_source(path))
        for name in forbidden | ({"lambdify"} if "calculus" not in path.parts else set()):
            assert name not in found, f"{name} in {path}"
            assert name in ("eval", "exec") or f".{name}" not in found, f"{name} in {path}"


@given(st.floats(-1e12, 1e12), st.integers(0, 12))
@example(-0.0001, 2)
@example(0.0, 0)
@example(1e12, 12)
def test_a_printed_number_is_what_its_text_is_read_as(value: float, decimals: int) -> None:
    assert printed(value, decimals) == read(f"{value:.{decimals}f}")
