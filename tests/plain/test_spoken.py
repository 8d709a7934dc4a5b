"""The notation of the screen in words: what is said for it, and that nothing is left that cannot be spoken."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nn_tutor.calculus.names import symbol
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.optimizer import Clipping, Optimizer, RuleName, Schedule
from nn_tutor.network.quantities import QUANTITIES, Ref
from nn_tutor.network.spec import Layer, Loss, Network
from nn_tutor.plain.ascii import in_ascii
from nn_tutor.plain.spoken import as_typed, spoken
from nn_tutor.tutor.hints import rule_in_words, which_link
from nn_tutor.walkthrough.order import refs_of_pass
from tests.plain.talking import said_of

UNSPEAKABLE = re.compile("[\u2190-\u28ff]")
"""Arrows, mathematical signs, boxes, blocks, shapes and braille."""

SAID = {
    "1/3·Σ(o − y)²": "1 divided by 3 times sum of open bracket o minus y close bracket squared",
    # names
    "∂L/∂w₂₁₁": "slope of L with respect to w 2 1 1",
    "w₁₂′": "new w 1 2",
    "x₁⁽²⁾": "x 1 of sample 2",
    "δ₂₁": "delta 2 1",
    "δ°₁⁽²⁾": "delta 1 alone of sample 2",
    "Δw₁₁": "change of w 1 1",
    "w[10,2]": "w 10 2",
    "m̂₁₁": "m hat 1 1",
    "vᵇ₁′": "new v of the bias 1",
    "m̂ᵇ₁": "m hat of the bias 1",
    "v_w5′": "new v of w5",
    "‖∇L‖": "length of all slopes",
    "η₀": "first learning rate",
    "β₁·m + (1 − β₁)·g": "beta 1 times m plus open bracket 1 minus beta 1 close bracket times g",
    "∂L/∂W₁ = δ₁·xᵀ": "slope of L with respect to W 1 equals delta 1 times x transposed",
    "−∂L/∂o₁": "minus slope of L with respect to o 1",
    "η·m̂/(√v̂ + ε)": (
        "The learning rate times m hat divided by open bracket square root of v hat plus epsilon close bracket"
    ),
    "η·m̂/√v̂": "The learning rate times m hat divided by square root of v hat",
    "m̂ = m′/(1 − β₁ᵗ)": "m hat equals new m divided by open bracket 1 minus beta 1 to the power of t close bracket",
    # numbers
    "−0.36": "minus 0.36",
    "1.234e−5": "1.234 times 10 to the power of minus 5",
    "9/25 and ½": "9 divided by 25 and one half",
    "1,000": "1,000",
    # formulas
    "2·(o − y)": "2 times open bracket o minus y close bracket",
    "2·(−0.36)": "2 times minus 0.36",
    "(−0.36)²": "open bracket minus 0.36 close bracket squared",
    "w − η·∂L/∂w": "w minus learning rate times slope of L with respect to w",
    "σ(z)·(1 − σ(z))": "sigmoid of z times open bracket 1 minus sigmoid of z close bracket",
    "σ′(z₁)": "slope of sigmoid at z 1",
    "1/(1 + exp(−z))": "1 divided by open bracket 1 plus e to the power of minus z close bracket",
    "L = (o - y) ** 2": "L equals open bracket o minus y close bracket to the power of 2",
    "D1 = D2.T @ W2 * (1 - A)": "D1 equals D2 transposed matrix times W2 times open bracket 1 minus A close bracket",
    "slope = change / eps": "slope equals change divided by eps",
    "1/(1 + e to the power −z)": "1 divided by open bracket 1 plus e to the power minus z close bracket",
    "written η and typed as lr": "written eta and typed as lr",
    "0.4^⌊4/3⌋": "0.4 to the power of the whole part of open bracket 4 divided by 3 close bracket",
    "max(0, z)": "the larger of 0 and z",
    "1 if z > 0 else 0": "1 if z is above 0 else 0",
    "e^(zᵢ)": "e to the power of z i",
    "(e + ε)² = e² + 2eε": "open bracket e plus epsilon close bracket squared equals e squared plus 2 e epsilon",
    "(∂L/∂w)²": "the square of the slope of L with respect to w",
    "(1 − β₂)·(∂L/∂w₁)²": (
        "open bracket 1 minus beta 2 close bracket times the square of the slope of L with respect to w 1"
    ),
    "∂L/∂w³": "the cube of the slope of L with respect to w",
    "(x⁽¹⁾)² + x⁽²⁾²": "the square of x of sample 1 plus the square of x of sample 2",
    "0…1": "0 to 1",
    "x₁·w₁ + … + x₉·w₉": "x 1 times w 1 plus and so on plus x 9 times w 9",
    "3×2": "3 by 2",
    # sentences
    "is ∂L/∂w + or −?": "is the slope of L with respect to w plus or minus?",
    "with η = 0.3 it crawls": "with the learning rate of 0.3 it crawls",
    "Choose η so that it arrives.": "Choose the learning rate so that it arrives.",
    "the same η": "the same learning rate",
    "an η that suits": "a learning rate that suits",
    "the largest η that suits": "the largest learning rate that suits",
    "usual are β₁ = 0.9 and β₂ = 0.999": "usual are beta 1 equals 0.9 and beta 2 equals 0.999",
    "with λ = 0.2 the weight": "with lambda equal to 0.2 the weight",
    "`η`, said “eta”": "`eta`, said “eta”",
    "the loss rises 1.3225 → 2.5332": "the loss rises 1.3225 to 2.5332",
    "w ──▶ o": "w leads to o",
    "inputs ○ ○ ○": "inputs 3 circles",
    "●●○": "2 of 3",
    "towards the •": "towards the dot",
    "× is spam (class 1)": "cross is spam (class 1)",
    "a word (in brackets) stays": "a word (in brackets) stays",
    "the loss (it is small) and w": "the loss (it is small) and w",
}


@pytest.mark.parametrize("written", SAID)
def test_notation_is_said_as_a_person_would(written: str) -> None:
    assert spoken(written) == SAID[written]


@pytest.mark.parametrize("typed", ["dL_dw", "w - lr*(2*(o-y))", "print(w, x / 2)", "0.5*(3-1)", "-0.36", "1,5"])
def test_what_is_typed_stays_as_it_is_typed(typed: str) -> None:
    assert spoken(f"write {as_typed(typed)} here") == f"write {typed} here"


@given(st.text(max_size=80))
@example("❶")
@example("o❶_❷")
@example("x_❶")
@example("x_b❶")
def test_nothing_is_said_that_cannot_be_spoken(text: str) -> None:
    text = text.replace("\ue000", "").replace("\ue001", "")
    assert not UNSPEAKABLE.search(spoken(text))
    assert not UNSPEAKABLE.search(spoken(as_typed(text)))
    assert in_ascii(spoken(text)).isascii()
    assert in_ascii(spoken(as_typed(text))).isascii()


@pytest.mark.parametrize("said", ["It's – “naïve”… δ", "Größe", "Łódź", "日本", "ά"])
def test_ascii_keeps_what_it_can(said: str) -> None:
    assert in_ascii(said).isascii()
    assert in_ascii("It's – “naïve”…") == 'It\'s - "naive"...'
    assert in_ascii("δ₁") == "delta1"


def test_what_is_said_of_an_answer_needs_no_screen_to_look_at() -> None:
    """Hints and the rules of mistakes that speak of the screen's top line, or of what is lit, are said otherwise."""
    said = [said_of(text) for mistake in MISTAKES for text in (mistake.name, mistake.rule)]
    for network in _networks():
        for ref in refs_of_pass(network, 3):
            said += [said_of(which_link(network, 3, ref)), said_of(rule_in_words(network, 3, ref))]
    looks = re.compile(rf"\b(?:top line|lit|arrow|diagram)\b|{UNSPEAKABLE.pattern}")
    assert [text for text in said if looks.search(text)] == []


