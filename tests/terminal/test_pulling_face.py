"""Rows that pull a weight on the screen: what may be seen when, and the pulls as bars."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.faces.pulling import Bars
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.stations.pulling import Pulling
from tests.dataset.lessons import lesson_on
from tests.dataset.test_lesson import REGRESSION
from tests.lessons_for_tests import make_lesson
from tests.stations import at
from tests.terminal.frames import see
from tests.tutor.test_pulling import TOML


def rows_of(text: str) -> dict[str, str]:
    return {line.split()[0]: line for line in text.splitlines() if " sample " in line and "│" in line}


def test_what_tells_the_answer_is_seen_after_it_alone(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, TOML)
    asked = see("", lesson=lesson)
    assert "Which sample pulls w hardest?" in asked
    assert "o − y" in asked
    assert "−3.9" in asked
    for covered in ("∂L/∂o", "−1.95", "−2.035", "█"):
        assert covered not in asked
    hinted = see("? ?", lesson=lesson)
    assert "∂L/∂o" in hinted
    assert "−1.95" in hinted
    assert "−1.0175" not in hinted
    answered = see("3 enter", lesson=lesson)
    assert "✓ 3 sample 3" in answered
    assert "−1.0175" in answered
    assert "all 4 samples together: ∂L/∂w = −1.4575" in answered


def test_a_sample_that_was_tried_is_crossed_out(tmp_path: Path) -> None:
    text = see("1 enter", lesson=make_lesson(tmp_path, TOML))
    assert "✗ 1 sample 1" in text
    assert "not yet. Its error is the largest, but that is half of it: " in text.replace("\n", " ")


def test_bars_are_as_long_as_the_pulls_and_on_the_side_of_their_sign(tmp_path: Path) -> None:
    rows = rows_of(see("3 enter", lesson=make_lesson(tmp_path, TOML), size=(120, 40)))
    assert set(rows) == {"✓", "1", "2", "4"}
    assert rows["✓"].count("█") == 30
    assert rows["1"].count("█") == round(30 * 0.39 / 1.0175)
    assert rows["✓"].index("█") < rows["✓"].index("│")
    assert rows["4"].index("│") < rows["4"].index("█")
    edges = {row.index("│") for row in (rows["✓"], rows["1"], rows["2"], rows["4"])}
    assert len(edges) == 1


@pytest.mark.parametrize(("pulls", "room"), [((), 40), ((0.0, 0.0), 40), ((1.0, -2.0), 3), ((1e-300, 1e300), 40)])
def test_any_pulls_have_bars(pulls: tuple[float, ...], room: int) -> None:
    bars = Bars(pulls, room)
    for pull in (*pulls, 0.0):
        assert len(plain((bars.draw(pull),))) <= max(room, 0) + 1


def test_of_many_rows_those_that_pull_hardest_are_shown_with_their_lines() -> None:
    lesson = lesson_on(REGRESSION)
    alone = replace(lesson, activities=tuple(one for one in lesson.activities if one.kind == "pull"))
    found = at(begin(LessonRun(alone)), Pulling).found
    text = see("escape s s", lesson=alone, size=(120, 40))
    assert f"all {len(lesson.networks[''].data.inputs)} rows together" in text
    for row in (*found.rows, *found.ranked):
        assert f" {row.name} " in text
    assert f"shown: {found.rows[found.hardest].name}" in text


def test_the_samples_with_their_errors_stand_beside_a_comparison() -> None:
    run = LessonRun(load(find("many-samples")))
    session = begin(run).entered([one.id for one in run.lesson.activities].index("who-pulls"))
    plan = plan_for(session, 120, 40)
    parts, _ = draw_parts(session, plan, Looks(), Setting())
    assert plan.is_framed
    assert "sample 1   1.22    0.5491" in plain(parts["left"])
    assert "⡇ o − y" in plain(parts["right"])
    assert not plan_for(session, 80, 24).is_framed
