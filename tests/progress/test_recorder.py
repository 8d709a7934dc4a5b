"""The recorder: in order, and an answer is on the disk when it returns."""

from __future__ import annotations

from pathlib import Path

from nn_tutor.progress.log import open_log
from nn_tutor.progress.recorder import ProgressRecorder


def test_an_answer_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    recorder = ProgressRecorder(tmp_path)
    recorder.remember("lesson", [("at", {"stop": 1}), ("answer", {"text": "1"})])
    with open_log(tmp_path) as other:
        assert [entry.kind for entry in other.entries()] == ["at", "answer"]
    recorder.close()


def test_places_are_written_in_order_and_only_the_last_of_a_row_has_to_be(tmp_path: Path) -> None:
    recorder = ProgressRecorder(tmp_path)
    for stop in range(50):
        recorder.remember("lesson", [("at", {"stop": stop})])
    recorder.remember("lesson", [("hint", {"rung": 1})])
    kinds = [(entry.kind, entry.content) for entry in recorder.entries_of("lesson")]
    assert kinds[-2:] == [("at", {"stop": 49}), ("hint", {"rung": 1})]
    step_groups = [int(str(content["stop"])) for kind, content in kinds if kind == "at"]
    assert step_groups == sorted(step_groups)
    recorder.close()


def test_what_waits_is_written_at_the_end(tmp_path: Path) -> None:
    recorder = ProgressRecorder(tmp_path)
    recorder.remember("lesson", [("at", {"stop": 7})])
    recorder.close()
    with open_log(tmp_path) as log:
        assert [entry.content for entry in log.entries()] == [{"stop": 7}]


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    recorder = ProgressRecorder(tmp_path / "home")
    assert (recorder.badge, recorder.message) == ("", "")
    recorder.close()
    assert not (tmp_path / "home").exists()


def test_what_can_be_no_entry_is_told_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    recorder = ProgressRecorder(tmp_path)
    recorder.remember("lesson", [("answer", {"value": float("nan")})])
    assert recorder.badge.startswith("not saving")
    recorder.remember("lesson", [("answer", {"value": 1.0})])
    assert [entry.content for entry in recorder.entries_of("lesson")] == [{"value": 1.0}]
    recorder.close()
