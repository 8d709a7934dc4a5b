"""A network in a few words: its layers with their activations, and its loss with its conventions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.network.counted import counted
from nn_tutor.network.losses import loss_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def layers_in_words(network: Network) -> str:
    """Return the sizes of the layers in their order: `2 inputs, 3 hidden units (sigmoid), 1 output (sigmoid)`."""
    found = [counted(network.inputs, "input")]
    last = len(network.layers)
    for number, layer in enumerate(network.layers, start=1):
        what = counted(layer.units, "output" if number == last else "hidden unit")
        found.append(what if layer.activation == "identity" else f"{what} ({layer.activation})")
    return ", ".join(found)


def loss_in_words(network: Network, rows: int) -> str:
    """Return the loss with what it is multiplied by and averaged over: `½·(o − y)², mean over the samples`.

    Of a single sample nothing is said: there is nothing to average over.
    """
    loss = network.loss
    factor = "" if loss.factor == 1 else "½·" if loss.factor == 0.5 else f"{loss.factor:g}·"
    over = (
        [] if network.outputs == 1 or loss.kind == "categorical_cross_entropy" else [f"{loss.outputs} over the outputs"]
    )
    over += [f"{loss.batch} over the samples"] if rows > 1 else []
    penalty = f", plus {network.l2 / 2:g}·Σw²" if network.l2 else ""
    return ", ".join((f"{factor}{loss_of(loss).written}", *over)) + penalty
