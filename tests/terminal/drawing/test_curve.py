import math
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.curve import CurvePicture, draw_curve
from nn_tutor.terminal.drawing.ink import Drawing, Role, plain
from tests.terminal.drawing.looking import floor_of, glyphs, plot_of, without_legend


def sampled(loss: Callable[[float], float], low: float, high: float, weight: float, slope: float) -> CurvePicture:
    weights = tuple(low + (high - low) * index / 200 for index in range(201))
    return CurvePicture(weights, tuple(loss(w) for w in weights), weight, loss(weight), slope)


def squared(w: float) -> float:
    return (0.8 * w - 1.05) ** 2


def squashed(w: float) -> float:
    return (1 / (1 + math.exp(-1.8 * w)) - 0.4) ** 2


FIRST = replace(sampled(squared, 1, 4, 2.75, 1.84), predicted=(2.198, squared(2.198)))


def text(picture: CurvePicture, width: int, height: int) -> str:
    return plain(draw_curve(picture, width, height))


def cells(drawing: Drawing) -> dict[tuple[int, int], tuple[str, Role]]:
    """Return the glyph and the role of each cell that is not blank, by (column, row)."""
    return {
        (column, row): (glyph, role)
        for row, line in enumerate(glyphs(drawing))
        for column, (glyph, role, _) in enumerate(line)
        if glyph != " "
    }


def place(drawing: Drawing, glyph: str, role: Role) -> tuple[int, int]:
    """Return where a mark stands; the legend below the plot does not count."""
    return next(place for place, found in cells(without_legend(drawing)).items() if found == (glyph, role))


