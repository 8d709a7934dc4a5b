"""A share of the harm that `python -m tests.progress.faults` does in full."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nn_tutor.progress import store as store_module
from nn_tutor.progress.backups import backup_paths
from nn_tutor.progress.entry import Entry, new_entry
from nn_tutor.progress.log import open_log
from nn_tutor.progress.repair import mend
from tests.counting import calls
from tests.progress.histories import (
    NOW,
    SECTOR,
    Clock,
    check,
    copied,
    cut,
    database,
    filled,
    flip,
    harmed,
    zero_sector,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Entry, ...]]:
    folder = tmp_path_factory.mktemp("whole") / "log"
    return folder, filled(folder)


@pytest.mark.parametrize("backed_up", [False, True])
@pytest.mark.parametrize("kind", ["flip", "zero", "cut", "garbage"])
def test_a_harmed_file_never_tells_a_wrong_history(
    kind: str, backed_up: bool, whole: tuple[Path, tuple[Entry, ...]], tmp_path: Path
) -> None:
    draw = random.Random(f"{kind} {backed_up}")
    source, entries = whole
    size = database(source).stat().st_size
    for number in range(12):
        folder = copied(source, tmp_path / str(number))
        if backed_up:
            shutil.copy2(database(folder), backup_paths(database(folder))[0])
        harms: dict[str, Callable[[bytearray], object]] = {
            "flip": flip(draw.randrange(size * 8) if number else 60 * 8),
            "zero": zero_sector(draw.randrange(size // SECTOR) if number else 0),
            "cut": cut(draw.randrange(size) if number else 0),
            "garbage": lambda content: [flip(draw.randrange(size * 8))(content) for _ in range(200)],
        }
        harmed(folder, harms[kind])
        check(folder, entries, all_there=backed_up)


def test_one_zeroed_sector_costs_the_rows_in_it_alone(whole: tuple[Path, tuple[Entry, ...]], tmp_path: Path) -> None:
    source, entries = whole
    for number in range(0, database(source).stat().st_size // SECTOR, 3):
        folder = copied(source, tmp_path / str(number))
        harmed(folder, zero_sector(number))
        # 512 bytes hold at most five rows of the shortest kind, with those that reach into it on both sides.
        assert check(folder, entries) >= len(entries) - 5


def test_a_damaged_file_is_kept_as_it_was(tmp_path: Path) -> None:
    entries = filled(tmp_path, 10)
    harmed(tmp_path, zero_sector(0))
    content = database(tmp_path).read_bytes()
    with open_log(tmp_path, Clock()) as log:
        assert log.message == (
            "Your progress file was damaged: 10 entries were recovered, "
            "and what stood there is kept as progress.db.damaged-20231114T221320Z."
        )
        assert log.badge == ""
        assert log.entries() == entries
    assert (tmp_path / "progress.db.damaged-20231114T221320Z").read_bytes() == content


def test_what_a_damaged_file_lost_comes_from_the_backups(tmp_path: Path) -> None:
    entries = filled(tmp_path, 40, backed_up=True)
    with open_log(tmp_path, Clock(NOW + 50)) as log:
        later = log.append("answer", "a", {})
    harmed(tmp_path, lambda content: content.__setitem__(slice(5000, 40_000), bytes(35_000)))
    with open_log(tmp_path) as log:
        assert log.entries() in (entries, (*entries, later))
        assert "damaged" in log.message


def test_rows_lost_at_the_end_are_noticed(tmp_path: Path) -> None:
    entries = filled(tmp_path, 5)
    with closing(sqlite3.connect(database(tmp_path))) as connection, connection:
        connection.execute("DELETE FROM entry WHERE id = 5")
    with open_log(tmp_path) as log:
        assert "damaged" in log.message
        # The last one may be found where SQLite has left its bytes.
        assert log.entries() in (entries, entries[:4])


def test_rows_lost_within_are_noticed_when_all_are_read(tmp_path: Path) -> None:
    entries = filled(tmp_path, 5)
    # No backup is due, so that nothing but the table itself is looked at on opening.
    backup_paths(database(tmp_path))[0].write_bytes(b"")
    with closing(sqlite3.connect(database(tmp_path))) as connection, connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("DELETE FROM entry WHERE id = 2")
    with open_log(tmp_path) as log:
        assert log.message == ""
        assert log.entries() == entries[:1] + entries[2:]
        assert "4 entries were recovered (at least 1 could not)" in log.message
        assert log.badge == ""


def test_a_changed_row_is_not_believed(tmp_path: Path) -> None:
    entries = filled(tmp_path, 5)
    with closing(sqlite3.connect(database(tmp_path))) as connection, connection:
        connection.execute("UPDATE entry SET content = replace(content, 'w', 'v') WHERE id = 2")
    with open_log(tmp_path) as log:
        assert log.entries_of(entries[1].lesson) == tuple(
            entry for entry in entries if entry.lesson == entries[1].lesson and entry != entries[1]
        )
        assert "damaged" in log.message


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 5000, b"SQLite format 3\0", os.urandom(9000)])
def test_garbage_is_set_aside(content: bytes, tmp_path: Path) -> None:
    database(tmp_path).write_bytes(content)
    assert check(tmp_path, ()) == 0
    aside = list(tmp_path.glob("progress.db.damaged-*"))
    assert [path.read_bytes() for path in aside] == ([content] if content else [])


def test_a_database_of_another_program_is_set_aside(tmp_path: Path) -> None:
    with closing(sqlite3.connect(database(tmp_path))) as connection, connection:
        connection.execute("CREATE TABLE other (x)")
    check(tmp_path, ())
    (aside,) = tmp_path.glob("progress.db.damaged-*")
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT * FROM other").fetchall() == []


@pytest.mark.parametrize("backed_up", [False, True])
@pytest.mark.parametrize("what", ["directory", "pipe", "dangling link", "link to itself", "link to a folder"])
def test_what_is_no_file_is_set_aside(what: str, backed_up: bool, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    entries = filled(folder, 3, backed_up=backed_up)
    path = database(folder)
    path.unlink()
    if what == "directory":
        (path / "inside").mkdir(parents=True)
    elif what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"dangling link": tmp_path / "gone" / "x", "link to itself": path}.get(what, tmp_path))
    said = within_seconds(lambda: said_on_opening(folder))
    assert said.startswith("Your progress file was ")
    assert said.count(".") == said.count("progress.db") + said.count(".damaged") + 1
    assert (check(folder, entries) if backed_up else check(folder, ())) == (3 if backed_up else 0)
    assert len(list(folder.glob("progress.db.damaged-*"))) == 1


@pytest.mark.parametrize("name", ["progress.db-journal", "progress.db.lock", "progress.db.backup-1"])
def test_a_pipe_beside_the_file_hangs_nothing(name: str, tmp_path: Path) -> None:
    entries = filled(tmp_path, 3)
    os.mkfifo(tmp_path / name)
    if name == "progress.db.lock":
        harmed(tmp_path, zero_sector(0))
    within_seconds(lambda: said_on_opening(tmp_path))
    with open_log(tmp_path) as log:
        assert log.entries() == entries
        log.append("answer", "a", {})
        assert bool(log.badge) == (name == "progress.db-journal")


def said_on_opening(folder: Path) -> str:
    with open_log(folder, Clock()) as log:
        return log.message


def within_seconds(run: Callable[[], str]) -> str:
    """Return what a call returns, which must not hang."""
    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(run()), daemon=True)
    thread.start()
    thread.join(20)
    assert results, "it hangs"
    return results[0]


@pytest.mark.parametrize("what", ["text", "database", "empty database"])
def test_a_file_of_somebody_else_behind_a_link_is_left_alone(what: str, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    if what == "text":
        theirs.write_text("a letter\n" * 100)
    else:
        with closing(sqlite3.connect(theirs)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            if what == "database":
                connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT)")
                connection.execute("INSERT INTO entry (text) VALUES ('theirs')")
                connection.commit()
    before = theirs.read_bytes()
    (tmp_path / "log").mkdir()
    database(tmp_path / "log").symlink_to(theirs)
    for _ in range(2):
        with open_log(tmp_path / "log") as log:
            log.append("begun", "chain-rule", {})
            assert "not ours" in log.message
            assert "link" in log.badge
            assert log.unsaved == 1
            assert [entry.kind for entry in log.entries()] == ["begun"]
    assert theirs.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"theirs", "log"}
    assert {path.name for path in (tmp_path / "log").iterdir()} == {"progress.db"}


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    entries = filled(tmp_path / "real", 3)
    (tmp_path / "log").mkdir()
    database(tmp_path / "log").symlink_to(database(tmp_path / "real"))
    with open_log(tmp_path / "log") as log:
        entry = log.append("answer", "a", {})
    harmed(tmp_path / "real", zero_sector(0))
    with open_log(tmp_path / "log") as log:
        assert "damaged" in log.message
        assert log.entries() == (*entries, entry)
    assert database(tmp_path / "log").is_symlink()


def test_a_missing_file_comes_back_from_its_backup(tmp_path: Path) -> None:
    entries = filled(tmp_path, 3, backed_up=True)
    database(tmp_path).unlink()
    with open_log(tmp_path) as log:
        assert log.message == "Your progress file was missing: 3 entries were recovered."
        assert log.entries() == entries


def test_mending_that_fails_shows_what_can_be_read_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = filled(tmp_path, 5)
    harmed(tmp_path, zero_sector(0))
    content = database(tmp_path).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        log = open_log(tmp_path)
        kept = log.append("answer", "a", {})
        assert log.badge == "not saving: the disk is full"
        assert log.entries() == (*entries, kept)
        assert database(tmp_path).read_bytes() == content
    with log:
        kept_too = log.append("answer", "a", {})
        assert log.badge == ""
        assert "damaged" in log.message
        assert log.entries() == (*entries, kept, kept_too)


def test_two_windows_mend_once(tmp_path: Path) -> None:
    entries = filled(tmp_path, 20)
    harmed(tmp_path, zero_sector(0))
    said: list[str] = []
    threads = [threading.Thread(target=lambda: said.append(mend(database(tmp_path), NOW))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, said)) == [False, False, False, True]
    with open_log(tmp_path) as log:
        assert log.entries() == entries


def test_an_error_of_reading_is_told_and_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = filled(tmp_path, 3)

    class Failing(sqlite3.Connection):
        def execute(self, *arguments: object) -> sqlite3.Cursor:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
            raise error

    def failing(path: Path, patience: float, mode: str = "rw") -> sqlite3.Connection:
        return sqlite3.connect(path, factory=Failing)

    with monkeypatch.context() as patched:
        patched.setattr(store_module, "connected", failing)
        log = open_log(tmp_path)
        kept = log.append("answer", "a", {})
        assert log.badge == "not saving: the disk is full or failing"
        assert log.entries() == (*entries, kept)
    with log:
        assert log.entries() == (*entries, kept)
        kept_too = log.append("answer", "a", {})
        assert log.badge == ""
        assert log.entries() == (*entries, kept, kept_too)


def test_mending_reads_each_row_once_whatever_backups_there_are(tmp_path: Path) -> None:
    """A long log is mended while the learner waits; what a backup repeats is not decoded once more."""
    count, folder = 2_000, tmp_path / "log"
    entries = [new_entry(NOW + number, "answer", "slope", {"n": number}) for number in range(count)]
    with open_log(folder, lambda: NOW) as log:
        log.rewrite(lambda _: entries)
    for backup in backup_paths(database(folder)):
        shutil.copy2(database(folder), backup)
    harmed(folder, zero_sector(0))
    work = calls(lambda: mend(database(folder), NOW + 2 * count))
    with open_log(folder, lambda: NOW + 3 * count) as log:
        assert log.entries() == tuple(entries)
    assert work < 160 * count


def test_nothing_that_is_open_is_replaced_where_the_system_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    entries = filled(tmp_path, 20)
    harmed(tmp_path, flip(60 * 8))
    replace = os.replace

    def strict(source: Path, target: Path) -> None:
        opened = {os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if _is_open(name)}
        assert not {str(source), str(target)} & opened
        replace(source, target)

    monkeypatch.setattr("nn_tutor.progress.repair.REPLACES_OPEN_FILES", False)
    monkeypatch.setattr(os, "replace", strict)
    with open_log(tmp_path) as log:
        assert len(log.entries()) == len(entries)
        assert "recovered" in log.message


def _is_open(name: str) -> bool:
    return os.path.lexists(f"/proc/self/fd/{name}")
