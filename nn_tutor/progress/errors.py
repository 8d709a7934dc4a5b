"""What can go wrong with remembering: one error for commands, and three that the log itself deals with."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


class ProgressError(Exception):
    """A command on the learner's progress cannot go on; its text says why and what to do."""


class StorageError(Exception):
    """The file cannot be read or written just now; `why` ends the sentence "not saving: …"."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class DamagedFileError(Exception):
    """What stands at the path is not, or is no longer, a log in all its parts."""


class NewerFileError(Exception):
    """The file was written by a newer version of the program; `version` is that of its schema."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"schema {version}")


class ForeignFileError(Exception):
    """A link leads to a file of another program, which is none of ours to change."""


class MovedFileError(Exception):
    """Another file stands at the path than the one that was opened."""


_READONLY_DBMOVED = 8 | 4 << 8
_FULL_OR_FAILING = "the disk is full or failing"

_TROUBLES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program holds your progress",
    sqlite3.SQLITE_LOCKED: "another program holds your progress",
    sqlite3.SQLITE_PROTOCOL: "another program holds your progress",
    sqlite3.SQLITE_READONLY: "progress.db is read-only",
    sqlite3.SQLITE_PERM: "progress.db is read-only",
    sqlite3.SQLITE_AUTH: "progress.db is read-only",
    sqlite3.SQLITE_CANTOPEN: "progress.db cannot be opened for writing",
    sqlite3.SQLITE_NOLFS: "progress.db is too large for this disk",
    # A used-up quota and a limit on the size of files come as errors of writing, not as a full disk.
    sqlite3.SQLITE_IOERR: _FULL_OR_FAILING,
    sqlite3.SQLITE_INTERRUPT: "the work was interrupted",
    sqlite3.SQLITE_MISUSE: "progress.db is closed",
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of SQLite into what they mean for the log: trouble that may pass, a moved file, or damage."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(error) from error
    except UnicodeDecodeError as error:  # a message of SQLite that quotes what it found in a damaged file
        raise DamagedFileError("a damaged schema") from error
    except MemoryError as error:  # a damaged size asks for more than there is
        raise DamagedFileError("a size beyond all bounds") from error


def from_os(error: OSError) -> StorageError:
    """Return what an error of the operating system means for the log."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError("the disk is full")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StorageError("the folder of your progress cannot be written")
    if error.errno == errno.EIO:
        return StorageError(_FULL_OR_FAILING)
    return StorageError(error.strerror or "the folder of your progress cannot be used")


def _meaning(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
    if code == _READONLY_DBMOVED:
        return MovedFileError()
    trouble = _TROUBLES.get(code & 0xFF)
    return DamagedFileError(str(error)) if trouble is None else StorageError(trouble)
