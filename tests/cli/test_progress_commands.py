"""`nn-tutor progress`, `practice`, `review` and practice without a screen."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.progress.entry import JSON
from nn_tutor.progress.log import open_log

ANSWER: dict[str, JSON] = {
    "question": "walk:1.update.W1[0,0]",
    "text": "2.198",
    "verdict": "correct",
    "value": 2.198,
    "message": "right",
    "mistakes": [],
    "rung": 0,
    "skill": "update",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a little progress in it."""
    with open_log(tmp_path / "home") as log:
        log.append("begun", "chain-rule", {})
        log.append("answer", "chain-rule", ANSWER)
        log.append(
            "answer", "chain-rule", {**ANSWER, "question": "other", "verdict": "diagnosed", "mistakes": ["forgot-two"]}
        )
        log.append("at", "chain-rule", {"activity": "first-step", "pass": 1, "number": "W1[0,0]"})
    return tmp_path / "home"


def test_progress_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["progress", "--data-dir", str(home)]) == 0
    told = capsys.readouterr().out
    assert "2 questions answered, 1 of them right at the first try" in told
    assert "in the middle of: chain-rule" in told
    assert "1 × you forgot the 2" in told
    assert "○○○  the step of a weight" in told
    assert main(["--data-dir", str(home), "progress", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["skills"]["update"] == {"dots": 0, "mastered": False}
    assert document["continue"]["activity"] == "first-step"
    assert document["mistakes"] == {"forgot-two": 1}


def test_nothing_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["progress", "--data-dir", str(tmp_path / "new")]) == 0
    assert "nothing yet" in capsys.readouterr().out


def test_there_and_back(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = str(tmp_path / "mine.json"), str(tmp_path / "other")
    assert main(["progress", "export", file, "--data-dir", str(home)]) == 0
    assert main(["progress", "import", file, "--data-dir", other]) == 0
    assert "4 entries added" in capsys.readouterr().out
    assert main(["progress", "import", file, "--data-dir", other]) == 0
    assert "0 entries added" in capsys.readouterr().out
    with open_log(home) as before, open_log(Path(other)) as after:
        assert before.entries() == after.entries()


def test_an_export_is_printed_for_a_dash(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["progress", "export", "-", "--data-dir", str(home)]) == 0
    assert len(json.loads(capsys.readouterr().out)["entries"]) == 4
    assert not list(tmp_path.glob("-"))


@pytest.mark.parametrize(("typed", "status", "left"), [("forget\n", 0, 0), ("yes\n", 2, 4), ("", 2, 4)])
def test_reset_asks_first(
    typed: str, status: int, left: int, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["progress", "reset", "--data-dir", str(home)]) == status
    with open_log(home) as log:
        assert len(log.entries()) == left
    copies = list(home.glob("progress-before-reset-*.json"))
    assert len(copies) == (1 if status == 0 else 0)
    capsys.readouterr()


def test_a_file_that_is_no_progress_is_status_4(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.json").write_text("[]", encoding="utf-8")
    assert main(["progress", "import", str(tmp_path / "no.json"), "--data-dir", str(home)]) == 4
    assert "not an export of progress" in capsys.readouterr().err


def test_the_environment_names_the_place(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NN_TUTOR_HOME", str(home))
    assert main(["progress"]) == 0
    assert "2 questions" in capsys.readouterr().out


def test_practice_without_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", "practice:update:7", "--json"]) == 0
    questions = json.loads(capsys.readouterr().out)
    assert [question["skill"] for question in questions] == ["update"] * 6
    assert main(["answer", "practice:update:7", questions[0]["id"], "999", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "wrong"
    assert main(["questions", "practice:nothing:7"]) == 3
    assert "write practice:SKILL:SEED" in capsys.readouterr().err


def test_a_skill_that_is_none_and_a_review_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "--skill", "nonsense"]) == 2
    said = capsys.readouterr().err
    assert "--skill nonsense: there is no such skill; choose one of forward-dot, " in said
    assert "practice:SKILL:SEED" not in said
    assert main(["review", "--data-dir", str(tmp_path)]) == 0
    assert "Nothing is due" in capsys.readouterr().out


def test_answers_in_a_batch(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    question = "first-step:1.update.W1[0,0]"
    lines = [
        {"question": question, "text": "2.198"},
        {"question": question, "text": "3.302"},
        {"question": question, "text": "2.45", "earlier": {"first-step:1.backward.dW1[0,0]": 1}},
        {"question": "nothing", "text": "1"},
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, lines))))
    assert main(["answer", "chain-rule", "--batch"]) == 2
    judged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.get("verdict") for one in judged] == ["correct", "diagnosed", "follow_through", None]
    assert judged[1]["mistakes"] == ["added-step"]
    assert "no question" in judged[3]["error"]


@pytest.mark.parametrize("text", ["-w+3", "-0.3", "--1", "-.5", "−.5", "-sigmoid(1)"])
def test_a_text_may_begin_with_a_minus(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", "chain-rule", "first-step:1.update.W1[0,0]", text, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] is not None
