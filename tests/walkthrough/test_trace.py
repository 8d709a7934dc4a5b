"""The trace document: every key of the contract, whole numbers told as they are, never NaN, fast where it must be."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.network.passes import initial_parameters
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import StoppedError
from nn_tutor.walkthrough.trace import as_markdown, as_table, trace_document
from tests.networks import random_network

# W. Mazur's often copied example: 2-2-2 sigmoid, held biases, ½ squared error summed over the outputs.
MAZUR = (
    Network(
        (
            Layer(((0.15, 0.20), (0.25, 0.30)), biases=(0.35, 0.35), train_biases=False, activation="sigmoid"),
            Layer(((0.40, 0.45), (0.50, 0.55)), biases=(0.60, 0.60), train_biases=False, activation="sigmoid"),
        ),
        Loss(factor=0.5, outputs="sum"),
        learning_rate=0.5,
    ),
    Data(((0.05, 0.10),), ((0.01, 0.99),)),
)


def trace(network: Network, data: Data, passes: int = 1, *, only_last: bool = False) -> dict[str, Any]:
    document = trace_document("test", "", network, data, passes, only_last, SymPyDeriver())
    document["passes"] = list(document["passes"])
    read_again: dict[str, Any] = json.loads(json.dumps(document, allow_nan=False))
    return read_again


def test_a_published_example_comes_out_as_printed() -> None:
    told = trace(*MAZUR, passes=2)
    first = told["passes"][0]
    assert told["format_version"] == 1
    assert told["stopped"] is None
    assert first["loss"] == pytest.approx(0.298371109, abs=5e-10)
    assert first["forward"]["a"][1][0] == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert np.array(first["updated"]["W"][1]).ravel() == pytest.approx(
        [0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9
    )
    assert np.array(first["updated"]["W"][0]).ravel() == pytest.approx(
        [0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=5e-9
    )
    assert first["updated"]["b"] == [[0.35, 0.35], [0.6, 0.6]]
    assert first["gradients"]["db"][0] is not None
    assert told["passes"][1]["loss"] < first["loss"]


def test_a_step_has_every_key_of_the_contract() -> None:
    network = Network((Layer(((0.6,),), biases=(0.0,), activation="sigmoid"),))
    told = trace(network, Data(((1.7,),), ((0.2,),)))["passes"][0]
    known = {"pass", "rows", "forward", "loss", "reported_loss", "gradients", "updated", "optimizer", "steps"}
    assert set(told) == known
    step = next(step for step in told["steps"] if step["id"] == "1.backward.dz_dw1[0,0,0]")
    assert step == {
        "id": "1.backward.dz_dw1[0,0,0]",
        "phase": "backward",
        "symbol": "∂z/∂w",
        "formula": "x",
        "substituted": "1.7",
        "code": "dz_dw = x",
        "value": 1.7,
        "agreement": step["agreement"],
    }
    assert step["agreement"]["sympy"] <= 1e-12
    assert step["agreement"]["central_difference"] <= 1e-6
    assert [step["phase"] for step in told["steps"]] == sorted(
        (step["phase"] for step in told["steps"]), key=["forward", "loss", "backward", "update"].index
    )


def test_no_biases_are_null_and_rows_are_named() -> None:
    network = Network((Layer(((0.6,),)),), batching="online", learning_rate=0.1)
    told = trace(network, Data(((1.0,), (2.0,)), ((0.5,), (0.1,))), passes=3)
    assert [step["rows"] for step in told["passes"]] == [[0], [1], [0]]
    assert told["passes"][0]["gradients"]["db"] == [None]
    assert told["passes"][0]["updated"]["b"] == [None]


def test_a_run_that_overflows_says_so() -> None:
    network = Network((Layer(((0.6,),)),), learning_rate=1e200)
    told = trace(network, Data(((1.0,),), ((0.5,),)), passes=9)
    assert told["stopped"]["pass"] >= 1
    assert "overflow" in told["stopped"]["why"]
    assert len(told["passes"]) == told["stopped"]["pass"] - 1
    last = trace(network, Data(((1.0,),), ((0.5,),)), passes=9, only_last=True)
    assert last["stopped"] == told["stopped"]
    assert last["passes"] == told["passes"][-1:]


def test_only_the_last_pass_is_the_last_of_all() -> None:
    every = trace(*MAZUR, passes=60)
    last = trace(*MAZUR, passes=60, only_last=True)
    assert len(last["passes"]) == 1
    assert last["passes"][0]["pass"] == 60
    assert last["passes"][0]["loss"] == pytest.approx(every["passes"][-1]["loss"], rel=1e-12)


def test_many_numbers_are_told_in_whole_quantities() -> None:
    network = Network((Layer(size=(16, 16), activation="tanh"), Layer(size=(16, 8))), seed=1)
    told = trace(network, Data((tuple(k / 10 for k in range(16)),), ((0.1,) * 8,)))["passes"][0]
    step = next(step for step in told["steps"] if step["id"] == "1.backward.dW1")
    assert np.array(step["value"]).shape == (16, 16)
    assert step["symbol"] == "∂L/∂W₁"
    assert step["formula"] == "δ₁·xᵀ"
    assert step["value"] == told["gradients"]["dW"][0]


@pytest.mark.parametrize("seed", range(25))
def test_any_network_is_told_in_full_and_for_people(seed: int) -> None:
    network, data = random_network(seed)
    try:
        document = trace_document("test", "", network, data, 2, False, SymPyDeriver())
        document["passes"] = list(document["passes"])
    except StoppedError:  # pragma: no cover
        pytest.fail("a trace never raises for a run that stops")
    json.dumps(document, allow_nan=False)
    for told in document["passes"]:
        assert all(step["formula"] and step["code"] for step in told["steps"])
    assert "".join(as_table(document))
    assert sum(line.startswith("## Pass") for line in as_markdown(document)) == len(document["passes"])


def test_drawn_weights_are_told_as_they_were_drawn() -> None:
    network = Network((Layer(size=(2, 2)),), seed=7, learning_rate=0.0)
    told = trace(network, Data(((1.0, 1.0),), ((0.0, 0.0),)))
    assert told["passes"][0]["updated"]["W"][0] == initial_parameters(network).W[0].tolist()


@pytest.mark.parametrize(
    ("layer", "loss", "targets"),
    [
        (Layer(((200.0,),), activation="sigmoid"), Loss("binary_cross_entropy"), (0.5,)),
        (Layer(((0.6,), (-1e200,)), activation="softmax"), Loss("categorical_cross_entropy"), (0.0, 1.0)),
        (Layer(((900.0,),), activation="sigmoid"), Loss("binary_cross_entropy"), (0.0,)),
    ],
)
def test_a_saturated_output_is_told_without_what_has_no_value(
    layer: Layer, loss: Loss, targets: tuple[float, ...]
) -> None:
    told = trace(Network((layer,), loss), Data(((1.7,),), (targets,)))
    assert told["stopped"] is not None or told["passes"][0]["gradients"]["dW"]
