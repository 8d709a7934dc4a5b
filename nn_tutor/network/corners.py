"""Where the operations of a pass have a corner: where two pieces of a function meet, and what lies there decides.

The slope of ReLU is 1 on one side of z = 0 and 0 on the other, that of |o − y| is −1 and 1; a slope that is clipped
follows the slope before it up to the limit, and not beyond.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.network.activations import activation_named
from nn_tutor.network.losses import loss_of
from nn_tutor.network.operations import Activate, ActivationSlope, Follow, LossSlope, LossSum, Operation, Values
from nn_tutor.network.rules import CLIPPINGS

if TYPE_CHECKING:
    from nn_tutor.network.spec import Loss


def corners_of(operation: Operation, values: Values) -> Iterator[tuple[int, float]]:
    """Yield the corners of an operation: the place of one of its arguments, and where the corner lies in that one."""
    match operation:
        case Activate(activation, slope) | ActivationSlope(activation, slope):
            if activation_named(activation, slope).has_joint:
                yield 0, 0.0
        case LossSlope(loss) | LossSum(loss):
            yield from _of_loss(loss, values)
        case Follow(line) if line is CLIPPINGS["value"]:
            limit = values[line.of.index("limit")]
            yield from ((line.of.index("slope"), at) for at in (-limit, limit))
        case Follow(line) if line is CLIPPINGS["norm"]:
            yield line.of.index("norm"), values[line.of.index("limit")]


def _of_loss(loss: Loss, values: Values) -> Iterator[tuple[int, float]]:
    joints = loss_of(loss).joints
    if joints is not None:
        for place in range(0, len(values) - 1, 2):  # o y o y …, and behind them what L2 brings
            if place + 1 < len(values):
                yield from ((place, at) for at in joints(values[place + 1]))
