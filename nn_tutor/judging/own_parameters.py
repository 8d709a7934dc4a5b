"""The weights and biases that a learner goes on with after a pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nn_tutor.judging.own_pass import own_pass
from nn_tutor.network.quantities import Quantity, Ref, elements, layers_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.network.records import Parameters, Pass
    from nn_tutor.network.spec import Network


def parameters_after(network: Network, passed: Pass, given: Mapping[Ref, float]) -> Parameters:
    """Return the parameters after a pass, with what follows from the learner's numbers in it."""
    own = own_pass(network, passed, given) if given else passed
    if own is None:
        new = {ref: value for ref, value in given.items() if ref.quantity in ("W", "b")}
        return with_replaced(passed.update.after, new)
    return own.update.after


def with_replaced(parameters: Parameters, values: Mapping[Ref, float]) -> Parameters:
    """Return the parameters with some of them replaced, each named as the updated one."""
    W: list[Array] = [weights.copy() for weights in parameters.W]
    b = [None if biases is None else biases.copy() for biases in parameters.b]
    for ref, value in values.items():
        layer, index = (ref.layer or 1) - 1, ref.index or ()
        array = W[layer] if ref.quantity == "W" else b[layer]
        if array is not None:
            array[index] = value
    return parameters.with_values(tuple(W), tuple(b))


def refs_of_parameters(network: Network) -> Iterator[Ref]:
    """Yield every new weight, then every new bias."""
    quantities: tuple[Quantity, ...] = ("W", "b")
    for quantity in quantities:
        for layer in layers_of(network, quantity):
            yield from elements(network, 1, quantity, layer)


def count_of_parameters(network: Network) -> int:
    """Return how many weights and biases a network has."""
    return sum(layer.units * (layer.inputs + (layer.biases is not None)) for layer in network.layers)
