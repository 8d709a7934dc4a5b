"""The conventions on which sources differ: how they write the error, the step of a weight, and a matrix of weights.

What is computed does not depend on them; what is shown, asked and judged does.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import Literal

from nn_tutor.dataclass import dataclass

ErrorOrder = Literal["output-minus-target", "target-minus-output"]
StepMeaning = Literal["slope-times-rate", "change"]
WeightOrder = Literal["out-in", "in-out"]
NameOrder = Literal["screen", "order"]

MAX_DIGITS = 12
"""How many decimals a source can keep."""

MAX_NAME = 12
"""How many letters a number's own name may have."""

TAKEN = re.compile(
    "exp|log|ln|sqrt|abs|min|max|floor|cos|sign|erf|phi|φ|tanh|sigmoid|sigma|σ|relu|elu|softplus|silu|gelu|pi|π|e|d|"
    "lr|eta|η|learning_rate|lambda|λ|l2|l|loss|step|delta|δ"
)
"""Names that mean something already wherever an answer is typed, in small letters."""

_NAME = re.compile(r"[A-Za-zΑ-Ωα-ω][A-Za-zΑ-Ωα-ω0-9]*(?:_[A-Za-z0-9]+)?")


def is_free_name(name: str) -> bool:
    """Whether a sheet may call one of its numbers so, and it can be typed in an answer."""
    is_short = len(name) <= MAX_NAME
    return is_short and _NAME.fullmatch(name) is not None and TAKEN.fullmatch(name.lower()) is None and "_d" not in name


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a source means by its error, its step and the rows of its matrices; the defaults are the tutor's own.

    `error` "target-minus-output": δ = (y − o)·…, which is −∂L/∂z, and weights grow by η·δ·a. `step` "change":
    Δw = w′ − w = −η·∂L/∂w. `weights` "in-out": W[in][out], so that z = Wᵀ·x + b, or `X @ W + b`. `names` "order": w1 to
    w9 through all layers, b1, hidden units h1, outputs o1. `renamed` holds pairs of such a name and what it is called.
    `digits` are the decimals that the source keeps, None where it keeps as many as are wanted.
    """

    error: ErrorOrder = "output-minus-target"
    step: StepMeaning = "slope-times-rate"
    weights: WeightOrder = "out-in"
    names: NameOrder = field(default="screen", metadata={"is_only_a_name": True})
    renamed: tuple[tuple[str, str], ...] = field(default=(), metadata={"is_only_a_name": True})
    digits: int | None = field(default=None, metadata={"is_only_a_name": True})

    def keeps(self, half_unit: float) -> bool:
        """Whether the source keeps no more decimals than a number has whose last one is worth two half units."""
        return self.digits is not None and 0 < half_unit <= 0.5001 * 10.0**-self.digits

    def needed(self, decimals: int) -> int:
        """Return how many of the decimals that would tell everything apart can be asked for."""
        return decimals if self.digits is None else min(decimals, self.digits)

    @property
    def counts_names(self) -> bool:
        """Whether weights, biases and units are numbered through all layers."""
        return self.names == "order"

    @property
    def flips_error(self) -> bool:
        """Whether error terms have the opposite sign of the derivative."""
        return self.error == "target-minus-output"

    @property
    def flips_step(self) -> bool:
        """Whether a step is what is added to a weight."""
        return self.step == "change"

    @property
    def transposes_weights(self) -> bool:
        """Whether a matrix of weights has a row for each input."""
        return self.weights == "in-out"
