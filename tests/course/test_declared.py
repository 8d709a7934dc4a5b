"""What a lesson may declare of its source: its purpose, its conventions, and its loss by the usual name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nn_tutor.cli import main
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Loss
from nn_tutor.network.training import Timeline
from tests.given_homework import FOLDER, LESSONS, HomeworkCase, homework_cases

SHEET = """\
format_version = 1
purpose = "homework"
id = "sheet"
title = "A sheet"

[conventions]
error = "target-minus-output"
step = "change"
weights = "in-out"

[network]
[network.loss]
name = "half"
[[network.layers]]
weights = [[0.1, 0.3], [0.2, 0.4], [0.5, 0.6]]
biases = [0.1, 0.2]
frozen = [[2, 1]]
activation = "sigmoid"
[[network.layers]]
weights = [[0.5], [0.7]]
[data]
inputs = [[0.5, 0.8, -0.3]]
targets = [[1]]

[networks.square]
[[networks.square.layers]]
weights = [[1, 2], [3, 4]]
[networks.square.data]
inputs = [[1, 0]]
targets = [[0, 0]]
"""


def _written(folder: Path, text: str) -> Path:
    (folder / "lesson.toml").write_text(text, encoding="utf-8")
    return folder


def test_what_a_sheet_declares_is_read(tmp_path: Path) -> None:
    lesson = load(_written(tmp_path, SHEET))
    assert lesson.purpose == "homework"
    assert lesson.conventions == Conventions("target-minus-output", "change", "in-out")
    assert all(entry.network.conventions == lesson.conventions for entry in lesson.networks.values())


def test_a_lesson_declares_nothing_by_itself() -> None:
    for path in shipped_paths():
        lesson = load(path)
        assert (lesson.purpose, lesson.conventions) == ("lesson", Conventions())
    ours = Conventions()
    assert (ours.flips_error, ours.flips_step, ours.transposes_weights) == (False, False, False)


def test_matrices_in_the_order_of_their_sheet_are_transposed(tmp_path: Path) -> None:
    lesson = load(_written(tmp_path, SHEET))
    first, second = lesson.networks[""].network.layers
    square = lesson.networks["square"]
    matrices = [first.weights, second.weights, square.network.layers[0].weights]
    assert matrices == [((0.1, 0.2, 0.5), (0.3, 0.4, 0.6)), ((0.5, 0.7),), ((1, 3), (2, 4))]
    assert first.frozen == {(1, 2)}
    # x @ W of the sheet is the first row of its matrix; without the declaration it would be read as W·x, (1, 3).
    assert Timeline(square.network, square.data).at(1).forward.z[0][0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("[0.5, 0.6]]\nbiases", "[0.5]]\nbiases", "network.layers[0].weights[2]: 1 numbers, but the first row has 2"),
        ("[[0.5], [0.7]]", "[[0.5]]", "but the layer before gives 2; give it 2 rows"),
        ("frozen = [[2, 1]]", "frozen = [[1, 2]]", "layers[0].frozen: a pair outside; pairs are [in, out] here"),
        ('error = "target-minus-output"', 'error = "t-o"', 'conventions.error: the text "t-o"; use one of'),
        ('step = "change"', 'step = "chance"', 'conventions.step: the text "chance"; did you mean "change"?'),
        ('weights = "in-out"', "weight = 1", "conventions.weight: unknown key; did you mean weights?"),
        ('"homework"', '"homwork"', 'purpose: the text "homwork"; did you mean "homework"?'),
        ('name = "half"', 'name = "hlaf"', 'network.loss.name: the text "hlaf"; did you mean "half"?'),
        ('name = "half"', 'name = "half"\nfactor = 0.5', "network.loss.factor: said beside name"),
        ('name = "half"', 'name = "half"\nkind = "squared_error"', "network.loss.kind: said beside name"),
        ('name = "half"', 'name = "sse"\nbatch = "sum"', "network.loss.batch: said beside name"),
        ('name = "half"', 'name = "sse"\noutputs = "sum"', "network.loss.outputs: said beside name"),
        ('name = "half"', 'name = "half"\nfactr = 1', "network.loss.factr: unknown key"),
        ('name = "half"', 'name = "half"\nreported_factor = 0', "loss.reported_factor: 0.0; give a number above 0"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_told(
    before: str, after: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert before in SHEET
    assert main(["check", str(_written(tmp_path, SHEET.replace(before, after, 1)))]) == 3
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "loss", "value"),
    [
        ("half", Loss(factor=0.5, outputs="sum"), (0.5 * (1 + 4) + 0.5 * 9) / 2),
        ("mse", Loss(), (1 + 4 + 9) / 4),
        ("sse", Loss(outputs="sum", batch="sum"), 1 + 4 + 9),
    ],
)
def test_a_loss_by_its_usual_name(name: str, loss: Loss, value: float, tmp_path: Path) -> None:
    text = f"""\
