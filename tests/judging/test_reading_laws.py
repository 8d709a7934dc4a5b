"""Laws of reading: any spelling of a number, a sum or a product is read to it; any text is read or refused."""

from __future__ import annotations

import math
import unicodedata

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from nn_tutor.judging.reading import Reading, ReadingError, printed, read, visible
from tests.judging.reads import QUANTITIES, is_safe


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


@given(st.floats(-1e12, 1e12), st.integers(0, 12))
@example(-0.0001, 2)
@example(0.0, 0)
@example(1e12, 12)
def test_a_printed_number_is_what_its_text_is_read_as(value: float, decimals: int) -> None:
    assert printed(value, decimals) == read(f"{value:.{decimals}f}")
