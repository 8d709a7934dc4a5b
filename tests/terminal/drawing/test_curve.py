import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.terminal.drawing.curve import CurvePicture, draw_curve, window
from nn_tutor.terminal.drawing.ink import Drawing, Role, plain


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
    found = {}
    for row, spans in enumerate(drawing):
        column = 0
        for span in spans:
            for glyph in span.text:
                if glyph != " ":
                    found[column, row] = (glyph, span.role)
                column += 1
    return found


def place(drawing: Drawing, glyph: str, role: Role) -> tuple[int, int]:
    """Return where a mark stands; the legend below the plot does not count."""
    return next(place for place, found in cells(drawing[:-1]).items() if found == (glyph, role))


def bits(glyph: str) -> int:
    return ord(glyph) - 0x2800 if "⠀" <= glyph <= "⣿" else 0


def test_the_picture_of_the_first_step() -> None:
    assert text(FIRST, 58, 16) == (
        "L │\n"
        "  │                                                   ⡠⠊\n"
        "4 ┤                                                 ⡠⠊\n"
        "  │                                              ⢀⠤⠊\n"
        "  │                                            ⣀⠔⠁\n"
        "  │                                         ⢀⡠⠊\n"
        "  │                                       ⡠⡔⠁\n"
        "2 ┤                                    ⣠⡴⠝⠉\n"
        "  │                                ⢀⡠⠖⠋⠁\n"
        "  │                            ⢀⡠●⠊⠁\n"
        "  │                        ⣀⣠⠴⠚⠉ ┊\n"
        "  │                 ⢀⣀⡠⠤◇⠮⠛⠉     ┊\n"
        "0 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠔⠒⠒⠊⠉⠁   ┊        ┊\n"
        "  └┬────────┬───────┬───◀━━━━━━━━▲────┬────────┬───────┬ w\n"
        "  1.0      1.5     2.0      2.5      3.0      3.5     4.0\n"
        "   ● w now 2.75   ╱ slope 1.84   ◇ next 2.198"
    )


def test_the_picture_in_a_small_panel() -> None:
    picture = replace(sampled(squashed, -4, 4, -1.3, -0.09006), past=((-1.9, squashed(-1.9)),))
    assert text(picture, 40, 10) == (
        "   L │                        ⣀⡠⠤⠤⠤⠤⠤⠤\n"
        "     │                     ⡠⠒⠉\n"
        "0.25 ┤     ⢀⡀            ⢀⠔⠁\n"
        "     │⠤⠤⠤⠤⢄⣀⣈⣢⢄         ⢀⠎\n"
        "     │        ∘⠑●⡀     ⢀⠎\n"
        "     │          ┊⠈⠳⢤⡀ ⡠⠊\n"
        "0.00 ┤          ┊   ⠉⠛\n"
        "     └┬───────┬─▲─────┬──────┬───────┬ w\n"
        "     −4      −2       0      2       4\n"
        "● w now −1.3  ╲ slope −0.09006  ∘ before"
    )


def test_a_tick_stands_in_the_row_where_the_curve_has_that_loss() -> None:
    picture = replace(sampled(lambda w: w, 0, 10, 5, 1), slope=None)
    drawing = draw_curve(picture, 65, 20)
    curve = {(column, row) for (column, row), (_, role) in cells(drawing[:-3]).items() if role == "curve"}
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
    assert lines[-3][column] == "▲"
    first, last = lines[-3].index("└") + 1, lines[-3].index(" w") - 1
    assert column == pytest.approx(first + (weight - 1) / 3 * (last - first), abs=0.51)


@pytest.mark.parametrize(("loss", "label"), [(0.0, "0"), (2.0, "2"), (4.0, "4")])
def test_the_mark_stands_beside_its_loss(loss: float, label: str) -> None:
    drawing = draw_curve(replace(FIRST, loss=loss), 58, 16)
    _, row = place(drawing, "●", "accent")
    assert drawing[row][0].text == f"{label} ┤"


