"""Files that are no lesson, wrong prose, and names that lead nowhere: told with the mend, never with a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nn_tutor.cli import main
from tests.course.good_lesson import CHOOSE, FAIR, GOOD, refused


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        (b"", "begin with format_version"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"title = 'caf\xe9'", "UTF-8"),
        (b"\x00" * 10, "mend"),
        (b"a = 1e", "one key a line"),
        (b"format_version = 99999999999999999999999999999999999999", "format_version"),
    ],
)
def test_files_that_are_no_text(content: bytes, mend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_bytes(content)
    assert mend in refused(tmp_path, capsys)


def test_a_huge_file_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "lesson.toml").open("wb") as file:
        file.truncate(1024**3)
    assert "at most 1 MiB" in refused(tmp_path, capsys)


def test_what_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "lesson.toml" in refused(tmp_path, capsys)
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    assert "not a regular file" in refused(fifo, capsys)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "lesson.toml").mkdir()
    assert "not a regular file" in refused(tmp_path / "deep", capsys)
    assert "no such file" in refused(tmp_path / "nothing" / "lesson.toml", capsys)


def test_prose_that_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(GOOD, encoding="utf-8")
    os.mkfifo(tmp_path / "lesson.md")
    assert refused(tmp_path, capsys).count("not a regular file") == 1


def test_a_folder_may_be_called_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "\x1b[31m\udcff"
    folder.mkdir()
    assert "\\u001b[31m" in refused(folder, capsys)
    assert main(["check", "--json", str(folder)]) == 3
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["mend"] == "give a lesson folder or its lesson.toml"
    assert "cannot be read" in refused(tmp_path / ("long" * 1000) / "lesson.toml", capsys)
    assert "no such lesson" in refused(Path("nul\x00"), capsys)


def test_every_named_lesson_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(FAIR, encoding="utf-8")
    names = ["nothing-like-that", str(tmp_path), "nor-this", str(tmp_path)]
    assert main(["check", "--json", *names]) == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["lessons"], [finding["file"] for finding in told["findings"]]) == (3, names[::2])


def test_an_unknown_lesson_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "one-wieght"]) == 3
    assert "did you mean one-weight-by-hand" in capsys.readouterr().err


PROSE = {
    "unknown anchor": ("## A {#wlk}\n", "{#wlk}"),
    "unknown pass": ("## A {#walk:7}\n", "{#walk:7}"),
    "twice": ("## A {#walk}\n## B {#walk}\n", "twice"),
    "pass of a choice": ("## A {#choose:1}\n", "no passes"),
    "pass spelt with a 0": ("## A {#walk:01}\n", "PASS.PHASE"),
    "unknown quantity": ("## A {#walk:1.backward.nonsense}\n", "is not a quantity"),
    "quantity of another phase": ("## A {#walk:1.backward.W1}\n", "belongs to update"),
    "element without layer": ("## A {#walk:1.backward.dW[0,0]}\n", "dW1[0,0]"),
    "element that is not there": ("## A {#walk:1.backward.dW1[7,0]}\n", "outside"),
    "mistyped id": ("## A {#wakl}\n", "did you mean {#walk}"),
    "escape code": ("## A {#walk}\n\x1b[31m\n", "U+001B"),
    "open placeholder": ("## A {#walk}\n{{x[0,0]\n", "close the placeholder"),
    "long placeholder": ("## A {#walk}\n{{" + "1" * 5000 + "}}\n", "write for example"),
    "unread placeholder": ("## A {#walk}\n{{w}}\n", "{{w}}"),
    "wrong phase": ("## A {#walk}\n{{1.update.dW1[0,0]}}\n", "belongs to backward"),
    "no such weight": ("## A {#walk}\n{{1.update.W1[5,0]}}\n", "outside"),
    "no such layer": ("## A {#walk}\n{{1.update.W3[0,0]}}\n", "layer"),
    "no such network": ("## A {#walk}\n{{other:1.loss.loss}}\n", "no such network"),
    "no index": ("## A {#walk}\n{{1.update.W1}}\n", "indices"),
    "no such input": ("## A {#walk}\n{{x[0,2]}}\n", "outside the data"),
    "too far": ("## A {#walk}\n{{100000.loss.loss}}\n", "at most"),
    "before the first": ("## A {#walk}\n{{0.loss.loss}}\n", "before pass 1"),
    "test loss of no test": ("## A {#walk}\n{{1.loss.test}}\n", "there are no test samples"),
    "lost sign of an anchor": ("## A {walk}\n", "write {#id}"),
}


@pytest.mark.parametrize("name", PROSE)
def test_wrong_prose_is_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, told = PROSE[name]
    (tmp_path / "lesson.toml").write_text(GOOD + CHOOSE, encoding="utf-8")
    (tmp_path / "lesson.md").write_text(text, encoding="utf-8")
    message = refused(tmp_path, capsys)
    assert "lesson.md" in message
    assert told in message


def test_prose_does_not_lead_out_of_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    lesson = tmp_path / "lesson"
    lesson.mkdir()
    (lesson / "lesson.toml").write_text(GOOD, encoding="utf-8")
    (lesson / "lesson.md").symlink_to(tmp_path / "secret.md")
    assert "out of the lesson's folder" in refused(lesson, capsys)


def test_requirements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, required in (("a", "b"), ("b", "a"), ("c", "nothing")):
        (tmp_path / name).mkdir()
        text = GOOD.replace('id = "good"', f'id = "{name}"\nrequires = ["{required}"]')
        (tmp_path / name / "lesson.toml").write_text(text, encoding="utf-8")
    assert main(["check", *(str(tmp_path / name) for name in "abc")]) == 3
    message = capsys.readouterr().err
    assert "in a circle" in message
    assert '"nothing", which is no lesson' in message
