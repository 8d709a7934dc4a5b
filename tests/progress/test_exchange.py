from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nn_tutor.progress import exchange
from nn_tutor.progress.backups import backup_paths
from nn_tutor.progress.entry import JSON
from nn_tutor.progress.errors import ProgressError
from nn_tutor.progress.exchange import export_to, import_from, reset
from nn_tutor.progress.log import open_log
from tests.progress.histories import NOW, Clock, check, database, filled, harmed, zero_sector


def test_an_export_brings_everything_to_another_machine(tmp_path: Path) -> None:
    content: dict[str, JSON] = {"π": [0.1, 1e-300, -0.0, 2**70, True, None], "": {"\ud800": "\0"}}
    with open_log(tmp_path / "one", Clock(0.1)) as log:
        log.append("answer", "δ", content)
        log.append("hint", "", {})
        entries = log.entries()
        export_to(log, tmp_path / "out.json")
    with open_log(tmp_path / "other") as log:
        assert import_from(log, tmp_path / "out.json") == 2
        assert log.entries() == entries
        assert repr(log.entries()) == repr(entries)
        assert import_from(log, tmp_path / "out.json") == 0
    check(tmp_path / "other", entries, all_there=True)


def test_two_histories_are_merged_by_time(tmp_path: Path) -> None:
    one, other = filled(tmp_path / "one", 5), filled(tmp_path / "other", 4)
    with open_log(tmp_path / "other") as log:
        export_to(log, tmp_path / "out.json")
    with open_log(tmp_path / "one") as log:
        assert import_from(log, tmp_path / "out.json") == 4
        merged = log.entries()
        assert sorted(merged, key=lambda entry: entry.at) == list(merged)
        assert set(merged) == {*one, *other}
        assert log.recent(limit=2) == merged[:-3:-1]
    check(tmp_path / "one", merged, all_there=True)


def test_an_export_replaces_a_file_at_once_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    filled(tmp_path / "log", 2)
    target = tmp_path / "out.json"
    target.write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to(target)
    with open_log(tmp_path / "log") as log:
        with pytest.raises(ProgressError, match="--force"):
            export_to(log, link)
        assert target.read_text() == "old"
        with pytest.raises(ProgressError, match="your progress itself"):
            export_to(log, tmp_path / "log" / "progress.db", replaces=True)
        export_to(log, link, replaces=True)
    assert link.is_symlink()
    assert json.loads(target.read_text())["format"] == "nn-tutor progress"
    assert {path.name for path in tmp_path.iterdir()} == {"log", "out.json", "link.json"}


@pytest.mark.parametrize("where", ["", "missing/out.json", "pipe", "log/progress.db/out.json", "a" * 300, "\0"])
def test_an_export_that_cannot_be_written_is_told(where: str, tmp_path: Path) -> None:
    filled(tmp_path / "log", 2)
    os.mkfifo(tmp_path / "pipe")
    with open_log(tmp_path / "log") as log, pytest.raises(ProgressError, match=r"folder|choose|give"):
        export_to(log, tmp_path / where)


