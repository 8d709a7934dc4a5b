"""Nudging one number: loss curves, kinks, and what is above and below a slope."""

from __future__ import annotations

import math

import pytest

from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import has_kink_between, loss_with, lower_value, upper_value
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline

RELU = Network(
    (
        Layer(weights=((1.0,), (-1.0,)), biases=(0.5, 0.5), activation="relu"),
        Layer(weights=((2.0, 3.0),), biases=(0.25,)),
    )
)
ROWS = Data(((1.0,), (-2.0,)), ((0.0,), (1.0,)))


def first(network: Network, data: Data) -> Pass:
    return Timeline(network, data).at(1)


def test_a_loss_curve_is_the_loss_of_each_weight() -> None:
    network = Network((Layer(weights=((2.75,),)),), learning_rate=0.3)
    passed = first(network, Data(((0.8,),), ((1.05,),)))
    for quantity in ("dW", "W"):
        ref = Ref(quantity, 1, (0, 0))
        assert loss_with(network, passed, ref, (0.0, 2.75, 1.3125)) == pytest.approx([1.05**2, 1.15**2, 0.0])
    assert passed.before.W[0][0, 0] == 2.75
    assert math.isinf(loss_with(network, passed, Ref("dW", 1, (0, 0)), (1e300,))[0])


def test_a_bias_and_an_input_can_be_nudged_too() -> None:
    passed = first(RELU, ROWS)
    assert loss_with(RELU, passed, Ref("db", 2, (0,)), (0.25,)) == [passed.loss.loss]
    assert loss_with(RELU, passed, Ref("dX", None, (1, 0)), (-2.0,)) == [passed.loss.loss]
    assert lower_value(RELU, passed, Ref("db", 1, (1,))) == 0.5
    with pytest.raises(LookupError, match="without biases"):
        loss_with(
            Network((Layer(weights=((1.0,),)),)),
            first(Network((Layer(weights=((1.0,),)),)), Data(((1.0,),), ((1.0,),))),
            Ref("db", 1, (0,)),
            (1.0,),
        )


def test_a_corner_of_relu_is_seen() -> None:
    passed = first(RELU, ROWS)
    # The first unit's z in row 0 is w·1 + 0.5: its corner is at w = −0.5.
    ref = Ref("dW", 1, (0, 0))
    assert has_kink_between(RELU, passed, ref, -0.6, -0.4)
    assert not has_kink_between(RELU, passed, ref, 0.9, 1.1)
    assert has_kink_between(RELU, passed, Ref("delta", 1, (0, 0)), -0.1, 0.1)
    assert has_kink_between(RELU, passed, Ref("da_dz", 1, (0, 0)), -0.1, 0.1)
    assert has_kink_between(RELU, passed, Ref("dX", None, (0, 0)), -0.6, -0.4)
    assert not has_kink_between(RELU, passed, Ref("dL_da", 1, (0, 0)), -1.0, 1.0)
    assert not has_kink_between(RELU, passed, Ref("dz_dw", 1, (0, 0, 0)), -1.0, 1.0)


def test_what_is_no_slope_is_said() -> None:
    with pytest.raises(ValueError, match="is no slope"):
        lower_value(RELU, first(RELU, ROWS), Ref("z", 1, (0, 0)))


def test_an_output_nudged_out_of_its_range_is_said() -> None:
    network = Network((Layer(weights=((40.0,),), activation="sigmoid"),), Loss(kind="binary_cross_entropy"))
    passed = first(network, Data(((1.0,),), ((1.0,),)))
    with pytest.raises(DomainError):
        upper_value(network, passed, Ref("dL_do", None, (0, 0)), 1.0)


def test_the_loss_above_a_row_is_its_own() -> None:
    passed = first(RELU, ROWS)
    at = lower_value(RELU, passed, Ref("delta_sample", 2, (1, 0)))
    assert upper_value(RELU, passed, Ref("delta_sample", 2, (1, 0)), at) == passed.loss.rows[1]
    assert upper_value(RELU, passed, Ref("delta", 2, (1, 0)), at) == passed.loss.loss


def test_the_loss_above_an_output_has_the_penalty_in_it() -> None:
    network = Network(RELU.layers, l2=0.5)
    passed = first(network, ROWS)
    ref = Ref("dL_do", None, (1, 0))
    assert upper_value(network, passed, ref, lower_value(network, passed, ref)) == pytest.approx(passed.loss.loss)
