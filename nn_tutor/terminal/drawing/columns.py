"""Columns of numbers: decimal points below each other, as narrow as they can be."""

from __future__ import annotations

from collections.abc import Sequence


def on_points(texts: Sequence[str]) -> list[str]:
    """Return numbers as cells of one width, their decimal points below each other; what is no number is whole."""
    parts = [text.partition(".") for text in texts]
    before = max((len(whole) for whole, _, _ in parts), default=0)
    behind = max((len(point + rest) for _, point, rest in parts), default=0)
    return [whole.rjust(before) + (point + rest).ljust(behind) for whole, point, rest in parts]
