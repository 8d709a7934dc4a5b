from __future__ import annotations

from typing import get_args

import pytest
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from nn_tutor.terminal.colours import luminance
from nn_tutor.terminal.drawing.ink import CLASS_GROUNDS, CLASSES, HEATS, SIDES, Role
from nn_tutor.terminal.theme import DARK, LIGHT, MIN_CONTRAST, MIN_OF_LINES, contrast, ground_colour, role_style

LINES: tuple[Role, ...] = ("border", "faint", "contour")  # no text is written in these
ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role not in LINES)
THEMES = (DARK, LIGHT, *BUILTIN_THEMES.values())


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_over_a_ground_can_be_read(theme: Theme) -> None:
    for ground in (*HEATS, *SIDES, *(ground for one in CLASS_GROUNDS for ground in one)):
        for role in ROLES:
            style = role_style(theme, role, False, ground)
            assert style.color is not None
            assert style.bgcolor is not None
            found = contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
            assert found >= MIN_CONTRAST, (role, ground)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_text_over_a_ground_can_be_read_with_256_colours(theme: Theme) -> None:
    for ground in (*HEATS, *SIDES, *(ground for one in CLASS_GROUNDS for ground in one)):
        for role in ROLES:
            style = role_style(theme, role, False, ground, "256")
            assert style.color is not None
            assert style.bgcolor is not None
            seen = [colour.downgrade(ColorSystem.EIGHT_BIT) for colour in (style.color, style.bgcolor)]
            text, under = (Color(*colour.get_truecolor()) for colour in seen)
            assert contrast(text, under) >= MIN_CONTRAST, (role, ground)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_ramp_goes_steadily_away_from_the_background(theme: Theme) -> None:
    heats = [luminance(ground_colour(theme, ground)) for ground in HEATS]
    assert heats == sorted(heats, reverse=not theme.dark)
    assert len(set(heats)) == len(heats)
    half = len(SIDES) // 2
    for side in (SIDES[half:], SIDES[:half][::-1]):
        lights = [luminance(ground_colour(theme, ground)) for ground in side]
        assert lights == sorted(lights, reverse=not theme.dark)
    for own in CLASS_GROUNDS:
        lights = [luminance(ground_colour(theme, ground)) for ground in own]
        assert lights == sorted(lights, reverse=not theme.dark)


def test_lines_are_seen_on_their_ground_and_stay_behind_the_text() -> None:
    for theme in (DARK, LIGHT):
        for ground in HEATS:
            style = role_style(theme, "contour", False, ground)
            assert style.color is not None
            found = contrast(Color.from_rich_color(style.color), ground_colour(theme, ground))
            assert 1.8 < found < 9


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_lines_that_say_something_are_seen(theme: Theme) -> None:
    """Weak connections and hatches; the line numbers of the code are text."""
    background = Color.parse(theme.to_color_system().generate()["background"])
    for role in ("faint", "contour"):
        for ground in (None, *HEATS, *SIDES, *(ground for one in CLASS_GROUNDS for ground in one)):
            style = role_style(theme, role, False, ground)
            assert style.color is not None
            under = background if ground is None else ground_colour(theme, ground)
            assert contrast(Color.from_rich_color(style.color), Color(*under.rgb)) >= MIN_OF_LINES, (role, ground)


def test_without_colours_there_are_none() -> None:
    for role in get_args(Role):
        for lit in (False, True):
            style = role_style(DARK, role, lit, HEATS[9], "none")
            assert style.color is None
            assert style.bgcolor is None
    assert role_style(DARK, "accent", False, None, "none").bold
    assert not role_style(DARK, "text", False, None, "none").bold


def test_with_16_colours_the_lines_say_what_the_ground_would() -> None:
    for theme, wanted in ((DARK, [12, 13, 9, 11]), (LIGHT, [4, 5, 1, 3])):
        styles = [role_style(theme, "contour", False, ground, "16") for ground in HEATS[::8]]
        assert [style.color.downgrade(ColorSystem.STANDARD).number for style in styles if style.color] == wanted
    assert all(role_style(DARK, role, False, HEATS[9], "16").bgcolor is None for role in ROLES)


def test_classes_and_signs_have_colours_of_their_own() -> None:
    for theme in (DARK, LIGHT):
        assert len({role_style(theme, role, False).color for role in CLASSES}) == len(CLASSES)
        assert len({ground_colour(theme, own[-1]) for own in CLASS_GROUNDS}) == len(CLASSES)
        assert role_style(theme, "positive", False) != role_style(theme, "negative", False)
