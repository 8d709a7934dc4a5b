"""Whether SymPy disproves a formula: quickly, whatever it looks like."""

from __future__ import annotations

import pytest

from nn_tutor.calculus.equality import disproves
from nn_tutor.judging.formula import judge_formula
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline

NETWORK = Network((Layer(weights=((0.7,),), activation="tanh"),))
PASSED = Timeline(NETWORK, Data(((0.8,),), ((0.3,),))).at(1)

TANH = "((exp(w*x)-exp(-w*x))/(exp(w*x)+exp(-w*x)))"
ODD = f"2*({TANH}-y)*(4/(exp(w*x)+exp(-w*x))^2)*x"
"""The slope of the loss in w, spelled in a way in which proving it equal takes a minute."""


@pytest.mark.parametrize(
    ("text", "is_right"), [(ODD, True), (ODD.replace("4/", "3.9999999/"), False), ("2*(o-y)*(1-o*o)*x", True)]
)
def test_odd_spellings_are_told_apart(text: str, is_right: bool) -> None:
    judged = judge_formula(text, NETWORK, PASSED, parse_ref("dW1[0,0]"), disproves)
    assert judged.is_right == is_right
