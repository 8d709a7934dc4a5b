"""What a typed calculation shows not to have been done: who typed a square has squared something."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import on_keys
from nn_tutor.judging.edits import holds, names_in, numbers_in
from nn_tutor.judging.expression import Call, Expression, Name, Number, Operation
from nn_tutor.walkthrough.questions import names_before

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate, Case


def is_contradicted(one: Candidate, tree: Expression, case: Case) -> bool:
    """Return whether what was typed shows that a mistake, or one of two, was not made."""
    if one.also is not None and is_contradicted(one.also, tree, case):
        return True
    return _SHOWN.get(one.mistake.id, _names_its_line)(one, tree, case)


def _names_its_line(one: Candidate, tree: Expression, case: Case) -> bool:
    """Whether the very number is typed by its name in which a mistake is said to lie."""
    return one.slip.symbol.startswith("∂") and _is_named(one.slip.symbol, tree)


def _starts_later(one: Candidate, tree: Expression, case: Case) -> bool:
    """Whether a calculation goes on from a slope of the loss that is named: what is made before was not made in it."""
    return one.slip.symbol != "L" and any(_OF_LOSS.match(name) for name in names_in(tree))


_OF_LOSS = re.compile(r"dL_|δ")


def _names_no_function(one: Candidate, tree: Expression, case: Case) -> bool:
    """Whether a calculation applies no function in the place where a wrong one is said to be, nor before it.

    A number that is typed in it and is not given may have come out of one.
    """
    if holds(tree, _is_function):
        return False
    if case.ref.quantity == "a" and one.slip.symbol == case.a(case.layer):
        return True
    return set(numbers_in(tree)) <= {*names_before(case.network, case.passed).values(), 1.0, 2.0}


def _is_function(part: Expression) -> bool:
    """Whether a function is applied: by its name, or written out, as σ is with a fraction and a power of e."""
    is_written_out = isinstance(part, Operation) and part.operator in ("/", "^") and not _is_square(part)
    return isinstance(part, Call) or is_written_out


def _sums_over_samples(one: Candidate, tree: Expression, case: Case) -> bool:
    """Whether as many terms are added up as there are samples; two that are subtracted may be an error."""
    return holds(tree, lambda part: _terms(part) == case.rows and (case.rows > 2 or _is_sum(part)))


def _is_sum(part: Expression) -> bool:
    return isinstance(part, Operation) and part.operator == "+"


def _terms(part: Expression) -> int:
    """How many terms a sum or a difference has."""
    match part:
        case Operation(operator="+" | "-", left=left, right=right):
            return _terms(left) + _terms(right)
        case _:
            return 1


def _names_the_other_average(one: Candidate, tree: Expression, case: Case) -> bool:
    """Whether an m was typed in the line of v, or a v in that of m: then more went wrong than a β."""
    asked = case.ref.quantity[:1]
    other = {"m": "v", "v": "m"}.get(asked)
    return case.ref.phase == "update" and any(_LETTER.sub("", name) == other for name in names_in(tree))


_LETTER = re.compile(r"(?<=^.)(\d|_).*$")
"""What stands behind the one letter of a name."""

_SHOWN: Mapping[str, Callable[[Candidate, Expression, Case], bool]] = {
    "not-squared": lambda one, tree, case: holds(tree, _is_square) or holds(tree, _is_size),
    "absolute-value": lambda one, tree, case: holds(tree, _is_square),
    "doubled-for-squared": lambda one, tree, case: not holds(tree, _is_doubled),
    "slope-squared": lambda one, tree, case: not holds(tree, _is_square),
    "forgot-activation-derivative": lambda one, tree, case: case.ref.quantity == "da_dz" and bool(names_in(tree)),
    "forgot-minus": lambda one, tree, case: holds(tree, _is_sigmoid),  # the function has that minus in it
    "forgot-two": lambda one, tree, case: holds(tree, partial(_has_its_two, case)) or _starts_later(one, tree, case),
    **dict.fromkeys(("power-rule-not-applied", "forgot-target", "z-for-output", "other-loss-slope"), _starts_later),
    **dict.fromkeys(("another-activation", "activation-twice"), _names_no_function),
    "betas-exchanged": _names_the_other_average,
    "bias-not-summed": _sums_over_samples,
    # one number by its name: nothing was multiplied
    "other-layer-input": lambda one, tree, case: isinstance(tree, Name) or _names_its_line(one, tree, case),
    "sign-flipped": lambda one, tree, case: holds(tree, _is_size) or _steps_by_its_slope(tree, case),
    "forgot-loss-slope": lambda one, tree, case: _names_target(tree) or _names_its_line(one, tree, case),
    "forgot-root": lambda one, tree, case: holds(tree, _divides_by_slope),
    "forgot-division": lambda one, tree, case: _steps_by_its_slope(tree, case) and not _names_average(tree),
    "unchanged": lambda one, tree, case: _names_average(tree),
    "plain-step": lambda one, tree, case: _names_average(tree),
    # what is named is the other place
    **dict.fromkeys(("gradient-transposed", "another-unit", "another-sample"), lambda one, tree, case: False),
}
"""Of mistakes by their ids, whether a calculation shows that they were not made in it."""


def _steps_by_its_slope(tree: Expression, case: Case) -> bool:
    """Whether the slope of an update is named, with its sign: on the way to it a minus may be lost."""
    return case.ref.phase == "update" and any(_OF_PARAMETER.match(name) for name in names_in(tree))


_OF_PARAMETER = re.compile(r"dL_d[wb]")


def _names_target(tree: Expression) -> bool:
    """Whether a target is named: then the error was thought of."""
    return any(re.fullmatch(r"y\d*(_\d+)?", name) for name in names_in(tree))


def _divides_by_slope(part: Expression) -> bool:
    """Whether the slope of a parameter is divided by, as it is."""
    match part:
        case Operation(operator="/", right=right):
            return any(_OF_PARAMETER.match(name) for name in names_in(right)) and not holds(right, _is_square)
        case _:
            return False


def _names_average(tree: Expression) -> bool:
    """Whether an average of an update rule is named by its letter, or a β that it is made with."""
    return any(_LETTER.sub("", name) in ("m", "v", "β") for name in names_in(tree))


def _is_sigmoid(part: Expression) -> bool:
    return isinstance(part, Call) and part.function == "sigmoid"


def _is_square(part: Expression) -> bool:
    match part:
        case Operation(operator="^", right=Number(value=2.0)):
            return True
        case Operation(operator="*", left=left, right=right):
            return left == right
        case _:
            return False


def _is_size(part: Expression) -> bool:
    return isinstance(part, Call) and part.function == "abs"


def _has_its_two(case: Case, part: Expression) -> bool:
    """Whether a 2 is multiplied by; or the count is doubled, which halves a number as a 2 does that is forgotten."""
    outputs = case.network.outputs
    counts = {case.rows, outputs, case.rows * outputs} - {1}
    match part:
        case Operation(operator="/", right=Number(value=count)):
            return count / 2 in counts and count not in counts
        case _:
            return _is_doubled(part)


def _is_doubled(part: Expression) -> bool:
    match part:
        case Operation(operator="*", left=Number(value=2.0)) | Operation(operator="*", right=Number(value=2.0)):
            return True
        case _:
            return False


def _is_named(symbol: str, tree: Expression) -> bool:
    """Whether a number was typed by its name, which may have the place of a unit and a sample besides."""
    typed = on_keys(symbol)
    return any(_PLACE.sub("", name) == _PLACE.sub("", typed) for name in names_in(tree))


_PLACE = re.compile(r"_?[0-9]+")
"""The indices in a typed name."""
