"""Slips of sums, paths and layers that are made seldom, each worked out by hand and named by the whole judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import rare_mistakes
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.questions import scale_of_question
from tests.judging.in_a_lesson import judged as as_in_a_lesson
from tests.judging.named import Questions, comes_to, is_named, is_never_accused, judged, layer


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


# Sums of products: two inputs, three hidden units, two outputs

W1, B1 = np.array([[0.62, -0.41], [0.35, 0.83], [-0.57, 0.29]]), np.array([0.21, -0.34, 0.17])
W2, B2 = np.array([[0.74, -0.38, 0.55], [0.93, 0.91, 0.86]]), np.array([0.12, -0.28])
X, Y, RATE = np.array([0.87, -1.36]), np.array([0.15, 0.92]), 0.3


PATHS = Network((layer(W1, B1), layer(W2, B2)), learning_rate=RATE)
ONE_SAMPLE = Data((tuple(X.tolist()),), (tuple(Y.tolist()),))
SAMPLES = Data(((0.87, -1.36), (-0.45, 0.71), (1.23, 0.38)), ((0.15, 0.92), (0.64, 0.27), (0.33, 0.58)))

A1 = sigmoid(W1 @ X + B1)
OUT = sigmoid(W2 @ A1 + B2)
ERROR, BEND2, BEND1 = OUT - Y, OUT * (1 - OUT), A1 * (1 - A1)  # 2/2·(o − y)
DELTA2 = ERROR * BEND2


def test_sums_that_are_multiplied_instead_of_products_that_are_added() -> None:
    questions, arriving = (PATHS, ONE_SAMPLE), DELTA2.sum() * W2.sum(axis=0)
    theirs, right = "(Σ δ₂)·(Σ w₂)", "Σ δ₂·w₂"
    is_named(questions, "dL_da1[0,0]", arriving[0], "sums-multiplied", theirs, right=right)
    is_named(questions, "dW1[0,1]", arriving[0] * BEND1[0] * X[1], "sums-multiplied", theirs, right=right)
    is_named(questions, "db1[2]", arriving[2] * BEND1[2], "sums-multiplied", theirs, right=right)
    new = W1[0, 1] - RATE * arriving[0] * BEND1[0] * X[1]
    is_named(questions, "W1[0,1]", new, "sums-multiplied", theirs, right=right)
    each = ERROR.sum() * BEND2.sum() * W2.sum(axis=0)
    is_named(questions, "dL_da1[0,2]", each[2], "sums-multiplied", "(Σ ∂L/∂o)·(Σ ∂o/∂z₂)·(Σ w₂)", right=right)


def test_sums_that_are_multiplied_in_a_weighted_sum_and_over_samples() -> None:
    whole = W1[1].sum() * X.sum() + B1[1]
    is_named((PATHS, ONE_SAMPLE), "z1[0,1]", whole, "sums-multiplied", "(Σ w₁)·(Σ x) + b₁", right="Σ w₁·x + b₁")
    line = Network((layer(np.array([[0.83]]), activation="identity"),), learning_rate=RATE)
    data = Data(((1.3,), (-0.7,), (0.9,)), ((0.4,), (1.1,), (-0.2,)))
    x, y = np.array([1.3, -0.7, 0.9]), np.array([0.4, 1.1, -0.2])
    delta = 2 / 3 * (0.83 * x - y)
    is_named((line, data), "dW1[0,0]", delta.sum() * x.sum(), "sums-multiplied", "(Σ ∂L/∂o)·(Σ x)")
    is_named((line, data), "dW1[0,0]", delta.sum() * x.mean(), "sums-multiplied", "(Σ ∂L/∂o)·(the mean of x)")
    decaying, two = replace(line, l2=0.4), Data(data.inputs[:2], data.targets and data.targets[:2])
    delta = 2 / 2 * (0.83 * x - y)[:2]
    value = delta.sum() * x[:2].sum() + 0.4 * 0.83
    is_named((decaying, two), "dW1[0,0]", value, "sums-multiplied", "(Σ ∂L/∂o)·(Σ x)")


def test_no_sums_are_multiplied_where_there_is_one_path() -> None:
    one_output = Network((layer(W1, B1), layer(W2[:1], B2[:1])), learning_rate=RATE)
    data = Data((tuple(X.tolist()),), ((0.15,),))
    assert not comes_to((one_output, data), "dL_da1[0,0]", "sums-multiplied")
    assert not comes_to((one_output, data), "dW2[0,0]", "sums-multiplied")
    assert not comes_to((PATHS, SAMPLES), "delta2[1,0]", "sums-multiplied")  # nothing is summed there
    one_unit = Network((layer(W1[:1], B1[:1]), layer(W2[:, :1], activation="identity")), learning_rate=RATE)
    assert len(comes_to((one_unit, ONE_SAMPLE), "dL_da1[0,0]", "sums-multiplied")) == 1
    shared = Network((layer(W1, B1), layer(np.array([[0.5, 0.6, 0.7]] * 2), activation="identity")))
    assert len(comes_to((shared, ONE_SAMPLE), "dL_da1[0,0]", "sums-multiplied")) == 1  # the same weight on both paths


def test_sums_are_multiplied_in_the_letters_of_the_sheet() -> None:
    turned = replace(PATHS, conventions=Conventions(error="target-minus-output"))
    [slip] = [
        one.slip
        for one in rare_mistakes(
            Case(turned, Timeline(turned, ONE_SAMPLE).at(1), parse_ref("dL_da1[0,0]")), abs(float(DELTA2 @ W2[:, 0]))
        )
        if one.mistake.id == "sums-multiplied" and one.slip.theirs.startswith("(Σ δ")
    ]
    assert (slip.symbol, slip.theirs, slip.right) == ("−∂L/∂a₁", "(Σ δ₂)·(Σ w₂)", "Σ δ₂·w₂")


# The logarithms of all outputs

CLASSES = Network((layer(W1, B1, "softmax"),), Loss("categorical_cross_entropy"), learning_rate=RATE)
E = np.exp(W1 @ X + B1)


def test_the_logarithms_of_all_outputs_are_added() -> None:
    one = Data(ONE_SAMPLE.inputs, ((0.0, 1.0, 0.0),))
    value = -np.log(E / E.sum()).sum()
    is_named((CLASSES, one), "loss", value, "every-logarithm", "−Σ ln(o)", right="−Σ y·ln(o)")
    several = Data(SAMPLES.inputs, ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    e = np.exp(np.array(SAMPLES.inputs) @ W1.T + B1)
    value = -np.log(e / e.sum(axis=1, keepdims=True)).sum() / 3
    is_named((CLASSES, several), "loss", value, "every-logarithm", "−1/3·Σ ln(o)")


def test_the_logarithms_of_several_yes_or_no_outputs_are_added() -> None:
    network = Network((layer(W1, B1),), Loss("binary_cross_entropy", outputs="sum"), learning_rate=RATE)
    data = Data(ONE_SAMPLE.inputs, ((0.0, 1.0, 1.0),))
    is_named((network, data), "loss", -np.log(A1).sum(), "every-logarithm", "−Σ ln(o)")
    single = Network((layer(W1[:1], B1[:1]),), Loss("binary_cross_entropy"), learning_rate=RATE)
    judgement = judged("lesson", (single, Data(ONE_SAMPLE.inputs, ((0.0,),))), "loss", -np.log(A1[0]))
    assert judgement.mistakes == ("other-half-of-cross-entropy",)  # of one output that is what it is


# Two classes behind a sigmoid, of which the target of the other one was taken

BENT = (Network((layer(np.array([[0.62]]), np.array([0.28])),), Loss("binary_cross_entropy"), RATE), 1.37)
P = float(sigmoid(np.array(0.62 * 1.37 + 0.28)))
"""What comes out for the one sample."""


def test_the_target_of_the_other_class_of_two() -> None:
    fused, x = BENT
    questions, theirs, right = (fused, Data(((x,),), ((0.0,),))), "o − (1 − y)", "o − y"
    is_named(questions, "delta1[0,0]", P - 1, "other-class", theirs, right=right)
    is_named(questions, "db1[0]", P - 1, "other-class", theirs, right=right)
    is_named(questions, "dW1[0,0]", (P - 1) * x, "other-class", theirs, right=right)
    is_named(questions, "W1[0,0]", 0.62 - RATE * (P - 1) * x, "other-class", theirs, right=right)
    for name, text in (("delta1[0,0]", "o - 1"), ("dW1[0,0]", "(o-1)*x"), ("W1[0,0]", "w - lr*(o-1)*x")):
        assert as_in_a_lesson(*questions, name, text).mistakes == ("other-class",), text


def test_the_target_of_the_other_class_where_the_error_is_squared() -> None:
    network, x = replace(BENT[0], loss=Loss()), BENT[1]
    questions, theirs = (network, Data(((x,),), ((0.0,),))), "2·(o − (1 − y))"
    is_named(questions, "dL_do[0,0]", 2 * (P - 1), "other-class", theirs, right="2·(o − y)")
    is_named(questions, "dW1[0,0]", 2 * (P - 1) * P * (1 - P) * x, "other-class", theirs, right="2·(o − y)")


def test_no_other_class_where_there_are_none_or_where_the_target_was_forgotten() -> None:
    """With a target of 1 the other one is 0, and nobody can tell it from a target that was forgotten."""
    fused, x = BENT
    one = (fused, Data(((x,),), ((1.0,),)))
    assert judged("lesson", one, "dW1[0,0]", P * x).mistakes == ("forgot-target",)
    assert comes_to((fused, Data(((x,),), ((0.3,),))), "dW1[0,0]", "other-class") == []
    line = Network((layer(np.array([[0.62]]), activation="identity"),), learning_rate=RATE)
    assert comes_to((line, Data(((x,),), ((0.0,),))), "dW1[0,0]", "other-class") == []
    assert comes_to((PATHS, Data((tuple(X.tolist()),), ((0.0, 1.0),))), "dW2[0,0]", "other-class") == []


# A layer left out

CHAIN = (0.97, -1.36, 1.14, 0.83)


def deep(weights: tuple[float, ...]) -> Questions:
    layers = tuple(layer(np.array([[w]])) for w in weights)
    return Network(layers, learning_rate=3.0), Data(((1.43,),), ((0.23,),))


def chained(weights: tuple[float, ...]) -> tuple[list[float], list[float]]:
    """Every activation's slope, and δ of the last layer before it is passed on, worked out link by link."""
    a, bends = 1.43, []
    for w in weights:
        a = float(1 / (1 + np.exp(-w * a)))
        bends.append(a * (1 - a))
    return bends, [2 * (a - 0.23) * bends[-1]]


