"""The choices about a data file: the target stays named, and can be changed, even while its task does not fit."""

from __future__ import annotations

from nn_tutor.dataset.choices import NAMES, Choices
from nn_tutor.dataset.columns import columns_of
from nn_tutor.dataset.proposal import Options
from nn_tutor.dataset.reading import read_table


def choices(text: str, marked: str) -> Choices:
    table = read_table("mine.csv", text.encode())
    return Choices(table, columns_of(table), Options(), [*map(str, NAMES)].index(marked))


ROWS = "\n".join(["hours,passed", *(f"{n}.5,{'yes' if n % 2 else 'no'}" for n in range(12))])


def test_a_task_that_does_not_fit_leaves_the_target_named() -> None:
    unfit = choices(ROWS, "task").changed(1)
    assert unfit.proposal is None
    assert "say classification" in unfit.trouble
    assert unfit.value_of("target") == "passed"


def test_the_target_can_be_changed_while_the_task_does_not_fit() -> None:
    changed = choices(ROWS, "task").changed(1).moved(-1).changed(1)
    assert (changed.value_of("target"), changed.trouble) == ("hours", "")


def test_the_task_that_fits_can_be_taken_again() -> None:
    again = choices(ROWS, "task").changed(1).changed(1)
    assert (again.value_of("task"), again.value_of("target"), again.trouble) == ("classification", "passed", "")


def test_the_rows_without_a_value_are_counted_in_a_sentence() -> None:
    chosen = choices(ROWS, "target")
    assert "left out" not in chosen.with_split(range(2, 12), (12, 13)).split
    assert "; 1 with a missing value is left out." in chosen.with_split(range(2, 12), (12,)).split
    assert "; 2 with a missing value are left out." in chosen.with_split(range(2, 11), (12,)).split
