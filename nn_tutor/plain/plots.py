"""A curve in words: one sentence on how it goes, and five points of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from nn_tutor.calculus.numerals import numeral

POINTS, SAMPLES = 5, 401
"""So many points are told, and so many are looked at."""

FLAT = 1e-9
"""A change of less than this, as a part of the largest value, is none."""

Curve = Callable[[Sequence[float]], Sequence[float]]
"""Gives the heights over some places; NaN where there is none."""


def curve_told(curve: Curve, low: float, high: float, name: str, what: str) -> list[str]:
    """Tell a curve from `low` to `high`: over `name` stands `what`."""
    places = _round_places(low, high)
    sample = [places[0] + (places[-1] - places[0]) * part / (SAMPLES - 1) for part in range(SAMPLES)]
    shape = shape_told(sample, curve(sample), name, what)
    return [f"{shape}.", f"Five points: {points_told(places, curve(places), name, what)}."]


def points_told(places: Sequence[float], heights: Sequence[float], name: str, what: str) -> str:
    """Tell points one by one: `at w 1 the loss is 0.4; at 2 it is 0.1`."""
    parts = []
    for number, (place, height) in enumerate(zip(places, heights, strict=True)):
        said = numeral(height, 3) if math.isfinite(height) else "none"
        parts.append(f"at {name} {numeral(place)}, {what} is {said}" if not number else f"at {numeral(place)}, {said}")
    return "; ".join(parts)


def shape_told(places: Sequence[float], heights: Sequence[float], name: str, what: str) -> str:
    """Tell how a curve goes from left to right: where it falls and rises, and where it is lowest."""
    seen = [(place, height) for place, height in zip(places, heights, strict=True) if math.isfinite(height)]
    if len(seen) < 2:
        return f"{what} does not exist there"
    (first, begun), (last, ended) = seen[0], seen[-1]
    least, most = min(height for _, height in seen), max(height for _, height in seen)
    over = f"from {name} {numeral(first)} to {numeral(last)}"
    if most - least <= FLAT * max(1.0, abs(most)):
        return f"{over}, {what} stays at {numeral(begun, 3)}"
    turns = _turns([height for _, height in seen], most - least)
    ends = f"{numeral(begun, 3)} to {numeral(ended, 3)}"
    if turns == 0:
        return f"{over}, {what} {'falls' if ended < begun else 'rises'} from {ends}"
    lowest = next(place for place, height in seen if height == least)
    highest = next(place for place, height in seen if height == most)
    if turns == 1 and least < min(begun, ended):
        below = f"falls from {numeral(begun, 3)} to {numeral(least, 3)}, lowest near {name} {numeral(lowest, 2)}"
        return f"{over}, {what} {below}, then rises to {numeral(ended, 3)}"
    if turns == 1:
        above = f"rises from {numeral(begun, 3)} to {numeral(most, 3)} near {name} {numeral(highest, 2)}"
        return f"{over}, {what} {above}, then falls to {numeral(ended, 3)}"
    between = f"goes up and down between {numeral(least, 3)} and {numeral(most, 3)}"
    return f"{over}, {what} {between}; it is lowest near {name} {numeral(lowest, 2)}"


def _turns(heights: Sequence[float], spread: float) -> int:
    """How often a curve turns from falling to rising or back; what is level goes on as before."""
    ways = [math.copysign(1, b - a) for a, b in pairwise(heights) if abs(b - a) > FLAT * spread]
    return sum(one != other for one, other in pairwise(ways))


def _round_places(low: float, high: float) -> list[float]:
    """Five places from one to another, on numbers that are short to say."""
    apart = (high - low) / (POINTS - 1)
    decimals = max(0, 1 - math.floor(math.log10(apart))) if apart > 0 else 2
    step, start = round(apart, decimals), round(low, decimals)
    return [round(start + step * place, decimals) for place in range(POINTS)]
