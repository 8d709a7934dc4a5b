"""Whose old value and whose slope stand in a typed update: those of another weight or bias are told by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import parameter, symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import sentence
from nn_tutor.judging.edits import names_in, renamed
from nn_tutor.judging.expression import Expression, Name, Negative, Operation, spell
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.last_resort import given_for, in_the_place_of
from nn_tutor.judging.mistakes.case import Candidate, Slip
from nn_tutor.judging.mistakes.known import is_same, rare_mistake
from nn_tutor.judging.mistakes.stepping import slope_ref
from nn_tutor.judging.reading import Formula, Reading, ReadingError
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_of, scale_of_question, short_names, typed_name

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Case
    from nn_tutor.network.quantities import Ref


def judged_by_parameter(judgement: Judgement, reading: Reading, case: Case, names: Mapping[str, float]) -> Judgement:
    """Return the judgement of an update that is typed with another parameter's old value or slope, told as that.

    `names` are what could be typed. With the asked one's own in their place it has to be right; where all of it is
    another's, that is told whatever else is wrong. The very judgement is returned where nothing of the kind is seen.
    """
    if reading.is_plain or not names or judgement.verdict not in ("near", "diagnosed", "wrong", "convention"):
        return judgement
    others = _others_in(reading.tree, case)
    if others is None:
        return judgement
    is_right = _is_right(others.tree, case, names)
    if others.value is not None and others.value == others.slope:
        name = parameter(case.network, others.value)
        said = in_the_place_of(others.value, case) if is_right else given_for(f"made from {name} and its slope", case)
        return Judgement("wrong", said, judgement.value)
    if not is_right or (others.value is None and _is_neighbour(others.slope, case.ref)):
        return judgement  # of a neighbour's slope more is told by its place
    found = _slips(reading.tree, case, others)
    return Judgement("diagnosed", sentence(found), judgement.value, found)


@dataclass(frozen=True, slots=True)
class _Others:
    """The parameters whose old value or slope stands in an update where the asked one's belong, None for none.

    `tree` is the update with the asked one's own.
    """

    value: Ref | None
    slope: Ref | None
    tree: Expression


def _is_right(tree: Expression, case: Case, names: Mapping[str, float]) -> bool:
    own = names_of(case.network, case.passed, (slope_ref(case.ref),))  # it need not be known yet
    try:
        value = Formula(tree, "").value({**own, **names})
    except ReadingError:
        return False
    return is_same(value, case.truth, scale_of_question(case.passed, case.ref))


def _slips(tree: Expression, case: Case, others: _Others) -> tuple[Candidate, ...]:
    """What was taken from others, as mistakes: one, or two at once."""
    slip = Slip(case.truth, symbol(case.network, case.rows, case.ref), spell(tree), spell(others.tree))
    of_value, of_slope = (Candidate(rare_mistake(name), slip) for name in (_FROM_ANOTHER, _SLOPE_OF_ANOTHER))
    if others.value is None:
        return (of_slope,)
    return (of_value if others.slope is None else of_value._replace(also=of_slope),)


_FROM_ANOTHER, _SLOPE_OF_ANOTHER = "from-another-parameter", "slope-of-another-parameter"


def _is_neighbour(other: Ref | None, ref: Ref) -> bool:
    return other is not None and (other.quantity, other.layer) == (ref.quantity, ref.layer)


def _others_in(tree: Expression, case: Case) -> _Others | None:
    """Return which other parameters a calculation of a new weight or bias takes from; None where none is to be seen.

    Slopes may be those of several others: then the first one counts.
    """
    if case.ref.quantity not in ("W", "b"):
        return None
    values, slopes = _parameters(case)
    terms, used = _terms(tree), names_in(tree)
    own_value, own_slope = _name_of(case.ref, values), _name_of(case.ref, slopes)
    other_value = next((name for name in terms if values.get(name, case.ref) != case.ref), None)
    if any(values.get(name) == case.ref for name in terms):
        other_value = None
    other_slopes = sorted(name for name in used if slopes.get(name, case.ref) != case.ref)
    if (other_value is None and not other_slopes) or own_value is None or own_slope is None:
        return None
    changed = renamed(tree, lambda name: own_slope if name in other_slopes else name)
    if other_value is not None:
        changed = _with_term(changed, other_value, own_value)
    return _Others(
        None if other_value is None else values[other_value], slopes[other_slopes[0]] if other_slopes else None, changed
    )


def _parameters(case: Case) -> tuple[dict[str, Ref], dict[str, Ref]]:
    """The new value that each name of an old value, and each name of a slope, belongs to."""
    values: dict[str, Ref] = {}
    slopes: dict[str, Ref] = {}
    for ref in refs_of_pass(case.network, case.rows):
        if ref.quantity in ("W", "b"):
            named = ((values, parameter(case.network, ref)), (slopes, symbol(case.network, case.rows, slope_ref(ref))))
            for found, text in named:
                if (name := typed_name(text)) is not None:
                    found.update(dict.fromkeys((name, *short_names(case.network, {name: 0.0})), ref))
    return values, slopes


def _name_of(ref: Ref, names: dict[str, Ref]) -> str | None:
    return next((name for name, other in names.items() if other == ref), None)


def _terms(tree: Expression) -> frozenset[str]:
    """The names that are added or subtracted by themselves."""
    match tree:
        case Name(name=name):
            return frozenset({name})
        case Negative(operand=operand):
            return _terms(operand)
        case Operation(operator="+" | "-", left=left, right=right):
            return _terms(left) | _terms(right)
        case _:
            return frozenset()


def _with_term(tree: Expression, name: str, other: str) -> Expression:
    """A sum with another name in the place of one that stands there by itself."""
    match tree:
        case Name(name=found) if found == name:
            return Name(other)
        case Negative(operand=operand):
            return Negative(_with_term(operand, name, other))
        case Operation(operator="+" | "-" as operator, left=left, right=right):
            return Operation(operator, _with_term(left, name, other), _with_term(right, name, other))
        case _:
            return tree
