"""What is raised where a network or its data cannot be what was asked for."""

from __future__ import annotations

import math
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
    """Return the mend for a word that is none of a closed set of names, a `Literal`."""
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
