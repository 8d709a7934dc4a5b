"""The loss over the passes of a run, from one pass to a hundred thousand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_tutor.network.activations import Array
from nn_tutor.terminal.drawing import scale
from nn_tutor.terminal.drawing.frame import in_words
from nn_tutor.terminal.drawing.ink import Drawing, Role


@dataclass(frozen=True, eq=False, slots=True)
class TrainingCurve:
    """What a picture of a training run shows.

    `losses` are the losses of the passes from number `first` on (an array or any sequence); one that is not finite is
    where the run broke. `at` is the number of the pass at hand. `goal` is the loss to reach. `until` is the last pass
    that is planned: the axis reaches to it, so that the curve grows into its place.
    """

    losses: Array | tuple[float, ...]
    first: int = 1
    at: int | None = None
    goal: float | None = None
    until: int | None = None


def draw_training_curve(picture: TrainingCurve, width: int, height: int) -> Drawing:
    """Draw the losses on exactly `height` lines of exactly `width` cells."""
    return in_words(tuple(_words(picture)), width, height)


def _words(picture: TrainingCurve) -> Iterator[tuple[str, Role]]:
    losses = np.asarray(picture.losses, dtype=np.float64)
    if losses.size:
        yield f"L {scale.number(float(losses[-1]))}", "loss"
