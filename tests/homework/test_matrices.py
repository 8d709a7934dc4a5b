"""A matrix is read in every spelling in which it is typed, printed or copied."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.homework.matrices import as_typed, read_rows, read_vector

SQUARE = ((0.1, 0.8), (0.4, 0.6))

SPELLINGS = {
    "typed": "0.1 0.8; 0.4 0.6",
    "commas": "0.1, 0.8; 0.4, 0.6",
    "commas without blanks": ".1,.8;.4,.6",
    "lines": "0.1 0.8\n0.4 0.6\n",
    "lines of Windows": "0.1 0.8\r\n0.4 0.6\r\n",
    "lines as a terminal pastes them": "0.1 0.8\r0.4 0.6",
    "tabs": "0.1\t0.8\n0.4\t0.6",
    "a list in Python": "[[.1,.8],[.4,.6]]",
    "tuples": "((0.1, 0.8), (0.4, 0.6))",
    "lists without brackets around": "[.1, .8], [.4, .6]",
    "a call of NumPy": "W1 = np.array([[0.1, 0.8],\n               [0.4, 0.6]], dtype=float)",
    "printed by NumPy": "[[0.1 0.8]\n [0.4 0.6]]",
    "repr of NumPy": "array([[0.1, 0.8],\n       [0.4, 0.6]])",
    "printed by PyTorch": "tensor([[0.1000, 0.8000],\n        [0.4000, 0.6000]], requires_grad=True)",
    "typed in MATLAB": "W = [0.1 0.8; 0.4 0.6];",
    "printed by MATLAB": "W =\n\n    0.1000    0.8000\n    0.4000    0.6000\n\n",
    "printed by MATLAB with a factor": "   1.0e-03 *\n\n  100.0000  800.0000\n  400.0000  600.0000\n",
    "transposed in MATLAB": "[0.1 0.4; 0.8 0.6]'",
    "transposed in NumPy": "np.array([[0.1, 0.4], [0.8, 0.6]]).T",
    "printed by R": "     [,1] [,2]\n[1,]  0.1  0.8\n[2,]  0.4  0.6",
    "printed by Julia": "2×2 Matrix{Float64}:\n 0.1  0.8\n 0.4  0.6",
    "Mathematica": "{{0.1, 0.8}, {0.4, 0.6}}",
    "LaTeX": r"\begin{bmatrix} 0.1 & 0.8 \\ 0.4 & 0.6 \end{bmatrix}",
    "exponents": "1e-1 8E-1; 4.0e-1 .6",
    "fractions": "1/10 4/5; 2/5 3/5",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_one_matrix_in_many_spellings(text: str) -> None:
    assert np.allclose(read_rows(text), SQUARE, rtol=1e-15, atol=0)


@pytest.mark.parametrize("dash", "-−–‐—")
def test_every_dash_is_a_minus(dash: str) -> None:
    assert read_rows(f"{dash}0.5 {dash}1") == ((-0.5, -1.0),)


@pytest.mark.parametrize(
    ("text", "row"), [("1,0,1", (1, 0, 1)), ("0, 5", (0, 5)), ("[0,5]", (0, 5)), ("0.5,1", (0.5, 1)), ("7", (7,))]
)
def test_a_comma_splits_where_it_can_be_nothing_else(text: str, row: tuple[float, ...]) -> None:
    assert read_rows(text) == (row,)


def test_a_row_that_numpy_breaks_is_one_row() -> None:
    wide = np.round(np.random.default_rng(1).normal(size=(2, 40)), 3)
    assert np.array_equal(read_rows(str(wide)), wide)
    assert np.array_equal(read_rows(repr(wide)), wide)


def test_a_vector_may_stand_upright() -> None:
    assert read_vector("[[1], [2]]") == read_vector("1; 2") == read_vector("1 2") == (1.0, 2.0)


numbers = st.floats(-1e6, 1e6, allow_nan=False)
shapes = st.tuples(st.integers(1, 5), st.integers(1, 5))
matrices = shapes.flatmap(
    lambda shape: st.lists(
        st.lists(numbers, min_size=shape[1], max_size=shape[1]).map(tuple), min_size=shape[0], max_size=shape[0]
    ).map(tuple)
)


@given(matrices)
def test_what_is_written_is_read_again(rows: tuple[tuple[float, ...], ...]) -> None:
    assert read_rows(as_typed(rows)) == rows
    assert read_rows(repr([list(row) for row in rows])) == rows
