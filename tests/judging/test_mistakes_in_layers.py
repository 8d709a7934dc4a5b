"""The mistakes of several layers, of vectors, batches and a softmax come to what they come to by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_tutor.network.spec import Data, Layer, Loss, Network
from tests.judging.worked_by_hand import (
    A1,
    A2,
    B1,
    IN,
    LR,
    ONE,
    OUT,
    B,
    W,
    X,
    Y,
    asked,
    check,
    one_weight,
    sigmoid,
    tuples_of,
    vector,
)

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
        (Layer(weights=tuples_of(A1), activation="tanh"), Layer(weights=tuples_of(square))), learning_rate=0.3
    )
    x, y = IN[0], OUT[0, :2]
    a = np.tanh(A1 @ x)
    error = square @ a - y  # 2/2
    expected = {
        "weights-not-transposed": (square @ error * (1 - a * a))[0],
        "no-one-over-n": 2 * (error @ square * (1 - a * a))[0],
        "output-error-as-hidden-delta": [error[0], (error * (1 - a * a))[0]],
    }
    question = asked(network, Data(tuples_of(IN[:1]), (tuple(y.tolist()),)), "delta1[0,0]")
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
        (Layer(weights=tuples_of(A2), activation="softmax"),), Loss("categorical_cross_entropy"), learning_rate=0.3
    )
    x = IN[0]
    data = Data(tuples_of(IN[:1]), ((0.0, 1.0, 0.0),))
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
    network = Network((Layer(weights=tuples_of(A2), activation="softmax"),), learning_rate=0.3)
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
    question = asked(network, Data(tuples_of(IN[:1]), ((0.2, 0.5, 0.3),)), "delta1[0,0]")
    check(question, (error @ jacobian)[0], expected)
