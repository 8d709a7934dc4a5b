"""What tests of known mistakes share: networks that are worked out by hand, and what a mistake comes to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import MISTAKES, TELLABLE, known_mistakes
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.questions import scale_of_question

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


# Vectors: 2 inputs, 2 hidden units, 3 outputs, and a batch of three

A1 = np.array([[0.5, 0.4], [-1.1, 1.2]])
A2 = np.array([[0.4, 1.2], [0.9, -1.1], [-0.5, 0.3]])
B1 = np.array([0.25, -0.35])
IN = np.array([[1.3, 1.1], [-0.6, 0.85], [0.45, -1.55]])
OUT = np.array([[-0.7, 1.0, -0.6], [0.35, -0.2, 0.9], [1.15, 0.55, -0.95]])


def vector(rows: int, *, outputs: str = "mean", batch: str = "mean", rate: float = 0.4) -> tuple[Network, Data]:
    network = Network(
        (
            Layer(weights=tuples_of(A1), biases=tuple(B1.tolist()), activation="sigmoid"),
            Layer(weights=tuples_of(A2)),
        ),
        Loss(outputs=outputs, batch=batch),  # type: ignore[arg-type]
        learning_rate=rate,
    )
    return network, Data(tuples_of(IN[:rows]), tuples_of(OUT[:rows]))


def tuples_of(array: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in array.tolist())
