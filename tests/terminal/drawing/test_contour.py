from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.network.activations import Array
from nn_tutor.terminal.drawing.contour import ContourPicture, draw_contour
from nn_tutor.terminal.drawing.ink import HEATS, Drawing, plain
from tests.terminal.drawing.looking import NUMBERS, SIZES, fills, glyphs, places, without_legend

XS, YS = np.linspace(-4, 4, 60), np.linspace(-2, 2, 40)
BOWL = ContourPicture(
    XS,
    YS,
    (XS[None, :] - 1) ** 2 + 4 * YS[:, None] ** 2,
    now=(-3.0, 1.0),
    loss=20.0,
    past=((-3.8, 1.8), (-3.4, 1.4)),
    predicted=(-2.0, 0.5),
)


def test_the_map_of_a_bowl() -> None:
    assert plain(draw_contour(BOWL, 60, 12)) == GOLDEN


def test_two_ways_from_one_point_are_told_apart() -> None:
    """A rival has a mark, a colour and a name of its own, and both ways begin at one place."""
    rival = ((-3.8, 1.8), (-2.5, -1.5), (0.2, 0.1))
    race = replace(BOWL, predicted=None, rival=rival, own_name="ball", rival_name="plain")
    drawing = draw_contour(race, 78, 20)
    assert "● ball" in plain(drawing)
    assert "■ plain" in plain(drawing)
    assert "■ plain  L 1.25" in plain(draw_contour(replace(race, rival_loss=1.25), 100, 20))
    low = plain(draw_contour(replace(race, loss=0.5123, rival_name="gradient descent", rival_loss=1.25), 46, 12))
    assert "■ gradient descent" in low  # the name before the number
    for width, height in SIZES:
        assert fills(draw_contour(replace(race, loss=0.5123, rival_loss=1.25), width, height), width, height)
    (own,), (other,) = places(without_legend(drawing), "●"), places(without_legend(drawing), "■")
    assert other[0] > own[0]
    roles = {role for row in glyphs(drawing)[:-1] for _, role, _ in row}
    assert {"accent", "prediction"} <= roles  # each way has the colour of its mark
    assert "path" not in roles
    assert "■" not in plain(draw_contour(replace(race, rival=()), 78, 20))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_map_fills_its_place(width: int, height: int) -> None:
    assert fills(draw_contour(BOWL, width, height), width, height)


def columns_of(drawing: Drawing) -> tuple[int, int]:
    """Return the first and the last column of the map."""
    grounds = [column for column, cell in enumerate(glyphs(drawing)[5]) if cell[2] is not None]
    return grounds[0], grounds[-1]


def point_at(drawing: Drawing, column: float, row: int) -> tuple[float, float]:
    """Return the point of the bowl that a cell stands for, its middle."""
    first, last = columns_of(drawing)
    rows = len(drawing) - 3
    return -4 + 8 * (column - first) / (last - first), 2 - 4 * row / (rows - 1)


def test_the_ground_rises_from_the_valley_to_the_walls() -> None:
    drawing = glyphs(draw_contour(BOWL, 78, 20))
    across = [ground.step for _, _, ground in drawing[8] if ground is not None]
    lowest = [place for place, step in enumerate(across) if step == min(across)]
    assert lowest[0] <= len(across) * 5 / 8 <= lowest[-1] + 1
    assert across[: lowest[0]] == sorted(across[: lowest[0]], reverse=True)
    assert across[lowest[0] :] == sorted(across[lowest[0] :])
    assert {ground for row in drawing for *_, ground in row if ground} <= set(HEATS)


def test_a_valley_is_seen_beside_steep_walls() -> None:
    drawing = draw_contour(replace(BOWL, losses=10.0 ** (BOWL.losses / 2)), 78, 20)
    assert len({ground for row in glyphs(drawing) for *_, ground in row if ground}) > 24


def test_each_line_carries_its_loss_where_it_has_it() -> None:
    drawing = draw_contour(BOWL, 78, 24)
    assert plain(drawing).endswith("lines at L  0.5  1  2  5  10  20")
    found = set()
    for row, cells in enumerate(glyphs(drawing)[:-3]):
        text = "".join(glyph if role == "text" and ground else " " for glyph, role, ground in cells)
        for label in re.finditer(r"[\d.]+", text):
            x, y = point_at(drawing, (label.start() + label.end() - 1) / 2, row)
            assert (x - 1) ** 2 + 4 * y**2 == pytest.approx(float(label[0]), rel=0.5, abs=0.5)
            found.add(label[0])
    assert len(found) >= 5


def test_marks_stand_where_their_numbers_are() -> None:
    drawing = draw_contour(replace(BOWL, yours=(3.0, -1.0)), 78, 20)
    for glyph, point in (("●", (-3.0, 1.0)), ("◇", (-2.0, 0.5)), ("✗", (3.0, -1.0))):
        assert point_at(drawing, *places(without_legend(drawing), glyph)[0]) == pytest.approx(point, abs=0.13)
    assert len(places(without_legend(drawing), "∘")) == 2


