"""What stands on the screen at the stations that are no walk: a formula, a worked pass."""

from __future__ import annotations

from pathlib import Path

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
    assert "lines 1 to 9 of 1" in first
    assert "given  x₁ 1.7  y₁ 0.45  η 0.3  w₁₁₁ 0.5" in first
    last = see("down " * 30, lesson=lesson)
    marked = next(line for line in last.splitlines() if line.startswith("▶"))
    count = int(first.split("lines 1 to 9 of ")[1].split()[0])
    assert marked.split()[1] == str(count)
    assert f"lines {count - 8} to {count} of {count}" in last
    assert "One line is wrong." in last
