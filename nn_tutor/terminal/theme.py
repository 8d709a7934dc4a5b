"""The colours: two themes of our own, and the style of each role of a drawing in any theme.

Of a theme only its roles are used. A colour that does not stand out by 4.5 : 1 from the background (WCAG 2, AA) is
brought closer to black or white until it does, so that every theme of the palette can be read.
"""

from __future__ import annotations

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from nn_tutor.terminal.drawing.ink import HEATS, SIDES, Ground, Role

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

LEAST_CONTRAST = 4.5

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
    "key": ("accent", 0.0),
    "contour": ("foreground", 0.0),
    "class0": ("primary", 0.0),
    "class1": ("accent", 0.0),
    "class2": ("secondary", 0.0),
    "class3": ("warning", 0.0),
    "positive": ("primary", 0.0),
    "negative": ("error", 0.0),
}

_MUTED: dict[Role, float] = {"muted": 0.42, "path": 0.35, "border": 0.72, "contour": 0.5}
_FAINT: frozenset[Role] = frozenset({"border", "contour"})  # lines, not text

_HEAT = ("primary", "warning", "error")
_SIDE = ("primary", "accent")
_LIGHTNESS = {True: (11.0, 36.0), False: (96.0, 66.0)}
"""Lightness (CIE L*, 0 to 100) of the lowest and the highest ground, in dark and in light themes."""

_SYSTEMS: dict[str, dict[str, str]] = {}
_STYLES: dict[tuple[str, Role, bool, Ground | None], Style] = {}


def role_style(theme: Theme, role: Role, lit: bool, ground: Ground | None = None) -> Style:
    """Return the style of a role in a theme; what is lit is bold and, but for verdicts, in the accent.

    Over a ground the colour of the text is the one that can be read there.
    """
    key = (theme.name, role, lit, ground)
    if key not in _STYLES:
        _STYLES[key] = _style(theme, role, lit, ground)
    return _STYLES[key]


def _style(theme: Theme, role: Role, lit: bool, ground: Ground | None) -> Style:
    system = _system(theme)
    under = Color(*Color.parse(system["background"]).rgb) if ground is None else ground_colour(theme, ground)
    foreground = Color.parse(system["foreground"])
    name, mixed = _ROLE_COLOURS["accent" if lit and role not in ("right", "wrong", "yours") else role]
    colour = Color.parse(system[name]).blend(foreground, mixed)
    if role in _MUTED and not lit:
        colour = foreground.blend(under, _MUTED[role])
    if role not in _FAINT:
        colour = readable(colour, under)
    return Style(
        color=colour.rich_color,
        bgcolor=None if ground is None else under.rich_color,
        bold=lit or role in ("strong", "accent", "key", "right", "wrong"),
    )


def ground_colour(theme: Theme, ground: Ground) -> Color:
    """Return the colour of a ground: a ramp of the theme's own colours, even steps of lightness apart.

    The lowest heat, and what is undecided between two sides, are close to the background.
    """
    system = _system(theme)
    low, high = _LIGHTNESS[theme.dark]
    if ground in HEATS:
        part = HEATS.index(ground) / (len(HEATS) - 1)
        place = part * (len(_HEAT) - 1)
        first = min(int(place), len(_HEAT) - 2)
        colour = Color.parse(system[_HEAT[first]]).blend(Color.parse(system[_HEAT[first + 1]]), place - first)
    else:
        half = len(SIDES) // 2
        place = SIDES.index(ground)
        part = (half - place if place < half else place - half + 1) / half * 0.75
        colour = Color.parse(system[_SIDE[place >= half]])
    return _as_light_as(colour, low + (high - low) * part)


def _as_light_as(colour: Color, lightness: float) -> Color:
    """Return the colour, mixed with black or white until it has this lightness (CIE L*)."""
    wanted = ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / 903.3
    end = Color(0, 0, 0) if _luminance(colour) > wanted else Color(255, 255, 255)
    less, more = 0.0, 1.0
    for _ in range(12):
        part = (less + more) / 2
        reached = (_luminance(colour.blend(end, part)) > wanted) == (end.rgb == (255, 255, 255))
        less, more = (less, part) if reached else (part, more)
    return colour.blend(end, more)


def _system(theme: Theme) -> dict[str, str]:
    """The colours of a theme by name; making them takes longer than drawing a screen, so they are kept."""
    if theme.name not in _SYSTEMS:
        _SYSTEMS[theme.name] = theme.to_color_system().generate()
    return _SYSTEMS[theme.name]


def readable(colour: Color, background: Color) -> Color:
    """Return the colour, brought as far towards black or white as it needs to stand out from the background."""
    end = Color(255, 255, 255) if background.brightness < 0.5 else Color(0, 0, 0)
    for part in range(21):
        candidate = colour.blend(end, part / 20)
        if contrast(candidate, background) >= LEAST_CONTRAST:
            return candidate
    return end


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def base_style(theme: Theme) -> Style:
    """Return the style of an empty cell."""
    if theme.name not in _BASES:
        system = _system(theme)
        foreground, background = Color.parse(system["foreground"]), Color.parse(system["background"])
        _BASES[theme.name] = Style(color=foreground.rich_color, bgcolor=background.rich_color)
    return _BASES[theme.name]


_BASES: dict[str, Style] = {}
