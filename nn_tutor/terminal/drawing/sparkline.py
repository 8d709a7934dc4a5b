"""The loss so far as one small line of bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

BARS = "▁▂▃▄▅▆▇█"
BROKEN = "✗"

_FIRST = 7  # the bar of the first value: one below the highest, so that a rise can be seen


def sparkline(values: Sequence[float], width: int) -> str:
    """Return at most `width` bars, the oldest value left, the newest right; too many values are thinned evenly.

    Bars count from 0 and are measured against the first value (▇), so that they stay as they are while the loss falls;
    where it rises above, the highest is █. A span of more than 100 times is shown in logarithms. A value that is not
    finite is ✗; an exact zero is ▁.
    """
    if width <= 0 or not values:
        return ""
    shown = _thin(values, width)
    finite = [value for value in shown if math.isfinite(value)]
    if not finite:
        return BROKEN * len(shown)
    height = _logarithmic(finite) if _spans_widely(finite) else _linear(finite)
    return "".join(BARS[height(value) - 1] if math.isfinite(value) else BROKEN for value in shown)


def _thin(values: Sequence[float], width: int) -> list[float]:
    """Return at most `width` values, spread evenly; the first and the newest stay (the newest alone in one cell)."""
    count = len(values)
    if count <= width:
        return list(values)
    if width == 1:
        return [values[-1]]
    return [values[round(index * (count - 1) / (width - 1))] for index in range(width)]


def _spans_widely(values: Sequence[float]) -> bool:
    positive = [value for value in values if value > 0]
    return min(values) >= 0 and bool(positive) and max(positive) / 100 > min(positive)


def _linear(values: Sequence[float]) -> Callable[[float], int]:
    base = min(0.0, min(values))

    def above_base(value: float) -> float:
        return value / 16 - base / 16  # divided first: the whole range of doubles must not overflow

    unit = max(above_base(values[0]) / _FIRST, above_base(max(values)) / len(BARS))
    return lambda value: _bar(above_base(value) / unit) if unit > 0 else 1


def _logarithmic(values: Sequence[float]) -> Callable[[float], int]:
    positive = [value for value in values if value > 0]
    low, high = math.log(min(positive)), math.log(max(positive))
    top = _FIRST if values[0] == max(values) else len(BARS)
    return lambda value: _bar(1 + (math.log(value) - low) / (high - low) * (top - 1)) if value > 0 else 1


def _bar(height: float) -> int:
    return min(max(round(height), 1), len(BARS))
