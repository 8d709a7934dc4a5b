"""The lean loop from given parameters on, as a timeline runs it where a jump is far."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tutor.network.records import Parameters
from nn_tutor.network.spec import Data, Network
from nn_tutor.network.training import Batches, run_lean


def fast_forward(
    network: Network, data: Data, parameters: Parameters, passes: int, first: int = 1
) -> Iterator[tuple[int, Parameters]]:
    """Run `passes` passes from `parameters`, the first of which has the number `first`."""
    return run_lean(network, Batches(network, data), parameters, first, first + passes)
