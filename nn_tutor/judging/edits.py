"""A typed calculation with one thing in it changed: brackets put in, a sum made a product, a sign or an index changed.

If the changed one is right, the change tells what went wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.expression import Call, Expression, Name, Negative, Number, Operation
from nn_tutor.judging.parsing import parse
from nn_tutor.judging.tokens import ReadingError, Token, tokenize

MAX_TOKENS = 18
"""Of a longer calculation brackets are not tried."""

Kind = Literal["brackets", "added", "sign", "term", "index", "sample", "name"]
"""What was changed; a `term` is a product that is added or subtracted, a `sign` any other."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A calculation after one change, and the kind of the change."""

    kind: Kind
    tree: Expression


def edits(text: str, tree: Expression, names: Collection[str], others: Collection[str] = ()) -> Iterator[Edit]:
    """Yield a calculation with each single change; `names` are those that may be typed.

    `others` are those that are tried in the place of any: not of one that is all of the calculation.
    """
    yield from _bracketed(text, tree, names)
    families = families_of(names)
    yield from _changed(tree)
    yield from (Edit("index", one) for one in _with_another_name(tree, lambda name: siblings(name, families)))
    yield from of_other_samples(tree, names)
    if not isinstance(tree, Name):
        shortest_first = sorted(others, key=lambda name: (len(name), name))  # x before do_dw, which is the same
        yield from (Edit("name", one) for one in _with_another_name(tree, lambda name: shortest_first))


def of_other_samples(tree: Expression, names: Collection[str], only: int | None = None) -> Iterator[Edit]:
    """Yield a calculation with every number of one sample changed for that of another sample, or of `only` that one."""
    mine = {found[1] for name in names_in(tree) if (found := _SAMPLE.search(name))}
    theirs = {found[1] for name in names if (found := _SAMPLE.search(name))} - mine
    if len(mine) == 1:
        for sample in sorted(theirs if only is None else theirs & {str(only)}):
            changed = renamed(tree, partial(_SAMPLE.sub, f"_{sample}"))
            if names_in(changed) <= set(names) | {"π"}:
                yield Edit("sample", changed)


def holds(tree: Expression, is_it: Callable[[Expression], bool]) -> bool:
    """Return whether a calculation, or a part of it, is of a certain kind."""
    if is_it(tree):
        return True
    match tree:
        case Negative(operand=operand):
            return holds(operand, is_it)
        case Operation(left=left, right=right):
            return holds(left, is_it) or holds(right, is_it)
        case Call(arguments=arguments):
            return any(holds(argument, is_it) for argument in arguments)
        case _:
            return False


def numbers_in(tree: Expression) -> list[float]:
    """Return the numbers that are typed in a calculation, in their order."""
    match tree:
        case Number(value=value):
            return [value]
        case Negative(operand=operand):
            return numbers_in(operand)
        case Operation(left=left, right=right):
            return numbers_in(left) + numbers_in(right)
        case Call(arguments=arguments):
            return [number for argument in arguments for number in numbers_in(argument)]
        case _:
            return []


def names_in(tree: Expression) -> frozenset[str]:
    """Return the names that stand in a calculation."""
    match tree:
        case Name(name=name):
            return frozenset({name})
        case Negative(operand=operand):
            return names_in(operand)
        case Operation(left=left, right=right):
            return names_in(left) | names_in(right)
        case Call(arguments=arguments):
            return frozenset().union(*map(names_in, arguments))
        case _:
            return frozenset()


Families = Mapping[str, Sequence[str]]
"""Names by what is left of them without their numbers."""


def families_of(names: Iterable[str]) -> Families:
    """Return the names that differ in their numbers only, family by family."""
    families: dict[str, list[str]] = {}
    for name in names:
        families.setdefault(_NUMBERS.sub("#", name), []).append(name)
    return families


def siblings(name: str, families: Families) -> list[str]:
    """Return the names that differ from one in their numbers only: dL_do2 of dL_do1, x_3 of x_1."""
    return [other for other in families.get(_NUMBERS.sub("#", name), ()) if other != name]


