"""How many of a thing, in words."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """Return a number of things: "1 row", "3 rows"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