def _networks() -> list[Network]:
    scalar = Network((Layer(weights=((0.6,),), biases=(0.1,), activation="sigmoid"),))
    deep = Network(
        (
            Layer(weights=((0.5, 0.4), (-1.1, 1.2)), biases=(0.1, 0.2), activation="tanh"),
            Layer(weights=((0.4, 1.2), (0.9, -1.1)), biases=(0.0, 0.3), activation="softmax"),
        ),
        loss=Loss("categorical_cross_entropy"),
    )
    wide = Network((Layer(size=(11, 10), activation="relu"),))
    rules = [
        replace(deep, optimizer=Optimizer(rule=rule, clipping=Clipping("norm", 1.0), schedule=Schedule("step")))
        for rule in get_args(RuleName)
    ]
    sheet = replace(deep, conventions=Conventions(weights="in-out", error="target-minus-output", step="change"))
    return [scalar, deep, wide, sheet, *rules]


@pytest.mark.parametrize("rows", [1, 3])
def test_every_number_of_a_pass_has_a_name_of_its_own_in_words(rows: int) -> None:
    heard: set[str] = set()
    for network in _networks():
        names: dict[str, Ref] = {}
        for ref in refs_of_pass(network, rows):
            heard.add(ref.quantity)
            written = symbol(network, rows, ref)
            said = spoken(written)
            assert re.fullmatch(r"[A-Za-z0-9 ]+", said), (written, said)
            if ref.quantity not in ("z", "delta", "dz_dw", "dz_da", "da_dz"):  # z of an identity is the output itself
                assert names.setdefault(said, ref) == ref, (said, ref, names[said])
    assert heard == set(QUANTITIES)
