"""What is raised where a network or its data cannot be what was asked for, and the checks of numbers that raise it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import get_args


class SpecError(ValueError):
    """A network or its data cannot be what was asked for.

    `key` is where it stands, as in a lesson file (`layers[1].weights`); `found` what stands there; `mend` what to do.
    """

    def __init__(self, key: str, found: str, mend: str) -> None:
        super().__init__(f"{key}: {found}; {mend}")
        self.key = key
        self.found = found
        self.mend = mend


def one_of(choices: object) -> str:
    """Return the mend for a word outside a closed set of names, a `Literal`."""
    return "use one of " + ", ".join(f'"{choice}"' for choice in get_args(choices))


def check_between(key: str, value: float, least: float, below: float) -> None:
    """Check that a number is at least `least` and below `below`; raises `SpecError`."""
    if not (math.isfinite(value) and least <= value < below):
        end = "or above" if math.isinf(below) else f"or above, and below {below:g}"
        raise SpecError(key, f"{value!r}", f"give a number, {least:g} {end}")


def check_above_zero(key: str, value: float) -> None:
    """Check that a number is above 0; raises `SpecError`."""
    if not (math.isfinite(value) and value > 0):
        raise SpecError(key, f"{value!r}", "give a number above 0")


def check_rectangle(key: str, rows: Sequence[Sequence[float]]) -> None:
    """Check that rows of numbers are a matrix of finite numbers, not empty; raises `SpecError`."""
    if not rows or not rows[0]:
        raise SpecError(key, "empty", "give at least one row with one number")
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise SpecError(
                f"{key}[{index}]",
                f"{len(row)} numbers, but the first row has {len(rows[0])}",
                "give all rows the same length",
            )
    check_finite(key, rows)


def check_finite(key: str, rows: Sequence[Sequence[float]]) -> None:
    """Check that all numbers are finite; raises `SpecError`."""
    for row in rows:
        for value in row:
            if not math.isfinite(value):
                raise SpecError(key, f"{value!r}", "give finite numbers")
