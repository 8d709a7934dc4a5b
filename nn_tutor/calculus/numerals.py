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


def rounded(value: float, digits: int = 4) -> str:
    """Write a number with `digits` significant digits and no idle zeros: 2.198, −0.5, 1.2e−6, ∞, or NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    exponent = int(power)
    if not -4 <= exponent < 6:
        return _minus(f"{_trim(mantissa)}e{exponent}")
    return _minus(_trim(f"{value:.{max(digits - 1 - exponent, 0)}f}"))


def tick(value: float, step: float) -> str:
    """Write a tick with as many decimals as its step needs: 1.5 beside a step of 0.5, 2e−6 beside a step of 1e−6."""
    if not math.isfinite(value):
        return rounded(value)
    if abs(value) < abs(step) * 1e-6:
        value = 0.0
    if 1e-4 <= step < 1e5:
        return _minus(f"{value:.{_decimals(step, 0)}f}")
    if value == 0:
        return "0"
    return scientific(value, _decimals(step, math.floor(math.log10(abs(value)) + 1e-9)))


def scientific(value: float, decimals: int) -> str:
    """Write a number as a power of ten and a factor with so many decimals: `−4e−3`."""
    mantissa, power = f"{value:.{decimals}e}".split("e")
    return _minus(f"{mantissa}e{int(power)}")


def subscript(text: object) -> str:
    """Write digits and a few letters as subscripts: `w₁₂`."""
    return str(text).translate(_SUBSCRIPTS)


def superscript(text: object) -> str:
    """Write digits and parentheses as superscripts: `x⁽²⁾`."""
    return str(text).translate(_SUPERSCRIPTS)


def on_line(text: str) -> str:
    """Write the digits of subscripts on the line, as they are typed: w5 for w₅."""
    return text.translate(_ON_LINE)


_SUBSCRIPTS = str.maketrans("0123456789ijk", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ")
_ON_LINE = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


def _decimals(step: float, exponent: int) -> int:
    """Return how many decimals tell multiples of `step` apart, of numbers written as multiples of 10**exponent."""
    power = math.floor(math.log10(step) + 1e-9)
    leading = step / 10.0**power
    return max(0, exponent - power + (abs(leading - round(leading)) > 0.01))


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _minus(text: str) -> str:
    """Put true minus signs; a zero that was rounded from below loses its sign."""
    if text.startswith("-") and not text.strip("-0."):
        text = text[1:]
    return text.replace("-", "−")
