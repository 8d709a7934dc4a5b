"""The functions that are offered beside a question are those that its calculation wants, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from nn_tutor.judging.names import function_called
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import ActivationName, Layer, Loss, LossKind, Network
from nn_tutor.walkthrough.functions import functions_for

A, SLOPE, DELTA, W = Ref("a", 1, (0, 0)), Ref("da_dz", 1, (0, 0)), Ref("delta", 1, (0, 0)), Ref("W", 1, (0, 0))


def network(activation: ActivationName = "identity", loss: LossKind = "squared_error") -> Network:
    weights = ((0.5,), (0.7,)) if activation == "softmax" else ((0.5,),)
    return Network((Layer(weights, activation=activation),), Loss(loss), 0.3)


@pytest.mark.parametrize(
    ("activation", "ref", "wanted"),
    [
        ("identity", A, ()),
        ("sigmoid", A, ("sigmoid",)),
        ("sigmoid", SLOPE, ()),  # from the value itself
        ("tanh", A, ("tanh",)),
        ("relu", A, ()),  # two pieces, told apart without a function
        ("leaky_relu", A, ()),
        ("silu", A, ("sigmoid",)),  # its rule is the question
        ("gelu", A, ("Phi",)),
        ("softplus", A, ("ln", "exp")),
        ("elu", SLOPE, ("exp",)),
        ("gelu", SLOPE, ("Phi", "phi")),
        ("silu", SLOPE, ("sigmoid",)),
        ("softmax", A, ("exp",)),
        ("sigmoid", DELTA, ()),
        ("sigmoid", W, ()),
    ],
)
def test_functions_of_an_activation(activation: ActivationName, ref: Ref, wanted: tuple[str, ...]) -> None:
    assert functions_for(network(activation), ref) == wanted


def test_functions_of_a_loss_and_of_a_whole_pass() -> None:
    assert functions_for(network("sigmoid", "binary_cross_entropy"), Ref("loss")) == ("ln",)
    assert functions_for(network(loss="absolute_error"), Ref("loss")) == ()
    assert functions_for(network("softmax", "categorical_cross_entropy"), DELTA, with_forward=True) == ("exp", "ln")
    assert functions_for(network(), DELTA, with_forward=True) == ()


def test_functions_of_an_update() -> None:
    plain = network()
    adam = replace(plain, optimizer=Optimizer("adam"))
    assert functions_for(plain, W) == ()
    assert functions_for(adam, W) == ("sqrt",)
    assert functions_for(adam, Ref("m", 1, (0, 0))) == ()


def test_each_of_them_can_be_typed() -> None:
    for activation in get_args(ActivationName):
        for ref in (A, SLOPE):
            assert all(function_called(name) for name in functions_for(network(activation), ref))
