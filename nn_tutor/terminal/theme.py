"""The colours: two themes of our own, and the style of each role of a drawing in any theme.

Of a theme only its roles are used. A colour of text that does not stand out by 4.5 : 1 from what is below (WCAG 2), and
one of lines that does not by 3 : 1, is brought closer to black or white until it does, so that every theme of the
palette can be read. Where no colours are wanted there are none, backgrounds neither.
"""

from __future__ import annotations

import math
from typing import Literal

from rich.color import ColorSystem
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from nn_tutor.terminal.colours import hue, luminance, shade
from nn_tutor.terminal.drawing.ink import CLASS_GROUNDS, HEATS, SIDES, Ground, Role

DARK = Theme(
    name="nn-tutor-dark",
    primary="#7fb2f0",
    secondary="#8fd0a0",
    accent="#f2c14e",
    warning="#c8a4f4",
    error="#ff8a80",
    success="#7fd99a",
    foreground="#d9dce3",
    background="#12151b",
    surface="#171b22",
    panel="#1d222b",
    dark=True,
    variables={"block-cursor-text-style": "none", "footer-background": "#12151b"},
)

LIGHT = Theme(
    name="nn-tutor-light",
    primary="#1f5fae",
    secondary="#2f7040",
    accent="#8f5a00",
    warning="#6a3fb0",
    error="#b3261e",
    success="#1d7a3d",
    foreground="#22252c",
    background="#fbfaf6",
    surface="#f4f2ec",
    panel="#ebe8df",
    dark=False,
    variables={"block-cursor-text-style": "none", "footer-background": "#fbfaf6"},
)

MIN_CONTRAST, MIN_OF_LINES = 4.5, 3.0
"""Of text, and of lines that say something."""

_ROLE_COLOURS: dict[Role, tuple[str, float]] = {
    # The theme's colour, and how much of the foreground is mixed in: quiet, but told apart.
    "text": ("foreground", 0.0),
    "muted": ("foreground", 0.0),
    "strong": ("foreground", 0.0),
    "accent": ("accent", 0.0),
    "input": ("primary", 0.0),
    "weight": ("warning", 0.0),
    "output": ("foreground", 0.0),
    "target": ("secondary", 0.0),
    "loss": ("error", 0.35),
    "gradient": ("accent", 0.25),
    "curve": ("primary", 0.35),
    "tangent": ("accent", 0.25),
    "path": ("foreground", 0.0),
    "prediction": ("warning", 0.0),
    "yours": ("foreground", 0.0),
    "right": ("success", 0.0),
    "wrong": ("error", 0.0),
    "border": ("foreground", 0.0),
    "faint": ("foreground", 0.0),
    "key": ("accent", 0.0),
    "contour": ("foreground", 0.0),
    "class0": ("primary", 0.0),
    "class1": ("accent", 0.0),
    "class2": ("secondary", 0.0),
    "class3": ("warning", 0.0),
    "positive": ("primary", 0.0),
    "negative": ("error", 0.0),
}

_MUTED: dict[Role, float] = {"muted": 0.42, "path": 0.35, "border": 0.72, "faint": 0.6, "contour": 0.5}
_QUIET: dict[Role, float] = {"positive": 0.3, "negative": 0.3}  # colours of many lines at once
_LINES: frozenset[Role] = frozenset({"faint", "contour"})
_ORNAMENTS: frozenset[Role] = frozenset({"border"})  # nothing is lost where they are not seen

_RAMPS = {
    "heat": ("primary", "warning", "error", "accent"),
    "side": ("primary", "accent"),
    "class": ("primary", "accent", "secondary", "warning"),  # one for each class, as their roles
}
_SHADES = {
    ("heat", True): (10.0, 44.0, 0.105),
    ("heat", False): (97.0, 76.0, 0.085),
    ("side", True): (10.0, 27.0, 0.055),
    ("side", False): (97.0, 87.0, 0.045),
    ("class", True): (10.0, 27.0, 0.055),
    ("class", False): (97.0, 87.0, 0.045),
}
"""The lightness (CIE L*, 0 to 100) of a ramp's first and last ground in dark and in light themes, and its chroma."""

_BRIGHT = ("#5555ff", "#ff55ff", "#ff5555", "#ffff55")
_DIM = ("#0000aa", "#aa00aa", "#aa0000", "#aa5500")
"""Blue, magenta, red and yellow of the 16 colours."""

Depth = Literal["full", "256", "16", "none"]
"""How many colours a terminal has, or is to be shown."""

_SYSTEMS: dict[str, dict[str, str]] = {}
_GROUNDS: dict[tuple[str, Ground, Depth], Color] = {}
_STYLES: dict[tuple[str, Role, bool, Ground | None, Depth], Style] = {}


def role_style(theme: Theme, role: Role, lit: bool, ground: Ground | None = None, depth: Depth = "full") -> Style:
    """Return the style of a role in a theme; what is lit is bold and, but for verdicts, in the accent.

    Over a ground the colour of the text is the one that can be read there. With 16 colours there are no grounds, since
    nobody knows those colours: what they say is then said by the colours of the lines. Without colours there are bold
    and plain text, in the terminal's own colour.
    """
    key = (theme.name, role, lit, ground, depth)
    if key not in _STYLES:
        _STYLES[key] = _style(theme, role, lit, ground, depth)
    return _STYLES[key]


