"""What stands on the screen at the stations that are no walk: a formula, a worked pass, a run, the end."""

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
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.summary import summary_of
from tests.lessons_for_tests import make_lesson
from tests.terminal.frames import frame, see

NETWORK = """\
format_version = 1
id = "test-stations"
title = "Test of stations"
[network]
learning_rate = 0.3
[[network.layers]]
weights = [[0.5], [-0.4]]
[[network.layers]]
weights = [[0.7, 1.2]]
[data]
inputs = [[1.7]]
targets = [[0.45]]
"""


def test_a_formula_is_asked_above_what_it_is_made_from_and_its_own_rule_is_covered(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, f'{NETWORK}[[activity]]\nkind = "derive"\nslope = "dL_do[0,0]"\n')
    rows = {line.split()[0]: line for line in see("", lesson=lesson).splitlines() if line.strip()}
    assert "w₂₁₁·a₁₁ + w₂₁₂·a₁₂" in rows["o₁"]
    assert "(o₁ − y₁)²" in rows["L"]
    assert rows["▶"].split() == ["▶", "∂L/∂o₁", "[?]", "[?]", "[?]"]
    shown = see("? ? ?", lesson=lesson)
    assert "2·(o₁ − y₁)" in next(line for line in shown.splitlines() if line.startswith("▶"))


def test_a_long_worked_pass_leaves_room_for_the_words_and_moves_along_with_the_choice(tmp_path: Path) -> None:
    toml = f'{NETWORK}[[activity]]\nkind = "hunt"\nid = "slip"\nmistake = "forgot-two"\n'
    lesson = make_lesson(tmp_path, toml, "## Find the slip {#slip}\n\nOne line is wrong.\n")
    first = see("", lesson=lesson)
    assert "One line is wrong." in first
    assert "press the down key" not in first
    assert "lines 1 to 8 of 1" in first
    for given in ("given  x₁ 1.7  y₁ 0.45  η 0.3  w₁₁₁ 0.5", "w₂₁₁ 0.7  w₂₁₂ 1.2"):
        assert given in first
    last = see("down " * 30, lesson=lesson)
    marked = next(line for line in last.splitlines() if line.startswith("▶"))
    count = int(first.split("lines 1 to 8 of ")[1].split()[0])
    assert marked.split()[1] == str(count)
    assert f"lines {count - 7} to {count} of {count}" in last
    assert "One line is wrong." in last


def test_a_run_of_one_sample_after_the_other_is_drawn_on_the_map_of_all_samples(tmp_path: Path) -> None:
    toml = """\
format_version = 1
id = "test-online"
title = "Test of an online run"
[network]
learning_rate = 0.1
update = { batching = "online" }
[[network.layers]]
weights = [[0.3]]
biases = [0.2]
[data]
inputs = [[0.8], [1.7], [2.4]]
targets = [[1.05], [1.9], [2.8]]
[[activity]]
kind = "train"
to_loss = 1e-9
most = 50
picture = "plane W1[0,0] b1[0]"
"""
    # Of all three: ((0.44 - 1.05)² + (0.71 - 1.9)² + (0.92 - 2.8)²) / 3; that of the first pass is its first term.
    frame = see("", lesson=make_lesson(tmp_path, toml), size=(100, 36))
    assert "now  L of all 3 1.774" in frame
    assert "L 0.3721" in frame


def test_the_end_shows_every_pass_of_the_longest_run(tmp_path: Path) -> None:
    toml = f'{NETWORK.replace("0.3", "0.05")}[[activity]]\nkind = "train"\nto_loss = 0.0001\nmost = 200\n'
    lesson = make_lesson(tmp_path, toml)
    end = see("end enter", lesson=lesson)
    assert "You reached the end of the lesson." in end
    passes = int(next(line for line in end.splitlines() if "passes" in line).split()[1])
    session = begin(LessonRun(lesson)).run_on(0.0001, lambda made: True)
    losses = summary_of(session).losses
    assert passes == len(losses) == session.place.pass_number
    assert losses[-1] < 0.0001 <= losses[-2]
    assert any(line.endswith(" pass") for line in end.splitlines())  # the axis of the picture


