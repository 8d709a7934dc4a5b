"""The lines of code that are shown are a program: run in order, they give the numbers of the records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.network.conventions import Conventions
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.code import code_line, code_name
from nn_tutor.walkthrough.code_names import starting_names
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.steps import shown_value
from tests.networks import random_network, random_run

CONVENTIONS = (
    Conventions(error="target-minus-output"),
    Conventions(step="change"),
    Conventions(weights="in-out"),
    Conventions("target-minus-output", "change", "in-out"),
)


def _run_lines(network: Network, data: Data, number: int = 1) -> None:
    try:
        passed = Timeline(network, data).at(number)
    except StoppedError:
        return
    rows = passed.X.shape[0]
    names = starting_names(network, passed)
    before = dict(names)
    for ref in refs_of_pass(network, rows):
        line = code_line(network, rows, ref)
        exec(line, names)
        got = float(eval(code_name(network, rows, ref), names))
        assert got == pytest.approx(shown_value(network, passed, ref), rel=1e-12, abs=1e-13), line
    for name in ("x", "y", "l2"):
        assert np.array_equal(names[name], before[name])


@pytest.mark.parametrize("seed", range(75))
def test_the_lines_of_a_pass_run_as_a_program(seed: int) -> None:
    _run_lines(*random_network(seed))


@pytest.mark.parametrize("seed", range(45))
def test_so_do_those_of_any_update_rule_in_a_later_pass(seed: int) -> None:
    network, data = random_run(seed)
    _run_lines(replace(network, conventions=CONVENTIONS[seed % 4] if seed % 2 else Conventions()), data, 3)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("declared", CONVENTIONS, ids=str)
def test_so_do_those_of_any_sheet(seed: int, declared: Conventions) -> None:
    network, data = random_network(seed)
    _run_lines(replace(network, conventions=declared), data)


def test_a_sheet_reads_as_its_source() -> None:
    network = Network(
        (
            Layer(weights=((0.5, 0.4), (-1.1, 1.2)), biases=(0.1, 0.2), activation="sigmoid"),
            Layer(weights=((0.4, 1.2),), biases=(0.3,), activation="sigmoid"),
        ),
        Loss(factor=0.5),
        conventions=Conventions("target-minus-output", "change", "in-out"),
    )
    lines = [code_line(network, 1, ref) for ref in refs_of_pass(network, 1)]
    for line in (
        "z1[1] = x @ W1[:, 1] + b1[1]",
        "error[0] = 0.5 * 2 * (y[0] - o[0])",
        "delta2[0] = error[0] * da_dz2[0]",
        "error1[1] = delta2 @ W2[1, :]",
        "dW1[0, 1] = -delta1[1] * x[0]",
        "step1[0, 1] = lr * delta1[1] * x[0]",
        "W1_new[0, 1] = W1[0, 1] + step1[0, 1]",
        "b1_new[1] = b1[1] + lr * delta1[1]",
    ):
        assert line in lines, "\n".join(lines)


def test_a_single_weight_reads_like_a_textbook() -> None:
    network = Network((Layer(weights=((2.75,),)),), learning_rate=0.3)
    lines = [code_line(network, 1, ref) for ref in refs_of_pass(network, 1)]
    for line in ("o = x * w", "L = (o - y)**2", "dL_do = 2 * (o - y)", "do_dw = x", "dL_dw = dL_do * do_dw"):
        assert line in lines
    assert "w_new = w - lr * dL_dw" in lines


@pytest.mark.parametrize("rows", [1, 3])
def test_a_single_weight_has_no_matrix_product_however_many_samples_there_are(rows: int) -> None:
    network = Network((Layer(weights=((2.75,),), biases=(0.1,), activation="tanh"), Layer(weights=((0.8,),))))
    lines = [code_line(network, rows, ref) for ref in refs_of_pass(network, rows)]
    assert not [line for line in lines if "@" in line]
    assert rows == 1 or "dL_dw2 = np.sum(dL_do * a1)" in lines, lines


def test_a_vector_network_uses_the_dot_product_and_the_old_weights() -> None:
    network = Network(
        (
            Layer(weights=((0.5, 0.4), (-1.1, 1.2)), activation="sigmoid"),
            Layer(weights=((0.4, 1.2), (0.9, -1.1), (-0.5, 0.4))),
        ),
        loss=Loss(),
    )
    lines = [code_line(network, 1, ref) for ref in refs_of_pass(network, 1)]
    for line in (
        "z1[0] = W1[0] @ x",
        "a1[1] = sigmoid(z1[1])",
        "L = np.sum((o - y)**2) / 3",
        "dL_do[2] = 2 * (o[2] - y[2]) / 3",
        "dL_da1[0] = dL_do @ W2[:, 0]",
        "dW1[1, 0] = delta1[1] * x[0]",
        "W1_new[1, 0] = W1[1, 0] - lr * dW1[1, 0]",
    ):
        assert line in lines
