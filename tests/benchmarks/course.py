"""Lessons: reading those that are shipped, and the slowest of the files that were made to hang."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.prose import draw_prose
from tests.benchmarks.figures import Figure, seconds
from tests.course.good_lesson import GOOD
from tests.course.test_hostile_files import LESSONS, PAGES


def figures() -> Iterator[Figure]:
    paths = shipped_paths()
    worst, path = max((min(seconds(partial(load, path)) for _ in range(5)), path) for path in paths)
    yield Figure("the slowest shipped lesson, read", worst * 1e3, "ms", 30, path.name)
    took = [(seconds(partial(_load, *pair)), name) for name, pair in _hostile().items()]
    slowest, name = max(took)
    yield Figure("a file of 1 MiB that was made to hang, the slowest", slowest, "s", 5, name)
    yield Figure("a page of a million letters, drawn", seconds(lambda: draw_prose("x" * 1_000_000, 60)), "s", 2)


def _hostile() -> dict[str, tuple[str, str]]:
    return {name: (text, "") for name, text in LESSONS.items()} | {name: (GOOD, page) for name, page in PAGES.items()}


def _load(lesson: str, page: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "lesson.toml").write_text(lesson, encoding="utf-8", newline="")
        (Path(folder) / "lesson.md").write_text(page, encoding="utf-8", newline="")
        try:
            load(Path(folder))
        except LessonError:
            return
