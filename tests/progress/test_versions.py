"""Files of the progress that another version wrote, and a SQLite that is too old for them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nn_tutor.progress.log import open_log
from tests.progress.histories import (
    NOW,
    OLDER,
    Clock,
    check,
    database,
    filled,
)


def test_a_newer_file_is_read_and_left_alone(tmp_path: Path) -> None:
    entries = filled(tmp_path, 3)
    with closing(sqlite3.connect(database(tmp_path))) as connection:
        connection.execute("PRAGMA user_version = 2")
    content = database(tmp_path).read_bytes()
    with open_log(tmp_path) as log:
        assert log.badge == "not saving: a newer nn-tutor wrote your progress"
        assert "format 2" in log.message
        assert log.entries() == entries
        kept = log.append("answer", "a", {})
        assert log.entries() == (*entries, kept)
        assert log.entries_of("a") == (kept,)
        assert log.recent(limit=2) == (kept, entries[-1])
    assert database(tmp_path).read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["progress.db"]


def test_a_file_that_became_newer_meanwhile_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    with open_log(tmp_path) as log:
        with closing(sqlite3.connect(database(tmp_path))) as connection:
            connection.execute("PRAGMA user_version = 2")
        content = database(tmp_path).read_bytes()
        log.append("answer", "a", {})
        assert log.badge == "not saving: a newer nn-tutor wrote your progress"
    assert database(tmp_path).read_bytes() == content


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    shutil.copy(OLDER, database(tmp_path))
    with open_log(tmp_path, Clock()) as log:
        assert (log.message, log.badge) == ("", "")
        entries = log.entries()
        assert [(entry.at, entry.kind, entry.lesson, entry.content) for entry in entries] == [
            (NOW + number, "answer", "one-weight", {"n": number, "text": "w − 0.3·δ"}) for number in range(30)
        ]
        assert len({entry.uid for entry in entries}) == 30
    (tmp_path / "other").mkdir()
    shutil.copy(OLDER, database(tmp_path / "other"))
    with open_log(tmp_path / "other", Clock()) as log:
        assert log.entries() == entries
    check(tmp_path, entries, all_there=True)


def test_an_older_file_with_a_damaged_row_keeps_the_others(tmp_path: Path) -> None:
    shutil.copy(OLDER, database(tmp_path))
    with closing(sqlite3.connect(database(tmp_path))) as connection, connection:
        connection.execute("UPDATE entry SET lesson = 'x' WHERE id = 7")
    with open_log(tmp_path) as log:
        assert "29 entries were recovered" in log.message
        assert [entry.content["n"] for entry in log.entries()] == [n for n in range(30) if n != 6]


def test_a_sqlite_that_is_too_old_harms_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = filled(tmp_path, 3)
    content = database(tmp_path).read_bytes()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with open_log(tmp_path) as log:
        assert "SQLite 3.37" in log.badge
        assert log.entries() == entries
        log.append("answer", "a", {})
    assert database(tmp_path).read_bytes() == content
