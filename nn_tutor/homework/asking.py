"""How much is asked on the walk through a network of one's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nn_tutor.course.ask import check_ask, parse_ask
from nn_tutor.course.findings import shown
from nn_tutor.homework.faults import refused
from nn_tutor.homework.words import ASKS, folded
from nn_tutor.network.quantities import Quantity, layers_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import Layer, Network

LINKS: tuple[Quantity, ...] = ("dL_do", "dL_da", "da_dz", "delta", "dW", "db", "W", "b")
"""The links of the chain, and what they lead to."""

_LEARNED: tuple[Quantity, ...] = ("W", "b")


def asks_of(text: str, network: Network, rows: int) -> list[str]:
    """Return what is asked, as in a lesson, in passes of so many rows; raises `HomeworkError`.

    "none", "update" (the default; the links where nothing is learned), "links", "all", or quantities as a lesson names
    them: `dW2, W`.
    """
    wanted = folded(text) or "update"
    if wanted == "none":
        return []
    if wanted == "all":
        return ["all"]
    learned = [name for quantity in _LEARNED for name in _asked(network, quantity)]
    if wanted == "links" or (wanted == "update" and not learned):
        return [name for quantity in LINKS for name in _asked(network, quantity)]
    if wanted == "update":
        return learned
    asks = [part.strip() for part in re.split(r"[,;](?![^\[]*\])", text) if part.strip()]
    usual = f"write {', '.join(ASKS)}, or quantities such as dW2, W"
    for ask in asks:
        try:
            parsed = parse_ask(ask)
        except ValueError:
            raise refused("ask", f'"{shown(ask)}"', usual) from None
        try:
            check_ask(network, rows, parsed)
        except ValueError as error:
            raise refused("ask", f'"{shown(ask)}": {error}', usual) from None
    return asks


def _asked(network: Network, quantity: Quantity) -> list[str]:
    """The quantity with each layer in which there is something to ask."""
    found = []
    for number in layers_of(network, quantity):
        layer = network.layers[-1 if number is None else number - 1]
        if quantity == "da_dz" and layer.activation == "identity":
            continue
        if quantity in ("W", "b") and not _learns(layer, quantity):
            continue
        found.append(f"{quantity}{number or ''}")
    return found


def _learns(layer: Layer, quantity: Quantity) -> bool:
    return layer.train_biases if quantity == "b" else len(layer.frozen) < layer.units * layer.inputs
