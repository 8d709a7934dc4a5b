"""What stands at the path of a log, seen without SQLite, which would wait for ever at a pipe."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from nn_tutor.dataclass import dataclass
from nn_tutor.progress.errors import StorageError, from_os
from nn_tutor.progress.salvage import PAGE_SIZE, read_log, recover_rows

APPLICATION_ID = 0x6E6E7475
"""Marks a SQLite file as a log of ours: "nntu"."""

VERSION = 1
"""The schema that this program writes."""

MAX_VERSION = 200
"""No newer program is that much newer; beyond it the number is damaged."""

FileKind = Literal["absent", "empty", "ours", "suspicious", "newer", "not a database", "not a file", "a broken link"]
"""`ours` has every fixed byte of the header as we write it, `suspicious` has not, and may still be sound."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What stands at a path; `version` is that of its schema where it is a log."""

    kind: FileKind
    version: int = 0


def look(path: Path) -> FileState:
    """Look at what stands at a path; raises `StorageError` where that cannot be seen."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return FileState("a broken link" if path.is_symlink() else "absent")
    except OSError as error:
        if path.is_symlink():
            return FileState("a broken link")
        raise from_os(error) from None
    if not stat.S_ISREG(status.st_mode):
        return FileState("not a file")
    try:
        with path.open("rb") as opened:
            header = opened.read(100)
            size = os.fstat(opened.fileno()).st_size
    except OSError as error:
        raise from_os(error) from None
    return _judged(header, size) if header else FileState("empty")


def is_foreign(path: Path) -> bool:
    """Whether a file has something in it, and nothing that this program wrote; raises `StorageError`."""
    if look(path).kind not in ("suspicious", "not a database"):
        return False
    try:
        content = read_log(path)
    except OSError as error:
        raise from_os(error) from None
    return int.from_bytes(content[68:72], "big") != APPLICATION_ID and not recover_rows(content)


def check_journal(path: Path) -> None:
    """Raise `StorageError` where something stands at the name of the journal that SQLite would wait at."""
    journal = journal_of(path)
    try:
        is_file = stat.S_ISREG(journal.stat().st_mode)
    except OSError:
        return
    if not is_file:
        raise StorageError(f"{journal.name} is in the way")


def journal_of(path: Path) -> Path:
    """Return the name of the rollback journal of a database."""
    return path.with_name(path.name + "-journal")


_MAGIC = b"SQLite format 3\0"

_FIXED = {
    16: PAGE_SIZE.to_bytes(2, "big") + bytes((1, 1, 0, 64, 32, 32)),  # page size; rollback journal; constants
    32: bytes(8),  # no free pages: every change that frees some is followed by VACUUM
    44: (4).to_bytes(4, "big"),  # schema format
    52: bytes(4),  # no automatic vacuum
    56: (1).to_bytes(4, "big"),  # UTF-8
    64: bytes(4),
    72: bytes(20),
}
"""Bytes of the header that never change, by their place (SQLite file format, section 1.3)."""


def _judged(header: bytes, size: int) -> FileState:
    if len(header) < 100 or header[:16] != _MAGIC:
        return FileState("not a database")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        return FileState("suspicious")
    version = int.from_bytes(header[60:64], "big")
    if VERSION < version <= MAX_VERSION:
        return FileState("newer", version)
    is_fixed = all(header[place : place + len(fixed)] == fixed for place, fixed in _FIXED.items())
    is_whole = int.from_bytes(header[28:32], "big") * PAGE_SIZE == size
    return FileState("ours" if is_fixed and is_whole and version <= VERSION else "suspicious", version)
