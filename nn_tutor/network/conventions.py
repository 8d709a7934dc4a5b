"""The conventions on which sources differ: how they write the error, the step of a weight, and a matrix of weights.

What is computed does not depend on them; what is shown, asked and judged does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ErrorOrder = Literal["output-minus-target", "target-minus-output"]
StepMeaning = Literal["slope-times-rate", "change"]
WeightOrder = Literal["out-in", "in-out"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a source means by its error, its step and the rows of its matrices; the defaults are the tutor's own.

    `error` "target-minus-output": δ = (y − o)·…, which is −∂L/∂z, and weights grow by η·δ·a. `step` "change":
    Δw = w′ − w = −η·∂L/∂w. `weights` "in-out": W[in][out], so that z = Wᵀ·x + b, or `X @ W + b`.
    """

    error: ErrorOrder = "output-minus-target"
    step: StepMeaning = "slope-times-rate"
    weights: WeightOrder = "out-in"

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
