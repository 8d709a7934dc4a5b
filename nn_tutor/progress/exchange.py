"""The learner's progress as a file to carry to another machine, and its removal, which leaves such a file behind."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn_tutor.course.findings import shown
from nn_tutor.dataclass import dataclass
from nn_tutor.progress.backups import drop_backups
from nn_tutor.progress.entry import Entry, checked_entry, no_constant
from nn_tutor.progress.errors import ProgressError, from_os
from nn_tutor.progress.whole_file import OutputError, write_whole

if TYPE_CHECKING:
    from nn_tutor.progress.log import Log

FORMAT = "nn-tutor progress"
FORMAT_VERSION = 1

MAX_BYTES = 256 << 20
"""How large a file is read."""

LATEST = 253402300800.0
"""The end of the year 9999 in unix seconds; no entry is older or younger than that from 1970."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many entries a reset took out, and the file that holds all there were before, None where there were none."""

    entries: int
    copy: Path | None


def document(entries: Iterable[Entry]) -> str:
    """Return entries as the text of an export, a line each."""
    lines = ",\n".join(
        json.dumps(
            {"uid": entry.uid, "at": entry.at, "kind": entry.kind, "lesson": entry.lesson, "content": entry.content}
        )
        for entry in entries
    )
    return f'{{"format": {json.dumps(FORMAT)}, "format_version": {FORMAT_VERSION}, "entries": [\n{lines}\n]}}\n'


def export_to(log: Log, path: Path, *, replaces: bool = False) -> None:
    """Write all entries to a JSON file, at once or not at all; raises `ProgressError`.

    A file that is there already stays as it is, unless the export `replaces` it; the log itself always does.
    """
    with suppress(OSError, ValueError):
        if log.path is not None and path.exists() and path.samefile(log.path):
            raise ProgressError(f"{shown(str(path), 4096)} is your progress itself; choose another name")
    _write(log.entries(), path, replaces=replaces)


def import_from(log: Log, path: Path) -> int:
    """Add the entries of an export that the log has not yet, and return how many; raises `ProgressError`."""
    coming = _read(path)
    added = 0

    def merged(there: tuple[Entry, ...]) -> tuple[Entry, ...]:
        nonlocal added
        by_uid = {entry.uid: entry for entry in there}
        for entry in coming:
            by_uid.setdefault(entry.uid, entry)
        added = len(by_uid) - len(there)
        return tuple(sorted(by_uid.values(), key=lambda entry: entry.at)) if added else there

    log.rewrite(merged)
    return added


def reset(log: Log, lesson: str | None = None) -> Removed:
    """Remove the entries of a lesson (all without one), having written everything to a file; raises `ProgressError`."""
    if log.path is None:
        raise ProgressError("your progress is only in memory: there is nothing to remove; quit to forget it")
    folder = log.path.parent
    removed = Removed(0, None)

    def remaining(there: tuple[Entry, ...]) -> tuple[Entry, ...]:
        nonlocal removed
        rest = tuple(entry for entry in there if lesson is not None and entry.lesson != lesson)
        if len(rest) == len(there):
            return there
        copy = _free_name(folder)
        _write(there, copy)
        try:
            # They would bring back what is removed here, should the file ever be damaged.
            drop_backups(log.real_path())
        except OSError as error:
            raise ProgressError(f"nothing was removed, as a backup could not be: {from_os(error).why}") from None
        removed = Removed(len(there) - len(rest), copy)
        return rest

    log.rewrite(remaining)
    return removed


def _write(entries: Iterable[Entry], path: Path, *, replaces: bool = False) -> None:
    try:
        write_whole(path, document(entries).encode("ascii"), replaces=replaces)
    except OutputError as error:
        raise ProgressError(str(error)) from None


def _read(path: Path) -> tuple[Entry, ...]:
    name = shown(str(path), 4096)
    mend = "give a file written by `nn-tutor progress export`"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            raise ProgressError(f"{name} is not a file; {mend}")
        if status.st_size > MAX_BYTES:
            raise ProgressError(f"{name} is larger than {MAX_BYTES >> 20} MiB; {mend}")
        with path.open("rb") as opened:
            content = opened.read(MAX_BYTES)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ProgressError(f"{name} cannot be read ({reason}); {mend}") from None
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise ProgressError(f"{name} is not JSON, or is cut short; {mend}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("entries"), list):
        raise ProgressError(f"{name} is not an export of progress; {mend}")
    version = found.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise ProgressError(
            f"{name} has format_version {shown(repr(version))}, known is {FORMAT_VERSION}; update nn-tutor"
        )
    return tuple(_entry(name, number, one) for number, one in enumerate(found["entries"], start=1))


def _entry(file: str, number: int, found: Any) -> Entry:
    try:
        if not isinstance(found, dict):
            raise ValueError("it is not a JSON object")
        entry = checked_entry(*(found.get(name) for name in ("uid", "at", "kind", "lesson", "content")))
        if abs(entry.at) >= LATEST:
            raise ValueError("its time is beyond the year 9999")
    except ValueError as error:
        mend = "export it anew; nothing was imported"
        raise ProgressError(f"{file}: entry {number} is wrong: {error}; {mend}") from None
    return entry


def _free_name(folder: Path) -> Path:
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    number, path = 1, folder / f"progress-before-reset-{stamp}.json"
    while path.exists():
        number += 1
        path = folder / f"progress-before-reset-{stamp}-{number}.json"
    return path
