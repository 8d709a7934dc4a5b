"""Whether a typed formula is the derivative that is asked for.

Equal means: it agrees with the truth at five seeded random points of the network, and who can prove it does not
disprove it. At the same points it is held against every known mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.by_formula import Elsewhere, factor_too_many, seen_in
from nn_tutor.judging.diagnosis import in_order, sentence
from nn_tutor.judging.edits import names_in
from nn_tutor.judging.expression import Call, Expression, Name, Negative, Number, Operation
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.reading import Formula, ReadingError, read_formula
from nn_tutor.judging.wording import TURNED
from nn_tutor.network.perturb import redrawn
from nn_tutor.network.quantities import Ref, shown_sign
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import Network
from nn_tutor.walkthrough.order import refs_of_pass, shown_refs
from nn_tutor.walkthrough.questions import asked_names, names_before, names_of, with_unshown

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

POINTS = 5
MAX_DRAWS = 40 * POINTS

MAX_FLAT = 2
"""At so many of the points the slope may be 0: where a ReLU is dead a formula shows little, but not nothing."""

TOLERANCE = 1e-9

Disprover = Callable[[Network, int, Ref, Expression], bool]
"""Says whether a formula is certainly not the asked slope of a network; handed in, as it takes SymPy."""


@dataclass(frozen=True, eq=False, slots=True)
class _Point:
    """A pass at random numbers, with what the names come to there."""

    passed: Pass
    names: Mapping[str, float]
    truth: float
    known: tuple[Candidate, ...]


def formula_names(network: Network, passed: Pass, ref: Ref, *, shown: bool = False) -> dict[str, float]:
    """Return the names that a formula for a slope may be written in: all that is computed before it.

    With `shown` only those that stand on the screen: δ and z may be typed where they go by another name.
    """
    rows = passed.X.shape[0]
    refs = shown_refs(network, rows, frozenset({ref})) if shown else refs_of_pass(network, rows)
    names = names_of(network, passed, refs[: refs.index(ref)]) | names_before(network, passed)
    return names if shown else with_unshown(network, rows, names)


def judge_formula(text: str, network: Network, passed: Pass, ref: Ref, disproves: Disprover | None = None) -> Judgement:
    """Judge a typed formula for a slope of a pass of the network; without a disprover the five points decide.

    It is read with the sign that the conventions of the network give the slope.
    """
    try:
        asked = asked_names(network, passed.X.shape[0], ref)
        shown = formula_names(network, passed, ref, shown=True)
        formula = read_formula(text, formula_names(network, passed, ref), asked, shown)
    except ReadingError as error:
        return Judgement("invalid", error.message, None)
    sign = shown_sign(network, ref)
    formula = formula.turned() if sign < 0 else formula
    points = _points(network, passed, ref)
    found = [(point, value) for point in points if (value := _value(formula, point)) is not None]
    if not found:
        return Judgement("invalid", "that has no value where the network works: check its roots and logarithms", None)
    here = sign * found[0][1]
    agrees = len(found) == len(points) and all(_equal(value, point.truth) for point, value in found)
    if agrees and not (disproves is not None and disproves(network, passed.X.shape[0], ref, formula.tree)):
        return Judgement("correct", "that is the same formula, whatever the numbers", here)
    candidates = _fitting(found)
    if candidates:
        return Judgement("diagnosed", sentence(candidates), here, candidates)
    if other := _of_another(found, network, ref):
        return Judgement("wrong", other, here)
    if all(_equal(-value, point.truth) for point, value in found):
        return Judgement("wrong", TURNED, here)
    if not names_in(formula.tree):
        return Judgement("wrong", "write it with letters, not with numbers: it should hold whatever they are", here)
    if said := _right_for_one_number(formula, points, formula_names(network, passed, ref, shown=True)):
        return Judgement("wrong", said, here)
    apart = [(point, value) for point, value in found if point.truth and not _equal(value, point.truth)]
    if len(apart) == len(found) and sign > 0 and not isinstance(formula.tree, Name):
        point, value = apart[0]
        seen = seen_in(formula.tree, text, Elsewhere(Case(network, point.passed, ref), point.names, value))
        if seen:
            return Judgement("diagnosed", sentence(seen), here, seen)
    worth = [(point.names, value, point.truth) for point, value in found]
    if said := factor_too_many(formula.tree, symbol(network, passed.X.shape[0], ref), worth) if sign > 0 else "":
        return Judgement("wrong", said, here)
    return Judgement("wrong", "that is not the slope: take it link by link", here)


def _points(network: Network, passed: Pass, ref: Ref) -> list[_Point]:
    """Passes of the network at random weights, inputs and targets; probabilities stay as they are."""
    points: list[_Point] = []
    flat = 0
    for seed in range(MAX_DRAWS):
        draw = np.random.default_rng(seed)

        def numbers(like: Array, draw: np.random.Generator = draw) -> Array:
            return draw.choice([-1.0, 1.0], like.shape) * draw.uniform(0.3, 1.7, like.shape)

        other = redrawn(network, passed, numbers)
        if other is None:
            continue
        truth = value_of(other, ref)
        if not truth:
            flat += 1
            if flat > MAX_FLAT:
                continue
        known = known_mistakes(Case(network, other, ref), abs(truth))
        points.append(_Point(other, formula_names(network, other, ref), truth, known))
        if len(points) == POINTS:
            break
    return points


def _value(formula: Formula, point: _Point) -> float | None:
    try:
        return formula.value(point.names)
    except ReadingError:
        return None


def _equal(value: float, other: float) -> bool:
    return abs(value - other) <= TOLERANCE * max(1.0, abs(other))


def _of_another(found: Sequence[tuple[_Point, float]], network: Network, asked: Ref) -> str:
    """Say which other slope of the network a formula is; "" where it is none."""
    rows = found[0][0].passed.X.shape[0]
    for ref in refs_of_pass(network, rows):
        is_slope = ref.phase == "backward" and ref != asked
        if is_slope and all(_equal(value, value_of(point.passed, ref)) for point, value in found):
            return f"that is {symbol(network, rows, ref)}; asked for is {symbol(network, rows, asked)}"
    return ""


def _right_for_one_number(formula: Formula, points: Sequence[_Point], here: Mapping[str, float]) -> str:
    """Say which name stands there as the number that it has here, where that is all that is amiss; "" else."""
    for tree, name, number in islice(_named_once(formula.tree, here), MAX_NAMED):
        named = Formula(tree, formula.shown)
        if all((value := _value(named, point)) is not None and _equal(value, point.truth) for point in points):
            return f"that is right for the numbers here. Write {name} instead of {number}, so that it holds for any"
    return ""


MAX_NAMED = 24
"""So many ways to put a name for a number are tried."""

ROUNDED = 5e-3
"""A number in a formula may be a name's where it is off by less, as a part of it: it was rounded to be typed."""


