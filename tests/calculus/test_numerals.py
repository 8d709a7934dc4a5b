"""Numbers as text: from 1e-12 to 1e6 each fits its column and keeps its meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.panels.chain import VALUE_WIDTH

SIZES = st.floats(-12, 6, exclude_max=True).map(lambda power: 10.0**power)


@given(size=SIZES, sign=st.sampled_from([-1, 1]))
def test_a_number_fits_its_column_and_is_the_same_number(size: float, sign: int) -> None:
    text = numeral(sign * size)
    assert len(text) < VALUE_WIDTH
    assert float(text.replace("−", "-")) == pytest.approx(sign * size, rel=5.1e-4)
