"""Three rolling copies of the log beside it, the newest first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor.progress.errors import MovedFileError, NewerFileError, StorageError
from nn_tutor.progress.header import look
from nn_tutor.progress.salvage import read_log, recover_rows

if TYPE_CHECKING:
    from nn_tutor.progress.entry import Entry
    from nn_tutor.progress.store import Store

COPIES = 3
DAY = 24 * 60 * 60


def backup_paths(path: Path) -> tuple[Path, ...]:
    """Return the names of the backups of a log, the newest first."""
    return tuple(path.with_name(f"{path.name}.backup-{number}") for number in range(1, COPIES + 1))


def back_up(store: Store, path: Path, now: float) -> None:
    """Copy a sound log with entries if the newest copy is older than a day; where that cannot be, leave it.

    Raises `DamagedFileError` where the log is found not to be sound.
    """
    newest, *older = backup_paths(path)
    if not _is_due(newest, now):
        return
    fresh = path.with_name(f"{path.name}.backup-new-{os.getpid()}")
    try:
        if not store.recent((), 1):
            return
        store.verify()
        fresh.unlink(missing_ok=True)
        store.copy_to(fresh)
        sync(fresh)
        os.utime(fresh, (now, now))
        for target, source in reversed([*zip(older, (newest, *older), strict=False)]):
            if source.exists():
                os.replace(source, target)
        os.replace(fresh, newest)
    except (OSError, StorageError, MovedFileError, NewerFileError):
        return
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def backed_up(path: Path, known: Iterable[Entry] = ()) -> Iterator[Entry]:
    """Yield every good entry of the backups of a log that is not known yet, each once."""
    seen = {entry.uid.encode() for entry in known}
    for backup in backup_paths(path):
        with suppress(OSError, StorageError):
            if look(backup).kind not in ("not a file", "a broken link", "absent"):
                for recovered in recover_rows(read_log(backup), seen):
                    seen.add(recovered.entry.uid.encode())
                    yield recovered.entry


def has_backups(path: Path) -> bool:
    """Whether an entry of the log is in a backup."""
    return next(backed_up(path), None) is not None


def drop_backups(path: Path) -> None:
    """Remove the backups of a log; raises `OSError`."""
    for backup in backup_paths(path):
        backup.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder, before going on."""
    with suppress(OSError):  # not every system can do it for a folder
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _is_due(newest: Path, now: float) -> bool:
    try:
        return abs(now - newest.stat().st_mtime) > DAY
    except OSError:
        return True
