"""The weights that a curve is drawn over: its points with a margin, and still from step to step."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.curve import window


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_the_window_covers_its_points_with_a_margin(weights: list[float]) -> None:
    low, high = window(weights)
    spread = max(weights) - min(weights)
    assert low < min(weights)
    assert max(weights) < high
    assert min(weights) - low >= 0.149 * spread
    assert high - max(weights) >= 0.149 * spread


def test_the_window_of_a_wide_spread_has_a_modest_margin() -> None:
    assert window((-10, 10)) == pytest.approx((-15, 15))


def test_the_window_stays_while_the_steps_become_small() -> None:
    weights = [2.75]
    for _ in range(8):
        weights.append(weights[-1] - 0.3 * 1.6 * (0.8 * weights[-1] - 1.05))
    shown = {window((*weights[:count], 1.3125)) for count in range(2, len(weights) + 1)}
    assert len(shown) == 1


def test_a_window_without_numbers_is_around_zero() -> None:
    assert window(()) == (-1, 1)
    assert window((math.nan, math.inf)) == (-1, 1)
    assert window((0.0,))[0] < 0 < window((0.0,))[1]
