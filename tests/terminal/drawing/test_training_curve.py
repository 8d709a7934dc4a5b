from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.ink import plain, width_of
from nn_tutor.terminal.drawing.scatter import HELD_OUT
from nn_tutor.terminal.drawing.training_curve import TrainingCurve, draw_training_curve
from tests.counting import calls
from tests.terminal.drawing.looking import NUMBERS, SIZES, dots, fills, glyphs, places, without_legend

PASSES = np.arange(1, 41)
FALLING = TrainingCurve(2 * np.exp(-PASSES / 8), at=12, goal=0.01)
NOISE = np.random.default_rng(5).normal(0, 0.4, 100_000)
LONG = TrainingCurve(0.8 / np.sqrt(np.arange(1, 100_001)) * np.exp(NOISE), at=20_000, goal=0.001)


def test_the_picture_of_a_short_run() -> None:
    assert plain(draw_training_curve(FALLING, 60, 12)) == GOLDEN


@pytest.mark.parametrize("picture", [FALLING, LONG, TrainingCurve(()), TrainingCurve((0.5,), at=1)])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_run_fills_its_place(picture: TrainingCurve, width: int, height: int) -> None:
    assert fills(draw_training_curve(picture, width, height), width, height)


def test_the_pass_at_hand_stands_over_its_number_and_beside_its_loss() -> None:
    picture = TrainingCurve((4.0, 3.0, 2.0, 1.0, 0.0), at=3, until=9)
    drawing = draw_training_curve(picture, 60, 14)
    (point,), (foot,) = (places(without_legend(drawing), glyph, "accent") for glyph in "●▲")
    assert point[0] == foot[0]
    assert "2" in plain(drawing).split("\n")[point[1]].split("┤")[0]
    assert "● pass 3  L 2" in plain(drawing)


def test_wide_losses_are_drawn_in_powers_of_ten() -> None:
    text = plain(draw_training_curve(FALLING, 60, 14))
    assert "0.1 ┤" in text
    assert "0.01 ┤" in text
    even = plain(draw_training_curve(TrainingCurve((2.0, 1.5, 1.0)), 60, 14))
    assert "0.1 ┤" not in even


def test_an_exponential_fall_is_a_straight_line() -> None:
    drawing = draw_training_curve(TrainingCurve(10.0 ** -np.linspace(0, 4, 60)), 66, 20)
    curve = {
        column: row
        for row, cells in enumerate(glyphs(drawing)[:-1])
        for column, (glyph, role, _) in enumerate(cells)
        if role == "loss" and dots(glyph)
    }
    first, last = min(curve), max(curve)
    slope = (curve[last] - curve[first]) / (last - first)
    assert all(row == pytest.approx(curve[first] + slope * (column - first), abs=1) for column, row in curve.items())


def test_the_goal_is_a_line_that_does_not_hide_the_losses() -> None:
    drawing = draw_training_curve(FALLING, 60, 14)
    rows = {row for _, row in places(without_legend(drawing), "┄", "target")}
    assert len(rows) == 1
    assert "┄ goal 0.01" in plain(drawing)


@pytest.mark.parametrize("height", [7, 8, 10, 14, 20])
@pytest.mark.parametrize("goal", [0.05, 0.1, 0.2, 0.003])
def test_the_line_of_the_goal_stands_beside_no_number_but_its_own(goal: float, height: int) -> None:
    picture = TrainingCurve(tuple(1.2 * 0.8 ** np.arange(10)), at=3, goal=goal)
    rows = plain(draw_training_curve(picture, 60, height)).split("\n")
    numbers = [row.split("┤")[0].strip() for row in rows if "┄┄" in row and "┤" in row]
    assert all(float(number) == goal for number in numbers)


def test_jitter_is_seen_as_a_range_around_the_mean() -> None:
    drawing = draw_training_curve(LONG, 78, 20)
    inks = [role for row in glyphs(drawing)[:16] for glyph, role, _ in row if dots(glyph)]
    assert inks.count("path") > 50
    assert inks.count("loss") > 50
    assert "mean" in plain(drawing)
    assert "range" in plain(drawing)


def test_one_bad_pass_among_many_is_seen() -> None:
    losses = np.full(50_000, 0.5)
    losses[31_234] = 5.0
    drawing = draw_training_curve(TrainingCurve(losses, passes="evenly"), 78, 20)
    highest = min(row for row, cells in enumerate(glyphs(drawing)[:16]) for glyph, _, _ in cells if dots(glyph))
    assert highest <= 3


def test_a_long_run_that_falls_early_has_its_passes_in_powers_of_ten() -> None:
    assert "1,000" in plain(draw_training_curve(LONG, 78, 20)).split("\n")[-2]
    assert "10,000" in plain(draw_training_curve(LONG, 78, 20)).split("\n")[-2]
    steady = TrainingCurve(np.linspace(2, 1, 5000))
    assert "4,000" in plain(draw_training_curve(steady, 78, 20)).split("\n")[-2]


def test_a_curve_grows_into_its_place() -> None:
    short = draw_training_curve(TrainingCurve((4.0, 3.0), until=100), 78, 14)
    assert all(column < 12 for row in glyphs(short)[:11] for column, cell in enumerate(row) if dots(cell[0]))


def test_a_run_that_breaks_says_where() -> None:
    drawing = draw_training_curve(TrainingCurve((1.0, 50.0, 1e9, math.inf), at=3, until=8), 60, 14)
    assert places(without_legend(drawing), "✗", "wrong")
    assert "✗ the run breaks here" in plain(drawing)


def test_passes_have_whole_numbers() -> None:
    axis = plain(draw_training_curve(TrainingCurve((1.0, 0.9, 0.8)), 78, 14)).split("\n")[-2]
    assert axis.split() == ["1", "2", "3"]


