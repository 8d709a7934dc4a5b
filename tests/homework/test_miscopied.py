"""A given number that was copied wrongly: said once, and nothing after it is blamed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nn_tutor.homework.reading import homework_of
from nn_tutor.homework.said import said_in
from nn_tutor.homework.sheet import CheckedSheet, check_sheet, name_on_keys
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from tests.homework.test_sheet import MAZUR, checked

Change = Callable[[str], str]


def copied_as(was: str, taken: str) -> str:
    """The sheet of somebody who read one number of the network wrongly, and did all else rightly."""
    assert MAZUR.count(was) == 1
    entry = homework_of(said_in(MAZUR.replace(was, taken))).entry
    return written(entry.network, entry.data)


def written(network: Network, data: Data) -> str:
    passed = Timeline(network, data).at(1)
    refs = [ref for ref in refs_of_pass(network, 1) if ref.quantity in ("z", "a", "loss", "delta", "dW", "W", "b")]
    return "\n".join(f"{name_on_keys(network, 1, ref)} = {value_of(passed, ref):.4f}" for ref in refs)


def blamed(sheet: CheckedSheet) -> list[str]:
    return [line.line.name for line in sheet.lines if line.judged is not None and line.judged.is_blamed]


@pytest.mark.parametrize(
    ("was", "taken", "name", "first"),
    [
        ("0.15 0.20", "0.51 0.20", "w₁₁₁ as 0.51", "z11"),  # two digits exchanged
        ("0.05 0.10", "0.05 0.13", "x₂ as 0.13", "z11"),
        ("0.40 0.45", "0.40 0.54", "w₂₁₂ as 0.54", "z21"),
        ("0.35 0.35", "0.35 0.53", "b₁₂ as 0.53", "z12"),
        ("rate 0.5", "rate 0.7", "η as 0.7", "w112'"),
    ],
)
def test_the_number_that_was_copied_is_named_and_nothing_else_is_blamed(
    was: str, taken: str, name: str, first: str
) -> None:
    sheet = checked(copied_as(was, taken))
    assert blamed(sheet) == [first]
    assert sheet.first_slip is not None
    assert sheet.first_slip.mistakes == ("miscopied",)
    assert f"you took {name}" in sheet.first_slip.message
    follows = [line for line in sheet.lines if line.verdict == "follow_through"]
    assert follows
    assert all("was copied so" in line.message for line in follows)


def test_a_target_that_was_copied_wrongly_is_seen_in_the_deltas() -> None:
    sheet = checked(copied_as("target 0.01", "target 0.21"))
    assert blamed(sheet) == ["L"]
    assert sheet.first_slip is not None
    assert "you took y₁ as 0.21" in sheet.first_slip.message


def test_one_number_alone_may_be_off_for_many_a_reason() -> None:
    sheet = checked("z11 = 0.3955")  # x₁ = 0.17 would explain it, and so would much else
    assert sheet.first_slip is not None
    assert "miscopied" not in sheet.first_slip.mistakes


def test_a_slip_that_has_a_name_is_no_number_copied_wrongly() -> None:
    """Without η all new weights are off: the learning rate 1 would explain them as well."""
    entry = homework_of(said_in(MAZUR)).entry
    right = written(entry.network, entry.data).splitlines()
    others = written(homework_of(said_in(MAZUR.replace("rate 0.5", "rate 1"))).entry.network, entry.data).splitlines()
    sheet = check_sheet(entry.network, entry.data, "\n".join(right[:-10] + others[-10:]))
    assert sheet.first_slip is not None
    assert sheet.first_slip.mistakes == ("no-learning-rate",)
