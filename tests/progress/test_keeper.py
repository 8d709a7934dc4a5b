"""The keeper: in order, and an answer is on the disk when it returns."""

from __future__ import annotations

from pathlib import Path

from nn_tutor.progress.keeper import Keeper
from nn_tutor.progress.log import open_log


def test_an_answer_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    keeper.remember("lesson", [("at", {"stop": 1}), ("answer", {"text": "1"})])
    with open_log(tmp_path) as other:
        assert [entry.kind for entry in other.entries()] == ["at", "answer"]
    keeper.close()


def test_places_are_written_in_order_and_only_the_last_of_a_row_has_to_be(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    for stop in range(50):
        keeper.remember("lesson", [("at", {"stop": stop})])
    keeper.remember("lesson", [("hint", {"rung": 1})])
    kinds = [(entry.kind, entry.content) for entry in keeper.entries_of("lesson")]
    assert kinds[-2:] == [("at", {"stop": 49}), ("hint", {"rung": 1})]
    stops = [int(str(content["stop"])) for kind, content in kinds if kind == "at"]
    assert stops == sorted(stops)
    keeper.close()


def test_what_waits_is_written_at_the_end(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    keeper.remember("lesson", [("at", {"stop": 7})])
    keeper.close()
    with open_log(tmp_path) as log:
        assert [entry.content for entry in log.entries()] == [{"stop": 7}]


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "home")
    assert (keeper.badge, keeper.said) == ("", "")
    keeper.close()
    assert not (tmp_path / "home").exists()


def test_what_can_be_no_entry_is_told_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    keeper.remember("lesson", [("answer", {"value": float("nan")})])
    assert keeper.badge.startswith("not saving")
    keeper.remember("lesson", [("answer", {"value": 1.0})])
    assert [entry.content for entry in keeper.entries_of("lesson")] == [{"value": 1.0}]
    keeper.close()
