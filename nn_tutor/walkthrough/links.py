"""What a number of a pass is made of: the links into which a question can be taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from nn_tutor.network.graph import Graph, Leaf
from nn_tutor.network.quantities import Quantity, Ref, elements
from nn_tutor.walkthrough.order import is_shown

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def links_of(network: Network, rows: int, ref: Ref, *, given_forward: bool = True) -> tuple[Ref, ...]:
    """Return the numbers that one is computed from, in the order of the pass; none where it stands on given ones alone.

    Weights, inputs and targets are given, and so is what the way forward has told, unless it is not `given_forward`.
    The links of a loss of several outputs are its terms. Of a number with one link only, that link is taken apart in
    turn.
    """
    if ref.quantity == "loss" and rows * network.outputs > 1 and network.loss.kind != "categorical_cross_entropy":
        return tuple(elements(network, rows, "loss_term", None))
    parts = _parts(Graph(network, rows), ref, given_forward)
    if len(parts) == 1 and ref.quantity not in ("W", "b", "step", "a", "loss"):
        return (*links_of(network, rows, parts[0], given_forward=given_forward), *parts)
    return parts


def leaning_on(
    network: Network, rows: int, refs: Iterable[Ref], others: Set[Ref], *, given_forward: bool = True
) -> frozenset[Ref]:
    """Return those numbers that are computed from one of `others`, directly or through numbers between them."""
    graph, found = Graph(network, rows), dict[Ref, bool]()

    def leans(ref: Ref) -> bool:
        if ref not in found:
            found[ref] = any(part in others or leans(part) for part in _parts(graph, ref, given_forward))
        return found[ref]

    return frozenset(ref for ref in refs if leans(ref))


def _parts(graph: Graph, ref: Ref, given_forward: bool) -> tuple[Ref, ...]:
    """What a number is made of, one quantity after the other; what the way forward has told may be given.

    A number that neither its rule nor the screen names is left out, and its own parts stand in its place.
    """
    printed = graph.as_printed(ref).arguments
    found: dict[Quantity, list[Ref]] = {}
    for argument in graph.node(ref).arguments:
        if isinstance(argument, Leaf):
            continue
        is_local_slope = argument.quantity in ("dz_dw", "dz_da")
        if argument not in printed and not (is_local_slope and is_shown(graph.network, graph.rows, argument)):
            for part in _parts(graph, argument, given_forward):
                found.setdefault(part.quantity, []).append(part)
        elif not given_forward or argument.phase != "forward" or _is_worked_out(ref.quantity, argument.quantity):
            found.setdefault(argument.quantity, []).append(argument)
    return tuple(part for parts in found.values() for part in parts)


def _is_worked_out(quantity: Quantity, forward: Quantity) -> bool:
    """Whether a number of the way forward is a link of another one all the same: what a loss or an activation takes."""
    return quantity == "loss" or (quantity, forward) == ("a", "z")
