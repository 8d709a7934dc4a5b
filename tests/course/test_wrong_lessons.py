"""Wrong lesson files: each is told with file, key and the mend, and status 3; never with a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load
from nn_tutor.walkthrough.telling import told
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson

GOOD = """\
format_version = 1
id = "good"
title = "Good"

[network]
learning_rate = 0.1

[network.loss]
kind = "squared_error"

[network.update]
l2 = 0.0

[[network.layers]]
weights = [[0.5, 0.4], [-1.1, 1.2]]
biases = [0.1, 0.2]
activation = "sigmoid"

[[network.layers]]
weights = [[0.4, 1.2]]

[data]
inputs = [[1.3, 1.1]]
targets = [[0.2]]

[[activity]]
kind = "walk"
ask = ["W"]
"""

FAIR = (
    GOOD.replace("[[0.5, 0.4], [-1.1, 1.2]]", "[[-1.01, -0.25], [-1.86, -1.17]]")
    .replace("[0.1, 0.2]", "[-1.28, -1.55]")
    .replace("[[0.4, 1.2]]", "[[-1.32, 1.61]]")
    .replace("[[1.3, 1.1]]", "[[-1.08, -0.76]]")
    .replace("learning_rate = 0.1", "learning_rate = 0.7")
)
"""The same with numbers that hide no mistake."""

CHOOSE = """
[[activity]]
kind = "choose"
prompt = "Which?"
options = [{ text = "this", right = true }, { text = "that", why = "no" }]
"""

# What is replaced in the good file, by what; then the key and the word of the mend that the message must hold.
EDITS: dict[str, tuple[str, str, str, str]] = {
    "no version": ("format_version = 1\n", "", "format_version", "write format_version = 1"),
    "wrong version": ("format_version = 1", "format_version = 2", "format_version", "format_version = 1"),
    "version as text": ("format_version = 1", 'format_version = "1"', "format_version", "format_version = 1"),
    "no id": ('id = "good"\n', "", "id", "give it a text"),
    "id with blanks": ('id = "good"', 'id = "so good"', "id", "hyphens"),
    "id with escape": ('id = "good"', 'id = "\\u001b[31m"', "id", "take it out"),
    "no title": ('title = "Good"\n', "", "title", "give it a text"),
    "title as number": ('title = "Good"', "title = 3", "title", "give it a text"),
    "unknown key": ('title = "Good"', 'title = "Good"\nsumary = "x"', "sumary", "did you mean summary"),
    "unknown table": ("[data]", "[date]", "date", "did you mean data"),
    "unknown network key": ("learning_rate = 0.1", "learningrate = 0.1", "network.learningrate", "learning_rate"),
    "rate as text": ("learning_rate = 0.1", 'learning_rate = "fast"', "network.learning_rate", "finite number"),
    "negative rate": ("learning_rate = 0.1", "learning_rate = -1", "network.learning_rate", "0 or above"),
    "rate nan": ("learning_rate = 0.1", "learning_rate = nan", "network.learning_rate", "finite number"),
    "rate inf": ("learning_rate = 0.1", "learning_rate = inf", "network.learning_rate", "finite number"),
    "rate true": ("learning_rate = 0.1", "learning_rate = true", "network.learning_rate", "finite number"),
    "negative seed": ("learning_rate = 0.1", "seed = -1", "network.seed", "whole number"),
    "seed with point": ("learning_rate = 0.1", "seed = 1.5", "network.seed", "whole number"),
    "unknown loss": ('"squared_error"', '"squared"', "network.loss.kind", "squared_error"),
    "factor 0": ('kind = "squared_error"', "factor = 0", "network.loss.factor", "above 0"),
    "mean of classes": (
        'kind = "squared_error"',
        'kind = "categorical_cross_entropy"\noutputs = "mean"',
        "network.loss.outputs",
        'write "sum"',
    ),
    "unknown reduction": ('kind = "squared_error"', 'batch = "median"', "network.loss.batch", "mean"),
    "targets for output": ('"squared_error"', '"output"', "data.targets", "leave them out"),
    "negative l2": ("l2 = 0.0", "l2 = -0.1", "network.update.l2", "0 or above"),
    "unknown batching": ("l2 = 0.0", 'batching = "some"', "network.update.batching", "online"),
    "ragged weights": ("[[0.5, 0.4], [-1.1, 1.2]]", "[[0.5, 0.4], [-1.1]]", "layers[0].weights[1]", "same length"),
    "weights no matrix": ("[[0.4, 1.2]]", "[0.4, 1.2]", "network.layers[1].weights", "list of rows"),
    "weights of text": ("[[0.4, 1.2]]", '[["a", 1.2]]', "network.layers[1].weights[0][0]", "finite number"),
    "weights empty": ("[[0.4, 1.2]]", "[]", "network.layers[1].weights", "at least one row"),
    "huge number": ("[[0.4, 1.2]]", f"[[{'9' * 400}, 1.2]]", "network.layers[1].weights[0][0]", "finite number"),
    "no chain": ("[[0.4, 1.2]]", "[[0.4, 1.2, 3.0]]", "network.layers[1].weights", "give each of its rows 2"),
    "weights and size": (
        "weights = [[0.4, 1.2]]",
        "weights = [[0.4, 1.2]]\nsize = [2, 1]",
        "layers[1].weights",
        "either",
    ),
    "neither weights nor size": ("weights = [[0.4, 1.2]]\n", "", "network.layers[1].weights", "either"),
    "size of three": ("weights = [[0.4, 1.2]]", "size = [2, 1, 1]", "network.layers[1].size", "[in, out]"),
    "size too large": ("weights = [[0.4, 1.2]]", "size = [2, 65]", "network.layers[1].size", "64"),
    "wrong biases": ("biases = [0.1, 0.2]", "biases = [0.1]", "network.layers[0].biases", "one bias for each unit"),
    "unknown activation": ('"sigmoid"', '"sigmoidd"', "network.layers[0].activation", "did you mean"),
    "softmax inside": ('"sigmoid"', '"softmax"', "network.layers[0].activation", "only be last"),
    "softmax with binary": (
        "weights = [[0.4, 1.2]]\n\n[data]",
        'weights = [[0.4, 1.2]]\nactivation = "softmax"\n\n[data]',
        "loss.kind",
        "categorical",
    ),
    "frozen outside": ('activation = "sigmoid"', "frozen = [[2, 0]]", "network.layers[0].frozen", "counted from 0"),
    "frozen no pairs": ('activation = "sigmoid"', "frozen = [1]", "network.layers[0].frozen", "pairs"),
    "train_biases as text": (
        'activation = "sigmoid"',
        'train_biases = "no"',
        "layers[0].train_biases",
        "true or false",
    ),
    "no data": ("[data]\ninputs = [[1.3, 1.1]]\ntargets = [[0.2]]\n", "", "data", "write [data]"),
    "no inputs": ("inputs = [[1.3, 1.1]]\n", "", "data.inputs", "inputs = "),
    "rate below the loss": (
        'kind = "squared_error"',
        "learning_rate = 0.3",
        "network.loss.learning_rate",
        "write it above [network.loss]",
    ),
    "placeholder in a title": ('title = "Good"', 'title = "{{x[0,0]}}"', "title", "a section of lesson.md"),
    "test without targets": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_inputs = [[1.0, 2.0]]\n",
        "data.test_targets",
        "each row of test_inputs",
    ),
    "test without inputs": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_targets = [[0.2]]\n",
        "data.test_inputs",
        "each row of test_targets",
    ),
    "test of other width": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_inputs = [[1.0]]\ntest_targets = [[0.2]]\n",
        "data.test_inputs",
        "each row 2",
    ),
    "test rows do not match": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_inputs = [[1.0, 2.0]]\ntest_targets = [[0.2], [0.3]]\n",
        "data.test_targets",
        "row of test_inputs",
    ),
    "no targets": ("targets = [[0.2]]\n", "", "data.targets", "one row of targets"),
    "inputs too wide": ("[[1.3, 1.1]]", "[[1.3, 1.1, 0.1]]", "data.inputs", "give each row 2"),
    "targets too wide": ("[[0.2]]", "[[0.2, 0.3]]", "data.targets", "give each row 1"),
    "rows differ": ("[[1.3, 1.1]]", "[[1.3, 1.1], [1.0, 2.0]]", "data.targets", "one row of targets"),
    "unknown activity": ('kind = "walk"', 'kind = "wlak"', "activity[0].kind", 'did you mean "walk"'),
    "no kind": ('kind = "walk"\n', "", "activity[0].kind", "write one of"),
    "unknown network name": (
        'kind = "walk"',
        'kind = "walk"\nnetwork = "other"',
        "activity[0].network",
        "networks.other",
    ),
    "unknown quantity": ('["W"]', '["weight"]', "activity[0].ask[0]", "one of"),
    "layer that is not there": ('["W"]', '["W3"]', "activity[0].ask[0]", "layer 1, 2"),
    "element that is not there": ('["W"]', '["W2[1,0]"]', "activity[0].ask[0]", "outside"),
    "ask as text": ('["W"]', '"W"', "activity[0].ask", "list"),
    "no passes": ('ask = ["W"]', "passes = 0", "activity[0].passes", "from 1"),
    "read without prose": ('kind = "walk"\nask = ["W"]', 'kind = "read"', "activity[0].id", "lesson.md"),
    "nudge without slope": ('kind = "walk"\nask = ["W"]', 'kind = "nudge"', "activity[0].slope", "give it a text"),
    "nudge of no slope": (
        'kind = "walk"\nask = ["W"]',
        'kind = "nudge"\nslope = "z1[0,0]"',
        "activity[0].slope",
        "none of the backward phase",
    ),
    "train without goal": ('kind = "walk"\nask = ["W"]', 'kind = "train"', "activity[0].to_loss", "the loss to reach"),
    "version with escape": (
        "format_version = 1",
        'format_version = "\\u001b[31m"',
        "format_version",
        "format_version = 1",
    ),
    "version beyond all bounds": ("= 1", "= 0x" + "f" * 5000, "format_version", "format_version = 1"),
    "title of two lines": ('"Good"', '"Go\\nod"', "title", "one line"),
    "title too long": ('"Good"', f'"{"G" * 121}"', "title", "at most 120"),
    "requires as text": ('title = "Good"', 'title = "Good"\nrequires = "a"', "requires", "list of texts"),
    "requires a number": ('title = "Good"', 'title = "Good"\nrequires = ["a", 1]', "requires[1]", "give a text"),
    "data below the network": ("[data]", "[network.data]", "network.data", "write [data]"),
    "network as text": ("[data]", '[networks]\nother = "x"\n[data]', "networks.other", "[networks.other]"),
    "name of a network": ("[data]", '[networks."\\u001b[31m"]\n[data]', "networks.\\u001b", "hyphens"),
    "network without data": (
        "[data]",
        "[[networks.two.layers]]\nweights = [[1]]\n[data]",
        "networks.two.data",
        "write [networks.two.data]",
    ),
    "second network wrong": (
        "[data]",
        "[[networks.two.layers]]\nweights = [[1]]\nbiases = [1, 2]\n[networks.two.data]\ninputs = [[1]]\n[data]",
        "networks.two.layers[0].biases",
        "one bias for each unit",
    ),
    "main data for the second network": (
        "[data]",
        "[[networks.two.layers]]\nweights = [[1]]\n[networks.two.data]\ninputs = [[1, 2]]\ntargets = [[1]]\n[data]",
        "networks.two.data.inputs",
        "give each row 1",
    ),
    "activity as table": ("[[activity]]", "[activity]", "activity", "[[activity]]"),
    "tune without a weight": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nto_loss = 0.1',
        "activity[0].of",
        "name one or two",
    ),
    "tune without a goal": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["W1[0,0]"]',
        "activity[0].to_loss",
        "give the loss",
    ),
    "tune a slope": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["dW1[0,0]"]\nto_loss = 0.1',
        "activity[0].of[0]",
        "weight or bias",
    ),
    "tune three": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["W1[0,0]", "W1[0,1]", "b1[0]"]\nto_loss = 0.1',
        "activity[0].of",
        "one or two",
    ),
    "tune an element that is not there": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["W1[5,0]"]\nto_loss = 0.1',
        "activity[0].of[0]",
        "counted from 0",
    ),
    "tune by nothing": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["W1[0,0]"]\nto_loss = 0.1\nstep = 0',
        "activity[0].step",
        "above 0",
    ),
    "tune from two starts": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["W1[0,0]"]\nto_loss = 0.1\nstart = [1, 2]',
        "activity[0].start",
        "give 1",
    ),
    "tune the rate without a goal": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["learning_rate"]',
        "activity[0].goal",
        "crawl",
    ),
    "tune the rate of many weights": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["learning_rate"]\ngoal = "arrive"',
        "activity[0].of",
        "single weight",
    ),
    "tune to an unknown goal": (
        'kind = "walk"\nask = ["W"]',
        'kind = "tune"\nof = ["learning_rate"]\ngoal = "arive"',
        "activity[0].goal",
        "arrive",
    ),
    "practice of nothing": (
        'kind = "walk"\nask = ["W"]',
        'kind = "practice"',
        "activity[0].skills",
        "at least one",
    ),
    "practice of too much": (
        'kind = "walk"\nask = ["W"]',
        'kind = "practice"\nskills = ["update"]\nquestions = 11',
        "activity[0].questions",
        "1 to 10",
    ),
    "hunt for an unknown trouble": (
        'kind = "walk"\nask = ["W"]',
        'kind = "hunt"\ntrouble = "saturated"',
        "activity[0].trouble",
        "saturation",
    ),
    "hunt for two things": (
        'kind = "walk"\nask = ["W"]',
        'kind = "hunt"\ntrouble = "saturation"\nmistake = "forgot-two"',
        "activity[0].trouble",
        "either",
    ),
    "other weights than given ones": (
        'kind = "walk"\nask = ["W"]',
        'kind = "train"\nto_loss = 0.1\nreseed = true',
        "activity[0].reseed",
        "size = [in, out]",
    ),
    "asked beyond the end of the walk": (
        'ask = ["W"]',
        'ask = ["W"]\nuntil = "loss"',
        "activity[0].until",
        "belongs to update",
    ),
    "unknown picture": (
        'ask = ["W"]',
        'ask = ["W"]\npicture = "reigon"',
        "activity[0].picture",
        "did you mean region",
    ),
    "picture of one weight too few": (
        'ask = ["W"]',
        'ask = ["W"]\npicture = "plane W1[0,0]"',
        "activity[0].picture",
        "plane W1[0,0] b1[0]",
    ),
    "picture of an unknown function": (
        'ask = ["W"]',
        'ask = ["W"]\npicture = "activation softmax"',
        "activity[0].picture",
        "sigmoid",
    ),
    "picture of a gradient": (
        'ask = ["W"]',
        'ask = ["W"]\npicture = "loss dW1[0,0]"',
        "activity[0].picture",
        "weight or bias",
    ),
    "picture without a network": (
        '[[activity]]\nkind = "walk"',
        '[[activity]]\nkind = "choose"\nnetwork = "none"\npicture = "curve"\n[[activity]]\nkind = "walk"',
        "activity[0].network",
        "[networks.none]",
    ),
    "kind beyond all bounds": ('kind = "walk"', "kind = 0x" + "f" * 5000, "activity[0].kind", "use one of"),
    "mistyped network": (
        '[[activity]]\nkind = "walk"',
        "[[networks.other.layers]]\nweights = [[1]]\n[networks.other.data]\ninputs = [[1]]\ntargets = [[1]]\n"
        '[[activity]]\nkind = "walk"\nnetwork = "ohter"',
        "activity[0].network",
        "did you mean other",
    ),
    "too many asks in a word": ('["W"]', '["' + ",1]" * 100 + '"]', "activity[0].ask[0]", "at most 60"),
    "pass that is not walked": ('["W"]', '["W@2"]', "activity[0].ask[0]", "walked: 1 to 1"),
    "ask in a list of lists": ('["W"]', '[["W"], ["wieght"]]', "activity[0].ask[1][0]", "one of"),
    "ask half a list": ('["W"]', '[["W"], "W"]', "activity[0].ask[1]", "list"),
    "unknown grain": ('kind = "walk"', 'kind = "walk"\ngrain = "fine"', "activity[0].grain", '"factor"'),
    "unknown form": ('kind = "walk"', 'kind = "walk"\nform = "vector"', "activity[0].form", '"matrix"'),
    "key of another kind": ('kind = "walk"', 'kind = "walk"\nto_loss = 1', "activity[0].to_loss", "take it out"),
    "nudge without layer": (
        'kind = "walk"\nask = ["W"]',
        'kind = "nudge"\nslope = "dW[0,0]"',
        "activity[0].slope",
        "such as dW1[0,0]",
    ),
    "nudge without index": (
        'kind = "walk"\nask = ["W"]',
        'kind = "nudge"\nslope = "dW2"',
        "activity[0].slope",
        "such as dW2[0,0]",
    ),
    "goal of 0": ('kind = "walk"\nask = ["W"]', 'kind = "train"\nto_loss = 0', "activity[0].to_loss", "above 0"),
    "key of many parts": ("l2 = 0.0", "a." * 50_000 + "a = 1", "line 12", "a few parts"),
    "quoted key of many parts": ("l2 = 0.0", '".,".' * 50_000 + "a = 1", "line 12", "a few parts"),
    "no toml": ("[network]", "[network", "", "close the heading"),
    "nested lists": ("[[0.4, 1.2]]", "[" * 3000 + "]" * 3000, "", "list"),
}

CHOICES: dict[str, tuple[str, str, str]] = {
    "wrong one without reason": (', why = "no"', "activity[1].options[1].why", "why this answer is wrong"),
    "no right one": (", right = true", "activity[1].options", "exactly one"),
    "no options": (
        'options = [{ text = "this", right = true }, { text = "that", why = "no" }]\n',
        "activity[1].options",
        "2 to 6",
    ),
}


def _refused(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["check", str(path)]) == 3
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    assert not any(character < " " and character != "\n" for character in printed.err)
    assert all(len(line) < 6000 for line in printed.err.splitlines())
    return printed.err


@pytest.mark.parametrize("name", EDITS)
def test_a_wrong_file_is_told_with_key_and_mend(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after, key, mend = EDITS[name]
    text = GOOD
    if name == "softmax with binary":
        text = text.replace("squared_error", "binary_cross_entropy")
    assert before in text
    (tmp_path / "lesson.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    message = _refused(tmp_path, capsys)
    assert "lesson.toml" in message
    assert key in message
    assert mend in message


@pytest.mark.parametrize("name", CHOICES)
def test_a_wrong_choice_is_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone, key, mend = CHOICES[name]
    assert gone in CHOOSE
    (tmp_path / "lesson.toml").write_text(GOOD + CHOOSE.replace(gone, ""), encoding="utf-8")
    message = _refused(tmp_path, capsys)
    assert key in message
    assert mend in message


def test_the_good_file_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(FAIR + CHOOSE, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    assert "1 lesson, no findings" in capsys.readouterr().out


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("learning_rate = 0.1", "lerning_rate = 1").replace('title = "Good"\n', "")
    (tmp_path / "lesson.toml").write_text(text, encoding="utf-8")
    message = _refused(tmp_path, capsys)
    assert "title" in message
    assert "lerning_rate" in message


def test_what_follows_from_a_wrong_network_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("learning_rate = 0.1", "learning_rate = true")
    (tmp_path / "lesson.toml").write_text(text, encoding="utf-8")
    assert len(_refused(tmp_path, capsys).splitlines()) == 1


def test_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text('format_version = 1\nid = "a"\ntitle = "A"\n', encoding="utf-8")
    assert "activity: nothing to do; write [network]" in _refused(tmp_path, capsys)


def test_softmax_targets_sum_to_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("squared_error", "categorical_cross_entropy").replace(
        "weights = [[0.4, 1.2]]", 'weights = [[0.4, 1.2], [0.1, 0.2]]\nactivation = "softmax"'
    )
    (tmp_path / "lesson.toml").write_text(text.replace("[[0.2]]", "[[0.2, 0.3]]"), encoding="utf-8")
    message = _refused(tmp_path, capsys)
    assert "data.targets[0]" in message
    assert "sum to 1" in message


def test_an_output_that_the_loss_cannot_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(
        GOOD.replace("squared_error", "binary_cross_entropy").replace("1.2]]\n\n[data]", "9.2]]\n\n[data]"),
        encoding="utf-8",
    )
    message = _refused(tmp_path, capsys)
    assert "pass 1" in message
    assert "strictly between 0 and 1" in message


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
    assert mend in _refused(tmp_path, capsys)


def test_a_huge_file_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "lesson.toml").open("wb") as file:
        file.truncate(1024**3)
    assert "at most 1 MiB" in _refused(tmp_path, capsys)


def test_what_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "lesson.toml" in _refused(tmp_path, capsys)
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    assert "not a regular file" in _refused(fifo, capsys)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "lesson.toml").mkdir()
    assert "not a regular file" in _refused(tmp_path / "deep", capsys)
    assert "no such file" in _refused(tmp_path / "nothing" / "lesson.toml", capsys)


def test_prose_that_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(GOOD, encoding="utf-8")
    os.mkfifo(tmp_path / "lesson.md")
    assert _refused(tmp_path, capsys).count("not a regular file") == 1


def test_a_folder_may_be_called_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "\x1b[31m\udcff"
    folder.mkdir()
    assert "\\u001b[31m" in _refused(folder, capsys)
    assert main(["check", "--json", str(folder)]) == 3
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["mend"] == "give a lesson folder or its lesson.toml"
    assert "cannot be read" in _refused(tmp_path / ("long" * 1000) / "lesson.toml", capsys)
    assert "no such lesson" in _refused(Path("nul\x00"), capsys)


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
    message = _refused(tmp_path, capsys)
    assert "lesson.md" in message
    assert told in message


@pytest.mark.parametrize(
    ("before", "after", "mend"),
    [
        ("[[activity]]", "[activity]", "write [[activity]] with two brackets"),
        ('title = "Good"', "title = True", "true or false in small letters"),
    ],
)
def test_slips_of_toml_that_everybody_makes_are_mended_rightly(
    before: str, after: str, mend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (GOOD + CHOOSE).replace("[[activity]]", "[activity]") if before == "[[activity]]" else GOOD
    (tmp_path / "lesson.toml").write_text(text.replace(before, after), encoding="utf-8")
    assert mend in _refused(tmp_path, capsys)


def test_prose_does_not_lead_out_of_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    lesson = tmp_path / "lesson"
    lesson.mkdir()
    (lesson / "lesson.toml").write_text(GOOD, encoding="utf-8")
    (lesson / "lesson.md").symlink_to(tmp_path / "secret.md")
    assert "out of the lesson's folder" in _refused(lesson, capsys)


def test_requirements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, required in (("a", "b"), ("b", "a"), ("c", "nothing")):
        (tmp_path / name).mkdir()
        text = GOOD.replace('id = "good"', f'id = "{name}"\nrequires = ["{required}"]')
        (tmp_path / name / "lesson.toml").write_text(text, encoding="utf-8")
    assert main(["check", *(str(tmp_path / name) for name in "abc")]) == 3
    message = capsys.readouterr().err
    assert "in a circle" in message
    assert '"nothing", which is no lesson' in message


def test_a_pass_that_nobody_would_wait_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ",".join(["[1.0, 2.0]"] * 10_000)
    text = GOOD.replace("[[1.3, 1.1]]", f"[{rows}]").replace("[[0.2]]", f"[{','.join(['[0.2]'] * 10_000)}]")
    text = text.replace('kind = "walk"', 'kind = "train"\nto_loss = 0.1\nfirst_pass = 100000').replace(
        'ask = ["W"]', ""
    )
    text = text.replace("[[0.5, 0.4], [-1.1, 1.2]]", f"[{','.join(['[0.5, 0.4]'] * 64)}]")
    text = text.replace("biases = [0.1, 0.2]\n", "").replace("[[0.4, 1.2]]", f"[[{','.join(['0.1'] * 64)}]]")
    (tmp_path / "lesson.toml").write_text(text, encoding="utf-8")
    assert "too far to walk to" in _refused(tmp_path, capsys)


PLACING = """\
format_version = 1
id = "placing"
title = "Placing"
[network]
learning_rate = 0.3
[[network.layers]]
weights = [[0.5]]
[data]
inputs = [[0.8]]
targets = [[1.05]]
[[activity]]
kind = "place"
"""


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("0.3", "'x'", "network.learning_rate"),
        ("[data]", "[[network.layers]]\nweights = [[0.4]]\n[data]", "activity[0].weight"),
    ],
)
def test_of_an_activity_only_its_own_faults_are_told(tmp_path: Path, right: str, wrong: str, key: str) -> None:
    (tmp_path / "lesson.toml").write_text(PLACING.replace(right, wrong), "utf-8")
    with pytest.raises(LessonError) as raised:
        load(tmp_path)
    keys = [finding.key for finding in raised.value.findings]
    assert key in keys
    assert key.startswith("activity") or keys == [key]


@pytest.mark.parametrize(("picture", "wanted"), [("codes", "a hidden layer with 2 units"), ("region", "2 inputs")])
def test_a_picture_that_a_network_does_not_have_is_refused(tmp_path: Path, picture: str, wanted: str) -> None:
    toml = ONE_WEIGHT.replace('kind = "train"', f'kind = "train"\npicture = "{picture}"')
    with pytest.raises(LessonError, match=wanted):
        make_lesson(tmp_path, toml)


RACE = """\
format_version = 1
id = "race"
title = "Race"
[networks.ball]
learning_rate = 0.1
[networks.ball.update]
rule = "momentum"
[[networks.ball.layers]]
weights = [[0.5, 0.2]]
[networks.ball.data]
inputs = [[0.8, 0.3]]
targets = [[1.05]]
[networks.plain]
learning_rate = 0.2
[[networks.plain.layers]]
weights = [[0.5, 0.2]]
[networks.plain.data]
inputs = [[0.8, 0.3]]
targets = [[1.05]]
[[activity]]
kind = "train"
network = "ball"
to_loss = 0.01
picture = "plane W1[0,0] W1[0,1] against plain"
"""


def test_two_networks_with_one_map_may_race(tmp_path: Path) -> None:
    picture = make_lesson(tmp_path, RACE).activities[0].picture
    assert picture is not None
    assert (picture.kind, picture.rival, len(picture.refs)) == ("plane", "plain", 2)


@pytest.mark.parametrize(
    ("right", "wrong", "wanted"),
    [
        ("against plain", "against nobody", "nobody is no network here"),
        ("0.2]]\n[networks.plain.data]", "0.3]]\n[networks.plain.data]", "another map"),
        ("against plain", "beside plain", "write plane"),
        ("plane W1[0,0] W1[0,1]", "loss W1[0,0] now", "write loss"),
    ],
)
def test_a_rival_with_another_map_is_refused(tmp_path: Path, right: str, wrong: str, wanted: str) -> None:
    with pytest.raises(LessonError, match=wanted):
        make_lesson(tmp_path, RACE.replace(right, wrong))


def test_what_a_network_is_given_can_be_told(tmp_path: Path) -> None:
    words = "## Run {#train}\n\nη {{learning_rate}}, μ {{momentum}}, β₂ {{beta2}}, {{plain:learning_rate|2}}\n"
    lesson = make_lesson(tmp_path, RACE, words)
    text = told(lesson, lesson.prose.sections["train"], lambda *_: pytest.fail("no pass is needed"))
    assert "η 0.1, μ 0.9, β₂ 0.999, 0.20" in text
