"""A nudge: one number is moved by ε, and the change above it is compared with the slope."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import lower_value, upper_value

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Nudged:
    """What a nudge by `epsilon` did: the lower number before it, the upper one after it, the upper one's change.

    `quotient` is change/ε, the forward difference; `central` is (upper at +ε − upper at −ε) / 2ε, the central one.
    Both are None for ε = 0, the latter also where nothing stands at −ε.
    """

    epsilon: float
    lower: float
    upper: float
    change: float
    quotient: float | None
    central: float | None = None


def nudge(network: Network, passed: Pass, slope: Ref, epsilon: float) -> Nudged:
    """Move the number below a slope by ε and look above it; raises `DomainError` where no number stands there."""
    lower = lower_value(network, passed, slope)
    with np.errstate(all="ignore"):
        before = upper_value(network, passed, slope, lower)
        upper = upper_value(network, passed, slope, lower + epsilon)
    change = upper - before
    if not math.isfinite(change):
        raise DomainError("a nudge so far leaves the range of numbers")
    if not epsilon:
        return Nudged(epsilon, lower, upper, change, None)
    return Nudged(epsilon, lower, upper, change, change / epsilon, _central(network, passed, slope, upper, epsilon))


def _central(network: Network, passed: Pass, slope: Ref, upper: float, epsilon: float) -> float | None:
    """The central difference, None where the number below −ε leads to none above."""
    lower = lower_value(network, passed, slope)
    try:
        with np.errstate(all="ignore"):
            found = (upper - upper_value(network, passed, slope, lower - epsilon)) / (2 * epsilon)
    except DomainError:
        return None
    return found if math.isfinite(found) else None
