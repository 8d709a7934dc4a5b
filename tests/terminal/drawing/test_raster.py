import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.ink import HEATS, Span, plain
from nn_tutor.terminal.drawing.raster import Raster


def dots(raster: Raster) -> set[tuple[int, int]]:
    """Return the dots that are set, read back from the drawing."""
    found = set()
    for row, spans in enumerate(raster.drawing()):
        for column, glyph in enumerate("".join(span.text for span in spans)):
            bits = ord(glyph) - 0x2800 if glyph != " " else 0
            for bit, (x, y) in enumerate(((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))):
                if bits >> bit & 1:
                    found.add((2 * column + x, 4 * row + y))
    return found


def test_each_dot_of_a_cell_has_its_place() -> None:
    for x in range(4):
        for y in range(8):
            raster = Raster(2, 2)
            raster.dot(x, y, "curve")
            assert dots(raster) == {(x, y)}


def test_lines_that_share_a_cell_are_united_and_the_last_gives_the_ink() -> None:
    raster = Raster(1, 1)
    raster.segment(0, 0, 1, 0, "curve")
    raster.segment(0, 3, 1, 3, "tangent")
    assert raster.drawing() == ((Span("⣉", "tangent"),),)


def test_a_mark_takes_the_whole_cell() -> None:
    raster = Raster(3, 1)
    raster.segment(0, 0, 5, 0, "curve")
    raster.mark(1, 0, "●", "accent")
    assert raster.drawing() == ((Span("⠉", "curve"), Span("●", "accent"), Span("⠉", "curve")),)


def test_what_lies_outside_is_cut_off() -> None:
    raster = Raster(2, 1)
    raster.segment(-100, -100, 103, 103, "curve")
    raster.mark(2, 0, "●", "accent")
    raster.mark(-1, 0, "●", "accent")
    assert dots(raster) == {(0, 0), (1, 1), (2, 2), (3, 3)}
    raster.segment(0, 9, 3, 9, "curve")
    assert len(dots(raster)) == 4


def test_a_flat_graph_is_one_dot_thin() -> None:
    raster = Raster(4, 1)
    raster.graph([(0, 2), (7, 2)], "curve")
    assert plain(raster.drawing()) == "⠤⠤⠤⠤"


def test_a_gap_stays_open() -> None:
    raster = Raster(3, 1)
    raster.graph([(0, 1), (1, 1), (2, math.nan), (3, math.inf), (4, 1), (5, 1)], "curve")
    assert {x for x, _ in dots(raster)} == {0, 1, 4, 5}


def test_a_lone_sample_is_a_dot() -> None:
    raster = Raster(2, 1)
    raster.graph([(2.2, 0.9)], "curve")
    assert dots(raster) == {(2, 1)}


def test_samples_that_nearly_coincide_are_a_wall() -> None:
    raster = Raster(1, 1)
    raster.graph([(0, 3), (5e-324, 0), (1, 0)], "curve")
    assert {(0, y) for y in range(1, 4)} <= dots(raster) or {(0, y) for y in range(3)} <= dots(raster)


def test_a_wall_reaches_to_the_edge() -> None:
    raster = Raster(2, 2)
    raster.graph([(0, 7), (1.4, 7), (1.6, -1e300), (3, -1e300)], "curve")
    reached = dots(raster)
    assert (0, 7) in reached
    assert any({(x, y) for y in range(7)} <= reached for x in (1, 2))


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=40))
def test_a_graph_has_no_hole_and_a_dot_in_every_column(heights: list[float]) -> None:
    raster = Raster(20, 16)
    last = len(heights) - 1
    raster.graph([(39 * index / last, 32 + height) for index, height in enumerate(heights)], "curve")
    columns = {x: sorted(y for x_, y in dots(raster) if x_ == x) for x in range(40)}
    for x in range(40):
        assert columns[x], f"column {x} is empty"
        assert columns[x][-1] - columns[x][0] == len(columns[x]) - 1, f"column {x} has a hole"
    for x in range(39):
        here, there = columns[x], columns[x + 1]
        assert max(there[0] - here[-1], here[0] - there[-1]) <= 2, f"a hole between {x} and {x + 1}"


@given(*[st.floats(-1e6, 1e6)] * 4)
def test_any_segment_can_be_drawn(x0: float, y0: float, x1: float, y1: float) -> None:
    raster = Raster(5, 3)
    raster.segment(x0, y0, x1, y1, "tangent")
    assert len(raster.drawing()) == 3


def test_a_ground_lies_under_blanks_dots_and_marks() -> None:
    raster = Raster(4, 1)
    raster.set_backgrounds([HEATS[0], HEATS[0], HEATS[1], None])
    raster.dot(2, 0, "curve")
    raster.mark(2, 0, "●", "accent", lit=True)
    assert raster.drawing() == (
        (
            Span(" ⠁", "curve", ground=HEATS[0]),
            Span("●", "accent", lit=True, ground=HEATS[1]),
            Span(" ", "text"),
        ),
    )
    with pytest.raises(ValueError, match="2 grounds for 4 cells"):
        raster.set_backgrounds([None, None])


def test_dots_of_all_cells_are_added_at_once() -> None:
    raster = Raster(2, 1)
    raster.dot(0, 0, "curve")
    raster.merge(bytes([0x80, 0]), "contour")
    assert raster.drawing() == ((Span("⢁ ", "contour"),),)
    assert raster.painted_over("curve") == ((0, 0),)
    assert raster.painted_over("contour") == ()
