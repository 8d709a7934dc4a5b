"""Which samples of a lesson's data a picture shows, and on which axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.course.networks import NetworkWithData
from nn_tutor.network.passes import batch

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.terminal.drawing.contour import Point

MAX_POINTS = 400
"""How many samples are drawn at most."""

MARGIN = 0.3
"""How much room is left around samples, as a part of their spread."""


def all_samples(entry: NetworkWithData) -> tuple[Array, Array | None]:
    """Return inputs and targets of all samples."""
    return batch(entry.data, tuple(range(len(entry.data.inputs))))


def some_samples(entry: NetworkWithData) -> tuple[Array, Array | None]:
    """Return the samples, or of very many some from all over them: more points than that hide each other."""
    count = len(entry.data.inputs)
    return batch(entry.data, tuple(range(0, count, -(-count // MAX_POINTS))))


def held_out_samples(entry: NetworkWithData) -> tuple[Point, ...]:
    """Return the samples of one input and one output that are only measured; of very many some."""
    if entry.held_out is None:
        return ()
    X, Y = some_samples(NetworkWithData(entry.network, entry.held_out))
    return () if Y is None else tuple((float(x), float(y)) for x, y in zip(X[:, 0], Y[:, 0], strict=True))


def classes_of(Y: Array) -> list[int]:
    """Return the class of each sample: the largest target, of a single one whether it is in the upper half."""
    if Y.shape[1] > 1:
        return [int(place) for place in np.argmax(Y, axis=1)]
    return [int(value > (Y.min() + Y.max()) / 2) for value in Y[:, 0]]


def range_of(values: Array, margin: float = MARGIN) -> tuple[float, float]:
    """Return from where to where an axis goes on which some values stand, with room around them."""
    spread = float(values.max() - values.min()) or 1.0
    return float(values.min()) - margin * spread, float(values.max()) + margin * spread
