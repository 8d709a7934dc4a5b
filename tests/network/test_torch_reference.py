"""Every update rule against figures of PyTorch: a thousand steps of random networks, inside and from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tutor.cli import main
from nn_tutor.course.writing import as_toml
from nn_tutor.network.optimizer import RuleName
from nn_tutor.network.passes import initial_parameters
from nn_tutor.network.spec import Data, Network
from nn_tutor.network.training import Timeline
from tests.network.exact_reference import exactly
from tests.network.torch_reference import FIGURES, GOAL, ORDER, STEPS, arrays_of, farthest, random_case, reference_cases

CASES = {name: (network, data) for name, network, data in reference_cases()}
AFTER: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))["after"]


@pytest.mark.parametrize("name", CASES)
def test_a_thousand_steps_are_those_of_pytorch(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network, data = CASES[name]
    theirs = [np.array(array) for array in AFTER[name]]
    assert farthest(arrays_of(Timeline(network, data).at(STEPS).update.after), theirs) <= GOAL
    (tmp_path / "lesson.toml").write_text(as_toml(lesson_of(network, data)), encoding="utf-8")
    assert main(("trace", str(tmp_path), "--json", "--only-last", "--passes", str(STEPS))) == 0
    (last,) = json.loads(capsys.readouterr().out)["passes"]
    pairs = zip(last["updated"]["W"], last["updated"]["b"], strict=True)
    told = [np.array(array) for pair in pairs for array in pair if array is not None]
    assert farthest(told, theirs) <= GOAL
    assert (last["optimizer"] is None) == (network.optimizer.rule == "gradient-descent")


def lesson_of(network: Network, data: Data) -> dict[str, object]:
    """The tables of a lesson file on a network of the reference."""
    own = network.optimizer
    update = {
        "rule": own.rule,
        **{name: value for name, value in own.constants.items() if name != "limit"},
        "weight_decay": own.weight_decay,
        "schedule": own.schedule.kind,
        "schedule_every": own.schedule.every,
        "schedule_factor": own.schedule.factor,
        **{key: getattr(network, key) for key in ("batching", "batch_size", "shuffle", "drop_last", "l2")},
    }
    layers = [
        {"weights": layer.weights, "activation": layer.activation}
        | ({} if layer.biases is None else {"biases": layer.biases})
        for layer in network.layers
    ]
    return {
        "format_version": 1,
        "id": "run",
        "title": "A run",
        "network": {
            "learning_rate": network.learning_rate,
            "seed": network.seed,
            "update": update,
            "layers": layers,
        },
        "data": {"inputs": data.inputs, "targets": data.targets},
    }


@pytest.mark.parametrize("rule", ORDER)
def test_the_first_steps_are_those_of_fifty_digits(rule: RuleName) -> None:
    network, data = random_case(rule, 1)
    ours = arrays_of(Timeline(network, data).at(12).update.after)
    assert farthest(ours, exactly(network, data, initial_parameters(network), 12)) <= 1e-14
