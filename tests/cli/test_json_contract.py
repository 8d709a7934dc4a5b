"""What the commands print as JSON, for every shipped lesson, held against the schemas in docs/schema."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from nn_tutor.cli import main
from nn_tutor.course.find import shipped_lessons
from nn_tutor.judging.judgement import Verdict
from tests.lessons_for_tests import of_one_weight

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"
IDS = [listing.id for listing in shipped_lessons()]


def schema_of(contract: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{contract}.json").read_text(encoding="utf-8"))
    return schema


def problems(contract: str, document: object) -> list[str]:
    """Return where a document breaks its contract."""
    return [f"{error.json_path}: {error.message}" for error in _validator(contract).iter_errors(document)]


@cache
def _validator(contract: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(contract))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert main(arguments) == status
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_is_one(path: Path) -> None:
    Draft202012Validator.check_schema(schema_of(path.stem))


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert problems("list", printed(capsys, "list", "--json")) == []


@pytest.mark.parametrize("lesson", IDS)
def test_a_trace(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments: tuple[str, ...] = ("trace", lesson, "--json", "--passes", "1")
    if main(arguments) == 2:  # a lesson without a network of its own
        message = capsys.readouterr().err
        name = message.rpartition("it has ")[2].partition(":")[0].partition(",")[0]
        arguments = (*arguments, "--network", name)
    else:
        capsys.readouterr()
    assert problems("trace", printed(capsys, *arguments)) == []


def test_a_trace_in_whole_quantities_and_one_that_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert problems("trace", printed(capsys, "trace", "autoencoder", "--json", "--only-last", "--passes", "3")) == []
    (tmp_path / "lesson.toml").write_text(DIVERGES, encoding="utf-8")
    document = printed(capsys, "trace", str(tmp_path), "--json", "--passes", "400", "--only-last")
    assert document["stopped"] is not None
    assert problems("trace", document) == []


@pytest.mark.parametrize("lesson", IDS)
def test_questions_and_answers(
    lesson: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = printed(capsys, "questions", lesson, "--json")
    assert problems("questions", questions) == []
    texts = ("1", "-0.5", "0.3", "x", "")
    asked = [{"question": one["id"], "text": text} for one in questions for text in texts]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, asked))))
    assert main(("answer", lesson, "--batch")) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["question"] for answer in answers] == [one["question"] for one in asked]
    assert [problem for answer in answers for problem in problems("answer", answer)] == []


def test_a_line_that_cannot_be_judged(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"question": "no such"}\nno JSON\n'))
    assert main(("answer", "slope", "--batch")) == 2
    for line in capsys.readouterr().out.splitlines():
        assert problems("answer", json.loads(line)) == []


def test_no_number_comes_before_a_question_without_a_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"question": "how-many-inputs:choice", "text": "a", "earlier": {"vanishing:1.forward.z1[0,0]": "1"}}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(asked)))
    assert main(("answer", "when-gradients-fail", "--batch")) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"] == "line 1: how-many-inputs:choice has no network, so there are no earlier numbers"


def test_of_two_mistakes_at_once_neither_is_shown_as_all_that_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    half_and_no_mean = "1/2*((o1-y1)^2+(o2-y2)^2+(o3-y3)^2)"
    message = printed(capsys, "answer", "vectors", "first-pass:1.loss.loss", half_and_no_mean, "--json")["message"]
    assert "two things at once" in message
    assert "yours" not in message
    assert "right: L = 1/3" in message


def test_every_verdict_stands_in_the_contract() -> None:
    verdicts = schema_of("answer")["oneOf"][0]["properties"]["verdict"]["enum"]
    assert set(get_args(Verdict)) <= set(verdicts)
    words = (SCHEMAS.parent / "json.md").read_text(encoding="utf-8")
    assert [verdict for verdict in verdicts if f"| `{verdict}` |" not in words] == []


def test_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert problems("check", printed(capsys, "check", "slope", "--json", "--notes")) == []
    (tmp_path / "lesson.toml").write_text("format_version = 1\nid = 3\n", encoding="utf-8")
    found = printed(capsys, "check", str(tmp_path), "--json", status=3)
    assert found["findings"]
    assert problems("check", found) == []


def test_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert problems("progress", printed(capsys, "--data-dir", str(tmp_path), "progress", "--json")) == []
    from nn_tutor.progress.log import open_log

    with open_log(tmp_path) as log:
        log.append("begun", "slope", {})
        log.append("answer", "slope", {"question": "q", "verdict": "diagnosed", "mistakes": ["forgot-input"]})
    assert problems("progress", printed(capsys, "--data-dir", str(tmp_path), "progress", "--json")) == []


@pytest.mark.parametrize(
    ("contract", "document"),
    [
        ("list", [{"id": "a", "title": "b"}]),
        ("answer", {"question": "a", "verdict": "perfect", "mistakes": [], "message": "b", "value": None}),
        ("check", {"lessons": 1, "findings": [{"file": "a"}]}),
        ("trace", {"format_version": 1, "lesson": "a", "network": "", "stopped": None, "passes": [{"pass": 1}]}),
        ("questions", [{"id": ""}]),
        ("progress", {"format_version": 1}),
    ],
)
def test_what_breaks_a_contract_is_seen(contract: str, document: object) -> None:
    assert problems(contract, document)


DIVERGES = of_one_weight('kind = "walk"\nask = []', weight=0.9, inputs=(2.0,), targets=(1.0,), rate=50.0)


SHEET = "δ21 = -0.0406\nw211' = 0.2724\nw211 = nan\nx1 = 0.35\nW1' = [[0.0992, 0.7978], [0.3972, 0.5928]]\n"


def test_a_sheet(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = ["--in", "0.35 0.9", "--layer", "sigmoid: 0.1 0.8; 0.4 0.6", "--layer", "sigmoid: 0.3 0.9"]
    network += ["--target", "0.5", "--loss", "half", "--rate", "1"]
    (tmp_path / "sheet.txt").write_text(SHEET, encoding="utf-8")
    document = printed(capsys, "homework", *network, "--sheet", str(tmp_path / "sheet.txt"), "--json")
    assert problems("sheet", document) == []
    assert [line["verdict"] for line in document["lines"]][2:4] == ["invalid", "correct"]
    assert document["convention"] == ["target-minus-output"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"o = 0.6903\ndelta21 = 0.19\n"), "utf-8"))
    document = printed(capsys, "homework", *network, "--sheet", "-", "--json")
    assert problems("sheet", document) == []
    assert document["first_slip"] == {
        "line": 2,
        "name": "delta21",
        "question": "1.backward.delta2[0,0]",
        "verdict": "diagnosed",
        "mistakes": document["first_slip"]["mistakes"],
    }
    assert "forgot-activation-derivative" in document["first_slip"]["mistakes"]
