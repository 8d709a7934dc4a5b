"""Numbers as text: from 1e-12 to 1e6 each fits its column and keeps its meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.calculus.numerals import fixed, in_decimals, numeral, rounded, scientific, tick
from nn_tutor.terminal.panels.chain_sizes import VALUE_WIDTH

SIZES = st.floats(-12, 6, exclude_max=True).map(lambda power: 10.0**power)


@given(size=SIZES, sign=st.sampled_from([-1, 1]))
def test_a_number_fits_its_column_and_is_the_same_number(size: float, sign: int) -> None:
    text = numeral(sign * size)
    assert len(text) < VALUE_WIDTH
    assert float(text.replace("−", "-")) == pytest.approx(sign * size, rel=5.1e-4)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.7762499999999998, "1.7763"),  # 1.77625 but for the noise of a double
        (1.77625, "1.7763"),
        (-1.77625, "−1.7763"),
        (0.03125 + 0.5, "0.5313"),  # exactly half-way, and the even digit is the lower one
        (9.99995, "10"),
        (1.23450e-5, "1.235e−5"),
        (9.9995e-6, "1e−5"),
        (1.776249, "1.7762"),
        (1.77624999, "1.7762"),
    ],
)
def test_half_way_is_rounded_as_by_hand(value: float, text: str) -> None:
    assert numeral(value) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4e−6", "0.000004"),
        ("−1.235e−5", "−0.00001235"),
        ("2.5e7", "25000000"),
        ("1e−12", "1e−12"),  # a row of zeros that nobody counts
        ("1e300", "1e300"),
        ("0.0036", "0.0036"),
        ("0", "0"),
        ("∞", "∞"),
        ("?", "?"),
    ],
)
def test_a_power_of_ten_is_written_in_decimals(text: str, told: str) -> None:
    assert in_decimals(text) == told


def test_every_way_to_write_a_number_rounds_alike() -> None:
    assert fixed(0.125, 2) == "0.13"
    assert fixed(-1.005, 2) == "−1.01"
    assert fixed(2.5, 0) == "3"
    assert rounded(0.12345) == "0.1235"
    assert rounded(-0.855, 2) == "−0.86"
    assert scientific(-2.5e-4, 0) == "−3e−4"


@given(st.floats(-1e12, 1e12), st.integers(0, 10))
def test_whatever_is_not_half_way_is_rounded_to_the_nearest(value: float, decimals: int) -> None:
    assert abs(float(fixed(value, decimals).replace("−", "-")) - value) <= 0.5 * 10**-decimals + 1e-13 * abs(value)


@given(st.integers(1, 99_999), st.integers(1, 5))
def test_a_short_decimal_number_is_rounded_up_at_a_five(number: int, decimals: int) -> None:
    value = (10 * number + 5) / 10 ** (decimals + 1)
    assert fixed(value, decimals) == f"{(number + 1) // 10**decimals}.{(number + 1) % 10**decimals:0{decimals}d}"


def test_a_tick_far_larger_than_its_small_step_is_no_power_of_ten() -> None:
    assert tick(0.87745, 5e-5) == "0.87745"
    assert tick(5.00001, 1e-5) == "5.00001"
    assert tick(2e-6, 1e-6) == "2e−6"
    assert tick(0.5, 0.5) == "0.5"
