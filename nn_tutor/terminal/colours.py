"""Hue, lightness and luminance of colours, in the perceptual space Oklab.

Source: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

from __future__ import annotations

import math

from textual.color import Color


def hue(colour: Color) -> float:
    """Return the hue of a colour in Oklab, as an angle."""
    red, green, blue = map(_linear, colour.normalized)
    cones = (
        0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue,
        0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue,
        0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue,
    )
    long, middle, short = (max(cone, 0.0) ** (1 / 3) for cone in cones)
    return math.atan2(
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
    )


def shade(hue: float, chroma: float, lightness: float) -> Color:
    """Return the colour of a hue and a chroma in Oklab that has this lightness (CIE L*)."""
    wanted = ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / 903.3
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if luminance(_from_oklab(middle, a, b)) < wanted else (low, middle)
    return _from_oklab(high, a, b)


def _from_oklab(light: float, a: float, b: float) -> Color:
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    clipped = (min(max(part, 0.0), 1.0) for part in parts)
    coded = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in clipped)
    red, green, blue = (round(255 * part) for part in coded)
    return Color(red, green, blue)


def luminance(colour: Color) -> float:
    """Return the relative luminance of a colour, from 0 to 1 (WCAG 2)."""
    red, green, blue = map(_linear, colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