def test_a_layer_is_left_out_on_the_way_back() -> None:
    bends, (delta3,) = chained(CHAIN[:3])
    theirs, right = "δ₃·w₃", "δ₂·w₂"
    is_named(deep(CHAIN[:3]), "delta1[0,0]", delta3 * CHAIN[2] * bends[0], "layer-left-out", theirs, right=right)
    value = delta3 * CHAIN[2] * bends[0] * 1.43
    is_named(deep(CHAIN[:3]), "dW1[0,0]", value, "layer-left-out", theirs, right=right)
    is_named(deep(CHAIN[:3]), "W1[0,0]", CHAIN[0] - 3 * value, "layer-left-out", theirs, right=right)
    is_named(deep(CHAIN[:3]), "dX[0,0]", delta3 * CHAIN[2] * bends[0] * CHAIN[0], "layer-left-out", theirs)


def test_with_the_other_weights_it_is_the_error_of_the_output_that_was_taken() -> None:
    """That is the very same number: δ of the last layer in the place of that below, and then all as it should be."""
    bends, (delta3,) = chained(CHAIN[:3])
    judgement = judged("lesson", deep(CHAIN[:3]), "delta1[0,0]", delta3 * CHAIN[1] * bends[0])
    assert judgement.mistakes == ("output-error-as-hidden-delta",)


