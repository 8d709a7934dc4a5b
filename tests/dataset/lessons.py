"""Lessons on small data files, for tests."""

from __future__ import annotations

from nn_tutor.course.lesson import Lesson
from nn_tutor.dataset.columns import columns_of
from nn_tutor.dataset.lesson import lesson_of
from nn_tutor.dataset.preparing import Prepared, prepare
from nn_tutor.dataset.proposal import Options, propose
from nn_tutor.dataset.reading import read_table

USUAL = Options()


def prepared_of(raw: bytes, options: Options = USUAL) -> Prepared:
    """Return the samples of a file."""
    table = read_table("mine.csv", raw, header=options.header)
    return prepare(table, propose("mine.csv", columns_of(table), options), options)


def lesson_on(raw: bytes, options: Options = USUAL) -> Lesson:
    """Return the lesson on a file."""
    return lesson_of(prepared_of(raw, options), options, "data-mine")
