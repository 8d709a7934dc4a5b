"""Lines of a drawing become exactly as many cells as there are, in every theme and depth of colour."""

from __future__ import annotations

import pytest
from textual.filter import Monochrome
from textual.strip import Strip
from textual.theme import Theme

from nn_tutor.terminal.drawing.ink import HEATS, Span, line
from nn_tutor.terminal.theme import DARK, LIGHT, Depth, base_style, role_style
from nn_tutor.terminal.widgets.palette import palette

LINE = line(Span("w₁₂ ", "weight"), Span("0.25", "strong", lit=True), Span("  ", "text", False, HEATS[3]))


@pytest.mark.parametrize("width", [0, 1, 5, 9, 10, 11, 80])
def test_a_line_is_cut_or_filled_to_the_width(width: int) -> None:
    strip = Strip(palette(DARK, "full", ()).segments(LINE, width))
    assert strip.cell_length == width == sum(segment.cell_length for segment in strip)
    assert strip.text == "w₁₂ 0.25  ".ljust(width)[:width]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: str(theme.name))
@pytest.mark.parametrize("depth", ["full", "256", "16"])
def test_each_span_has_the_style_of_its_role_and_the_rest_that_of_an_empty_cell(theme: Theme, depth: Depth) -> None:
    first, second, third, rest = palette(theme, depth, ()).segments(LINE, 12)
    for segment, span in zip((first, second, third), LINE, strict=True):
        role = role_style(theme, span.role, span.lit, span.ground, depth)
        assert segment.style == base_style(theme) + role
    assert rest.style == base_style(theme)


def test_filters_are_applied_once_and_to_blanks_as_well() -> None:
    for segment in palette(DARK, "full", (Monochrome(),)).segments(LINE, 12):
        style = segment.style
        assert style is not None
        assert style.color is not None
        assert style.bgcolor is not None
        assert len(set(style.color.get_truecolor())) == len(set(style.bgcolor.get_truecolor())) == 1


def test_text_that_acts_on_terminals_is_made_visible() -> None:
    strip = Strip(palette(DARK, "full", ()).segments((Span("a\x1b[2Jb"),), 10))
    assert "\x1b" not in strip.text
    assert strip.text.startswith("a")
    assert strip.text.endswith("[2Jb".ljust(len(strip.text) - strip.text.index("[")))
