"""The lessons that come with the program, each set in motion once: what one test has worked out serves all others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nn_tutor.course.load import load
from nn_tutor.judging.formula import Disprover
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun


@cache
def shipped_run(path: Path, disproves: Disprover | None = None) -> LessonRun:
    """A shipped lesson with its exercises."""
    return LessonRun(with_exercises(load(path)), disproves)


@cache
def shipped_run_as_written(path: Path) -> LessonRun:
    """A shipped lesson without exercises, as in its file."""
    return LessonRun(load(path))
