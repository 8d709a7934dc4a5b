"""Loads NumPy, SymPy and the lesson screen, in a thread, after the first paint."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.course.outline import Outline

LATER = (
    "nn_tutor.terminal.screens.lesson",
    "nn_tutor.terminal.screens.help",
    "nn_tutor.terminal.screens.why",
    "nn_tutor.terminal.screens.glossary",
    "nn_tutor.tutor.why",
    "nn_tutor.progress.rounds",
    "markdown_it.tree",
)
"""What no first screen needs, but one of the next keys may."""


def warmed(first: Callable[[], None]) -> Deriver:
    """Do what comes first, import the rest, and return the deriver, ready to derive at once."""
    sys.setswitchinterval(0.0005)
    try:
        first()
        for module in LATER:
            import_module(module)
        from nn_tutor.calculus.derivation import SymPyDeriver, warm

        warm()
        return SymPyDeriver()
    finally:
        gc.freeze()  # what SymPy brought stays: to look through it again and again would make keys wait
        gc.set_threshold(20_000, 20, 20)  # a step makes thousands of small things, and most are gone at once
        gc.enable()  # `cli` disables it for the time of the imports


def outlined(lessons: Iterable[Listing]) -> dict[str, Outline]:
    """Return the lessons at a glance, by id, without those that cannot be read."""
    from nn_tutor.course.findings import LessonError
    from nn_tutor.course.load import load_once
    from nn_tutor.course.outline import outline_of

    found: dict[str, Outline] = {}
    for listing in lessons:
        with suppress(LessonError):
            found[listing.id] = outline_of(load_once(listing.path))
    return found


def prepare(opened: Lesson | None, lessons: Iterable[Listing]) -> None:
    """Draw the fair numbers of the exercises of the open lesson and of others, so that no key waits for them."""
    from nn_tutor.course.findings import LessonError
    from nn_tutor.course.load import load_once
    from nn_tutor.tutor.exercises import with_exercises

    if opened is not None:
        with_exercises(opened)
    for listing in lessons:
        with suppress(LessonError):
            with_exercises(load_once(listing.path))
