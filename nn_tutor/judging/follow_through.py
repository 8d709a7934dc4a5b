"""What a number becomes when the learner's own earlier answers are taken for granted.

One slip is not punished five times: an answer that is right as a consequence of an earlier wrong one is credited.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.graph import evaluate
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import Pass, value_of
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from earlier answers: the number, the scale to judge on, and the sentence that credits it."""

    value: float
    scale: float
    message: str


def consequence_of(network: Network, passed: Pass, ref: Ref, earlier: Mapping[Ref, float]) -> Consequence | None:
    """Return what a number of a pass becomes with the learner's earlier numbers of the same pass in it.

    None where nothing was answered earlier, or nothing follows from it.
    """
    given = {own: value for own, value in earlier.items() if own != ref}
    if not given:
        return None
    try:
        value = evaluate(network, passed, ref, given)
        scale = abs(_step(network, passed, ref, given)) if ref.quantity in ("W", "b") else abs(value)
    except (DomainError, OverflowError):
        return None
    if not (math.isfinite(value) and math.isfinite(scale)):
        return None
    return Consequence(value, scale, _message(network, passed, given))


def _message(network: Network, passed: Pass, given: Mapping[Ref, float]) -> str:
    rows = passed.X.shape[0]
    told = [
        (symbol(network, rows, ref), value, value_of(passed, ref))
        for ref, value in given.items()
        if abs(value - value_of(passed, ref)) > 1e-9 * max(1.0, abs(value))
    ]
    if not told:
        return "consistent with your earlier answers"
    yours = ", ".join(f"{name} = {numeral(value)}" for name, value, _ in told)
    truths = ", ".join(f"{name} itself is {numeral(truth)}" for name, _, truth in told)
    return f"consistent with your {yours}; {truths}"


def _step(network: Network, passed: Pass, ref: Ref, given: Mapping[Ref, float]) -> float:
    """Return what an update takes off a weight or bias, 0 where it is held."""
    if ref.quantity == "W":
        return evaluate(network, passed, Ref("step", ref.layer, ref.index), given)
    if not network.layers[(ref.layer or 1) - 1].train_biases:
        return 0.0
    return network.learning_rate * evaluate(network, passed, Ref("db", ref.layer, ref.index), given)
