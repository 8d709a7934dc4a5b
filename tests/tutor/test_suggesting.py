"""Numbers that are suggested: fair for all that is asked, near the author's own, and the same for the same seed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.scrutiny import unfair_of
from nn_tutor.tutor.suggesting import is_asked, suggest

LOGISTIC = """\
format_version = 1
id = "logistic"
title = "A little classifier"

[network]
learning_rate = 0.1
[network.loss]
kind = "binary_cross_entropy"
[[network.layers]]
weights = [[1.0, 0.5]]
biases = [0.0]
activation = "sigmoid"
[data]
inputs = [[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]]
targets = [[1], [0], [1]]

[networks.own]
learning_rate = 1.0
[networks.own.loss]
factor = 0.5
[[networks.own.layers]]
weights = [[2.0]]
[networks.own.data]
inputs = [[1.0]]
targets = [[0.5]]

[networks.shown]
[[networks.shown.layers]]
weights = [[2.0]]
[networks.shown.data]
inputs = [[1.0]]
targets = [[0.5]]

[[activity]]
kind = "walk"
id = "first"
passes = 2
ask = [["dW", "W"], ["W1[0,0]"]]

[[activity]]
kind = "walk"
id = "second"
network = "own"
ask = ["dW", "W"]

[[activity]]
kind = "place"
network = "own"
pass = 2

[[activity]]
kind = "nudge"
network = "shown"
slope = "dL_do[0,0]"
"""


def _lesson(folder: Path, text: str) -> Lesson:
    (folder / "lesson.toml").write_text(text, encoding="utf-8")
    return load(folder)


def _unfair(lesson: Lesson) -> list[str]:
    lesson_run = LessonRun(lesson)
    return [
        question.id
        for index, activity in enumerate(lesson.activities)
        for number in activity.span
        for question in lesson_run.questions(index, number)
        for _ in unfair_of(lesson_run, index, question)
    ]


def test_what_is_printed_makes_the_whole_lesson_fair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = _lesson(tmp_path, LOGISTIC)
    assert {name.partition(":")[0] for name in _unfair(lesson)} == {"first", "second", "place"}
    assert main(["check", "--suggest", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "5 questions on [network], all fair with these numbers; " in printed
    assert "3 questions on [networks.own], all fair with these numbers; " in printed
    assert "networks.shown" not in printed  # nothing is asked of it
    pasted, own = tomllib.loads(printed), tomllib.loads(LOGISTIC)
    assert pasted["network"]["loss"] == own["network"]["loss"]
    assert pasted["network"]["layers"][0]["activation"] == "sigmoid"
    assert pasted["data"]["targets"] == own["data"]["targets"]  # classes stay classes
    assert pasted["networks"]["own"]["loss"] == {"factor": 0.5}
    head, activities = LOGISTIC.partition("[network]")[0], LOGISTIC.partition("[[activity]]")[2]
    shown = "[networks.shown]" + LOGISTIC.partition("[networks.shown]")[2].partition("[[activity]]")[0]
    assert _unfair(_lesson(tmp_path, f"{head}{printed}\n{shown}[[activity]]{activities}")) == []
    assert main(["check", str(tmp_path)]) == 0


def test_no_number_is_changed_that_may_stay(tmp_path: Path) -> None:
    lesson = _lesson(tmp_path, LOGISTIC)
    found = suggest(lesson, "own", 1)
    assert found.entry is not None
    assert found.changed <= 3
    own, other = lesson.networks["own"], found.entry
    numbers = [
        (own.network.learning_rate, other.network.learning_rate),
        ((own.network.layers[0].weights or ())[0][0], (other.network.layers[0].weights or ())[0][0]),
        (own.data.inputs[0][0], other.data.inputs[0][0]),
        ((own.data.targets or ())[0][0], (other.data.targets or ())[0][0]),
    ]
    assert sum(before != after for before, after in numbers) == found.changed
    assert all(abs(before - after) <= max(1.0, 1.5 * abs(before)) for before, after in numbers)


def test_the_seed_decides(tmp_path: Path) -> None:
    lesson = _lesson(tmp_path, LOGISTIC)
    entries = [suggest(lesson, "own", seed).entry for seed in (1, 1, 2, 3)]
    assert entries[0] == entries[1]
    assert len({str(entry) for entry in entries}) > 1


def test_fair_numbers_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--suggest", "chain-rule"]) == 0
    printed = capsys.readouterr()
    assert "can stay as they are: your numbers are fair" in printed.out
    assert tomllib.loads(printed.out) == {}


def test_random_weights_stay_random(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = LOGISTIC.replace("weights = [[2.0]]", "size = [1, 1]")
    assert main(["check", "--suggest", str(_lesson(tmp_path, text).path)]) == 0
    own = tomllib.loads(capsys.readouterr().out)["networks"]["own"]
    assert own["layers"] == [{"size": [1, 1]}]
    assert own["seed"] >= 0


def test_matrices_are_printed_as_the_file_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = LOGISTIC.replace("[network]", '[conventions]\nweights = "in-out"\n[network]', 1)
    lesson = _lesson(tmp_path, text.replace("[[1.0, 0.5]]", "[[1.0], [0.5]]"))
    assert main(["check", "--suggest", str(lesson.path)]) == 0
    assert [len(row) for row in tomllib.loads(capsys.readouterr().out)["network"]["layers"][0]["weights"]] == [1, 1]


def test_a_question_that_no_numbers_make_fair_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = LOGISTIC.replace("weights = [[2.0]]", "weights = [[2.0]]\nfrozen = [[0, 0]]", 1)
    text = text.replace('network = "own"\nask = ["dW", "W"]', 'network = "own"\nask = ["dW", "step"]')
    lesson = _lesson(tmp_path, text)
    found = suggest(lesson, "own", 1, most=60)
    assert found.entry is None
    assert found.hardest == "second:1.update.step1[0,0] was fair never in 60 tries: the answer is 0"
    assert is_asked(lesson, "own")
    assert not is_asked(lesson, "shown")
    assert main(["check", "--suggest", str(tmp_path)]) == 3
    printed = capsys.readouterr()
    assert "second:1.update.step1[0,0] was fair never" in printed.err
    assert "5 questions on [network]" in printed.out  # what can be had is printed all the same
