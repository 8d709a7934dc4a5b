"""Good rows out of the bytes of a log, whatever else is broken: without SQLite, wherever in the file they stand.

A row of the table `entry` is a record (SQLite file format, sections 1.6 and 2.1): the size of its header, one serial
type per column, then the values. The uid has a shape of its own, so a record can be found by looking for it; its CRC
says whether it is whole.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from nn_tutor.dataclass import dataclass
from nn_tutor.progress.entry import Entry, Row, from_row, from_whole, is_whole

PAGE_SIZE = 4096
"""Bytes of a page of every log."""


MAX_BYTES = 1 << 30
"""How much of a file is looked at; a log of a million entries is a sixth of that."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A good row and its number in the file, 0 where that cannot be read."""

    number: int
    entry: Entry


def read_log(path: Path) -> bytes:
    """Return the bytes of a file that is to be carved; raises `OSError`."""
    with path.open("rb") as opened:
        return opened.read(MAX_BYTES)


def recover_rows(content: bytes, known: Collection[bytes] = frozenset()) -> tuple[Recovered, ...]:
    """Return all good rows whose uids are not known yet, each uid once, oldest first."""
    numbers: dict[bytes, int] = {}
    rows: list[Row] = []
    for start, row in _records(content):
        uid = row[0]
        if uid not in numbers and uid not in known and is_whole(row):
            numbers[uid] = _number(content, start)
            rows.append(row)
    recovered = [Recovered(numbers[entry.uid.encode()], entry) for entry in _entries(rows)]
    return tuple(sorted(recovered, key=lambda one: (one.entry.at, one.number)))


def _entries(rows: Sequence[Row]) -> list[Entry]:
    try:
        return from_whole(rows)
    except (ValueError, RecursionError):  # one of them is no JSON, whatever its checksum says
        return [entry for row in rows if (entry := from_row(row)) is not None]


# Header size; then NULL for the id, a text of 32 bytes for the uid, a number, three texts, an integer.
_RECORD = re.compile(
    rb"(?=([\x08-\x14]\x00\x4d[\x01-\x09](?:[\x80-\xff]{0,3}[\x00-\x7f]){3}[\x01-\x09])[0-9a-f]{32})", re.DOTALL
)
_DOUBLE = struct.Struct(">d")
_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
_LARGEST_LOCAL = PAGE_SIZE - 35
_SMALLEST_LOCAL = (PAGE_SIZE - 12) * 32 // 255 - 23


def _records(content: bytes) -> Iterator[tuple[int, Any]]:
    """Yield all that looks like a row, with where it begins; its values may be anything."""
    for match in _RECORD.finditer(content):
        header = match[1]
        layout = _layout(header)
        if layout is None:
            continue
        body = _payload(content, match.start(), len(header) + layout[-1][2])[len(header) :]
        uid, at, kind, lesson, text, crc = [_value(serial, body[first:end]) for serial, first, end in layout]
        # SQLite stores a time of whole seconds as an integer.
        yield match.start(), (uid, float(at) if isinstance(at, int) else at, kind, lesson, text, crc)


@lru_cache(maxsize=4096)
def _layout(header: bytes) -> tuple[tuple[int, int, int], ...] | None:
    """Return the serial type and the place in the body of each column but the id; None where it is no header."""
    kinds = _varints(header[1:])
    sizes = [_size(kind) for kind in kinds]
    if header[0] != len(header) or len(kinds) != 7 or None in sizes:
        return None
    ends = tuple(accumulate(size or 0 for size in sizes))
    return tuple(zip(kinds[1:], ends[:-1], ends[1:], strict=True))


def _payload(content: bytes, start: int, size: int) -> bytes:
    """Return the bytes of a record, followed into its overflow pages."""
    if size <= _LARGEST_LOCAL:
        return content[start : start + size]
    local = _SMALLEST_LOCAL + (size - _SMALLEST_LOCAL) % (PAGE_SIZE - 4)
    if local > _LARGEST_LOCAL:
        local = _SMALLEST_LOCAL
    parts = [content[start : start + local]]
    place, missing = start + local, size - local
    while missing > 0:
        page = int.from_bytes(content[place : place + 4], "big")
        place = (page - 1) * PAGE_SIZE
        if page < 1 or place >= len(content):
            break
        part = content[place + 4 : place + 4 + min(missing, PAGE_SIZE - 4)]
        parts.append(part)
        missing -= len(part)
        if not part:
            break
    return b"".join(parts)


def _number(content: bytes, start: int) -> int:
    """Return the row id that stands before a record: its last byte is below 0x80, those before it are not."""
    first = start - 1
    while first > 0 and start - first < 9 and content[first - 1] >= 0x80:
        first -= 1
    numbers = _varints(content[max(first, 0) : start])
    return numbers[0] if len(numbers) == 1 else 0


def _varints(content: bytes) -> list[int]:
    numbers, number = [], 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers


def _size(kind: int) -> int | None:
    """Return the bytes a value of a serial type takes, None for types that no column of the table has."""
    if kind == 0:
        return 0
    if kind >= 13 and kind % 2:
        return (kind - 13) // 2
    return _SIZES.get(kind)


def _value(kind: int, content: bytes) -> object:
    if kind > 9:
        return content
    if kind in (8, 9):
        return kind - 8
    if kind == 7:
        return _DOUBLE.unpack(content)[0] if len(content) == 8 else None
    return int.from_bytes(content, "big", signed=True) if kind in _SIZES else content
