"""Which skill a question needs: what is practised, mastered and reviewed."""

from __future__ import annotations

from typing import Literal, assert_never, get_args

from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network

Skill = Literal[
    "forward-dot",
    "activation",
    "loss",
    "∂L/∂o",
    "activation-slope",
    "∂z/∂w",
    "chain",
    "sign",
    "update",
    "batch-mean",
    "outer-product",
    "hidden-delta",
    "simultaneous-update",
    "softmax-gradient",
]

SKILLS: tuple[Skill, ...] = get_args(Skill)


def skill_of(network: Network, rows: int, kind: str, ref: Ref) -> Skill:
    """Return the skill that a question on a number of a pass needs; `kind` is that of the question."""
    if kind == "sign":
        return "sign"
    layer = (ref.layer or len(network.layers)) - 1
    is_last = layer == len(network.layers) - 1
    is_softmax = network.layers[layer].activation == "softmax"
    match ref.quantity:
        case "z":
            return "forward-dot"
        case "a":
            return "forward-dot" if network.layers[layer].activation == "identity" else "activation"
        case "loss":
            return "loss"
        case "dL_do":
            return "∂L/∂o"
        case "da_dz":
            return "softmax-gradient" if is_softmax else "activation-slope"
        case "dz_dw":
            return "∂z/∂w"
        case "dz_da" | "dL_da" | "dX":
            return "hidden-delta"
        case "delta" | "delta_sample":
            return "hidden-delta" if not is_last else "softmax-gradient" if is_softmax else "chain"
        case "dW" | "db":
            is_chain = network.is_scalar or ref.quantity == "db"
            return "batch-mean" if rows > 1 else "chain" if is_chain else "outer-product"
        case "step" | "W" | "b":
            parameters = sum(spec.units * spec.inputs + len(spec.biases or ()) for spec in network.layers)
            return "update" if parameters == 1 or is_last else "simultaneous-update"
        case _:
            assert_never(ref.quantity)