def plot_edges(drawing: Drawing) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first and the last column of a plot, and its first and last row."""
    floor = floor_of(drawing)
    said = plain(drawing).split("\n")[floor]
    return (said.index("└") + 1, len(said.rstrip().removesuffix(" w")) - 1), (0, floor - 1)


def bits(glyph: str) -> int:
    return ord(glyph) - 0x2800 if "⠀" <= glyph <= "⣿" else 0


def test_the_picture_of_the_first_step() -> None:
    assert text(FIRST, 58, 16) == (
        " L │\n"
        "   │\n"
        "   │                                                ⣀⡴⠛\n"
        " 4 ┤                                             ⢀⣠⠞⠉\n"
        "   │                                          ⢀⣠⠶⠋⣁⡠⠔⠊⠉\n"
        "   │                                       ⢀⣠⢶⣋⠥⠒⠉\n"
        "   │                                    ⣀⣤⠶⠟⠋⠁\n"
        " 2 ┤                                ⢀⣠⡴⠞⠉\n"
        "   │                           ⢀⣀●⠶⠞⠋⠁\n"
        "   │                      ⣀⣤⣴⠶⠟⠛⠉┊\n"
        "   │             ⣀⣀⣀⣤⣤⡴⣶◇⠛⠉⠁     ┊\n"
        " 0 ┤⠛⠛⠛⠛⠛⠛⠛⠛⠛⠛⠛⠛⠛⠉⣉⡩⠔⠊⠉ ┊        ┊\n"
        "   └┬───────┬────────┬──◀━━━━━━━━▲───┬────────┬───────┬ w\n"
        "   1.0     1.5      2.0     2.5     3.0      3.5     4.0\n"
        "  ● w now 2.75   ╱ slope 1.84   ◇ next 2.198\n"
        ""
    )


def test_the_picture_in_a_small_panel() -> None:
    picture = replace(sampled(squashed, -4, 4, -1.3, -0.09006), past=((-1.9, squashed(-1.9)),))
    assert text(picture, 40, 10) == (
        "    L │⣀                     ⢀⣀⣤⣤⣤⣤⣤⣤\n"
        "      │ ⠑⢄⡀                ⣠⠞⠋⠉\n"
        " 0.25 ┤   ⠈⠢⣀            ⢀⡾⠁\n"
        "      │⣤⣤⣤⣤⣄⣀⣑⣤⡀        ⢠⡟\n"
        "      │    ⠉⠉⠉1⠛⢷●⡀    ⢠⡟\n"
        "      │          ⠈⠻⣦⡀ ⣠⠟\n"
        " 0.00 ┤          ┊ ⠈⠛⠛⢅\n"
        "      └┬──────┬──▲────┬──────┬──────┬ w\n"
        "      −4     −2       0      2      4\n"
        "  ● w now −1.3   ╲ −0.09006   1 before"
    )


def test_a_tick_stands_in_the_row_where_the_curve_has_that_loss() -> None:
    picture = replace(sampled(lambda w: w, 0, 10, 5, 1), slope=None)
    drawing = draw_curve(picture, 65, 20)
    curve = {(column, row) for (column, row), (_, role) in cells(plot_of(drawing)).items() if role == "curve"}
    ticked = [(float(spans[0].text.strip(" ┤")), row) for row, spans in enumerate(drawing) if "┤" in spans[0].text]
    left = len(drawing[1][0].text)
    columns = 65 - left - 2
    assert len(ticked) >= 3
    for loss, row in ticked:
        column = left + min(round(loss / 10 * columns), columns - 1)
        assert {(column - 1, row), (column, row), (column + 1, row)} & curve


@pytest.mark.parametrize("weight", [1.0, 1.5, 2.0, 3.0, 4.0])
def test_the_mark_stands_over_its_weight(weight: float) -> None:
    drawing = draw_curve(sampled(squared, 1, 4, weight, 1), 62, 18)
    lines = plain(drawing).split("\n")
    column, _ = place(drawing, "●", "accent")
    floor = lines[floor_of(drawing)]
    assert floor[column] == "▲"
    first, last = floor.index("└") + 1, floor.index(" w") - 1
    assert column == pytest.approx(first + (weight - 1) / 3 * (last - first), abs=0.51)


@pytest.mark.parametrize(("loss", "label"), [(0.0, "0"), (2.0, "2"), (4.0, "4")])
def test_the_mark_stands_beside_its_loss(loss: float, label: str) -> None:
    drawing = draw_curve(replace(FIRST, loss=loss), 58, 16)
    _, row = place(drawing, "●", "accent")
    assert drawing[row][0].text.strip() == f"{label} ┤"


def test_the_tangent_erases_no_dot_of_the_curve() -> None:
    for height in (10, 16, 30):
        bare = cells(plot_of(draw_curve(replace(FIRST, slope=None), 58, height)))
        drawn = cells(plot_of(draw_curve(FIRST, 58, height)))
        for where, (glyph, _) in bare.items():
            assert bits(glyph) & bits(drawn[where][0]) == bits(glyph) or glyph == "┊"
        assert any(role == "curve" for _, role in drawn.values())
        assert any(role == "tangent" for _, role in drawn.values())


@pytest.mark.parametrize("height", [9, 12, 16, 34])
def test_the_tangent_meets_its_mark(height: int) -> None:
    for step in range(20):
        weight = 1.3 + 0.12 * step
        picture = sampled(squared, 1, 4, weight, 1.6 * (0.8 * weight - 1.05))
        aside = replace(picture, losses=(0.0, *(4.62,) * 200))  # no dot of the curve is near
        drawing = draw_curve(aside, 76, height)
        column, row = place(drawing, "●", "accent")
        left, right = (
            [
                4 * line + dot
                for (across, line), (glyph, role) in cells(plot_of(drawing)).items()
                if role == "tangent" and across - column == side
                for dot in range(4)
                if bits(glyph) & ((0x09, 0x12, 0x24, 0xC0)[dot])
            ]
            for side in (-1, 1)
        )
        # How far the straight line between both is from the middle of the mark, in dots.
        middle = (max(left) + max(right) + min(left) + min(right)) / 4
        steepness = (max(left) - min(right)) / 4
        assert abs(middle - (4 * row + 1.5)) / math.hypot(1, steepness) <= 1.5


def test_a_cell_that_both_share_has_the_ink_of_the_tangent() -> None:
    bare = cells(plot_of(draw_curve(replace(FIRST, slope=None), 58, 16)))
    drawn = cells(plot_of(draw_curve(FIRST, 58, 16)))
    assert any(bare.get(where, ("", "text"))[1] == "curve" for where, (_, role) in drawn.items() if role == "tangent")


@pytest.mark.parametrize("slope", [1.84, -1.84, 0.0])
def test_the_sign_of_the_slope_is_seen(slope: float) -> None:
    picture = replace(FIRST, weights=(1, 4), losses=(0, 4), slope=slope)
    drawing = draw_curve(picture, 58, 16)
    inked = [where for where, (_, role) in cells(plot_of(drawing)).items() if role == "tangent"]
    left, right = min(inked), max(inked)
    middle = place(drawing, "●", "accent")
    assert left[0] < middle[0] < right[0]
    columns, rows = plot_edges(drawing)
    for column, row in (left, right):  # it goes from edge to edge, and is not hidden by the curve
        assert column in columns or row in rows
    assert (left[1] > right[1]) == (slope > 0)
    assert (left[1] < right[1]) == (slope < 0)
    assert ("╱" if slope > 0 else "╲" if slope < 0 else "─") + " slope" in plain(drawing)


def test_what_is_asked_is_not_shown() -> None:
    asked = draw_curve(replace(FIRST, slope=None, predicted=None), 58, 16)
    assert "slope" not in plain(asked)
    assert not set("◇◀━") & set(plain(asked))
    assert all(role != "tangent" for _, role in cells(asked).values())


def test_the_learners_own_step_is_shown_without_the_right_one() -> None:
    drawing = draw_curve(replace(FIRST, predicted=None, yours=(3.3, squared(3.3))), 58, 16)
    column, _ = place(drawing, "✗", "yours")
    assert place(drawing, "▶", "yours") == (column, floor_of(drawing))
    assert "✗ yours 3.3" in plain(drawing)
    assert "◇" not in plain(drawing)


def test_the_step_on_the_axis_leads_from_the_weight_to_the_next() -> None:
    drawing = draw_curve(FIRST, 58, 16)
    assert place(drawing, "▲", "weight")[0] == place(drawing, "●", "accent")[0]
    assert place(drawing, "◀", "prediction")[0] == place(drawing, "◇", "prediction")[0]


def test_the_passes_before_are_numbered_and_later_ones_are_marked() -> None:
    past = tuple((4 - 0.2 * index, squared(4 - 0.2 * index)) for index in range(12))
    drawing = draw_curve(replace(FIRST, weight=1.5, loss=squared(1.5), slope=None, predicted=None, past=past), 100, 30)
    found = cells(without_legend(drawing))
    assert [glyph for _, (glyph, role) in sorted(found.items()) if role == "path" and not bits(glyph)] == [
        *"∘∘∘",
        *"987654321",
    ]
    assert "1–9 ∘ before" in plain(drawing)


def test_a_jump_over_the_valley_is_drawn_from_side_to_side() -> None:
    far, near = 2.5, 0.4  # on either side of the lowest point, 1.3125
    picture = replace(sampled(squared, 0, 3, near, 0), slope=None, past=((far, squared(far)),), first=4)
    drawing = plot_of(draw_curve(picture, 80, 24))
    start, end = place(draw_curve(picture, 80, 24), "4", "path"), place(draw_curve(picture, 80, 24), "●", "accent")
    found = cells(drawing)
    width = start[0] - end[0]
    for column in range(end[0] + width // 4, start[0] - width // 4):
        part = (column - end[0]) / (start[0] - end[0])
        row = end[1] + part * (start[1] - end[1])
        assert any(found.get((column, at), ("", "text"))[1] == "path" for at in range(round(row) - 1, round(row) + 2))


@pytest.mark.parametrize(("landing", "role"), [("predicted", "prediction"), ("yours", "yours")])
def test_a_step_over_the_valley_is_drawn_like_a_jump(landing: str, role: Role) -> None:
    bare, lands = replace(sampled(squared, 0, 3, 2.5, 0), slope=None), (0.4, squared(0.4))
    picture = replace(bare, yours=lands) if landing == "yours" else replace(bare, predicted=lands)
    inked = {column for (column, _), (glyph, ink) in cells(plot_of(draw_curve(picture, 80, 24))).items() if ink == role}
    assert max(inked) - min(inked) > 40
    assert len(inked) > 35


def test_the_ground_below_the_curve_says_how_high_it_is() -> None:
    drawing = plot_of(draw_curve(sampled(squared, 0, 3, 1.3, 0), 60, 20))
    grounds = {
        (column, row): ground
        for row, line_of in enumerate(glyphs(drawing))
        for column, (_, _, ground) in enumerate(line_of)
        if ground is not None
    }
    by_row = {row: {ground for (_, at), ground in grounds.items() if at == row} for _, row in grounds}
    assert all(len(found) == 1 for found in by_row.values())  # one height, one colour
    steps = [ground.step for _, found in sorted(by_row.items()) for ground in found]
    assert steps == sorted(steps, reverse=True)
    inked = set(cells(drawing))
    for column, row in grounds:
        assert any((column, above) in inked for above in range(row))


@pytest.mark.parametrize(
    ("point", "arrow"),
    [((9.0, 1.0), "→"), ((-9.0, 1.0), "←"), ((2.0, 99.0), "↑"), ((2.0, -99.0), "↓"), ((2.0, math.inf), "↑")],
)
def test_a_point_outside_is_an_arrow_at_the_edge(point: tuple[float, float], arrow: str) -> None:
    drawing = draw_curve(replace(FIRST, yours=point), 58, 16)
    column, row = place(drawing, arrow, "yours")
    columns, rows = plot_edges(drawing)
    assert column in columns or row in rows
    assert "✗ yours" in plain(drawing)


def test_a_point_without_a_number_is_not_drawn() -> None:
    drawing = draw_curve(replace(FIRST, predicted=(math.nan, math.nan)), 58, 16)
    assert "◇" not in plain(without_legend(drawing))
    assert "◇ next ?" in plain(drawing)


def test_a_far_wall_does_not_flatten_the_picture() -> None:
    picture = sampled(lambda w: w * w + (1e9 if w > 0.97 else 0), -1, 1, 0.5, 1)
    drawing = draw_curve(picture, 60, 16)
    rows = {row for (_, row), (_, role) in cells(drawing).items() if role == "curve"}
    assert "1e9" not in plain(drawing)
    assert set(plot_edges(drawing)[1]) <= rows


def test_a_flat_curve_is_a_level_line_over_zero() -> None:
    drawing = draw_curve(sampled(lambda _: 0.36, 0, 2, 1, 0), 40, 12)
    assert len({row for (_, row), (_, role) in cells(plot_of(drawing)).items() if role in ("curve", "tangent")}) == 1
    assert "0.0 ┤" in plain(drawing)


def test_a_gap_in_the_curve_stays_open() -> None:
    picture = CurvePicture((0, 1, 2, 3, 4), (1, 1, math.nan, 1, 1), 0, 1)
    drawing = draw_curve(picture, 60, 12)
    assert {column for (column, _), (_, role) in cells(without_legend(drawing)).items() if role == "curve"}.isdisjoint(
        range(23, 38)
    )


def test_less_room_costs_the_legend_then_the_ticks_then_the_picture() -> None:
    assert "slope" in text(FIRST, 58, 9)
    assert "slope" in text(FIRST, 58, 8).splitlines()[0]
    assert "slope" not in text(FIRST, 58, 5)
    assert "┬" in text(FIRST, 58, 6)
    assert "┬" not in text(FIRST, 58, 5)
    assert "●" in text(FIRST, 20, 5)
    assert text(FIRST, 40, 4) == "  w 2.75  slope 1.84  L 1.3225\n\n\n"
    assert text(FIRST, 12, 3) == "  w 2.75\n\n"


def test_a_short_legend_keeps_the_numbers() -> None:
    picture = replace(FIRST, past=((3.5, squared(3.5)),))
    assert text(picture, 40, 10).endswith("\n  ● 2.75   ╱ 1.84   ◇ 2.198   1 before")
    assert text(picture, 26, 10).endswith("\n  ● 2.75  ╱ 1.84  ◇ 2.198")


def test_a_narrow_legend_goes_on_below_and_leaves_nothing_out() -> None:
    picture = replace(FIRST, past=((3.5, squared(3.5)),), yours=(3.3, squared(3.3)))
    assert text(picture, 46, 16).endswith("\n  ● w now 2.75   ╱ slope 1.84   ◇ next 2.198\n  ✗ yours 3.3   1 before")


@pytest.mark.parametrize("width", [30, 38, 46, 54, 62, 78])
def test_no_legend_touches_the_edge(width: int) -> None:
    picture = replace(FIRST, past=((3.5, squared(3.5)),), yours=(3.3, squared(3.3)))
    for height in (9, 12, 20):
        for said in text(picture, width, height).split("\n")[floor_of(draw_curve(picture, width, height)) + 2 :]:
            assert len(said) < width
            assert said.startswith(" ")


def test_the_axis_carries_the_name_of_the_weight() -> None:
    lines = text(replace(FIRST, weight_name="w₁₁"), 58, 16).split("\n")
    assert any(found.endswith("┬ w₁₁") for found in lines)
    assert any("w₁₁ now 2.75" in found for found in lines)


def test_tiny_losses_have_scientific_ticks() -> None:
    assert "2e−12 ┤" in text(sampled(lambda w: 3e-12 * w * w, -1, 1, 0.5, 3e-12), 60, 16)


def test_samples_of_unequal_length_are_an_error() -> None:
    with pytest.raises(ValueError, match="2 weights, but 1 losses"):
        CurvePicture((1, 2), (1,), 1, 1)


numbers = st.one_of(
    st.floats(), st.floats(-1e6, 1e6), st.floats(-1e-12, 1e-12), st.sampled_from((0.0, 1.0, 1e6, 1e-300, 5e-324))
)
points = st.tuples(numbers, numbers)


@settings(max_examples=150, deadline=None)
@given(
    samples=st.lists(points, max_size=30),
    point=points,
    slope=st.none() | numbers,
    past=st.lists(points, max_size=10),
    predicted=st.none() | points,
    yours=st.none() | points,
    width=st.integers(-1, 130),
    height=st.integers(-1, 45),
)
def test_any_picture_fits_its_place(
    samples: list[tuple[float, float]],
    point: tuple[float, float],
    slope: float | None,
    past: list[tuple[float, float]],
    predicted: tuple[float, float] | None,
    yours: tuple[float, float] | None,
    width: int,
    height: int,
) -> None:
    ordered = sorted(samples)
    picture = CurvePicture(
        tuple(w for w, _ in ordered),
        tuple(loss for _, loss in ordered),
        *point,
        slope,
        tuple(past),
        predicted,
        yours,
    )
    drawing = draw_curve(picture, width, height)
    assert len(drawing) == max(height, 0)
    assert all(sum(len(span.text) for span in spans) <= max(width, 0) for spans in drawing)
    assert all(span.text.isprintable() for spans in drawing for span in spans)


def test_the_numbers_of_two_passes_never_make_one_number() -> None:
    weights = (3.5, 3.46, 3.42, 3.39, 2.9)
    crowded = replace(FIRST, past=tuple((weight, squared(weight)) for weight in weights))
    drawn = text(crowded, 60, 20)
    assert not re.search(r"\d\d", "\n".join(line.partition("│")[2] for line in drawn.splitlines()))
    assert "5" in drawn
    assert "∘" in drawn
