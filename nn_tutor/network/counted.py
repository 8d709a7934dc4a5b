"""How many of a thing, in words."""

from __future__ import annotations


def counted(count: int, noun: str, several: str = "") -> str:
    """Return a number of things: "1 row", "3 rows", "10,000 passes"; `several` is the plural, where it is no mere s."""
    return f"{count} {noun}" if count == 1 else f"{count:,} {several or noun + 's'}"
