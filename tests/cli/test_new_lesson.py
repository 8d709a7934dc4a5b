"""`nn-tutor new`: a lesson that is valid and can be started at once, and nothing that was there is touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.commands.new import LESSON, WORDS
from nn_tutor.course.find import course_folder
from nn_tutor.course.load import load
from tests.terminal.frames import see


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_lesson_has_no_findings_and_opens(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "gears-and-wheels"]) == 0
    assert "nn-tutor start gears-and-wheels" in capsys.readouterr().out
    assert main(["check", "gears-and-wheels"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("1 lesson, no findings\n", "")
    assert main(["questions", "gears-and-wheels"]) == 0
    assert "by-calculus:1.update.W1[0,0]" in capsys.readouterr().out
    lesson = load(here / "gears-and-wheels")
    assert (lesson.id, lesson.title) == ("gears-and-wheels", "Gears and wheels")
    assert "The network answers 2.2, and 1.05 was wanted." in " ".join(see("", lesson=lesson, size=(120, 40)).split())


def test_folders_on_the_way_are_made(here: Path) -> None:
    assert main(["new", "lessons/of/mine"]) == 0
    assert load(here / "lessons" / "of" / "mine").id == "mine"


@pytest.mark.parametrize("is_file", [True, False])
def test_nothing_is_overwritten(here: Path, capsys: pytest.CaptureFixture[str], *, is_file: bool) -> None:
    path = here / "mine"
    if is_file:
        path.write_text("precious", encoding="utf-8")
    else:
        path.mkdir()
        (path / "lesson.toml").write_text("precious", encoding="utf-8")
    assert main(["new", "mine"]) == 2
    assert "is there already" in capsys.readouterr().err
    kept = path if is_file else path / "lesson.toml"
    assert kept.read_text(encoding="utf-8") == "precious"
    assert is_file or [one.name for one in path.iterdir()] == ["lesson.toml"]


def test_a_name_that_is_no_id_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", 'my "first" lesson']) == 2
    assert "use letters, digits" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_a_lesson_of_the_course_keeps_its_id(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "slope"]) == 2
    assert "choose another name" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "file").write_text("", encoding="utf-8")
    assert main(["new", "file/mine"]) == 1
    assert "could not be read or written" in capsys.readouterr().err


def test_it_is_the_lesson_of_the_guide() -> None:
    guide = (course_folder() / "README.md").read_text(encoding="utf-8")
    toml = re.search(r"```toml\n(.*?)```", guide, re.DOTALL)
    words = re.search(r"into `lesson.md`:\n\n```\n(.*?)```", guide, re.DOTALL)
    assert toml is not None
    assert words is not None
    for text, written in ((LESSON, toml[1]), (WORDS, words[1])):
        assert text.replace("{id}", "my-first-lesson").replace("{title}", "My first lesson") == written
