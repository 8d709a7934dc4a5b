"""Upright axes: how high a value stands, in rows, and which rows carry a number; and what can stand on an axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from nn_tutor.calculus.numerals import rounded, tick
from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing import scale

LARGEST = 1e150
"""Beyond it a number counts as not finite: its square would overflow."""


class VerticalAxis(Protocol):
    """An upright axis: the height of a value in rows from the top edge, and the rows of its numbers."""

    def row(self, value: float) -> float:
        """Return the height of a value, in rows from the top edge; it may lie outside."""

    @property
    def labels(self) -> tuple[tuple[int, str], ...]:
        """The rows that carry a number, and the numbers."""


@dataclass(frozen=True, slots=True)
class EdgeToEdgeAxis:
    """An axis that fills its rows from edge to edge, as a map needs it; its numbers stand in the nearest row."""

    low: float
    high: float
    rows: int

    def row(self, value: float) -> float:
        """Return the height of a value: the middle of the lowest dot for `low`, of the topmost dot for `high`."""
        return (self.high - value) / (self.high - self.low) * (self.rows - 0.25) + 0.125

    @property
    def labels(self) -> tuple[tuple[int, str], ...]:
        """The rows that carry a number, and the numbers."""
        values = scale.ticks(self.low, self.high, max(2, min(6, self.rows // 2)))
        step = scale.tick_step(values)
        return tuple((min(int(self.row(value)), self.rows - 1), tick(value, step)) for value in values)


@dataclass(frozen=True, slots=True)
class LinearAxis:
    """An axis whose numbers stand in the middle of their rows, not near it."""

    axis: scale.RowAxis

    def row(self, value: float) -> float:
        """Return the height of a value, in rows from the top edge; it may lie outside."""
        return self.axis.row(value)

    @property
    def labels(self) -> tuple[tuple[int, str], ...]:
        """The rows that carry a number, and the numbers."""
        return tuple((row, tick(value, self.axis.step)) for value, row in self.axis.ticks)


def even(low: float, high: float, rows: int) -> LinearAxis:
    """Return an axis that shows `low` to `high` with its numbers in the middle of rows."""
    return LinearAxis(scale.row_axis(low, high, rows, wanted=3 if rows < 20 else 4))


MIN_TICKS = 2
"""A logarithmic axis with fewer numbers says nothing of its scale."""


@dataclass(frozen=True, slots=True)
class LogAxis:
    """A logarithmic axis on so many rows: powers of ten stand in the middle of theirs."""

    axis: scale.RowAxis
    rows: int
    low: float
    high: float

    def row(self, value: float) -> float:
        """Return the height of a positive value; anything else lies below."""
        return self.axis.row(math.log10(value)) if value > 0 else math.inf

    @property
    def labels(self) -> tuple[tuple[int, str], ...]:
        """The rows that carry a number, and the numbers: powers of ten, and twos and fives where there are too few."""
        found = {row: rounded(10.0**power, 1) for power, row in self.axis.ticks}
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        for value in (digit * 10.0**power for power in range(first, last + 1) for digit in (2, 5)):
            row = int(self.row(value))
            is_free = not {row - 1, row, row + 1} & set(found)
            if len(found) < MIN_TICKS and self.low <= value <= self.high and 0 <= row < self.rows and is_free:
                found[row] = rounded(value, 1)
        return tuple(sorted(found.items(), reverse=True))


def powers(low: float, high: float, rows: int) -> LogAxis:
    """Return a logarithmic axis that shows the positive numbers `low` to `high`."""
    bottom, top = math.log10(low), math.log10(high)
    for step in (1, 2, 3, 5, 10, 20, 30, 50, 100, 200):
        for each in range(max(1, int(rows * step / max(top - bottom, 1e-9))), 0, -1):
            first = math.ceil(bottom / step - 1e-9) * step
            below = max(0, math.ceil((first - bottom) / step * each - 0.4))
            room = rows - 1 - below - (rows >= 6)  # the top row is the place of the name
            if (top - first) / step * each <= rows - 1 - below + 0.4 and each >= 2 - (rows < 8):
                count = 1 + max(0, room // each)
                ticks = tuple((float(first + step * place), rows - 1 - below - each * place) for place in range(count))
                return LogAxis(scale.RowAxis(ticks, float(step), each), rows, low, high)
    axis = scale.RowAxis(((bottom, rows - 1),), max(top - bottom, 1.0), max(1, rows - 1))
    return LogAxis(axis, rows, low, high)


def usable(value: float) -> bool:
    """Whether a number can stand on an axis."""
    return abs(value) < LARGEST


def span_of(values: Iterable[float]) -> tuple[float, float]:
    """Return the least and the largest of the numbers that can stand on an axis, apart from each other.

    −1 to 1 where there are none; a single number gets room on both sides.
    """
    known = [float(value) for value in values if usable(value)]
    if not known:
        return -1.0, 1.0
    low, high = min(known), max(known)
    if high - low <= max(1e-12 * max(abs(low), abs(high)), 1e-280):
        room = abs(low) / 2 or 1.0
        return low - room, high + room
    return low, high


def padded_span(values: Iterable[float], part: float) -> tuple[float, float]:
    """Return `span_of` the numbers with a part of it more on either side."""
    low, high = span_of(values)
    return low - part * (high - low), high + part * (high - low)
