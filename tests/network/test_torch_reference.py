"""Every update rule against figures of PyTorch: a thousand steps of random networks, inside and through the trace."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.network.optimizer import RuleName
from nn_tutor.network.passes import initial_parameters
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.trace import trace_document
from tests.network.exact_reference import exactly
from tests.network.torch_reference import FIGURES, GOAL, ORDER, REFERENCES, STEPS, arrays_of, farthest, random_case

AFTER: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))["after"]


@pytest.mark.parametrize("seed", range(REFERENCES))
@pytest.mark.parametrize("rule", ORDER)
def test_a_thousand_steps_are_those_of_pytorch(rule: RuleName, seed: int) -> None:
    network, data = random_case(rule, seed)
    theirs = [np.array(array) for array in AFTER[f"{rule} {seed}"]]
    assert farthest(arrays_of(Timeline(network, data).at(STEPS).update.after), theirs) <= GOAL
    document = trace_document("test", "", network, data, STEPS, True, SymPyDeriver())
    (last,) = document["passes"]
    updated = last["updated"]
    pairs = zip(updated["W"], updated["b"], strict=True)
    told = [np.array(array) for pair in pairs for array in pair if array is not None]
    assert farthest(told, theirs) <= GOAL
    assert (last["optimizer"] is None) == (rule == "gradient-descent")


@pytest.mark.parametrize("rule", ORDER)
def test_the_first_steps_are_those_of_fifty_digits(rule: RuleName) -> None:
    network, data = random_case(rule, 1)
    ours = arrays_of(Timeline(network, data).at(12).update.after)
    assert farthest(ours, exactly(network, data, initial_parameters(network), 12)) <= 1e-14
