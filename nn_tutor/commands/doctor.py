"""`doctor`: versions, what the terminal is, where everything lies, and what is missing for what."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from nn_tutor import __version__
from nn_tutor.commands.common import DONE, data_directory, print_json, print_lines
from nn_tutor.commands.screen import all_missing_for_a_screen, ambiguous_width, colours, encodings

FORMAT_VERSION = 1

NEEDED = ("numpy", "sympy", "textual", "rich", "platformdirs", "fsrs", "markdown-it-py")
"""The packages that come with nn-tutor."""

EXTRAS = {
    "textual-serve": ("serve", "nn-tutor serve: the tutor in a browser"),
    "nbformat": ("notebook", "nn-tutor export --to ipynb"),
    "genanki": ("anki", "nn-tutor export --to anki"),
}
"""The packages that an extra brings, the extra, and what they are for."""

MIN_SIZE = (60, 16)
"""Columns and lines below which the screen only says how large it wants to be."""

Facts = dict[str, object]


def doctor(options: argparse.Namespace) -> int:
    """Print what is known of this installation and this terminal; returns the exit status."""
    document = as_document(data_directory(options))
    if options.json:
        print_json(document)
    else:
        print_lines(as_lines(document))
    return DONE


def as_document(directory: Path | None) -> dict[str, object]:
    """Return all facts as JSON-ready values; `directory` is where progress is to be kept, None for the usual place."""
    versions: Facts = {"nn-tutor": __version__, "python": platform.python_version()}
    versions |= {name: _version(name) for name in (*NEEDED, *EXTRAS)}
    terminal, paths = _terminal(), _paths(directory)
    return {
        "format_version": FORMAT_VERSION,
        "system": platform.platform(),
        "versions": versions,
        "terminal": terminal,
        "paths": paths,
        "missing": [
            {"what": what, "why": why, "mend": mend} for what, why, mend in _missing(versions, terminal, paths)
        ],
    }


def as_lines(document: dict[str, object]) -> Iterator[str]:
    """Yield the facts as lines to read."""
    for title in ("versions", "terminal", "paths"):
        facts = document[title]
        assert isinstance(facts, dict)
        yield title
        told = {_LABELS.get(str(name), str(name)): _said(value) for name, value in facts.items()}
        width = max(map(len, told))
        yield from (f"  {name:<{width}}  {value}" for name, value in told.items())
        if title == "versions":
            yield f"  {'system':<{width}}  {document['system']}"
        yield ""
    missing = document["missing"]
    assert isinstance(missing, list)
    yield "missing" if missing else "nothing is missing"
    yield from (f"  for {one['what']}: {one['why']}; {one['mend']}" for one in missing)


_LABELS = {
    "input_is_terminal": "input is a terminal",
    "output_is_terminal": "output is a terminal",
    "term": "TERM",
    "size": "columns x lines",
    "wants_colours": "colours are wanted",
    "locale_encoding": "encoding of the locale",
    "ambiguous_width": "cells of a line sign",
    "lesson_count": "number of lessons",
    "progress_exists": "progress is there",
    "progress_writable": "progress can be written",
}
"""How facts are called where they are read by people, those that are not called as in the document."""


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " x ".join(map(str, value))
    return "not there" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _terminal() -> Facts:
    """What is known of the terminal; None for what it does not say."""
    output, encoding = sys.stdout.isatty(), encodings()
    size = os.get_terminal_size(sys.stdout.fileno()) if output else None
    if size is not None and not (size.columns and size.lines):  # a serial line or a container says nothing of it
        size = None
    return {
        "input_is_terminal": sys.stdin.isatty(),
        "output_is_terminal": output,
        "term": os.environ.get("TERM") or None,
        "program": os.environ.get("TERM_PROGRAM") or None,
        "size": None if size is None else [size.columns, size.lines],
        "colours": colours(os.environ),
        "wants_colours": not os.environ.get("NO_COLOR"),
        "encoding": encoding[0],
        "locale_encoding": encoding[-1],
        "ambiguous_width": ambiguous_width(),
    }


def _paths(directory: Path | None) -> Facts:
    from nn_tutor.course.find import course_folder, shipped_paths
    from nn_tutor.progress.errors import StorageError
    from nn_tutor.progress.place import FILE
    from nn_tutor.progress.place import data_directory as progress_directory

    try:
        folder: Path | None = progress_directory(directory)
    except StorageError:
        folder = None
    return {
        "program": str(Path(__file__).resolve().parents[1]),
        "python": sys.executable,
        "lessons": str(course_folder()),
        "lesson_count": len(shipped_paths()),
        "progress": None if folder is None else str(folder / FILE),
        "progress_exists": folder is not None and (folder / FILE).is_file(),
        "progress_writable": folder is not None and _may_be_written(folder),
    }


def _may_be_written(folder: Path) -> bool:
    """Whether a file may be made in a folder, which may have to be made first."""
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _missing(versions: Facts, terminal: Facts, paths: Facts) -> Iterator[tuple[str, str, str]]:
    """Yield what cannot be done, why, and what to do."""
    for lacking in all_missing_for_a_screen():
        yield "a full screen", lacking, "`nn-tutor --plain` goes line by line"
    size = terminal["size"]
    if isinstance(size, list) and (size[0] < MIN_SIZE[0] or size[1] < MIN_SIZE[1]):
        why = f"the window has {size[0]}x{size[1]}, and {MIN_SIZE[0]}x{MIN_SIZE[1]} are needed"
        yield "a full screen", why, "make it larger"
    if terminal["ambiguous_width"] == 2:
        mend = "set its width of ambiguous characters to narrow, or start with --ascii"
        yield "straight lines", "this terminal draws lines two cells wide", mend
    if not paths["lesson_count"]:
        yield "the course", "no lessons were found", "install nn-tutor with pip, not from a zip file"
    if paths["progress"] is None:
        yield "your progress", "there is no home directory", "set NN_TUTOR_HOME to a folder"
    elif not paths["progress_writable"]:
        yield "your progress", f"{paths['progress']} cannot be written", "choose a folder with --data-dir"
    for name in NEEDED:
        if versions[name] is None:
            yield "anything", f"{name} is not installed", "pip install nn-tutor"
    for name, (extra, use) in EXTRAS.items():
        if versions[name] is None:
            yield use, f"{name} is not installed", f"pip install 'nn-tutor[{extra}]'"