def test_a_layer_in_the_middle_is_left_out() -> None:
    bends, (delta4,) = chained(CHAIN)
    delta3 = delta4 * CHAIN[3] * bends[2]
    is_named(deep(CHAIN), "delta1[0,0]", delta3 * CHAIN[1] * bends[0], "layer-left-out", "δ₃·w₂", right="δ₂·w₂")
    is_named(deep(CHAIN), "delta1[0,0]", delta3 * CHAIN[2] * bends[0], "layer-left-out", "δ₃·w₃", right="δ₂·w₂")


def test_a_layer_is_left_out_only_where_its_neighbours_fit() -> None:
    """Two units, then three, then two, then one: no weights lead from the last δ to the first units."""
    W3 = np.array([[0.44, -0.72]])
    network = Network((layer(np.array([[0.3, 0.8]] * 2)), layer(W1), layer(W2), layer(W3)), learning_rate=RATE)
    questions = network, Data((tuple(X.tolist()),), ((0.4,),))
    assert not comes_to(questions, "delta2[0,1]", "layer-left-out")
    assert len(comes_to(questions, "delta1[0,1]", "layer-left-out")) == 0  # W₂ is 3 by 2, W₃ 2 by 3: δ₃ has 2
    square = Network((layer(W1[:2]), layer(np.array([[0.7, -0.2], [0.5, 0.9]])), layer(W2[:, :2])))
    data = Data((tuple(X.tolist()),), ((0.4, 0.7),))
    ref = parse_ref("delta1[0,1]")
    passed = Timeline(square, data).at(1)
    found = rare_mistakes(Case(square, passed, ref), scale_of_question(passed, ref))
    left_out = [one for one in found if one.mistake.id == "layer-left-out"]
    assert [one.slip.theirs for one in left_out] == ["Σ δ₃·w₂", "Σ δ₃·w₃"]
    delta3, bend1 = passed.backward.delta[2][0], passed.backward.da_dz[0][0]
    W2_square, W3_square = (np.array(one.weights) for one in square.layers[1:])
    by_hand = [(delta3 @ W)[1] * bend1[1] for W in (W2_square, W3_square)]
    assert [one.value for one in left_out] == pytest.approx(by_hand)


