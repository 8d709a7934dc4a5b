"""The graph of a pass: its numbers are the pass's, a changed one changes what follows, and sensitivities are slopes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_tutor.network.evaluation import evaluate, evaluate_all, sensitivities
from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import has_kink_between, lower_value
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, LossKind, Network
from nn_tutor.network.training import StoppedError, Timeline
from tests.networks import numbers_of, random_network

SEEDS = range(60)


def first_pass(seed: int) -> tuple[Network, Pass]:
    """The first pass of a random network with one to four rows; skips a run that cannot be computed."""
    network, data = random_network(seed, most_rows=4)
    try:
        return network, Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_worked_out_from_the_inputs_is_the_number_of_the_pass(seed: int) -> None:
    network, passed = first_pass(seed)
    # A first weighted sum that is given as it is makes everything behind it be worked out again.
    rows = range(passed.X.shape[0])
    given = {Ref("z", 1, (row, 0)): value_of(passed, Ref("z", 1, (row, 0))) for row in rows}
    for ref in numbers_of(network, len(rows)):
        assert evaluate(network, passed, ref, given) == pytest.approx(value_of(passed, ref), rel=1e-11, abs=1e-13), ref


@pytest.mark.parametrize("seed", SEEDS)
def test_sensitivities_are_the_central_differences_of_what_follows_from_a_changed_number(seed: int) -> None:
    network, passed = first_pass(seed)
    every = numbers_of(network, passed.X.shape[0])
    for ref in every[seed % 9 :: 9]:
        for other, slope in sensitivities(network, passed, ref).items():
            value = value_of(passed, other)
            step = 1e-6 * max(abs(value), 1e-3)
            if _leaves_the_loss(network, other, value, step) or _crosses_a_kink(network, passed, other, value, step):
                continue
            high = evaluate(network, passed, ref, {other: value + step})
            low = evaluate(network, passed, ref, {other: value - step})
            assert (high - low) / (2 * step) == pytest.approx(slope, rel=1e-4, abs=1e-5 * max(1.0, abs(slope))), (
                f"{ref} against {other}"
            )


def _leaves_the_loss(network: Network, other: Ref, value: float, step: float) -> bool:
    is_output = other.quantity == "a" and other.layer == len(network.layers)
    return is_output and network.loss.takes_probabilities and not step < value < 1 - step


def _crosses_a_kink(network: Network, passed: Pass, other: Ref, value: float, step: float) -> bool:
    if other.quantity not in ("z", "a"):
        return False
    is_output = other.layer == len(network.layers)
    slope = Ref("delta" if other.quantity == "z" else "dL_da", other.layer, other.index)
    slope = Ref("dL_do", None, other.index) if other.quantity == "a" and is_output else slope
    assert lower_value(network, passed, slope) == value
    return has_kink_between(network, passed, slope, value - step, value + step)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_number_changes_only_what_it_reaches(seed: int) -> None:
    """Where a number has no sensitivity to another one, putting another value there leaves it exactly as it was."""
    network, passed = first_pass(seed)
    every = numbers_of(network, passed.X.shape[0])
    for ref in every[seed % 9 :: 9]:
        reached = sensitivities(network, passed, ref)
        for other in every[seed % 7 :: 7]:
            if other != ref and other not in reached and not _has_another_name(network, other):
                value = value_of(passed, other)
                shift = -value / 2 if _leaves_the_loss(network, other, value, 0.25) else 0.25
                changed = evaluate(network, passed, ref, {other: value + shift})
                assert changed == pytest.approx(value_of(passed, ref), rel=1e-12, abs=1e-15), (ref, other)


@pytest.mark.parametrize("seed", SEEDS[::6])
def test_numbers_worked_out_together_are_those_worked_out_alone(seed: int) -> None:
    network, passed = first_pass(seed)
    every, first = numbers_of(network, passed.X.shape[0]), Ref("z", 1, (0, 0))
    given = {first: value_of(passed, first) + 0.25}
    together = evaluate_all(network, passed, every, given)
    assert list(together) == every
    for ref, value in together.items():
        assert value == pytest.approx(evaluate(network, passed, ref, given), rel=1e-15, nan_ok=True), ref


def _has_another_name(network: Network, ref: Ref) -> bool:
    is_identity = ref.layer is not None and network.layers[ref.layer - 1].activation == "identity"
    return ref.quantity == "delta_sample" or (is_identity and ref.quantity in ("z", "delta"))


def one_layer(activation: ActivationName, kind: LossKind, rows: int = 2) -> tuple[Network, Pass]:
    network = Network(
        (Layer(weights=((0.4, -0.3), (0.2, 0.7)), biases=(0.1, -0.2), activation=activation),), Loss(kind=kind)
    )
    inputs = ((0.5, 1.1), (-0.8, 0.3), (0.4, 0.9))[:rows]
    targets = None if kind == "output" else ((1.0, 0.0), (0.0, 1.0), (1.0, 0.0))[:rows]
    return network, Timeline(network, Data(inputs, targets)).at(1)


def test_two_names_of_one_number_count_as_one() -> None:
    network, passed = one_layer("identity", "squared_error")
    z, o = Ref("z", 1, (1, 0)), Ref("a", 1, (1, 0))
    delta, dL_do = Ref("delta", 1, (1, 0)), Ref("dL_do", None, (1, 0))
    assert evaluate(network, passed, o, {z: 3.0}) == 3.0
    assert evaluate(network, passed, z, {o: 3.0}) == 3.0
    assert evaluate(network, passed, dL_do, {delta: 3.0}) == 3.0
    assert evaluate(network, passed, delta, {dL_do: 3.0}) == 3.0
    network, passed = one_layer("tanh", "squared_error")
    of_sample = Ref("delta_sample", 1, (1, 0))
    assert evaluate(network, passed, of_sample, {delta: 3.0}) == 6.0
    assert evaluate(network, passed, delta, {of_sample: 3.0}) == 1.5
    bias = value_of(passed, Ref("delta", 1, (0, 0))) + 1.5
    assert evaluate(network, passed, Ref("db", 1, (0,)), {of_sample: 3.0}) == pytest.approx(bias)


def test_a_local_slope_stands_for_itself_on_the_way_back_only() -> None:
    network, passed = one_layer("tanh", "squared_error", rows=1)
    slope, delta = Ref("dz_dw", 1, (0, 0, 1)), value_of(passed, Ref("delta", 1, (0, 0)))
    assert evaluate(network, passed, Ref("dW", 1, (0, 1)), {slope: 9.0}) == pytest.approx(9 * delta)
    assert evaluate(network, passed, Ref("dW", 1, (0, 0)), {slope: 9.0}) == value_of(passed, Ref("dW", 1, (0, 0)))
    assert evaluate(network, passed, Ref("z", 1, (0, 0)), {slope: 9.0}) == value_of(passed, Ref("z", 1, (0, 0)))


def test_the_step_that_is_given_is_the_one_that_is_taken() -> None:
    network, passed = one_layer("tanh", "squared_error")
    after, old = Ref("W", 1, (0, 1)), float(passed.before.W[0][0, 1])
    given = {Ref("dW", 1, (0, 1)): 7.0}
    assert evaluate(network, passed, after, given) == pytest.approx(old - network.learning_rate * 7.0)
    assert evaluate(network, passed, after, {**given, Ref("step", 1, (0, 1)): 0.5}) == pytest.approx(old - 0.5)


def test_a_fused_loss_follows_the_output_that_is_given() -> None:
    network, passed = one_layer("sigmoid", "binary_cross_entropy", rows=1)
    o = Ref("a", 1, (0, 0))
    other = math.log1p(-value_of(passed, Ref("a", 1, (0, 1))))
    assert evaluate(network, passed, Ref("loss"), {o: 0.4}) == pytest.approx((-math.log(0.4) - other) / 2)
    assert evaluate(network, passed, Ref("dL_do", None, (0, 0)), {o: 0.4}) == pytest.approx(-1 / 0.4 / 2)
    assert evaluate(network, passed, Ref("delta", 1, (0, 0)), {o: 0.4}) == pytest.approx((0.4 - 1) / 2)
    with pytest.raises(DomainError):
        evaluate(network, passed, Ref("loss"), {o: -3.0})


def test_a_saturated_output_has_finite_sensitivities_and_an_exact_loss() -> None:
    network = Network((Layer(weights=((50.0,),), activation="sigmoid"),), Loss("binary_cross_entropy"))
    passed = Timeline(network, Data(((1.0,),), ((0.0,),))).at(1)
    assert value_of(passed, Ref("a", 1, (0, 0))) == 1.0
    for ref in numbers_of(network, 1):
        assert all(map(math.isfinite, sensitivities(network, passed, ref).values())), ref
    assert evaluate(network, passed, Ref("loss"), {Ref("z", 1, (0, 0)): 60.0}) == pytest.approx(60.0)


def test_nothing_before_a_given_number_is_looked_at() -> None:
    network, passed = one_layer("tanh", "squared_error", rows=1)
    delta = Ref("delta", 1, (0, 0))
    assert set(sensitivities(network, passed, Ref("db", 1, (0,)), {delta: 0.5})) == {delta}


def test_overflow_is_told_by_the_number_alone() -> None:
    network, passed = one_layer("identity", "squared_error")
    with np.errstate(all="raise"):
        assert math.isinf(evaluate(network, passed, Ref("loss"), {Ref("a", 1, (0, 0)): 1e200}))
