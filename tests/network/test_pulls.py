"""How hard each row pulls a weight: its part of the slope, which is what it would be without the other rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.network.pulls import delta_of, entering, pulls
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Data, Layer, Loss, LossKind, Network
from nn_tutor.network.training import Timeline

DRAW = np.random.default_rng(5)
INPUTS = tuple(map(tuple, DRAW.normal(size=(7, 3)).round(3).tolist()))
ONE_HOT = tuple(tuple(float(place == n % 2) for place in range(2)) for n in range(7))


def network(kind: LossKind, last: str, batch: str) -> Network:
    layers = (
        Layer(size=(3, 4), biases=(0.1, -0.2, 0.3, 0.0), activation="tanh"),
        Layer(size=(4, 2), activation=last),  # type: ignore[arg-type]
    )
    return Network(layers, Loss(kind, batch=batch), seed=2)  # type: ignore[arg-type]


@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize(
    ("kind", "last"),
    [("squared_error", "identity"), ("binary_cross_entropy", "sigmoid"), ("categorical_cross_entropy", "softmax")],
)
def test_the_pulls_add_up_to_the_slope_and_each_is_that_of_its_row_alone(kind: LossKind, last: str, batch: str) -> None:
    spec, data = network(kind, last, batch), Data(INPUTS, ONE_HOT)
    passed = Timeline(spec, data).at(1)
    for layer, shape in ((1, (4, 3)), (2, (2, 4))):
        for index in np.ndindex(shape):
            ref = Ref("W", layer, index)
            found = pulls(passed, ref)
            assert found.sum() == pytest.approx(passed.backward.dW[layer - 1][index], rel=1e-12, abs=1e-15)
            assert np.array_equal(found, delta_of(passed, ref) * entering(passed, ref))
            for row in (0, 5):
                alone = Timeline(spec, Data((INPUTS[row],), (ONE_HOT[row],))).at(1).backward.dW[layer - 1][index]
                part = 7 if batch == "mean" else 1
                assert found[row] == pytest.approx(alone / part, rel=1e-12, abs=1e-15)


def test_a_penalty_belongs_to_no_row() -> None:
    spec, data, ref = network("squared_error", "identity", "mean"), Data(INPUTS, ONE_HOT), Ref("dW", 1, (0, 0))
    plain, penalised = (Timeline(one, data).at(1) for one in (spec, replace(spec, l2=0.3)))
    assert np.array_equal(pulls(plain, ref), pulls(penalised, ref))
    assert plain.backward.dW[0][0, 0] != penalised.backward.dW[0][0, 0]
