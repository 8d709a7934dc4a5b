from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.terminal.drawing.cross_entropy import draw_cross_entropy
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.drawing.region import RegionPicture
from nn_tutor.terminal.drawing.unit_lines import UnitLine, UnitsPicture, draw_units
from tests.terminal.drawing.looking import SIZES, dots, fills, floor_of, glyphs, places, without_legend

GRID = np.linspace(-1, 1, 30)
REGION = RegionPicture(GRID, GRID, np.tile(GRID, (30, 1)), ((0.5, 0.5, 1.0), (-0.5, -0.5, 0.0)))
UPRIGHT, LEVEL, FAR = UnitLine(1, 0, 0, 1), UnitLine(0, -1, 0, 2), UnitLine(1, 1, 99, 3)
UNITS = UnitsPicture(REGION, (UPRIGHT, LEVEL))


@pytest.mark.parametrize("size", SIZES)
def test_it_fills_its_place_at_any_size(size: tuple[int, int]) -> None:
    assert fills(draw_units(UNITS, *size), *size)
    assert fills(draw_units(replace(UNITS, title="pass 1", lines=(UPRIGHT, LEVEL, FAR)), *size), *size)
    assert fills(draw_cross_entropy(*size), *size)


def test_each_number_stands_on_the_side_where_its_unit_says_more() -> None:
    drawing = without_legend(draw_units(UNITS, 61, 21))
    floor = plain(drawing).split("\n")[floor_of(drawing)]
    middle = (floor.index("└") + floor.rindex("┬")) / 2
    ((one, _),) = places(drawing, "1", "weight")
    ((_, two),) = places(drawing, "2", "weight")
    assert one > middle  # x above 0
    assert two > floor_of(drawing) / 2  # y below 0: its weight is negative
    turned = without_legend(draw_units(replace(UNITS, lines=(replace(UPRIGHT, weight_x=-1), LEVEL)), 61, 21))
    assert places(turned, "1", "weight")[0][0] < middle


def test_lines_that_lie_on_each_other_all_show_their_numbers() -> None:
    same = tuple(UnitLine(1, 1, -0.5, number) for number in (1, 2, 3))
    drawing = without_legend(draw_units(replace(UNITS, lines=same), 61, 21))
    assert all(len(places(drawing, str(number), "weight")) == 1 for number in (1, 2, 3))


def test_a_line_out_of_sight_is_told() -> None:
    said = plain(draw_units(replace(UNITS, lines=(UPRIGHT, FAR)), 78, 20))
    assert "the line of 3 is not in sight" in said
    assert "1 units, each on the side" in said or "1 unit" in said


def test_the_loss_grows_without_limit_where_the_answer_is_sure_and_wrong() -> None:
    highest: dict[int, int] = {}
    for row, cells in enumerate(glyphs(without_legend(draw_cross_entropy(70, 20)))):
        for column, (glyph, role, _) in enumerate(cells):
            if dots(glyph) and role in ("class0", "class1"):
                highest.setdefault(column, row)
    left, right = min(highest), max(highest)
    assert highest[left] <= 2  # −ln(o) where o comes near 0
    assert highest[right] <= 2  # −ln(1 − o) where o comes near 1
    assert highest[(left + right) // 2] > 12
