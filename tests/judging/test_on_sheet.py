"""Mistakes as a sheet writes them: what is printed comes to what was typed there, in the sheet's own letters."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import Ref, parse_ref, shown_sign
from nn_tutor.network.records import Pass
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question
from nn_tutor.walkthrough.steps import shown_value

SHEETS = (
    Conventions(error="target-minus-output"),
    Conventions(step="change"),
    Conventions("target-minus-output", "change", "in-out"),
)

TEXTBOOK = Network(
    (
        Layer(weights=((0.2, 0.4, -0.5), (-0.3, 0.1, 0.2)), biases=(-0.4, 0.2), activation="sigmoid"),
        Layer(weights=((-0.3, -0.2),), biases=(0.1,), activation="sigmoid"),
    ),
    Loss(factor=0.5),
    learning_rate=0.9,
    conventions=Conventions("target-minus-output", "change"),
)
SAMPLE = Data(((1.0, 0.5, 1.2),), ((1.0,),))

CHAIN = Network(
    (
        Layer(weights=((0.7,),), biases=(0.3,), activation="sigmoid"),
        Layer(weights=((-1.4,),), biases=(0.2,), activation="sigmoid"),
    ),
    Loss(factor=0.5),
    learning_rate=0.6,
)
FUSED = replace(CHAIN, loss=Loss("binary_cross_entropy"))
ONE = Data(((1.7,),), ((1.0,),))


def mistakes_of(network: Network, passed: Pass, ref: Ref) -> tuple[Candidate, ...]:
    return known_mistakes(Case(network, passed, ref), scale_of_question(passed, ref))


def letters(network: Network, passed: Pass) -> dict[str, float]:
    """What the letters of a chain of single weights come to on its sheet."""
    named = {"η": network.learning_rate, "x": float(passed.X[0, 0]), "L": passed.loss.loss}
    named |= {"y": 0.0 if passed.Y is None else float(passed.Y[0, 0]), "o": float(passed.forward.a[-1][0, 0])}
    for layer in (1, 2):
        place = "₁₂"[layer - 1]
        named[f"w{place}"] = float(passed.before.W[layer - 1][0, 0])
        named[f"b{place}"] = float(np.ravel(passed.before.b[layer - 1])[0])  # type: ignore[arg-type]
        named[f"w{place}′"] = float(passed.update.after.W[layer - 1][0, 0])
        named[f"b{place}′"] = float(np.ravel(passed.update.after.b[layer - 1])[0])  # type: ignore[arg-type]
        named[f"z{place}"] = float(passed.forward.z[layer - 1][0, 0])
        named[f"a{place}"] = float(passed.forward.a[layer - 1][0, 0])
        named[f"δ{place}"] = shown_value(network, passed, Ref("delta", layer, (0, 0)))
        named[f"∂L/∂w{place}"] = float(passed.backward.dW[layer - 1][0, 0])
        named[f"∂L/∂b{place}"] = shown_value(network, passed, Ref("db", layer, (0,)))
    named["∂L/∂o"] = float(passed.backward.dL_do[0, 0])
    named["∂L/∂a₁"] = float(passed.backward.dL_da[0][0, 0])
    named["∂o/∂z₂"] = float(passed.backward.da_dz[1][0, 0])
    named["∂a₁/∂z₁"] = float(passed.backward.da_dz[0][0, 0])
    return named


def comes_to(text: str, named: dict[str, float]) -> float | None:
    """What a side of a line comes to; None where it is told in words or in functions."""
    places = sorted(named, key=len, reverse=True)
    written = re.sub("|".join(map(re.escape, places)), lambda found: f"({named[found[0]]!r})", text)
    written = written.replace("·", "*").replace("−", "-").replace("²", "**2")
    if not re.fullmatch(r"[-+*/(). 0-9e]+", written):
        return None
    return float(eval(written, {"__builtins__": {}}))


@pytest.mark.parametrize("network", [CHAIN, FUSED], ids=["chain", "fused"])
@pytest.mark.parametrize("declared", SHEETS, ids=str)
def test_the_line_of_a_mistake_comes_to_what_is_typed_on_the_sheet(network: Network, declared: Conventions) -> None:
    network = replace(network, conventions=declared)
    passed = Timeline(network, ONE).at(1)
    named, checked = letters(network, passed), 0
    for ref in refs_of_pass(network, 1):
        if ref.phase not in ("backward", "update"):
            continue
        for one in mistakes_of(network, passed, ref):
            value = comes_to(one.slip.theirs, named)
            if value is None or one.is_carried or not is_own(network, ref, one.slip.symbol):
                continue
            typed = shown_sign(network, ref) * one.value
            assert math.isclose(value, typed, rel_tol=1e-9), (str(ref), one.slip)
            right = comes_to(one.slip.right, named)
            truth = shown_value(network, passed, ref)
            assert right is None or math.isclose(right, truth, rel_tol=1e-9), (str(ref), one.slip)
            checked += 1
    assert checked > 40


def is_own(network: Network, ref: Ref, symbol: str) -> bool:
    """Whether a slip is told in the line of the number itself."""
    turned = "−" if shown_sign(network, ref) < 0 else ""
    number = "₁₂"[(ref.layer or 2) - 1]
    own = {
        "dL_do": f"{turned}∂L/∂o",
        "dL_da": f"{turned}∂L/∂a₁",
        "delta": f"δ{number}",
        "dW": f"∂L/∂w{number}",
        "db": f"∂L/∂b{number}",
        "step": f"Δw{number}" if network.conventions.flips_step else "step",
        "W": f"w{number}′",
        "b": f"b{number}′",
    }
    return own.get(ref.quantity) == symbol


@pytest.mark.parametrize(
    ("asked", "mistake", "line"),
    [
        ("dL_do[0,0]", "forgot-two", "−∂L/∂o = 1/2·(y − o) ≠ y − o"),
        ("delta2[0,0]", "forgot-loss-slope", "−∂L/∂o = 1 ≠ y − o"),
        ("delta1[0,0]", "output-error-as-hidden-delta", "δ₁ = −∂L/∂o·∂a₁/∂z₁ ≠ (δ₂·w₂)·f′(z)"),
        ("dW2[0,0]", "weight-for-input", "∂L/∂w₂ = −δ₂·w₂ ≠ −δ₂·a₁"),
        ("step2[0,0]", "no-learning-rate", "Δw₂ = δ₂·a₁ ≠ η·δ₂·a₁"),
        ("step2[0,0]", "new-value-for-step", "Δw₂ = w₂′ ≠ w₂′ − w₂"),
        ("W2[0,0]", "added-step", "w₂′ = w₂ − η·δ₂·a₁ ≠ w₂ + η·δ₂·a₁"),
        ("W2[0,0]", "rate-times-difference", "w₂′ = η·(w₂ + δ₂·a₁) ≠ w₂ + η·δ₂·a₁"),
        ("b1[0]", "divided-by-rate", "b₁′ = b₁ + δ₁/η ≠ b₁ + η·δ₁"),
    ],
)
def test_a_mistake_on_a_sheet_with_target_minus_output(asked: str, mistake: str, line: str) -> None:
    passed = Timeline(TEXTBOOK, SAMPLE).at(1)
    found = [one for one in mistakes_of(TEXTBOOK, passed, parse_ref(asked)) if one.mistake.id == mistake]
    assert line in [f"{one.slip.symbol} = {one.slip.theirs} ≠ {one.slip.right}" for one in found]


def test_the_words_of_an_update_that_adds() -> None:
    passed = Timeline(TEXTBOOK, SAMPLE).at(1)
    ref = parse_ref("W2[0,0]")
    known = mistakes_of(TEXTBOOK, passed, ref)
    wrong = next(one for one in known if one.mistake.id == "added-step")
    judged = judge_text(f"{wrong.value:.9f}", Case(TEXTBOOK, passed, ref).truth, 1.0, {}, [wrong])
    assert judged.message == "you subtracted the step. δ has the minus of the slope in it, so the step η·δ is added"
    flipped = [one for one in mistakes_of(TEXTBOOK, passed, parse_ref("dW1[0,0]")) if one.mistake.id == "forgot-target"]
    assert all("y − o" in one.mistake.rule for one in flipped)


def test_rows_and_columns_of_a_sheet_with_a_column_for_each_unit() -> None:
    network = replace(TEXTBOOK, conventions=Conventions(weights="in-out"))
    passed = Timeline(network, SAMPLE).at(1)
    ours = replace(network, conventions=Conventions())
    for asked in ("z1[0,0]", "dW1[0,0]"):
        there, here = (
            {one.mistake.id: one.mistake for one in mistakes_of(each, passed, parse_ref(asked))}
            for each in (network, ours)
        )
        assert list(there) == list(here)
        assert all(there[name].name == here[name].name for name in here if "row" not in here[name].name)
    wrong = next(
        one for one in mistakes_of(network, passed, parse_ref("z1[0,0]")) if one.mistake.id == "matrix-transposed"
    )
    assert wrong.mistake.name == "used a row of the weights instead of a column"
    assert wrong.mistake.rule == "the weights of one unit stand in one column: W[in][out]"


def test_without_conventions_nothing_is_written_anew() -> None:
    ours = replace(TEXTBOOK, conventions=Conventions())
    passed = Timeline(ours, SAMPLE).at(1)
    found = [one for one in mistakes_of(ours, passed, parse_ref("W2[0,0]")) if one.mistake.id == "added-step"]
    assert [one.slip.theirs for one in found] == ["w₂ + η·∂L/∂w₂"]
