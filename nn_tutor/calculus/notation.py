"""Printing as a textbook does: `2·(o − y)`, and the same with its numbers, `2·(1.7584 − 1.05)`.

A formula is printed once, into a template of texts and slots. Filling the slots with names gives the rule, with
numbers the line that can be calculated by hand: nothing is evaluated, and negatives get their parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import sympy
from sympy import Expr, Symbol

from nn_tutor.calculus.functions import Written
from nn_tutor.dataclass import dataclass

FOLD_FROM = 8
"""A sum of so many terms is folded."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a template: which argument goes there, and whether a negative number may stand there bare."""

    argument: int
    bare: bool = False


Template = tuple[str | Slot, ...]

_POWERS = ("²", "³", "⁴")


def fill_template(template: Template, texts: Sequence[str]) -> str:
    """Put texts into a template's slots; a negative number gets parentheses where it needs them.

    So does a slope that is raised to a power: (∂L/∂w)².
    """
    parts = []
    for place, part in enumerate(template):
        if isinstance(part, str):
            parts.append(part)
            continue
        text = texts[part.argument]
        needs_brackets = (text[:1] == "−" and not part.bare) or ("/" in text and _is_raised(template, place))
        parts.append(f"({text})" if needs_brackets else text)
    return "".join(parts)


def _is_raised(template: Template, place: int) -> bool:
    """Whether a power stands behind a place of a template."""
    after = template[place + 1] if place + 1 < len(template) else ""
    return isinstance(after, str) and after[:1] in _POWERS


def formula_template(expression: Expr, arguments: Sequence[Symbol]) -> Template:
    """Print a SymPy expression into a template over its symbols, in the order in which `arguments` lists them."""
    places = {symbol: place for place, symbol in enumerate(arguments)}
    return _opened(_printed(expression, places))


def product_template(count: int) -> Template:
    """Return the template of a product of `count` arguments."""
    parts: list[str | Slot] = []
    for place in range(count):
        parts += [Slot(place)] if not place else ["·", Slot(place)]
    return _opened(tuple(parts))


def sum_template(terms: Sequence[Template], *, folded: bool) -> Template:
    """Return the template of a sum of terms; folded it keeps the first two and the last."""
    kept: list[Template] = list(terms)
    if folded and len(terms) >= FOLD_FROM:
        kept = [terms[0], terms[1], ("…",), terms[-1]]
    parts: list[str | Slot] = []
    for term in kept:
        parts += term if not parts else (" + ", *term)
    return _opened(tuple(parts))


def scaled_template(scale: sympy.Rational, template: Template, *, is_sum: bool) -> Template:
    """Return the template of a rational multiple of something printed; brackets where it is a sum."""
    inner: Template = ("(", *_opened(template), ")") if is_sum else template
    if abs(scale) == 1:
        return inner if scale == 1 else ("−", *inner)
    return (f"{_number(scale)}·", *inner)


def shifted(template: Template, by: int) -> Template:
    """Return the template with its arguments counted from `by`."""
    return tuple(part if isinstance(part, str) else Slot(part.argument + by, part.bare) for part in template)


def _opened(template: Template) -> Template:
    """A negative number may open a line bare, unless a power follows."""
    if template and isinstance(template[0], Slot):
        power = len(template) > 1 and isinstance(template[1], str) and template[1][:1] in "²³⁴"
        return (Slot(template[0].argument, not power), *template[1:])
    return template


def _printed(expression: Expr, places: dict[Symbol, int]) -> Template:
    if expression.is_Symbol:
        return (Slot(places[expression]),)
    if expression.is_Number:
        return (_number(expression),)
    if expression.is_Add:
        return _sum(expression, places)
    if expression.is_Mul:
        return _product(expression, places)
    if expression.is_Pow and expression.exp == 2:
        return (*_atom(expression.base, places), "²")
    if expression.func == sympy.log:
        return _written("ln({z})", {"z": _printed(expression.args[0], places)})
    if isinstance(expression, Written):
        arguments = zip(expression.letters, expression.args, strict=False)  # what follows is in the text already
        return _written(expression.text(), {letter: _printed(own, places) for letter, own in arguments})
    raise ValueError(f"there is no notation for {expression}")


def _written(text: str, arguments: Mapping[str, Template]) -> Template:
    """Put printed arguments into a text in the place of their letters in braces."""
    before, *rest = re.split(r"\{(\w)\}", text)
    parts: list[str | Slot] = [before] if before else []
    for letter, behind in zip(rest[::2], rest[1::2], strict=True):
        # Behind an operator, or below a power, a negative number wants its brackets; elsewhere it does not.
        is_inside = before.rstrip().endswith(("·", "^", "−", "+")) or behind.startswith(("²", "³"))
        parts += arguments[letter] if is_inside else _opened(arguments[letter])
        parts += [behind] if behind else []
        before = behind
    return tuple(parts)


def has_cases(template: Template) -> bool:
    """Whether what is printed has cases, `… if … else …`: within anything else it wants brackets."""
    return any(isinstance(part, str) and " if " in part for part in template)


def _sum(expression: Expr, places: dict[Symbol, int]) -> Template:
    parts: list[str | Slot] = []
    for term in sorted(expression.args, key=lambda term: _sum_order(term, places)):
        negative = term.could_extract_minus_sign()
        printed = _printed(-term if negative else term, places)
        if not parts:
            parts += ("−", *printed) if negative else printed
        else:
            parts += (" − " if negative else " + ", *printed)
    return tuple(parts)


def _sum_order(term: Expr, places: dict[Symbol, int]) -> tuple[bool, int]:
    """Positive terms first, then numbers, then in the order of the arguments."""
    first = min((places[symbol] for symbol in term.free_symbols), default=-1)
    return term.could_extract_minus_sign(), first


def _product(expression: Expr, places: dict[Symbol, int]) -> Template:
    coefficient, rest = expression.as_coeff_Mul()
    if coefficient.is_Rational and not coefficient.is_Integer:
        return (f"{_number(coefficient)}·", *_atom(rest, places))
    numerator, denominator = sympy.fraction(expression)
    if denominator != 1:
        over = _printed(numerator, places)
        under = _atom(denominator, places)
        brackets = numerator.is_Add
        whole: Template = ("(", *_opened(over), ")") if brackets else over
        return (*whole, "/", *(("(", *_opened(_printed(denominator, places)), ")") if denominator.is_Mul else under))
    negative = expression.could_extract_minus_sign() and not any(factor.is_Add for factor in expression.args)
    factors = sympy.Mul.make_args(-expression if negative else expression)
    ordered = sorted(factors, key=lambda factor: _product_order(factor, places))
    parts: list[str | Slot] = ["−"] if negative else []
    for place, factor in enumerate(ordered):
        if place:
            parts.append("·")
        parts += _atom(factor, places)
    return tuple(parts)


def _product_order(factor: Expr, places: dict[Symbol, int]) -> tuple[bool, bool, bool, int]:
    """Numbers first, then symbols, sums and functions, each in the order of the arguments."""
    return not factor.is_Number, factor.is_Function, factor.is_Add, _sum_order(factor, places)[1]


def _atom(expression: Expr, places: dict[Symbol, int]) -> Template:
    """What may stand in a product or below a power: sums and cases in brackets."""
    printed = _printed(expression, places)
    return ("(", *_opened(printed), ")") if expression.is_Add or has_cases(printed) else printed


def _number(number: Expr) -> str:
    return str(number).replace("-", "−")