HEAD = '{"format": "nn-tutor progress", "format_version": 1, "entries": '
UID = "0" * 32
GOOD = f'{{"uid": "{UID}", "at": 1, "kind": "answer", "lesson": "a", "content": {{}}}}'
WRONG = {
    "nothing": "",
    "no JSON": "progress",
    "cut short": HEAD + f"[{GOOD}",
    "not a number": HEAD + f"[{GOOD.replace('1', 'NaN')}]}}",
    "nested deeply": HEAD + "[" * 100_000,
    "a long number": HEAD + f"[{GOOD.replace('1', '1' * 5000)}]}}",
    "a list": "[]",
    "another file": '{"entries": []}',
    "a newer file": HEAD.replace("1", "2") + "[]}",
    "no version": HEAD.replace("1", "true") + "[]}",
    "no entries": HEAD + "{}}",
    "no entry": HEAD + "[1]}",
    "no uid": HEAD + f"[{GOOD.replace(UID, 'x')}]}}",
    "no time": HEAD + f"[{GOOD.replace('1', 'null')}]}}",
    "a far time": HEAD + f"[{GOOD.replace('1', '1e300')}]}}",
    "an endless time": HEAD + f"[{GOOD.replace('1', '1e999')}]}}",
    "a large time": HEAD + f"[{GOOD.replace('1', '1' * 400)}]}}",
    "no kind": HEAD + f"[{GOOD.replace('kind', 'kin')}]}}",
    "an unseen lesson": HEAD + "[" + GOOD.replace('"a"', '"a\\u001b"') + "]}",
    "no content": HEAD + f"[{GOOD.replace('{}', '[]')}]}}",
    "content without end": HEAD + "[" + GOOD.replace("{}", '{"x": 1e999}') + "]}",
    "the second entry": HEAD + f"[{GOOD}, {{}}]}}",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_a_mend(name: str, tmp_path: Path) -> None:
    entries = filled(tmp_path / "log", 2)
    path = tmp_path / "in.json"
    path.write_text(WRONG[name])
    with open_log(tmp_path / "log") as log:
        with pytest.raises(ProgressError) as told:
            import_from(log, path)
        assert log.entries() == entries
    assert str(path) in str(told.value)
    assert "; " in str(told.value)
    assert len(str(told.value)) < 400 + len(str(path))


@pytest.mark.parametrize("where", ["", "missing", "pipe", "\0", "binary", "large"])
def test_what_is_no_file_to_import_is_refused(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MAX_BYTES", 2000)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(os.urandom(1000))
    (tmp_path / "large").write_text(HEAD + "[]}" + " " * 2000)
    with open_log(tmp_path / "log") as log, pytest.raises(ProgressError, match="give a file written by"):
        import_from(log, tmp_path / where)


def test_a_reset_of_a_lesson_leaves_the_others_and_a_way_back(tmp_path: Path) -> None:
    entries = filled(tmp_path, 20)
    with open_log(tmp_path) as log:
        removed = reset(log, "π")
        rest = tuple(entry for entry in entries if entry.lesson != "π")
        assert removed.entries == len(entries) - len(rest)
        assert log.entries() == rest
        assert log.recent(limit=30) == rest[::-1]
        assert removed.copy is not None
        assert import_from(log, removed.copy) == removed.entries
        assert log.entries() == entries


def test_what_was_reset_does_not_come_back_by_mending(tmp_path: Path) -> None:
    filled(tmp_path, 60, backed_up=True)
    with open_log(tmp_path) as log:
        reset(log, "π")
        rest = log.entries()
        assert not any(path.exists() for path in backup_paths(database(tmp_path)))
    harmed(tmp_path, zero_sector(0))
    with open_log(tmp_path) as log:
        assert "damaged" in log.message
        assert log.entries() == rest
        removed = reset(log)
        assert removed.entries == len(rest)
        assert log.entries() == ()
        assert reset(log) == exchange.Removed(0, None)
    assert b"0.3" not in database(tmp_path).read_bytes()


def test_a_reset_that_cannot_be_undone_is_not_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = filled(tmp_path, 5)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with open_log(tmp_path) as log:
        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", full)
            with pytest.raises(ProgressError, match="No space left"):
                reset(log)
        assert log.entries() == entries


def test_a_newer_log_is_exported_but_not_changed(tmp_path: Path) -> None:
    entries = filled(tmp_path / "log", 3)
    with closing(sqlite3.connect(database(tmp_path / "log"))) as connection:
        connection.execute("PRAGMA user_version = 2")
    with open_log(tmp_path / "log") as log:
        export_to(log, tmp_path / "out.json")
        with pytest.raises(ProgressError, match="newer nn-tutor"):
            import_from(log, tmp_path / "out.json")
        with pytest.raises(ProgressError, match="newer nn-tutor"):
            reset(log)
    with open_log(tmp_path / "new") as log:
        assert import_from(log, tmp_path / "out.json") == 3
        assert log.entries() == entries


def test_what_could_not_be_saved_is_exported_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with open_log(tmp_path / "file") as log:
        log.append("answer", "a", {})
        export_to(log, tmp_path / "out.json")
        with pytest.raises(ProgressError, match="cannot be changed: a file stands where"):
            reset(log)
    with open_log(tmp_path / "log", Clock(NOW)) as log:
        assert import_from(log, tmp_path / "out.json") == 1
    shutil.rmtree(tmp_path / "log")