def _named_once(tree: Expression, here: Mapping[str, float]) -> Iterator[tuple[Expression, str, str]]:
    """Yield a formula with each name in the place of one number that it has here; the name, and the number."""
    match tree:
        case Number(text=text, value=value, half_unit=half_unit):
            for name, own in sorted(here.items(), key=_length_of_name):
                if abs(value - abs(own)) <= min(half_unit, ROUNDED * abs(own)) and own:
                    yield (Name(name), name, text) if own > 0 else (Negative(Name(name)), name, f"−{text}")
        case Negative(operand=operand):
            for one, name, number in _named_once(operand, here):
                yield Negative(one), name, number
        case Operation(operator=operator, left=left, right=right):
            for one, name, number in _named_once(left, here):
                yield Operation(operator, one, right), name, number
            for one, name, number in _named_once(right, here):
                yield Operation(operator, left, one), name, number
        case Call(function=function, arguments=arguments):
            for at, argument in enumerate(arguments):
                for one, name, number in _named_once(argument, here):
                    yield Call(function, (*arguments[:at], one, *arguments[at + 1 :])), name, number
        case _:
            return


def _length_of_name(named: tuple[str, float]) -> int:
    """The order in which names are tried: x1 before dz1_dw11, which is the same."""
    return len(named[0])


def _fitting(found: Sequence[tuple[_Point, float]]) -> tuple[Candidate, ...]:
    """The mistakes that give the formula's value at every point."""
    fits: dict[str, Candidate] | None = None
    for point, value in found:
        here = {c.mistake.id: c for c in reversed(point.known) if _equal(value, c.value)}
        fits = here if fits is None else {name: fits[name] for name in fits if name in here}
    return in_order(fits or {})
