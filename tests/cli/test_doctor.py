"""`nn-tutor doctor`: what it tells is so, in a terminal and without one, and what is missing has a mend."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import termios
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from nn_tutor import __version__
from nn_tutor.cli import main
from nn_tutor.commands.screen import colours
from nn_tutor.course.find import shipped_paths
from tests.cli.test_json_contract import problems
from tests.program import PROGRAM


def told_in_a_terminal(answer: bytes, tmp_path: Path, *arguments: str, **environment: str) -> Any:
    """Run the program in a terminal of 120x40 that answers where its cursor is, and return what it tells as JSON."""
    there, here = pty.openpty()
    termios.tcsetwinsize(here, (40, 120))
    os.write(there, answer)
    variables = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environment}
    variables.pop("COLORTERM", None)
    try:
        process = subprocess.Popen(
            [*PROGRAM, "doctor", "--json", "--data-dir", str(tmp_path), *arguments],
            stdin=here,
            stdout=here,
            stderr=subprocess.DEVNULL,
            env=variables,
        )
        os.close(here)
        written = b""
        while True:
            try:
                piece = os.read(there, 65536)
            except OSError:  # the program has ended, and with it the terminal
                break
            written += piece
        assert process.wait(60) == 0
    finally:
        os.close(there)
    text = written.decode()
    return json.loads(text[text.index("{") :])


def test_it_tells_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json", "--data-dir", str(tmp_path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert problems("doctor", document) == []
    assert document["versions"]["nn-tutor"] == __version__
    assert document["versions"]["numpy"] == metadata.version("numpy")
    assert document["paths"]["progress"] == str(tmp_path / "progress.db")
    assert document["paths"]["lesson_count"] == len(shipped_paths())
    assert not document["paths"]["progress_exists"]
    assert document["paths"]["progress_writable"]
    assert not document["terminal"]["output_is_terminal"]
    assert {one["what"] for one in document["missing"]} == {"a full screen"}
    assert list(tmp_path.iterdir()) == [], "looking makes nothing"


@pytest.mark.parametrize(("answer", "width"), [(b"\x1b[7;2R", 1), (b"\x1b[7;3R", 2), (b"", None)])
def test_a_terminal_is_asked_how_wide_it_draws_lines(answer: bytes, width: int | None, tmp_path: Path) -> None:
    document = told_in_a_terminal(answer, tmp_path)
    assert problems("doctor", document) == []
    terminal = document["terminal"]
    assert terminal["ambiguous_width"] == width
    assert terminal["size"] == [120, 40]
    assert (terminal["term"], terminal["colours"]) == ("xterm-256color", 256)
    assert terminal["output_is_terminal"]
    assert [one["what"] for one in document["missing"]] == (["straight lines"] if width == 2 else [])


def test_a_terminal_that_can_show_no_screen_is_told_why(tmp_path: Path) -> None:
    missing = told_in_a_terminal(b"", tmp_path, TERM="dumb")["missing"]
    assert [one["what"] for one in missing] == ["a full screen"]
    assert "TERM is dumb" in missing[0]["why"]
    assert "--plain" in missing[0]["mend"]
    missing = told_in_a_terminal(b"", tmp_path, LC_ALL="C", TERM="")["missing"]
    assert ["TERM is dumb" in one["why"] for one in missing] == [True, False], "each lack has its line"
    assert "not UTF-8" in missing[1]["why"]


def test_what_is_not_installed_is_told_with_what_it_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def version(name: str) -> str:
        if name == "genanki":
            raise metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(metadata, "version", version)
    assert main(["doctor", "--data-dir", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "  genanki         not there" in printed
    assert "for nn-tutor export --to anki: genanki is not installed; pip install 'nn-tutor[anki]'" in printed


def test_progress_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["doctor", "--data-dir", str(tmp_path / "file" / "below")]) == 0
    assert "for your progress: " in capsys.readouterr().out


def test_colours_are_those_that_the_terminal_names() -> None:
    assert colours({"TERM": "xterm", "COLORTERM": "truecolor"}) == 2**24
    assert colours({"TERM": "screen-256color"}) == 256
    assert colours({"TERM": "linux"}) == 16
    assert colours({"TERM": "dumb"}) == (0 if os.name == "posix" else 16)
