"""What a matrix is made from: its operands, computed as they stand, come to its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn_tutor.network.quantities import TABLE, Quantity, layers_of
from nn_tutor.network.records import Pass, array_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.operands import Operand, operation_of

LAYERS = (
    Layer(weights=((0.5, 0.4), (-1.1, 1.2)), biases=(0.1, -0.3), activation="sigmoid"),
    Layer(weights=((0.4, 1.2), (0.9, -1.1), (-0.5, 0.4)), biases=(0.2, 0.3, -0.1), activation="tanh"),
)
NETWORK = Network(LAYERS, Loss("squared_error"), learning_rate=0.4)
X, Y = ((1.3, 1.1), (-0.2, 0.6), (0.7, -0.9)), ((-0.7, 0.1, -0.2), (0.3, 0.5, 0.2), (0.1, 0.1, 0.4))


def matrix(passed: Pass, kind: Any, layer: int) -> Any:
    """A quantity, or what is given, as the screen has it: one sample as a column, several as rows."""
    many = len(passed.X) > 1
    given = {"input": passed.X, "target": passed.Y, "weight": passed.before.W[layer - 1]}
    if kind == "bias":
        bias = passed.before.b[layer - 1]
        assert bias is not None
        return bias[np.newaxis, :] if many else bias[:, np.newaxis]
    if kind in given:
        found = given[kind]
        assert found is not None
        return found if many or kind == "weight" else found.T
    array = np.asarray(array_of(passed, kind, layer if TABLE[kind].has_layer else None))
    if array.ndim == 1:
        return array[np.newaxis, :] if many else array[:, np.newaxis]
    return array if many or TABLE[kind].axes[0] == "out" else array.T


def computed(passed: Pass, operands: tuple[Operand, ...], *, is_outer: bool) -> Any:
    """The operation as it is written, None where it does not say how."""
    parts = [
        matrix(passed, one.kind, one.layer).T if one.turned else matrix(passed, one.kind, one.layer) for one in operands
    ]
    if is_outer:
        return parts[0] @ parts[1].T
    found: Any = None
    for one, part in zip(operands, parts, strict=True):
        match one.sign:
            case "=":
                found = part
            case "·":
                assert found is not None
                found = found @ part
            case "⊙":
                found = found * part
            case "+":
                found = found + part
            case "− η·":
                found = found - 0.4 * part
            case "= column sums of":
                found = part.sum(axis=0, keepdims=True)
            case _:
                return None
    return found


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("quantity", ["z", "a", "delta", "dL_da", "dX", "dW", "db", "W", "b"])
def test_an_operation_comes_to_its_matrix(quantity: Quantity, rows: int) -> None:
    passed = Timeline(NETWORK, Data(X[:rows], Y[:rows])).at(1)
    for layer in layers_of(NETWORK, quantity):
        operation = operation_of(NETWORK, rows, quantity, layer)
        assert operation is not None
        found = computed(passed, operation.operands, is_outer=operation.is_outer)
        if quantity == "a":  # a function of z, number by number
            assert [one.kind for one in operation.operands] == ["z"]
            continue
        assert found == pytest.approx(matrix(passed, quantity, layer or 1))


def test_the_slope_of_weights_has_delta_at_the_side_and_the_inputs_on_top_for_one_sample_alone() -> None:
    one, many = operation_of(NETWORK, 1, "dW", 1), operation_of(NETWORK, 3, "dW", 1)
    assert one is not None
    assert many is not None
    assert one.is_outer
    assert [(part.kind, part.turned) for part in many.operands] == [("delta", True), ("input", False)]
