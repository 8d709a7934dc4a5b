"""What was read of an answer: its spelling, its digits, its sign; and that no text is ever evaluated."""

from __future__ import annotations

import io
import math
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import nn_tutor
from nn_tutor.judging.expression import number_text
from nn_tutor.judging.reading import ReadingError, read, read_formula, read_sign, read_whole
from tests.judging.reads import QUANTITIES, is_safe


@pytest.mark.parametrize(
    ("text", "shown", "substituted"),
    [
        ("2*(0.4-1)*0.5", "2·(0.4 − 1)·0.5", "2·(0.4 − 1)·0.5"),
        ("w - lr*o", "w − lr·o", "0.6 − 0.3·(−1.2)"),
        ("w-Learning_Rate*o", "w − lr·o", "0.6 − 0.3·(−1.2)"),
        ("o", "o", "−1.2"),
        ("o*x", "o·x", "(−1.2)·2"),
        ("o^2", "o²", "(−1.2)²"),
        ("-2^2", "−(2²)", "−(2²)"),
        ("2**3**2", "2^(3²)", "2^(3²)"),
        ("(o - x)^2/2", "(o − x)²/2", "((−1.2) − 2)²/2"),
        ("x^10", "x^10", "2^10"),
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


def test_a_whole_number_is_read_and_its_example_is_one() -> None:
    assert read_whole(" 20 ", "8") == 20
    assert read_whole("2*6", "8") == 12
    for text in ("many", "7.5", "?"):
        with pytest.raises(ReadingError, match="a whole number, such as 8"):
            read_whole(text, "8")
    with pytest.raises(ReadingError, match="two readings"):
        read_whole("1,000", "8")


def test_what_is_missing_is_told_as_what_is_asked() -> None:
    with pytest.raises(ReadingError, match="type a formula"):
        read_formula(" ", ("x",))
    with pytest.raises(ReadingError, match="only the sign"):
        read_sign("")
