"""Far out on a curve, and beyond its edge: finite numbers, or a clear word."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

from nn_tutor.calculus.functions import as_defined
from nn_tutor.calculus.symbols import Z, activation_form
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.losses import LOSSES, DomainError
from nn_tutor.network.passes import batch, initial_parameters, run_pass
from nn_tutor.network.records import Pass
from nn_tutor.network.spec import ELEMENTWISE, ActivationName, Data, Layer, Loss, LossKind, Network, Vector
from nn_tutor.network.training import Stopped, StoppedError, Timeline, guarded_pass
from tests.network.running import fast_forward


def one_layer(kind: LossKind, activation: ActivationName, biases: Vector) -> Network:
    """Return a network whose logits are its biases: the weights are 0."""
    return Network((Layer(weights=((0.0,),) * len(biases), biases=biases, activation=activation),), Loss(kind=kind))


def run(network: Network, targets: Vector | None) -> Pass | Stopped:
    data = Data(((1.0,),), None if targets is None else (targets,))
    return guarded_pass(network, initial_parameters(network), *batch(data, (0,)), number=1, rows=(0,))


@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("z", [-1000.0, -745.0, -710.0, -40.0, 40.0, 710.0, 745.0, 1000.0])
def test_binary_cross_entropy_of_far_logits_is_finite(z: float, target: float) -> None:
    passed = run(one_layer("binary_cross_entropy", "sigmoid", (z,)), (target,))
    assert isinstance(passed, Pass)
    # −y·log σ(z) − (1 − y)·log(1 − σ(z)), where log σ(z) = −log(1 + e⁻ᶻ) ≈ min(z, 0) far out
    assert passed.loss.loss == pytest.approx(-target * min(z, 0) + (1 - target) * max(z, 0), abs=1e-15)
    assert passed.backward.delta[0][0, 0] == pytest.approx((z > 0) - target, abs=1e-15)


@pytest.mark.parametrize("biases", [(1000.0, -1000.0, 0.0), (-1000.0, -1000.0, 1000.0), (1000.0, 1000.0, 1000.0)])
@pytest.mark.parametrize("target", [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.2, 0.3, 0.5)])
def test_categorical_cross_entropy_of_far_logits_is_finite(biases: Vector, target: Vector) -> None:
    passed = run(one_layer("categorical_cross_entropy", "softmax", biases), target)
    assert isinstance(passed, Pass)
    top = max(biases)
    log_sum = top + math.log(sum(math.exp(z - top) for z in biases))
    assert passed.loss.loss == pytest.approx(sum(y * (log_sum - z) for y, z in zip(target, biases, strict=True)))
    np.testing.assert_allclose(passed.backward.delta[0][0], passed.forward.o[0] - target)


def test_a_small_cross_entropy_keeps_its_digits() -> None:
    binary = run(one_layer("binary_cross_entropy", "sigmoid", (23.0,)), (1.0,))
    categorical = run(one_layer("categorical_cross_entropy", "softmax", (23.0, 0.0)), (1.0, 0.0))
    for passed in (binary, categorical):
        assert isinstance(passed, Pass)
        assert passed.loss.loss == pytest.approx(math.log1p(math.exp(-23)), rel=1e-14)


@pytest.mark.parametrize("activation", ["identity", "relu"])
@pytest.mark.parametrize("output", [-0.5, 0.0, 1.0, 1.5])
def test_binary_cross_entropy_of_no_probability_is_said(activation: ActivationName, output: float) -> None:
    network = one_layer("binary_cross_entropy", activation, (output,))
    X, Y = batch(Data(((1.0,),), ((1.0,),)), (0,))
    with pytest.raises(DomainError, match=r"strictly between 0 and 1, but an output is .*sigmoid"):
        run_pass(network, initial_parameters(network), X, Y, number=1, rows=(0,))
    stopped = run(network, (1.0,))
    assert isinstance(stopped, Stopped)
    assert stopped.number == 1
    assert "binary cross-entropy" in stopped.why


@pytest.mark.parametrize("output", [-0.5, 0.0, 1.5])
def test_categorical_cross_entropy_of_no_probability_is_said(output: float) -> None:
    network = one_layer("categorical_cross_entropy", "identity", (output, 0.5))
    stopped = run(network, (0.0, 1.0))
    assert isinstance(stopped, Stopped)
    assert "above 0 and at most 1" in stopped.why
    assert "softmax" in stopped.why


def test_cross_entropy_inside_its_range_needs_no_squashing() -> None:
    passed = run(one_layer("binary_cross_entropy", "identity", (0.25,)), (1.0,))
    assert isinstance(passed, Pass)
    assert passed.loss.loss == pytest.approx(-math.log(0.25))
    assert passed.backward.dL_do[0, 0] == pytest.approx(-4.0)
    assert isinstance(run(one_layer("categorical_cross_entropy", "identity", (1.0,)), (1.0,)), Pass)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softmax"])
def test_other_losses_far_out(activation: ActivationName) -> None:
    for kind in ("squared_error", "output"):
        passed = run(one_layer(kind, activation, (-1000.0, 700.0)), None if kind == "output" else (1.0, 0.0))
        assert isinstance(passed, Pass)


def test_a_logit_out_of_range_is_said_although_its_sigmoid_is_not() -> None:
    network = Network((Layer(weights=((1e200,),), activation="sigmoid"),))
    data = Data(((1e200,),), ((1.0,),))
    with pytest.raises(StoppedError, match="pass 1: overflow"):
        Timeline(network, data).at(1)
    with pytest.raises(StoppedError, match="pass 1: overflow"):
        list(fast_forward(network, data, initial_parameters(network), 1000))


def test_a_loss_out_of_range_is_said_although_its_slope_is_not() -> None:
    network = Network((Layer(weights=((1e160,),)),), learning_rate=0.5)
    data = Data(((1.0,),), ((0.0,),))
    with pytest.raises(StoppedError, match="pass 1: overflow"):
        list(fast_forward(network, data, initial_parameters(network), 1000))


def test_a_reported_loss_out_of_range_is_said() -> None:
    network = Network((Layer(weights=((1e150,),)),), Loss(reported_factor=1e10), learning_rate=0.5)
    stopped = run(network, (0.0,))
    assert isinstance(stopped, Stopped)


@pytest.mark.parametrize("z", [-700.0, -40.0, -1e-9, 0.0, 1e-9, 40.0, 700.0])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_activation_keeps_its_digits_far_out_and_at_zero(name: ActivationName, z: float) -> None:
    """Value and slope agree with 50 digits of SymPy's side, without a warning, up to the rounding of a double."""
    entry = ACTIVATIONS[name]
    a = entry.function(np.array([[z]]))
    slope = entry.derivative(np.array([[z]]), a)
    form = activation_form(name)
    for got, wanted in ((a, form), (slope, sympy.diff(form, Z))):
        exact = float(sympy.N(as_defined(wanted).subs(Z, sympy.Rational(z)), 50))
        assert got.shape == (1, 1)
        assert float(got[0, 0]) == pytest.approx(exact, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_activation_stays_between_its_bounds(name: ActivationName) -> None:
    z = np.linspace(-50, 50, 200_001)
    a, (low, high) = ACTIVATIONS[name].function(z), ACTIVATIONS[name].reach
    assert a.min() >= low - 1e-12
    assert a.max() <= high
    if np.isfinite(low):
        assert a.min() == pytest.approx(low, abs=1e-8)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_change_of_a_slope_is_its_own_slope(name: ActivationName) -> None:
    entry = ACTIVATIONS[name]
    for z in (-2.3, -0.4, 0.3, 1.7):
        given, step = (entry.function(np.array(z)) if entry.slope_in == "a" else np.array(z)), 1e-5
        up, down = (entry.derivative(given + side * step, given + side * step) for side in (1, -1))
        assert float(entry.slope_change(given)) == pytest.approx(float(up - down) / (2 * step), abs=1e-8)


def test_the_slope_of_a_leaky_relu_is_the_one_given() -> None:
    layer = Layer(weights=((1.0,),), activation="leaky_relu", slope=0.3)
    network = Network((layer,), Loss("output"))
    passed = run_pass(network, initial_parameters(network), np.array([[-2.0], [2.0], [0.0]]), None, 1, (0, 1, 2))
    assert passed.forward.a[0].ravel().tolist() == [-0.6, 2.0, 0.0]
    assert passed.backward.da_dz[0].ravel().tolist() == [0.3, 1.0, 0.3]


def test_conventions_at_the_corners_of_losses() -> None:
    """As in PyTorch: the slope of |o − y| at o = y is 0, and that of the hinge loss on the margin is 0."""
    for kind, o, y, wanted in (
        ("absolute_error", 0.5, 0.5, 0.0),
        ("hinge", 1.0, 1.0, 0.0),
        ("hinge", -1.0, -1.0, 0.0),
        ("hinge", 0.99, 1.0, -1.0),
        ("huber", 1.5, 0.5, 1.0),
        ("huber", 3.0, 0.5, 1.0),
    ):
        entry = LOSSES[kind]  # type: ignore[index]
        assert entry.derivative(np.array(o), np.array(o), np.array(y)) == pytest.approx(wanted)
