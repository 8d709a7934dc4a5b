"""Homework that real people were given, as lessons, with the numbers that they and their sources have for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "homework"

OUTSIDE = Path(__file__).parent / "data" / "outside"
"""Worked examples that were gathered later, only to measure with; each sheet names its source."""

LESSONS = sorted(path.parent for path in FOLDER.glob("*/lesson.toml"))


@dataclass(frozen=True, slots=True)
class HomeworkCase:
    """A number that somebody has for a question: `truth` is the right one, `expected` what a careful tutor says."""

    sheets: Path
    lesson: str
    question: str
    text: str
    earlier: dict[str, float]
    truth: float | None
    role: str
    expected_verdict: str
    expected_mistake: str | None
    also_fine: tuple[str, ...]
    note: str

    @property
    def folder(self) -> Path:
        """The folder of the sheet."""
        return self.sheets / self.lesson


def homework_cases(sheets: Path = FOLDER) -> list[HomeworkCase]:
    """Return the numbers of all sheets in a folder, in the order of the file."""
    lines = (sheets / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [_case(sheets, json.loads(line)) for line in lines]


def _case(sheets: Path, line: dict[str, object]) -> HomeworkCase:
    kept = {name: value for name, value in line.items() if name not in ("printed_in_source", "also_fine")}
    return HomeworkCase(sheets, **kept, also_fine=tuple(line["also_fine"]))  # type: ignore[arg-type]
