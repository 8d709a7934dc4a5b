from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.spec import ELEMENTWISE, ActivationName
from nn_tutor.terminal.drawing.activation_curve import ActivationPicture, draw_activation
from nn_tutor.terminal.drawing.ink import plain
from tests.terminal.drawing.looking import NUMBERS, SIZES, dots, fills, glyphs, places, without_legend

KINDS = ELEMENTWISE
SIGMOID = ActivationPicture("sigmoid", z=1.36)


def test_the_picture_of_a_sigmoid() -> None:
    assert plain(draw_activation(SIGMOID, 60, 12)) == GOLDEN


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_activation_fills_its_place(kind: ActivationName, width: int, height: int) -> None:
    assert fills(draw_activation(ActivationPicture(kind, z=0.5), width, height), width, height)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("z", [-3.0, -0.5, 0.0, 0.7, 4.0])
def test_its_numbers_are_those_of_the_network(kind: ActivationName, z: float) -> None:
    import numpy as np

    entry = ACTIVATIONS[kind]
    a = entry.function(np.array([[z]]))
    slope = entry.derivative(np.array([[z]]), a)
    text = plain(draw_activation(ActivationPicture(kind, z=z), 90, 14)).split("\n")[-1].replace("−", "-")
    value, steepness = (float(text.split(mark)[1].split()[1]) for mark in ("●", "◆"))
    assert value == pytest.approx(float(a[0, 0]), abs=5e-4)
    assert steepness == pytest.approx(float(slope[0, 0]), abs=5e-4)


def test_point_slope_and_foot_stand_above_each_other() -> None:
    drawing = draw_activation(SIGMOID, 78, 20)
    (point,), (slope,), (foot,) = (places(without_legend(drawing), glyph) for glyph in "●◆▲")
    assert point[0] == slope[0] == foot[0]
    assert point[1] < slope[1] < foot[1]


def test_the_tangent_rises_through_the_point() -> None:
    drawing = draw_activation(SIGMOID, 78, 20)
    inked = [
        (column, row)
        for row, cells in enumerate(glyphs(drawing)[:-1])
        for column, (glyph, role, _) in enumerate(cells)
        if role == "tangent" and dots(glyph)
    ]
    point = places(without_legend(drawing), "●")[0]
    assert min(inked)[0] < point[0] < max(inked)[0]
    assert min(inked)[1] > point[1] > max(inked)[1]


def test_what_is_asked_is_not_shown() -> None:
    without_slope = plain(draw_activation(replace(SIGMOID, shows_slope=False), 78, 20))
    assert "slope" not in without_slope
    assert "◆" not in without_slope
    without_value = plain(draw_activation(replace(SIGMOID, shows_value=False), 78, 20))
    assert "●" not in without_value
    assert "▲" in without_value


def test_a_point_outside_widens_the_picture_or_is_an_arrow() -> None:
    assert "●" in plain(without_legend(draw_activation(ActivationPicture("relu", z=9.0), 60, 14)))
    assert "→" in plain(without_legend(draw_activation(ActivationPicture("sigmoid", z=1e6), 60, 14)))


def test_without_room_the_function_is_said() -> None:
    assert plain(draw_activation(SIGMOID, 30, 2)) == "  σ(z)  a 0.7958\n"


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(KINDS),
    st.none() | st.sampled_from(NUMBERS) | st.floats(),
    st.sampled_from(NUMBERS),
    st.sampled_from(NUMBERS),
    st.booleans(),
    st.booleans(),
    st.sampled_from(SIZES),
)
def test_any_activation_fills_its_place(
    kind: ActivationName,
    z: float | None,
    low: float,
    high: float,
    shows_value: bool,
    shows_slope: bool,
    size: tuple[int, int],
) -> None:
    picture = ActivationPicture(kind, z, low, high, shows_value, shows_slope)
    assert fills(draw_activation(picture, *size), *size)


GOLDEN = (
    " a 1.0 ┤                                  ⢀⠤  ⢀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀\n"
    "       │                               ⣀⡴⠞⠓⠊⠉⠉⠁\n"
    "       │                            ⣀●⠊⠁\n"
    "       │                         ⣀⡴⠊⠁┊\n"
    "   0.5 ┤                        ⡩⠊   ┊\n"
    "       │                      ⡠⠊     ┊\n"
    "       │                   ⢀⠔⠊⢀ ⡀⢀ ⡀ ┊\n"
    "       │               ⢀⣠⠔⠎⠑ ⠁      ⠈◆⠂⢀\n"
    "   0.0 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠴⠒⠒⠚⠉⠁             ┊   ⠁⠈ ⠂⠐ ⠄⠠ ⠄⠠ ⠄⠠ ⠄\n"
    "       └┬───────┬───────┬───────┬────▲──┬───────┬───────┬ z\n"
    "       −6      −4      −2       0       2       4       6\n"
    "  ⠒⠒ a = σ(z)   ⠐⠐ its slope   ● a 0.7958   ◆ slope 0.1625"
)


@pytest.mark.parametrize("height", [6, 7, 8, 12])
def test_the_ends_of_an_s_have_their_numbers(height: int) -> None:
    text = plain(draw_activation(ActivationPicture("tanh", shows_slope=False), 70, height))
    assert "−1 ┤" in text
    assert " 1 ┤" in text
