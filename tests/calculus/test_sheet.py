"""Rules as a sheet writes them: what is printed comes to the number that is printed, and reads as its source does."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.steps import make_step, shown_value
from tests.networks import random_network
from tests.printed import computed

ALL = (
    Conventions(),
    Conventions(error="target-minus-output"),
    Conventions(step="change"),
    Conventions("target-minus-output", "change", "in-out"),
)

SHEET = Network(
    (
        Layer(weights=((0.2, 0.4, -0.5), (-0.3, 0.1, 0.2)), biases=(-0.4, 0.2), activation="sigmoid"),
        Layer(weights=((-0.3, -0.2),), biases=(0.1,), activation="sigmoid"),
    ),
    Loss(factor=0.5, outputs="sum"),
    learning_rate=0.9,
    conventions=Conventions("target-minus-output", "change"),
)
SAMPLE = Data(((1.0, 0.0, 1.0),), ((1.0,),))


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("declared", ALL, ids=str)
def test_the_numbers_put_in_come_to_the_number_that_is_shown(seed: int, declared: Conventions) -> None:
    network, data = random_network(seed)
    network = replace(network, conventions=declared)
    passed = Timeline(network, data).at(1)
    deriver = SymPyDeriver()
    checked = 0
    for ref in refs_of_pass(network, passed.X.shape[0]):
        if ref.phase not in ("backward", "update") or ref.quantity == "da_dz":
            continue
        printed = deriver.derive(network, passed, ref).full_substituted
        value = shown_value(network, passed, ref)
        size = max([1.0, abs(value), *(abs(float(one)) for one in np.ravel(passed.backward.dW[0]))])
        assert math.isclose(computed(printed), value, rel_tol=5e-3, abs_tol=5e-3 * size), (str(ref), printed, value)
        checked += 1
    assert checked


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("dL_do[0,0]", "−∂L/∂o₁ = y₁ − o₁"),
        ("delta2[0,0]", "δ₂₁ = −∂L/∂o₁·∂o₁/∂z₂₁"),
        ("dL_da1[0,1]", "−∂L/∂a₁₂ = δ₂₁·w₂₁₂"),
        ("dW1[1,0]", "∂L/∂w₁₂₁ = −δ₁₂·x₁"),
        ("db1[1]", "∂L/∂b₁₂ = −δ₁₂"),
        ("step1[1,0]", "Δw₁₂₁ = η·δ₁₂·x₁"),
        ("W1[1,0]", "w₁₂₁′ = w₁₂₁ + Δw₁₂₁"),
        ("b1[1]", "b₁₂′ = b₁₂ + η·δ₁₂"),
    ],
)
def test_a_sheet_with_target_minus_output_and_changes(asked: str, line: str) -> None:
    step = make_step(SHEET, Timeline(SHEET, SAMPLE).at(1), parse_ref(asked), SymPyDeriver())
    assert f"{step.symbol} = {step.rule}" == line


def test_the_numbers_of_a_textbook_are_shown_as_it_prints_them() -> None:
    passed = Timeline(SHEET, SAMPLE).at(1)
    printed = {
        "delta2[0,0]": 0.1311,
        "delta1[0,1]": -0.0065,
        "delta1[0,0]": -0.0087,
        "W2[0,0]": -0.261,
        "b1[0]": -0.408,
    }
    for asked, value in printed.items():
        assert make_step(SHEET, passed, parse_ref(asked), None).value == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize(
    ("declared", "quantity", "line"),
    [
        (Conventions(), "z", "z₂ = W₂·a₁ + b₂"),
        (Conventions(weights="in-out"), "z", "z₂ = W₂ᵀ·a₁ + b₂"),
        (Conventions(weights="in-out"), "dW", "∂L/∂W₂ = a₁·δ₂ᵀ"),
        (Conventions(weights="in-out"), "dz_da", "∂z₂/∂a₁ = W₂ᵀ"),
        (Conventions(error="target-minus-output"), "dL_do", "−∂L/∂o = y − o"),
        (Conventions(error="target-minus-output"), "dW", "∂L/∂W₂ = −δ₂·a₁ᵀ"),
        (Conventions(error="target-minus-output"), "db", "∂L/∂b₂ = −δ₂"),
        (Conventions(step="change"), "step", "ΔW₂ = −η·∂L/∂W₂"),
        (Conventions(step="change"), "W", "W₂′ = W₂ + ΔW₂"),
    ],
)
def test_matrices_of_a_sheet(declared: Conventions, quantity: str, line: str) -> None:
    network = replace(SHEET, conventions=declared)
    layer = None if quantity == "dL_do" else 2
    derived = SymPyDeriver().derive_matrix(network, Timeline(network, SAMPLE).at(1), quantity, layer)  # type: ignore[arg-type]
    assert f"{derived.symbol} = {derived.rule}" == line


def test_the_way_back_through_matrices_of_a_sheet() -> None:
    derive, passed = SymPyDeriver().derive_matrix, Timeline(SHEET, SAMPLE).at(1)
    assert derive(SHEET, passed, "dL_da", 1).rule == "W₂ᵀ·δ₂"
    turned = replace(SHEET, conventions=Conventions("target-minus-output", weights="in-out"))
    derived = derive(turned, passed, "dL_da", 1)
    assert (derived.symbol, derived.rule) == ("−∂L/∂a₁", "W₂·δ₂")


def test_a_weight_is_named_as_its_sheet_writes_the_matrix() -> None:
    network = replace(SHEET, conventions=Conventions(weights="in-out"))
    passed = Timeline(network, SAMPLE).at(1)
    step = make_step(network, passed, Ref("W", 1, (1, 0)), SymPyDeriver())
    assert step.symbol == "w₁₁₂′"
    assert step.value == make_step(SHEET, passed, Ref("W", 1, (1, 0)), None).value