def test_the_tangent_erases_no_dot_of_the_curve() -> None:
    for height in (10, 16, 30):
        bare = cells(draw_curve(replace(FIRST, slope=None), 58, height)[:-3])
        drawn = cells(draw_curve(FIRST, 58, height)[:-3])
        for where, (glyph, _) in bare.items():
            assert bits(glyph) & bits(drawn[where][0]) == bits(glyph) or glyph == "┊"
        assert any(role == "curve" for _, role in drawn.values())
        assert any(role == "tangent" for _, role in drawn.values())


@pytest.mark.parametrize("height", [9, 12, 16, 34])
def test_the_tangent_meets_its_mark(height: int) -> None:
    for step in range(20):
        weight = 1.3 + 0.12 * step
        drawing = draw_curve(sampled(squared, 1, 4, weight, 1.6 * (0.8 * weight - 1.05)), 76, height)
        column, row = place(drawing, "●", "accent")
        found = cells(drawing[:-3])
        beside = [
            4 * line + dot
            for (across, line), (glyph, role) in found.items()
            if role == "tangent" and abs(across - column) == 1
            for dot in range(4)
            if bits(glyph) & ((0x09, 0x12, 0x24, 0xC0)[dot])
        ]
        assert (min(beside) + max(beside)) / 2 == pytest.approx(4 * row + 1.5, abs=1.5)


def test_a_cell_that_both_share_has_the_ink_of_the_tangent() -> None:
    bare = cells(draw_curve(replace(FIRST, slope=None), 58, 16)[:-3])
    drawn = cells(draw_curve(FIRST, 58, 16)[:-3])
    assert any(bare.get(where, ("", "text"))[1] == "curve" for where, (_, role) in drawn.items() if role == "tangent")


@pytest.mark.parametrize("slope", [1.84, -1.84, 0.0])
def test_the_sign_of_the_slope_is_seen(slope: float) -> None:
    picture = replace(FIRST, weights=(1, 4), losses=(0, 4), slope=slope)
    drawing = draw_curve(picture, 58, 16)
    inked = [where for where, (_, role) in cells(drawing[:-3]).items() if role == "tangent"]
    left, right = min(inked), max(inked)
    middle = place(drawing, "●", "accent")
    assert left[0] < middle[0] < right[0]
    assert middle[0] - left[0] == pytest.approx(right[0] - middle[0], abs=1)
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
    assert place(drawing, "▶", "yours") == (column, 13)
    assert "✗ yours 3.3" in plain(drawing)
    assert "◇" not in plain(drawing)


def test_the_step_on_the_axis_leads_from_the_weight_to_the_next() -> None:
    drawing = draw_curve(FIRST, 58, 16)
    assert place(drawing, "▲", "weight")[0] == place(drawing, "●", "accent")[0]
    assert place(drawing, "◀", "prediction")[0] == place(drawing, "◇", "prediction")[0]


def test_weights_before_are_marked_and_old_ones_leave_a_trail() -> None:
    past = tuple((4 - 0.2 * index, squared(4 - 0.2 * index)) for index in range(12))
    drawing = draw_curve(replace(FIRST, weight=1.5, loss=squared(1.5), slope=None, predicted=None, past=past), 100, 30)
    found = cells(drawing[:-1])
    assert sum(1 for mark in found.values() if mark == ("∘", "path")) == 6
    assert sum(1 for glyph, role in found.values() if role == "path" and glyph != "∘") == 6


@pytest.mark.parametrize(
    ("point", "arrow"),
    [((9.0, 1.0), "→"), ((-9.0, 1.0), "←"), ((2.0, 99.0), "↑"), ((2.0, -99.0), "↓"), ((2.0, math.inf), "↑")],
)
def test_a_point_outside_is_an_arrow_at_the_edge(point: tuple[float, float], arrow: str) -> None:
    drawing = draw_curve(replace(FIRST, yours=point), 58, 16)
    column, row = place(drawing, arrow, "yours")
    assert column in (3, 55) or row in (0, 12)
    assert "✗ yours" in plain(drawing)


