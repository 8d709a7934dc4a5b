"""Whether data can be fed to a network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nn_tutor.network.counted import counted
from nn_tutor.network.spec_error import SpecError

if TYPE_CHECKING:
    from nn_tutor.network.spec import Data, Network, Vector


def check_fit(network: Network, data: Data) -> None:
    """Check that `data` can be fed to `network`; raises `SpecError` with keys below `data`."""
    if network.batching == "mini" and network.drop_last and len(data.inputs) < network.batch_size:
        raise SpecError(
            "inputs",
            f"{len(data.inputs)} rows, fewer than a batch of {network.batch_size}, and drop_last leaves them out",
            "give more rows, or a smaller batch_size, or take out drop_last",
        )
    _check_width("inputs", data.inputs[0], network.inputs, f"the first layer takes {network.inputs}")
    if not network.loss.has_targets:
        if data.targets is not None:
            raise SpecError(
                "targets", "targets for a loss that has none", 'leave them out: kind = "output" has no target'
            )
        return
    if data.targets is None:
        raise SpecError("targets", "missing", "give one row of targets for each row of inputs")
    outputs = f"the network has {counted(network.outputs, 'output')}"
    _check_width("targets", data.targets[0], network.outputs, outputs)
    if not network.loss.has_free_targets:
        for index, row in enumerate(data.targets):
            _check_targets(network, index, row)


def _check_width(key: str, row: Vector, wanted: int, why: str) -> None:
    """Check how many numbers a row has; all rows of one kind have as many."""
    if len(row) != wanted:
        found = f"rows of {counted(len(row), 'number')}, but {why}"
        raise SpecError(key, found, f"give each row {counted(wanted, 'number')}")


def _check_targets(network: Network, index: int, row: Vector) -> None:
    """Check that a row of targets holds classes, or probabilities, as the loss needs."""
    key, found = f"targets[{index}]", f"{list(row)}"
    if network.loss.kind == "hinge":
        if not all(value in (-1.0, 1.0) for value in row):
            raise SpecError(key, found, "targets of the hinge loss are -1 or 1")
        return
    if not all(0 <= value <= 1 for value in row):
        raise SpecError(key, found, "targets of a cross-entropy are probabilities from 0 to 1")
    if network.layers[-1].activation == "softmax" and not math.isclose(sum(row), 1.0, abs_tol=1e-9):
        found = f"{found}, which sums to {sum(row):g}"
        raise SpecError(key, found, "with softmax and cross-entropy the targets of a row sum to 1")