format_version = 1
id = "named"
title = "Named"
[network]
[network.loss]
name = "{name}"
[[network.layers]]
weights = [[1], [2]]
[data]
inputs = [[1], [2]]
targets = [[0, 0], [2, 1]]
"""
    entry = load(_written(tmp_path, text)).networks[""]
    assert entry.network.loss == loss
    assert Timeline(entry.network, entry.data).at(1).loss.loss == pytest.approx(value)
    reported = load(_written(tmp_path, text.replace('"\n[[', '"\nreported_factor = 3\n[['))).networks[""].network
    assert reported.loss.reported_factor == 3
    assert reported.loss.factor == loss.factor


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bce", "binary_cross_entropy"), ("ce", "categorical_cross_entropy"), ("output", "output")],
)
def test_a_loss_without_squares_by_its_usual_name(name: str, kind: str, tmp_path: Path) -> None:
    activation, targets = {"bce": ("sigmoid", "[[1]]"), "ce": ("softmax", "[[1]]"), "output": ("tanh", "")}[name]
    text = f"""\
format_version = 1
id = "named"
title = "Named"
[network.loss]
name = "{name}"
[[network.layers]]
weights = [[1]]
activation = "{activation}"
[data]
inputs = [[1]]
{f"targets = {targets}" if targets else ""}
"""
    assert load(_written(tmp_path, text)).networks[""].network.loss == Loss(kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("folder", LESSONS, ids=lambda folder: folder.name)
def test_homework_is_read(folder: Path) -> None:
    assert load(folder).purpose == "homework"


CHECKABLE = [(case, case.truth) for case in homework_cases() if case.truth is not None]


@pytest.mark.parametrize(("case", "truth"), CHECKABLE)
def test_what_is_right_in_homework_is_what_the_network_computes(case: HomeworkCase, truth: float) -> None:
    entry = load(case.folder).networks[""]
    number, _, name = case.question.partition(":")[2].partition(".")
    passed = Timeline(entry.network, entry.data).at(int(number))
    assert np.isclose(value_of(passed, parse_ref(name.partition(".")[2])), truth, rtol=1e-12, atol=1e-12)


def test_a_square_matrix_in_the_order_of_x_at_w_can_be_declared(tmp_path: Path) -> None:
    (case,) = (case for case in homework_cases() if case.lesson == "aiml-x-at-w")
    text = (case.folder / "lesson.toml").read_text(encoding="utf-8")
    declared = text.replace("[network]\n", '[conventions]\nweights = "in-out"\n\n[network]\n', 1)
    declared = declared.replace("[[0.5, 0.6]]", "[[0.5], [0.6]]")
    entry = load(_written(tmp_path, declared)).networks[""]
    z = value_of(Timeline(entry.network, entry.data).at(1), parse_ref("z1[0,0]"))
    assert f"{z:.2f}" == case.text == "0.31"


def test_a_trace_has_one_convention_as_a_document_and_the_sheet_s_as_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (FOLDER / "han-kamber" / "lesson.toml").read_text(encoding="utf-8")
    declared = '[conventions]\nerror = "target-minus-output"\nstep = "change"\n\n[network]\n'
    printed = {}
    for name, lesson in (("own", text), ("sheet", text.replace("[network]\n", declared, 1))):
        _written(tmp_path, lesson)
        assert main(["trace", str(tmp_path), "--json"]) == 0
        document = capsys.readouterr().out
        assert main(["trace", str(tmp_path)]) == 0
        printed[name] = (document, capsys.readouterr().out)
    assert printed["own"][0] == printed["sheet"][0]
    assert "∂L/∂o₁ " in printed["own"][1]
    assert "−∂L/∂o₁ " in printed["sheet"][1]
    assert "w₂₁₁ + Δw₂₁₁" in printed["sheet"][1]


def test_the_questions_of_a_sheet_keep_their_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = _written(tmp_path, SHEET.replace("[networks.square]", "[networks.other]").partition("[networks")[0])
    assert main(["questions", str(lesson), "--json"]) == 0
    sheet = {one["id"]: one["prompt"] for one in json.loads(capsys.readouterr().out)}
    assert sheet["walk:1.update.W1[0,2]"] == "Where does w₁₃₁ go: what is w₁₃₁′?"
