"""The valley of one weight or bias: the loss over it, where it is lowest, and the window that shows both sides of that.

All other numbers stay as they are before the pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.network.landscape import losses_over
from nn_tutor.network.records import Pass, parameter_of
from nn_tutor.terminal.drawing.curve import window

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Network

SAMPLES = 161
"""The points of a curve."""

REACH = 4.0
"""How far from a number its valley is looked for, at least; of a larger one twice its size."""

FARTHEST = 64
"""How many times as far the valley is looked for where the loss is a parabola, which has one for certain."""


@lru_cache(maxsize=64)
def curve_over(
    network: Network, passed: Pass, ref: Ref, shown: tuple[float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return samples of the loss over one weight or bias, `shown` from where to where: the numbers and the losses.

    Where the loss does not exist it is NaN.
    """
    values = np.linspace(*shown, SAMPLES)
    return tuple(values.tolist()), tuple(_losses(network, passed, ref, values).tolist())


@lru_cache(maxsize=256)
def lowest(network: Network, passed: Pass, ref: Ref) -> float | None:
    """Return where the loss over one weight or bias is lowest, downhill from where it stands; None where it has no end.

    It is the valley that small steps lead to, not a deeper one behind a hill.
    """
    now = parameter_of(passed.before, ref)
    reach = max(REACH, 2 * abs(now))
    is_parabola = len(network.layers) == 1 and network.layers[0].activation == "identity"
    for times in (1, 4, 16, FARTHEST) if is_parabola else (1,):
        found = _downhill(network, passed, ref, np.linspace(now - times * reach, now + times * reach, SAMPLES))
        if found is not None:
            near = _downhill(network, passed, ref, np.linspace(*found, SAMPLES), sum(found) / 2)
            return sum(found) / 2 if near is None else sum(near) / 2
    return None


def _downhill(
    network: Network, passed: Pass, ref: Ref, values: Array, begun: float | None = None
) -> tuple[float, float] | None:
    """Return the samples on either side of the lowest one, walking downhill from the middle; None at an end."""
    losses = _losses(network, passed, ref, values)
    losses = np.where(np.isnan(losses), np.inf, losses)
    at = len(values) // 2 if begun is None else int(losses.argmin())
    while 0 < at < len(values) - 1 and min(losses[at - 1], losses[at + 1]) < losses[at]:
        at += 1 if losses[at + 1] < losses[at - 1] else -1
    return (float(values[at - 1]), float(values[at + 1])) if 0 < at < len(values) - 1 else None


def _losses(network: Network, passed: Pass, ref: Ref, values: Array) -> Array:
    return losses_over(network, passed.X, passed.Y, passed.before, ref, None, values)


def both_sides(lowest_at: float, points: Sequence[float]) -> tuple[float, float]:
    """Return the window that shows a valley: its lowest point in the middle, as far as these points on each side."""
    reach = max((abs(point - lowest_at) for point in points), default=0.0)
    return window([lowest_at - reach, lowest_at + reach])


def grown(shown: tuple[float, float], point: float) -> tuple[float, float]:
    """Return a window, doubled around its middle until a point is well within: it stays while something is moved."""
    low, high = shown
    while not low <= point <= high and high - low < 1e12:
        low, high = low - (high - low) / 2, high + (high - low) / 2
    return low, high
