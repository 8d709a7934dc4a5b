import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.sparkline import BARS, BROKEN, sparkline


def test_one_value_stands_below_the_highest_bar() -> None:
    assert sparkline([1.32], 10) == "▇"


def test_bars_stay_as_they_are_while_the_loss_falls() -> None:
    losses = [1.32, 0.5, 0.4, 0.3, 0.2]
    whole = sparkline(losses, 10)
    assert whole == "▇▃▂▂▁"
    assert all(whole.startswith(sparkline(losses[:count], 10)) for count in range(1, 6))


def test_a_rising_loss_reaches_the_highest_bar() -> None:
    assert sparkline([1, 4, 16, 64], 10) == "▁▁▂█"


def test_a_wide_span_is_shown_in_logarithms() -> None:
    assert sparkline([1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6], 10) == "▇▆▅▄▃▂▁"
    assert sparkline([1, 1e-3, 0], 10) == "▇▁▁"


def test_a_broken_value_is_a_cross() -> None:
    assert sparkline([1, 2, math.inf, math.nan], 10) == "▄█✗✗"
    assert sparkline([math.nan], 10) == "✗"


def test_a_loss_of_zero_lies_on_the_ground() -> None:
    assert sparkline([0.0], 5) == "▁"
    assert sparkline([1.0, 0.0], 5) == "▇▁"


def test_too_many_values_are_thinned_and_the_newest_stays() -> None:
    bars = sparkline([float(100 - index) for index in range(100)], 8)
    assert len(bars) == 8
    assert bars[0] == "▇"
    assert bars[-1] == "▁"
    assert sparkline([1.0, math.nan], 1) == "✗"


@pytest.mark.parametrize("width", [0, -3])
def test_no_room_is_no_line(width: int) -> None:
    assert sparkline([1, 2], width) == ""
    assert sparkline([], 5) == ""


@given(st.lists(st.floats()), st.integers(-1, 60))
def test_any_values_fit(values: list[float], width: int) -> None:
    bars = sparkline(values, width)
    assert len(bars) == min(len(values), max(width, 0))
    assert set(bars) <= set(BARS + BROKEN)
