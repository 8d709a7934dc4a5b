"""`homework`: a network of one's own, from the options, a file, a lesson or a pipe."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from nn_tutor.commands.common import INVALID, data_directory, load_named, say
from nn_tutor.commands.kept import is_kept, kept_network
from nn_tutor.course.files import lesson_file, read_text, read_toml
from nn_tutor.course.find import shipped_lessons
from nn_tutor.course.findings import Findings, LessonError, shown
from nn_tutor.homework.faults import Fault, HomeworkError, refused
from nn_tutor.homework.lessons import homework_of_lesson
from nn_tutor.homework.matrices import MAX_CHARACTERS
from nn_tutor.homework.reading import Homework, homework_of
from nn_tutor.homework.said import KEYS, REPEATED, Said, said_in

PIPE = "-"
"""How the input is named in the place of a file."""


def homework_named(options: argparse.Namespace) -> Homework | int | None:
    """Return the network that the options say; the exit status where it cannot be read, None where none is said."""
    try:
        return _homework(options)
    except HomeworkError as error:
        for fault in error.faults:
            say(str(fault))
        return INVALID


def _homework(options: argparse.Namespace) -> Homework | None:
    said = said_of(options)
    keys = Counter(key for key, _ in said if key not in REPEATED)
    if twice := [key for key, count in keys.items() if count > 1]:
        raise HomeworkError(Fault(key, f"said {_TIMES.get(keys[key], 'more than once')}", "keep one") for key in twice)
    name = options.network
    is_piped = name == PIPE or (name is None and not said and not sys.stdin.isatty())
    text = _piped() if is_piped else ""
    if is_piped and (name or text.strip()):
        return homework_of(_together(said_in(text), said))
    if name is None:
        return homework_of(said) if said else None
    directory = data_directory(options)
    if _is_kept(name, directory):
        found = kept_network(name, directory)
        return homework_of(_together(found.said, said), found.lesson.id) if said else found
    if _is_lesson(name):
        lesson = load_named(name)
        file = lesson_file(lesson.path)
        return homework_of_lesson(lesson, read_toml(file, Findings(str(file))), said)
    try:
        text = read_text(Path(name), Findings(name))
    except LessonError as error:
        raise refused(shown(name, 4096), error.findings[0].found, error.findings[0].mend) from None
    try:
        return homework_of(_together(said_in(text), said))
    except HomeworkError as error:
        raise HomeworkError(fault.inside(shown(name, 4096)) for fault in error.faults) from None


_TIMES = {2: "twice"}


def said_of(options: argparse.Namespace) -> Said:
    """Return what the options say of a network, in the order of the keys."""
    said: list[tuple[str, str]] = []
    for key in KEYS:
        value = getattr(options, f"said_{key}", None)
        texts = value if isinstance(value, list) else [value]
        said += [(key, text) for text in texts if text is not None]
    return tuple(said)


def _together(first: Said, second: Said) -> Said:
    """What a file says, but for what is said beside it."""
    again = {key for key, _ in second}
    return (*((key, text) for key, text in first if key not in again), *second)


def _is_lesson(name: str) -> bool:
    """Whether a name means a lesson: a folder, a lesson file, or the id of a lesson of the course."""
    if os.path.isdir(name) or name.endswith(".toml"):
        return True
    return not os.path.exists(name) and (any(one.id == name for one in shipped_lessons()) or os.sep not in name)


def _is_kept(name: str, directory: Path | None) -> bool:
    """Whether a name means a network that is kept, and neither a file nor a lesson of the course."""
    if os.path.exists(name) or any(one.id == name for one in shipped_lessons()):
        return False
    return is_kept(name, directory)


def _piped() -> str:
    """What comes through the pipe; the terminal takes its place, where there is one, so that it can be walked."""
    content = sys.stdin.buffer.read(MAX_CHARACTERS + 1)
    if len(content) > MAX_CHARACTERS:
        raise refused("the input", "more than 1 MiB", "a network's text has at most 1 MiB")
    with suppress(OSError, AttributeError):
        terminal = os.open("/dev/tty", os.O_RDONLY)
        os.dup2(terminal, sys.stdin.fileno())
        os.close(terminal)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("the input", f"not UTF-8 at byte {error.start}", "write it as UTF-8") from None
