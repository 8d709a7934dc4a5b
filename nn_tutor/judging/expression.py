"""What a typed text means, as a tree, and its textbook spelling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import IntEnum, auto
from typing import Final, Literal

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.tokens import ReadingError

Operator = Literal["+", "-", "*", "/", "^"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed, its value, and half a unit of its last decimal (0 for a fraction such as ½)."""

    text: str
    value: float
    half_unit: float


@dataclass(frozen=True, slots=True)
class Name:
    """A bound quantity, spelled as it was bound, or π."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """The operand with its sign turned."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands joined by `+ - * /` or by `^`, the power."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """One of the known functions applied to its arguments."""

    function: str
    arguments: tuple[Expression, ...]


Expression = Number | Name | Negative | Operation | Call
"""What a typed text means; brackets and a leading plus leave no trace."""


def spell(expression: Expression, values: Mapping[str, float] | None = None) -> str:
    """Return the textbook spelling, `2·(0.4 − 1)·0.5`; with `values`, names are replaced by their numbers.

    Numbers stand as they were typed. Brackets stand where reading the line again needs them, around what would make a
    reader ask (−(2^2)) and around every negative number put in for a name. Reading it again gives the same value.
    """
    if isinstance(expression, Name) and values is not None:
        return number_text(values[expression.name])
    return _spell(expression, values)[0]


def number_text(value: float) -> str:
    """Return the shortest decimal that is this double, with a true minus sign: −0.6, 2, 1e-05."""
    text = repr(value).removesuffix(".0")
    return f"−{text[1:]}" if text.startswith("-") else text


def typed_number(text: str, percent: bool = False) -> Number:
    """Return the number that a token spells; the tokenizer has proved the text to be digits, point and exponent."""
    digits, _, exponent_text = text.lower().replace("_", "").partition("e")
    exponent = int(exponent_text or 0) - (2 if percent else 0)
    decimals = len(digits.partition(".")[2])
    value = float(f"{digits}e{exponent}")
    half_unit = float(f"5e{exponent - decimals - 1}")
    if not (math.isfinite(value) and math.isfinite(half_unit)):
        raise ReadingError("that number is too large to compute with")
    return Number(f"{text}%" if percent else text, value, half_unit)


def is_number(expression: Expression) -> bool:
    """Whether a number is all that was typed, whatever its sign."""
    while isinstance(expression, Negative):
        expression = expression.operand
    return isinstance(expression, Number)


class _Strength(IntEnum):
    """How strongly the outermost part of a spelling binds, the weakest first."""

    SUM = auto()
    PRODUCT = auto()
    UNARY = auto()
    POWER = auto()
    ATOM = auto()


_STRENGTHS: Final[dict[Operator, _Strength]] = {
    "+": _Strength.SUM,
    "-": _Strength.SUM,
    "*": _Strength.PRODUCT,
    "/": _Strength.PRODUCT,
    "^": _Strength.POWER,
}

_RAISED = dict(zip("23456789", "²³⁴⁵⁶⁷⁸⁹", strict=True))
"""Exponents that stand raised, as on paper; the reader takes them so too."""


def _spell(expression: Expression, values: Mapping[str, float] | None) -> tuple[str, _Strength]:
    """Return the spelling and how strongly its outermost part binds."""
    match expression:
        case Number(text=text):
            return text, _Strength.ATOM
        case Name(name=name):
            if values is None:
                return name, _Strength.ATOM
            value = number_text(values[name])
            return (f"({value})" if value.startswith("−") else value), _Strength.ATOM
        case Negative(operand=operand):
            return f"−{_bracketed(operand, values, _Strength.ATOM)}", _Strength.UNARY
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(spell(argument, values) for argument in arguments)})", _Strength.ATOM
        case Operation(operator="^", left=left, right=Number(text=text)) if text in _RAISED:
            return f"{_bracketed(left, values, _Strength.ATOM)}{_RAISED[text]}", _Strength.POWER
        case Operation(operator="^", left=left, right=right):
            return (
                f"{_bracketed(left, values, _Strength.ATOM)}^{_bracketed(right, values, _Strength.ATOM)}",
                _Strength.POWER,
            )
        case Operation(operator=operator, left=left, right=right):
            strength = _STRENGTHS[operator]
            sign = {"+": " + ", "-": " − ", "*": "·", "/": "/"}[operator]
            return f"{_bracketed(left, values, strength)}{sign}{_right_side(right, values, strength)}", strength


def _bracketed(expression: Expression, values: Mapping[str, float] | None, weakest: _Strength) -> str:
    text, strength = _spell(expression, values)
    return text if strength >= weakest else f"({text})"


def _right_side(expression: Expression, values: Mapping[str, float] | None, strength: _Strength) -> str:
    text, own_strength = _spell(expression, values)
    return f"({text})" if own_strength <= strength or text.startswith("−") else text
