"""Logs to be harmed, the harm, and what must hold whatever was done to them."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from nn_tutor.progress.backups import backup_paths
from nn_tutor.progress.entry import Entry
from nn_tutor.progress.log import open_log

NOW = 1_700_000_000.0
SECTOR = 512

OLDER = Path(__file__).parent / "data" / "progress-schema-0.db"
"""A file of schema 0 with thirty entries."""


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        self.now += 0.25
        return self.now


def filled(folder: Path, count: int = 40, *, seed: int = 0, backed_up: bool = False) -> tuple[Entry, ...]:
    """Make a log of some pages, one entry with overflow pages among them, and return its entries."""
    draw = random.Random(seed)
    clock = Clock()
    with open_log(folder, clock) as log:
        for number in range(count):
            text = "w − 0.3·" + "1" * (9000 if number == count // 2 else draw.randrange(400))
            log.append(draw.choice(["answer", "hint", "moved"]), draw.choice(["one-weight", "π"]), {"text": text})
        entries = log.entries()
        assert log.badge == ""
    if backed_up:
        open_log(folder, clock).close()
        assert backup_paths(folder / "progress.db")[0].exists()
    return entries


def database(folder: Path) -> Path:
    return folder / "progress.db"


def check(folder: Path, written: Iterable[Entry], *, all_there: bool = False) -> int:
    """Open a harmed log and return how many entries are left: none that was never written, none lost without a word.

    Afterwards it must take new entries, and be sound.
    """
    known = {entry.uid: entry for entry in written}
    with open_log(folder, Clock(NOW + 1000)) as log:
        log.recent((), 3)
        entries = log.entries()
        assert [known.get(entry.uid) for entry in entries] == list(entries)
        assert len({entry.uid for entry in entries}) == len(entries)
        if len(entries) < len(known):
            assert log.message, "entries are lost and nothing is said"
            assert not all_there
        assert "\n" not in log.message
        new = log.append("answer", "after", {})
        assert log.entries() == (*entries, new)
        is_saving = not log.badge
    if is_saving:
        with open_log(folder, Clock(NOW + 2000)) as log:
            assert log.message == ""
            assert log.entries() == (*entries, new)
        with closing(sqlite3.connect(database(folder))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return len(entries)


def harmed(folder: Path, harm: Callable[[bytearray], object]) -> None:
    """Change the bytes of the log's file, which keeps its inode."""
    content = bytearray(database(folder).read_bytes())
    harm(content)
    with database(folder).open("r+b") as opened:
        opened.truncate(0)
        opened.write(content)


def flip(place: int) -> Callable[[bytearray], None]:
    """Flip one bit, counted from the beginning of the file."""

    def harm(content: bytearray) -> None:
        content[place // 8] ^= 1 << place % 8

    return harm


def zero_sector(number: int) -> Callable[[bytearray], None]:
    def harm(content: bytearray) -> None:
        content[number * SECTOR : (number + 1) * SECTOR] = bytes(SECTOR)

    return harm


def cut(length: int) -> Callable[[bytearray], None]:
    def harm(content: bytearray) -> None:
        del content[length:]

    return harm


def copied(source: Path, target: Path) -> Path:
    """Copy the files of a log, as they are, to a folder."""
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
        status = path.stat()
        os.utime(target / path.name, (status.st_atime, status.st_mtime))
    return target
