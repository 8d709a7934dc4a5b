"""Every known mistake comes to what it comes to by hand, is named when it is typed, and is never taken as right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.conventions import SAME_SLIP
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.deviations import worlds
from nn_tutor.judging.mistakes.forward import FORWARD
from nn_tutor.judging.mistakes.known import MISTAKES, TELLABLE, known_mistakes
from nn_tutor.judging.mistakes.pairs import ALONE, FACTORS
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question
from tests.networks import random_network

Array = NDArray[np.float64]
Expected = Mapping[str, object]
"""By the id of a mistake the number that it comes to, or several."""


@dataclass(frozen=True)
class Asked:
    """A question, its truth, and the mistakes that apply to it."""

    truth: float
    scale: float
    known: tuple[Candidate, ...]

    def values(self, mistake: str) -> list[float]:
        return [one.value for one in self.known if one.mistake.id == mistake]


def asked(network: Network, data: Data, name: str, number: int = 1) -> Asked:
    timeline, ref = Timeline(network, data), parse_ref(name)
    passed = timeline.at(number)
    scale = scale_of_question(passed, ref)
    previous = timeline.at(number - 1) if number > 1 else None
    return Asked(value_of(passed, ref), scale, known_mistakes(Case(network, passed, ref, previous), scale))


CONVENTIONS = {mistake.id for mistake in MISTAKES if mistake.is_convention}


def check(question: Asked, truth: float, expected: Expected) -> None:
    """The truth is this, and each of these numbers, typed in full, is named as its mistake."""
    assert question.truth == pytest.approx(truth, rel=1e-12)
    for mistake, wanted in expected.items():
        for value in np.atleast_1d(np.asarray(wanted, dtype=float)).tolist():
            assert abs(value - truth) > TELLABLE * question.scale, (
                f"{mistake} cannot be told here: choose other numbers"
            )
            found = question.values(mistake)
            assert any(math.isclose(value, one, rel_tol=1e-9, abs_tol=1e-15) for one in found), (mistake, value, found)
            same = {one.mistake.id for one in question.known if math.isclose(value, one.value, rel_tol=1e-9)}
            text = repr(value) if 0 < abs(value) < 1e-4 else f"{value:.15f}"
            judgement = judge_text(text, question.truth, question.scale, {}, question.known)
            verdict = "convention" if same <= CONVENTIONS else "diagnosed"
            assert judgement.verdict == verdict, (mistake, value, judgement)
            assert mistake in judgement.mistakes, (mistake, value, judgement)
            assert_silent(judgement.message, truth)


def assert_silent(message: str, truth: float) -> None:
    """The message does not hold the truth; a truth of one digit stands in many a rule, such as 1 above 0."""
    shown = numeral(abs(truth))
    if len(shown) > 2:
        assert shown not in message


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def relu(z: float) -> float:
    return max(0.0, z)


# A single weight: o = w·x, L = (o − y)²

W, X, Y, LR, B = 0.62, 1.37, -0.45, 0.03, 0.28


def one_weight(
    activation: ActivationName = "identity", *, bias: float | None = None, w: float = W, loss: Loss | None = None
) -> Network:
    layer = Layer(weights=((w,),), biases=None if bias is None else (bias,), activation=activation)
    return Network((layer,), loss or Loss(), learning_rate=LR)


ONE = Data(((X,),), ((Y,),))


def test_the_output_of_a_single_weight() -> None:
    expected = {"added-instead-of-multiplied": W + X, "another-activation": [sigmoid(W * X), math.tanh(W * X)]}
    check(asked(one_weight(), ONE, "a1[0,0]"), W * X, expected)


def test_the_loss_of_a_single_weight() -> None:
    o = W * X
    expected = {
        "not-squared": [o - Y, Y - o],
        "absolute-value": abs(o - Y),
        "half-convention": (o - Y) ** 2 / 2,
        "difference-of-squares": [o**2 - Y**2, Y**2 - o**2],
        "doubled-for-squared": 2 * (o - Y),
        "forgot-target": o**2,
    }
    check(asked(one_weight(), ONE, "loss"), (o - Y) ** 2, expected)


def test_the_slope_of_the_loss_in_the_output() -> None:
    o = W * X
    expected = {
        "forgot-two": o - Y,
        "sign-flipped": 2 * (Y - o),
        "power-rule-not-applied": [(o - Y) ** 2, 2 * (o - Y) ** 2],
        "forgot-target": 2 * o,
    }
    check(asked(one_weight(), ONE, "dL_do[0,0]"), 2 * (o - Y), expected)


def test_the_gradient_of_a_single_weight() -> None:
    o = W * X
    g = 2 * (o - Y) * X
    expected = {
        "forgot-two": (o - Y) * X,
        "forgot-input": 2 * (o - Y),
        "stopped-early": 2 * (o - Y),
        "sign-flipped": 2 * (Y - o) * X,
        "weight-for-input": 2 * (o - Y) * W,
        "power-rule-not-applied": [(o - Y) ** 2 * X, 2 * (o - Y) ** 2 * X],
        "forgot-target": 2 * o * X,
        "parameter-for-gradient": W,
        "step-for-gradient": LR * g,
        "new-weight-for-gradient": W - LR * g,
        "other-layer-input": 2 * (o - Y) * o,
        "forgot-loss-slope": X,
    }
    check(asked(one_weight(), ONE, "dW1[0,0]"), g, expected)


def test_the_link_from_the_sum_to_the_weight() -> None:
    expected = {"forgot-input": 1.0, "weight-for-input": W, "other-layer-input": W * X}
    check(asked(one_weight(), ONE, "dz_dw1[0,0,0]"), X, expected)


def test_the_update_of_a_single_weight() -> None:
    o = W * X
    g, loss = 2 * (o - Y) * X, (o - Y) ** 2
    expected = {
        "added-step": W + LR * g,
        "no-learning-rate": W - g,
        "added-without-learning-rate": W + g,
        "step-alone": [LR * g, -LR * g],
        "gradient-for-weight": g,
        "rate-times-difference": LR * (W - g),
        "rate-on-weight": LR * W - g,
        "loss-for-gradient": W - LR * loss,
        "step-times-weight": W * (1 - LR * g),
        "rate-as-step": [W - LR, W + LR],
        "divided-by-rate": W - g / LR,
        "rate-ten-times-off": [W - 10 * LR * g, W - LR * g / 10],
        "unchanged": W,
        # slopes gone wrong, carried into the update
        "forgot-two": W - LR * g / 2,
        "forgot-input": W - LR * 2 * (o - Y),
        "weight-for-input": W - LR * 2 * (o - Y) * W,
        "power-rule-not-applied": W - LR * (o - Y) ** 2 * X,
        "forgot-target": W - LR * 2 * o * X,
    }
    question = asked(one_weight(), ONE, "W1[0,0]")
    check(question, W - LR * g, expected)
    # One with the sign turned in the slope has added the step: the single mistake is named, not the carried one.
    assert judge_text(repr(W + LR * g), question.truth, question.scale, {}, question.known).mistakes == ("added-step",)


def test_the_step_of_a_single_weight() -> None:
    g = 2 * (W * X - Y) * X
    expected = {
        "added-step": -LR * g,
        "no-learning-rate": g,
        "added-without-learning-rate": -g,
        "rate-on-weight": LR * W,
        "rate-as-step": LR,
        "loss-for-gradient": LR * (W * X - Y) ** 2,
        "divided-by-rate": g / LR,
        "rate-ten-times-off": [10 * LR * g, LR * g / 10],
        "new-value-for-step": W - LR * g,
        "forgot-two": LR * g / 2,
    }
    check(asked(one_weight(), ONE, "step1[0,0]"), LR * g, expected)


def test_the_article_that_hides_its_mistakes() -> None:
    """With x = 2 "forgot the 2" and "forgot x" give one number; with w = 5, X = 2 it is said as either … or."""
    question = asked(one_weight(w=5.0), Data(((2.0,),), ((1.5,),)), "dW1[0,0]")
    judgement = judge_text(repr((10 - 1.5) * 2), question.truth, question.scale, {}, question.known)
    assert {"forgot-two", "forgot-input"} <= set(judgement.mistakes)
    assert judgement.message.startswith("either you ")


# Other losses of a single weight


def test_a_half_before_the_square() -> None:
    network, o = one_weight(loss=Loss(factor=0.5)), W * X
    check(asked(network, ONE, "loss"), (o - Y) ** 2 / 2, {"half-convention": (o - Y) ** 2, "not-squared": (o - Y) / 2})
    gradient = asked(network, ONE, "dW1[0,0]")
    check(gradient, (o - Y) * X, {"half-convention": 2 * (o - Y) * X, "forgot-two": (o - Y) / 2 * X})
    judgement = judge_text(repr(2 * (o - Y) * X), gradient.truth, gradient.scale, {}, gradient.known)
    assert judgement.message.startswith("right in another convention: ")
    assert not judgement.spends_attempt
    assert not judgement.is_right
    update = asked(network, ONE, "W1[0,0]")
    check(update, W - LR * (o - Y) * X, {"half-convention": W - LR * 2 * (o - Y) * X})


def test_an_output_that_is_differentiated_itself() -> None:
    network = one_weight("tanh", loss=Loss("output"))
    a = math.tanh(W * X)
    expected = {
        "sign-flipped": -(1 - a * a) * X,
        "forgot-activation-derivative": X,
        "value-for-derivative": a * X,
        "forgot-input": 1 - a * a,
    }
    check(asked(network, Data(((X,),)), "dW1[0,0]"), (1 - a * a) * X, expected)


def test_binary_cross_entropy() -> None:
    network, y = one_weight("sigmoid", bias=B, loss=Loss("binary_cross_entropy")), 0.3
    data, o, z = Data(((X,),), ((y,),)), sigmoid(W * X + B), W * X + B
    loss = -(y * math.log(o) + (1 - y) * math.log(1 - o))
    expected = {
        "forgot-minus": -loss,
        "other-logarithm": [loss / math.log(10), loss / math.log(2)],
        "half-of-cross-entropy": [-y * math.log(o), -(1 - y) * math.log(1 - o)],
        "squared-for-cross-entropy": (o - y) ** 2,
    }
    check(asked(network, data, "loss"), loss, expected)
    slope = {"sign-flipped": (y - o) / (o * (1 - o)), "other-loss-slope": [o - y, 2 * (o - y)]}
    check(asked(network, data, "dL_do[0,0]"), (o - y) / (o * (1 - o)), slope)
    gradient = {
        "sign-flipped": (y - o) * X,
        "forgot-target": o * X,
        "z-for-output": (z - y) * X,
        "other-loss-slope": 2 * (o - y) * X,
        "activation-slope-twice": (o - y) * o * (1 - o) * X,
        "forgot-input": o - y,
    }
    check(asked(network, data, "dW1[0,0]"), (o - y) * X, gradient)


def test_l2_pulls_at_the_weight() -> None:
    decay, o = 0.2, W * X
    network = replace(one_weight(), l2=decay)
    loss, g = (o - Y) ** 2, 2 * (o - Y) * X
    check(asked(network, ONE, "loss"), loss + decay / 2 * W**2, {"forgot-penalty": [loss, loss + decay * W**2]})
    check(asked(network, ONE, "dW1[0,0]"), g + decay * W, {"forgot-penalty": [g, g + 2 * decay * W]})
    check(asked(network, ONE, "W1[0,0]"), W - LR * (g + decay * W), {"forgot-penalty": W - LR * g})


def test_a_frozen_weight_stays() -> None:
    network = Network((Layer(weights=((W,),), frozen=frozenset({(0, 0)})),), learning_rate=LR)
    question = asked(network, ONE, "W1[0,0]")
    check(question, W, {"moved-what-is-held": W - LR * 2 * (W * X - Y) * X})
    assert question.values("unchanged") == []


def test_a_held_bias_stays() -> None:
    network = Network((Layer(weights=((W,),), biases=(B,), train_biases=False),), learning_rate=LR)
    check(asked(network, ONE, "b1[0]"), B, {"moved-what-is-held": B - LR * 2 * (W * X + B - Y)})


# A bias


def test_a_bias() -> None:
    network, o = one_weight(bias=B), W * X + B
    forward = {
        "forgot-bias": W * X,
        "subtracted-bias": W * X - B,
        "added-instead-of-multiplied": W + X + B,
    }
    check(asked(network, ONE, "a1[0,0]"), o, forward)
    slope = 2 * (o - Y)
    gradient = {
        "bias-times-input": slope * X,
        "bias-zero": 0.0,
        "forgot-two": o - Y,
        "sign-flipped": -slope,
        "parameter-for-gradient": B,
        "step-for-gradient": LR * slope,
        "new-weight-for-gradient": B - LR * slope,
    }
    check(asked(network, ONE, "db1[0]"), slope, gradient)
    new_w = W - LR * slope * X
    update = {
        "added-step": B + LR * slope,
        "no-learning-rate": B - slope,
        "unchanged": B,
        "bias-times-input": B - LR * slope * X,
        "sequential-update": B - LR * 2 * (new_w * X + B - Y),
    }
    check(asked(network, ONE, "b1[0]"), B - LR * slope, update)
    new_b = B - LR * slope
    after_bias = {"sequential-update": W - LR * 2 * (W * X + new_b - Y) * X}
    check(asked(network, ONE, "W1[0,0]"), new_w, after_bias)


# Activations


@pytest.mark.parametrize("w", [W, -0.83])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_squashing_activations(activation: ActivationName, w: float) -> None:
    network, z = one_weight(activation, w=w), w * X
    f = sigmoid if activation == "sigmoid" else math.tanh
    other = math.tanh if activation == "sigmoid" else sigmoid
    o = f(z)
    slope = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a}
    local, error = slope[activation](o), 2 * (o - Y)
    forward = {"activation-skipped": z, "activation-twice": f(o), "another-activation": other(z)}
    check(asked(network, ONE, "a1[0,0]"), o, forward)
    links: dict[str, float | list[float]] = {
        "forgot-activation-derivative": 1.0,
        "value-for-derivative": o,
        "derivative-of-output": slope[activation](f(o)),
        "z-in-derivative": slope[activation](z),
        "half-of-derivative": 1 - o,
    }
    check(asked(network, ONE, "da_dz1[0,0]"), local, links)
    wrong_locals = {name: error * value * X for name, value in links.items() if isinstance(value, float)}
    whole = {
        **wrong_locals,
        "stopped-early": error,
        "forgot-input": error * local,
        "forgot-two": (o - Y) * local * X,
        "sign-flipped": -error * local * X,
        "weight-for-input": error * local * w,
        "z-for-output": 2 * (z - Y) * local * X,
        "z-for-activation": error * local * z,
    }
    check(asked(network, ONE, "dW1[0,0]"), error * local * X, whole)
    carried = {name: w - LR * value for name, value in wrong_locals.items()}
    check(asked(network, ONE, "W1[0,0]"), w - LR * error * local * X, carried)


def test_leaving_out_an_activation_is_not_taken_for_a_relu_above_zero() -> None:
    """Above 0 a ReLU is no activation at all: "either … or …" would be said of the commonest slip."""
    for name, value in (("a1[0,0]", W * X), ("da_dz1[0,0]", 1.0)):
        question = asked(one_weight("sigmoid"), ONE, name)
        judgement = judge_text(repr(value), question.truth, question.scale, {}, question.known)
        assert len(judgement.mistakes) == 1
        assert judgement.message.startswith("you left out the ")


def test_relu_above_zero() -> None:
    network, z = one_weight("relu"), W * X
    check(asked(network, ONE, "a1[0,0]"), z, {"another-activation": [sigmoid(z), math.tanh(z)]})
    check(asked(network, ONE, "da_dz1[0,0]"), 1.0, {"relu-derivative-z": z})
    error = 2 * (z - Y)
    gradient = asked(network, ONE, "dW1[0,0]")
    others = [error * (1 - z * z) * X, error * z * (1 - z) * X]  # 1 − a² and a·(1 − a), where a = z
    check(gradient, error * X, {"relu-derivative-z": error * z * X, "another-activation-derivative": others})
    assert gradient.values("relu-derivative-one") == []


def test_relu_below_zero() -> None:
    w = -0.83
    network, z = one_weight("relu", w=w), w * X
    check(asked(network, ONE, "a1[0,0]"), 0.0, {"activation-skipped": z})
    check(asked(network, ONE, "da_dz1[0,0]"), 0.0, {"relu-derivative-one": 1.0, "relu-derivative-z": z})
    error = 2 * (0 - Y)
    check(asked(network, ONE, "dW1[0,0]"), 0.0, {"relu-derivative-one": error * X, "relu-derivative-z": error * z * X})


# Two layers in a row

W1, W2 = 0.62, -1.24


def test_two_layers_in_a_row() -> None:
    network = Network(
        (Layer(weights=((W1,),), activation="sigmoid"), Layer(weights=((W2,),), activation="tanh")), learning_rate=LR
    )
    z1 = W1 * X
    a = sigmoid(z1)
    z2 = W2 * a
    o = math.tanh(z2)
    error, local1, local2 = 2 * (o - Y), a * (1 - a), 1 - o * o
    delta2 = error * local2
    new_w2 = W2 - LR * delta2 * a
    output = {
        "activation-skipped": [z2, math.tanh(W2 * z1)],
        "activation-twice": [math.tanh(o), math.tanh(W2 * sigmoid(a))],
    }
    check(asked(network, ONE, "a2[0,0]"), o, output)
    gradient1 = {
        "forgot-two": delta2 / 2 * W2 * local1 * X,
        "forgot-activation-derivative": [
            error * W2 * local1 * X,
            delta2 * W2 * X,
            error * W2 * X,
        ],
        "value-for-derivative": [error * o * W2 * local1 * X, delta2 * W2 * a * X, error * o * W2 * a * X],
        "forgot-weights": delta2 * local1 * X,
        "updated-weights": delta2 * new_w2 * local1 * X,
        "output-error-as-hidden-delta": [delta2 * X, error * X, delta2 * local1 * X, error * local1 * X],
        "stopped-early": [error, delta2, delta2 * W2],
        "other-layer-input": [delta2 * W2 * local1 * a, delta2 * W2 * local1 * o],
        "forgot-input": delta2 * W2 * local1,
        "weight-for-input": delta2 * W2 * local1 * W1,
        "z-for-activation": delta2 * W2 * local1 * z1,
    }
    check(asked(network, ONE, "dW1[0,0]"), delta2 * W2 * local1 * X, gradient1)
    gradient2 = {
        "z-for-activation": [delta2 * z1, delta2 * z2],
        "other-layer-input": [delta2 * X, delta2 * o],
        "forgot-input": delta2,
        "weight-for-input": delta2 * W2,
    }
    check(asked(network, ONE, "dW2[0,0]"), delta2 * a, gradient2)
    check(asked(network, ONE, "dL_da1[0,0]"), delta2 * W2, {"stopped-early": error, "forgot-weights": delta2})
    update = {
        "sequential-update": W1 - LR * _slope_of_first(new_w2),
        "updated-weights": W1 - LR * delta2 * new_w2 * local1 * X,
        "forgot-weights": W1 - LR * delta2 * local1 * X,
    }
    check(asked(network, ONE, "W1[0,0]"), W1 - LR * delta2 * W2 * local1 * X, update)


def _slope_of_first(w2: float) -> float:
    """∂L/∂w₁ of the two layers above, all of it taken with another w₂."""
    a = sigmoid(W1 * X)
    o = math.tanh(w2 * a)
    return 2 * (o - Y) * (1 - o * o) * w2 * a * (1 - a) * X


def test_a_sequential_update_within_a_layer_and_the_last_pass() -> None:
    network, o = one_weight(bias=B), W * X + B
    w2, b2 = W - LR * 2 * (o - Y) * X, B - LR * 2 * (o - Y)
    o2 = w2 * X + b2
    g1, g2 = 2 * (o - Y) * X, 2 * (o2 - Y) * X
    check(asked(network, ONE, "dW1[0,0]", 2), g2, {"last-pass": g1})
    check(asked(network, ONE, "loss", 2), (o2 - Y) ** 2, {"last-pass": (o - Y) ** 2})
    check(asked(network, ONE, "W1[0,0]", 2), w2 - LR * g2, {"last-pass": [w2 - LR * g1, W - LR * g2], "unchanged": w2})


# Vectors: 2 inputs, 2 hidden units, 3 outputs, and a batch of three

A1 = np.array([[0.5, 0.4], [-1.1, 1.2]])
A2 = np.array([[0.4, 1.2], [0.9, -1.1], [-0.5, 0.3]])
B1 = np.array([0.25, -0.35])
IN = np.array([[1.3, 1.1], [-0.6, 0.85], [0.45, -1.55]])
OUT = np.array([[-0.7, 1.0, -0.6], [0.35, -0.2, 0.9], [1.15, 0.55, -0.95]])


def vector(rows: int, *, outputs: str = "mean", batch: str = "mean", rate: float = 0.4) -> tuple[Network, Data]:
    network = Network(
        (
            Layer(weights=_tuples(A1), biases=tuple(B1.tolist()), activation="sigmoid"),
            Layer(weights=_tuples(A2)),
        ),
        Loss(outputs=outputs, batch=batch),  # type: ignore[arg-type]
        learning_rate=rate,
    )
    return network, Data(_tuples(IN[:rows]), _tuples(OUT[:rows]))


def _tuples(array: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in array.tolist())


def test_a_dot_product() -> None:
    network, data = vector(1)
    x = IN[0]
    expected = {
        "elementwise-product": [A1[0, 0] * x[0], A1[0, 1] * x[1], A1[0, 0] * x[0] + B1[0], A1[0, 1] * x[1] + B1[0]],
        "matrix-transposed": A1[0, 0] * x[0] + A1[1, 0] * x[1] + B1[0],
        "forgot-bias": A1[0] @ x,
        "subtracted-bias": A1[0] @ x - B1[0],
        "added-instead-of-multiplied": A1[0].sum() + x.sum() + B1[0],
        "inputs-exchanged": A1[0, 0] * x[1] + A1[0, 1] * x[0] + B1[0],
    }
    check(asked(network, data, "z1[0,0]"), A1[0] @ x + B1[0], expected)


@pytest.mark.parametrize("outputs", ["mean", "sum"])
@pytest.mark.parametrize("batch", ["mean", "sum"])
def test_vector_loss_over_a_batch(outputs: str, batch: str) -> None:
    network, data = vector(3, outputs=outputs, batch=batch)
    o = 1 / (1 + np.exp(-(IN @ A1.T + B1))) @ A2.T
    squares = (o - OUT) ** 2
    divided = (3 if outputs == "mean" else 1) * (3 if batch == "mean" else 1)
    loss = squares.sum() / divided
    first = squares[0].sum() / (3 if outputs == "mean" else 1)
    expected: dict[str, object] = {"only-first-sample": first, "not-squared": (o - OUT).sum() / divided}
    if divided > 1:
        expected["sum-for-mean"] = [loss * 3, loss * divided]
        expected["divided-twice"] = [loss / 3, loss / divided]
    if divided < 9:
        expected["mean-for-sum"] = [loss / 3, loss / (9 // divided)]
    check(asked(network, data, "loss"), loss, expected)


def test_vector_gradients_of_one_sample() -> None:
    network, data = vector(1)
    x, y, rate = IN[0], OUT[0], 0.4
    a = 1 / (1 + np.exp(-(A1 @ x + B1)))
    o = A2 @ a
    error = 2 / 3 * (o - y)
    arriving, local = error @ A2, a * (1 - a)
    delta = arriving * local
    new_A2 = A2 - rate * np.outer(error, a)
    hidden = {
        "updated-weights": (error @ new_A2 * local)[0],
        "forgot-weights": error.sum() * local[0],
        "one-path-only": [error[path] * A2[path, 0] * local[0] for path in range(3)],
        "overwritten-instead-of-accumulated": error[2] * A2[2, 0] * local[0],
        "output-error-as-hidden-delta": [error[0], error[0] * local[0]],
        "no-one-over-n": 3 * delta[0],
        "one-over-n-twice": delta[0] / 3,
        "forgot-activation-derivative": arriving[0],
        "sign-flipped": -delta[0],
    }
    check(asked(network, data, "delta1[0,0]"), delta[0], hidden)
    dW = np.outer(delta, x)
    first = {
        "updated-weights": (error @ new_A2 * local)[0] * x[1],
        "gradient-transposed": dW[1, 0],
        "one-path-only": [error[path] * A2[path, 0] * local[0] * x[1] for path in range(3)],
        "other-layer-input": [delta[0] * x[0]],
        "forgot-input": delta[0],
        "weight-for-input": delta[0] * A1[0, 1],
        "output-error-as-hidden-delta": error[0] * x[1],
    }
    check(asked(network, data, "dW1[0,1]"), dW[0, 1], first)
    dW2 = np.outer(error, a)
    last = {
        "gradient-transposed": dW2[0, 1],
        "no-one-over-n": 3 * dW2[1, 0],
        "one-over-n-twice": dW2[1, 0] / 3,
        "other-layer-input": [error[1] * x[0], error[1] * a[1]],
        "forgot-input": error[1],
        "stopped-early": error[1],
    }
    check(asked(network, data, "dW2[1,0]"), dW2[1, 0], last)
    check(asked(network, data, "db1[0]"), delta[0], {"bias-times-input": delta[0] * x, "bias-zero": 0.0})
    carried = {"updated-weights": A1[0, 1] - rate * (error @ new_A2 * local)[0] * x[1], "unchanged": A1[0, 1]}
    check(asked(network, data, "W1[0,1]"), A1[0, 1] - rate * dW[0, 1], carried)


def test_a_row_of_the_weights_for_a_column() -> None:
    """W₂ is square here, so that a forgotten transpose still has a shape that fits."""
    square = A2[:2]
    network = Network(
        (Layer(weights=_tuples(A1), activation="tanh"), Layer(weights=_tuples(square))), learning_rate=0.3
    )
    x, y = IN[0], OUT[0, :2]
    a = np.tanh(A1 @ x)
    error = square @ a - y  # 2/2
    expected = {
        "weights-not-transposed": (square @ error * (1 - a * a))[0],
        "no-one-over-n": 2 * (error @ square * (1 - a * a))[0],
        "output-error-as-hidden-delta": [error[0], (error * (1 - a * a))[0]],
    }
    question = asked(network, Data(_tuples(IN[:1]), (tuple(y.tolist()),)), "delta1[0,0]")
    check(question, (error @ square * (1 - a * a))[0], expected)
    # With two outputs 2/n is 1: "forgot the 2" and "divided by n twice" are one number.
    assert question.values("forgot-two") == pytest.approx(question.values("one-over-n-twice"))


@pytest.mark.parametrize("batch", ["mean", "sum"])
def test_vector_gradients_of_a_batch(batch: str) -> None:
    network, data = vector(3, batch=batch)
    over, rate = (3 if batch == "mean" else 1), 0.4
    a = 1 / (1 + np.exp(-(IN @ A1.T + B1)))
    error = 2 / 3 / over * (a @ A2.T - OUT)
    local = a * (1 - a)
    delta = error @ A2 * local
    dW, db = delta.T @ IN, delta.sum(axis=0)
    samples = delta[:, 0] * IN[:, 1]
    expected: dict[str, object] = {
        "only-first-sample": [samples[0], over * samples[0]],
        "overwritten-instead-of-accumulated": [samples[2], over * samples[2]],
        "forgot-input": db[0],
        "updated-weights": ((error @ (A2 - rate * error.T @ a) * local).T @ IN)[0, 1],
        "no-one-over-n": 3 * dW[0, 1],
    }
    if batch == "mean":
        expected |= {"no-one-over-n": [3 * dW[0, 1], 9 * dW[0, 1]], "one-over-n-twice": [dW[0, 1] / 3, dW[0, 1] / 9]}
    else:
        expected["mean-for-sum"] = dW[0, 1] / 3
    check(asked(network, data, "dW1[0,1]"), dW[0, 1], expected)
    of_bias: dict[str, object] = {
        "only-first-sample": delta[0, 0],
        "bias-times-input": [dW[0, 0], dW[0, 1]],
        "bias-zero": 0.0,
        "bias-not-summed": [delta[1, 0], *([db[0] / 3] if batch == "mean" else [])],
    }
    check(asked(network, data, "db1[0]"), db[0], of_bias)


def test_softmax_and_categorical_cross_entropy() -> None:
    network = Network(
        (Layer(weights=_tuples(A2), activation="softmax"),), Loss("categorical_cross_entropy"), learning_rate=0.3
    )
    x = IN[0]
    data = Data(_tuples(IN[:1]), ((0.0, 1.0, 0.0),))
    z = A2 @ x
    o = np.exp(z) / np.exp(z).sum()
    y = np.array([0.0, 1.0, 0.0])
    loss = -math.log(o[1])
    losses = {
        "forgot-minus": -loss,
        "other-logarithm": [loss / math.log(10), loss / math.log(2)],
        "squared-for-cross-entropy": ((o - y) ** 2).sum(),
    }
    check(asked(network, data, "loss"), loss, losses)
    check(asked(network, data, "dL_do[0,1]"), -1 / o[1], {"sign-flipped": 1 / o[1], "other-loss-slope": o[1] - 1})
    gradient = {
        "sign-flipped": (y - o)[1] * x[0],
        "forgot-target": o[1] * x[0],
        "other-loss-slope": 2 * (o - y)[1] * x[0],
        "activation-slope-twice": ((o - y) * o * (1 - o))[1] * x[0],
        "forgot-input": (o - y)[1],
    }
    check(asked(network, data, "dW1[1,0]"), ((o - y)[1] * x[0]).item(), gradient)


def test_softmax_under_a_squared_error() -> None:
    network = Network((Layer(weights=_tuples(A2), activation="softmax"),), learning_rate=0.3)
    z = A2 @ IN[0]
    o = np.exp(z) / np.exp(z).sum()
    y = np.array([0.2, 0.5, 0.3])
    error = 2 / 3 * (o - y)
    jacobian = np.diag(o) - np.outer(o, o)
    expected = {
        "softmax-own-slope-only": error[0] * o[0] * (1 - o[0]),
        "softmax-cross-sign": (error @ (np.diag(o) + np.outer(o, o)))[0],
        "forgot-activation-derivative": error[0],
        "value-for-derivative": error[0] * o[0],
    }
    question = asked(network, Data(_tuples(IN[:1]), ((0.2, 0.5, 0.3),)), "delta1[0,0]")
    check(question, (error @ jacobian)[0], expected)


# The list


def test_an_id_has_one_meaning() -> None:
    """An id that stands in several lists is one mistake, made in several places."""
    assert {mistake.id for mistake in MISTAKES if sum(other.id == mistake.id for other in MISTAKES) > 1} == {
        "another-target",  # of the loss, of the slope
        "forgot-brackets",
        "forgot-clamp",
        "forgot-leak",  # of the value, of the slope
        "forgot-margin",
        "forgot-penalty",
        "forgot-target",
        "half-convention",
        "huber-always-straight",
        "leak-everywhere",
        "mean-for-sum",
        "one-sign-in-sum",
        "only-first-sample",
        "other-loss-slope",
        "z-for-output",
    }
    for mistake in MISTAKES:
        same = [other for other in MISTAKES if other.id == mistake.id]
        assert len({other.is_convention for other in same}) == 1, mistake.id


TESTS = Path(__file__).parent


def test_every_mistake_is_worked_out_by_hand_somewhere() -> None:
    """Whoever adds a mistake says what it comes to: beside this test, or in a file of its own in this folder."""
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.glob("*.py"))
    assert {mistake.id for mistake in MISTAKES if f'"{mistake.id}"' not in written} == set()


def test_a_slip_of_the_forward_pass_is_followed_into_the_slopes() -> None:
    """Its rows are in `deviations.py`; those left out are carried no further than the sum or the activation."""
    network, data = vector(2)
    passed = Timeline(network, data).at(1)
    followed = {one.mistake.id for one, _ in worlds(Case(network, passed, parse_ref("dW1[0,1]")))}
    assert {mistake.id for mistake in FORWARD} - followed == {"added-instead-of-multiplied"}


def test_mistakes_that_are_known_by_their_id_are_known() -> None:
    """The other lists of pairs are chosen by id as well, and refuse one that is no mistake."""
    assert {*FACTORS, *ALONE, *(one for same in SAME_SLIP.values() for one in same)} <= {one.id for one in MISTAKES}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_every_mistake_has_a_name_that_continues_you_and_a_rule(mistake: object) -> None:
    name, rule = getattr(mistake, "name", ""), getattr(mistake, "rule", "")
    assert name
    assert rule
    assert not name.startswith(("you ", "were ", "was ")), "it is said of somebody else too: “here somebody …”"
    assert not name.endswith(".")
    assert not rule.endswith(".")


def test_a_mistake_that_equals_the_truth_does_not_apply() -> None:
    """With x = 1 nothing is lost by forgetting it; with w = x, o = 2·y and a ReLU above 0 more slips are no slips."""
    assert asked(one_weight(), Data(((1.0,),), ((Y,),)), "dW1[0,0]").values("forgot-input") == []
    assert asked(one_weight(w=X), ONE, "dW1[0,0]").values("weight-for-input") == []
    assert asked(one_weight("relu"), ONE, "a1[0,0]").values("activation-skipped") == []
    assert asked(one_weight("relu"), ONE, "dW1[0,0]").values("forgot-activation-derivative") == []
    assert asked(one_weight(), Data(((X,),), ((W * X / 2,),)), "dL_do[0,0]").values("forgot-two") != []
    assert asked(one_weight(bias=0.0), ONE, "a1[0,0]").values("forgot-bias") == []


@pytest.mark.parametrize("seed", range(60))
def test_on_any_network_mistakes_are_numbers_other_than_the_truth(seed: int) -> None:
    network, data = random_network(seed)
    timeline = Timeline(network, data)
    try:
        first, second = timeline.at(1), timeline.at(2)
    except StoppedError:
        pytest.skip("this run stops")
    refs = refs_of_pass(network, first.X.shape[0])
    for place, ref in enumerate(refs[seed % 7 :: 7]):
        passed, previous = ((first, None), (second, first))[place % 2]
        truth, scale = value_of(passed, ref), scale_of_question(passed, ref)
        known = known_mistakes(Case(network, passed, ref, previous), scale)
        seen: set[tuple[str, float]] = set()
        for one in known:
            assert math.isfinite(one.value)
            assert one.value != truth
            assert abs(one.value - truth) > TELLABLE * scale
            assert (one.mistake.id, one.value) not in seen
            seen.add((one.mistake.id, one.value))
            assert one.slip.symbol
            assert one.slip.theirs
            assert one.slip.right
            assert one.slip.theirs != one.slip.right
            judgement = judge_text(repr(one.value), truth, scale, {}, known)
            assert not judgement.is_right
            assert_silent(judgement.message, truth)
        if scale:
            assert judge_text(repr(truth), truth, scale, {}, known).verdict == "correct"
