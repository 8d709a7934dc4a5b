"""Beside a page or a choice stands what it speaks of; on a small screen that is one key away."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.find import find, shipped_paths
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.ink import plain, width_of
from nn_tutor.terminal.exhibits import what_stands_around
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from tests.terminal.beside import DERIVER, at, screen, settled
from tests.terminal.frames import see


def test_the_nudges_stay_beside_the_question_about_them() -> None:
    session = at("slope", "for-each-1", "1", "0.1", "-0.5")
    for size in ((120, 40), (200, 50)):
        text = screen(session, size)
        assert "─ Nudge the weight ─" in text
        assert "change / ε" in text
        assert "both ways" not in text  # a later nudge of the lesson explains them
        assert "−0.5" in text
        assert "…" not in text
    assert "−0.5" not in screen(session, (80, 24))
    assert "tab look back" in screen(session, (80, 24))
    turned = screen(session, (80, 24), panel=2)
    assert "w moves by ε" in turned
    assert "−0.5" in turned
    assert "tab the words" in turned


def test_a_table_without_a_nudge_is_nothing_to_look_back_at() -> None:
    assert "─ Nudge the weight ─" not in screen(begin(LessonRun(load(find("slope")))).entered(1), (120, 40))
    once = screen(at("slope", "for-each-1", "0.1"), (120, 40))
    assert "change / ε" in once
    assert "more times" not in once


def test_the_key_turns_to_it_and_back() -> None:
    lesson = load(find("chain-rule"))
    assert "tab network" in see("", lesson=lesson).splitlines()[-1]
    assert "The network" in see("tab", lesson=lesson)
    assert "Think of three wheels" in see("tab tab", lesson=lesson)


def test_the_steps_of_a_run_stay_beside_the_question_why_they_got_shorter() -> None:
    text = screen(at("chain-rule", "shorter-steps"), (120, 40))
    assert "─ Let it run ─" in text
    assert "┬ pass" in text or "▲ pass" in text


def after_a_walk(lesson: str) -> tuple[str, str]:
    """The ids of the first walk of a lesson that a page or a choice follows, and of that."""
    activities = load(find(lesson)).activities
    walk, page = next(
        (one, other) for one, other in pairwise(activities) if one.kind == "walk" and other.kind in ("read", "choose")
    )
    return walk.id, page.id


def test_the_table_of_a_walk_stays_beside_the_page_about_it() -> None:
    walk, page = after_a_walk("two-weights-in-a-row")
    session = at("two-weights-in-a-row", page)
    text = screen(session, (200, 50))
    assert f"─ {session.lesson_run.lesson.title_of(walk)} ─" in text
    assert "rule (SymPy)" in text
    assert "∂L/∂w₁" in text


def test_before_any_experiment_the_network_is_drawn_without_what_is_still_to_be_found() -> None:
    session = at("chain-rule", "gears")
    text = screen(session, (120, 40))
    assert "─ The network ─" in text
    assert "2.75" in text
    assert "2.2" not in text
    assert "tab network" in screen(session, (80, 24))


@pytest.mark.parametrize("path", shipped_paths()[1:16:2], ids=lambda path: path.name)
def test_what_stands_beside_is_drawn_in_the_room_that_it_has(path: Path) -> None:
    """At 120 columns, where the room is narrowest."""
    session = settled(path)
    for index, activity in enumerate(session.lesson_run.lesson.activities):
        found = None if activity.kind == "practice" else what_stands_around(session.entered(index), None).beside
        if found is not None and not found.is_own:
            drawn = found.draw(44, 20)
            assert drawn
            assert len(drawn) <= 20
            assert max(map(width_of, drawn)) <= 44


def test_beside_a_worked_pass_stands_its_network() -> None:
    session = at("chain-rule", "find-the-slip")
    text = screen(session, (120, 40))
    assert "─ The network ─" in text
    assert "given" in text
    assert "▶  1  o" in text
    assert "tab network" in screen(session, (80, 24))


def test_a_picture_that_the_activity_asks_for_comes_first() -> None:
    session = at("learning-from-data", "spam-picture")
    found = what_stands_around(session, None).beside
    assert found is not None
    assert found.is_own
    assert "tab" not in screen(session, (80, 24)).splitlines()[-1]


def test_where_there_is_nothing_to_show_the_words_stand_alone() -> None:
    session = at("learning-from-data", "machine")
    assert what_stands_around(session, None).beside is None
    assert "╭" not in screen(session, (120, 40))


@pytest.mark.parametrize("size", [(120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_answer_line_is_near_the_question(size: tuple[int, int]) -> None:
    for lesson, activity in (
        ("chain-rule", "shorter-steps"),
        ("learning-from-data", "machine"),
        ("learning-from-data", "rules-or-data"),
        ("chain-rule", "find-the-slip"),
    ):
        session = at(lesson, activity)
        plan = plan_for(session, *size, deriver=DERIVER)
        assert sum(plan.heights.values()) == size[1]
        assert plan.body <= size[1] * 3 // 4
        parts, _ = draw_parts(session, plan, Looks("answering"), Setting(deriver=DERIVER))
        lines = plain(parts["left"]).splitlines()
        last = session.activity.options[-1].text if isinstance(session.activity, Choose) else "w′ "
        assert len(lines) - next(at for at in reversed(range(len(lines))) if last in lines[at]) <= 3


@pytest.mark.parametrize("size", [(120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_page_is_a_desert(size: tuple[int, int]) -> None:
    """A page with an experiment fills its room, and one with less to show stands away from the top."""
    run = at("learning-from-data", "rules-or-data")
    plan = plan_for(run, *size, deriver=DERIVER)
    parts, _ = draw_parts(run, plan, Looks("answering"), Setting(deriver=DERIVER))
    assert sum(bool(one.strip(" │")) for one in plain(parts["right"]).splitlines()) >= size[1] // 2
    alone = plan_for(at("chain-rule", "which-way"), *size, deriver=DERIVER)
    assert alone.heights["air"] >= size[1] // 8
    assert alone.heights["verdict"] > alone.heights["air"]
    chain = at("two-weights-in-a-row", "inside")
    parts, _ = draw_parts(chain, plan_for(chain, *size, deriver=DERIVER), Looks(), Setting(deriver=DERIVER))
    for name in ("w₁ 0.47", "σ", "w₂ −1.94"):
        assert name in plain(parts["figure"])
    assert "─ The activation σ ─" in plain(parts["right"])


def test_what_an_unanswered_pass_still_asks_is_not_told_beside_a_later_page() -> None:
    walk, page = after_a_walk("two-weights-in-a-row")
    session = begin(LessonRun(load(find("two-weights-in-a-row"))))
    names = [activity.id for activity in session.lesson_run.lesson.activities]
    found = what_stands_around(session.entered(names.index(page)), DERIVER).beside
    assert found is not None
    assert found.title != session.lesson_run.lesson.title_of(walk)
