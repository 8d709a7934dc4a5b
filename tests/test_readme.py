"""The README tells the truth: its picture is what the program shows, its commands are those that are run."""

from __future__ import annotations

import argparse
import os
import re
import shlex
from pathlib import Path

import pytest
from textual.binding import Binding

from nn_tutor.cli import main
from nn_tutor.commands.parser import command_line
from nn_tutor.course.find import course_folder, find, shipped_lessons
from nn_tutor.course.load import load
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.tutor.keymap import KEYS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from tests.lessons_for_tests import right_answer
from tests.terminal.frames import see

README = Path(__file__).parents[1] / "README.md"
DOCS = README.parent / "docs"


def test_the_picture_is_a_screen_of_the_first_lesson() -> None:
    lesson = load(find("chain-rule"))
    session, keys = begin(LessonRun(lesson)), []
    while session.question is None or session.question.ref != Ref("W", 1, (0, 0)):
        if session.is_open:
            answer = right_answer(session).replace("·", "*")
            keys += [answer, "enter"]
            session = session.answer(answer)
        else:
            keys.append("enter")
            session = session.forward()
    frame = see(" ".join([*keys, "3.302", "enter"]), lesson=lesson, size=(110, 34))
    assert "Where does w go" in frame
    assert "✗ not yet: you " in frame
    readme = README.read_text(encoding="utf-8")
    if os.environ.get("NN_TUTOR_UPDATE_GOLDENS"):
        readme = re.sub(r"```\n.*?\n```", lambda _: f"```\n{frame.rstrip()}\n```", readme, count=1, flags=re.DOTALL)
        README.write_text(readme, encoding="utf-8")
    assert f"```\n{frame.rstrip()}\n```" in readme


def test_the_tables_have_every_lesson_by_its_number_and_title() -> None:
    course = [(str(number), one.title, one.path.name) for number, one in enumerate(shipped_lessons(), start=1)]
    words = README.read_text(encoding="utf-8")
    section = words[words.index("## The lessons") : words.index("## The keys")]
    rows = re.findall(r"^\| (\d+) \| ([^|]+?) \| [^|]+ \|$", section, re.MULTILINE)
    assert rows == [(number, title) for number, title, _ in course]
    ones = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    assert f"\nTwenty-{ones[len(course) - 21]}, from " in section
    guide = (course_folder() / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"^\| (\d+) \[([^]]+)\]\(([\w-]+)/lesson\.md\) \| [^|]+ \| [^|]+ \|$", guide, re.MULTILINE)
    assert linked == course


def test_every_command_is_told_and_its_json_is_a_contract() -> None:
    """A command stands in the README, and one with --json in docs/json.md too, with a schema of its own."""
    words, contract = README.read_text(encoding="utf-8"), (DOCS / "json.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `nn-tutor (\w+)\b[^`]* --json` \| [^|]+ \| \[(\w+)\.json\]", contract, re.MULTILINE))
    told = words[words.index("## For those who build on it") :]
    for command, parser in commands().items():
        assert re.search(rf"nn-tutor {command}\b", words), command
        if "--json" in parser.format_usage():
            assert command in rows, f"{command} --json has no row in docs/json.md"
            assert f"`{command}`" in told
    assert {*rows.values()} == {path.stem for path in (DOCS / "schema").glob("*.json")}


def commands() -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in command_line()._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    assert found
    return found


def test_the_two_commands_come_first() -> None:
    blocks = re.findall(r"```sh\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks[0].endswith("nn-tutor")
    assert blocks[1].endswith("tests/run_all.py")


def test_the_keys_it_names_are_there() -> None:
    text = README.read_text(encoding="utf-8")
    labels = {key.label for key in KEYS}
    section = text[text.index("## The keys") : text.index("## Without a screen")]
    at_home = section[section.index("## Your own network") : section.index("## Your own data")]
    for letter in re.findall(r"\*\*([a-z])\*\*", section.replace(at_home, "")):
        assert letter in labels
    keys = {key for binding in HomeScreen.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")}
    letters = re.findall(r"\*\*([a-z])\*\*", at_home)
    assert letters
    assert set(letters) <= keys


def test_every_file_that_contributors_are_sent_to_is_there() -> None:
    root = README.parent
    words = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [path.name for path in (root / "nn_tutor").iterdir() if path.is_dir()]
    folders = "|".join(("nn_tutor", "tests", "lessons", "docs", *rooms))
    named = set(re.findall(rf"[` ]((?:{folders})/[\w/.-]*)(?=[` ])", words))
    assert len(named) > 60
    missing = [name for name in named if not ((root / name).exists() or (root / "nn_tutor" / name).exists())]
    assert missing == []


def test_the_map_has_every_room() -> None:
    words = (README.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    in_short = README.read_text(encoding="utf-8").partition("## For those who build on it")[2]
    rooms = [path.name for path in (README.parent / "nn_tutor").iterdir() if (path / "__init__.py").exists()]
    assert [room for room in rooms if f"| `{room}`" not in words] == []
    assert [room for room in rooms if f"`{room}`" not in in_short] == []


def test_the_homework_it_shows_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    (line,) = re.findall(r"^nn-tutor (homework --in .*)$", text, re.MULTILINE)
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("z11 = 0.755\n")
    assert main([*shlex.split(line), "--sheet", str(sheet)]) == 0
    assert "✓ z11" in capsys.readouterr().out
