"""Numbers as text for a reader: enough digits to calculate with, a true minus sign, no noise."""

from __future__ import annotations

import math
from functools import lru_cache


@lru_cache(maxsize=4096)
def numeral(value: float, decimals: int = 4) -> str:
    """Write a number with at least `decimals` decimals' worth of digits, without trailing zeros: `2.198`, `−0.0004`.

    Four significant digits are kept below 0.1; below 1e-4 and from 1e6 on the form is `1.234e−5`. A number that is not
    finite is written ∞, −∞ or ?.
    """
    if not math.isfinite(value):
        return "?" if math.isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if 1e-4 <= size < 1e6:
        leading = max(0, -math.floor(math.log10(size)) - 1)
        text = f"{size:.{decimals + leading}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, exponent = f"{size:.{decimals - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}e{'−' if int(exponent) < 0 else ''}{abs(int(exponent))}"
    return ("−" if value < 0 else "") + text


def apart(value: float, other: float) -> str:
    """Write a number with so many more digits that it does not look like another one, unless they are equal."""
    return next(
        (text for decimals in range(4, 16) if (text := numeral(value, decimals)) != numeral(other, decimals)),
        numeral(value),
    )


def fixed(value: float, decimals: int) -> str:
    """Write a number with exactly `decimals` decimals and a true minus sign; never −0."""
    text = f"{abs(value):.{decimals}f}"
    return ("−" if value < 0 and float(text) != 0 else "") + text


def subscript(text: object) -> str:
    """Write digits and a few letters as subscripts: `w₁₂`."""
    return str(text).translate(_SUBSCRIPTS)


def superscript(text: object) -> str:
    """Write digits and parentheses as superscripts: `x⁽²⁾`."""
    return str(text).translate(_SUPERSCRIPTS)


_SUBSCRIPTS = str.maketrans("0123456789ijk", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ")
_SUPERSCRIPTS = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
