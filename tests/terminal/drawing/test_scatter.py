from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.ink import Drawing, plain
from nn_tutor.terminal.drawing.scatter import ScatterPicture, draw_scatter
from tests.terminal.drawing.looking import NUMBERS, SIZES, dots, fills, glyphs, places, without_legend

LINE = ScatterPicture(
    ((0.0, 1.0), (1.0, 4.0), (2.0, 2.0), (3.0, 6.0)), ((-1.0, 0.0), (4.0, 5.0)), shows_errors=True, lit=3
)
PLANE = ScatterPicture(((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0)), classes=(0, 0, 1, 2))


def test_the_picture_of_samples_and_a_line() -> None:
    assert plain(draw_scatter(LINE, 50, 12)) == GOLDEN


@pytest.mark.parametrize("picture", [LINE, PLANE, ScatterPicture(())])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_samples_fill_their_place(picture: ScatterPicture, width: int, height: int) -> None:
    assert fills(draw_scatter(picture, width, height), width, height)


def test_each_sample_has_a_mark_and_its_class() -> None:
    drawing = draw_scatter(PLANE, 60, 14)
    assert len(places(without_legend(drawing), "○", "class0")) == 2
    assert len(places(without_legend(drawing), "×", "class1")) == 1
    assert len(places(without_legend(drawing), "△", "class2")) == 1
    assert "○ class 0   × class 1   △ class 2" in plain(drawing)


def test_a_legend_inside_the_plot_stands_in_a_row_without_samples() -> None:
    square = replace(PLANE, across=(-0.1, 1.1), upright=(-0.1, 1.1))
    rows = plain(draw_scatter(square, 70, 6)).splitlines()
    legend = next(row for row in rows if "class 2" in row)
    assert [legend.count(mark) for mark in "○×△"] == [1, 1, 1]
    assert rows.index(legend) == 1  # between the samples above and below


def test_samples_that_are_only_measured_are_hollow_and_named() -> None:
    drawing = draw_scatter(replace(LINE, held_out=((0.5, 9.0), (3.5, 3.0))), 60, 14)
    assert len(places(without_legend(drawing), "○", "prediction")) == 2
    assert len(places(without_legend(drawing), "•")) == 4
    assert "○ test samples" in plain(drawing)
    assert "test samples" not in plain(draw_scatter(LINE, 60, 14))


def test_in_a_low_plot_samples_over_one_input_stand_between_rows_too() -> None:
    picture = ScatterPicture(((1.0, 1.0), (2.0, 1.3), (3.0, 2.0), (4.0, 8.0)))
    low, high = (without_legend(draw_scatter(picture, 60, height)) for height in (7, 20))
    assert "•" in plain(high)
    assert "•" not in plain(low)
    legend = next(
        (text.index("⠶ samples"), row) for row, text in enumerate(plain(low).splitlines()) if "⠶ samples" in text
    )
    found = sorted(one for one in dots_by_cell(low).items() if one[0] != legend)
    edge = min(column for (column, _), _ in found)
    parts: list[set[int]] = [set(), set(), set(), set()]
    for (column, row), heights in found:
        parts[round(3 * (column - edge) / (found[-1][0][0] - edge))] |= {4 * row + height for height in heights}
    assert min(parts[0]) > min(parts[1]) > min(parts[2]) > min(parts[3])


def dots_by_cell(drawing: Drawing) -> dict[tuple[int, int], set[int]]:
    """Return the rows of dots that are set in each cell."""
    rows = (0x01 | 0x08, 0x02 | 0x10, 0x04 | 0x20, 0x40 | 0x80)
    return {
        (column, row): {place for place, bits in enumerate(rows) if (ord(glyph) - 0x2800) & bits}
        for row, line in enumerate(glyphs(drawing))
        for column, (glyph, *_) in enumerate(line)
        if "\u2800" < glyph <= "\u28ff"
    }


@pytest.mark.parametrize("x", [0.9, 1.2, 1.9])
def test_a_legend_within_a_low_plot_keeps_away_from_samples(x: float) -> None:
    picture = ScatterPicture(((0.1, 0.45), (0.5, 0.15), (x, 0.95), (2.0, 0.7)), classes=(0, 0, 1, 1))
    top = next(row for row in plain(draw_scatter(picture, 80, 7)).splitlines() if "○ class 0   × class 1" in row)
    before, _, behind = top.partition("○ class 0   × class 1")
    assert not {"×", "○"} & set(before[-3:] + behind[:3])


def test_the_sample_in_question_stands_between_brackets() -> None:
    assert "‹•›" in plain(draw_scatter(LINE, 60, 14))


