"""What cannot be read of a network: each message names the place and the mend, and nothing is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn_tutor.cli import main

IN, LAYER, TARGET = ("--in", "1 2"), ("--layer", "sigmoid: .1 .2 | .3"), ("--target", "1")
LAST = ("--layer", "sigmoid: .3")


def with_in(rows: str) -> tuple[str, ...]:
    return ("--in", rows, *LAYER, *TARGET)


def with_layer(text: str) -> tuple[str, ...]:
    return (*IN, "--layer", text, *TARGET)


def with_target(rows: str) -> tuple[str, ...]:
    return (*IN, *LAYER, "--target", rows)


def beside(*further: str) -> tuple[str, ...]:
    return (*IN, *LAYER, *TARGET, *further)


WRONG = [
    # what enters
    (with_in(""), "inputs", "say what enters"),
    (with_in("   "), "inputs", "say what enters"),
    (with_in("1 two"), "inputs, row 1, number 2", "write a number such as"),
    (with_in("nan 1"), "inputs, row 1, number 1", "finite"),
    (with_in("1 inf"), "inputs, row 1, number 2", "finite"),
    (with_in("1 1e999"), "inputs, row 1, number 2", "below 1e308"),
    (with_in("0,5"), "inputs, row 1", "write a decimal with a point: 0.5"),
    (with_in("0,35 0,9"), "inputs, row 1", "write a decimal with a point: 0.35"),
    (with_in("1 2; 3"), "inputs, row 2", "the same length"),
    (with_in("[[1,2],[3]]"), "inputs, row 2", "the same length"),
    (with_in("[1 2"), "inputs", "close it with ]"),
    (with_in("1 2]"), "inputs", "take it out, or open it"),
    (with_in("[[[1,2]],[[3,4]]]"), "inputs", "a list of rows"),
    (with_in("[1 2] 3"), "inputs", "inside"),
    (with_in("1,,2"), "inputs, row 1", "write the number, or take one out"),
    (with_in("1 - 2"), "inputs, row 1, number 2", "next to its number"),
    (with_in("1 0.1-0.2"), "inputs, row 1, number 2", "a blank between"),
    (with_in("1 0x10"), "inputs, row 1, number 2", "decimal digits"),
    (with_in("1 1.2.3"), "inputs, row 1, number 2", "one decimal point"),
    (with_in("1 2j"), "inputs, row 1, number 2", "without i or j"),
    (with_in("1 2 | 3"), "inputs, row 1, number 3", "only in a layer"),
    (with_in("[1 2 ... 9]"), "inputs", "print the matrix whole"),
    (with_in(" Columns 1 through 2\n 1 2"), "inputs", "give its rows whole"),
    (with_in("1 2 3"), "inputs", "give each row 2 numbers"),
    (with_in("\N{RIGHT-TO-LEFT OVERRIDE}1 2"), "inputs, row 1, number 1", "type it again"),
    (with_in("[]"), "inputs", "type numbers split by blanks"),
    (("--in", " ".join("1" * 65), "--layer", "sigmoid: 1 unit", *TARGET), "layer 1, weights", "1 to 64 inputs"),
    # layers
    ((*IN, *TARGET), "layers", "say each"),
    (with_layer(""), "layer 1, activation", "use one of"),
    (with_layer("0.1 0.2"), "layer 1", "begin with its activation: sigmoid: 0.1 0.2"),
    (with_layer("sigmod: 0.1 0.2"), "layer 1, activation", "did you mean sigmoid?"),
    (with_layer("maxout: 0.1 0.2"), "layer 1, activation", "use one of"),
    (with_layer("sigmoid:"), "layer 1, weights", "write them behind the colon"),
    (with_layer("sigmoid: | 0.1"), "layer 1, weights", "write them behind the colon"),
    (with_layer("sigmoid: 0.1 0.2 |"), "layer 1, biases", "behind the |"),
    (with_layer("sigmoid: 0.1 0.2 | 1 | 2"), "layer 1", "one | stands between"),
    (with_layer("sigmoid: 0.1 0.2 | 1 2"), "layer 1, biases", "give one for each unit"),
    (with_layer("sigmoid: 0.1 0.2; 0.3 0.4 | 0.35"), "layer 1, biases", "give one for each unit: 0.35 0.35"),
    (with_layer("sigmoid: 0.1 0.2 | 1 2; 3 4"), "layer 1, biases", "one row"),
    (with_layer("sigmoid: 0.1 x"), "layer 1, weights, row 1, number 2", "write a number such as"),
    (with_layer("sigmoid: 0.1 0.2; 0.3"), "layer 1, weights, row 2", "the same length"),
    (with_layer("sigmoid: 0.1 0.2 | b"), "layer 1, biases, row 1, number 1", "write a number such as"),
    (with_layer("sigmoid: 0 units"), "layer 1, weights", "1 to 64 units"),
    (with_layer("sigmoid: 65 units"), "layer 1, weights", "1 to 64 units"),
    (with_layer("sigmoid: " + ";".join(["1 2"] * 65)), "layer 1, weights", "1 to 64 units"),
    ((*IN, *LAYER, "--layer", "sigmoid: .3 .4", *TARGET), "layer 2, weights", "give each of its rows 1 weight"),
    (
        (*IN, "--layer", "softmax: 1 2; 3 4", "--layer", "sigmoid: .3 .1", *TARGET),
        "layer 1, activation",
        "only be last",
    ),
    ((*IN, *LAYER, *(LAST * 8), *TARGET), "layers", "1 to 8 layers"),
    # targets and loss
    ((*IN, *LAYER), "targets", "say what the network should answer"),
    (with_target(""), "targets", "say what the network should answer"),
    (with_target("yes"), "targets, row 1, number 1", "write a number such as"),
    (with_target("1 0"), "targets", "give each row 1 number"),
    (with_target("1; 0"), "targets", "one row of targets for each row of inputs"),
    (with_target("error"), "error", "missing"),
    (with_target("error x"), "error, row 1, number 1", "write a number such as"),
    (with_target("slope 1 2"), "targets", "give each row 1 number"),
    ((*IN, *LAYER, "--target", "slope 1", "--loss", "mse"), "loss", "leave the loss out"),
    ((*IN, *LAYER, "--target", "slope 1", "--passes", "2"), "passes", "leave passes out"),
    (beside("--loss", "msee"), "loss", "did you mean mse?"),
    (beside("--loss", "wasserstein"), "loss", "half, mse, sse"),
    (beside("--loss", "output"), "targets", "leave them out"),
    ((*IN, *LAYER, "--target", "2", "--loss", "bce"), "targets, row 1", "from 0 to 1"),
    ((*IN, "--layer", "softmax: 1 2; 3 4", "--target", "1 1", "--loss", "ce"), "targets, row 1", "sum to 1"),
    ((*IN, "--layer", "softmax: 1 2; 3 4", "--target", "1 0", "--loss", "bce"), "loss", "categorical_cross_entropy"),
    # the rest
    (beside("--rate", "fast"), "rate, row 1, number 1", "write a number such as"),
    (beside("--rate", "-1"), "rate", "0 or above"),
    (beside("--rate", "0,5"), "rate, row 1", "write a decimal with a point: 0.5"),
    (beside("--rate", "0.1 0.2"), "rate", "give one number"),
    (beside("--rate", "1e999"), "rate, row 1, number 1", "below 1e308"),
    (beside("--weights", "rows"), "weights", "use one of out-in, in-out"),
    (beside("--error", "t+o"), "error", "use one of o-t, t-o"),
    (beside("--step", "big"), "step", "use one of slope, change"),
    (beside("--digits", "-1"), "digits", "from 0 to 12"),
    (beside("--digits", "four"), "digits", "from 0 to 12"),
    (beside("--passes", "0"), "passes", "from 1 to 1000"),
    (beside("--passes", "1e3"), "passes", "from 1 to 1000"),
    (beside("--batch", "some"), "batch", "write full, online"),
    (beside("--batch", "2"), "batch", "at most as many as there are inputs"),
    (beside("--update", "adamm"), "update", "did you mean adam?"),
    (beside("--update", "adam 0.9"), "update", "say which constant"),
    (beside("--update", "adam beta3=0.9"), "update", "did you mean beta"),
    (beside("--update", "momentum x"), "update, momentum, row 1, number 1", "write a number such as"),
    (beside("--update", "momentum 1.5"), "update", "below 1"),
    (beside("--loss", "huber x"), "loss", "huber 1.5"),
    (beside("--loss", "huber -1"), "loss", "above 0"),
    (with_layer("tanh 0.1: 0.1 0.2"), "layer 1, slope", "leaky_relu"),
    (beside("--seed", "x"), "seed", "give a whole number"),
    (beside("--ask", "dQ"), "ask", "none, update, links, all"),
    (beside("--ask", "db7"), "ask", "none, update, links, all"),
    (beside("--names", "odd"), "names", "use one of screen, order"),
    (beside("--call", "w9 = v"), "call w9", "use one such as w11"),
    (beside("--call", "w11 = w12"), "call w11", "give each number its own name"),
    (beside("--call", "w11 = exp"), "call", "no name of a function"),
    (beside("--call", "w11 = 5"), "call", "use a letter"),
    (beside("--call", "w11"), "call", "what you call it: w5 = v1"),
    (beside("--grain", "fine"), "grain", "use one of"),
    (beside("--form", "long"), "form", "use one of"),
    # said twice, and what looks like a number
    (beside("--in", "3 4"), "in", "keep one"),
    (beside("--loss", "half", "--loss", "mse"), "loss", "keep one"),
    (beside("--rate", "0.1", "--rate", "0.1", "--rate", "0.2"), "rate", "keep one"),
    ((*IN, "--layer", "softmax: 1 2", *TARGET, "--loss", "ce"), "layer 1, activation", "or use sigmoid"),
    (with_layer("sigmoid: 0,1 0,2"), "layer 1, weights, row 1", "write a decimal with a point: 0.1"),
    (with_layer("sigmoid: 1e999 2"), "layer 1, weights, row 1, number 1", "below 1e308"),
    (with_layer("sigmoid: 1 2 | nan"), "layer 1, biases, row 1, number 1", "finite"),
    ((*IN, *LAYER, "--target", "-0.5", "--loss", "bce"), "targets, row 1", "from 0 to 1"),
    (with_in("1 ²"), "inputs, row 1, number 2", "write a number such as"),
    (("no-such-lesson",), "no-such-lesson", "nn-tutor list shows them"),
    (("chain-rule", "--in", "1"), "in", "leave the lesson out"),
    (("chain-rule", "--digits", "99"), "digits", "from 0 to 12"),
]
"""What is typed, the place that the message names, and its mend."""


@pytest.mark.parametrize(("typed", "place", "mend"), WRONG, ids=range(len(WRONG)))
def test_a_bad_input_is_refused_with_place_and_mend(
    typed: tuple[str, ...], place: str, mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["homework", *typed])
    said = capsys.readouterr()
    assert status == 3
    assert said.out == ""
    first = said.err.splitlines()[0]
    assert first.startswith(f"nn-tutor: {place}: ") or f": {place}: " in first, said.err
    assert mend in said.err
    assert "Traceback" not in said.err


def test_digits_and_signs_of_other_keyboards_are_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("z = −３.０\n", encoding="utf-8")
    typed = ("--in", "１\t２", "--layer", "sigmoid: −１ −1", "--target", "1", "--sheet", str(sheet))
    assert main(["homework", *typed]) == 0
    assert "1 number: no slip" in capsys.readouterr().out


SHEET = [
    ("z = nan", "no finite number"),
    ("z = inf", "no finite number"),
    ("z = 1e999", "too large"),
    ("z = 1\nz = 2", "stands on the sheet already"),
    ("z = −0,5", "write -0.5"),
    ("z = 1/0", ""),
    ("z =", ""),
    ("= 3", ""),
    ("zz9 = 3", "this network has no"),
    ("z = 0x10", ""),
    ("z = 3 apples", ""),
    ("z equals three", ""),
]


@pytest.mark.parametrize(("text", "said"), SHEET, ids=range(len(SHEET)))
def test_a_bad_line_of_a_sheet_is_told_and_the_rest_is_judged(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(f"{text}\na = 0.57444\n", encoding="utf-8")
    assert main(["homework", *IN, *LAYER, *TARGET, "--sheet", str(sheet), "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    bad = [line for line in lines if line["verdict"] == "invalid"]
    assert len(bad) == 1
    assert bad[0]["message"]
    assert said in bad[0]["message"]
    assert lines[-1]["name"] == "a"
    assert lines[-1]["verdict"] != "invalid"


def test_every_fault_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["homework", "--in", "1 x", "--layer", "sigmod: 1 2", "--target", "", "--rate", "fast"]) == 3
    places = [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()]
    assert places == ["inputs, row 1, number 2", "layer 1, activation", "rate, row 1, number 1", "targets"]


FILES = [
    (b"", "", "begin with in ="),
    (b"\xff\xfe\x00", "", "save the file as UTF-8"),
    (b"hello\n", "line 1", "write it as in ="),
    (b"in = 1 2\nin = 3 4\n", "line 2", "it stands in line 1: keep one"),
    (b"layr = sigmoid: 1 2\n", "line 1", "did you mean layer?"),
    (b"1 2\n3 4\n", "line 1", "write it as in ="),
    (b"in = 1 2\nlayer = sigmoid: 1 2 3\ntarget = 1\n", "inputs", "give each row 3 numbers"),
    (b"in = 1 2\nlayer = sigmoid:\n 1 2\n 3\ntarget = 1\n", "layer 1, weights, row 2", "the same length"),
    (b"x" * (1024 * 1024 + 1), "", "at most 1 MiB"),
]


@pytest.mark.parametrize(("content", "place", "mend"), FILES, ids=range(len(FILES)))
def test_a_bad_file_is_refused_with_its_name(
    content: bytes, place: str, mend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sheet.txt"
    file.write_bytes(content)
    assert main(["homework", str(file)]) == 3
    said = capsys.readouterr().err
    assert "sheet.txt" in said
    assert f", {place}: " in said or not place
    assert mend in said
    assert file.read_bytes() == content
