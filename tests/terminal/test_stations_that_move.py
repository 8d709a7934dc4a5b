"""What is said and drawn of runs, tunings and the ways to go on: on the screen of the lesson."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, panels_of, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.practice import round_of
from nn_tutor.tutor.session import begin
from tests.lessons_for_tests import make_lesson
from tests.terminal.frames import frame, see
from tests.terminal.test_stations import NETWORK


def test_a_verdict_on_a_tuning_goes_when_its_numbers_are_moved(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, f'{NETWORK}[[activity]]\nkind = "tune"\nof = ["W1[0,0]"]\nto_loss = 0.01\n')
    assert "the loss is still" in see("0 . 7 0 enter", lesson=lesson)
    assert "the loss is still" not in see("0 . 7 0 enter right", lesson=lesson)


def test_a_loss_that_a_run_never_reaches_is_said(tmp_path: Path) -> None:
    train = '[[activity]]\nkind = "train"\nto_loss = 0.05\nmost = 30\n'
    lesson = make_lesson(tmp_path, NETWORK.replace("0.3", "0.001") + train)
    assert "such as 0.1" in see("", lesson=lesson)

    async def run_out(app: TutorApp, pilot: Pilot[None]) -> None:
        while "did not get below" not in frame(app):
            await pilot.pause(0.02)

    assert "did not get below 0.01" in see("0 . 0 1 enter", lesson=lesson, then=run_out)


def test_a_run_suggests_a_loss_that_it_comes_to(tmp_path: Path) -> None:
    for goal, suggested in ((0.15, "0.2"), (0.05, "0.1"), (0.3, "0.3")):
        lesson = make_lesson(
            tmp_path / str(goal), f'{NETWORK}[[activity]]\nkind = "train"\nto_loss = {goal}\nmost = 9\n'
        )
        assert f"such as {suggested}" in see("", lesson=lesson)


def test_a_panel_that_is_not_there_is_told_the_others_by_names_that_say_something() -> None:
    session = begin(LessonRun(load(find("many-samples"))))
    assert panels_of(session.answer("0.5").forward(), None) == ("words", "what they are about")


@pytest.mark.parametrize("seed", range(4))
def test_a_round_of_practice_has_no_panel_of_words_that_nobody_wrote(seed: int) -> None:
    session = begin(LessonRun(round_of("mix", seed)))
    for index in range(len(session.lesson_run.lesson.activities)):
        asked = session.entered(index)
        assert asked.station.words == ""
        assert "read" not in panels_of(asked, None)
        parts, _ = draw_parts(asked, plan_for(asked, 80, 24), Looks("answering"), Setting())
        assert "[1 chain]  2 picture   3 code" in plain(parts["tabs"])


def test_nudging_both_ways_does_not_tell_the_slope_at_once(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, f'{NETWORK}[[activity]]\nkind = "nudge"\nslope = "dL_do[0,0]"\n')
    assert "both ways" not in see("1 enter 2 enter", lesson=lesson)
    assert "both ways" in see("1 enter 2 enter 3 enter", lesson=lesson)


def test_asking_for_a_hint_or_for_links_in_vain_leaves_the_line_as_it_was(tmp_path: Path) -> None:
    nudge = make_lesson(tmp_path / "nudge", f'{NETWORK}[[activity]]\nkind = "nudge"\nslope = "dL_do[0,0]"\n')
    told = see("?", lesson=nudge)
    assert "there is no question here" in told
    assert " answering " in told
    assert "nudge 2 more times" in see("? 1 enter", lesson=nudge)
    derive = make_lesson(tmp_path / "derive", f'{NETWORK}[[activity]]\nkind = "derive"\nslope = "dL_do[0,0]"\n')
    told = see("o 1 f2", lesson=derive)
    assert "has no parts" in told
    assert " > o1" in told
    assert "has no parts" in see("? ? f2", lesson=derive)


def test_the_footer_of_the_first_station_names_no_way_back(tmp_path: Path) -> None:
    read = '[[activity]]\nkind = "read"\nid = "first"\n[[activity]]\nkind = "read"\nid = "second"\n'
    lesson = make_lesson(tmp_path, NETWORK + read, "## First {#first}\n\nOne.\n\n## Second {#second}\n\nTwo.\n")
    first, second = see("", lesson=lesson), see("enter", lesson=lesson)
    assert "One." in first
    assert "← back" not in first
    assert "Two." in second
    assert "← back" in second
    walked = make_lesson(tmp_path / "walk", f'{NETWORK}[[activity]]\nkind = "walk"\n')
    assert "← back" not in see("", lesson=walked)
    assert "← back" in see("enter", lesson=walked)


def test_the_verdict_on_a_weight_on_the_curve_goes_once_it_is_moved_on_or_left(tmp_path: Path) -> None:
    network = NETWORK.split("[[network.layers]]")[0] + "[[network.layers]]\nweights = [[0.5]]\n"
    data = "[data]\ninputs = [[1.7]]\ntargets = [[0.45]]\n"
    toml = f'{network}{data}[[activity]]\nkind = "read"\nid = "read"\n[[activity]]\nkind = "place"\n'
    lesson = make_lesson(tmp_path, toml, "## Words {#read}\n\nWords.\n")
    judged = "enter right right enter "
    assert "not yet" in see(judged, lesson=lesson)
    assert "not yet" not in see(f"{judged}right", lesson=lesson)
    assert "not yet" in see(f"{judged}right left", lesson=lesson)
    assert "hint 1 of" in see(f"{judged}right ?", lesson=lesson)
    assert "not yet" not in see(f"{judged}esc pageup enter", lesson=lesson)


def test_the_answer_line_stays_where_it_is_when_the_loss_over_a_tuned_weight_is_drawn(tmp_path: Path) -> None:
    network = NETWORK.split("[[network.layers]]")[0] + "[[network.layers]]\nweights = [[0.5]]\n"
    toml = f'{network}[data]\ninputs = [[2]]\ntargets = [[3]]\n[[activity]]\nkind = "tune"\nto_loss = 0.1\n'
    lesson = make_lesson(tmp_path, toml)
    before, after = (see(keys, lesson=lesson, size=(120, 40)) for keys in ("", "1.5 enter"))
    frames = [
        [number for number, line in enumerate(shown.splitlines()) if line.startswith(("╭", "╰"))]
        for shown in (before, after)
    ]
    assert "drawn here once the goal is reached" in before
    assert "● w now 1.5" in after
    assert frames[0] == frames[1] != []


def test_before_the_curve_is_drawn_each_weight_that_was_tried_has_its_dots_and_no_more_is_told(tmp_path: Path) -> None:
    network = NETWORK.split("[[network.layers]]")[0] + "[[network.layers]]\nweights = [[0.5]]\n"
    toml = f'{network}[data]\ninputs = [[2]]\ntargets = [[3]]\n[[activity]]\nkind = "tune"\nto_loss = 0.1\n'
    lesson = make_lesson(tmp_path, toml)
    none, some, more = (see(keys, lesson=lesson, size=(120, 40)) for keys in ("", "up up", "up up down down left"))
    counts = [sum("\u2800" < sign <= "\u28ff" for sign in shown) for shown in (none, some, more)]
    assert counts[0] <= 2
    assert counts[0] < counts[1] <= 4 * 3
    assert "⠶ tried" in none


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_loss_right_below_the_goal_is_written_alike_all_over_the_screen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    network = NETWORK.split("[[network.layers]]")[0] + "[[network.layers]]\nweights = [[0.5]]\n[data]\n"
    data = "inputs = [[1.2]]\ntargets = [[0.7]]\n"
    run = begin(
        LessonRun(make_lesson(tmp_path / "a", f'{network}{data}[[activity]]\nkind = "train"\nto_loss = 1e-9\n'))
    )
    loss = run.lesson_run.run(0).loss(3)
    assert loss is not None
    goal = round(loss, 12) * (1 + 1e-6)
    lesson = make_lesson(tmp_path / "b", f'{network}{data}[[activity]]\nkind = "train"\nto_loss = {goal!r}\n')
    shown = see("end", lesson=lesson, size=size)
    said = set(re.findall(r"L (\d\S*)", shown))
    assert len(said) == 1, shown
    assert said != {numeral(goal)}


def test_the_footer_says_that_fresh_numbers_follow_also_on_fresh_numbers(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, f'{NETWORK}[[activity]]\nkind = "walk"\nask = ["loss"]\n')
    to_fresh = "end escape s s enter"
    for keys in ("end escape s s", f"{to_fresh} escape s s"):
        shown = see(keys, lesson=lesson)
        assert "the same with fresh numbers" in shown
        assert "fresh numbers" in shown.splitlines()[-1]
    assert "go on" not in see(f"{to_fresh} escape s s", lesson=lesson).splitlines()[-1]


def test_a_table_that_was_scrolled_away_comes_back_to_what_was_answered(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, f'{NETWORK}[[activity]]\nkind = "walk"\nask = ["loss"]\n')
    away = "end escape down down down enter"
    shows = [
        any(row.startswith("▶ L") for row in see(keys, lesson=lesson).splitlines())
        for keys in (away, f"{away} 0.4502 enter", f"{away} 0.9 enter")
    ]
    assert shows == [False, True, False]


def test_the_words_above_a_picture_give_it_their_title_and_blank_lines_on_a_low_screen() -> None:
    lesson_run = LessonRun(load(find("xor")))
    place = [one.id for one in lesson_run.lesson.activities].index("watch")
    learned = begin(lesson_run).entered(place).answer("900").to_end()
    low, high = (
        plain(draw_parts(learned, plan_for(learned, *size), Looks(), Setting())[0]["left"])
        for size in ((80, 24), (80, 40))
    )
    assert "It answers all four." in low
    assert "1 2 3 units, each on the side" in low, "the legend has room"
    assert sum(" │" in row or " ┤" in row for row in low.splitlines()) >= 7
    assert "Learned" in high


def test_the_words_of_a_nudge_stay_above_its_table_however_often_it_was_nudged() -> None:
    lesson = load(find("slope"))
    asked = "How far does the output move for each 1 that w moves?"
    for nudges in ("", "1 enter", "1 enter 0.1 enter -0.5 enter", " ".join(f"{place} enter" for place in range(1, 10))):
        shown = see(nudges, lesson=lesson)
        assert asked in " ".join(shown.split()), nudges
        assert "You know that you want to go down" in shown, nudges
        assert "∂o/∂w = 2   the slope" in shown or nudges in ("", "1 enter")
    assert re.search(r"9 +28 +18 +2", shown)  # the last one is in sight


def test_beside_its_words_a_run_has_no_picture_that_is_a_line_of_numbers() -> None:
    session = begin(LessonRun(load(find("chain-rule"))))
    names = [activity.id for activity in session.lesson_run.lesson.activities]
    run = session.entered(names.index("run-on"))
    text = plain(draw_parts(run, plan_for(run, 80, 24), Looks(), Setting())[0]["left"])
    assert "A computer does exactly" in text
    assert "pass 5 of 100" in text
    assert "slope 0.2649" not in text
    assert all(row.startswith("  ") for row in text.splitlines() if row)


def test_what_a_worked_pass_starts_from_stays_on_its_line_where_all_lines_are_seen() -> None:
    session = begin(LessonRun(load(find("softer-bends"))))
    hunt = next(n for n, activity in enumerate(session.lesson_run.lesson.activities) if activity.kind == "hunt")
    session = session.entered(hunt)
    for size in ((80, 24), (120, 40), (200, 50)):
        text = plain(draw_parts(session, plan_for(session, *size), Looks(), Setting())[0]["left"])
        assert re.search(r"given  x 0\.75  y 0\.29  η 0\.6  w −0\.5802", text), size


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_loss_that_is_brought_down_has_one_form_on_the_whole_screen(size: tuple[int, int]) -> None:
    """Lesson 2 shows a loss of four millionths before lesson 3 says how 1e-15 is read."""
    session = begin(LessonRun(load(find("one-weight-by-hand")))).answer("1.31")
    parts, _ = draw_parts(session, plan_for(session, *size), Looks(), Setting(number=2))
    shown = plain([one for name in ("figure", "left", "right", "verdict") for one in parts[name]])
    assert re.search(r"\de−", shown) is None
    assert shown.count("0.000004") >= 2
