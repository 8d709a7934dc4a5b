"""From typed text to a tree: precedence climbing over its tokens, and what to say where there is no reading, or two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from nn_tutor.judging.expression import (
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Operation,
    Operator,
    is_number,
    typed_number,
)
from nn_tutor.judging.names import PI, TYPED_FUNCTIONS, BoundNames, canonical, function_called, in_a_line, on_keys
from nn_tutor.judging.tokens import WITHOUT_MARK, Kind, ReadingError, Token, tokenize
from nn_tutor.judging.visible import quote

DEEPEST = 24


def parse(text: str, names: Iterable[str], asked: Iterable[str] = (), told: Iterable[str] | None = None) -> Expression:
    """Return the tree of a typed text in which only the given names stand; raises `ReadingError` with the mend.

    `asked` are the names of what is asked for: one of them in the text is told as that. Of all names those are `told`
    that stand on the screen.

    A product may do without its sign where it has one reading: a bracket behind a number, a name or a bracket, a name
    behind a number or a bracket. Behind a quotient or a power it has two, and is refused: 1/2x, e^2x.
    """
    return _Parser(tokenize(text), BoundNames(names, told), asked).whole()


_SUM, _PRODUCT, _UNARY, _POWER = 1, 2, 3, 4
_STRENGTH: Final[dict[Kind, int]] = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}
_OPERATORS: Final[dict[Kind, Operator]] = {"+": "+", "-": "-", "*": "*", "/": "/", "^": "^"}
_WORDS = {
    **dict.fromkeys(("nan", "inf", "infinity", "oo"), "that is no finite number: type digits"),
    **dict.fromkeys(("true", "false", "none"), "type a number in digits, such as 0 or 1"),
}
_PERCENT_MEND = "% stands only behind a single number, as in 36%: write 0.36 in a calculation"


class _Parser:
    """Precedence climbing over a row of tokens: sums, products, signs, powers (from the right), brackets."""

    def __init__(self, tokens: tuple[Token, ...], names: BoundNames, asked: Iterable[str] = ()) -> None:
        self._tokens = tokens
        self._names = names
        self._asked = frozenset(canonical(name.lower()) for name in asked)
        self._position = 0

    def whole(self) -> Expression:
        expression = self._climb(_SUM, 0)
        token = self._peek()
        if token is None:
            return expression
        if token.kind == "%":
            return self._percent()
        raise self._unexpected(token)

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self._position + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _climb(self, weakest: int, depth: int) -> Expression:
        if depth > DEEPEST:
            raise ReadingError("that is nested too deep to read: type a simpler calculation")
        left = self._operand(depth)
        is_quotient = False
        while token := self._peek():
            if token.kind == "power":
                self._position += 1
                left = Operation("^", left, typed_number(token.text))
                continue
            operator = _OPERATORS.get(token.kind)
            if operator is None and (weakest > _PRODUCT or not self._is_product(token)):
                break
            if operator is None:
                self._check_product(token, is_quotient)
                left = Operation("*", left, self._climb(_UNARY, depth))
                continue
            strength = _STRENGTH[token.kind]
            if strength < weakest:
                break
            self._position += 1
            is_quotient = operator == "/"
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
                return typed_number(token.text)
            case "fraction":
                return Number(token.text, unicodedata.numeric(token.text), 0.0)
            case "name":
                return self._name(token, depth)
            case "(":
                return self._group(depth)
            case "√":
                return self._root(depth)
            case "⌊":
                return Call("floor", (self._group(depth, "⌋"),))
            case _:
                self._position -= 1
                raise self._no_operand(token)

    def _group(self, depth: int, closing: Kind = ")") -> Expression:
        token = self._peek()
        if token is not None and token.kind == closing:
            raise ReadingError("nothing stands in the brackets")
        inside = self._climb(_SUM, depth + 1)
        self._close(closing)
        return inside

    def _close(self, closing: Kind = ")") -> None:
        token = self._peek()
        if token is None:
            raise ReadingError(f"a closing bracket {closing} is missing")
        if token.kind != closing:
            raise self._unexpected(token)
        self._position += 1

    def _root(self, depth: int) -> Call:
        """Read what stands behind √, as the screen prints it: a number, a name or a bracket."""
        token = self._peek()
        if token is None or token.kind not in ("number", "fraction", "name", "("):
            raise ReadingError("for a root write sqrt(…)")
        inside = self._operand(depth)
        following = self._peek()
        if following is not None and following.kind in ("^", "power"):
            raise ReadingError("a power behind a root has two readings: write sqrt(x)^2 or sqrt(x^2)")
        return Call("sqrt", (inside,))

    def _found(self, typed: str) -> str | None:
        """Return which bound name a typed one means, or None; v′ is the new v, as the screen prints it."""
        return self._names.find(f"{typed.removesuffix('′')}_new" if typed.endswith("′") else typed)

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
        if name := self._found(token.text):
            return Name(name)
        if derivative := self._derivative(token):
            self._position += 2
            return Name(derivative)
        if token.text == "e" and following is not None and following.kind in ("^", "power"):
            return self._exponential(depth)
        raise self._unknown(token, called)

    def _derivative(self, token: Token) -> str | None:
        """Return the name of a derivative that is written as a quotient, dL/do: the quotient of two names it is not."""
        slash, under = self._peek(), self._peek(1)
        if token.text[0] != "d" or slash is None or under is None or slash.kind != "/" or under.text[0] != "d":
            return None
        return self._names.find(f"{token.text}_{under.text}")

    def _exponential(self, depth: int) -> Call:
        """Read a power of e, as the screen prints it: e^z2."""
        before = self._tokens[self._position - 2] if self._position > 1 else None
        token = self._tokens[self._position]
        self._position += 1
        exponent = typed_number(token.text) if token.kind == "power" else self._climb(_POWER, depth + 1)
        if before is not None and before.kind == "number" and is_number(exponent):
            raise ReadingError(f"that has two readings: write {before.text[:24]}e-3 or {before.text[:24]}*exp(-3)")
        if exponent == typed_number("2"):
            raise ReadingError(self._names.for_e(self._asked, squared=True))
        return Call("exp", (exponent,))

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

    def _percent(self) -> Expression:
        """Read a final % behind signs and one number."""
        *signs, number, _ = self._tokens
        is_last = self._position == len(self._tokens) - 1
        if not is_last or number.kind != "number" or any(sign.kind not in ("+", "-") for sign in signs):
            raise ReadingError(_PERCENT_MEND)
        value: Expression = typed_number(number.text, percent=True)
        for sign in reversed(signs):
            value = Negative(value) if sign.kind == "-" else value
        return value

    # Products without a sign

    def _is_product(self, token: Token) -> bool:
        """Whether a value stands here that the one before is multiplied by."""
        before = self._tokens[self._position - 1]
        if token.kind == "(":
            return before.kind in ("number", "fraction", "name", "power", ")", "⌋")
        if before.kind not in ("number", "fraction", "power", ")", "⌋"):
            return False
        return token.kind in ("√", "⌊") or (token.kind == "name" and self._is_known(token))

    def _is_known(self, token: Token) -> bool:
        following = self._peek(1)
        if function_called(token.text):
            return following is not None and following.kind == "("
        if canonical(token.text.lower()) == PI or self._found(token.text):
            return True
        self._position += 1
        is_derivative = self._derivative(token) is not None
        self._position -= 1
        return is_derivative or (token.text == "e" and following is not None and following.kind == "^")

    def _check_product(self, token: Token, is_quotient: bool) -> None:
        """Refuse a product without a sign that has two readings."""
        before = self._tokens[self._position - 1]
        if is_quotient:
            raise ReadingError("a product behind a / has two readings: write 1/(2*x) or 1/2*x, with the *")
        if self._ends_a_power():
            raise ReadingError("a product behind a power has two readings: write x^2*y or x^(2*y), with the *")
        if before.kind == "number" and token.kind == "name" and not token.after_blank:
            self._check_glued(before, token)
        if before.kind == "name" and canonical(before.text) != "η" and self._holds_one_value():
            group = self._group_text()[:24]
            raise ReadingError(f"{quote(before.text)} is no function: for a product write {before.text[:24]}*{group}")

    def _check_glued(self, before: Token, token: Token) -> None:
        if before.text == "0" and token.text[0] in "xXbBoO":
            raise ReadingError("write the number in decimal digits")
        if token.text[0] == "O":
            raise ReadingError(f"is that the letter O? write {before.text[:24]}0, or put a * before it")
        if token.text[0] in "xX" and token.text[1:].isdecimal():
            number, digits = before.text[:24], token.text[1:25]
            raise ReadingError(f"that has two readings: write {number}*{digits} or {number}*x{digits}")

    def _ends_a_power(self) -> bool:
        """Whether the value just read is an exponent without brackets, as the z of e^−z."""
        at = self._position - 1
        if self._tokens[at].kind == "power":
            at -= 1
        at -= 1
        while at >= 0 and self._tokens[at].kind in ("+", "-"):
            at -= 1
        return at >= 0 and self._tokens[at].kind == "^"

    def _holds_one_value(self) -> bool:
        """Whether the bracket that opens here holds a number or a name alone: o(2), o(x)."""
        inside = [token for token in self._tokens[self._position + 1 :] if token.kind not in ("+", "-")]
        return len(inside) > 1 and inside[0].kind in ("number", "name") and inside[1].kind == ")"

    # What to say

    def _no_operand(self, token: Token) -> ReadingError:
        """Return what to say where a value was expected."""
        following = self._peek(1)
        if token.kind == "%":
            return ReadingError(_PERCENT_MEND)
        if token.kind == "," and following is not None and following.kind == "number":
            decimals = following.text.lstrip(".")[:24]
            return ReadingError(f"a decimal number has a point: write {self._sign_before()}0.{decimals}")
        return ReadingError(f"a value is missing before {quote(token.text)}")

    def _unexpected(self, token: Token) -> ReadingError:
        """Return what to say where an operator or the end was expected."""
        before = self._tokens[self._position - 1]
        if token.kind in (")", "⌋"):
            return ReadingError(f"there is a closing bracket {token.text} too many")
        if token.kind in ("√", "⌊"):
            return ReadingError(f"for a product write {before.text[:24]}*{token.text}")
        if token.kind == ",":
            return self._comma(before)
        if token.kind == "%":
            return ReadingError(_PERCENT_MEND)
        if token.kind == "fraction":
            return ReadingError(f"{token.text} behind a value has two readings: write … + {_slashed(token.text)}")
        if token.kind == "name":
            return self._name_behind(before, token)
        if before.kind == "number":
            return ReadingError("two numbers stand side by side: write one, or put an operator between them")
        return ReadingError(f"a number behind a value has two readings: write *{token.text[:24]} or ^{token.text[:24]}")

    def _group_text(self) -> str:
        """Return the text of the bracket that opens here, up to where it closes or the text ends."""
        text, open_brackets = "", 0
        for token in self._tokens[self._position :]:
            text += token.text
            open_brackets += (token.kind == "(") - (token.kind == ")")
            if not open_brackets:
                break
        return text

    def _comma(self, before: Token) -> ReadingError:
        following = self._peek(1)
        if following is None or following.kind != "number" or before.kind != "number":
            return ReadingError("leave out the comma: type one number, with a point for decimals")
        whole, decimals = before.text, following.text
        if not (whole + decimals).isdigit() or len(whole + decimals) > 24:
            return ReadingError("leave out the comma: the point alone marks decimals")
        self._position -= 1
        sign = self._sign_before()
        if len(decimals) == 3 and whole.strip("0"):
            return ReadingError(
                f"{sign}{whole},{decimals} has two readings: write {sign}{whole}{decimals} or {sign}{whole}.{decimals}"
            )
        return ReadingError(f"a decimal number has a point: write {sign}{whole}.{decimals}")

    def _sign_before(self) -> str:
        """Return the minus that a number here has of its own: the first thing typed, or what a bracket begins with."""
        before = [token.kind for token in self._tokens[: self._position]]
        signs = 0
        while before and before[-1] in ("+", "-"):
            signs += before.pop() == "-"
        return "-" if signs % 2 and (not before or before[-1] in ("(", "*", "/", ",")) else ""

    def _name_behind(self, before: Token, token: Token) -> ReadingError:
        """Return what to say of a name straight behind a value: 0x10, 1e, 2j, 3x4, x y."""
        glued = before.kind == "number" and not token.after_blank
        text = token.text
        if self._is_known(token):
            return ReadingError(f"for a product write {before.text[:24]}*{text[:24]}")
        if function := function_called(text):
            return ReadingError(f"write {function}(…), with brackets around its value")
        if glued and before.text == "0" and text[0] in "xXbBoO":
            return ReadingError("write the number in decimal digits")
        if glued and text[0] in "xX" and text[1:].isdecimal():
            return ReadingError(f"for a product write {before.text[:24]}*{text[1:25]}")
        if glued and text in ("e", "E"):
            return ReadingError(self._names.for_e(self._asked))
        if glued and text in ("i", "j", "I", "J"):
            return ReadingError("only real numbers are asked for here: type it without i or j")
        return self._unknown(token, called=False)

    def _unknown(self, token: Token, called: bool) -> ReadingError:
        lowered = token.text.lower()
        if token.text.endswith("′"):
            said = f"write out the slope of {token.text[:-1]}" if function_called(token.text[:-1]) else WITHOUT_MARK
            return ReadingError(said)
        if canonical(lowered) in self._asked:
            return ReadingError(f"{token.text} is what is asked for here: {self._names.offered('', self._asked)}")
        if called and (sample := self._sample_called(token)):
            return ReadingError(f"for that of one sample write {sample}")
        if called and (indexed := self._names.with_index(token.text)):
            return ReadingError(f"{quote(token.text)} has an index here: write {' or '.join(sorted(indexed)[:4])}")
        if called:
            return ReadingError(
                f"{quote(token.text)} is no function here: there are {in_a_line(list(TYPED_FUNCTIONS))}"
            )
        if lowered == "e":
            return ReadingError(self._names.for_e(self._asked))
        if lowered in _WORDS:
            return ReadingError(_WORDS[lowered])
        if product := self._names.product(token.text):
            return ReadingError(f"for a product write {product}")
        slash, under = self._peek(), self._peek(1)
        is_derivative = token.text[0] == "d" and slash and under and slash.kind == "/" and under.text[0] == "d"
        typed = f"{token.text}/{under.text}" if is_derivative and under else token.text
        return ReadingError(f"{quote(typed)} is no name here: {self._names.offered(typed, self._asked)}")

    def _sample_called(self, token: Token) -> str | None:
        """Return the name of one sample's value that is written as x(2)."""
        number, end = self._peek(1), self._peek(2)
        is_one = number is not None and number.text.isdecimal() and end is not None and end.kind == ")"
        name = self._names.find(f"{token.text}_{number.text}") if number and is_one else None
        return None if name is None else on_keys(name)


def _slashed(fraction: str) -> str:
    """Return a fraction such as ½ in the spelling 1/2."""
    return unicodedata.normalize("NFKC", fraction).replace("⁄", "/")
