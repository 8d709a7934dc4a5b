"""The samples: a target over one input with what the network makes of it, or two inputs in the plane with classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nn_tutor.terminal.drawing.frame import in_words
from nn_tutor.terminal.drawing.ink import Drawing, Role


@dataclass(frozen=True, slots=True)
class ScatterPicture:
    """What a picture of samples shows.

    `points` are (x, y). Either y is the target and `curve` what the network puts out now, as points ascending in x;
    or x and y are two inputs and `classes` says the class of each point, from 0. `lit` is the sample in question,
    counted from 0. `shows_errors` draws how far each target is from the curve. Not one class to a point is a
    ValueError.
    """

    points: tuple[tuple[float, float], ...]
    curve: tuple[tuple[float, float], ...] = ()
    classes: tuple[int, ...] | None = None
    lit: int | None = None
    shows_errors: bool = False
    x_name: str = "x"
    y_name: str = "y"
    curve_name: str = "o"

    def __post_init__(self) -> None:
        if self.classes is not None and len(self.classes) != len(self.points):
            raise ValueError(f"{len(self.classes)} classes for {len(self.points)} points")


def draw_scatter(picture: ScatterPicture, width: int, height: int) -> Drawing:
    """Draw the samples, and the curve, on exactly `height` lines of exactly `width` cells."""
    return in_words(tuple(_words(picture)), width, height)


def _words(picture: ScatterPicture) -> Iterator[tuple[str, Role]]:
    yield f"{len(picture.points)} samples", "text"
