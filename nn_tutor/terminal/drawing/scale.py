"""Nice numbers for axes: where the ticks stand.

A nice step is 1, 2, 2.5 or 5 times a power of ten.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from nn_tutor.calculus.numerals import tick
from nn_tutor.dataclass import dataclass

_NICE = (1.0, 2.0, 2.5, 5.0)
_SMALLEST_RANGE = 1e-290  # below it, steps would lose their digits


@dataclass(frozen=True, slots=True)
class RowAxis:
    """A vertical axis whose ticks stand exactly in the middle of a row.

    `ticks` holds (value, row) from the lowest value up, rows counted from the top; `step` is the distance of two ticks
    in value and `rows_per_step` the same in rows.
    """

    ticks: tuple[tuple[float, int], ...]
    step: float
    rows_per_step: int

    def row(self, value: float) -> float:
        """Return the height of a value, in rows from the top edge; the middle of row 3 is 3.5. It may lie outside."""
        anchor, row = self.ticks[0]
        return row + 0.5 - (value - anchor) / self.step * self.rows_per_step


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Return the multiples of a nice step between `low` and `high`, at most `most` of them, ascending.

    Empty where the range is empty or not finite.
    """
    if most < 1 or not 0 < high - low < math.inf:
        return ()
    for step in _steps((high - low) / (most + 1)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return tuple(index * step for index in range(first, last + 1))
    return ()


def tick_step(values: tuple[float, ...]) -> float:
    """Return the distance of neighbouring ticks; where there is one alone, its own size (1 for 0)."""
    return values[1] - values[0] if len(values) > 1 else abs(sum(values)) or 1.0


def nice_below(value: float) -> float:
    """Return the largest nice step that is not above a positive `value`."""
    return max(step for step in _steps(value / 3) if step <= value * (1 + 1e-9))


def row_axis(low: float, high: float, rows: int, wanted: int) -> RowAxis:
    """Return the axis that shows `low` to `high` on `rows` rows, as large as ticks in the middle of rows allow.

    It has about `wanted` ticks, where there is room. If there are six rows or more the top row is the place of the
    title, and has a tick only where the range ends at it. `low` and `high` are finite, `rows` is 1 or more.
    """
    span = max(high - low, _SMALLEST_RANGE, 1e-12 * max(abs(low), abs(high)))
    top = 1 if rows >= 6 else 0
    best, most_merit = RowAxis(((low, rows - 1),), span * 2, rows), -math.inf
    for step in _steps(span / (2 * wanted)):
        for rows_per_step in range(min(rows, int(rows * step / span)), 0, -1):
            axis = _fit(low, high, rows, top, step, rows_per_step)
            if axis is not None:
                merit = span / step * rows_per_step / rows - _untidiness(axis, wanted)
                if merit > most_merit:
                    best, most_merit = axis, merit
                break
        if step > 4 * span:
            break
    return best


def _untidiness(axis: RowAxis, wanted: int) -> float:
    """Return what part of its height an axis may give up to have the ticks that are wanted, and round numbers there."""
    missing = wanted - len(axis.ticks)
    return (0.25 * missing if missing > 0 else -0.05 * missing) + 0.05 * (len(tick(axis.step, axis.step)) > 3)


def _fit(low: float, high: float, rows: int, top: int, step: float, rows_per_step: int) -> RowAxis | None:
    """Return the axis with this step on this many rows, None where the range would not fit with a dot to spare."""
    first = math.ceil(low / step - 1e-9)
    below = (first * step - low) / step * rows_per_step
    bottom = rows - 1 - max(0, math.ceil(below - 0.1))
    if bottom < 0 or (high - first * step) / step * rows_per_step > bottom + 0.2:
        return None
    count = 1 + min(bottom - top, rows) // rows_per_step
    if count * rows_per_step == bottom and (first + count) * step <= high + 0.1 * step:
        count += 1  # the end of the range, beside the title
    placed = tuple(((first + index) * step, bottom - index * rows_per_step) for index in range(max(count, 1)))
    return RowAxis(placed, step, rows_per_step)


def _steps(least: float) -> Iterator[float]:
    """Yield the nice steps from about `least` upwards, over four powers of ten."""
    exponent = math.floor(math.log10(max(least, _SMALLEST_RANGE)))
    for power in range(exponent, exponent + 4):
        for nice in _NICE:
            step = nice * 10.0**power if power >= 0 else nice / 10.0**-power
            if step >= least * (1 - 1e-9):
                yield step
