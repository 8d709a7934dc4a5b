"""What a number of a pass is made of: the links into which a question can be taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Set

from nn_tutor.calculus.names import slope_of_activation, slope_of_sum
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network


def links_of(network: Network, rows: int, ref: Ref) -> tuple[Ref, ...]:
    """Return the numbers that one is computed from, in the order of the pass; none where it stands on given ones alone.

    Weights, inputs and targets are given. Of a number with one link only, that link is taken apart in turn.
    """
    parts = _parts(network, rows, ref)
    if len(parts) == 1 and ref.quantity not in ("W", "b", "step", "a", "loss"):
        return (*links_of(network, rows, parts[0]), *parts)
    return parts


def leaning_on(network: Network, rows: int, refs: Iterable[Ref], others: Set[Ref]) -> frozenset[Ref]:
    """Return those numbers that are computed from one of `others`, directly or through numbers between them."""
    found: dict[Ref, bool] = {}

    def leans(ref: Ref) -> bool:
        if ref not in found:
            found[ref] = any(part in others or leans(part) for part in _parts(network, rows, ref))
        return found[ref]

    return frozenset(ref for ref in refs if leans(ref))


def _parts(network: Network, rows: int, ref: Ref) -> tuple[Ref, ...]:
    layer, index = ref.layer or len(network.layers), ref.index or ()
    spec = network.layers[layer - 1]
    is_last = layer == len(network.layers)
    match ref.quantity:
        case "a":
            if spec.activation == "identity":
                return ()
            units = range(spec.units) if spec.activation == "softmax" else (index[1],)
            return tuple(Ref("z", layer, (index[0], unit)) for unit in units)
        case "loss":
            return tuple(Ref("a", layer, (row, unit)) for row in range(rows) for unit in range(network.outputs))
        case "delta":
            if is_last and network.is_fused:
                return ()
            return _through(network, layer, index)
        case "delta_sample":
            return (slope_of_sum(network, layer, index[0], index[1]),)
        case "dL_da":
            return _paths(network, layer + 1, index[0])
        case "dX":
            return _paths(network, 1, index[0])
        case "dW" | "db":
            if network.is_scalar and rows == 1:
                own = (Ref("dz_dw", layer, (0, 0, 0)),) if ref.quantity == "dW" else ()
                fused = is_last and network.is_fused
                above = (Ref("delta", layer, (0, 0)),) if fused else _through(network, layer, (0, 0))
                return (*above, *own)
            return tuple(slope_of_sum(network, layer, row, index[0]) for row in range(rows))
        case "step" | "W":
            return () if index in spec.frozen else (Ref("dW", layer, index),)
        case "b":
            return (Ref("db", layer, index),) if spec.train_biases else ()
        case _:
            return ()


def _through(network: Network, layer: int, index: tuple[int, ...]) -> tuple[Ref, ...]:
    row, unit = index
    spec = network.layers[layer - 1]
    if spec.activation == "softmax":
        units = range(spec.units)
        slopes = tuple(Ref("dL_do", None, (row, other)) for other in units)
        return (*slopes, *(Ref("da_dz", layer, (row, other, unit)) for other in units))
    above = slope_of_activation(network, layer, row, unit)
    return (above,) if spec.activation == "identity" else (above, Ref("da_dz", layer, (row, unit)))


def _paths(network: Network, above: int, row: int) -> tuple[Ref, ...]:
    units = network.layers[above - 1].units
    if network.is_scalar:
        return (slope_of_sum(network, above, row, 0), *((Ref("dz_da", above, (0, 0)),) if above > 1 else ()))
    return tuple(slope_of_sum(network, above, row, unit) for unit in range(units))
