"""The functions that the calculation of a number may want, as they are typed: `exp`, `ln`, `sigmoid`, `sqrt`.

They are read off the written forms of activations, losses and update rules. What a form is made of is offered, and not
the whole of it by one name: `sigmoid` for SiLU, whose rule is the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.network.activations import activation_of
from nn_tutor.network.losses import loss_of
from nn_tutor.network.rules import CLIPPINGS, RULES

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Layer, Network

_WRITTEN = re.compile(r"\b(?:sigmoid|tanh|ln|sqrt)(?=\()|e\^|[σ√Φφ]|softmax")
_TYPED = {"e^": "exp", "softmax": "exp", "σ": "sigmoid", "√": "sqrt", "Φ": "Phi", "φ": "phi"}
"""How a function is typed that is written otherwise."""


@lru_cache(maxsize=1024)
def functions_for(network: Network, ref: Ref, *, with_forward: bool = False) -> tuple[str, ...]:
    """Return the functions that a number may want, none where arithmetic is enough.

    `with_forward` says that the way forward may have to be made with it: those of all layers and of the loss come too.
    """
    return tuple(dict.fromkeys(_found(network, ref, with_forward=with_forward)))


def _found(network: Network, ref: Ref, *, with_forward: bool) -> Iterator[str]:
    layer = network.layers[(ref.layer or len(network.layers)) - 1]
    loss = loss_of(network.loss)
    if ref.phase == "update":
        yield from _of_update(network, ref)
    elif with_forward:
        for one in network.layers:
            yield from _of_activation(one)
        yield from _in(loss.written)
    elif ref.quantity == "a":
        yield from _of_activation(layer)
    elif ref.quantity == "da_dz":
        yield from _in(activation_of(layer).slope_written)
    elif ref.quantity in ("loss", "loss_term"):
        yield from _in(loss.written)


def _of_activation(layer: Layer) -> Iterator[str]:
    yield from _in(activation_of(layer).written)


def _of_update(network: Network, ref: Ref) -> Iterator[str]:
    optimizer = network.optimizer
    if ref.quantity == "norm":
        yield "sqrt"
    elif ref.quantity == "rate" and optimizer.schedule.kind == "cosine":
        yield "cos"
    elif ref.quantity in ("clipped", "clipped_b") and (clipping := CLIPPINGS[optimizer.clipping.kind]) is not None:
        yield from _in(clipping.written)
    elif ref.quantity in ("W", "b", "step") and (direction := RULES[optimizer.rule].direction) is not None:
        yield from _in(direction.written)


def _in(written: str) -> Iterator[str]:
    """Yield the functions of a written form, as they are typed; what only compares needs none."""
    for found in _WRITTEN.findall(written):
        yield _TYPED.get(found, found)