_NUMBERS = re.compile(r"\d+")
_SAMPLE = re.compile(r"_(\d+)(?=$|_)")
_RAISED = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))


def _bracketed(text: str, tree: Expression, names: Collection[str]) -> Iterator[Edit]:
    """Brackets put around any part that holds a sum or a difference."""
    tokens = tokenize(text.rpartition("=")[2])
    if len(tokens) > MAX_TOKENS:
        return
    pieces = [_RAISED[token.text] if token.kind == "power" else token.text for token in tokens]
    for first in range(len(tokens)):
        if not _begins(tokens, first):
            continue
        for last in range(first + 2, len(tokens)):
            inside = tokens[first : last + 1]
            if not _ends(tokens[last]) or not any(one.kind in ("+", "-") for one in inside[1:]):
                continue
            changed = [*pieces[:first], "(", *pieces[first : last + 1], ")", *pieces[last + 1 :]]
            try:
                other = parse(" ".join(changed), names)
            except ReadingError:
                continue
            if other != tree:
                yield Edit("brackets", other)


def _begins(tokens: tuple[Token, ...], place: int) -> bool:
    is_value = tokens[place].kind in ("number", "name", "fraction", "(")
    return is_value and (place == 0 or tokens[place - 1].kind != "name")


def _ends(token: Token) -> bool:
    return token.kind in ("number", "name", "fraction", "power", ")")


def _changed(tree: Expression) -> Iterator[Edit]:
    """One operation or one sign changed, anywhere in the calculation."""
    match tree:
        case Operation(operator=operator, left=left, right=right):
            if operator == "+":
                yield Edit("added", Operation("*", left, right))
            if operator in ("+", "-"):
                kind: Kind = "term" if _is_product(right) else "sign"
                yield Edit(kind, Operation("-" if operator == "+" else "+", left, right))
            yield from (Edit(one.kind, Operation(operator, one.tree, right)) for one in _changed(left))
            yield from (Edit(one.kind, Operation(operator, left, one.tree)) for one in _changed(right))
        case Negative(operand=operand):
            yield Edit("sign", operand)
            yield from (Edit(one.kind, Negative(one.tree)) for one in _changed(operand))
        case Call(function=function, arguments=arguments):
            for place, argument in enumerate(arguments):
                for one in _changed(argument):
                    changed = (*arguments[:place], one.tree, *arguments[place + 1 :])
                    yield Edit(one.kind, Call(function, changed))


def _with_another_name(tree: Expression, others: Callable[[str], Iterable[str]]) -> Iterator[Expression]:
    """Yield a calculation with one of some other names in the place of one, anywhere in it."""
    match tree:
        case Operation(operator=operator, left=left, right=right):
            yield from (Operation(operator, one, right) for one in _with_another_name(left, others))
            yield from (Operation(operator, left, one) for one in _with_another_name(right, others))
        case Negative(operand=operand):
            yield from (Negative(one) for one in _with_another_name(operand, others))
        case Call(function=function, arguments=arguments):
            for place, argument in enumerate(arguments):
                for one in _with_another_name(argument, others):
                    yield Call(function, (*arguments[:place], one, *arguments[place + 1 :]))
        case Name(name=name):
            yield from (Name(other) for other in others(name) if other != name)


def _is_product(tree: Expression) -> bool:
    return isinstance(tree, Operation) and tree.operator == "*"


def renamed(tree: Expression, other: Callable[[str], str]) -> Expression:
    """Return a calculation with another name in the place of each."""
    match tree:
        case Name(name=name):
            return Name(other(name))
        case Negative(operand=operand):
            return Negative(renamed(operand, other))
        case Operation(operator=operator, left=left, right=right):
            return Operation(operator, renamed(left, other), renamed(right, other))
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(renamed(argument, other) for argument in arguments))
        case _:
            return tree
