"""Losses and outputs over grids agree with one pass at a time."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.network.landscape import losses_over, outputs_over
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import batch, forward, initial_parameters, measure
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import Parameters
from nn_tutor.network.spec import Data, Layer, Loss, Network
from tests.counting import calls
from tests.network.drawn import Case, cases

GRID1, GRID2 = (-2.0, -0.3, 0.0, 1.7), (-1.1, 0.4, 2.5)


def parameters_of(network: Network) -> list[Ref]:
    refs = []
    for number, layer in enumerate(network.layers, start=1):
        refs += [Ref("W", number, (out, into)) for out in range(layer.units) for into in range(layer.inputs)]
        refs += [Ref("db", number, (out,)) for out in range(layer.units) if layer.biases is not None]
    return refs


def with_value(parameters: Parameters, ref: Ref, value: float) -> Parameters:
    W = [weights.copy() for weights in parameters.W]
    b = [None if biases is None else biases.copy() for biases in parameters.b]
    place = W[(ref.layer or 1) - 1] if ref.quantity in ("W", "dW") else b[(ref.layer or 1) - 1]
    assert place is not None
    place[ref.index] = value
    return Parameters(tuple(W), tuple(b))


def loss_at(case: Case, *values: tuple[Ref, float]) -> float:
    """Return the loss of one pass with some parameters set; NaN where it has none."""
    X, Y = batch(case.data, tuple(range(len(case.data.inputs))))
    parameters = initial_parameters(case.network)
    for ref, value in values:
        parameters = with_value(parameters, ref, value)
    with np.errstate(all="ignore"):
        try:
            return measure(case.network, parameters, forward(case.network, parameters, X), Y).loss
        except DomainError:
            return math.nan


@settings(deadline=None, max_examples=80)
@given(cases(), st.randoms(use_true_random=False))
def test_a_loss_over_two_parameters_is_that_of_a_pass(case: Case, draw: random.Random) -> None:
    refs = parameters_of(case.network)
    if len(refs) < 2:
        return
    first, second = draw.sample(refs, 2)
    X, Y = batch(case.data, tuple(range(len(case.data.inputs))))
    found = losses_over(case.network, X, Y, initial_parameters(case.network), first, second, GRID1, GRID2)
    expected = [[loss_at(case, (first, one), (second, two)) for one in GRID1] for two in GRID2]
    assert found.shape == (3, 4)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=80)
@given(cases(), st.randoms(use_true_random=False))
def test_a_loss_over_one_parameter_is_that_of_a_pass(case: Case, draw: random.Random) -> None:
    ref = draw.choice(parameters_of(case.network))
    X, Y = batch(case.data, tuple(range(len(case.data.inputs))))
    found = losses_over(case.network, X, Y, initial_parameters(case.network), ref, None, GRID1)
    assert found.shape == (4,)
    np.testing.assert_allclose(found, [loss_at(case, (ref, one)) for one in GRID1], rtol=1e-9, atol=1e-12)


XOR = Network(
    (
        Layer(size=(2, 2), biases=(0.1, -0.2), activation="tanh"),
        Layer(size=(2, 1), biases=(0.0,), activation="sigmoid"),
    ),
    Loss("binary_cross_entropy"),
    seed=1,
)
XOR_DATA = Data(((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), ((0.0,), (1.0,), (1.0,), (0.0,)))


def over(network: Network, data: Data, first: str, second: str | None = None, **grids: object) -> np.ndarray:
    X, Y = batch(data, tuple(range(len(data.inputs))))
    ref = None if second is None else parse_ref(second)
    return losses_over(network, X, Y, initial_parameters(network), parse_ref(first), ref, **grids)  # type: ignore[arg-type]


def test_a_grid_that_is_cut_into_parts_is_whole() -> None:
    rows = tuple((place / 500, 1 - place / 250) for place in range(500))
    data = Data(rows, tuple((float(place % 2),) for place in range(500)))
    wide = Network((Layer(size=(2, 64), activation="tanh"), Layer(size=(64, 1), activation="sigmoid")), seed=2)
    grid1, grid2 = np.linspace(-2, 2, 7), np.linspace(-1, 1, 9)
    found = over(wide, data, "W1[3,1]", "W2[0,5]", grid1=grid1, grid2=grid2)
    case = Case(wide, data)
    for row, column in ((0, 0), (4, 3), (8, 6)):
        values = ((parse_ref("W1[3,1]"), grid1[column]), (parse_ref("W2[0,5]"), grid2[row]))
        assert found[row, column] == pytest.approx(loss_at(case, *values), rel=1e-12)
    alone = over(wide, data, "W1[3,1]", grid1=np.linspace(-2, 2, 50))
    assert alone[7] == pytest.approx(loss_at(case, (parse_ref("W1[3,1]"), np.linspace(-2, 2, 50)[7])), rel=1e-12)


def test_a_weight_of_a_huge_value_leaves_no_trace() -> None:
    network = Network((Layer(((1e9,),)),))
    assert over(network, Data(((0.5,),), ((1.0,),)), "W1[0,0]", grid1=(2.5,)) == pytest.approx([0.0625], rel=1e-12)


def test_an_output_without_a_loss_is_a_gap_and_an_overflow_is_infinite() -> None:
    network = Network((Layer(((0.5,),)),), Loss("binary_cross_entropy"))
    found = over(network, Data(((1.0,),), ((1.0,),)), "W1[0,0]", grid1=(-0.5, 0.5, 1.0, 2.0))
    assert np.isnan(found).tolist() == [True, False, True, True]
    squared = Network((Layer(((0.5,),)),))
    assert over(squared, Data(((1.0,),), ((1.0,),)), "W1[0,0]", grid1=(1e300,))[0] == math.inf


@pytest.mark.parametrize("ref", ["z1[0,0]", "W3[0,0]", "W1[2,0]", "W1[0]", "b1[2]", "W1", "loss"])
def test_what_is_no_parameter_is_said(ref: str) -> None:
    with pytest.raises(ValueError, match="is no parameter of this network"):
        over(XOR, XOR_DATA, ref, grid1=(0.0,))


def test_the_same_parameter_twice_is_said() -> None:
    with pytest.raises(ValueError, match="name two"):
        over(XOR, XOR_DATA, "W1[0,0]", "dW1[0,0]", grid1=(0.0,), grid2=(0.0,))


def test_all_points_of_a_map_go_through_the_layers_together() -> None:
    def work(columns: int, rows: int) -> int:
        grid1, grid2 = np.linspace(-6, 6, columns), np.linspace(-6, 6, rows)
        return calls(lambda: over(XOR, XOR_DATA, "W1[0,0]", "W2[0,1]", grid1=grid1, grid2=grid2))

    assert work(60, 40) < 2 * work(6, 4)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_outputs_are_those_of_a_forward_pass(case: Case) -> None:
    parameters, inputs = initial_parameters(case.network), case.network.inputs
    if inputs > 2:
        with pytest.raises(ValueError, match=f"has {inputs} inputs"):
            outputs_over(case.network, parameters, GRID1, GRID2)
        return
    grids = (GRID1, GRID2)[:inputs]
    found = outputs_over(case.network, parameters, *grids)
    for place in np.ndindex(found.shape[:-1]):
        x = [grid[at] for grid, at in zip(grids, reversed(place), strict=True)]
        expected = forward(case.network, parameters, np.array([x])).o[0]
        np.testing.assert_allclose(found[place], expected, rtol=1e-12, atol=1e-15)