def test_without_room_pass_and_loss_are_said() -> None:
    assert plain(draw_training_curve(TrainingCurve((4.0, 3.0), at=2, goal=0.1), 40, 2)) == "  pass 2  L 3  goal 0.1\n"


def test_a_hundred_thousand_passes_are_no_more_work_than_two_thousand() -> None:
    short = TrainingCurve(LONG.losses[:2_000], at=20, goal=0.001)
    few = calls(lambda: draw_training_curve(short, 80, 20))
    assert calls(lambda: draw_training_curve(LONG, 80, 20)) < 2 * few


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.sampled_from(NUMBERS), max_size=8),
    st.sampled_from((1, 40, 300)),
    st.sampled_from((1, 0, 7)),
    st.none() | st.integers(-2, 3000),
    st.none() | st.sampled_from(NUMBERS),
    st.none() | st.integers(-2, 100_000),
    st.sampled_from(("auto", "evenly", "powers")),
    st.sampled_from(SIZES),
)
def test_any_run_fills_its_place(
    losses: list[float],
    times: int,
    first: int,
    at: int | None,
    goal: float | None,
    until: int | None,
    passes: str,
    size: tuple[int, int],
) -> None:
    picture = TrainingCurve(tuple(losses * times), first, at, goal, until, passes)  # type: ignore[arg-type]
    assert fills(draw_training_curve(picture, *size), *size)


GOLDEN = (
    "    L │\n"
    "      │⣀⣀\n"
    "    1 ┤  ⠉⠉⠒⠢⠤⢄⣀⡀\n"
    "      │         ⠈⠉⠒⠒●⠤⣀⡀\n"
    "      │             ┊  ⠈⠉⠑⠒⠢⠤⣀⣀\n"
    "  0.1 ┤             ┊          ⠉⠉⠒⠢⠤⢄⣀⡀\n"
    "      │             ┊                 ⠈⠉⠒⠒⠤⠤⣀⡀\n"
    "      │             ┊                        ⠈⠉⠑⠒⠢⠤⣀⣀\n"
    " 0.01 ┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄⠉\n"
    "      └──────────┬──▲────────┬───────────┬───────────┬ pass\n"
    "                 10          20          30          40\n"
    "  ● pass 12  L 0.4463   ┄ goal 0.01   L on a log scale"
)


def test_rows_that_are_held_out_are_drawn_beside_the_others_and_named() -> None:
    numbers = np.arange(1, 61)
    losses, held_out = 2 * np.exp(-numbers / 8) + 0.2, 1.5 * np.exp(-numbers / 8) + 0.9
    drawing = draw_training_curve(TrainingCurve(losses, at=60, held_out=held_out), 90, 20)
    roles = {span.role for line in drawing for span in line if any("\u2800" < sign <= "\u28ff" for sign in span.text)}
    assert {"loss", HELD_OUT} <= roles
    assert "test loss 0.9008" in plain(drawing)
    alone = draw_training_curve(TrainingCurve(losses, at=60), 90, 20)
    assert "test loss" not in plain(alone)


def test_where_two_curves_share_their_cells_both_colours_are_seen() -> None:
    losses = np.linspace(1.0, 0.99, 40)
    drawing = draw_training_curve(TrainingCurve(losses, held_out=losses - 0.001), 78, 17)
    roles = [span.role for line in drawing for span in line if any("\u2800" < sign <= "\u28ff" for sign in span.text)]
    assert min(roles.count("loss"), roles.count(HELD_OUT)) > 10


def test_the_curve_of_held_out_rows_begins_at_its_first_loss() -> None:
    held_out = np.concatenate(([1.0, 0.4, 0.3, 0.2, 0.2, 0.2], np.full(794, 0.2)))
    drawing = draw_training_curve(TrainingCurve(np.full(800, 0.01), held_out=held_out, passes="evenly"), 58, 20)
    rows = [row for row, line in enumerate(drawing) if any(span.role == HELD_OUT and _dots(span.text) for span in line)]
    level = max(rows, key=lambda row: _dots(plain((drawing[row],))))
    assert min(rows) < level - 3


def _dots(text: str) -> int:
    return sum("\u2800" < sign <= "\u28ff" for sign in text)


def test_the_axis_reaches_to_the_losses_of_rows_that_are_held_out() -> None:
    drawing = plain(draw_training_curve(TrainingCurve((1.0, 0.9, 0.8), at=3, held_out=(1.0, 3.0, 7.0)), 70, 16))
    ticks = [float(line.partition("┤")[0]) for line in drawing.splitlines() if "┤" in line]
    assert max(ticks) > 2


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 1e308])
@pytest.mark.parametrize("size", [(80, 20), (20, 5), (10, 2)])
def test_any_loss_of_held_out_rows_can_be_drawn(odd: float, size: tuple[int, int]) -> None:
    drawing = draw_training_curve(TrainingCurve((1.0, 0.5, 0.4), at=2, held_out=(odd, 1.0, odd)), *size)
    assert len(drawing) == size[1]
    assert all(width_of(line) == size[0] for line in drawing)


@pytest.mark.parametrize("width", [46, 52, 60, 90])
def test_of_two_runs_both_are_named_before_their_numbers_have_room(width: int) -> None:
    losses = 0.01234 * np.exp(-PASSES / 8)
    race = TrainingCurve(losses, at=12, rival=2 * losses, names=("● momentum", "■ gradient descent"))
    shown = plain(draw_training_curve(race, width, 12))
    assert "● momentum" in shown
    assert "■ gradient descent" in shown
    assert ("0.0055" in shown) == (width == 90)
