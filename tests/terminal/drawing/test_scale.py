import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.calculus.numerals import rounded, tick
from nn_tutor.terminal.drawing import scale

finite = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 10, 6, (0, 2, 4, 6, 8, 10)),
        (0, 1, 3, (0, 0.5, 1)),
        (-1.2, 1.2, 3, (-1, 0, 1)),
        (0.9, 3.3, 5, (1, 1.5, 2, 2.5, 3)),
        (1, 1, 5, ()),
        (0, 1, 0, ()),
        (0, math.inf, 5, ()),
        (math.nan, 1, 5, ()),
    ],
)
def test_ticks_stand_at_nice_numbers(low: float, high: float, most: int, expected: tuple[float, ...]) -> None:
    assert scale.ticks(low, high, most) == pytest.approx(expected)


@given(finite, st.floats(1e-9, 1e6), st.integers(1, 12))
def test_ticks_lie_within_the_range_and_are_not_too_many(low: float, span: float, most: int) -> None:
    high = low + span
    values = scale.ticks(low, high, most)
    slack = 1e-6 * span + 1e-9 * abs(low)
    assert len(values) <= most
    assert list(values) == sorted(values)
    assert all(low - slack <= value <= high + slack for value in values)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (1.5, 0.5, "1.5"),
        (2, 0.5, "2.0"),
        (0.25, 0.25, "0.25"),
        (2.5, 2.5, "2.5"),
        (-3, 1, "−3"),
        (-1e-17, 0.5, "0.0"),
        (1e-6, 1e-6, "1e−6"),
        (2.5e-6, 2.5e-6, "2.5e−6"),
        (1e-5, 5e-6, "1.0e−5"),
        (0, 1e-6, "0"),
        (200_000, 100_000, "2e5"),
        (-1_200_000, 100_000, "−1.2e6"),
        (math.inf, 1, "∞"),
    ],
)
def test_a_tick_has_the_decimals_of_its_step(value: float, step: float, text: str) -> None:
    assert tick(value, step) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.198, "2.198"),
        (1.8400000001, "1.84"),
        (-0.0900623, "−0.09006"),
        (0, "0"),
        (-0.0, "0"),
        (12345.678, "12346"),
        (99999.9, "100000"),
        (0.99999, "1"),
        (1e-12, "1e−12"),
        (-1.23456e-7, "−1.235e−7"),
        (1e6, "1e6"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
    ],
)
def test_a_number_has_no_idle_digits(value: float, text: str) -> None:
    assert rounded(value) == text


@given(st.floats(-1e308, 1e308))
def test_a_written_number_reads_as_about_the_same(value: float) -> None:
    read = float(rounded(value).replace("−", "-"))
    assert read == pytest.approx(value, rel=6e-4, abs=1e-320)


@given(finite, st.floats(1e-3, 1e6), st.integers(1, 40), st.integers(2, 5))
def test_the_rows_of_an_axis_hold_the_range_and_its_ticks_their_rows(
    low: float, span: float, rows: int, wanted: int
) -> None:
    high = low + span
    axis = scale.row_axis(low, high, rows, wanted)
    assert -0.01 <= axis.row(high) <= axis.row(low) <= rows + 0.01
    for value, row in axis.ticks:
        assert 0 <= row < rows
        assert axis.row(value) == pytest.approx(row + 0.5, abs=1e-3)


def test_an_axis_uses_its_height_and_leaves_the_top_row_to_the_title() -> None:
    axis = scale.row_axis(0, 4.6, 13, 3)
    assert [value for value, _ in axis.ticks] == [0, 2, 4]
    assert axis.row(4.6) < 3
    assert all(row > 0 for _, row in axis.ticks)


@given(st.floats(1e-280, 1e140))
def test_the_nice_step_below_is_near(value: float) -> None:
    assert value / 2.001 <= scale.nice_below(value) <= value * 1.001
