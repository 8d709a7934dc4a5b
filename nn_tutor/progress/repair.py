"""A damaged log is set aside as it is, and a new one takes its place, with every entry that can still be read.

At each moment there is a file at the path: first the damaged one, then, in one step, the new one. Killed in between,
the mending begins anew at the next opening.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from nn_tutor.progress.backups import backed_up, has_backups, sync
from nn_tutor.progress.entry import Entry, from_row
from nn_tutor.progress.errors import (
    DamagedFileError,
    MovedFileError,
    NewerFileError,
    StorageError,
    from_os,
    translated,
)
from nn_tutor.progress.header import FileKind, journal_of, look
from nn_tutor.progress.salvage import MAX_BYTES, read_log, recover_rows
from nn_tutor.progress.schema import older_rows
from nn_tutor.progress.store import Store, connected, make_file, open_store

REPLACES_OPEN_FILES = os.name != "nt"
"""Whether this system replaces a file that is open: Windows does not."""

PATIENCE = 10.0
"""Seconds to wait for another window that is mending the same file."""


def mend(path: Path, now: float) -> str:
    """Put a sound log in the place of what stands at the path; return one sentence on it, "" if it was sound already.

    Raises `StorageError` where it cannot be done now; then nothing is changed.
    """
    try:
        with _only_mender(path):
            kind = look(path).kind
            if kind not in ("absent", "empty"):
                with suppress(DamagedFileError, MovedFileError), closing(open_store(path, PATIENCE)) as store:
                    store.verify()
                    return ""
            elif not has_backups(path):
                return ""
            _drop_unfinished(path)
            if kind in ("ours", "suspicious", "not a database"):
                return _mend_file(path, kind, now)
            entries = _united((), backed_up(path))
            written = _written(path, entries)
            kept = "" if kind in ("absent", "empty") else _aside(path, now)
            if kept:
                os.rename(path, path.with_name(kept))
            os.replace(written, path)
            sync(path.parent)
            return _sentence(kind, entries, 0, kept)
    except OSError as error:
        raise from_os(error) from None
    except NewerFileError:
        return ""


def salvaged(path: Path) -> tuple[Entry, ...]:
    """Return what can be read of a log and its backups while nothing can be written."""
    try:
        is_file = look(path).kind in ("ours", "suspicious", "not a database")
        content = read_log(path) if is_file else b""
        return _united((recovered.entry for recovered in recover_rows(content)), backed_up(path))
    except (OSError, StorageError):
        return ()


def _mend_file(path: Path, kind: FileKind, now: float) -> str:
    # Opened once and closed last: closing a file drops all locks that this process has on it, SQLite's too.
    with path.open("rb") as opened, _held(path, kind) as held:
        content = opened.read(MAX_BYTES)
        recovered = recover_rows(content)
        own = [found.entry for found in recovered]
        if not own and held is not None:
            own = [entry for row in older_rows(held) if (entry := from_row(row)) is not None]
        entries = _united(own, backed_up(path, own))
        missing = max((found.number for found in recovered), default=0) - len(entries)
        written = _written(path, entries)
        kept = _aside(path, now)
        aside = path.with_name(kept)
        try:
            os.link(path, aside)
        except OSError:  # a disk without links
            shutil.copy2(path, aside)
        if not REPLACES_OPEN_FILES:
            opened.close()
            if held is not None:
                held.close()
        # A journal that is left of the damaged file must not be played back into the new one.
        with suppress(FileNotFoundError):
            os.replace(journal_of(path), journal_of(aside))
        os.replace(written, path)
        sync(path.parent)
    return _sentence(kind, entries, missing, kept)


@contextmanager
def _only_mender(path: Path) -> Iterator[None]:
    """Keep other windows from mending at the same time: a lock on a file of its own, gone with whoever holds it."""
    lock = path.with_name(f"{path.name}.lock")
    if look(lock).kind not in ("absent", "empty"):
        os.replace(lock, lock.with_name(f"{lock.name}.old"))
    make_file(lock)
    try:
        with translated(), closing(connected(lock, PATIENCE)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
    except (DamagedFileError, MovedFileError) as error:
        raise StorageError("progress.db cannot be mended") from error


@contextmanager
def _held(path: Path, kind: FileKind) -> Iterator[sqlite3.Connection | None]:
    """Keep other windows from writing to the damaged file, if it can still be taken for a database."""
    if kind == "not a database":  # SQLite would begin a new one in a file of one byte
        yield None
        return
    with closing(connected(path, PATIENCE)) as connection:
        try:
            with translated():
                connection.execute("BEGIN EXCLUSIVE")
        except DamagedFileError:
            yield None
        else:
            yield connection


def _written(path: Path, entries: Iterable[Entry]) -> Path:
    """Write a new log beside the old one."""
    fresh = path.with_name(f"{path.name}.new-{os.getpid()}")
    make_file(fresh)
    try:
        with closing(Store(connected(fresh, PATIENCE))) as store:
            store.prepare()
            store.insert(tuple(entries), maybe_there=False)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _drop_unfinished(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}.new-*"):
        left.unlink(missing_ok=True)


def _united(own: Iterable[Entry], others: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries of both, each uid once, oldest first."""
    by_uid: dict[str, Entry] = {}
    for entry in own:
        by_uid.setdefault(entry.uid, entry)
    count = len(by_uid)
    for entry in others:
        by_uid.setdefault(entry.uid, entry)
    if len(by_uid) == count:
        return tuple(by_uid.values())
    return tuple(sorted(by_uid.values(), key=lambda entry: entry.at))


def _aside(path: Path, now: float) -> str:
    """Return a name that is still free for what is set aside."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    name = f"{path.name}.damaged-{stamp}"
    number = 1
    while os.path.lexists(path.with_name(name)) or os.path.lexists(journal_of(path.with_name(name))):
        number += 1
        name = f"{path.name}.damaged-{stamp}-{number}"
    return name


_WHATS: dict[FileKind, str] = {
    "ours": "was damaged",
    "suspicious": "was damaged",
    "newer": "was damaged",
    "absent": "was missing",
    "empty": "was empty",
    "not a database": "was not a progress file",
    "not a file": "was not a file",
    "a broken link": "was a link to nothing",
}


def _sentence(kind: FileKind, entries: tuple[Entry, ...], missing: int, kept: str) -> str:
    count = len(entries)
    # A file whose very beginning is gone is still ours if there is something of ours in it.
    what = "was damaged" if kind == "not a database" and count else _WHATS[kind]
    saved = "1 entry was" if count == 1 else f"{count} entries were" if count else "nothing could be"
    lost = f" (at least {missing} could not)" if missing > 0 and count else ""
    aside = f", and what stood there is kept as {kept}" if kept else ""
    return f"Your progress file {what}: {saved} recovered{lost}{aside}."
