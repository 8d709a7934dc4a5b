"""Lessons as documents, made once for all tests of a process, as drawing the numbers of practice takes seconds."""

from __future__ import annotations

from functools import cache

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.find import find, shipped_lessons
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.export.document import Document, document_of
from nn_tutor.export.runs import Run, runs_of
from nn_tutor.tutor.lesson_run import LessonRun

LESSONS = [listing.id for listing in shipped_lessons()]


@cache
def lesson(name: str) -> Lesson:
    """Return a lesson by its id or path."""
    return load(find(name))


@cache
def document(name: str, *, is_covered: bool = False) -> Document:
    """Return a lesson on paper."""
    return document_of(lesson(name), SymPyDeriver(), is_covered=is_covered)


@cache
def runs(name: str) -> tuple[Run, ...]:
    """Return the networks of a lesson in motion."""
    return runs_of(LessonRun(lesson(name)))
