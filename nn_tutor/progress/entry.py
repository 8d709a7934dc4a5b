"""One thing the learner did, as it is remembered, and the check that it still reads as it was written."""

from __future__ import annotations

import json
import math
import re
import struct
import uuid
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

from nn_tutor.dataclass import dataclass

JSON: TypeAlias = bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"] | None
"""A plain JSON value; numbers are finite."""

Row: TypeAlias = tuple[bytes, float, bytes, bytes, bytes, int]
"""An entry as it is stored: uid, at, kind, lesson, canonical content, CRC-32."""

MAX_WORD = 200
"""How many characters a kind or a lesson may have."""

MAX_CONTENT = 1 << 20
"""How many bytes of JSON the content of an entry may take."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, once and for all: `at` in unix seconds (UTC); `uid` is its own in all logs of all machines."""

    uid: str
    at: float
    kind: str
    lesson: str
    content: Mapping[str, JSON]

    def __hash__(self) -> int:
        return hash(self.uid)


def new_entry(at: float, kind: str, lesson: str, content: Mapping[str, JSON]) -> Entry:
    """Return an entry with a uid of its own; raises `ValueError` as `checked_entry` does."""
    return checked_entry(uuid.uuid4().hex, at, kind, lesson, content)


def checked_entry(uid: object, at: object, kind: object, lesson: object, content: object) -> Entry:
    """Return an entry of parts that may be anything; raises `ValueError` with what is wrong and what is wanted."""
    if not isinstance(uid, str) or not re.fullmatch(r"[0-9a-f]{32}", uid):
        raise ValueError("its uid is not one of 32 hexadecimal digits")
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise ValueError("its time is not a number of seconds")
    try:
        seconds = float(at)
    except OverflowError:
        seconds = math.inf
    if not math.isfinite(seconds):
        raise ValueError("its time is not a finite number of seconds")
    if not isinstance(content, Mapping):
        raise ValueError("its content is not a JSON object")
    text = canonical(content)
    if len(text) > MAX_CONTENT:
        raise ValueError(f"its content is longer than {MAX_CONTENT} bytes")
    # What comes back from the disk is what JSON makes of it; the entry is that from the start.
    return Entry(uid, seconds, _word(kind, "kind"), _word(lesson, "lesson"), json.loads(text))


def canonical(content: object) -> str:
    """Return the one JSON text, in ASCII, of a value; raises `ValueError` where it is not plain JSON."""
    try:
        _check_keys(content)
        text = _encoded(content)
        json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"its content is not plain JSON ({error})") from None
    return text


def as_row(entry: Entry) -> Row:
    """Return an entry as it is stored."""
    uid, kind, lesson = entry.uid.encode(), entry.kind.encode(), entry.lesson.encode()
    content = _encoded(entry.content).encode()  # that it is plain JSON was checked when the entry was made
    return uid, entry.at, kind, lesson, content, checksum(uid, entry.at, kind, lesson, content)


def from_row(row: Sequence[object]) -> Entry | None:
    """Return the entry of a stored row, None where the row is not as it was written."""
    if not is_whole(row):
        return None
    try:
        return from_whole([row])[0]
    except (ValueError, RecursionError):
        return None


def from_whole(rows: Sequence[Sequence[Any]]) -> list[Entry]:
    """Return the entries of rows that are whole."""
    # A hundred thousand rows are read at once: one call of the JSON decoder, and each word is decoded once.
    contents = json.loads(b"[" + b",".join([row[4] for row in rows]) + b"]")
    words = {word: word.decode() for row in rows for word in row[2:4]}
    return [
        Entry(uid.decode(), at, words[kind], words[lesson], content)
        for (uid, at, kind, lesson, _, _), content in zip(rows, contents, strict=True)
    ]


def is_whole(row: Sequence[object]) -> bool:
    """Whether a stored row is as it was written."""
    uid, at, kind, lesson, content, crc = row
    try:
        return type(at) is float and checksum(uid, at, kind, lesson, content) == crc  # type: ignore[arg-type]
    except TypeError:  # a damaged file hands out any type at any place
        return False


def checksum(uid: bytes, at: float, kind: bytes, lesson: bytes, content: bytes) -> int:
    """Return the CRC-32 over all fields of a row."""
    # Neither uid, kind nor lesson holds a NUL, and the time always takes eight bytes: no two rows give the same text.
    return zlib.crc32(b"\0".join((uid, _SECONDS.pack(at), kind, lesson, content)))


_SECONDS = struct.Struct("<d")
_encoded = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def _word(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_WORD or not value.isprintable():
        raise ValueError(f"its {name} is not a text of at most {MAX_WORD} characters that can be seen")
    return value


def _check_keys(value: object) -> None:
    """Raise `TypeError` for keys that JSON would quietly turn into texts."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no text")
            _check_keys(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_keys(inner)


def no_constant(name: str) -> NoReturn:
    """Refuse what Python reads beyond JSON: NaN and Infinity."""
    raise ValueError(f"{name} is no JSON")
