"""From tokens to a tree (precedence climbing), and from a tree to its textbook spelling."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from nn_tutor.judging.names import FUNCTIONS, PI, bound_name, canonical, function_called
from nn_tutor.judging.tokens import Kind, ReadingError, Token, tokenize
from nn_tutor.judging.visible import quote

DEEPEST = 24

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


def parse(text: str, names: Collection[str]) -> Expression:
    """Return the tree of a typed text in which only the given names stand; raises `ReadingError` with the mend."""
    return _Parser(tokenize(text), names).whole()


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
    return repr(value).removesuffix(".0").replace("-", "−", 1) if value < 0 else repr(value).removesuffix(".0")


# Reading

_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = 1, 2, 3, 4, 5
_STRENGTH: Final[dict[Kind, int]] = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}
_OPERATORS: Final[dict[Kind, Operator]] = {"+": "+", "-": "-", "*": "*", "/": "/", "^": "^"}
_WORDS = {
    **dict.fromkeys(("nan", "inf", "infinity", "oo"), "that is no finite number: type digits"),
    **dict.fromkeys(("true", "false", "none"), "type a number in digits, such as 0 or 1"),
    "e": "write 1e-3 for a small number, exp(1) for Euler's number",
}
_MOST_LISTED = 16
_PERCENT_MEND = "% stands only behind a single number, as in 36%: write 0.36 in a calculation"


class _Parser:
    """Precedence climbing over a row of tokens: sums, products, signs, powers (from the right), brackets."""

    def __init__(self, tokens: tuple[Token, ...], names: Collection[str]) -> None:
        self._tokens = tokens
        self._names = names
        self._position = 0

    def whole(self) -> Expression:
        expression = self._climb(_SUM, 0)
        token = self._peek()
        if token is None:
            return expression
        if token.kind == "%":
            return self._percent()
        raise self._unexpected(token)

    def _peek(self) -> Token | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _climb(self, weakest: int, depth: int) -> Expression:
        if depth > DEEPEST:
            raise ReadingError("that is nested too deep to read: type a simpler calculation")
        left = self._operand(depth)
        while (token := self._peek()) and (operator := _OPERATORS.get(token.kind)):
            strength = _STRENGTH[token.kind]
            if strength < weakest:
                break
            self._position += 1
            if operator == "^":
                left = Operation(operator, left, self._climb(_POWER, depth + 1))
            else:
                left = Operation(operator, left, self._climb(strength + 1, depth))
        return left

    def _operand(self, depth: int) -> Expression:
        token = self._peek()
        if token is None:
            raise ReadingError(f"something is missing after {quote(self._tokens[-1].text)}")
        self._position += 1
        match token.kind:
            case "+":
                return self._climb(_UNARY, depth + 1)
            case "-":
                return Negative(self._climb(_UNARY, depth + 1))
            case "number":
                return _number(token.text)
            case "fraction":
                return self._fraction(token)
            case "name":
                return self._name(token, depth)
            case "(":
                return self._group(depth)
            case _:
                self._position -= 1
                raise self._no_operand(token)

    def _group(self, depth: int) -> Expression:
        token = self._peek()
        if token is not None and token.kind == ")":
            raise ReadingError("nothing stands in the brackets")
        inside = self._climb(_SUM, depth + 1)
        self._close()
        return inside

    def _close(self) -> None:
        token = self._peek()
        if token is None:
            raise ReadingError("a closing bracket ) is missing")
        if token.kind != ")":
            raise self._unexpected(token)
        self._position += 1

    def _name(self, token: Token, depth: int) -> Expression:
        following = self._peek()
        called = following is not None and following.kind == "("
        if function := function_called(token.text):
            if not called:
                raise ReadingError(f"write {function}(…), with brackets around its value")
            self._position += 1
            return self._call(function, depth)
        if canonical(token.text.lower()) == PI:
            return Name(PI)
        if token.text in "oO" and following is not None and following.text[0] == "." and not following.after_blank:
            raise ReadingError(f"is that the letter O? write 0{following.text[:24]}")
        if name := bound_name(token.text, self._names):
            return Name(name)
        raise self._unknown(token, called)

    def _call(self, function: str, depth: int) -> Call:
        arguments: list[Expression] = []
        if (token := self._peek()) and token.kind != ")":
            arguments.append(self._climb(_SUM, depth + 1))
            while (token := self._peek()) and token.kind == ",":
                self._position += 1
                arguments.append(self._climb(_SUM, depth + 1))
        self._close()
        if function in ("min", "max"):
            if len(arguments) < 2:
                raise ReadingError(f"{function} compares two values or more: write {function}(0, 1)")
        elif len(arguments) != 1:
            raise ReadingError(f"{function} takes one value, and decimals have a point: {function}(1.5)")
        return Call(function, tuple(arguments))

    def _fraction(self, token: Token) -> Number:
        others = self._tokens[: self._position - 1]
        if self._peek() is not None or any(other.kind not in ("+", "-") for other in others):
            raise ReadingError(f"{token.text} stands alone only: in a calculation write ({_slashed(token.text)})")
        return Number(token.text, unicodedata.numeric(token.text), 0.0)

    def _percent(self) -> Expression:
        """Read a final % behind signs and one number."""
        *signs, number, _ = self._tokens
        is_last = self._position == len(self._tokens) - 1
        if not is_last or number.kind != "number" or any(sign.kind not in ("+", "-") for sign in signs):
            raise ReadingError(_PERCENT_MEND)
        value: Expression = _number(number.text, percent=True)
        for sign in reversed(signs):
            value = Negative(value) if sign.kind == "-" else value
        return value

    # What to say

    def _no_operand(self, token: Token) -> ReadingError:
        """Return what to say where a value was expected."""
        following = self._tokens[self._position + 1] if self._position + 1 < len(self._tokens) else None
        if token.kind == "%":
            return ReadingError(_PERCENT_MEND)
        if token.kind == "," and following is not None and following.kind == "number":
            return ReadingError(f"a decimal number is written with a point: 0.{following.text.lstrip('.')[:24]}")
        return ReadingError(f"a value is missing before {quote(token.text)}")

    def _unexpected(self, token: Token) -> ReadingError:
        """Return what to say where an operator or the end was expected."""
        previous = self._tokens[self._position - 1]
        if token.kind == ")":
            return ReadingError("there is a closing bracket ) too many")
        if token.kind == ",":
            return self._comma(previous)
        if token.kind == "%":
            return ReadingError(_PERCENT_MEND)
        if token.kind == "fraction":
            return ReadingError(f"{token.text} stands alone only: write … + {_slashed(token.text)}")
        if token.kind == "name":
            return self._name_behind(previous, token)
        if token.kind == "number" and previous.kind == "number":
            return ReadingError("two numbers stand side by side: write one, or put an operator between them")
        return _product(previous, self._group_text() if token.kind == "(" else token.text)

    def _group_text(self) -> str:
        """Return the text of the bracket that opens here, up to where it closes or the text ends."""
        text, open_brackets = "", 0
        for token in self._tokens[self._position :]:
            text += token.text
            open_brackets += (token.kind == "(") - (token.kind == ")")
            if not open_brackets:
                break
        return text

    def _comma(self, previous: Token) -> ReadingError:
        following = self._tokens[self._position + 1] if self._position + 1 < len(self._tokens) else None
        if following is None or following.kind != "number" or previous.kind != "number":
            return ReadingError("leave out the comma: type one number, with a point for decimals")
        before, after = previous.text, following.text
        if not (before + after).isdigit() or len(before + after) > 24:
            return ReadingError("leave out the comma: the point alone marks decimals")
        if len(after) == 3 and before.strip("0"):
            return ReadingError(f"{before},{after} has two readings: write {before}{after} or {before}.{after}")
        return ReadingError(f"a decimal number has a point: write {before}.{after}")

    def _name_behind(self, previous: Token, token: Token) -> ReadingError:
        """Return what to say of a name straight behind a value: 2x, 0x10, 1e, 2j, 3x4."""
        glued = previous.kind == "number" and not token.after_blank
        text = token.text
        if function_called(text) or canonical(text.lower()) == PI or bound_name(text, self._names):
            return _product(previous, text)
        if glued and previous.text == "0" and text[0] in "xXbBoO":
            return ReadingError("write the number in decimal digits")
        if glued and text[0] in "xX" and text[1:].isdecimal():
            return _product(previous, text[1:])
        if glued and text in ("e", "E"):
            return ReadingError("the exponent is missing: write it as in 1e-3")
        if glued and text in ("i", "j", "I", "J"):
            return ReadingError("only real numbers are asked for here: type it without i or j")
        return self._unknown(token, called=False)

    def _unknown(self, token: Token, called: bool) -> ReadingError:
        lowered = token.text.lower()
        if called:
            return ReadingError(f"{quote(token.text)} is no function here: there are {', '.join(FUNCTIONS)}")
        if lowered in _WORDS:
            return ReadingError(_WORDS[lowered])
        listed = ", ".join(list(self._names)[:_MOST_LISTED]) + (", …" if len(self._names) > _MOST_LISTED else "")
        may_use = f"you may use {listed}" if listed else "type a number, such as 0.36"
        return ReadingError(f"{quote(token.text)} is no name here: {may_use}")


def _product(left: Token, right: str) -> ReadingError:
    """Return what to say of two values with nothing between them."""
    if left.kind == ")" or len(left.text + right) > 24:
        return ReadingError("for a product put a * between the two")
    return ReadingError(f"for a product write {left.text}*{right}")


def _slashed(fraction: str) -> str:
    """Return a fraction such as ½ in the spelling 1/2."""
    return unicodedata.normalize("NFKC", fraction).replace("⁄", "/")


def _number(text: str, percent: bool = False) -> Number:
    """Return the number that a token spells; the tokenizer has proved the text to be digits, point and exponent."""
    digits, _, exponent_text = text.lower().replace("_", "").partition("e")
    exponent = int(exponent_text or 0) - (2 if percent else 0)
    decimals = len(digits.partition(".")[2])
    value = float(f"{digits}e{exponent}")
    half_unit = float(f"5e{exponent - decimals - 1}")
    if not (math.isfinite(value) and math.isfinite(half_unit)):
        raise ReadingError("that number is too large to compute with")
    return Number(f"{text}%" if percent else text, value, half_unit)


# Spelling


def _spell(expression: Expression, values: Mapping[str, float] | None) -> tuple[str, int]:
    """Return the spelling and how strongly its outermost part binds."""
    match expression:
        case Number(text=text):
            return text, _ATOM
        case Name(name=name):
            if values is None:
                return name, _ATOM
            value = number_text(values[name])
            return (f"({value})" if value.startswith("−") else value), _ATOM
        case Negative(operand=operand):
            return f"−{_bracketed(operand, values, _ATOM)}", _UNARY
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(spell(argument, values) for argument in arguments)})", _ATOM
        case Operation(operator="^", left=left, right=right):
            return f"{_bracketed(left, values, _ATOM)}^{_bracketed(right, values, _ATOM)}", _POWER
        case Operation(operator=operator, left=left, right=right):
            strength = _STRENGTH[operator]
            sign = {"+": " + ", "-": " − ", "*": "·", "/": "/"}[operator]
            return f"{_bracketed(left, values, strength)}{sign}{_right_side(right, values, strength)}", strength


def _bracketed(expression: Expression, values: Mapping[str, float] | None, weakest: int) -> str:
    text, strength = _spell(expression, values)
    return text if strength >= weakest else f"({text})"


def _right_side(expression: Expression, values: Mapping[str, float] | None, strength: int) -> str:
    text, own_strength = _spell(expression, values)
    return f"({text})" if own_strength <= strength or text.startswith("−") else text
