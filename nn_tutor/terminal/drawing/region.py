"""The decision region of a classifier with two inputs and one output: which class it would give each point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nn_tutor.network.activations import Array
from nn_tutor.terminal.drawing.frame import in_words
from nn_tutor.terminal.drawing.ink import Drawing, Role


@dataclass(frozen=True, eq=False, slots=True)
class RegionPicture:
    """What a picture of a decision region shows.

    `xs` and `ys` (ascending) are the grid and the range that is shown, `outputs[y][x]` what the network puts out there.
    `points` are the samples as (x, y, target), and `answers` what the network puts out for them (None: as the grid has
    it). An output or a target of `threshold` or more says class 1. `lit` is the sample in question, counted from 0.
    Outputs of another shape than the grid, or not one answer to a point, are a ValueError.
    """

    xs: Array
    ys: Array
    outputs: Array
    points: tuple[tuple[float, float, float], ...] = ()
    answers: tuple[float, ...] | None = None
    threshold: float = 0.5
    lit: int | None = None
    x_name: str = "x₁"
    y_name: str = "x₂"

    def __post_init__(self) -> None:
        if self.outputs.shape != (self.ys.size, self.xs.size):
            raise ValueError(f"outputs of shape {self.outputs.shape} for {self.ys.size} rows of {self.xs.size}")
        if self.answers is not None and len(self.answers) != len(self.points):
            raise ValueError(f"{len(self.answers)} answers for {len(self.points)} points")


def draw_region(picture: RegionPicture, width: int, height: int) -> Drawing:
    """Draw the regions, the line between them and the samples on exactly `height` lines of exactly `width` cells."""
    return in_words(tuple(_words(picture)), width, height)


def _words(picture: RegionPicture) -> Iterator[tuple[str, Role]]:
    yield f"{len(picture.points)} samples", "text"