def test_a_point_without_a_number_is_not_drawn() -> None:
    drawing = draw_curve(replace(FIRST, predicted=(math.nan, math.nan)), 58, 16)
    assert "◇" not in plain(drawing[:-1])
    assert "◇ next ?" in plain(drawing)


def test_a_far_wall_does_not_flatten_the_picture() -> None:
    picture = sampled(lambda w: w * w + (1e9 if w > 0.97 else 0), -1, 1, 0.5, 1)
    drawing = draw_curve(picture, 60, 16)
    rows = {row for (_, row), (_, role) in cells(drawing).items() if role == "curve"}
    assert "1e9" not in plain(drawing)
    assert {0, 12} <= rows


def test_a_flat_curve_is_a_level_line_over_zero() -> None:
    drawing = draw_curve(sampled(lambda _: 0.36, 0, 2, 1, 0), 40, 12)
    assert len({row for (_, row), (_, role) in cells(drawing[:-3]).items() if role in ("curve", "tangent")}) == 1
    assert "0.0 ┤" in plain(drawing)


def test_a_gap_in_the_curve_stays_open() -> None:
    picture = CurvePicture((0, 1, 2, 3, 4), (1, 1, math.nan, 1, 1), 0, 1)
    drawing = draw_curve(picture, 60, 12)
    assert {column for (column, _), (_, role) in cells(drawing[:-1]).items() if role == "curve"}.isdisjoint(
        range(23, 38)
    )


def test_less_room_costs_the_legend_then_the_ticks_then_the_picture() -> None:
    assert "slope" in text(FIRST, 58, 9)
    assert "slope" not in text(FIRST, 58, 8)
    assert "┬" in text(FIRST, 58, 7)
    assert "┬" not in text(FIRST, 58, 6)
    assert "●" in text(FIRST, 20, 5)
    assert text(FIRST, 40, 4) == "w 2.75  slope 1.84  L 1.3225\n\n\n"
    assert text(FIRST, 12, 3) == "w 2.75\n\n"


def test_a_short_legend_keeps_the_numbers() -> None:
    picture = replace(FIRST, past=((3.5, squared(3.5)),))
    assert text(picture, 40, 10).endswith("● 2.75   ╱ 1.84   ◇ 2.198   ∘ before")
    assert text(picture, 26, 10).endswith("● 2.75   ╱ 1.84   ◇ 2.198")


def test_the_axis_carries_the_name_of_the_weight() -> None:
    lines = text(replace(FIRST, weight_name="w₁₁"), 58, 16).split("\n")
    assert lines[-3].endswith(" w₁₁")
    assert "w₁₁ now 2.75" in lines[-1]


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


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_the_window_covers_its_points_with_a_margin(weights: list[float]) -> None:
    low, high = window(weights)
    spread = max(weights) - min(weights)
    assert low < min(weights)
    assert max(weights) < high
    assert min(weights) - low >= 0.149 * spread
    assert high - max(weights) >= 0.149 * spread


def test_the_window_of_a_wide_spread_has_a_modest_margin() -> None:
    assert window((-10, 10)) == pytest.approx((-15, 15))


def test_the_window_stays_while_the_steps_become_small() -> None:
    weights = [2.75]
    for _ in range(8):
        weights.append(weights[-1] - 0.3 * 1.6 * (0.8 * weights[-1] - 1.05))
    shown = {window((*weights[:count], 1.3125)) for count in range(2, len(weights) + 1)}
    assert len(shown) == 1


def test_a_window_without_numbers_is_around_zero() -> None:
    assert window(()) == (-1, 1)
    assert window((math.nan, math.inf)) == (-1, 1)
    assert window((0.0,))[0] < 0 < window((0.0,))[1]
