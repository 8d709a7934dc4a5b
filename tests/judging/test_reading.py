"""What may be typed, what is refused and with which mend."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from nn_tutor.judging.reading import read
from tests.judging.reads import QUANTITIES, refusal

ROWS = [json.loads(line) for line in (Path(__file__).parent / "data" / "answers.jsonl").read_text("utf-8").splitlines()]


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
        ("xy", "for a product write x*y"),
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
