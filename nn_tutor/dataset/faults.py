"""What is wrong with a data file: its line, its column, what stands there, and the mend."""

from __future__ import annotations

from typing import NoReturn

from nn_tutor.course.findings import Finding, LessonError, shown

LONGEST = 40
"""How many characters of a name or a cell are repeated in a message."""


class DataError(LessonError):
    """A data file cannot be used as it is; its one finding says where, and what to do."""


def refuse(file: str, found: str, mend: str, *, line: int = 0, column: str = "") -> NoReturn:
    """Raise a `DataError` on a place in a file; `line` counts from 1, 0 and "" where there is none."""
    parts = (f"line {line}" if line else "", f'column "{brief(column)}"' if column else "")
    raise DataError([Finding(file, ", ".join(part for part in parts if part), found, mend)])


def brief(text: str) -> str:
    """Return a text of a stranger's file, short and fit to be printed."""
    return shown(text, LONGEST)
