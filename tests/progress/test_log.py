from __future__ import annotations

import math
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nn_tutor.progress import log as log_module
from nn_tutor.progress.backups import DAY, backup_paths
from nn_tutor.progress.entry import JSON
from nn_tutor.progress.header import APPLICATION_ID
from nn_tutor.progress.log import open_log
from nn_tutor.progress.store import Store
from tests.progress.histories import Clock, database, filled


def test_what_was_appended_is_there_again(tmp_path: Path) -> None:
    content: dict[str, JSON] = {"text": "−½·δ", "value": 0.1 + 0.2, "big": 2**80, "list": [1, None, True, {"a": -0.0}]}
    with open_log(tmp_path / "new", Clock()) as log:
        assert (log.message, log.badge, log.entries()) == ("", "", ())
        entry = log.append("answer", "one-weight", content)
        assert entry.content == content
        assert log.unsaved == 0
    with open_log(tmp_path / "new", Clock()) as log:
        assert log.entries() == (entry,)
        assert log.entries()[0].at == entry.at
        assert (log.message, log.badge) == ("", "")


def test_an_entry_is_on_the_disk_when_append_returns(tmp_path: Path) -> None:
    with open_log(tmp_path) as log:
        for number in range(3):
            log.append("answer", "a", {"n": number})
            with closing(sqlite3.connect(f"{database(tmp_path).as_uri()}?mode=ro", uri=True)) as other:
                assert other.execute("SELECT count(*) FROM entry").fetchone() == (number + 1,)
            assert not (tmp_path / "progress.db-journal").exists()


