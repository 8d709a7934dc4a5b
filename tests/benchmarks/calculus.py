"""The calculus room: one weight's chain, and all weights of a network, derived and printed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator

from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.quantities import Quantity, Ref, elements, layers_of
from nn_tutor.network.records import Pass
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline
from tests.benchmarks.figures import Figure, median, processor_seconds, seconds

ADAM: tuple[Quantity, ...] = ("m", "v", "m_hat", "v_hat", "m_b", "v_b", "m_hat_b", "v_hat_b", "W", "b")
CHAIN: tuple[Quantity, ...] = ("dL_do", "da_dz", "delta", "dL_da", "dz_dw", "dW", "db")


def figures() -> Iterator[Figure]:
    from nn_tutor.calculus.derivation import SymPyDeriver, warm

    yield Figure("SymPy imported and warmed", seconds(warm) * 1e3, "ms", None, "in a thread after the first paint")

    def derive_all(deriver: SymPyDeriver, network: Network, passed: Pass, refs: Iterable[Ref]) -> float:
        return processor_seconds(lambda: [deriver.derive(network, passed, ref) for ref in refs])

    for sizes in ((1, 1, 1), (2, 2, 3), (16, 16, 16, 8), (64, 64, 64, 16)):
        network, passed = make(*sizes)
        deriver = SymPyDeriver()
        # Another path each time, so that nothing is remembered; the first pays for the patterns.
        paths = range(1, min(*sizes, 17)) if min(sizes) > 2 else [0]
        took = [derive_all(deriver, network, passed, path_of(network, unit)) for unit in (0, *paths)]
        name = "-".join(map(str, sizes))
        yield Figure(f"one weight's whole chain, {name}, warm", median(took[1:]) * 1e3, "ms", 5)
        yield Figure(f"one weight's whole chain, {name}, the first", took[0] * 1e3, "ms")
    per_weight = []
    for sizes in ((8, 8, 8, 4), (16, 16, 16, 8)):
        network, passed = make(*sizes)
        refs = [
            ref
            for quantity in CHAIN
            for layer in layers_of(network, quantity)
            for ref in elements(network, 1, quantity, layer)
        ]
        took = [derive_all(SymPyDeriver(), network, passed, refs) for _ in range(3)]
        per_weight.append(min(took) / sum(layer.units * layer.inputs for layer in network.layers))
    yield Figure("all weights of 16-16-16-8 derived", min(took), "s", 0.2, f"{len(refs)} derivations")
    yield Figure("the same for each weight / at 8-8-8-4", per_weight[1] / per_weight[0], "×", 1.3, "growth is linear")
    network, passed = make(16, 16, 16, 8, optimizer=Optimizer("adam"), number=2)
    refs = [
        ref
        for quantity in (*CHAIN, *ADAM)
        for layer in layers_of(network, quantity)
        for ref in elements(network, 1, quantity, layer)
    ]
    took = [derive_all(SymPyDeriver(), network, passed, refs) for _ in range(3)]
    yield Figure("16-16-16-8 with Adam's state and steps derived", min(took), "s", 0.3, f"{len(refs)} derivations")


def make(*sizes: int, optimizer: Optimizer | None = None, number: int = 1) -> tuple[Network, Pass]:
    """Return a sigmoid network of the given sizes with biases, and a pass of it."""
    draw = random.Random(3)
    network = Network(
        tuple(
            Layer(size=(inputs, units), biases=(0.1,) * units, activation="sigmoid")
            for inputs, units in itertools.pairwise(sizes)
        ),
        optimizer=optimizer or Optimizer(),
    )
    data = Data((tuple(draw.random() for _ in range(sizes[0])),), (tuple(draw.random() for _ in range(sizes[-1])),))
    return network, Timeline(network, data).at(number)


def path_of(network: Network, unit: int) -> list[Ref]:
    """Return the links from the loss down to one weight of layer 1, along the units of one number."""
    refs = [Ref("dL_do", None, (0, unit))]
    for layer in range(len(network.layers), 0, -1):
        if layer < len(network.layers):
            refs.append(Ref("dL_da", layer, (0, unit)))
        refs += [Ref("da_dz", layer, (0, unit)), Ref("delta", layer, (0, unit))]
    return [*refs, Ref("dz_dw", 1, (0, unit, unit)), Ref("dW", 1, (unit, unit))]
