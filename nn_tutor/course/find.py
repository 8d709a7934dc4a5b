"""Where lessons are: those that come with the program, and those a path leads to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from nn_tutor.course.files import read_head
from nn_tutor.course.findings import Finding, LessonError, close_words, shown
from nn_tutor.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """A lesson in a list: its id, title and summary, and its folder."""

    id: str
    title: str
    summary: str
    path: Path


def course_folder() -> Path:
    """Return the folder of the lessons that come with the program: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "lessons"
    return inside if inside.is_dir() else package.parent / "lessons"


def shipped_paths() -> tuple[Path, ...]:
    """Return the folders of the shipped lessons, in the order of the course."""
    folder = course_folder()
    return tuple(sorted(path.parent for path in folder.glob("*/lesson.toml")))


def shipped_lessons() -> tuple[Listing, ...]:
    """Return the shipped lessons, in the order of the course; raises `LessonError`."""
    return _listed(shipped_paths())


@lru_cache(maxsize=2)
def _listed(paths: tuple[Path, ...]) -> tuple[Listing, ...]:
    """Return the lessons of these folders; a command that looks for one also wants to know the one after it."""
    return tuple(Listing(*read_head(path), path) for path in paths)


def place_in_course(path: Path, lessons: Sequence[Listing]) -> int | None:
    """Return which of the lessons of a course a lesson's folder is, counted from 1; None for one that is none of it."""
    return next((number for number, listing in enumerate(lessons, start=1) if listing.path == path), None)


def find(name: str) -> Path:
    """Return the folder or file of a lesson, by its id, its number in the course, or a path; raises `LessonError`."""
    listings = shipped_lessons()
    if name.isascii() and name.isdecimal() and not os.path.exists(name) and 0 < int(name[:9]) <= len(listings):
        return listings[int(name) - 1].path
    for listing in listings:
        if listing.id == name:
            return listing.path
    if "/" in name or os.sep in name or name.endswith(".toml") or os.path.exists(name):
        return Path(name)
    close = close_words(name[:80], [listing.id for listing in listings], 1)
    mend = (f"did you mean {close[0]}? " if close else "") + "nn-tutor list shows them"
    raise LessonError([Finding(shown(name), "", "there is no such lesson", mend)])