@pytest.mark.parametrize("slope", ["db1[0]", "dW1[0,0]"])
@pytest.mark.parametrize("number", ["b1[0]", "W1[0,0]"])
def test_a_nudge_may_show_the_loss_over_any_weight_or_bias(tmp_path: Path, slope: str, number: str) -> None:
    network = NETWORK.split("[[network.layers]]")[0] + "[[network.layers]]\nweights = [[0.5]]\nbiases = [0.25]\n"
    toml = f'{network}[data]\ninputs = [[1.7]]\ntargets = [[0.45]]\n[[activity]]\nkind = "nudge"\nslope = "{slope}"\n'
    lesson = make_lesson(tmp_path, f'{toml}picture = "loss {number}"\n')
    shown = see("1 enter 0.1 enter 0.01 enter", lesson=lesson, size=(120, 40))
    name, now = ("b", "0.25") if number.startswith("b") else ("w", "0.5")
    assert f"● {name} now {now}" in shown
    assert "slope" in next(line for line in shown.splitlines() if f"● {name} now" in line)
    assert "╱ slope" not in see("1 enter", lesson=lesson, size=(120, 40))


def test_inside_a_run_the_lesson_s_grain_and_the_way_back(tmp_path: Path) -> None:
    walk = '[[activity]]\nkind = "walk"\ngrain = "layer"\nask = []\n'
    train = '[[activity]]\nkind = "train"\nto_loss = 0.0001\nmost = 200\nfirst_pass = 2\n'
    lesson = make_lesson(tmp_path, NETWORK.replace("0.3", "0.05") + walk + train)
    assert "by layer" in see("", lesson=lesson, size=(100, 28))
    inside = see("end end enter end i", lesson=lesson, size=(100, 28))
    assert "by layer" in inside
    assert "i back to the run" in inside
    assert "put off" not in inside
    assert "i goes back" in see("end end enter end i left", lesson=lesson, size=(100, 28))


def test_a_run_that_misses_its_goal_says_so(tmp_path: Path) -> None:
    toml = NETWORK.replace("0.3", "0.05") + '[[activity]]\nkind = "train"\nto_loss = 1e-20\nmost = 3\n'
    end = see("end", lesson=make_lesson(tmp_path, toml))
    assert "in pass 3; the goal, below 1e−20, is not reached, and the loss still falls a little." in " ".join(
        end.split()
    )
    assert "run on" not in end


def test_the_words_of_a_step_are_seen_in_every_window(tmp_path: Path) -> None:
    toml = f'{NETWORK}[[activity]]\nkind = "walk"\nid = "walk"\nask = []\n'
    prose = "## A walk {#walk}\n\nIt begins.\n\n## A sum {#walk:1.forward.a1}\n\nMultiply, then add.\n"
    lesson = make_lesson(tmp_path, toml, prose)
    for size in ((60, 16), (80, 24), (100, 30), (110, 30), (120, 30), (120, 36), (120, 40), (200, 50)):
        shown = see("", lesson=lesson, size=size)
        assert "It begins." in shown, size
        assert "Multiply, then add." in shown, size
        assert "looking" in shown, size
        later = see("right", lesson=lesson, size=size)
        assert "It begins." not in later, size
        assert "Multiply, then add." in later, size


def test_of_a_formula_the_right_one_is_never_told_by_a_mistake(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, f'{NETWORK}[[activity]]\nkind = "derive"\nslope = "dL_do[0,0]"\n')
    for times in (1, 2, 3):
        shown = see("o 1 - y 1 enter " * times, lesson=lesson)
        assert "you forgot the 2" in shown
        assert "yours" in shown
        assert "2·(o₁ − y₁)" not in shown, times
        assert "2·(o − y)" not in shown, times
    assert "✓ right" in see("2 * ( o - y ) enter", lesson=lesson)  # o for o₁: there is but one


def test_a_hint_is_one_to_its_own_cell(tmp_path: Path) -> None:
    walk = '[[activity]]\nkind = "walk"\ngrain = "layer"\nask = ["a1"]\n'
    network = NETWORK.replace("weights = [[0.5], [-0.4]]", 'weights = [[0.5], [-0.4]]\nactivation = "tanh"')
    lesson = make_lesson(tmp_path, network + walk)
    assert "hint 1 of " in see("?", lesson=lesson)
    for arrow in ("right", "down"):
        moved = see(f"? {arrow}", lesson=lesson)
        assert "hint" not in moved.replace("? hint", "")
        assert "hint 1 of " in see(f"? {arrow} ?", lesson=lesson)


def test_eta_is_shown_where_a_step_is_taken(tmp_path: Path) -> None:
    for until, shown in (("backward", False), ("update", True)):
        lesson = make_lesson(tmp_path, f'{NETWORK}[[activity]]\nkind = "walk"\nuntil = "{until}"\nask = ["loss"]\n')
        frame = see("end", lesson=lesson)
        assert "How large is the loss" in frame
        assert ("η 0.3" in frame) is shown
        assert ("lr" in frame) is shown


