"""A sheet that keeps a few decimals is not asked for more than it has."""

from __future__ import annotations

import pytest

from nn_tutor.course.lesson import Lesson
from nn_tutor.homework.reading import lesson_of
from nn_tutor.homework.sheet import check_sheet
from nn_tutor.tutor.asking import find_question, judge_listed
from nn_tutor.tutor.lesson_run import LessonRun
from tests.homework.test_names import MAZUR

QUESTION = "walk:1.update.W1[0,0]"
"""Where w1 goes: 0.14978, which is 0.1498 to four decimals, and 0.15 to three."""


def sheet_with(digits: str) -> Lesson:
    return lesson_of((*MAZUR, ("digits", digits)) if digits else MAZUR)


def verdict(lesson: Lesson, text: str) -> str:
    run = LessonRun(lesson)
    listed = find_question(run, QUESTION)
    assert listed is not None
    return judge_listed(run, listed, text, {}).verdict


@pytest.mark.parametrize(
    ("digits", "text", "expected"),
    [
        ("", "0.1498", "more_digits"),
        ("4", "0.1498", "correct"),
        ("4", "0.14978", "correct"),
        ("4", "0.150", "more_digits"),
        ("3", "0.150", "correct"),
    ],
)
def test_a_number_that_is_right_to_the_last_digit_kept_is_right(digits: str, text: str, expected: str) -> None:
    assert verdict(sheet_with(digits), text) == expected


@pytest.mark.parametrize("text", ["0.1502", "0.1508", "-0.1498", "0.2498"])
def test_a_wrong_number_stays_wrong(text: str) -> None:
    assert verdict(sheet_with("4"), text) not in ("correct", "follow_through", "more_digits")


def test_no_more_decimals_are_asked_for_than_there_are() -> None:
    decimals = {}
    for digits in ("", "4"):
        listed = find_question(LessonRun(sheet_with(digits)), QUESTION)
        assert listed is not None
        decimals[digits] = listed.decimals
    assert (decimals[""] or 0) > 4
    assert decimals["4"] == 4


def test_a_whole_sheet_needs_no_more_digits_than_it_keeps() -> None:
    def verdict_of(digits: str) -> str:
        entry = sheet_with(digits).networks[""]
        (line,) = check_sheet(entry.network, entry.data, "w1' = 0.15\n", 1).lines
        return line.verdict

    assert verdict_of("") == "more_digits"
    assert verdict_of("4") == "more_digits"
    assert verdict_of("2") == "correct"
