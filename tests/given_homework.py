"""Homework that real people were given, as lessons, with the numbers that they and their sources have for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "homework"

LESSONS = sorted(path.parent for path in FOLDER.glob("*/lesson.toml"))


@dataclass(frozen=True, slots=True)
class HomeworkCase:
    """A number that somebody has for a question: `truth` is the right one, `expected` what a careful tutor says."""

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
        return FOLDER / self.lesson


def homework_cases() -> list[HomeworkCase]:
    """Return the numbers of all sheets, in the order of the file."""
    lines = (FOLDER / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines]


def _case(line: dict[str, object]) -> HomeworkCase:
    kept = {name: value for name, value in line.items() if name not in ("printed_in_source", "also_fine")}
    return HomeworkCase(**kept, also_fine=tuple(line["also_fine"]))  # type: ignore[arg-type]
