"""The open file of a log: what is undone when something fails, and whose files are taken for ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from nn_tutor.progress import schema
from nn_tutor.progress import store as store_module
from nn_tutor.progress.entry import Entry, new_entry
from nn_tutor.progress.errors import DamagedFileError, NewerFileError, StorageError
from nn_tutor.progress.header import APPLICATION_ID, MAX_VERSION, VERSION
from nn_tutor.progress.store import Store, open_store

ENTRIES = tuple(new_entry(1000.0 + number, "answer", "slope", {"n": number}) for number in range(3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "progress.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(open_store(path, 1.0)) as opened:
        opened.insert(ENTRIES, maybe_there=False)
        yield opened


def test_what_fails_half_way_has_not_happened(store: Store) -> None:
    unwritable = Entry("0" * 32, 1.0, "answer", "slope", {"n": object()})  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        store.rewrite(lambda before: (*before[1:], unwritable))
    assert store.entries() == ENTRIES
    later = new_entry(2000.0, "answer", "slope", {})
    store.insert([later], maybe_there=False)  # and the next change finds no transaction open
    assert store.entries() == (*ENTRIES, later)


def test_another_can_write_after_a_failure(store: Store, path: Path) -> None:
    def fail(_: tuple[Entry, ...]) -> tuple[Entry, ...]:
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        store.rewrite(fail)
    with closing(open_store(path, 0.0)) as other:
        other.insert([new_entry(2000.0, "answer", "slope", {})], maybe_there=False)
    assert len(store.entries()) == 4


@pytest.mark.parametrize(("gone", "told"), [(1, "rows"), (2, "rows"), (3, "the last rows")])
def test_a_row_that_is_gone_is_noticed(store: Store, path: Path, gone: int, told: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM entry WHERE id = ?", (gone,))
        connection.commit()
    with pytest.raises(DamagedFileError, match=f"^{told} are missing"):
        store.entries()


def foreign(path: Path, table: str, version: int, application: int = APPLICATION_ID) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(table)
        connection.execute(f"PRAGMA application_id = {application}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()


OTHER_TABLE = schema.TABLE.replace("lesson", "chapter")


@pytest.mark.parametrize(
    ("table", "version", "application"),
    [
        (OTHER_TABLE, VERSION, APPLICATION_ID),
        (schema.TABLE, VERSION, APPLICATION_ID + 1),
        (schema.TABLE, MAX_VERSION + 1, APPLICATION_ID),
        (schema.TABLE, -3, APPLICATION_ID),
    ],
)
def test_a_table_that_is_not_ours_is_not_written_to(path: Path, table: str, version: int, application: int) -> None:
    foreign(path, table, version, application)
    before = path.read_bytes()
    with pytest.raises(DamagedFileError):
        open_store(path, 1.0)
    assert path.read_bytes() == before


def test_a_table_of_a_newer_program_is_left_alone(path: Path) -> None:
    foreign(path, OTHER_TABLE, VERSION + 1)
    with pytest.raises(NewerFileError):
        open_store(path, 1.0)


def test_a_file_that_cannot_be_opened_is_let_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign(path, OTHER_TABLE, VERSION)
    opened: list[sqlite3.Connection] = []
    connect = store_module.connected

    def connected(path: Path, patience: float) -> sqlite3.Connection:
        opened.append(connect(path, patience))
        return opened[-1]

    monkeypatch.setattr(store_module, "connected", connected)
    with pytest.raises(DamagedFileError):
        open_store(path, 1.0)
    (connection,) = opened
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_the_oldest_sqlite_that_will_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 0))
    open_store(path, 1.0).close()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 9))
    with pytest.raises(StorageError, match=r"3\.37"):
        open_store(path, 1.0)


def test_entries_that_are_there_are_not_added_twice(store: Store) -> None:
    more = new_entry(2000.0, "answer", "slope", {})
    store.insert([*ENTRIES[1:], more], maybe_there=True)
    assert store.entries() == (*ENTRIES, more)
    assert store.recent((), 2) == (more, ENTRIES[2])


def test_whether_the_table_was_made_now_is_known(path: Path) -> None:
    with closing(open_store(path, 1.0)) as made:
        assert made.is_new
    with closing(open_store(path, 1.0)) as opened:
        assert not opened.is_new


def test_another_thread_may_use_it(store: Store) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(store.entries).result() == ENTRIES
