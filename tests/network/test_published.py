"""Figures that others have printed, and those that the lessons are built on."""

from __future__ import annotations

import pytest

from nn_tutor.network.passes import initial_parameters
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from tests.network.running import fast_forward
from tests.networks import LINEAR, SQUASHED, VECTOR

# M. Mazur, "A Step by Step Backpropagation Example" (2015).
MAZUR = (
    Network(
        (
            Layer(weights=((0.15, 0.20), (0.25, 0.30)), biases=(0.35, 0.35), train_biases=False, activation="sigmoid"),
            Layer(weights=((0.40, 0.45), (0.50, 0.55)), biases=(0.60, 0.60), train_biases=False, activation="sigmoid"),
        ),
        Loss(factor=0.5, outputs="sum"),
        learning_rate=0.5,
    ),
    Data(((0.05, 0.10),), ((0.01, 0.99),)),
)


def test_one_weight_linear() -> None:
    timeline = Timeline(*LINEAR)
    first = timeline.at(1)
    assert first.backward.dL_do[0, 0] == pytest.approx(2.3)
    assert first.backward.dW[0][0, 0] == pytest.approx(1.84)
    assert _weights(timeline, 3) == [2.1980, 1.8580, 1.6485]
    assert timeline.at(2).backward.dW[0][0, 0] == pytest.approx(1.1334, abs=5e-5)
    below = next(passed.number for passed in timeline.passes() if passed.loss.loss < 0.001)
    assert below == 9


def test_one_weight_sigmoid() -> None:
    timeline = Timeline(*SQUASHED)
    assert _weights(timeline, 3) == [-1.0749, -0.8031, -0.5124]
    assert timeline.at(2).backward.dW[0][0, 0] == pytest.approx(-0.1087, abs=5e-5)


def _weights(timeline: Timeline, passes: int) -> list[float]:
    return [round(float(timeline.at(number).update.after.W[0][0, 0]), 4) for number in range(1, passes + 1)]


def test_vector_network() -> None:
    timeline = Timeline(*VECTOR)
    losses = [timeline.at(number).loss.loss for number in range(1, 16)]
    assert losses[:3] == pytest.approx([1.145, 0.536, 0.297], abs=5e-4)
    assert losses[14] == pytest.approx(0.0007, abs=5e-5)
    assert timeline.at(1).update.after.W[1][0].tolist() == pytest.approx([0.0874, 1.0026], abs=5e-5)


def test_a_two_layer_sigmoid_network_step_by_step() -> None:
    passed = Timeline(*MAZUR).at(1)
    assert passed.loss.loss == pytest.approx(0.298371109, abs=5e-10)
    assert passed.forward.o[0].tolist() == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert passed.backward.dW[1][0, 0] == pytest.approx(0.082167041, abs=5e-10)
    assert passed.update.after.W[1].tolist() == [
        pytest.approx([0.35891648, 0.408666186], abs=5e-9),
        pytest.approx([0.511301270, 0.561370121], abs=5e-10),
    ]
    assert passed.update.after.W[0].tolist() == [
        pytest.approx([0.149780716, 0.19956143], abs=5e-9),
        pytest.approx([0.24975114, 0.29950229], abs=5e-9),
    ]
    assert [b.tolist() for b in passed.update.after.b if b is not None] == [[0.35, 0.35], [0.60, 0.60]]


def test_ten_thousand_passes_of_it() -> None:
    assert Timeline(*MAZUR).at(10_000).loss.loss == pytest.approx(0.0000351085, abs=5e-11)
    network, data = MAZUR
    for done, parameters in fast_forward(network, data, initial_parameters(network), 10_000):
        last = done, parameters
    assert last[0] == 10_000
    assert parameters.W[0].tobytes() == Timeline(network, data).at(10_000).update.after.W[0].tobytes()
