"""What a whole quantity of a layer is made from: the matrices that its rule names, in their order.

One sample is a column, as in prose: `z₁ = W₁·x + b₁`. Several are rows, as arrays hold them: `Z₁ = X·W₁ᵀ + b₁`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import activation_of
from nn_tutor.network.conventions import Conventions

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Quantity
    from nn_tutor.network.spec import Network

GivenKind = Literal["input", "target", "weight", "bias"]


@dataclass(frozen=True, slots=True)
class Operand:
    """A matrix in an operation, with the sign before it: a quantity of a layer, or what a pass starts from.

    `turned` is laid on its side: rows become columns.
    """

    sign: str
    kind: Quantity | GivenKind
    layer: int = 1
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """The operands of a quantity; `is_outer` is a product of a column at the side and a row on top."""

    operands: tuple[Operand, ...]
    is_outer: bool = False


def operation_of(network: Network, rows: int, quantity: Quantity, layer: int | None) -> Operation | None:
    """Return what a quantity of a layer is made from; None where no operation of a few matrices makes it.

    None either where a sheet turns signs or matrices in its own way.
    """
    if network.conventions != Conventions():
        return None
    depth = len(network.layers)
    at, many = layer or depth, rows > 1
    spec = network.layers[at - 1]
    match quantity:
        case "z":
            return Operation(_weighted(network, at, many))
        case "a" if spec.activation == "identity":
            return Operation(_weighted(network, at, many))
        case "a":
            return Operation((Operand(f"= {_function(network, at)}", "z", at),))
        case "dL_do" | "loss" if network.loss.has_targets:
            return Operation((Operand("from", "a", depth), Operand("and", "target")))
        case "da_dz" if spec.activation != "softmax":
            in_z = activation_of(spec).slope_in == "z"
            return Operation((Operand("from", "z" if in_z else "a", at),))
        case "delta":
            return _delta(network, at)
        case "dL_da":
            return Operation(_returned(network, at + 1, many))
        case "dX":
            return Operation(_returned(network, 1, many))
        case _:
            return _of_parameter(network, quantity, at, many)


def _weighted(network: Network, layer: int, many: bool) -> tuple[Operand, ...]:
    x = _entering(layer)
    if many:
        pair = (Operand("=", x.kind, x.layer), Operand("·", "weight", layer, turned=True))
    else:
        pair = (Operand("=", "weight", layer), Operand("·", x.kind, x.layer))
    return pair if network.layers[layer - 1].biases is None else (*pair, Operand("+", "bias", layer))


def _entering(layer: int) -> Operand:
    return Operand("", "input") if layer == 1 else Operand("", "a", layer - 1)


def _slope(network: Network, layer: int) -> tuple[Quantity, int]:
    """∂L/∂z of a layer under the name it goes by, with its layer."""
    if network.layers[layer - 1].activation != "identity":
        return "delta", layer
    return ("dL_do", layer) if layer == len(network.layers) else ("dL_da", layer)


def _delta(network: Network, layer: int) -> Operation | None:
    is_last, spec = layer == len(network.layers), network.layers[layer - 1]
    if is_last and network.is_fused:
        return Operation((Operand("from", "a", layer), Operand("and", "target")))
    above: Quantity = "dL_do" if is_last else "dL_da"
    if spec.activation == "softmax":
        return None
    if spec.activation == "identity":
        return Operation((Operand("=", above, layer),))
    return Operation((Operand("=", above, layer), Operand("⊙", "da_dz", layer)))


def _returned(network: Network, layer: int, many: bool) -> tuple[Operand, ...]:
    slope, at = _slope(network, layer)
    if many:
        return (Operand("=", slope, at), Operand("·", "weight", layer))
    return (Operand("=", "weight", layer, turned=True), Operand("·", slope, at))


def _of_parameter(network: Network, quantity: Quantity, layer: int, many: bool) -> Operation | None:
    slope, at = _slope(network, layer)
    x = _entering(layer)
    is_plain = network.optimizer.goes_along_slope and not network.optimizer.weight_decay
    match quantity:
        case "dW" if network.l2:
            return None
        case "dW" if many:
            return Operation((Operand("=", slope, at, turned=True), Operand("·", x.kind, x.layer)))
        case "dW":
            return Operation((Operand("", slope, at), Operand("", x.kind, x.layer)), is_outer=True)
        case "db":
            return Operation((Operand("= column sums of" if many else "=", slope, at),))
        case "W" if is_plain:
            return Operation((Operand("=", "weight", layer), Operand("− η·", "dW", layer)))
        case "b" if is_plain:
            return Operation((Operand("=", "bias", layer), Operand("− η·", "db", layer)))
        case _:
            return None


def _function(network: Network, layer: int) -> str:
    spec = network.layers[layer - 1]
    return activation_of(spec).sign or spec.activation
