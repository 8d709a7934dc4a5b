"""Data files of the learner's own: read only where it is a file, is not too large, and may be read; and read again."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn_tutor.dataset.choices import Choices
from nn_tutor.dataset.columns import columns_of
from nn_tutor.dataset.faults import refuse
from nn_tutor.dataset.keeping import as_content, from_content
from nn_tutor.dataset.lesson import lesson_id, lesson_of
from nn_tutor.dataset.preparing import Prepared, prepare
from nn_tutor.dataset.proposal import Options, propose
from nn_tutor.dataset.reading import check_size, read_table

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson

ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".data")
"""What the names of data files end with."""


class DataFile:
    """A data file that was read: its path, and what may be chosen about it. Its methods may be called in a thread."""

    def __init__(self, path: Path, choices: Choices) -> None:
        self.path = path
        self.choices = choices
        self._last: tuple[Options, Prepared] | None = None

    def prepared(self, options: Options) -> Prepared:
        """Return its samples with some choices, kept until others ask for other samples; raises `DataError`."""
        network = Options()  # what is chosen about the network makes no other samples
        wanted = replace(
            options,
            hidden=network.hidden,
            activation=network.activation,
            learning_rate=network.learning_rate,
            row=network.row,
        )
        last = self._last
        if last is not None and last[0] == wanted:
            return last[1]
        table = self.choices.table
        made = prepare(table, propose(table.file, self.choices.columns, options), options)
        self._last = wanted, made
        return made

    def lesson(self, options: Options) -> Lesson:
        """Return the lesson on it with some choices; raises `DataError`."""
        return lesson_of(self.prepared(options), options, lesson_id(str(self.path.absolute()), options))

    def content(self, lesson: Lesson, options: Options | None = None) -> dict[str, Any]:
        """Return what is kept of the file for a lesson on it, with the choices that it was made with."""
        return as_content(str(self.path.absolute()), lesson.title, options or self.choices.options)


def open_data(path: Path, options: Options) -> DataFile:
    """Read a data file; raises `DataError`."""
    table = read_table(path.name, read_bytes(path), header=options.header)
    return DataFile(path, Choices(table, columns_of(table), options))


def open_kept(content: Mapping[str, Any]) -> tuple[DataFile, Options]:
    """Read the file of a lesson again, with the choices that it was made with; raises `DataError`."""
    found = from_content(content)
    if found is None:
        refuse("your own data", "what was kept of this lesson cannot be read", "open its file once more")
    path, options = found
    return open_data(Path(path), options), options


def read_bytes(path: Path) -> bytes:
    """Return what is in a file; raises `DataError` for a folder, a pipe, a huge file, or one that may not be read."""
    name = path.name or str(path)
    if "\0" in str(path):
        refuse(name, "a name that no file can have", "look at its name")
    try:
        status = path.stat()
        if not stat.S_ISDIR(status.st_mode) and not stat.S_ISREG(status.st_mode):
            refuse(name, "this is no ordinary file", "save what it gives as a file, and open that")
        check_size(name, 0 if stat.S_ISDIR(status.st_mode) else status.st_size)
        return path.read_bytes()
    except FileNotFoundError:
        refuse(name, "there is no such file", "look at its name and its folder")
    except IsADirectoryError:
        refuse(name, "this is a folder", "name a file in it")
    except OSError as error:
        refuse(name, f"it cannot be read ({error.strerror or error})", "look at its name and its permissions")
