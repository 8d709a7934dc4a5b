"""What a command prints, and the status that it ends with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nn_tutor.progress.messages import say as say
from nn_tutor.progress.messages import tell as tell

if TYPE_CHECKING:
    from pathlib import Path

    from nn_tutor.course.lesson import Lesson

NO_LESSONS = "no lessons were found; install nn-tutor with pip, as it cannot be run from a zip file"

DONE, CRASHED, USAGE, INVALID, NO_PROGRESS = 0, 1, 2, 3, 4


def is_utf8(encoding: str) -> bool:
    """Whether an encoding is UTF-8, however it is spelled."""
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def print_json(value: object, indent: int | None = 2) -> None:
    """Print a JSON document, in plain ASCII where the output takes no more."""
    import json

    is_wide = is_utf8(sys.stdout.encoding or "")
    print_lines([json.dumps(value, ensure_ascii=not is_wide, allow_nan=False, indent=indent)])


def print_json_stream(document: Mapping[str, object], name: str) -> None:
    """Print a JSON document on one line whose list `name` is made while it is printed, and what follows it after."""
    import json

    is_wide = is_utf8(sys.stdout.encoding or "")
    entries = document[name]
    assert isinstance(entries, Iterable)
    print("{", end="")
    for place, key in enumerate(document):
        print(", " if place else "", json.dumps(key), ": ", sep="", end="")
        if key != name:
            print(json.dumps(document[key], ensure_ascii=not is_wide, allow_nan=False), end="")
            continue
        print("[", end="")
        for number, entry in enumerate(entries):
            text = json.dumps(entry, ensure_ascii=not is_wide, allow_nan=False)
            print(", " if number else "", text, sep="", end="")
        print("]", end="")
    print("}")


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as results, as they come."""
    for text in lines:
        print(text)


def data_directory(options: argparse.Namespace) -> Path | None:
    """Return where progress is to be kept, None for the usual place."""
    from pathlib import Path

    return None if options.data_dir is None else Path(options.data_dir)


def load_named(name: str, directory: Path | None = None) -> Lesson:
    """Load a lesson by id or path, a round of practice as `practice:SKILL:SEED`, or a kept network by its id or name.

    `directory` is where progress is kept, None for the usual place. A lesson comes before a network of the same name.
    """
    if name.startswith("practice:"):
        from nn_tutor.course.findings import Finding, LessonError
        from nn_tutor.tutor.practice import parse_practice_id, round_of

        try:
            return round_of(*parse_practice_id(name))
        except ValueError as error:
            raise LessonError([Finding(name, "", "no round of practice", str(error))]) from None
    if name.startswith("own-"):
        from nn_tutor.commands.kept import kept_network

        return kept_network(name, directory).lesson
    from nn_tutor.course.find import find
    from nn_tutor.course.findings import LessonError
    from nn_tutor.course.load import load

    try:
        path = find(name)
    except LessonError:
        from nn_tutor.commands.kept import is_kept, kept_network

        if not is_kept(name, directory):
            raise
        return kept_network(name, directory).lesson
    return load(path)
