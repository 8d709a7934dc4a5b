"""Which skill a question needs: what is practised, mastered and reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from nn_tutor.network.quantities import Ref, state_of

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import Optimizer, State
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
    "momentum",
    "running-average",
    "bias-correction",
    "adaptive-step",
    "weight-decay",
    "clipping",
    "schedule",
]

SKILLS: tuple[Skill, ...] = get_args(Skill)

BASIC_SKILLS: tuple[Skill, ...] = SKILLS[: SKILLS.index("momentum")]
"""What a mix of everything asks: the skills of plain descent; those after them are for who has met other rules."""


_IN_WORDS: dict[Skill, str] = {
    "forward-dot": "weighted sums",
    "activation": "activation functions",
    "loss": "the loss",
    "∂L/∂o": "slope of the loss",
    "activation-slope": "slope of an activation",
    "∂z/∂w": "slope of a weighted sum",
    "chain": "the chain rule",
    "sign": "the sign of a slope",
    "update": "the step of a weight",
    "batch-mean": "slopes over a batch",
    "outer-product": "slopes of a weight matrix",
    "hidden-delta": "back through a hidden layer",
    "simultaneous-update": "all weights at once",
    "softmax-gradient": "slope of softmax",
    "momentum": "momentum",
    "running-average": "running averages",
    "bias-correction": "bias correction",
    "adaptive-step": "adaptive steps",
    "weight-decay": "weight decay",
    "clipping": "clipped slopes",
    "schedule": "learning-rate schedules",
}


def in_words(skill: str) -> str:
    """Return what a skill is called on the screen; one that is not known, such as of an old log, by its id."""
    return next((words for known, words in _IN_WORDS.items() if known == skill), skill)


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
        case "loss" | "loss_term":
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
        case _ if network.optimizer.is_plain:
            parameters = sum(spec.units * spec.inputs + len(spec.biases or ()) for spec in network.layers)
            return "update" if parameters == 1 or is_last else "simultaneous-update"
        case _:
            return _skill_of_update(network.optimizer, ref)


def _skill_of_update(optimizer: Optimizer, ref: Ref) -> Skill:
    """The skill that a number of an update by another rule than plain descent needs."""
    state = state_of(ref.quantity)
    if state is not None:
        return _OF_STATES[state[0]]
    match ref.quantity:
        case "rate":
            return "schedule"
        case "norm" | "clipped" | "clipped_b":
            return "clipping"
        case _:
            return _skill_of_step(optimizer, ref)


_OF_STATES: dict[State, Skill] = {
    "velocity": "momentum",
    "m": "running-average",
    "v": "running-average",
    "m_hat": "bias-correction",
    "v_hat": "bias-correction",
}


def _skill_of_step(optimizer: Optimizer, ref: Ref) -> Skill:
    """The skill that a step by another rule than plain descent needs."""
    if optimizer.weight_decay and ref.quantity == "W":
        return "weight-decay"
    if optimizer.rule == "gradient-descent":
        return "clipping" if optimizer.clips else "schedule" if optimizer.is_scheduled else "update"
    return "momentum" if "velocity" in optimizer.states else "adaptive-step"
