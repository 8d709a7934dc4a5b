"""The linter of teaching: each lesson that is broken on purpose is found by its own rule, the shipped ones pass."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.course.findings import Finding
from nn_tutor.course.lines import line_of, with_line

BROKEN = sorted((Path(__file__).parent / "data" / "broken").glob("*.toml"))


def written(folder: Path, source: Path) -> tuple[Path, str, str]:
    """Write a broken lesson as a folder; returns it with the rule and the key that are to be found."""
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    folder = folder / source.stem
    folder.mkdir()
    (folder / "lesson.toml").write_text(content["lesson"], encoding="utf-8")
    (folder / "lesson.md").write_text(content.get("prose", ""), encoding="utf-8")
    return folder, content["rule"], content["key"]


def test_there_are_many_broken_lessons() -> None:
    assert len(BROKEN) >= 20


@pytest.mark.parametrize("source", BROKEN, ids=lambda source: source.stem)
def test_a_broken_lesson_is_found_by_its_own_rule(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, rule, key = written(tmp_path, source)
    assert main(["check", "--json", str(folder)]) == 3
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {finding["rule"] for finding in findings} == {rule}
    assert key in {finding["key"] for finding in findings}
    for finding in findings:
        assert finding["mend"]
        lines = Path(finding["file"]).read_text(encoding="utf-8").splitlines()
        assert 1 <= finding["line"] <= len(lines), finding


def test_the_shipped_lessons_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "no findings" in capsys.readouterr().out


def test_the_line_of_a_key_or_of_what_is_around_it() -> None:
    text = "[network]\nlearning_rate = 1\n[[network.layers]]\nweights = 1\n[[network.layers]]\nsize = 2\n"
    text += '[[activity]]\nkind = "walk"\n[[activity]]\nask = [\n  "W",\n]\nhints.dW = ["a"]\n'
    text += "[[activity.options]]\ntext = 1\n"
    lines = text.splitlines()
    assert line_of("network.learning_rate", lines) == 2
    assert line_of("network.layers[0].weights", lines) == 4
    assert line_of("network.layers[1].weights", lines) == 5
    assert line_of("activity[1].ask[0]", lines) == 10
    assert line_of("activity[1].hints.dW", lines) == 13
    assert line_of("activity[1].options[0].text", lines) == 15
    assert line_of("activity[0].passes", lines) == 7
    assert line_of("nowhere", lines) == 0


def test_what_is_no_file_has_no_line(tmp_path: Path) -> None:
    finding = Finding(str(tmp_path), "id", "found", "mend")
    assert with_line(finding) == finding
    assert with_line(Finding("x", "line 7", "found", "mend")).line == 7
