"""What stands on the screen at the stations that are no walk: a formula, a worked pass, a run, the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.summary import summary_of
from tests.lessons_for_tests import make_lesson
from tests.terminal.frames import see

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