def test_errors_lead_from_the_sample_to_the_curve() -> None:
    drawing = draw_scatter(LINE, 78, 24)
    column, row = places(without_legend(drawing), "•")[0]
    between = [glyphs(drawing)[y][column] for y in range(row + 1, 21)]
    curve = next(place for place, cell in enumerate(between) if cell[1] == "curve")
    assert curve > 2
    assert all(dots(cell[0]) and cell[1] == "loss" for cell in between[:curve])
    without = glyphs(without_legend(draw_scatter(replace(LINE, shows_errors=False), 78, 24)))
    assert not any(role == "loss" for cells in without for _, role, _ in cells)


def test_a_curve_far_away_does_not_press_the_samples_together() -> None:
    drawing = draw_scatter(replace(LINE, curve=((-1.0, -1e9), (4.0, 1e9)), shows_errors=False), 60, 20)
    rows = [row for _, row in places(without_legend(drawing), "•")]
    assert max(rows) - min(rows) >= 4


def test_a_single_sample_stands_in_the_middle() -> None:
    drawing = draw_scatter(ScatterPicture(((2.0, 3.0),)), 60, 20)
    column, row = places(without_legend(drawing), "•")[0]
    assert column == pytest.approx(30, abs=4)
    assert 4 < row < 14


def test_a_sample_without_a_number_is_left_out() -> None:
    drawing = draw_scatter(ScatterPicture(((math.nan, 0.0), (1.0, 1.0), (2.0, 2.0))), 60, 14)
    assert len(places(without_legend(drawing), "•")) == 2


def test_without_room_the_classes_are_counted() -> None:
    assert plain(draw_scatter(PLANE, 40, 2)) == "  4 samples  ○ 2  × 1  △ 1\n"


def test_wrong_classes_are_an_error() -> None:
    with pytest.raises(ValueError, match="2 classes for 4 points"):
        replace(PLANE, classes=(0, 1))


numbers = st.sampled_from(NUMBERS)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(numbers, numbers), max_size=6),
    st.lists(st.tuples(numbers, numbers), max_size=6),
    st.booleans(),
    st.sampled_from(SIZES),
)
def test_any_samples_fill_their_place(
    points: list[tuple[float, float]], curve: list[tuple[float, float]], has_classes: bool, size: tuple[int, int]
) -> None:
    ascending = tuple(sorted(point for point in curve if not math.isnan(point[0])))
    classes = tuple(range(len(points))) if has_classes else None
    picture = ScatterPicture(tuple(points), ascending, classes, lit=0, shows_errors=True)
    assert fills(draw_scatter(picture, *size), *size)


GOLDEN = (
    " y │\n"
    " 6 ┤                                ‹•›\n"
    "   │                                 ⠨    ⣀⣀⠤⠤\n"
    " 4 ┤                 •            ⣀⣀⠤⠬⠒⠒⠉⠉\n"
    "   │                 ⠅    ⣀⣀⠤⠤⠒⠒⠉⠉\n"
    " 2 ┤             ⢀⣀⡠⠤⠕⠒⠊⠉⠉   •\n"
    "   │     ⢀⣀⡠⠤•⠒⠊⠉⠁\n"
    " 0 ┤ ⠔⠒⠊⠉⠁\n"
    "   │\n"
    "   └─┬───────┬───────┬───────┬───────┬───────┬─ x\n"
    "    −1       0       1       2       3       4\n"
    "  • samples: y   ⠒⠒ the network: o   ⡇ o − y"
)


def missed_by(width: int, height: int) -> list[float]:
    """By how many rows a line is seen to miss the middles of the marks of two samples that it goes through."""
    curve = tuple((place / 50 - 0.2, 3 * (place / 50 - 0.2)) for place in range(301))
    cells = glyphs(without_legend(draw_scatter(ScatterPicture(((2.0, 6.0), (5.0, 15.0)), curve), width, height)))
    missed = []
    for row, column in (
        (at, place) for at, line in enumerate(cells) for place, one in enumerate(line) if one[0] == "•"
    ):
        heights = [
            4 * at + dot
            for side in (column - 1, column + 1)
            for at in range(max(0, row - 1), row + 2)
            for dot, bits in enumerate(((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)))
            for bit in bits
            if dots(cells[at][side][0]) & bit
        ]
        missed.append((sum(heights) / len(heights) - 4 * row - 1.5) / 4)
    return missed


@pytest.mark.parametrize("size", [(112, 40), (111, 39), (110, 38), (112, 41)])
def test_a_line_is_seen_to_meet_the_samples_that_it_goes_through(size: tuple[int, int]) -> None:
    missed = missed_by(*size)
    assert len(missed) == 2
    assert max(map(abs, missed)) < (0.32 if size == (110, 38) else 0.22)
