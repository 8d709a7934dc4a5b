"""Right numbers of another place, and signs that are wrong anywhere: looked for last, see `known.rare_mistakes`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.network.quantities import TABLE, Ref
from nn_tutor.network.records import value_of

MAX_UNITS = 8
"""Of wider layers and longer batches no other place is tried."""


def _of_another_unit(case: Case) -> Iterator[Slip]:
    """The right number of a neighbour, or the slope of its bias; not of the many slopes between units of softmax."""
    quantity = case.ref.quantity
    of_a_unit = quantity in ("z", "a") or (case.is_slope and quantity not in ("dz_dw", "dz_da", "dW"))
    if not of_a_unit or len(case.index) > 2:
        return
    *row, unit = case.index
    units = case.network.layers[0].inputs if quantity == "dX" else case.spec.units
    if units <= MAX_UNITS:
        for other in range(units):
            if other != unit:
                yield _in_the_place_of(case, (*row, other))


def _of_another_weight(case: Case) -> Iterator[Slip]:
    """The right slope of another weight of the layer."""
    if case.ref.quantity != "dW" or case.spec.units * case.spec.inputs > MAX_UNITS * 3:
        return
    for place in np.ndindex(case.spec.units, case.spec.inputs):
        if place != case.index:
            yield _in_the_place_of(case, place)


def _of_another_sample(case: Case) -> Iterator[Slip]:
    """The right number of another sample of the batch."""
    if TABLE[case.ref.quantity].axes[:1] != ("row",) or not 1 < case.rows <= MAX_UNITS:
        return
    for row in range(case.rows):
        if row != case.index[0]:
            yield _in_the_place_of(case, (row, *case.index[1:]))


def _in_the_place_of(case: Case, place: tuple[int, ...]) -> Slip:
    """The slip of giving the right number of another place, both by their names."""
    other = Ref(case.ref.quantity, case.ref.layer, place)
    theirs, asked = (symbol(case.network, case.rows, ref) for ref in (other, case.ref))
    return Slip(value_of(case.passed, other), "", theirs, asked)


def _seen_in_a_calculation(case: Case) -> Iterator[Slip]:
    """No number: see `by_formula`."""
    return iter(())


RARE_PLACES: tuple[Mistake, ...] = (
    Mistake(
        "another-unit",
        "used a neighbour's number",
        "read the index once more: it tells the unit",
        _of_another_unit,
    ),
    Mistake(
        "another-unit",
        "used a neighbour's number",
        "read the index once more: it tells the unit that the weight leads to, and where it comes from",
        _of_another_weight,
    ),
    Mistake(
        "another-sample",
        "used the numbers of another sample",
        "each sample has its own row of numbers",
        _of_another_sample,
    ),
    Mistake(
        "slope-of-another-parameter",
        "used the slope of another weight or bias",
        "each one moves by its own slope",
        _seen_in_a_calculation,
    ),
    Mistake(
        "another-name",
        "put one number where another belongs",
        "go through the names one by one, and hold each against the rule",
        _seen_in_a_calculation,
    ),
    Mistake(
        "sum-for-product",
        "added where the rule multiplies",
        "hold each + against the rule",
        _seen_in_a_calculation,
    ),
    Mistake(
        "one-sign-flipped",
        "flipped one sign",
        "hold each plus and minus against the rule",
        _seen_in_a_calculation,
    ),
)
"""Rare mistakes of any number."""
