"""The author's guide: its lesson works as it stands; it names every activity, picture, skill and known mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from nn_tutor.cli import main
from nn_tutor.course.activities.hunt import Trouble
from nn_tutor.course.activities.kinds import KINDS
from nn_tutor.course.activities.tune import Outcome
from nn_tutor.course.find import course_folder
from nn_tutor.course.picture import PictureKind
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.network.quantities import QUANTITIES
from nn_tutor.walkthrough.skills import SKILLS


def guide() -> str:
    return (course_folder() / "README.md").read_text(encoding="utf-8")


def test_the_lesson_in_the_guide_is_without_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml = re.search(r"```toml\n(.*?)```", guide(), re.DOTALL)
    words = re.search(r"and this into `lesson.md`:\n\n```\n(.*?)```", guide(), re.DOTALL)
    assert toml is not None
    assert words is not None
    folder = tmp_path / "my-lesson"
    folder.mkdir()
    (folder / "lesson.toml").write_text(toml[1], encoding="utf-8")
    (folder / "lesson.md").write_text(words[1], encoding="utf-8")
    assert main(["check", str(folder)]) == 0
    assert "no findings" in capsys.readouterr().out
    assert main(["questions", str(folder)]) == 0
    assert "by-calculus:1.update.W1[0,0]" in capsys.readouterr().out


def test_the_guide_names_all_that_there_is() -> None:
    text = guide()
    for kind in KINDS:
        assert f"| `{kind}` |" in text, kind
    for word in (*get_args(PictureKind), *get_args(Trouble), *get_args(Outcome)):
        assert f'"{word}' in text or f"`{word}`" in text, word
    listed = re.search(r"The quantities are `([^`]*)`", text)
    assert listed is not None
    assert set(listed[1].split()) <= set(QUANTITIES)
    assert set(QUANTITIES) - set(listed[1].split()) <= {"dX", "dz_da"}
    practised = re.search(r"The skills are `([^`]*)`", text)
    assert practised is not None
    assert tuple(practised[1].split()) == SKILLS
    mistakes = text.partition("## The known mistakes\n")[2].partition("\n- ")[2]
    assert set(re.findall(r"`([a-z-]+)`", mistakes)) - {"z", "a"} == {mistake.id for mistake in MISTAKES}