# The number of another place


def test_the_number_of_another_unit_weight_or_sample() -> None:
    one, several = (PATHS, ONE_SAMPLE), (PATHS, SAMPLES)
    z1 = W1 @ X + B1
    assert comes_to(one, "z1[0,1]", "another-unit") == pytest.approx([z1[0], z1[2]])
    assert comes_to(one, "dX[0,1]", "another-unit") == pytest.approx([((DELTA2 @ W2) * BEND1) @ W1[:, 0]])
    assert len(comes_to(one, "dW2[1,0]", "another-unit")) == 5
    assert comes_to(several, "z1[1,0]", "another-sample") == pytest.approx(
        [float(W1[0] @ np.array(SAMPLES.inputs[row]) + B1[0]) for row in (0, 2)]
    )
    assert comes_to(one, "z1[0,0]", "another-sample") == []
    assert comes_to(one, "loss", "another-unit") == []


def test_no_other_place_is_looked_for_among_many_or_between_the_units_of_softmax() -> None:
    def wide(units: int, rows: int = 1) -> Questions:
        weights = np.arange(1, 2 * units + 1).reshape(units, 2) / 10
        inputs = tuple((0.3 + row, 0.7 - 0.2 * row) for row in range(rows))
        return Network((layer(weights, activation="identity"),)), Data(inputs, ((0.5,) * units,) * rows)

    assert len(comes_to(wide(8), "a1[0,0]", "another-unit")) == 7
    assert comes_to(wide(9), "a1[0,0]", "another-unit") == []
    assert len(comes_to(wide(12), "dW1[0,0]", "another-unit")) == 23
    assert comes_to(wide(13), "dW1[0,0]", "another-unit") == []
    assert len(comes_to(wide(1, rows=8), "a1[0,0]", "another-sample")) == 7
    assert comes_to(wide(1, rows=9), "a1[0,0]", "another-sample") == []
    one = Data(ONE_SAMPLE.inputs, ((0.0, 1.0, 0.0),))
    squared = Network((layer(W1, B1, "softmax"),))
    assert comes_to((squared, one), "da_dz1[0,0,1]", "another-unit") == []


# Who does it right


@pytest.mark.parametrize("decimals", [3, 4, 5])
@pytest.mark.parametrize(
    "questions",
    [
        (PATHS, ONE_SAMPLE),
        (PATHS, SAMPLES),
        (CLASSES, Data(ONE_SAMPLE.inputs, ((0.0, 1.0, 0.0),))),
        deep(CHAIN),
    ],
    ids=["paths", "samples", "classes", "deep"],
)
def test_who_does_it_right_and_rounds_on_the_way_is_never_accused(questions: Questions, decimals: int) -> None:
    is_never_accused(questions, decimals)
