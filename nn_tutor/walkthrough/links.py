"""What a number of a pass is made of: the links into which a question can be taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Set

from nn_tutor.network.graph import Graph, Leaf
from nn_tutor.network.quantities import Quantity, Ref, elements
from nn_tutor.network.spec import Network
from nn_tutor.walkthrough.order import is_shown


def links_of(network: Network, rows: int, ref: Ref) -> tuple[Ref, ...]:
    """Return the numbers that one is computed from, in the order of the pass; none where it stands on given ones alone.

    Weights, inputs and targets are given. The links of a loss of several outputs are its terms. Of a number
    with one link only, that link is taken apart in turn.
    """
    if ref.quantity == "loss" and rows * network.outputs > 1 and network.loss.kind != "categorical_cross_entropy":
        return tuple(elements(network, rows, "loss_term", None))
    parts = _parts(Graph(network, rows), ref)
    if len(parts) == 1 and ref.quantity not in ("W", "b", "step", "a", "loss"):
        return (*links_of(network, rows, parts[0]), *parts)
    return parts


def leaning_on(network: Network, rows: int, refs: Iterable[Ref], others: Set[Ref]) -> frozenset[Ref]:
    """Return those numbers that are computed from one of `others`, directly or through numbers between them."""
    graph, found = Graph(network, rows), dict[Ref, bool]()

    def leans(ref: Ref) -> bool:
        if ref not in found:
            found[ref] = any(part in others or leans(part) for part in _parts(graph, ref))
        return found[ref]

    return frozenset(ref for ref in refs if leans(ref))


def _parts(graph: Graph, ref: Ref) -> tuple[Ref, ...]:
    """What a number is made of, but for what the way forward has told already; one quantity after the other.

    A number that neither its rule nor the screen names is left out, and its own parts stand in its place.
    """
    printed = graph.as_printed(ref).arguments
    found: dict[Quantity, list[Ref]] = {}
    for argument in graph.node(ref).arguments:
        if isinstance(argument, Leaf):
            continue
        is_local_slope = argument.quantity in ("dz_dw", "dz_da")
        if argument not in printed and not (is_local_slope and is_shown(graph.network, graph.rows, argument)):
            for part in _parts(graph, argument):
                found.setdefault(part.quantity, []).append(part)
        elif argument.phase != "forward" or ref.quantity == "loss" or (ref.quantity, argument.quantity) == ("a", "z"):
            found.setdefault(argument.quantity, []).append(argument)
    return tuple(part for parts in found.values() for part in parts)
