"""How what a number of a pass is made of is written in its rule. No SymPy here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.names import (
    CONSTANTS,
    LIMIT,
    bias,
    decay_name,
    feature,
    rate_name,
    state_name,
    symbol,
    target,
    weight,
)
from nn_tutor.network.optimizer import REMEMBERED
from nn_tutor.network.quantities import Ref

if TYPE_CHECKING:
    from nn_tutor.network.graph import Argument, Leaf
    from nn_tutor.network.spec import Network


def argument_name(network: Network, rows: int, argument: Argument) -> str:
    """Return how the argument of an operation is written in a rule: `w₁₂`, `x₁`, `η`, what a rule remembers `m₁₂`."""
    if isinstance(argument, Ref):
        return symbol(network, rows, argument)
    match argument.kind:
        case "input":
            return feature(network, rows, *argument.index)
        case "target":
            return target(network, rows, *argument.index)
        case "weight":
            return weight(network, argument.layer, argument.index)
        case "bias":
            return bias(network, argument.layer, argument.index[0])
        case "l2":
            return "λ"
        case "squares":
            return "Σw²"
        case _:
            return _name_in_update(network, argument)


def _name_in_update(network: Network, argument: Leaf) -> str:
    """The name of what an update starts from beside the slopes."""
    match argument.kind:
        case "learning_rate":
            return rate_name(network)
        case "number":
            return "t"
        case "weight_decay":
            return decay_name(network)
        case "limit":
            return LIMIT
        case kind if kind in REMEMBERED:
            return state_name(network, REMEMBERED[kind], argument.layer, argument.index)
        case constant:
            return {str(name): sign for name, sign in CONSTANTS.items()}[constant]
