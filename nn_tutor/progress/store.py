"""The SQLite file of a log, opened: every transaction is on the disk when it returns, or has not happened."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from nn_tutor.progress import schema
from nn_tutor.progress.entry import Entry, as_row, from_row, from_whole, is_whole
from nn_tutor.progress.errors import DamagedFileError, NewerFileError, StorageError, from_os, translated
from nn_tutor.progress.header import APPLICATION_ID, MAX_VERSION, VERSION, check_journal, look
from nn_tutor.progress.salvage import PAGE_SIZE

_COLUMNS = "uid, at, kind, lesson, content, crc"
_OLDEST_SQLITE = (3, 37, 0)  # the first to know STRICT; to an older one, our file looks damaged


def open_store(path: Path, patience: float) -> Store:
    """Open the log at a path, made or brought to this schema where need be; wait for others `patience` seconds.

    It is quick, so the rows are not looked at, unless the header is not as we write it. Raises `StorageError`,
    `DamagedFileError` for what must be mended first, `NewerFileError`.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StorageError("SQLite 3.37 or newer is needed, and Python has an older one")
    seen = look(path)
    if seen.kind == "newer":
        raise NewerFileError(seen.version)
    if seen.kind in ("not a database", "not a file", "a broken link"):
        raise DamagedFileError(seen.kind)
    check_journal(path)
    if seen.kind == "absent":
        make_file(path)
    store = Store(connected(path, patience))
    try:
        store.prepare()
        if seen.kind == "suspicious":
            store.verify()
            store.tidy()
    except BaseException:
        store.close()
        raise
    return store


def read_newer(path: Path) -> tuple[Entry, ...]:
    """Return what can be read of a file of a newer schema, without changing a byte of it."""
    try:
        check_journal(path)
        with closing(connected(path, 1.0, mode="ro")) as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY id").fetchall()
    except (sqlite3.Error, UnicodeDecodeError, StorageError):
        return ()
    return tuple(entry for row in rows if (entry := from_row(row)) is not None)