def test_what_is_being_written_is_not_called_unsaved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever quits at that moment is told that something will be lost."""
    with open_log(tmp_path) as log:
        seen: list[int] = []
        insert = Store.insert

        def watched(store: Store, *given: Any, **named: Any) -> None:
            seen.append(log.unsaved)
            insert(store, *given, **named)

        monkeypatch.setattr(Store, "insert", watched)
        log.append("at", "chain-rule", {"place": 1})
    assert seen == [0]


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    filled(tmp_path / "log", 1)
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o700
    assert stat.S_IMODE(database(tmp_path / "log").stat().st_mode) == 0o600
    with closing(sqlite3.connect(database(tmp_path / "log"))) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT strict FROM pragma_table_list('entry')").fetchone() == (1,)


def test_entries_are_chosen_by_lesson_and_kind(tmp_path: Path) -> None:
    with open_log(tmp_path, Clock()) as log:
        numbers = range(6)
        for number in numbers:
            log.append("answer" if number % 2 else "hint", "a" if number < 4 else "b", {"n": number})
        assert [entry.content["n"] for entry in log.entries()] == list(numbers)
        assert [entry.content["n"] for entry in log.entries_of("a")] == [0, 1, 2, 3]
        assert log.entries_of("c") == ()
        assert [entry.content["n"] for entry in log.recent(["answer"], 2)] == [5, 3]
        assert [entry.content["n"] for entry in log.recent(limit=3)] == [5, 4, 3]
        assert [entry.content["n"] for entry in log.recent(["answer", "hint"], 99)] == [5, 4, 3, 2, 1, 0]
        assert log.recent(["moved"], 2) == ()


@pytest.mark.parametrize(
    ("kind", "lesson", "content"),
    [
        ("answer", "a", {"x": math.nan}),
        ("answer", "a", {"x": math.inf}),
        ("answer", "a", {"x": object()}),
        ("answer", "a", {"x": b"bytes"}),
        ("answer", "a", {1: "x"}),
        ("answer", "a", {"x": {None: 1}}),
        ("answer", "a", ["x"]),
        ("answer", "a", {"x": "y" * 2_000_000}),
        ("an\0swer", "a", {}),
        ("answer", "a\n", {}),
        ("answer", "a" * 300, {}),
        ("answer", "\ud800", {}),
    ],
)
def test_what_can_be_no_entry_is_refused(kind: str, lesson: str, content: dict[str, JSON], tmp_path: Path) -> None:
    with open_log(tmp_path) as log:
        with pytest.raises(ValueError, match="its "):
            log.append(kind, lesson, content)
        assert log.entries() == ()


def test_any_text_may_be_in_the_content(tmp_path: Path) -> None:
    texts = ["\0", "\ud800", "\x1b[2J", "\u202e", "🂡", "\\", '"', "", "a" * 50_000]
    with open_log(tmp_path) as log:
        log.append("answer", "", {text: text for text in texts})
    with open_log(tmp_path) as log:
        assert log.entries()[0].content == {text: text for text in texts}


def test_two_windows_see_each_other(tmp_path: Path) -> None:
    with open_log(tmp_path) as one, open_log(tmp_path) as other:
        for number in range(4):
            (one, other)[number % 2].append("answer", "a", {"n": number})
        assert one.entries() == other.entries()
        assert [entry.content["n"] for entry in one.entries()] == [0, 1, 2, 3]


def test_a_lock_held_by_another_is_waited_for_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "PATIENCE", 0.2)
    before = filled(tmp_path, 3)
    with open_log(tmp_path) as log:
        with closing(sqlite3.connect(database(tmp_path), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            kept = [log.append("answer", "a", {"n": number}) for number in range(3)]
            assert log.badge == "not saving: another program holds your progress"
            assert log.unsaved == 3
            assert log.entries() == (*before, *kept)
            assert log.entries_of("a") == tuple(kept)
            assert log.recent(["answer"], 2) == (kept[2], kept[1])
            with open_log(tmp_path) as late:
                assert late.badge == log.badge
                assert late.message
                assert late.entries() == before
        kept.append(log.append("answer", "a", {"n": 3}))
        assert (log.badge, log.unsaved) == ("", 0)
        assert log.entries() == (*before, *kept)


def test_a_file_that_is_taken_away_meanwhile_loses_nothing_new(tmp_path: Path) -> None:
    with open_log(tmp_path) as log:
        log.append("answer", "a", {"n": 0})
        database(tmp_path).rename(tmp_path / "elsewhere")
        entry = log.append("answer", "a", {"n": 1})
        assert log.badge == ""
    with open_log(tmp_path) as log:
        assert log.entries() == (entry,)


def test_the_folder_is_made_again_where_it_was_removed(tmp_path: Path) -> None:
    with open_log(tmp_path / "log") as log:
        log.append("answer", "a", {"n": 0})
        database(tmp_path / "log").unlink()
        (tmp_path / "log").rmdir()
        entry = log.append("answer", "a", {"n": 1})
        assert log.badge == ""
        assert log.entries() == (entry,)


def test_a_backup_is_made_once_a_day_and_three_are_kept(tmp_path: Path) -> None:
    clock = Clock()
    paths = backup_paths(database(tmp_path))
    counts = []
    for _ in range(5):
        with open_log(tmp_path, clock) as log:
            log.append("answer", "a", {})
        open_log(tmp_path, clock).close()
        counts.append([rows(path) for path in paths])
        clock.now += DAY + 60
    # The first opening finds nothing to copy, each later one is the first of its day.
    assert counts == [[1, 0, 0], [1, 1, 0], [2, 1, 1], [3, 2, 1], [4, 3, 2]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["progress.db", *sorted(path.name for path in paths)]


def rows(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_the_folder_comes_from_the_argument_then_the_variable_then_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("NN_TUTOR_HOME", str(tmp_path / "variable"))
    found = [open_log(tmp_path / "told"), open_log()]
    monkeypatch.setenv("NN_TUTOR_HOME", "~/here")
    found.append(open_log())
    monkeypatch.delenv("NN_TUTOR_HOME")
    found.append(open_log())
    for log in found:
        log.close()
    folders = [log.path.parent for log in found if log.path is not None]
    assert folders[:3] == [tmp_path / "told", tmp_path / "variable", tmp_path / "home" / "here"]
    assert folders[3].name == "nn-tutor"
    assert folders[3].is_relative_to(tmp_path)


@pytest.mark.parametrize("home", [None, ""])
def test_without_a_home_it_is_only_in_memory(home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NN_TUTOR_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if home is None:
        monkeypatch.delenv("HOME", raising=False)
        # As where the user is not in the list of users either.
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    else:
        monkeypatch.setenv("HOME", home)
    with open_log() as log:
        assert "NN_TUTOR_HOME" in log.message
        assert log.badge.startswith("not saving: ")
        entry = log.append("answer", "a", {})
        assert log.entries() == log.entries_of("a") == log.recent(limit=2) == (entry,)
        assert log.path is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["file/below", "\0"])
def test_a_folder_that_cannot_be_is_told(where: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with open_log(tmp_path / where) as log:
        entry = log.append("answer", "a", {})
        assert log.badge.startswith("not saving: ")
        assert log.message.endswith(".")
        assert log.entries() == (entry,)


def test_a_folder_with_an_odd_name_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "a b?mode=ro#%41&\udcff"
    entries = filled(folder, 2)
    assert {path.name for path in folder.iterdir()} == {"progress.db"}
    with open_log(folder) as log:
        assert log.entries() == entries