def test_a_covered_walk_says_its_words_once_and_covers_the_code(tmp_path: Path) -> None:
    toml = f'{NETWORK}[[activity]]\nkind = "walk"\nid = "walk"\nask = ["loss"]\ntable = false\n'
    lesson = make_lesson(tmp_path, toml, "## A walk {#walk}\n\nBy heart.\n")
    assert see("", lesson=lesson).count("By heart.") == 1
    assert "covered" in see("end esc c", lesson=lesson)
    assert "covered" not in see(f"end {' '.join('2.2072')}", lesson=lesson).partition("[1 chain]")[0]
    assert "def measure" not in see("end esc c", lesson=lesson)


def test_the_end_of_a_pass_inside_a_run_is_not_that_of_the_run(tmp_path: Path) -> None:
    train = '[[activity]]\nkind = "train"\nto_loss = 0.0001\nmost = 200\n'
    lesson = make_lesson(tmp_path, NETWORK.replace("0.3", "0.05") + train)
    inside = see("i end", lesson=lesson, size=(100, 28))
    assert inside.splitlines()[0].rpartition(" pass ")[2].split()[0] == "1"
    assert "update" in inside


def test_a_loss_that_is_reached_already_is_said(tmp_path: Path) -> None:
    train = '[[activity]]\nkind = "train"\nto_loss = 0.0001\nmost = 200\n'
    frame = see("9 enter", lesson=make_lesson(tmp_path, NETWORK.replace("0.3", "0.05") + train))
    assert "below 9 already" in frame
    assert "pass 1 of 200" in frame


def test_the_rules_of_neighbours_do_not_tell_a_covered_one(tmp_path: Path) -> None:
    toml = f'{NETWORK}[[activity]]\nkind = "walk"\npasses = 2\nask = [["W"], ["W1[0,0]", "W1[1,0]"]]\n'
    lesson = make_lesson(tmp_path, toml.replace("0.3", "0.05"))
    session = begin(LessonRun(lesson))
    keys = []
    while session.place.pass_number == 1 or not session.is_open:
        if session.question is not None:
            keys.append(" ".join(f"{session.question.truth:.6f}") + " enter")
            session = session.answer(f"{session.question.truth:.6f}")
        else:
            keys.append("right")
            session = session.forward()
    frame = see(" ".join(keys), lesson=lesson)
    rows = {line[2:].split()[0]: line for line in frame.splitlines() if line[2:].strip()}
    assert "[?]" in rows["w₁₁₁′"]
    assert "η" not in rows["w₁₂₁′"]


FOUR = """\
format_version = 1
id = "test-four"
title = "Test of four"
[network]
learning_rate = 8.0
seed = 9
[[network.layers]]
size = [4, 2]
biases = [0.0, 0.0]
activation = "sigmoid"
[[network.layers]]
size = [2, 4]
biases = [0.0, 0.0, 0.0, 0.0]
activation = "sigmoid"
[data]
inputs = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
targets = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
[[activity]]
kind = "train"
to_loss = 0.01
picture = "codes"
"""


def test_codes_are_points_that_part_as_a_network_learns(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, FOUR)
    begun, done = (see(keys, lesson=lesson, size=(100, 36)).splitlines() for keys in ("", "end"))
    assert any("○ y₁ is 1   × y₂ is 1   △ y₃ is 1   □ y₄ is 1" in line for line in done)

    def spread(frame: list[str]) -> int:
        """How many columns lie between the leftmost and the rightmost point above the axis."""
        plot = [line for line in frame if "│" in line or "┤" in line]
        found = [column for line in plot for column, glyph in enumerate(line) if glyph in "○×△□"]
        return max(found) - min(found)

    assert spread(begun) < 45 < 60 < spread(done)


SOFTMAX = """\
format_version = 1
id = "test-softmax"
title = "Test of softmax"
[network]
learning_rate = 0.8
loss = { kind = "categorical_cross_entropy" }
[[network.layers]]
weights = [[0.3, -0.2], [-0.4, 0.1], [0.2, 0.5]]
biases = [0.1, -0.2, 0.3]
activation = "softmax"
[data]
inputs = [[1.6, 0.2], [0.3, 1.7], [-1.2, -0.9]]
targets = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
[[activity]]
kind = "train"
to_loss = 0.05
"""


def test_a_classifier_of_two_inputs_and_several_outputs_shows_its_regions(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, SOFTMAX)
    assert "of 3 wrong" in see("", lesson=lesson, size=(100, 36))
    done = see("end", lesson=lesson, size=(100, 36))
    assert "○ y₁   × y₂, dotted   △ y₃, dashed   ✓ all right" in done


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