def make_file(path: Path) -> None:
    """Make an empty file that only its owner can read, where there is none; raises `StorageError`."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise from_os(error) from None


def connected(path: Path, patience: float, mode: str = "rw") -> sqlite3.Connection:
    """Return a connection to a file that is there; texts come as bytes, as a damaged one may not be UTF-8."""
    # The log takes care that one thread at a time uses it.
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}", timeout=patience, isolation_level=None, check_same_thread=False, uri=True
    )
    connection.text_factory = bytes
    return connection


class Store:
    """An open log; `StorageError`, `DamagedFileError`, `MovedFileError`, `NewerFileError` come out of every method."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.is_new = False
        """Whether the table was made by this opening."""

    def prepare(self) -> None:
        """Set how the file is written, and make or migrate its table."""
        with translated():
            self._settle()
            version = self._look()
        if version is not None:
            with self._transaction("BEGIN EXCLUSIVE"):
                version = self._look()  # another window may have been quicker
                if version == 0:
                    schema.migrate(self._connection)
                elif version == -1:
                    schema.create(self._connection)
                    self.is_new = True
            self.tidy()
        with self._transaction("BEGIN"):
            self._check_last()

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first."""
        with self._transaction("BEGIN"):
            return self._entries()

    def entries_of(self, lesson: str) -> tuple[Entry, ...]:
        """Return the entries of a lesson, oldest first."""
        with self._transaction("BEGIN"):
            return _read(self._rows(f"SELECT {_COLUMNS} FROM entry WHERE lesson = ? ORDER BY id", (lesson,)))

    def recent(self, kinds: Collection[str], limit: int) -> tuple[Entry, ...]:
        """Return the last entries of some kinds (of all where none is named), newest first."""
        marks = ", ".join("?" * len(kinds))
        where = f"WHERE kind IN ({marks})" if kinds else ""
        with self._transaction("BEGIN"):
            return _read(self._rows(f"SELECT {_COLUMNS} FROM entry {where} ORDER BY id DESC LIMIT ?", (*kinds, limit)))

    def insert(self, entries: Sequence[Entry], *, maybe_there: bool) -> None:
        """Add entries; `maybe_there` leaves out those that an earlier try has already put there."""
        rows = [schema.as_parameters(as_row(entry)) for entry in entries]
        with self._transaction("BEGIN IMMEDIATE"):
            self._check_last()
            if maybe_there:
                there = {uid for (uid,) in self._rows("SELECT uid FROM entry")}
                rows = [row for row in rows if row[0].encode() not in there]
            self._connection.executemany(schema.INSERT, rows)

    def rewrite(self, change: Callable[[tuple[Entry, ...]], Iterable[Entry]]) -> None:
        """Put what `change` makes of the entries in their place, all or nothing."""
        with self._transaction("BEGIN IMMEDIATE"):
            before = self._entries()
            after = tuple(change(before))
            if after == before:
                return
            self._connection.execute("DELETE FROM entry")
            self._connection.execute("DELETE FROM sqlite_sequence")
            self._connection.executemany(schema.INSERT, [schema.as_parameters(as_row(entry)) for entry in after])
        self.tidy()

    def verify(self) -> None:
        """Read everything and have SQLite check the file; raises `DamagedFileError` where it is not sound."""
        with self._transaction("BEGIN"):
            self._all_rows()
        with translated():
            found = self._rows("PRAGMA quick_check(1)")
        if found != [(b"ok",)]:
            raise DamagedFileError(str(found))

    def tidy(self) -> None:
        """Give back the pages that a change has freed, where that is possible now."""
        # What was taken out must not be found again when a damaged file is mended.
        with suppress(StorageError), translated():
            if self._number("PRAGMA freelist_count"):
                self._connection.execute("VACUUM")

    def copy_to(self, path: Path) -> None:
        """Copy the file to a new one, with SQLite's own means."""
        make_file(path)
        with translated(), closing(connected(path, 1.0)) as target:
            target.execute("PRAGMA journal_mode = OFF")
            self._connection.backup(target)

    def close(self) -> None:
        """Close the file; what was not committed has not happened."""
        self._connection.close()

    def _settle(self) -> None:
        for setting in (
            f"page_size = {PAGE_SIZE}",
            # Not WAL: it needs a directory that can be written even to read, and a plain copy of the file loses rows.
            "journal_mode = DELETE",
            # FULL, and after a commit the directory too, without which a power cut could bring the journal back.
            "synchronous = EXTRA",
            "fullfsync = ON",  # macOS alone knows the difference
            "secure_delete = ON",
            "cell_size_check = ON",
            "trusted_schema = OFF",
            "temp_store = MEMORY",
        ):
            self._connection.execute(f"PRAGMA {setting}").fetchall()

    def _look(self) -> int | None:
        """Return None for the table as it should be, the version of an older one, −1 for an empty file."""
        version = self._number("PRAGMA user_version")
        if VERSION < version <= MAX_VERSION:
            raise NewerFileError(version)
        tables = self._rows("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' OR type = 'trigger'")
        if not tables and version == 0 and not self._number("PRAGMA application_id"):
            return -1
        if self._number("PRAGMA application_id") != APPLICATION_ID or [name for name, _ in tables] != [b"entry"]:
            raise DamagedFileError("not the file of this program")
        if version == 0:
            return 0
        if version != VERSION or tables[0][1] != schema.TABLE.encode():
            raise DamagedFileError("not the table of this program")
        return None

    def _entries(self) -> tuple[Entry, ...]:
        return tuple(from_whole(self._all_rows()))

    def _all_rows(self) -> list[Any]:
        """Return all rows, every one found whole and none found missing."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM entry ORDER BY id")
        self._check_last()
        if len(rows) != self._last() or (rows and self._number("SELECT min(id) FROM entry") != 1):
            raise DamagedFileError("rows are missing")
        return _whole(rows)

    def _check_last(self) -> None:
        """Raise where the last row is not the last that was written, or where a newer program was here."""
        version = self._number("PRAGMA user_version")
        if VERSION < version <= MAX_VERSION:
            raise NewerFileError(version)
        if self._number("SELECT max(id) FROM entry") != self._last():
            raise DamagedFileError("the last rows are missing")

    def _last(self) -> int:
        return self._number("SELECT max(seq) FROM sqlite_sequence WHERE name = 'entry'")

    def _number(self, query: str) -> int:
        (value,) = self._rows(query)[0]
        if value is not None and not isinstance(value, int):
            raise DamagedFileError(f"{query}: {value!r}")
        return value or 0

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with translated():
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                _roll_back(self._connection)
                raise


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        connection.close()  # which rolls back too


def _read(rows: list[Any]) -> tuple[Entry, ...]:
    return tuple(from_whole(_whole(rows)))


def _whole(rows: list[Any]) -> list[Any]:
    """Return rows, every one found as it was written; raises `DamagedFileError`."""
    if not all(map(is_whole, rows)):
        raise DamagedFileError("a row is not as it was written")
    return rows
