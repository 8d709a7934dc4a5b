"""The names that numbers of a pass go by: where an activation is the identity, some are one number by two names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.network.quantities import Ref

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def is_single_chain(network: Network, rows: int) -> bool:
    """Whether the slope of a weight is written as a whole chain, link by link: of a single weight and a single sample.

    From two layers on δ carries what the layers share.
    """
    return network.is_scalar and rows == 1 and len(network.layers) == 1


def slope_of_sum(network: Network, layer: int, row: int, unit: int) -> Ref:
    """Return ∂L/∂z of a unit under the name it goes by: δ, or where the activation is the identity ∂L/∂o or ∂L/∂a."""
    if network.layers[layer - 1].activation != "identity":
        return Ref("delta", layer, (row, unit))
    return slope_of_activation(network, layer, row, unit)


def slope_of_activation(network: Network, layer: int, row: int, unit: int) -> Ref:
    """Return ∂L/∂a of a unit under the name it goes by: ∂L/∂o in the last layer, ∂L/∂a in a hidden one."""
    is_last = layer == len(network.layers)
    return Ref("dL_do", None, (row, unit)) if is_last else Ref("dL_da", layer, (row, unit))


def spelled(network: Network, rows: int, ref: Ref) -> tuple[Ref, int]:
    """Return the name under which a number is an argument of others, and how often that number it is."""
    times = 1
    if ref.quantity == "delta_sample":
        times = rows if network.loss.batch == "mean" else 1
        ref = Ref("delta", ref.layer, ref.index)
    layer = ref.layer or len(network.layers)
    if network.layers[layer - 1].activation == "identity" and ref.index is not None:
        if ref.quantity == "z":
            return Ref("a", layer, ref.index), times
        if ref.quantity == "delta":
            return slope_of_activation(network, layer, *ref.index), times
    return ref, times