def test_what_is_asked_is_not_shown() -> None:
    text = plain(draw_contour(replace(BOWL, predicted=None, now=None, past=()), 78, 20))
    assert not set("◇●∘✗") & set(text)


def test_points_outside_are_arrows_at_the_edge() -> None:
    drawing = draw_contour(replace(BOWL, predicted=(9.0, 0.0), yours=(0.0, -7.0)), 78, 20)
    assert places(drawing, "→", "prediction")
    assert places(drawing, "↓", "yours")


def test_what_has_no_loss_is_hatched_and_without_ground() -> None:
    losses = BOWL.losses.copy()
    losses[:, :20] = np.nan
    drawing = glyphs(draw_contour(replace(BOWL, losses=losses, now=None, past=(), predicted=None), 78, 20))
    assert all(cell[0] == "╱" and cell[2] is None for cell in drawing[8][8:26])
    losses[:, :20] = np.inf
    drawing = glyphs(draw_contour(replace(BOWL, losses=losses, now=None, past=(), predicted=None), 78, 20))
    assert drawing[8][10][2] == HEATS[-1]


def test_a_level_map_is_one_valley_without_lines() -> None:
    drawing = draw_contour(replace(BOWL, losses=np.full((40, 60), 0.25)), 78, 20)
    assert {ground for row in glyphs(drawing) for *_, ground in row} == {None, HEATS[0]}
    assert "lines at" not in plain(drawing)


def test_a_map_without_room_is_said_in_words() -> None:
    assert plain(draw_contour(BOWL, 40, 3)) == "  w₁ −3  w₂ 1  L 20\n\n"


def test_losses_of_another_shape_are_an_error() -> None:
    with pytest.raises(ValueError, match="shape"):
        ContourPicture(XS, YS, np.zeros((60, 40)))


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.lists(st.sampled_from(NUMBERS), min_size=3, max_size=3), min_size=1, max_size=4),
    st.sampled_from(((0.0, 1.0, 2.0), (-1e-12, 0.0, 1e-12), (-1e6, 0.0, 1e6), (1.0, 1.0, 1.0), (0.0, 1.0, 1e300))),
    st.none() | st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)),
    st.sampled_from(NUMBERS),
    st.sampled_from(SIZES),
)
def test_any_map_fills_its_place(
    losses: list[list[float]],
    xs: tuple[float, ...],
    point: tuple[float, float] | None,
    loss: float,
    size: tuple[int, int],
) -> None:
    grid: Array = np.array(losses)
    ys = np.linspace(-1, 1, len(losses))
    past = (point,) * 3 if point else ()
    picture = ContourPicture(np.array(xs), ys, grid, point, loss, past, point, point)
    assert fills(draw_contour(picture, *size), *size)


GOLDEN = (
    " w₂ 2 ┤ ∘⡀⢀⠤⠔⠊⠉                 ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀\n"
    "      │⣀⠔⠛∘⣤⡀          ⢀⣀⠤⠔⠒⠒⠉⠉⠉           ⠉⠉⠉⠑⠒⠢⠤⢄⡀\n"
    "      │     ⠙●⢦⣄⣀   ⡠⠔⠉⠁      ⣀⡠⠤⠤⠤⠒⠒⠒⠒⠒⠢⠤⠤⢄⣀      ⠈⠉⠒⢄⡀\n"
    "      │        ⠈⠉⠛⡳◇       ⡠⠒⠉  ⡠⠔⠒⠒⠒⠊⠒⠒⠒⠢⢄⡀ ⠉⠑⢄       ⠈\n"
    "    0 ┤         10⡁       ⢸    1           ⢸    3\n"
    "      │           ⠑⢄       ⠑⠤⣀  ⠑⠢⠤⠤⠤⢄⠤⠤⠤⠔⠊⠁ ⣀⡠⠊       ⢀\n"
    "      │             ⠑⠢⣀⡀      ⠉⠑⠒⠒⠒⠤⠤⠤⠤⠤⠔⠒⠒⠊⠉      ⢀⣀⠤⠊⠁\n"
    "      │⠉⠢⢄⡀            ⠈⠉⠒⠢⠤⠤⣀⣀⣀           ⣀⣀⣀⡠⠤⠔⠒⠊⠁\n"
    "   −2 ┤  30⠒⠢⢄⣀                 ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉\n"
    "      └┬─────┬─────┬─────┬─────┬─────┬─────┬─────┬─────┬ w₁\n"
    "      −4    −3    −2    −1     0     1     2     3     4\n"
    "  ● now  L 20   ◇ next   lines at L  1  3  10  30"
)
