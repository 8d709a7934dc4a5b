from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.ink import SIDES, plain
from nn_tutor.terminal.drawing.region import RegionPicture, draw_region
from tests.terminal.drawing.looking import NUMBERS, SIZES, dots, fills, glyphs, places, without_legend

XS, YS = np.linspace(-1, 3, 60), np.linspace(-1, 1, 40)
SPLIT = RegionPicture(
    XS,
    YS,
    1 / (1 + np.exp(-3 * (XS[None, :] - 1 + 0 * YS[:, None]))),
    points=((-0.5, 0.5, 0.0), (0.0, -0.5, 1.0), (2.0, 0.5, 1.0), (2.5, -0.5, 0.0)),
)


def test_the_picture_of_two_regions() -> None:
    assert plain(draw_region(SPLIT, 60, 12)) == GOLDEN


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_region_fills_its_place(width: int, height: int) -> None:
    assert fills(draw_region(SPLIT, width, height), width, height)


def test_the_ground_says_the_side_and_how_certain() -> None:
    across = [cell[2].step for cell in glyphs(draw_region(SPLIT, 78, 20))[7] if cell[2]]
    assert across == sorted(across)
    assert (across[0], across[-1]) == (0, len(SIDES) - 1)
    assert across.index(len(SIDES) // 2) == pytest.approx(len(across) / 2, abs=1)


def test_the_line_between_and_the_side_of_class_1_show_without_colours() -> None:
    for height in (14, 20, 30):
        sown = 0
        for cells in glyphs(draw_region(replace(SPLIT, points=()), 78, height))[: height - 3]:
            line = [column for column, cell in enumerate(cells) if cell[1] == "strong" and dots(cell[0])]
            specks = [column for column, cell in enumerate(cells) if cell[1] == "contour" and dots(cell[0])]
            assert len(line) == 1
            assert all(column >= line[0] for column in specks)
            sown += len(specks)
        assert sown > 3 * (height - 3)


def test_samples_have_the_mark_of_their_class_and_wrong_ones_another() -> None:
    drawing = without_legend(draw_region(SPLIT, 78, 20))
    assert len(places(drawing, "○", "class0")) == 1
    assert len(places(drawing, "×", "class1")) == 1
    assert len(places(drawing, "ø", "wrong")) == 1
    assert len(places(drawing, "⊗", "wrong")) == 1
    assert "2 of 4 wrong" in plain(draw_region(SPLIT, 78, 20))


def test_the_answers_that_are_given_decide_what_is_wrong() -> None:
    drawing = draw_region(replace(SPLIT, answers=(0.1, 0.9, 0.8, 0.2)), 78, 20)
    assert "✓ all right" in plain(drawing)
    assert not {"ø", "⊗"} & set(plain(drawing))


def test_the_sample_in_question_stands_between_brackets() -> None:
    text = plain(draw_region(replace(SPLIT, lit=2), 78, 20))
    assert "‹×›" in text
    assert text.count("‹") == 1


def test_an_output_on_the_threshold_says_class_1() -> None:
    picture = replace(SPLIT, points=((0.0, 0.0, 0.5),), answers=(0.5,))
    assert places(without_legend(draw_region(picture, 78, 20)), "×", "class1")


def test_another_threshold_divides_there() -> None:
    picture = replace(SPLIT, outputs=SPLIT.outputs * 2 - 1, threshold=0.0, points=())
    across = [cell[2].step for cell in glyphs(draw_region(picture, 78, 20))[7] if cell[2]]
    assert (across[0], across[-1]) == (0, len(SIDES) - 1)
    assert "o below 0" in plain(draw_region(picture, 78, 20))


def test_what_has_no_output_is_hatched() -> None:
    outputs = SPLIT.outputs.copy()
    outputs[:, :20] = np.nan
    assert glyphs(draw_region(replace(SPLIT, outputs=outputs, points=()), 78, 20))[8][10][::2] == ("╱", None)


def test_without_room_the_count_is_said() -> None:
    assert plain(draw_region(SPLIT, 30, 3)) == "  4 samples  2 wrong\n\n"


def test_wrong_shapes_are_errors() -> None:
    with pytest.raises(ValueError, match="shape"):
        RegionPicture(XS, YS, np.zeros((60, 40)))
    with pytest.raises(ValueError, match="1 answers for 4 points"):
        replace(SPLIT, answers=(0.5,))


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.lists(st.sampled_from(NUMBERS), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.tuples(*[st.sampled_from(NUMBERS)] * 3), max_size=5),
    st.sampled_from((0.5, 0.0, 1.0, 1e-12, -1e6)),
    st.sampled_from(SIZES),
)
def test_any_region_fills_its_place(
    outputs: list[list[float]], points: list[tuple[float, float, float]], threshold: float, size: tuple[int, int]
) -> None:
    ys = np.linspace(-1e-12, 1e6, len(outputs))
    picture = RegionPicture(
        np.array((-1.0, 0.0, 2.0)), ys, np.array(outputs), tuple(points), threshold=threshold, lit=0
    )
    assert fills(draw_region(picture, *size), *size)


GOLDEN = (
    " x₂ 1 ┤                        ⢸⠂     ⠂     ⠂     ⠂\n"
    "      │                        ⢸   ⠂     ⠂     ⠂     ⠂\n"
    "      │      ○                 ⢸⠂     ⠂    ×⠂     ⠂\n"
    "      │                        ⢸   ⠂     ⠂     ⠂     ⠂\n"
    "    0 ┤                        ⢸⠂     ⠂     ⠂     ⠂\n"
    "      │                        ⢸   ⠂     ⠂     ⠂     ⠂\n"
    "      │            ⊗           ⢸⠂     ⠂     ⠂    ø⠂\n"
    "      │                        ⢸   ⠂     ⠂     ⠂     ⠂\n"
    "   −1 ┤                        ⢸⠂     ⠂     ⠂     ⠂\n"
    "      └┬───────────┬───────────┬───────────┬───────────┬ x₁\n"
    "      −1           0           1           2           3\n"
    "  ○ class 0, o below 0.5   × 1, dotted   ø ⊗ 2 of 4 wrong"
)
