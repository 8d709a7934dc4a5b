"""Sheets of simulated learners: a clean one is not accused, a slip is found and named, what follows is not blamed."""

from __future__ import annotations

from tests.sheets.counting import count_sheets

SEED, SHEETS = 11, 14


def test_learners_who_slip_are_told_where_and_those_who_do_not_are_left_in_peace() -> None:
    counts = count_sheets(SEED, clean=2 * SHEETS, slipped=SHEETS, twice=SHEETS)
    assert counts.accused == 0, counts.told
    assert counts.found == SHEETS, counts.told
    assert counts.named >= SHEETS - 1, counts.told
    assert counts.with_later_blamed == 0, counts.told
    assert counts.both_found >= SHEETS - 1, counts.told
