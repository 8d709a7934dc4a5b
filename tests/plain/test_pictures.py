"""Pictures in words: every number is recomputed, and nothing is told that is asked."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.find import find, shipped_paths
from nn_tutor.course.load import load
from nn_tutor.network.records import value_of
from nn_tutor.plain.plots import curve_told, points_told, shape_told
from nn_tutor.tutor.visible import view_of
from tests.lessons_for_tests import DERIVER, ONE_WEIGHT
from tests.plain.talking import Talk, opened, opened_from, opened_path, right_line, said_of


def told(line: str) -> list[float]:
    """The numbers of a line, minus signs in words too."""
    plain = re.sub(r"minus (?=\d)", "-", line.replace("nearly 0", "0"))
    return [float(number) for number in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", plain)]


def test_five_points_of_a_loss_are_true(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, ONE_WEIGHT))
    while talk.session.question is None:
        talk.type(right_line(talk.session))
    shape, points, here = talk.type("picture")
    numbers = told(points)
    assert len(numbers) == 10
    for w, loss in zip(numbers[::2], numbers[1::2], strict=True):
        assert loss == pytest.approx((0.8 * w - 1.05) ** 2, rel=2e-3, abs=3e-3)
    assert numbers[0] < 1.05 / 0.8 < numbers[-2]
    assert min(told(shape), key=lambda number: abs(number - 1.05 / 0.8)) == pytest.approx(1.05 / 0.8, abs=0.01)
    assert told(here)[:3] == [2.75, 1.3225, 1.84]


@pytest.mark.parametrize(
    ("heights", "said"),
    [
        ([4, 3, 2, 1], "falls from 4 to 1"),
        ([1, 2, 3, 4], "rises from 1 to 4"),
        ([3, 1, 0.5, 2], "falls from 3 to 0.5, lowest near 3, then rises to 2"),
        ([1, 3, 2, 0], "rises from 1 to 3, highest near 2, then falls to 0"),
        ([2, 2, 2, 2], "stays at 2"),
        ([1, 2, 1, 2], "goes up and down between 1 and 2"),
        ([4, 2, 2, 1], "falls from 4 to 1"),
        ([math.nan, 3, 2, math.nan], "with w from 2 to 3, the loss falls from 3 to 2"),
        ([math.nan] * 4, "the loss does not exist there"),
    ],
)
def test_how_a_curve_goes_is_told(heights: list[float], said: str) -> None:
    assert said in shape_told([1, 2, 3, 4], heights, "w", "the loss")


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=5), st.floats(-50, 50), st.floats(0.01, 90))
def test_any_points_are_told_as_they_are(heights: list[float], low: float, width: float) -> None:
    lines = curve_told(lambda places: [heights[0]] * len(places), low, low + width, "w", "the loss")
    assert len(lines) == 2
    text = points_told([1, 2, 3, 4, 5], heights, "w", "it")
    assert text.count(";") == 4
    for height in heights:
        assert numeral(height, 3) in text or "nearly 0" in text


@pytest.mark.parametrize("path", shipped_paths()[3:14], ids=lambda path: path.name)
def test_no_picture_tells_a_number_that_is_asked(path: Path) -> None:
    """Whatever is asked about a pass: its truth does not stand in the picture, but where it is another's as well."""
    talk = Talk(opened_path(path))
    for _ in range(400):
        session = talk.session
        if talk.is_over:
            break
        view = view_of(session, DERIVER)
        if view is not None and view.question is not None and view.question.kind in ("number", "place"):
            truth = value_of(view.passed, view.question.ref)
            known = {abs(number) for line in talk.type("table") for number in told(line)}
            for line in talk.type("picture"):
                close = [number for number in told(line) if abs(number - abs(truth)) < 1e-4 * abs(truth)]
                assert not close or abs(truth) in known or len(f"{close[0]:g}") <= 4, (view.question.id, line)
        talk.type(right_line(session))


def test_of_a_race_both_are_told_where_they_stand() -> None:
    lesson = load(find("adam"))
    race = tuple(activity for activity in lesson.activities if activity.id == "race")
    talk = Talk(opened(replace(lesson, activities=race)))
    talk.type("50")
    talk.type("next")
    said = talk.type("picture")
    rival = talk.session.lesson_run.run_of("plain").timeline.at(2)
    assert said[0].startswith("Where w 1 1 is minus 1.55 and w 1 2 is minus 1.95, the loss is ")  # Adam's step is 0.25
    assert said[3].startswith(
        "The other run, gradient descent, stands in this pass where w 1 1 is "
        f"{said_of(numeral(float(rival.before.W[0][0, 0])))}"
    )
    assert said[3].endswith(f"; its loss is {numeral(rival.loss.loss)}.")
