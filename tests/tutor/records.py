"""A log that is only a list, for the tests of what is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Written:
    """An entry of a log that is only a list."""

    kind: str
    content: Mapping[str, Any]
    lesson: str = "lesson"
    at: float = 0.0
