"""Numbers of worked examples that nobody had in mind while the judge was written."""

from __future__ import annotations

import pytest

from tests.given_homework import OUTSIDE, HomeworkCase, homework_cases
from tests.judging.sheets import faults, is_tellable, judged

CASES = homework_cases(OUTSIDE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.lesson} {case.question} {case.text}")
def test_the_numbers_of_other_sheets(case: HomeworkCase) -> None:
    judgement = judged(case)
    assert list(faults(case, judgement)) == [], judgement


def test_they_are_many_and_many_are_slips() -> None:
    assert len(CASES) > 150
    assert sum(map(is_tellable, CASES)) >= 19


def test_every_sheet_names_its_source() -> None:
    for folder in {case.folder for case in CASES}:
        assert (folder / "lesson.toml").read_text(encoding="utf-8").startswith("# Source: "), folder
