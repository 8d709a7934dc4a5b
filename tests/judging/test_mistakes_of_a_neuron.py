"""The mistakes of one neuron come to what they come to by hand, whatever its loss, bias and activation."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from nn_tutor.judging.judge import judge_text
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, Network
from tests.judging.worked_by_hand import (
    LR,
    ONE,
    B,
    W,
    X,
    Y,
    asked,
    check,
    one_weight,
    sigmoid,
)


def test_the_output_of_a_single_weight() -> None:
    expected = {"added-instead-of-multiplied": W + X, "another-activation": [sigmoid(W * X), math.tanh(W * X)]}
    check(asked(one_weight(), ONE, "a1[0,0]"), W * X, expected)


def test_the_loss_of_a_single_weight() -> None:
    o = W * X
    expected = {
        "not-squared": [o - Y, Y - o],
        "half-convention": (o - Y) ** 2 / 2,
        "difference-of-squares": [o**2 - Y**2, Y**2 - o**2],
        "doubled-for-squared": 2 * (o - Y),
        "forgot-target": o**2,
    }
    check(asked(one_weight(), ONE, "loss"), (o - Y) ** 2, expected)


def test_minus_a_negative_target_is_plus() -> None:
    o, y = -1.1136, -0.98
    network, data = Network((Layer(((1.0,),)),)), Data(((o,),), ((y,),))
    check(asked(network, data, "loss"), (o - y) ** 2, {"added-target": (o + y) ** 2, "not-squared": o - y})
    assert asked(network, Data(((o,),), ((0.98,),)), "loss").values("added-target") == []


def test_the_size_of_an_error_is_told_from_the_error_itself_only_where_it_is_another_number() -> None:
    network = Network((Layer(((1.0,),)),))
    assert asked(network, Data(((2.0,),), ((0.7,),)), "loss").values("absolute-value") == []
    check(asked(network, Data(((0.2,),), ((0.7,),)), "loss"), 0.25, {"absolute-value": 0.5})


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


def test_where_the_learning_rate_is_0_a_0_is_no_step() -> None:
    still = replace(one_weight(bias=B), learning_rate=0.0)
    for name in ("dW1[0,0]", "db1[0]"):
        question = asked(still, ONE, name)
        assert question.values("step-for-gradient") == []
        judgement = judge_text("0", question.truth, question.scale, {}, question.known)
        assert "step-for-gradient" not in judgement.mistakes


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
    assert gradient.values("value-for-derivative") == []  # that is z: one mistake has one name


def test_relu_below_zero() -> None:
    w = -0.83
    network, z = one_weight("relu", w=w), w * X
    check(asked(network, ONE, "a1[0,0]"), 0.0, {"activation-skipped": z})
    check(asked(network, ONE, "da_dz1[0,0]"), 0.0, {"relu-derivative-one": 1.0, "relu-derivative-z": z})
    error = 2 * (0 - Y)
    check(asked(network, ONE, "dW1[0,0]"), 0.0, {"relu-derivative-one": error * X, "relu-derivative-z": error * z * X})
