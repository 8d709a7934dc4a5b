"""What a number becomes when the learner's own earlier answers are taken for granted.

One slip is not punished five times: an answer that is right as a consequence of an earlier wrong one is credited.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.rounding import OWN, Spread, spread_with
from nn_tutor.network.evaluation import Evaluation
from nn_tutor.network.losses import DomainError
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, parameter_of, value_of
from nn_tutor.walkthrough.questions import scale_of_question

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate, Case
    from nn_tutor.network.spec import Network

MAX_CREDITED = 2
"""Of more wrong numbers than this, the last ones are named."""

_ROUNDED = 2e-3
"""A number this near to the truth, as a part of it, is taken for rounded, …"""

_RIGHT = 0.01
"""… and so is one as near as a right answer has to be, as a part of its scale."""


def _no_case() -> Case | None:
    return None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from earlier answers: the number, the scale to judge on, and the sentence that credits it.

    `spread` is how far rounding on the way from those answers carries it. What is worked out only where it is needed:
    the `case` with the learner's numbers in it, the `mistakes` made there, and what the number is in other
    `conventions`; where all those answers are right there is nothing of it.
    """

    value: float
    scale: float
    message: str
    spread: Spread = OWN
    case: Callable[[], Case | None] = _no_case
    mistakes: Callable[[], Sequence[Candidate]] = tuple
    conventions: Callable[[], Sequence[Candidate]] = tuple


def consequence_of(network: Network, passed: Pass, ref: Ref, earlier: Mapping[Ref, float]) -> Consequence | None:
    """Return what a number of a pass becomes with the learner's earlier numbers of the same pass in it.

    None where nothing was answered earlier, or nothing follows from it.
    """
    given = {own: value for own, value in earlier.items() if own != ref}
    if not given:
        return None
    evaluation = Evaluation(network, passed, given)
    try:
        with np.errstate(all="ignore"):
            value = evaluation.value(ref)
            scale = abs(_step(evaluation, ref)) if ref.quantity in ("W", "b") else abs(value)
    except (DomainError, OverflowError):
        return None
    if not (math.isfinite(value) and math.isfinite(scale)):
        return None
    message = credit(wrong_numbers(network, passed, given))
    return Consequence(value, scale, message, spread_with(evaluation, ref, given))


def wrong_numbers(network: Network, passed: Pass, given: Mapping[Ref, float]) -> list[tuple[str, float, float]]:
    """Return those of the learner's numbers that are wrong, and not only rounded.

    Of each: how it is written, what the learner had, and the truth.
    """
    rows = passed.X.shape[0]
    pairs = [(ref, value, value_of(passed, ref)) for ref, value in given.items()]
    wrong = [pair for pair in pairs if not _is_rounded(passed, *pair)]
    return [(symbol(network, rows, ref), value, truth) for ref, value, truth in wrong]


def changes_anything(passed: Pass, given: Mapping[Ref, float]) -> bool:
    """Whether one of the learner's numbers, right or not, is so far from the truth that it is seen in what follows."""
    return any(abs(value - (truth := value_of(passed, ref))) > _ROUNDED * abs(truth) for ref, value in given.items())


def _is_rounded(passed: Pass, ref: Ref, value: float, truth: float) -> bool:
    """Whether a number is right but for rounding: it was taken for right when it was asked for."""
    return abs(value - truth) <= max(_ROUNDED * abs(truth), _RIGHT * scale_of_question(passed, ref))


def credit(wrong: Sequence[tuple[str, float, float]]) -> str:
    """Return the sentence that credits an answer with the wrong numbers that it follows from."""
    if not wrong:
        return "consistent with your earlier answers"
    wrong = wrong[-MAX_CREDITED:]
    yours = ", ".join(f"{name} = {numeral(value)}" for name, value, _ in wrong)
    truths = ", ".join(f"{name} itself is {numeral(truth)}" for name, _, truth in wrong)
    return f"consistent with your {yours}; {truths}"


def _step(evaluation: Evaluation, ref: Ref) -> float:
    """Return what an update takes off a weight or bias, 0 where it is held."""
    if ref.quantity == "W":
        return evaluation.value(Ref("step", ref.layer, ref.index))
    if not evaluation.network.layers[(ref.layer or 1) - 1].train_biases:
        return 0.0
    old = parameter_of(evaluation.passed.before, ref)
    return old - evaluation.value(ref)
