"""Numbers as text for a reader: enough digits to calculate with, a true minus sign, no noise.

What lies half-way is rounded away from 0, as it is by hand: 1.77625 is 1.7763, also where the noise behind the last
digits of a double makes it 1.7762499999999998, or where the even digit is the lower one.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
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
        text = _trim(_decimal(size, decimals + leading))
    else:
        mantissa, exponent = _power(size, decimals - 1)
        text = f"{_trim(mantissa)}e{'−' if exponent < 0 else ''}{abs(exponent)}"
    return ("−" if value < 0 else "") + text


def number_of(text: str) -> float | None:
    """Return the number that a numeral writes, None for a text that is none: ?, or what is not there yet."""
    try:
        return float(text.replace("−", "-").replace("∞", "inf"))
    except ValueError:
        return None


def is_written(value: float, text: str) -> bool:
    """Whether a text writes a number, but for the last bits of floating point."""
    number = number_of(text)
    return number is not None and math.isclose(number, value, rel_tol=1e-9, abs_tol=1e-12)


def apart(value: float, other: float) -> str:
    """Write a number with so many more digits that it does not look like another one, unless they are equal."""
    return next(
        (text for decimals in range(4, 16) if (text := numeral(value, decimals)) != numeral(other, decimals)),
        numeral(value),
    )


def in_decimals(text: str) -> str:
    """Return a numeral in decimals where it is written as a power of ten that is not too far: `0.000004` for `4e−6`."""
    if "e" not in text or abs((number := Decimal(text.replace("−", "-"))).adjusted()) > _FARTHEST:
        return text
    return _minus(f"{number:f}")


_FARTHEST = 9
"""Places from the decimal point: a number farther away is not written in decimals."""


def fixed(value: float, decimals: int) -> str:
    """Write a number with exactly `decimals` decimals and a true minus sign; never −0."""
    text = _decimal(abs(value), decimals)
    return ("−" if value < 0 and float(text) != 0 else "") + text


def rounded(value: float, digits: int = 4) -> str:
    """Write a number with `digits` significant digits and no idle zeros: 2.198, −0.5, 1.2e−6, ∞, or NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    sign, size = "−" if value < 0 else "", abs(value)
    mantissa, exponent = _power(size, digits - 1)
    if not -4 <= exponent < 6:
        return f"{sign}{_trim(mantissa)}e{_minus(str(exponent))}"
    return sign + _trim(_decimal(size, max(digits - 1 - exponent, 0)))


def tick(value: float, step: float) -> str:
    """Write a tick with as many decimals as its step needs: 1.5 beside a step of 0.5, 2e−6 beside a step of 1e−6.

    What is far larger than a small step is no power of ten: 0.87745 beside a step of 0.00005.
    """
    if not math.isfinite(value):
        return rounded(value)
    if abs(value) < abs(step) * 1e-6:
        value = 0.0
    if 1e-4 <= step < 1e5 or (1e-8 < step < 1e-4 and 100 * step <= abs(value) < 1e3):
        return _minus(f"{value:.{_decimals(step, 0)}f}")
    if value == 0:
        return "0"
    return scientific(value, _decimals(step, math.floor(math.log10(abs(value)) + 1e-9)))


def scientific(value: float, decimals: int) -> str:
    """Write a number as a power of ten and a factor with so many decimals: `−4e−3`."""
    mantissa, exponent = _power(abs(value), decimals)
    return ("−" if value < 0 else "") + _minus(f"{mantissa}e{exponent}")


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


def _decimal(size: float, decimals: int) -> str:
    """Write a number that is not negative with so many decimals."""
    digits, exponent = _digits(size)
    if not _is_half_way(digits, decimals + exponent + 1):
        return f"{size:.{decimals}f}"
    exact = Decimal(f"{digits}e{exponent + 1 - len(digits)}")
    return str(exact.quantize(Decimal(f"1e{-decimals}"), context=_BY_HAND))


def _power(size: float, decimals: int) -> tuple[str, int]:
    """Return the factor, with so many decimals, and the exponent of the power of ten of a number, not negative."""
    digits, exponent = _digits(size)
    if _is_half_way(digits, decimals + 1):
        size = float(f"{int(digits) + 1}e{exponent + 1 - len(digits)}")
    mantissa, power = f"{size:.{decimals}e}".split("e")
    return mantissa, int(power)


def _digits(size: float) -> tuple[str, int]:
    """Return the digits of a number without the noise behind them, and the power of ten of the first one."""
    mantissa, power = f"{size:.{_TRUE_DIGITS - 1}e}".split("e")
    return mantissa.replace(".", "").rstrip("0") or "0", int(power)


def _is_half_way(digits: str, kept: int) -> bool:
    """Whether of a short number's digits one is to be dropped, a 5."""
    return digits[-1] == "5" and len(digits) == kept + 1 and len(digits) <= _SHORT


_SHORT = 12
"""A decimal number of more digits is none that somebody has to round by hand."""

_TRUE_DIGITS = 14
"""So many digits of a double stay true through a few sums and products."""

_BY_HAND = Context(prec=400, rounding=ROUND_HALF_UP)


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _minus(text: str) -> str:
    """Put true minus signs; a zero that was rounded from below loses its sign."""
    if text.startswith("-") and not text.strip("-0."):
        text = text[1:]
    return text.replace("-", "−")
