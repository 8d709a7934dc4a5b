"""The linter of teaching: each lesson that is broken on purpose is found by its own rule, the shipped ones pass."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.findings import Finding
from nn_tutor.course.lines import line_of, with_line
from tests.given_homework import FOLDER, LESSONS

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


def test_a_mistyped_mistake_that_is_accepted_gets_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, *_ = written(tmp_path, Path(__file__).parent / "data" / "broken" / "accepts-no-mistake.toml")
    assert main(["check", str(folder)]) == 3
    assert '"z-in-derivatve"; did you mean z-in-derivative?' in capsys.readouterr().err


MAZUR = (FOLDER / "mazur-old-weights" / "lesson.toml").read_text(encoding="utf-8")


def _checked(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, str]]]:
    folder.mkdir(exist_ok=True)
    (folder / "lesson.toml").write_text(text, encoding="utf-8")
    status = main(["check", "--json", str(folder)])
    findings: list[dict[str, str]] = json.loads(capsys.readouterr().out)["findings"]
    return status, findings


@pytest.mark.parametrize("folder", LESSONS, ids=lambda folder: folder.name)
def test_homework_is_warned_of_and_not_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(folder)]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {finding["level"] for finding in findings} == {"warning"}


def test_what_is_a_warning_in_homework_is_an_error_in_a_lesson(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, warnings = _checked(MAZUR, tmp_path / "homework", capsys)
    assert (status, {finding["level"] for finding in warnings}) == (0, {"warning"})
    status, errors = _checked(MAZUR.replace('purpose = "homework"\n', ""), tmp_path / "lesson", capsys)
    assert (status, {finding["level"] for finding in errors}) == (3, {"error"})
    assert [finding["found"] for finding in errors] == [finding["found"] for finding in warnings]


def test_what_cannot_be_right_is_an_error_in_homework_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, findings = _checked(MAZUR.replace('kind = "walk"', 'kind = "walk"\naccept = ["x"]'), tmp_path, capsys)
    assert status == 3
    assert [finding["rule"] for finding in findings if finding["level"] == "error"] == ["unknown-mistake"]


def test_warnings_are_counted_and_said_to_be_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(MAZUR, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    lines = printed.err.splitlines()
    assert printed.out == f"1 lesson, no errors, {len(lines)} warnings\n"
    assert all("lesson.toml:" in text and ": warning: activity[0].ask: w:1." in text for text in lines)
    one = MAZUR.replace('ask = ["all"]', 'ask = ["W1[0,0]"]')
    (tmp_path / "lesson.toml").write_text(one, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "z-in-derivative: 0.14979 against 0.14978: 3 % of the step of 0.0002193" in printed.err
    assert printed.out == "1 lesson, no errors, 1 warning\n"


def test_what_an_author_accepts_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = MAZUR.replace('purpose = "homework"\n', "").replace('ask = ["all"]', 'ask = ["W1[0,0]"]')
    status, findings = _checked(text, tmp_path, capsys)
    assert (status, [finding["rule"] for finding in findings]) == (3, ["mistake-too-near"])
    half = text + 'accept = ["z-in-derivative"]\n'
    status, findings = _checked(half, tmp_path, capsys)
    assert status == 3
    assert "sequential-update" in findings[0]["found"]
    assert "z-in-derivative" not in findings[0]["found"]
    both = text + 'accept = ["z-in-derivative", "sequential-update"]\n'
    assert _checked(both, tmp_path, capsys) == (0, [])
    assert main(["answer", str(tmp_path), "w:1.update.W1[0,0]", "0.1497865", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mistakes"] == ["z-in-derivative"]  # the judge knows it all the same


def test_a_hidden_mistake_may_be_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tomllib.loads((Path(__file__).parent / "data" / "broken" / "rate-zero.toml").read_text("utf-8"))["lesson"]
    _, findings = _checked(text, tmp_path, capsys)
    hidden = findings[0]["found"].partition(": ")[2].partition(":")[0].split(", ")
    assert "unchanged" in hidden
    assert _checked(f"{text}accept = {json.dumps(hidden)}\n", tmp_path, capsys) == (0, [])


def test_a_copy_of_a_shipped_lesson_is_warned_of_its_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(shipped_paths()[3], tmp_path / "copy")
    assert main(["check", str(tmp_path / "copy")]) == 0
    assert '"chain-rule", which is a lesson of the course' in capsys.readouterr().err
    assert main(["check", "chain-rule", str(shipped_paths()[3])]) != 1
    assert "which is a lesson of the course" not in capsys.readouterr().err


def test_a_question_says_what_its_numbers_cannot_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(MAZUR, encoding="utf-8")
    assert main(["questions", str(tmp_path), "--json"]) == 0
    notes = {one["id"]: one["note"] for one in json.loads(capsys.readouterr().out)}
    assert notes["w:1.loss.loss"] is None
    assert notes["w:1.update.b1[0]"].startswith("with these numbers you get nearly the same if you ")
    assert main(["questions", "chain-rule", "--json"]) == 0
    assert {one["note"] for one in json.loads(capsys.readouterr().out)} == {None}
