"""Networks of one's own in the log: kept, renamed, deleted, carried elsewhere, and named on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.homework.keeping import Kept, deleted, entered, kept_as_said, kept_of
from nn_tutor.homework.reading import lesson_of
from nn_tutor.progress.entry import Entry, new_entry
from nn_tutor.progress.left import keep_network
from nn_tutor.progress.log import open_log
from nn_tutor.progress.recall import recall
from nn_tutor.progress.recorder import ProgressRecorder
from tests.homework.test_reading import HAN_KAMBER

ONE = Kept("own-1", "sheet 3", HAN_KAMBER)
HALF = Kept("own-2", "3-2-1 sigmoid", (), (("shape", "3-2-1"), ("w1", ".2 -")))


def entries(*written: tuple[str, tuple[str, dict[str, object]]]) -> list[Entry]:
    return [new_entry(float(at), kind, lesson, content) for at, (lesson, (kind, content)) in enumerate(written)]  # type: ignore[arg-type]


def keep(folder: Path, *networks: Kept) -> None:
    with open_log(folder) as log:
        for kept in networks:
            kind, content = entered(kept)
            log.append(kind, kept.id, content)


def test_the_network_that_was_used_last_comes_first() -> None:
    log = entries((ONE.id, entered(ONE)), (HALF.id, entered(HALF)), (ONE.id, ("begun", {"activities": 1})))
    first, second = kept_of(log)
    assert (first.name, first.is_complete) == ("sheet 3", True)
    assert (second, second.is_complete) == (HALF, False)


def test_a_name_is_changed_and_a_network_deleted_by_later_entries() -> None:
    renamed = Kept(ONE.id, "sheet 4", ONE.said)
    log = entries((ONE.id, entered(ONE)), (ONE.id, entered(renamed)))
    assert [kept.name for kept in kept_of(log)] == ["sheet 4"]
    assert kept_of([*log, *entries((ONE.id, deleted()))]) == ()
    again = [*log, *entries((ONE.id, deleted())), *entries((ONE.id, entered(ONE)))]
    assert [kept.name for kept in kept_of(again)] == ["sheet 3"]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"name": 3, "said": [], "form": []},
        {"name": "x", "said": "in", "form": []},
        {"name": "x", "said": [["in"]], "form": []},
        {"name": "x", "said": [["nonsense", "1"]], "form": []},
        {"name": "x", "said": [["in", 1]], "form": []},
        {"name": "x", "said": [], "form": None},
    ],
)
def test_what_cannot_be_read_is_left_out(content: dict[str, object]) -> None:
    assert kept_of(entries((ONE.id, ("network", content)))) == ()
    kept = kept_of(entries((ONE.id, entered(ONE)), (ONE.id, ("network", content))))
    assert [one.name for one in kept] == ["sheet 3"]


def test_entering_a_network_does_not_take_the_learner_out_of_their_lesson() -> None:
    log = entries(("chain-rule", ("begun", {"activities": 3})), (ONE.id, entered(ONE)))
    recalled = recall(log, 10.0)
    assert recalled.latest == "chain-rule"
    assert recalled.own == (ONE,)
    assert recall([*log, *entries((ONE.id, ("begun", {"activities": 1})))], 10.0).latest == ONE.id


def test_a_lesson_of_its_own_file_is_not_kept_a_second_time() -> None:
    assert kept_as_said("own-x", "a lesson", (("ask", "all"),)) is None
    assert kept_as_said("own-x", "a network", HAN_KAMBER) is not None


def test_networks_go_to_another_machine_with_the_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    keep(here, ONE, HALF)
    assert main(["progress", "export", str(tmp_path / "all.json"), "--data-dir", str(here)]) == 0
    assert main(["progress", "import", str(tmp_path / "all.json"), "--data-dir", str(there)]) == 0
    capsys.readouterr()
    assert main(["progress", "--json", "--data-dir", str(there)]) == 0
    assert json.loads(capsys.readouterr().out)["own"] == [
        {"id": "own-2", "name": "3-2-1 sigmoid", "complete": False},
        {"id": "own-1", "name": "sheet 3", "complete": True},
    ]


def test_kept_networks_are_listed_and_named_in_every_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, ONE, HALF)
    where = ["--data-dir", str(tmp_path)]
    assert main(["homework", "--list", *where]) == 0
    assert capsys.readouterr().out == "own-2  3-2-1 sigmoid  (half filled in)\nown-1  sheet 3\n"
    assert main(["trace", "own-1", "--json", *where]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["lesson"] == "own-1"
    assert main(["trace", "sheet 3", "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out) == document
    assert round(document["passes"][0]["forward"]["a"][-1][0][0], 3) == 0.474
    assert main(["questions", "own-1", *where]) == 0
    assert "walk:1.update.W1[0,0]" in capsys.readouterr().out
    assert main(["answer", "own-1", "walk:1.update.W2[0,0]", "-0.2608", "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "correct"


@pytest.mark.parametrize(
    ("name", "mend"),
    [("own-3", "did you mean own-"), ("own-zzzzzz", "nn-tutor homework --list"), ("own-2", "goes on with its form")],
)
def test_a_network_that_is_not_there_is_told(
    name: str, mend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, ONE, HALF)
    assert main(["trace", name, "--data-dir", str(tmp_path)]) == 3
    assert mend in capsys.readouterr().err


def test_what_is_kept_is_said_again_as_it_was() -> None:
    assert lesson_of(ONE.said, ONE.id).networks[""] == lesson_of(HAN_KAMBER).networks[""]


def test_a_network_that_is_said_again_keeps_the_name_it_was_given(tmp_path: Path) -> None:
    plain = Kept("own-1", "3-2-1 sigmoid", HAN_KAMBER)
    recorder = ProgressRecorder(tmp_path)
    for kept in (plain, plain, Kept("own-1", "sheet 3", (*HAN_KAMBER, ("name", "sheet 3"))), plain, plain):
        keep_network(recorder, kept)
    recorder.close()
    with open_log(tmp_path) as log:
        written = [entry for entry in log.entries() if entry.kind == "network"]
    assert len(written) == 2
    (kept,) = kept_of(written)
    assert kept.name == "sheet 3"
    assert lesson_of(kept.said, kept.id).title == "sheet 3"