def _style(theme: Theme, role: Role, lit: bool, ground: Ground | None, depth: Depth) -> Style:
    is_bold = lit or role in ("strong", "accent", "key", "right", "wrong")
    if depth == "none":
        return Style(bold=is_bold)
    system = _system(theme)
    if ground is not None and depth == "16":
        if role == "contour":
            return Style(color=_few(theme, ground))
        ground = None
    under = Color(*Color.parse(system["background"]).rgb) if ground is None else ground_colour(theme, ground, depth)
    foreground = Color.parse(system["foreground"])
    name, mixed = _ROLE_COLOURS["accent" if lit and role not in ("right", "wrong", "yours") else role]
    colour = Color.parse(system[name]).blend(foreground, mixed)
    if role in _MUTED and not lit:
        colour = foreground.blend(under, _MUTED[role])
    if role in _QUIET and not lit:
        colour = colour.blend(under, _QUIET[role])
    if role not in _ORNAMENTS:
        colour = readable(colour, under, depth, MIN_OF_LINES if role in _LINES else MIN_CONTRAST)
    return Style(
        color=colour.rich_color,
        bgcolor=None if ground is None else under.rich_color,
        bold=is_bold,
    )


def _few(theme: Theme, ground: Ground) -> str:
    """Return the one of 16 colours that comes closest to what a ground says.

    It is given as the colour that is rounded to it: a name would first be turned into a palette's colour.
    """
    blue, magenta, red, yellow = _BRIGHT if theme.dark else _DIM
    if ground.ramp == "side":
        return blue if ground.step < len(SIDES) // 2 else yellow
    if ground.ramp == "class":
        return (blue, yellow, red, magenta)[ground.step // len(CLASS_GROUNDS[0])]
    return (blue, magenta, red, yellow)[ground.step * 4 // len(HEATS)]


def ground_colour(theme: Theme, ground: Ground, depth: Depth = "full") -> Color:
    """Return the colour of a ground: a ramp through the theme's own hues, in even steps of lightness.

    The lowest heat, and what is undecided between two sides or classes, are close to the background. With 256 colours
    it is stronger, so that it is not rounded to grey.
    """
    key = (theme.name, ground, depth)
    if key not in _GROUNDS:
        _GROUNDS[key] = _ground_colour(theme, ground, 1.4 if depth == "256" else 1.0)
    return _GROUNDS[key]


def _ground_colour(theme: Theme, ground: Ground, strength: float) -> Color:
    system = _system(theme)
    hues = [hue(Color.parse(system[name])) for name in _RAMPS[ground.ramp]]
    if ground.ramp == "side":
        half = len(SIDES) // 2
        chosen = hues[ground.step >= half]
        part = (half - ground.step if ground.step < half else ground.step - half + 1) / half
    elif ground.ramp == "class":
        place, level = divmod(ground.step, len(CLASS_GROUNDS[0]))
        chosen, part = hues[place], (level + 1) / len(CLASS_GROUNDS[0])
    else:
        part = ground.step / (len(HEATS) - 1)
        first = min(int(part * (len(hues) - 1)), len(hues) - 2)
        turn = (hues[first + 1] - hues[first] + math.pi) % math.tau - math.pi
        chosen = hues[first] + turn * (part * (len(hues) - 1) - first)
    low, high, chroma = _SHADES[ground.ramp, theme.dark]
    return shade(chosen, strength * chroma * min(1.0, 0.4 + 2 * part), low + (high - low) * part)


def _system(theme: Theme) -> dict[str, str]:
    """The colours of a theme by name; making them takes longer than drawing a screen, so they are kept."""
    if theme.name not in _SYSTEMS:
        _SYSTEMS[theme.name] = theme.to_color_system().generate()
    return _SYSTEMS[theme.name]


def readable(colour: Color, background: Color, depth: Depth = "full", least: float = MIN_CONTRAST) -> Color:
    """Return the colour, brought as far towards black or white as it needs to stand out from the background.

    With 256 colours it is what becomes of both there that stands out.
    """
    background = _seen(background, depth)
    ends = (Color(255, 255, 255), Color(0, 0, 0))
    end = max(ends, key=lambda candidate: contrast(candidate, background))
    for part in range(21):
        candidate = colour.blend(end, part / 20)
        if contrast(_seen(candidate, depth), background) >= least:
            return candidate
    return end


def _seen(colour: Color, depth: Depth) -> Color:
    """Return a colour as it is shown where there are 256 of them; elsewhere it stays as it is."""
    if depth != "256":
        return colour
    return Color(*colour.rich_color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor())


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def base_style(theme: Theme, depth: Depth = "full") -> Style:
    """Return the style of an empty cell."""
    if depth == "none":
        return Style()
    if theme.name not in _BASES:
        system = _system(theme)
        foreground, background = Color.parse(system["foreground"]), Color.parse(system["background"])
        _BASES[theme.name] = Style(color=foreground.rich_color, bgcolor=background.rich_color)
    return _BASES[theme.name]


_BASES: dict[str, Style] = {}
