"""A pass agrees with the same pass in plain loops, and every slope in it with a central difference."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from nn_tutor.network.losses import DomainError
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.passes import batch, forward, initial_parameters, norm_of, run_pass
from nn_tutor.network.perturb import has_kink_between, lower_value, upper_value
from nn_tutor.network.quantities import QUANTITIES, Quantity, Ref, elements, layers_of, shape_of
from nn_tutor.network.records import Parameters, Pass, array_of, value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from tests.network.drawn import Case, cases
from tests.network.loops import pass_in_loops

SLOPES: tuple[Quantity, ...] = ("dL_do", "dL_da", "da_dz", "delta", "delta_sample", "dz_dw", "dz_da", "dW", "db", "dX")


def first_pass(network: Network, data: Data) -> Pass:
    """Run the first pass on all rows."""
    rows = tuple(range(len(data.inputs)))
    return run_pass(network, initial_parameters(network), *batch(data, rows), number=1, rows=rows)


@given(cases())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_pass_agrees_with_plain_loops(case: Case) -> None:
    network = case.network
    try:
        passed = first_pass(network, case.data)
    except DomainError:
        assume(False)
    Y = case.data.targets
    looped = pass_in_loops(
        network,
        [[list(row) for row in W.tolist()] for W in passed.before.W],
        [None if b is None else list(b.tolist()) for b in passed.before.b],
        [list(row) for row in case.data.inputs],
        None if Y is None else [list(row) for row in Y],
    )
    same(passed.loss.loss, looped.loss)
    same(passed.loss.rows, looped.rows)
    same(passed.backward.dL_do, looped.dL_do)
    same(passed.backward.dX, looped.dX)
    assert passed.loss.reported_loss == pytest.approx(
        looped.loss * (network.loss.reported_factor or 1.0) / network.loss.factor
    )
    for index in range(len(network.layers)):
        same(passed.forward.z[index], looped.z[index])
        same(passed.forward.a[index], looped.a[index])
        same(passed.backward.delta[index], looped.delta[index])
        same(passed.backward.delta_sample[index], looped.delta_sample[index])
        same(passed.backward.dW[index], looped.dW[index])
        same(passed.update.after.W[index], looped.new_W[index])
        biases, db, new_b = passed.before.b[index], passed.backward.db[index], passed.update.after.b[index]
        assert (biases is None) == (db is None) == (new_b is None)
        if db is not None:
            same(db, looped.db[index])
            same(new_b, looped.new_b[index])


def same(found: object, wanted: object) -> None:
    """Assert equality but for rounding."""
    np.testing.assert_allclose(
        np.asarray(found, dtype=np.float64), np.asarray(wanted, dtype=np.float64), rtol=1e-9, atol=1e-12
    )


@given(cases())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_every_slope_agrees_with_a_central_difference(case: Case) -> None:
    network = case.network
    rows = len(case.data.inputs)
    try:
        passed = first_pass(network, case.data)
    except DomainError:
        assume(False)
    for quantity in SLOPES:
        for layer in layers_of(network, quantity):
            for ref in elements(network, rows, quantity, layer):
                _nudge(network, passed, ref)


def _nudge(network: Network, passed: Pass, ref: Ref) -> None:
    at = lower_value(network, passed, ref)
    step = 1e-5 * max(1.0, abs(at))
    if ref.quantity == "dL_do" and network.loss.kind.endswith("cross_entropy"):
        step = 1e-4 * min(at, 1 - at)
    if step == 0 or has_kink_between(network, passed, ref, at - step, at + step):
        return
    up, down = (upper_value(network, passed, ref, at + sign * step) for sign in (1, -1))
    slope = value_of(passed, ref)
    bound = 1e-6 * abs(slope) + 1e-9 * max(1.0, abs(up))
    assert (up - down) / (2 * step) == pytest.approx(slope, rel=0, abs=bound), str(ref)


@given(cases())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_quantity_has_the_shape_that_its_grammar_says(case: Case) -> None:
    network, rows = case.network, len(case.data.inputs)
    try:
        passed = first_pass(network, case.data)
    except DomainError:
        assume(False)
    for quantity in QUANTITIES:
        for layer in layers_of(network, quantity):
            array = array_of(passed, quantity, layer)
            assert array.shape == shape_of(network, rows, quantity, layer)
            for ref in elements(network, rows, quantity, layer):
                assert value_of(passed, ref) == array[ref.index or ()]


@given(cases())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_pass_leaves_its_parameters_and_data_as_they_were(case: Case) -> None:
    parameters = initial_parameters(case.network)
    again = initial_parameters(case.network)
    X, Y = batch(case.data, tuple(range(len(case.data.inputs))))
    try:
        run_pass(case.network, parameters, X, Y, number=1, rows=())
    except DomainError:
        assume(False)
    assert np.array_equal(X, case.data.inputs)
    assert Y is None or np.array_equal(Y, np.array(case.data.targets))
    assert _same_bits(parameters, again)


def _same_bits(one: Parameters, other: Parameters) -> bool:
    return [W.tobytes() for W in one.W] == [W.tobytes() for W in other.W] and [
        None if b is None else b.tobytes() for b in one.b
    ] == [None if b is None else b.tobytes() for b in other.b]


def test_what_is_held_keeps_its_value_and_reports_its_gradient() -> None:
    network = Network(
        layers=(
            Layer(
                weights=((0.5, -0.3),), biases=(0.2,), train_biases=False, frozen=frozenset({(0, 1)}), activation="tanh"
            ),
        ),
        learning_rate=0.7,
    )
    passed = first_pass(network, Data(((1.1, 0.9),), ((0.4,),)))
    assert passed.update.after.W[0][0, 1] == -0.3
    assert passed.update.after.W[0][0, 0] != 0.5
    assert passed.update.step_W[0][0, 1] == 0.0
    assert passed.backward.dW[0][0, 1] != 0.0
    held = passed.update.after.b[0]
    assert held is not None
    assert held[0] == 0.2
    db = passed.backward.db[0]
    assert db is not None
    assert db[0] != 0.0


def test_the_update_is_simultaneous() -> None:
    network = Network((Layer(weights=((0.5,),)), Layer(weights=((3.0,),))), learning_rate=0.1)
    passed = first_pass(network, Data(((2.0,),), ((1.0,),)))
    # o = 3, e = 2: ∂L/∂w₁ = 2·e·w₂·x with the old w₂ = 3, although w₂ becomes 2.6.
    assert passed.update.after.W[1][0, 0] == pytest.approx(3.0 - 0.1 * 4)
    assert passed.backward.dW[0][0, 0] == pytest.approx(4 * 3 * 2)


def test_l2_enters_the_loss_and_dW_but_no_delta() -> None:
    layers = (Layer(weights=((0.5, -2.0),), biases=(3.0,)),)
    data = Data(((1.0, 2.0),), ((0.25,),))
    without, with_l2 = (first_pass(Network(layers, l2=l2), data) for l2 in (0.0, 0.4))
    assert with_l2.loss.penalty == pytest.approx(0.2 * (0.25 + 4.0))
    assert with_l2.loss.loss == pytest.approx(without.loss.loss + with_l2.loss.penalty)
    np.testing.assert_allclose(with_l2.backward.dW[0] - without.backward.dW[0], [[0.2, -0.8]])
    assert np.array_equal(with_l2.backward.delta[0], without.backward.delta[0])
    assert with_l2.backward.db[0] == without.backward.db[0]


def test_decay_is_told_apart_from_the_step_of_plain_descent() -> None:
    network = Network((Layer(weights=((0.5,),)),), learning_rate=0.1, optimizer=Optimizer(weight_decay=0.3))
    passed = first_pass(network, Data(((2.0,),), ((0.0,),)))
    assert passed.update.step_W[0][0, 0] == pytest.approx(0.1 * 4)
    assert passed.update.followed.decay_W[0][0, 0] == pytest.approx(0.1 * 0.3 * 0.5)
    assert passed.update.after.W[0][0, 0] == pytest.approx(0.5 - 0.4 - 0.015)


def test_the_reported_loss_is_another_multiple_of_the_same_loss() -> None:
    layers = (Layer(weights=((3.0,),)),)
    data = Data(((1.0,),), ((1.0,),))
    passed = first_pass(Network(layers, Loss(factor=0.5, reported_factor=1.0)), data)
    assert (passed.loss.loss, passed.loss.reported_loss) == (2.0, 4.0)
    assert passed.backward.dW[0][0, 0] == 2.0
    assert first_pass(Network(layers, Loss(factor=0.5)), data).loss.reported_loss == 2.0


def test_the_slope_of_relu_at_zero_is_zero() -> None:
    network = Network((Layer(weights=((0.0,),), activation="relu"),))
    passed = first_pass(network, Data(((1.0,),), ((2.0,),)))
    assert passed.backward.da_dz[0][0, 0] == 0.0
    assert passed.backward.dW[0][0, 0] == 0.0


def test_whole_numbers_are_taken_as_numbers() -> None:
    network = Network((Layer(weights=((1,),), biases=(0,)),), learning_rate=0.25)
    passed = first_pass(network, Data(((1,),), ((0,),)))
    after = passed.update.after.b[0]
    assert after is not None
    assert after.dtype == np.float64
    assert after[0] == -0.5


def test_weights_that_are_not_given_come_from_the_seed() -> None:
    def weights(seed: int, *layers: Layer) -> list[list[list[float]]]:
        return [W.tolist() for W in initial_parameters(Network(layers, seed=seed)).W]

    drawn = Layer(size=(3, 4)), Layer(size=(4, 1))
    assert weights(1, *drawn) == weights(1, *drawn)
    assert weights(1, *drawn) != weights(2, *drawn)
    first, second = weights(7, *drawn)
    assert (len(first), len(first[0]), len(second), len(second[0])) == (4, 3, 1, 4)
    for row in first:
        for weight in row:
            assert abs(weight) <= np.sqrt(6 / 7) + 0.005
            assert weight == round(weight, 2)
    given_first = Layer(weights=((1.0, 2.0, 3.0),)), Layer(size=(1, 2))
    assert weights(7, *given_first)[0] == [[1.0, 2.0, 3.0]]


def test_biases_that_are_absent_have_no_slope() -> None:
    passed = first_pass(Network((Layer(weights=((1.0,),)),)), Data(((1.0,),), ((0.0,),)))
    for quantity in ("db", "b"):
        with pytest.raises(LookupError, match="layer 1 has no"):
            array_of(passed, quantity, 1)


def test_the_output_of_a_forward_pass_is_its_last_activation() -> None:
    network = Network((Layer(weights=((2.0,),)), Layer(weights=((3.0,),))))
    passed = forward(network, initial_parameters(network), np.array([[1.5]]))
    assert passed.o.tolist() == [[9.0]]


def test_parameters_of_another_network_are_refused() -> None:
    deep, shallow = Network((Layer(weights=((2.0,),)), Layer(weights=((3.0,),)))), Network((Layer(weights=((2.0,),)),))
    with pytest.raises(ValueError, match="zip"):
        forward(deep, initial_parameters(shallow), np.array([[1.5]]))
    slopes = first_pass(shallow, Data(((1.5,),), ((0.5,),))).backward
    with pytest.raises(ValueError, match="zip"):
        norm_of(deep, slopes.dW, slopes.db)


def test_a_pass_is_finite_where_all_of_it_is() -> None:
    network = Network((Layer(((0.5, -0.4),), biases=(0.1,)), Layer(((0.7,),))))
    passed = first_pass(network, Data(((1.0, 2.0),), ((0.3,),)))
    assert passed.is_finite
    assert not replace(passed, loss=replace(passed.loss, reported_loss=math.inf)).is_finite
    endless = (np.array([[math.inf, 0.0]]), *passed.update.after.W[1:])
    after = replace(passed.update.after, W=endless)
    assert not replace(passed, update=replace(passed.update, after=after)).is_finite
    nowhere = (np.array([math.nan]), None)
    assert not replace(passed, backward=replace(passed.backward, db=nowhere)).is_finite


def test_a_batch_is_the_rows_that_are_named_in_their_order_or_all() -> None:
    data = Data(((1.0,), (2.0,), (3.0,)), ((10.0,), (20.0,), (30.0,)))
    X, Y = batch(data, (2, 0))
    assert Y is not None
    assert (X.tolist(), Y.tolist()) == ([[3.0], [1.0]], [[30.0], [10.0]])
    X, Y = batch(replace(data, targets=None))
    assert (X.tolist(), Y) == ([[1.0], [2.0], [3.0]], None)


def test_no_weight_is_drawn_as_a_negative_zero() -> None:
    """It would be printed as −0.00; with this seed one weight is rounded to it."""
    (W,) = initial_parameters(Network((Layer(size=(8, 8)),), seed=2)).W
    assert 0.0 in W
    assert not np.signbit(W[W == 0.0]).any()
