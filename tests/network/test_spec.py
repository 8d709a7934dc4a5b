"""What cannot be a network says where it stands, what was found and what to do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from nn_tutor.network.fit import check_fit
from nn_tutor.network.spec import Data, Layer, Loss, Network, SpecError

ONE = Layer(weights=((1.0,),))
SOFTMAX = Layer(weights=((1.0,), (2.0,)), activation="softmax")


def loss(**keys: Any) -> Loss:
    return Loss(**keys)


def layer(**keys: Any) -> Layer:
    return Layer(**{"weights": ((1.0, 2.0), (3.0, 4.0)), **keys})


def network(**keys: Any) -> Network:
    return Network(**{"layers": (ONE,), **keys})


def fit(of: Network, inputs: Any, targets: Any = None) -> None:
    check_fit(of, Data(inputs, targets))


@pytest.mark.parametrize(
    ("make", "key", "found", "mend"),
    [
        (lambda: layer(weights=None), "weights", "neither weights nor size", "either weights"),
        (lambda: layer(size=(2, 2)), "weights", "both weights and size", "either weights"),
        (lambda: layer(weights=()), "weights", "empty", "at least one row"),
        (lambda: layer(weights=((), ())), "weights", "empty", "at least one row"),
        (lambda: layer(weights=((1.0, 2.0), (3.0,))), "weights[1]", "1 number", "same length"),
        (lambda: layer(weights=((1.0, math.nan), (3.0, 4.0))), "weights", "nan", "finite"),
        (lambda: layer(weights=((1.0, math.inf), (3.0, 4.0))), "weights", "inf", "finite"),
        (lambda: layer(weights=((1.0,) * 65,)), "weights", "65 inputs", "1 to 64"),
        (lambda: layer(weights=None, size=(0, 2)), "size", "0 inputs", "1 to 64"),
        (lambda: layer(weights=None, size=(2, 65)), "size", "65 units", "1 to 64"),
        (lambda: layer(activation="swish"), "activation", "'swish'", '"sigmoid"'),
        (lambda: layer(biases=(1.0,)), "biases", "1 numbers for 2 units", "one bias for each"),
        (lambda: layer(biases=(1.0, -math.inf)), "biases", "-inf", "finite"),
        (lambda: layer(frozen=frozenset({(2, 0)})), "frozen", "[2, 0]", "out below 2, in below 2"),
        (lambda: layer(frozen=frozenset({(0, -1)})), "frozen", "[0, -1]", "counted from 0"),
        (lambda: loss(kind="cubed"), "kind", "'cubed'", '"squared_error"'),
        (lambda: loss(kind="huber", delta=0.0), "delta", "0.0", "above 0"),
        (lambda: loss(delta=0.5), "delta", "0.5 with squared_error", '"huber"'),
        (lambda: layer(activation="leaky_relu", slope=1.0), "slope", "1.0", "between 0 and 1"),
        (lambda: layer(activation="leaky_relu", slope=0.0), "slope", "0.0", '"relu"'),
        (lambda: layer(activation="relu", slope=0.01), "slope", "0.01 with relu", '"leaky_relu"'),
        (lambda: loss(outputs="median"), "outputs", "'median'", '"mean", "sum"'),
        (lambda: loss(batch="max"), "batch", "'max'", '"mean", "sum"'),
        (lambda: loss(factor=0.0), "factor", "0.0", "above 0"),
        (lambda: loss(factor=math.nan), "factor", "nan", "above 0"),
        (lambda: loss(reported_factor=-1.0), "reported_factor", "-1.0", "above 0"),
        (lambda: loss(kind="categorical_cross_entropy", outputs="mean"), "outputs", '"mean"', '"sum"'),
        (lambda: network(layers=()), "layers", "0 layers", "1 to 8"),
        (lambda: network(layers=(ONE,) * 9), "layers", "9 layers", "1 to 8"),
        (lambda: network(learning_rate=-0.1), "learning_rate", "-0.1", "0 or above"),
        (lambda: network(learning_rate=math.inf), "learning_rate", "inf", "0 or above"),
        (lambda: network(l2=-1.0), "update.l2", "-1.0", "0 or above"),
        (lambda: network(batching="some"), "update.batching", "'some'", '"full", "online"'),
        (lambda: network(batch_size=0), "update.batch_size", "0", "1 or above"),
        (lambda: network(seed=-1), "seed", "-1", "whole number"),
        (lambda: network(layers=(ONE, layer())), "layers[1].weights", "takes 2 numbers", "1 weight"),
        (lambda: network(layers=(ONE, Layer(size=(3, 1)))), "layers[1].size", "takes 3 numbers", "1 weight"),
        (lambda: network(layers=(SOFTMAX, layer())), "layers[0].activation", "before the last", "only be last"),
        (
            lambda: network(layers=(SOFTMAX,), loss=loss(kind="binary_cross_entropy")),
            "loss.kind",
            "after softmax",
            "categorical_cross_entropy",
        ),
        (lambda: Data(()), "inputs", "empty", "at least one row"),
        (lambda: Data(((1.0,), (1.0, 2.0))), "inputs[1]", "2 numbers", "same length"),
        (lambda: Data(((math.nan,),)), "inputs", "nan", "finite"),
        (lambda: Data(((1.0,),) * 10_001), "inputs", "10001 rows", "10000"),
        (lambda: Data(((1.0,),), ((1.0,), (2.0,))), "targets", "2 rows for 1 rows", "each row of inputs"),
        (lambda: Data(((1.0,),), ((math.inf,),)), "targets", "inf", "finite"),
        (lambda: fit(network(), ((1.0, 2.0),), ((1.0,),)), "inputs", "rows of 2", "1 number"),
        (lambda: fit(network(), ((1.0,),)), "targets", "missing", "one row of targets"),
        (lambda: fit(network(), ((1.0,),), ((1.0, 2.0),)), "targets", "rows of 2", "1 number"),
        (lambda: fit(network(loss=loss(kind="output")), ((1.0,),), ((1.0,),)), "targets", "has none", "leave them out"),
        (
            lambda: fit(network(loss=loss(kind="binary_cross_entropy")), ((1.0,),), ((1.5,),)),
            "targets[0]",
            "1.5",
            "from 0 to 1",
        ),
        (
            lambda: fit(
                network(layers=(SOFTMAX,), loss=loss(kind="categorical_cross_entropy")),
                ((1.0,), (2.0,)),
                ((0.5, 0.5), (0.5, 0.6)),
            ),
            "targets[1]",
            "sums to 1.1",
            "sum to 1",
        ),
    ],
)
def test_an_error_names_key_finding_and_mend(make: Callable[[], object], key: str, found: str, mend: str) -> None:
    with pytest.raises(SpecError) as raised:
        make()
    assert raised.value.key == key
    assert found in raised.value.found
    assert mend in raised.value.mend
    assert str(raised.value) == f"{key}: {raised.value.found}; {raised.value.mend}"


def test_the_largest_network_is_taken() -> None:
    largest = Network((Layer(size=(64, 64)),) * 8)
    assert (largest.inputs, largest.outputs) == (64, 64)


def test_defaults_of_the_loss() -> None:
    assert (Loss().outputs, Loss().batch, Loss().reported_factor) == ("mean", "mean", 1.0)
    assert Loss(factor=0.5).reported_factor == 0.5
    assert Loss(kind="categorical_cross_entropy").outputs == "sum"
    assert Loss(kind="categorical_cross_entropy", outputs="sum").outputs == "sum"


@pytest.mark.parametrize(
    ("conventions", "scale"),
    [
        (Loss(), 1 / 15),
        (Loss(outputs="sum"), 1 / 5),
        (Loss(batch="sum"), 1 / 3),
        (Loss(outputs="sum", batch="sum"), 1.0),
        (Loss(factor=0.5, outputs="sum"), 0.1),
        (Loss(kind="categorical_cross_entropy"), 1 / 5),
    ],
)
def test_the_scale_of_a_loss(conventions: Loss, scale: float) -> None:
    assert conventions.scale(outputs=3, rows=5) == pytest.approx(scale)


def test_what_is_taken_together_and_what_is_scalar() -> None:
    sigmoid = Layer(weights=((1.0,),), activation="sigmoid")
    assert Network((sigmoid,), Loss(kind="binary_cross_entropy")).is_fused
    assert Network((SOFTMAX,), Loss(kind="categorical_cross_entropy")).is_fused
    assert not Network((sigmoid,), Loss(kind="categorical_cross_entropy")).is_fused
    assert not Network((sigmoid,)).is_fused
    assert Network((sigmoid, ONE)).is_scalar
    assert not Network((SOFTMAX,)).is_scalar


def test_soft_targets_that_sum_to_one_are_taken() -> None:
    of = Network((SOFTMAX,), Loss(kind="categorical_cross_entropy"))
    check_fit(of, Data(((1.0,),), ((1 / 3, 2 / 3),)))
    check_fit(Network((SOFTMAX,)), Data(((1.0,),), ((7.0, -2.0),)))
