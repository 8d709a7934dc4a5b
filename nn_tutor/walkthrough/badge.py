"""What a network is trained with, in a few words: its loss, its update rule, the rows of a pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import rate_name
from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.activations import activation_of
from nn_tutor.network.losses import loss_of
from nn_tutor.network.optimizer import TITLES
from nn_tutor.network.spec import LEAK

if TYPE_CHECKING:
    from nn_tutor.network.spec import Layer, Network


def rule_badge(network: Network) -> str:
    """Say by which rule a network is updated, before its learning rate: `η`, `Adam, η`, or `weight decay, η`."""
    optimizer = network.optimizer
    told = [] if optimizer.rule == "gradient-descent" else [TITLES[optimizer.rule]]
    told += ["weight decay"] if optimizer.weight_decay and optimizer.rule != "adamw" else []
    told += ["clipped"] if optimizer.clips else []
    return ", ".join((*told, rate_name(network)))


def batch_badge(network: Network, rows: Sequence[int], samples: int) -> str:
    """Say which samples a pass sees, where these are a batch of them: `rows 3, 4 of 8`; "" where they are not."""
    if network.batching == "full" or (network.batching == "online" and not network.shuffle):
        return ""
    if len(rows) > _MAX_ROWS_TOLD:
        return f"{len(rows)} of {samples} rows"
    return f"row{'s' * (len(rows) > 1)} {', '.join(str(row + 1) for row in rows)} of {samples}"


_MAX_ROWS_TOLD = 6

ONE_SAMPLE = "1 sample"
"""What is said of a pass that sees one sample."""


def loss_badge(network: Network, rows: int) -> str:
    """Say which loss is differentiated, with its ½, 1/n, and mean or sum: `L = 1/3·Σ(o − y)²  mean of 4 samples`."""
    loss = network.loss
    term = loss_of(loss).badge
    several = network.outputs > 1
    factor = loss.exact_scale(outputs=network.outputs, rows=1)
    before = "" if factor == 1 else f"{factor}·"
    if several and loss.kind != "categorical_cross_entropy":  # which is a sum over the classes anyhow
        term = f"Σ{' ' if term[0].isalpha() else ''}{term}"
    penalty = "" if not network.l2 else f" + {numeral(network.l2 / 2)}·Σw²"
    samples = ONE_SAMPLE if rows == 1 else f"{'mean' if loss.batch == 'mean' else 'sum'} of {rows} samples"
    return f"L = {before}{term}{penalty}  {samples}"


def activation_badge(layer: Layer) -> str:
    """Say which activation a layer has: `tanh`, `leaky ReLU 0.2 below 0`, or `none`."""
    if layer.activation == "identity":
        return "none"
    named = "sigmoid" if layer.activation == "sigmoid" else activation_of(layer).called
    if layer.activation != "leaky_relu":
        return named
    return f"{named} {numeral(LEAK if layer.slope is None else layer.slope)} below 0"


def activations_told(network: Network) -> str:
    """Say in a sentence which activations the layers have, "" where there is none."""
    named = [activation_badge(layer) for layer in network.layers]
    if set(named) == {"none"}:
        return ""
    if len(named) == 1:
        return f"The activation is {named[0]}."
    return f"The activations are {', '.join(named[:-1])} and {named[-1]}."
