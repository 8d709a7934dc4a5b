"""The lines of the hidden units of a network, at the pass at hand or at two passes side by side: before and after."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from nn_tutor.course.networks import NetworkWithData
from nn_tutor.network.records import Parameters
from nn_tutor.terminal.drawing.ink import Drawing, padded
from nn_tutor.terminal.drawing.region import RegionPicture
from nn_tutor.terminal.drawing.unit_lines import UnitLine, UnitsPicture, draw_units

if TYPE_CHECKING:
    from nn_tutor.course.picture import Picture
    from nn_tutor.tutor.session import Session

BESIDE, ABOVE = 56, 9
"""The cells from which passes stand side by side, and the lines for each from which they stand above each other.

In less room the last one stands alone.
"""

MakeRegion = Callable[[NetworkWithData, Parameters], RegionPicture]


def draw_unit_lines(
    session: Session, entry: NetworkWithData, picture: Picture, width: int, height: int, region: MakeRegion
) -> Drawing:
    """Draw the units at the pass at hand, or at each of the passes that the picture names."""
    if not picture.passes:
        return _drawn(entry, session.passed.before, "", width, height, region)
    index = session.place.activity

    def at(number: int, cells: int, lines: int) -> Drawing:
        before = session.lesson_run.passed(index, number).before
        return _drawn(entry, before, f"pass {number:,}", cells, lines, region)

    count = len(picture.passes)
    if width < BESIDE and height < count * ABOVE:
        return at(picture.passes[-1], width, height)
    if width < BESIDE:
        return tuple(spans for number in picture.passes for spans in at(number, width, height // count))
    each = (width - 2 * (count - 1)) // count
    rows = zip_longest(*(at(number, each, height) for number in picture.passes), fillvalue=())
    return tuple(tuple(span for one in row[:-1] for span in padded(one, each, gap=2)) + tuple(row[-1]) for row in rows)


@lru_cache(maxsize=16)
def _drawn(
    entry: NetworkWithData, parameters: Parameters, title: str, width: int, height: int, region: MakeRegion
) -> Drawing:
    W, b = parameters.W[0], parameters.b[0]
    lines = tuple(
        UnitLine(float(weights[0]), float(weights[1]), 0.0 if b is None else float(b[unit]), unit + 1)
        for unit, weights in enumerate(W)
    )
    return draw_units(UnitsPicture(region(entry, parameters), lines, title), width, height)
