"""A curve in words: one sentence on how it goes, and five points of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from nn_tutor.calculus.numerals import numeral

POINTS, SAMPLES = 5, 401
"""How many points are told, and how many are looked at."""

FLAT = 1e-9
"""A change of less than this, as a part of the largest value, is none."""

TINY = 1e-3
"""A height of less than this, as a part of the largest, is nearly 0."""

Curve = Callable[[Sequence[float]], Sequence[float]]
"""Gives the heights over some places; NaN where there is none."""


def curve_told(curve: Curve, low: float, high: float, name: str, what: str) -> list[str]:
    """Tell a curve from `low` to `high`: over `name` stands `what`."""
    places = _round_places(low, high)
    sample = [places[0] + (places[-1] - places[0]) * part / (SAMPLES - 1) for part in range(SAMPLES)]
    shape = shape_told(sample, curve(sample), name, what)
    return [f"{shape}.", f"Five points: {points_told(places, curve(places), name, what)}."]


def points_told(places: Sequence[float], heights: Sequence[float], name: str, what: str) -> str:
    """Tell points one by one: `with w at 1, the loss is 0.4; at 2, 0.1`."""
    most = max((abs(height) for height in heights if math.isfinite(height)), default=0.0)
    parts = []
    for number, (place, height) in enumerate(zip(places, heights, strict=True)):
        said = _height(height, most)
        parts.append(f"at {numeral(place)}, {said}" if number else f"with {name} at {numeral(place)}, {what} is {said}")
    return "; ".join(parts)


def shape_told(places: Sequence[float], heights: Sequence[float], name: str, what: str) -> str:
    """Tell how a curve goes from left to right: where it falls and rises, and where it is lowest."""
    seen = [(place, height) for place, height in zip(places, heights, strict=True) if math.isfinite(height)]
    if len(seen) < 2:
        return f"{what} does not exist there"
    (first, begun), (last, ended) = seen[0], seen[-1]
    least, most = min(height for _, height in seen), max(height for _, height in seen)
    largest = max(abs(least), abs(most))

    def said(height: float) -> str:
        return _height(height, largest)

    over = f"with {name} from {numeral(first)} to {numeral(last)}, {what}"
    if most - least <= FLAT * max(1.0, abs(most)):
        return f"{over} stays at {said(begun)}"
    turns = _turns([height for _, height in seen], most - least)
    if turns == 0:
        return f"{over} {'falls' if ended < begun else 'rises'} from {said(begun)} to {said(ended)}"
    lowest = numeral(next(place for place, height in seen if height == least), 2)
    highest = numeral(next(place for place, height in seen if height == most), 2)
    if turns == 1 and least < min(begun, ended):
        return f"{over} falls from {said(begun)} to {said(least)}, lowest near {lowest}, then rises to {said(ended)}"
    if turns == 1:
        return f"{over} rises from {said(begun)} to {said(most)}, highest near {highest}, then falls to {said(ended)}"
    return f"{over} goes up and down between {said(least)} and {said(most)}; it is lowest near {lowest}"


def _height(height: float, most: float) -> str:
    """A height that can be heard: what is tiny beside the others is nearly 0."""
    if not math.isfinite(height):
        return "none"
    return "nearly 0" if 0 < abs(height) < TINY * most else numeral(height, 3)


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
