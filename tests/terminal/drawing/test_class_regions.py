from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.class_regions import ClassRegions, draw_class_regions
from nn_tutor.terminal.drawing.ink import CLASS_GROUNDS, plain
from tests.terminal.drawing.looking import NUMBERS, SIZES, dots, fills, glyphs, places, plot_of, without_legend

XS, YS = np.linspace(-2, 2, 60), np.linspace(-1, 1, 40)


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def upright(classes: int) -> np.ndarray:
    """As many upright stripes as there are classes, each of its own, from left to right."""
    middles = np.linspace(-2, 2, 2 * classes + 1)[1::2]
    across = softmax(-4 * (XS[:, None] - middles) ** 2)
    return np.repeat(across[None], YS.size, axis=0)


THREE = ClassRegions(
    XS,
    YS,
    upright(3),
    points=((-1.5, 0.5, 0), (0.0, -0.5, 1), (1.5, 0.5, 2), (1.2, -0.5, 0)),
    answers=(0, 1, 2, 2),
    class_names=("y₁", "y₂", "y₃"),
)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_regions_fill_their_place(width: int, height: int) -> None:
    assert fills(draw_class_regions(THREE, width, height), width, height)


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_each_class_has_its_ground_in_its_place_and_is_certain_in_the_middle(classes: int) -> None:
    names = tuple(f"y{place}" for place in range(classes))
    picture = replace(THREE, outputs=upright(classes), class_names=names, points=(), answers=())
    row = glyphs(draw_class_regions(picture, 78, 20))[7]
    steps = [cell[2].step for cell in row if cell[2]]
    found = [step // len(CLASS_GROUNDS[0]) for step in steps]
    assert found == sorted(found)
    assert set(found) == set(range(classes))
    for place in range(classes):
        levels = [step % len(CLASS_GROUNDS[0]) for step, own in zip(steps, found, strict=True) if own == place]
        assert levels[len(levels) // 2] == max(levels) > min(levels)


def test_lines_and_marks_tell_the_regions_apart_without_colours() -> None:
    picture = replace(THREE, outputs=upright(4), class_names=("a", "b", "c", "d"), points=(), answers=())
    drawing = plot_of(draw_class_regions(picture, 78, 23))
    marks: list[set[int]] = [set(), set(), set(), set()]
    for cells in glyphs(drawing):
        assert sum(cell[1] == "strong" and bool(dots(cell[0])) for cell in cells) == 3
        for glyph, role, ground in cells:
            if role == "contour" and dots(glyph) and ground is not None:
                marks[ground.step // len(CLASS_GROUNDS[0])].add(dots(glyph).bit_count())
    assert marks == [set(), {1}, {2}, {2}]
    text = plain(draw_class_regions(picture, 78, 23))
    assert "⠂" in text
    assert "c, dashed" in text
    assert "d, upright dashes" in text


def test_samples_have_the_mark_of_their_class_and_wrong_ones_another() -> None:
    drawing = draw_class_regions(THREE, 78, 20)
    for glyph, role in (("○", "class0"), ("×", "class1"), ("△", "class2"), ("ø", "wrong")):
        assert len(places(without_legend(drawing), glyph, role)) == 1  # type: ignore[arg-type]
    assert "1 of 4 wrong" in plain(drawing)
    right = replace(THREE, answers=(0, 1, 2, 0))
    assert "✓ all right" in plain(draw_class_regions(right, 78, 20))
    assert plain(draw_class_regions(THREE, 30, 3)) == "  4 samples  1 wrong\n\n"


def test_what_has_no_output_is_hatched() -> None:
    outputs = THREE.outputs.copy()
    outputs[:, :20, 1] = np.nan
    assert glyphs(draw_class_regions(replace(THREE, outputs=outputs), 78, 20))[8][10][::2] == ("╱", None)


def test_wrong_shapes_are_errors() -> None:
    with pytest.raises(ValueError, match="shape"):
        replace(THREE, class_names=("y₁", "y₂"))
    with pytest.raises(ValueError, match="1 answers for 4 points"):
        replace(THREE, answers=(0,))


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.lists(st.sampled_from(NUMBERS), min_size=6, max_size=6), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), st.integers(0, 1)), max_size=5),
    st.sampled_from(SIZES),
)
def test_any_regions_fill_their_place(
    outputs: list[list[float]], points: list[tuple[float, float, int]], size: tuple[int, int]
) -> None:
    grid = np.array(outputs).reshape(len(outputs), 3, 2)
    picture = ClassRegions(
        np.array((-1.0, 0.0, 2.0)),
        np.linspace(-1e-12, 1e6, len(outputs)),
        grid,
        tuple(points),
        (0,) * len(points),
        ("a", "b"),
    )
    assert fills(draw_class_regions(picture, *size), *size)
