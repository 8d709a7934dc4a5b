"""`nn-tutor data`: what it says of a file without a screen, and of one that cannot be used."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.progress.recorder import ProgressRecorder
from tests.dataset.bad_files import BAD
from tests.dataset.test_lesson import CLASSES


@pytest.fixture
def things(tmp_path: Path) -> Path:
    file = tmp_path / "things.csv"
    file.write_bytes(CLASSES)
    return file


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str], status: int = 3) -> str:
    assert main(["data", *arguments]) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("nn-tutor: ")
    assert said.err.count("\n") == 1
    return said.err


def test_what_would_be_done_with_a_file_is_printed(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", str(things), "--describe", "--target", "long", "--without", "wide"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# things.csv\n\n60 rows and 3 columns, separated by commas.")
    assert "**Regression** of `long` (you chose it)" in said
    assert "| x₁ | `kind = x` | 1 where it holds, else 0 |" in said
    assert "wide" not in said


@pytest.mark.parametrize("name", [name for name, bad in BAD.items() if bad.options == type(bad.options)()])
def test_a_bad_file_ends_with_status_3_and_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(BAD[name].raw)
    said = refused([str(file)], capsys)
    assert said.startswith("nn-tutor: mine.csv: ")
    assert BAD[name].place in said
    assert BAD[name].mend in said


def test_a_file_of_a_gigabyte_is_refused_by_its_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as opened:
        opened.truncate(2**30)
    assert "huge.csv: 1,024 MB, too large to be read; keep a part of it" in refused([str(file)], capsys)


def test_what_is_no_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no such file" in refused([str(tmp_path / "nothing.csv")], capsys)
    assert "this is a folder; name a file in it" in refused([str(tmp_path)], capsys)
    assert "a name that no file can have" in refused(["a\0b.csv"], capsys)
    assert "cannot be read" in refused(["x" * 5_000], capsys)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no ordinary file" in refused([str(tmp_path / "pipe.csv")], capsys)


def test_a_file_that_may_not_be_read_is_told(
    things: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "cannot be read (Permission denied); look at its name and its permissions" in refused([str(things)], capsys)


def test_choices_that_do_not_fit_are_told(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert '"kin", which is no column; did you mean "kind"?' in refused([str(things), "--target", "kin"], capsys)
    assert "65 units" in refused([str(things), "--hidden", "65"], capsys)
    assert "no row that is complete" in refused([str(things), "--row", "900"], capsys)
    assert "0% of the rows" in refused([str(things), "--test", "0"], capsys)
    assert "take one of identity" in refused([str(things), "--activation", "step"], capsys, status=2)


def test_without_a_terminal_a_good_file_goes_line_by_line(
    things: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n+\nback\n"))
    assert main(["data", str(things), "--data-dir", str(tmp_path / "progress")]) == 0
    said = capsys.readouterr()
    assert "60 rows and 3 columns, separated by commas." in said.out
    assert "plus or minus" in said.out
    assert "line by line" in said.err
    recorder = ProgressRecorder(tmp_path / "progress")
    (kept,) = recorder.recall().own_data
    recorder.close()
    assert (kept.content["file"], kept.content["title"]) == (str(things), "things.csv · kind")
