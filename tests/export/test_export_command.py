"""`nn-tutor export`: to the output or a file, never over another one, and with a kind line for what cannot be."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from nn_tutor.cli import main

FORMATS = {"html": "<!DOCTYPE html>", "md": "# Slope", "numpy": '"""Slope', "torch": '"""Slope', "ipynb": "{"}


@pytest.mark.parametrize("to", FORMATS)
def test_each_format_goes_to_the_output_or_to_a_file(
    to: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["export", "slope", "--to", to]) == 0
    printed = capsysbinary.readouterr().out
    assert printed.decode().startswith(FORMATS[to])
    target = tmp_path / "file"
    assert main(["export", "slope", "--to", to, "--output", str(target)]) == 0
    assert target.read_bytes() == printed
    assert main(["export", "slope", "--to", to, "--output", "-"]) == 0
    assert capsysbinary.readouterr().out == printed
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_there_is_replaced_only_when_that_is_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "kept.md"
    target.write_text("mine", encoding="utf-8")
    asked = ["export", "slope", "--to", "md", "--output", str(target)]
    assert main(asked) == 1
    assert "is there already; choose another name, or replace it with --force" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "mine"
    assert main([*asked, "--force"]) == 0
    assert target.read_text(encoding="utf-8").startswith("# Slope")


@pytest.mark.parametrize("where", ["no/such/folder/x.md", ".", "file/x.md", "\0"])
def test_what_cannot_be_written_is_one_kind_line(
    where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["export", "slope", "--to", "md", "--output", str(tmp_path / where)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("nn-tutor: ")
    assert said.count("\n") == 1


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that nobody may write to")
def test_a_folder_that_may_not_be_written_to_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "slope", "--to", "md", "--output", "/sys/kernel/x.md"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("nn-tutor: /sys/kernel/x.md cannot be written: ")
    assert said.endswith("choose another place\n")


@pytest.mark.parametrize(("to", "package", "extra"), [("ipynb", "nbformat", "notebook"), ("anki", "genanki", "anki")])
def test_a_missing_extra_is_named(
    to: str,
    package: str,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for name in ("nn_tutor.export.notebook", "nn_tutor.export.cards"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert main(["export", "slope", "--to", to, "--output", str(tmp_path / "x")]) == 2
    assert capsys.readouterr().err == (
        f"nn-tutor: --to {to} needs {package}, which is not installed: pip install 'nn-tutor[{extra}]'\n"
    )


def test_what_does_not_go_together_is_said_before_any_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "slope", "--to", "numpy", "--mine"]) == 2
    assert "--mine goes with html, md and anki" in capsys.readouterr().err
    assert main(["export", "slope", "--to", "anki"]) == 2
    assert "give it a file, such as --output cards.apkg" in capsys.readouterr().err
    assert main(["export", "no-such-lesson", "--to", "md"]) == 3
    capsys.readouterr()
    assert main(["export", "slope"]) == 2
    assert main(["export", "slope", "--to", "pdf"]) == 2


def test_a_lesson_of_ones_own_is_exported_from_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert main(["new", str(folder)]) == 0
    capsys.readouterr()
    for to in FORMATS:
        assert main(["export", str(folder), "--to", to, "--output", str(tmp_path / f"out.{to}")]) == 0
    exec(compile((tmp_path / "out.numpy").read_text(encoding="utf-8"), "own", "exec"), {})
    assert "pass 1" in capsys.readouterr().out


def test_a_kept_network_is_exported_by_its_name_in_the_conventions_of_its_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    sheet = ["--in", "0.05 0.1", "--target", "0.01", "--layer", "sigmoid: 0.15; 0.2 | 0.35", "--rate", "0.5"]
    assert main(["homework", *sheet, "--weights", "in-out", "--error", "t-o", "--save", "mine"]) == 0
    capsys.readouterr()
    assert main(["homework", "--list"]) == 0
    name = capsys.readouterr().out.split()[0]
    for to in ("html", "md", "numpy", "torch", "ipynb"):
        assert main(["export", name, "--to", to, "--output", str(tmp_path / to)]) == 0
    program = (tmp_path / "numpy").read_text(encoding="utf-8")
    assert "W = np.array([[0.15], [0.2]])" in program
    assert "error = 2 * (y - o)" in program
    exec(compile(program, "own", "exec"), {})
    assert "<h1>mine</h1>" in (tmp_path / "html").read_text(encoding="utf-8")


def test_a_lesson_that_computes_nothing_has_no_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(
        'format_version = 1\nid = "words"\ntitle = "Words"\n[[activity]]\nkind = "read"\n', encoding="utf-8"
    )
    (tmp_path / "lesson.md").write_text("# Words\n\n## Read {#read}\n\nHello.\n", encoding="utf-8")
    assert main(["export", str(tmp_path), "--to", "html"]) == 0
    capsys.readouterr()
    assert main(["export", str(tmp_path), "--to", "torch"]) == 1
    assert "this lesson computes nothing" in capsys.readouterr().err
