"""From what was typed to a value: the one place where a learner's text becomes a number.

Tokens, precedence climbing and floats, with a whitelist of names and functions; nothing is ever evaluated as Python or
SymPy. `tokens` says which characters are taken, `names` which names, `expression` what they mean.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.expression import Call, Expression, Name, Negative, Number, Operation, spell
from nn_tutor.judging.names import ACTIVATION_FUNCTIONS, NAME_GROUPS, PI, canonical, check_names, on_keys
from nn_tutor.judging.parsing import parse
from nn_tutor.judging.tokens import MAX_CHARACTERS, ReadingError, fold, printed_name
from nn_tutor.judging.visible import quote, visible

if TYPE_CHECKING:
    from nn_tutor.network.activations import Activation

__all__ = [
    "NAME_GROUPS",
    "NO_NAMES",
    "Formula",
    "Reading",
    "ReadingError",
    "canonical",
    "printed",
    "read",
    "read_formula",
    "read_sign",
    "read_whole",
    "visible",
]

NO_NAMES: Mapping[str, float] = MappingProxyType({})
"""No quantity is bound."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed text was read as.

    `value` is finite and never −0. `half_unit` is half a unit of the last decimal typed, shifted by an exponent or a
    percent sign, and 0 for arithmetic and for fractions such as ½. `finest` is half a unit of the last decimal of the
    number with most decimals in it, 0 where there is none. `is_plain` tells that it was one number with at most signs
    and brackets around it, so that there is nothing to show. `shown` is the textbook spelling of what was read, with
    names as they were bound; `substituted` is the same with their values put in,
    `tree` what it means.
    """

    text: str
    value: float
    half_unit: float
    is_plain: bool
    shown: str
    substituted: str
    tree: Expression
    finest: float = 0.0


def read(text: str, names: Mapping[str, float] = NO_NAMES, asked: Collection[str] = ()) -> Reading:
    """Read a typed number or calculation, in which the given names stand for their values.

    `asked` are the names of what is asked for: `w' = 2.198` is read as 2.198. Raises `ReadingError`, and nothing else,
    for any text that has no reading or two. Raises `ValueError` where the program itself binds a name that cannot be
    typed. Source of the rules: the table in tests/judging/data.
    """
    check_names(names)
    expression = parse(without_asked(text, asked), names, asked)
    values = {**names, PI: math.pi}
    value = _evaluate(expression, values) + 0.0  # −0 becomes 0
    number = _plain_number(expression)
    return Reading(
        text=text,
        value=value,
        half_unit=number.half_unit if number else 0.0,
        is_plain=number is not None,
        shown=spell(expression),
        substituted=spell(expression, values),
        tree=expression,
        finest=min((number.half_unit for number in _numbers(expression) if number.half_unit), default=0.0),
    )


def printed(value: float, decimals: int) -> Reading:
    """Return what `read` makes of a number that is printed with so many decimals, without going through its text."""
    text = f"{value:.{decimals}f}"
    digits = text.removeprefix("-")
    if len(digits) > _MAX_PRINTED:
        return read(text)
    number, shown = Number(digits, float(digits), float(f"5e{-decimals - 1}")), text.replace("-", "−")
    tree: Expression = number if digits == text else Negative(number)
    return Reading(text, float(text) + 0.0, number.half_unit, True, shown, shown, tree, number.half_unit)


_MAX_PRINTED = 30
"""A number with more characters than this is read as any text is."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A typed formula: its tree, and its textbook spelling."""

    tree: Expression
    shown: str

    def value(self, values: Mapping[str, float]) -> float:
        """Return what the formula comes to for values of its names; raises `ReadingError` where there is no number."""
        return _evaluate(self.tree, {**values, PI: math.pi})

    def turned(self) -> Formula:
        """Return the formula with the other sign."""
        tree = Negative(self.tree)
        return Formula(tree, spell(tree))


def read_whole(text: str, example: str) -> int:
    """Read a typed whole number, also a calculation of one; raises `ReadingError` for all else, with an example."""
    try:
        value = read(text).value
    except ReadingError as error:
        if any(character.isdecimal() for character in _NAMES.sub("", text)):  # then the mend is in how it is written
            raise
        raise ReadingError(f"type a whole number, such as {example}") from error
    if value % 1:
        raise ReadingError(f"type a whole number, such as {example}")
    return int(value)


_NAMES = re.compile(r"[^\W\d]\w*")


def read_formula(
    text: str, names: Iterable[str], asked: Collection[str] = (), told: Iterable[str] | None = None
) -> Formula:
    """Read a typed formula in the given names; raises `ReadingError`, and nothing else, for what has no reading.

    The error tells all of the names, or those that are `told`.
    """
    allowed = tuple(names)
    check_names(allowed)
    if not text.strip():
        raise ReadingError("nothing is typed yet: type a formula")
    tree = parse(without_asked(text, asked), allowed, asked, told)
    return Formula(tree, spell(tree))


