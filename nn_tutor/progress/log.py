"""The log of what the learner did: append-only, on the disk before an answer's verdict is shown."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from nn_tutor.progress.backups import back_up, has_backups
from nn_tutor.progress.entry import JSON, Entry, new_entry
from nn_tutor.progress.errors import (
    DamagedFileError,
    ForeignFileError,
    MovedFileError,
    NewerFileError,
    ProgressError,
    StorageError,
)
from nn_tutor.progress.header import is_foreign, look
from nn_tutor.progress.place import FILE, data_directory, make_directory
from nn_tutor.progress.repair import mend, salvaged
from nn_tutor.progress.store import Store, open_store, read_newer

_Result = TypeVar("_Result")

PATIENCE = 2.0
"""Seconds to wait for another program that holds the file."""

IMPATIENCE = 0.25
"""Seconds to wait for it once the waiting has been in vain, so that every further answer is not held up as long."""


def open_log(directory: Path | None = None, clock: Callable[[], float] = time.time) -> Log:
    """Open the log in a folder (default: NN_TUTOR_HOME, then the user's data directory); nothing is raised.

    What could not be done is told in `message` and `badge`; the log then keeps in memory what it cannot save.
    """
    try:
        return Log(data_directory(directory) / FILE, clock)
    except StorageError as error:
        return Log(None, clock, why=error.why)


class Log:
    """The entries on the disk and those that could not be saved yet; close it, or use it in a `with`.

    `badge` is a short text to show for as long as answers are not saved, "" while all is well. `message` is what the
    learner should be told about the file, in a sentence: set on opening, and again should damage be found later.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float], why: str = "") -> None:
        self.badge = ""
        self.message = ""
        self._path = path
        self._clock = clock
        self._store: Store | None = None
        self._kept: list[Entry] = []
        self._tried = False  # kept ones may be in the file although saving them failed
        self._failed = 0  # how many of the kept ones could not be saved
        self._patience = PATIENCE
        self._never = ""  # why nothing will ever be saved to this file
        self._older: tuple[Entry, ...] = ()  # what a file that is never written holds
        with _ONE_AT_A_TIME:
            if path is None:
                self._give_up(why)
                self.message = f"Your progress cannot be remembered: {why}."
            else:
                self._begin(path)

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path | None:
        """The file of the log, None for one that is only in memory."""
        return self._path

    def real_path(self) -> Path:
        """Return where the file is, behind a link if one leads to it; raises `ProgressError` where there is none."""
        if self._path is None:
            raise ProgressError(f"there is no file of your progress: {self._never}")
        return self._path.resolve() if self._path.is_symlink() and self._path.is_file() else self._path

    @property
    def unsaved(self) -> int:
        """How many entries could not be put on the disk; one that is being written this moment is none of them."""
        return self._failed

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first; every one is checked, and a file found damaged is mended on the way."""
        with _ONE_AT_A_TIME:
            try:
                stored = self._with_store(Store.entries)
            except StorageError as error:
                stored = self._readable(error)
            return (*stored, *self._kept_besides(stored))

    def entries_of(self, lesson: str) -> tuple[Entry, ...]:
        """Return the entries of a lesson, oldest first."""
        with _ONE_AT_A_TIME:
            try:
                stored = self._with_store(lambda store: store.entries_of(lesson))
            except StorageError as error:
                stored = tuple(entry for entry in self._readable(error) if entry.lesson == lesson)
            return (*stored, *(entry for entry in self._kept_besides(stored) if entry.lesson == lesson))

    def recent(self, kinds: Collection[str] = (), limit: int = 1) -> tuple[Entry, ...]:
        """Return the last entries of some kinds (of all where none is named), newest first; quick in a long log."""
        with _ONE_AT_A_TIME:
            try:
                stored = self._with_store(lambda store: store.recent(kinds, limit))
            except StorageError as error:
                stored = tuple(entry for entry in reversed(self._readable(error)) if not kinds or entry.kind in kinds)
            kept = [entry for entry in self._kept_besides(stored) if not kinds or entry.kind in kinds]
            return (*reversed(kept), *stored)[:limit]

    def append(self, kind: str, lesson: str, content: Mapping[str, JSON]) -> Entry:
        """Add an entry; it is on the disk when this returns, unless `badge` says that nothing can be saved.

        Raises `ValueError` for what can be no entry (a content that is not plain JSON), but never for the disk.
        """
        entry = new_entry(self._clock(), kind, lesson, content)
        with _ONE_AT_A_TIME:
            self._kept.append(entry)
            with suppress(StorageError):
                self._save()
        return entry

    def rewrite(self, change: Callable[[tuple[Entry, ...]], Iterable[Entry]]) -> None:
        """Put what `change` makes of all entries in their place, all or nothing; raises `ProgressError`."""
        with _ONE_AT_A_TIME:
            try:
                if self._kept:
                    self._save()
                self._with_store(lambda store: store.rewrite(change))
            except StorageError as error:
                raise ProgressError(f"your progress cannot be changed: {error.why}") from None

    def close(self) -> None:
        """Try once more to save what is not saved, and close the file."""
        with _ONE_AT_A_TIME:
            if self._kept:
                with suppress(StorageError):
                    self._save()
            self._drop()

    def _begin(self, path: Path) -> None:
        try:
            self._with_store(lambda store: back_up(store, path, self._clock()))
        except StorageError as error:
            self._warn(error)
            if not self.message:
                self.message = f"Your progress cannot be saved: {error.why}."
            return
        # Known before the first answer, not after it.
        real = self.real_path()
        if not (os.access(real, os.W_OK) and os.access(real.parent, os.W_OK)):
            self._warn(StorageError(f"{path.name} is read-only"))

    def _save(self) -> None:
        """Save all kept entries, in order; raises `StorageError` where that cannot be."""
        entries = tuple(self._kept)

        def insert(store: Store) -> None:
            is_again, self._tried = self._tried, True
            store.insert(entries, maybe_there=is_again)

        try:
            self._with_store(insert)
        except StorageError as error:
            self._failed = len(self._kept)
            self._warn(error)
            raise
        self._kept.clear()
        self._failed = 0
        self._tried = False
        self._patience = PATIENCE
        self.badge = ""

    def _with_store(self, use: Callable[[Store], _Result]) -> _Result:
        """Run `use` on the open store, opened anew or repaired as needed; only `StorageError` escapes."""
        for _ in range(3):
            try:
                if self._store is None:
                    self._store = self._opened()
                return use(self._store)
            except MovedFileError:
                self._drop()
            except DamagedFileError:
                self._drop()
                self._mend()
            except ForeignFileError:
                self._give_up("progress.db is a link to a file of another program")
                self.message = (
                    "Your progress file is a link to a file that is not ours: it is left as it is, and nothing is "
                    "saved. Remove the link, or choose another folder with --data-dir."
                )
            except NewerFileError as error:
                self._drop()
                self._leave_alone(error.version)
            except StorageError:
                self._drop()
                raise
        raise StorageError("progress.db cannot be used")

    def _opened(self) -> Store:
        if self._path is None or self._never:
            raise StorageError(self._never)
        make_directory(self._path.parent)
        path = self.real_path()
        if self._path.is_symlink() and is_foreign(path):
            raise ForeignFileError
        kind = look(path).kind
        if kind in ("absent", "empty") and has_backups(path):
            raise DamagedFileError("the file is gone, its backups are not")
        store = open_store(path, self._patience)
        if kind == "empty" and store.is_new:
            self.message = "Your progress file was empty: it is begun anew."
        return store

    def _mend(self) -> None:
        self.message = mend(self.real_path(), self._clock()) or self.message

    def _leave_alone(self, version: int) -> None:
        self._older = read_newer(self.real_path())
        self._give_up("a newer nn-tutor wrote your progress")
        self.message = (
            f"Your progress was written by a newer nn-tutor (format {version}): "
            "it is left as it is, and nothing is saved until you update."
        )

    def _give_up(self, why: str) -> None:
        self._never = why
        self.badge = f"not saving: {why}"

    def _warn(self, error: StorageError) -> None:
        self.badge = f"not saving: {error.why}"
        self._patience = IMPATIENCE

    def _readable(self, error: StorageError) -> tuple[Entry, ...]:
        """Return what can be read without the help of SQLite."""
        if self._never:
            return self._older
        self._warn(error)
        return salvaged(self.real_path())

    def _kept_besides(self, stored: tuple[Entry, ...]) -> list[Entry]:
        if not self._kept:
            return []
        there = {entry.uid for entry in stored}
        return [entry for entry in self._kept if entry.uid not in there]

    def _drop(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


# For all logs of the process: reading a file without SQLite drops the locks that SQLite has on it in this process.
_ONE_AT_A_TIME = threading.RLock()
