"""How a network is updated: its rule with its constants, the schedule of the learning rate, the clipping of slopes.

Frozen and validated plain values, as all of a specification. The rules themselves are in `nn_tutor.network.rules`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from typing import Literal, get_args

from nn_tutor.dataclass import dataclass
from nn_tutor.network.spec_error import SpecError, check_above_zero, check_between, one_of

RuleName = Literal["gradient-descent", "momentum", "nesterov", "rmsprop", "adam", "adamw"]
TITLES: dict[RuleName, str] = {
    "gradient-descent": "gradient descent",
    "momentum": "momentum",
    "nesterov": "Nesterov momentum",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "adamw": "AdamW",
}
"""What the rules are called."""

State = Literal["velocity", "m", "v", "m_hat", "v_hat"]
"""What a rule works out for a parameter on the way to its step."""

REMEMBERED: Mapping[str, State] = {f"{state}_before": state for state in get_args(State)}
"""What a state is called, in the lines of a rule, as it was before the pass."""

Constant = Literal["momentum", "decay", "beta1", "beta2", "epsilon"]

STATES: dict[RuleName, tuple[State, ...]] = {
    "gradient-descent": (),
    "momentum": ("velocity",),
    "nesterov": ("velocity",),
    "rmsprop": ("v",),
    "adam": ("m", "v", "m_hat", "v_hat"),
    "adamw": ("m", "v", "m_hat", "v_hat"),
}
"""The states of every rule, in the order in which they are worked out."""

ALONG: dict[RuleName, Literal["slope"] | State | None] = {
    "gradient-descent": "slope",
    "momentum": "velocity",
    "nesterov": None,
    "rmsprop": None,
    "adam": None,
    "adamw": None,
}
"""What η multiplies: the slope, a state, or None where it is a direction that only the step has."""

ScheduleName = Literal["constant", "step", "cosine"]
ClippingName = Literal["none", "value", "norm"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the learning rate changes from pass to pass.

    "step": it is multiplied by `factor` after every `every` passes. "cosine": it falls to `least` in `passes` passes,
    along half a wave of the cosine (Loshchilov and Hutter, "SGDR", 2017), and stays there.
    """

    kind: ScheduleName = "constant"
    every: int = 10
    factor: float = 0.1
    passes: int = 100
    least: float = 0.0

    def __post_init__(self) -> None:
        """Check the constants; raises `SpecError` with keys below `update`."""
        if self.kind not in get_args(ScheduleName):
            raise SpecError("schedule", f"{self.kind!r}", one_of(ScheduleName))
        for key, count in (("schedule_every", self.every), ("schedule_passes", self.passes)):
            if count < 1:
                raise SpecError(key, f"{count!r}", "give a whole number of passes, 1 or above")
        check_above_zero("schedule_factor", self.factor)
        check_between("schedule_least", self.least, 0.0, math.inf)


@dataclass(frozen=True, slots=True)
class Clipping:
    """How long a slope may be: "value" holds each within ±`at`, "norm" shortens all together to the length `at`."""

    kind: ClippingName = "none"
    at: float = 1.0

    def __post_init__(self) -> None:
        """Check the constants; raises `SpecError` with keys below `update`."""
        if self.kind not in get_args(ClippingName):
            raise SpecError("clip", f"{self.kind!r}", one_of(ClippingName))
        check_above_zero("clip_at", self.at)


@dataclass(frozen=True, slots=True)
class Optimizer:
    """The update rule with its constants; those that a rule has no use for do nothing.

    `weight_decay` takes η·weight_decay·w off every weight, apart from the step of any rule (Loshchilov and Hutter,
    "Decoupled weight decay regularization", 2019); biases do not decay.
    """

    rule: RuleName = "gradient-descent"
    momentum: float = 0.9
    decay: float = 0.99
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    schedule: Schedule = field(default_factory=Schedule)
    clipping: Clipping = field(default_factory=Clipping)
    constants: Mapping[str, float] = field(init=False, compare=False, repr=False)
    """The constants of the rules by their names, and the limit of the clipping."""

    def __post_init__(self) -> None:
        """Check the constants; raises `SpecError` with keys below `update`."""
        if self.rule not in get_args(RuleName):
            raise SpecError("rule", f"{self.rule!r}", one_of(RuleName))
        for key in ("momentum", "decay", "beta1", "beta2"):
            check_between(key, getattr(self, key), 0.0, 1.0)
        check_above_zero("epsilon", self.epsilon)
        check_between("weight_decay", self.weight_decay, 0.0, math.inf)
        constants = {name: getattr(self, name) for name in get_args(Constant)} | {"limit": self.clipping.at}
        object.__setattr__(self, "constants", constants)

    @property
    def states(self) -> tuple[State, ...]:
        """The states of the rule."""
        return STATES[self.rule]

    @property
    def is_scheduled(self) -> bool:
        """Whether the learning rate changes from pass to pass."""
        return self.schedule.kind != "constant"

    @property
    def clips(self) -> bool:
        """Whether slopes are clipped before the rule takes them."""
        return self.clipping.kind != "none"

    @property
    def goes_along_slope(self) -> bool:
        """Whether the step is η times the slope itself."""
        return self.rule == "gradient-descent" and not self.clips

    @property
    def is_plain(self) -> bool:
        """Whether an update is nothing but `w′ = w − η·∂L/∂w` with the one learning rate."""
        return self.rule == "gradient-descent" and not (self.is_scheduled or self.clips or self.weight_decay)