def read_sign(text: str) -> int:
    """Read a typed sign, `+` or `minus` or `falls` or `0`, as 1, -1 or 0; raises `ReadingError` for all else."""
    try:
        sign = _SIGN_WORDS.get(fold(text).lower())
        if sign is not None:
            return sign
        reading = read(text)
    except ReadingError:
        raise ReadingError("only the sign is asked for: type +, - or 0") from None
    if reading.value:
        raise ReadingError("only the sign is asked for: type + or -, without the number")
    return 0


def without_asked(text: str, asked: Collection[str]) -> str:
    """Return what stands behind `w' =`, where w or w′ is asked; a text without = as it is.

    Raises `ReadingError` where another name stands before the =, or a calculation.
    """
    before, equals, behind = text.replace("＝", "=").partition("=")
    if not (asked and equals and before.strip() and behind.strip()) or len(text) > MAX_CHARACTERS:
        return text
    name = printed_name(before)
    if name is None or "=" in behind:
        raise ReadingError("type the calculation or its result, not both")
    if canonical(name.lower()) not in {canonical(one.lower()) for one in asked}:
        raise ReadingError(f"{on_keys(next(iter(asked)))} is asked for here, not {quote(name)}: type its value alone")
    return behind


_SIGN_WORDS = {
    **dict.fromkeys(("+", "plus", "positive", "pos", "up", "rise", "rises"), 1),
    **dict.fromkeys(("-", "minus", "negative", "neg", "down", "fall", "falls"), -1),
    **dict.fromkeys(("zero", "0"), 0),
}


def _plain_number(expression: Expression) -> Number | None:
    while isinstance(expression, Negative):
        expression = expression.operand
    return expression if isinstance(expression, Number) else None


def _numbers(expression: Expression) -> Iterator[Number]:
    """Every number that stands in an expression."""
    match expression:
        case Number():
            yield expression
        case Negative(operand=operand):
            yield from _numbers(operand)
        case Operation(left=left, right=right):
            yield from _numbers(left)
            yield from _numbers(right)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from _numbers(argument)


def _evaluate(expression: Expression, values: Mapping[str, float]) -> float:
    """Return the value in doubles; raises `ReadingError` where there is no finite real one."""
    match expression:
        case Number(value=value):
            return value
        case Name(name=name):
            return _finite(values[name])
        case Negative(operand=operand):
            return -_evaluate(operand, values)
        case Operation(operator=operator, left=left, right=right):
            return _finite(_operate(operator, _evaluate(left, values), _evaluate(right, values)))
        case Call(function=function, arguments=arguments):
            return _finite(_apply(function, [_evaluate(argument, values) for argument in arguments]))


def _operate(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            if not right:
                raise ReadingError("that divides by zero")
            return left / right
        case _:
            return _power(left, right)


def _power(base: float, exponent: float) -> float:
    if not base and exponent < 0:
        raise ReadingError("that divides by zero: a negative power of 0")
    if base < 0 and not exponent.is_integer():
        raise ReadingError("a fractional power of a negative number has no real value")
    try:
        return math.pow(base, exponent)
    except OverflowError:
        raise _too_large() from None


def _apply(function: str, arguments: list[float]) -> float:
    first = arguments[0]
    match function:
        case "exp":
            return _exponential(first)
        case "log" | "ln":
            if first <= 0:
                raise ReadingError(f"{function} needs a number above 0")
            return math.log(first)
        case "sqrt":
            if first < 0:
                raise ReadingError("the root of a negative number has no real value")
            return math.sqrt(first)
        case "min":
            return min(arguments)
        case "max":
            return max(arguments)
        case name if name in _OF_ONE:
            return _OF_ONE[name](first)
        case name:
            return _activated(ACTIVATION_FUNCTIONS[name], first)


_OF_ONE: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "sign": lambda value: float((value > 0) - (value < 0)),
    "erf": math.erf,
    "floor": lambda value: float(math.floor(value)),
    "cos": math.cos,
    "Phi": lambda value: math.erfc(-value / math.sqrt(2)) / 2,
    "phi": lambda value: math.exp(-value * value / 2) / math.sqrt(2 * math.pi),
}
"""Functions that take every number."""


def _activated(entry: Activation, z: float) -> float:
    with np.errstate(all="ignore"):
        return float(entry.function(np.array(z)))


def _exponential(exponent: float) -> float:
    try:
        return math.exp(exponent)
    except OverflowError:
        raise _too_large() from None


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise _too_large()
    return value


def _too_large() -> ReadingError:
    return ReadingError("the result is too large to compute with")
