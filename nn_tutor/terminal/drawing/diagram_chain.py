"""The chain that a network of single weights is drawn as: its nodes, its operations, its links, and what is lit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, bias, feature, symbol, target, weight, weighted_sum
from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.terminal.drawing.diagram_parts import (
    NOT_YET,
    DiagramPicture,
    forward_text,
    given_room,
    given_text,
    is_of,
    is_of_bias,
    is_of_weight,
)

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Role

NUMBER = 7
"""The cells of a number."""


@dataclass(frozen=True, slots=True)
class Item:
    """A node of the chain, or an operation on the link behind one; `value` "": it has none, as σ."""

    sign: str
    name: str
    value: str
    role: Role
    is_node: bool
    lit: bool = False
    room: int = NUMBER


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two nodes: the slope that flows back along it, and whether it is lit."""

    slope: Ref
    name: str
    lit: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The part of the chain that is drawn: its items from left to right, its links, its target, and where it is cut.

    `weights` holds for each layer that is drawn the place of its weight among the items, `nodes` the places of its z
    and a, and of x.
    """

    items: tuple[Item, ...]
    links: tuple[Link, ...]
    weights: dict[int, int]
    nodes: dict[Ref, int]
    target: Item | None
    is_start: bool
    is_end: bool


def chain_of(picture: DiagramPicture, first: int, last: int) -> Chain:
    """Return the chain from the node before the first layer to the one behind the last, or to L."""
    items: list[Item] = [_node(picture, first - 1)]
    links: list[Link] = []
    weights, nodes = {}, {Ref("a", first - 1, (picture.row, 0)): 0}
    for layer in range(first, last + 1):
        weights[layer] = len(items)
        items += _layer(picture, layer)
        nodes[Ref("a", layer, (picture.row, 0))] = len(items) - 1
        if picture.network.layers[layer - 1].activation != "identity":
            nodes[Ref("z", layer, (picture.row, 0))] = len(items) - 3
        links += _links(picture, layer)
    goal = None
    if last == len(picture.network.layers):
        on_loss = is_of(picture.focus, "loss")
        links.append(_link(picture, Ref("dL_do", None, (picture.row, 0)), on_loss))
        items.append(Item("", "L", picture.text(Ref("loss")) or NOT_YET, "loss", True, on_loss))
        if picture.targets is not None:
            name = target(picture.network, picture.rows, picture.row, 0)
            goal = Item(
                "", name, given_text(picture.targets[0]), "target", True, on_loss, given_room(picture.targets[:1])
            )
    return Chain(tuple(items), tuple(links), weights, nodes, goal, first == 1, last == len(picture.network.layers))


def _layer(picture: DiagramPicture, layer: int) -> Iterator[Item]:
    """Yield the items of a layer: its weight, its bias, its weighted sum, its activation."""
    network, focus = picture.network, picture.focus
    lit = is_of(focus, "dW", "step", "W", layer=layer)
    name = weight(network, layer, (0, 0))
    yield Item("×", name, given_text(picture.weights[layer - 1][0][0]), "weight", False, lit)
    biases = picture.biases[layer - 1]
    if biases is not None:
        lit = is_of_bias(focus, layer)
        yield Item("+", bias(network, layer, 0), given_text(biases[0]), "weight", False, lit)
    function = network.layers[layer - 1].activation
    if function != "identity":
        lit = is_of(focus, "z", "delta", "delta_sample", layer=layer)
        name = weighted_sum(network, picture.rows, layer, picture.row, 0)
        yield Item("", name, picture.text(Ref("z", layer, (picture.row, 0))) or NOT_YET, "output", True, lit)
        yield Item(ACTIVATIONS[function].sign, "", "", "muted", False, is_of(focus, "a", "da_dz", layer=layer))
    yield _node(picture, layer)


def _node(picture: DiagramPicture, layer: int) -> Item:
    """Return the activation of a layer as a node; of layer 0 the input."""
    network, focus = picture.network, picture.focus
    if layer == 0:
        name = feature(network, picture.rows, picture.row, 0)
        return Item(
            "", name, given_text(picture.inputs[0]), "input", True, is_of(focus, "dX"), given_room(picture.inputs[:1])
        )
    name = activation(network, picture.rows, layer, picture.row, 0)
    lit = is_of(focus, "a", "dL_da", layer=layer)
    if network.layers[layer - 1].activation == "identity":
        lit = lit or is_of(focus, "z", "delta", "delta_sample", layer=layer)
        if focus is not None and is_of(focus, "z", layer=layer):
            name = symbol(network, picture.rows, focus)
    return Item("", name, forward_text(picture, layer, 0) or NOT_YET, "output", True, lit)


def _links(picture: DiagramPicture, layer: int) -> Iterator[Link]:
    """Yield the link of a layer's weight, and the one of its activation."""
    focus, function = picture.focus, picture.network.layers[layer - 1].activation
    entering: tuple[Quantity, ...] = ("z", "a") if function == "identity" else ("z",)
    lit = is_of_weight(focus, layer) or is_of_bias(focus, layer) or is_of(focus, *entering, layer=layer)
    lit = lit or (is_of(focus, "dX") if layer == 1 else is_of(focus, "dL_da", layer=layer - 1))
    slope = Ref("dz_dw", 1, (picture.row, 0, 0)) if layer == 1 else Ref("dz_da", layer, (0, 0))
    yield _link(picture, slope, lit)
    if function != "identity":
        slope = Ref("da_dz", layer, (picture.row, 0, 0) if function == "softmax" else (picture.row, 0))
        yield _link(picture, slope, is_of(focus, "a", "delta", "delta_sample", layer=layer))


def _link(picture: DiagramPicture, slope: Ref, lit: bool) -> Link:
    return Link(slope, symbol(picture.network, picture.rows, slope), lit or slope == picture.focus)
