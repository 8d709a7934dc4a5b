"""What is printed as it is made, and arguments that look like something else."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nn_tutor
from nn_tutor.cli import main
from nn_tutor.commands.arguments import with_verbatim_text
from nn_tutor.network.training import Timeline
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, overflowing
from tests.program import PROGRAM

QUESTION = "first-step:1.update.W1[0,0]"


@pytest.mark.parametrize("spelling", [[], ["--json"], ["--markdown"]])
def test_a_trace_streams(spelling: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads its beginning need not wait for its end, which here is never made."""
    made = []
    at = Timeline.at

    def counted(timeline: Timeline, number: int) -> Any:
        made.append(number)
        return at(timeline, number)

    class Closed(list[str]):
        encoding = "utf-8"

        def write(self, text: str) -> int:
            self.append(text)
            if sum(map(len, self)) > 20_000:
                raise BrokenPipeError
            return len(text)

        def flush(self) -> None:
            pass

        def fileno(self) -> int:
            raise OSError

    monkeypatch.setattr(Timeline, "at", counted)
    monkeypatch.setattr(sys, "stdout", Closed())
    assert main(["trace", "chain-rule", "--passes", "100000", *spelling]) == 0
    assert 0 < len(made) < 100


def test_a_streamed_document_is_the_one_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "chain-rule", "--json", "--passes", "3"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"format_version", "lesson", "network", "stopped", "passes"}
    assert [told["pass"] for told in document["passes"]] == [1, 2, 3]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=False)


def test_a_folder_called_answer_is_a_folder(tmp_path: Path) -> None:
    lesson = tmp_path / "answer"
    lesson.mkdir()
    make_lesson(lesson, ONE_WEIGHT)
    for arguments in (["--data-dir", "answer", "list", "--json"], ["trace", "answer/", "--json", "--passes", "1"]):
        done = subprocess.run([*PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        json.loads(done.stdout)


@pytest.mark.parametrize("place", range(5))
def test_an_option_of_answer_may_stand_anywhere(place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for option in (["--data-dir", str(tmp_path)], [f"--data-dir={tmp_path}"], ["--earlier", "1.forward.a1[0,0]=2.2"]):
        arguments = ["chain-rule", QUESTION, "-2.75", "--json"]
        arguments[place:place] = option
        status, streams = main(["answer", *arguments]), capsys.readouterr()
        assert status == 0, streams.err
        assert json.loads(streams.out)["question"] == QUESTION


def test_an_option_of_answer_may_stand_behind_a_number_on_the_command_line(tmp_path: Path) -> None:
    done = run("answer", "chain-rule", QUESTION, "-2.75", "--data-dir", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["question"] == QUESTION


def test_the_options_of_answer_are_those_that_its_help_tells() -> None:
    told = {word.strip("[],") for word in run("answer", "--help").stdout.split() if word.strip("[],").startswith("--")}
    for option in told - {"--help"}:
        after = with_verbatim_text(["answer", "L", "Q", "-1", option, "value"])
        assert after.index(option) < after.index("--"), option
    assert with_verbatim_text(["answer", "L", "Q", "--5"]) == ["answer", "--", "L", "Q", "--5"]


def test_the_options_of_a_choice_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    assert main(["questions", str(tmp_path), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    choices = [one for one in listed if one["kind"] == "choice"]
    assert choices
    assert all(len(one["options"]) >= 2 for one in choices)
    assert all(one["options"] is None for one in listed if one["kind"] != "choice")
    assert main(["questions", str(tmp_path)]) == 0
    assert f"a  {choices[0]['options'][0]}" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["list", "check"])
def test_a_program_in_a_zip_says_that_it_has_no_lessons(command: str, tmp_path: Path) -> None:
    package = Path(nn_tutor.__file__).parent
    with zipfile.ZipFile(tmp_path / "program.zip", "w") as archive:
        for path in _sources(package):
            archive.write(path, path.relative_to(package.parent))
    code = "import sys; sys.path.insert(0, 'program.zip'); from nn_tutor.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no lessons were found" in done.stderr


def _sources(package: Path) -> Iterator[Path]:
    yield from (path for path in package.rglob("*.py"))


def test_an_endless_name_of_a_folder_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["progress", "--data-dir", "/tmp/" + "a" * 5_000]) == 0
    assert "the name of its folder is too long" in capsys.readouterr().err


def test_a_lesson_whose_run_overflows_is_told_as_the_lessons_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_lesson(tmp_path, overflowing())
    assert main(["questions", str(tmp_path)]) == 3
    told = capsys.readouterr().err
    assert "our fault" not in told
    assert "stops at pass 1" in told
    assert "learning rate" in told


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["homework", "--in", "-1", "--target", "-0.5 1"], ["homework", "--in=-1", "--target=-0.5 1"]),
        (["homework", "--in=-1;-2", "--layer", "tanh: -1"], ["homework", "--in=-1;-2", "--layer=tanh: -1"]),
        (["homework", "sheet.txt", "--list"], ["homework", "sheet.txt", "--list"]),
        (["--data-dir", "homework", "homework", "--in", "--x"], ["--data-dir", "homework", "homework", "--in=--x"]),
        (["homework", "--in"], ["homework", "--in"]),
    ],
)
def test_rows_of_a_network_may_begin_with_a_minus(typed: list[str], read: list[str]) -> None:
    assert with_verbatim_text(typed) == read
