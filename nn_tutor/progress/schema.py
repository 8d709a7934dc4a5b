"""The table of the log, and how a file of an older schema becomes one of this."""

from __future__ import annotations

import hashlib
import sqlite3
import struct
import zlib
from collections.abc import Iterator

from nn_tutor.progress.entry import Row, checksum
from nn_tutor.progress.errors import DamagedFileError
from nn_tutor.progress.header import APPLICATION_ID, VERSION

# Its ids run from 1 without a gap, and AUTOINCREMENT keeps the last one apart from the table: what is lost is noticed.
# There is no index, so that nothing can disagree with the table.
TABLE = """CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    lesson TEXT NOT NULL,
    content TEXT NOT NULL,
    crc INTEGER NOT NULL
) STRICT"""

INSERT = "INSERT INTO entry (uid, at, kind, lesson, content, crc) VALUES (?, ?, ?, ?, ?, ?)"


def create(connection: sqlite3.Connection) -> None:
    """Make the table in an empty database, inside the transaction of the caller."""
    connection.execute(TABLE)
    _mark(connection)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file of schema 0 to this one, inside the transaction of the caller; raises `DamagedFileError`."""
    rows = list(older_rows(connection))
    if len(rows) != connection.execute("SELECT count(*) FROM entry").fetchone()[0]:
        raise DamagedFileError("a row of the older schema is damaged")
    connection.execute("DROP TABLE entry")
    connection.execute(TABLE)
    connection.executemany(INSERT, [as_parameters(row) for row in rows])
    _mark(connection)


def older_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Yield the good rows of a file of schema 0, as far as they can be read; it had no uid."""
    try:
        for number, at, kind, lesson, content, crc in connection.execute(
            "SELECT id, at, kind, lesson, content, crc FROM entry ORDER BY id"
        ):
            fields = b"\0".join((struct.pack("<d", at), kind, lesson, content))
            if zlib.crc32(fields) == crc:
                # Derived from the row, so that two copies of one file come out with the same uids.
                uid = hashlib.md5(b"%d\0%s" % (number, fields), usedforsecurity=False).hexdigest().encode()
                yield uid, at, kind, lesson, content, checksum(uid, at, kind, lesson, content)
    except (sqlite3.Error, UnicodeDecodeError, TypeError, struct.error):
        return


def as_parameters(row: Row) -> tuple[str, float, str, str, str, int]:
    """Return a row as SQLite stores it: bytes would become blobs."""
    uid, at, kind, lesson, content, crc = row
    return uid.decode(), at, kind.decode(), lesson.decode(), content.decode(), crc


def _mark(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
