"""The numbers between those of a sheet: a slip in one of them shows only in what comes after it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.homework.own_numbers import Own, OwnNumbers, solved
from nn_tutor.network.evaluation import sensitivities
from nn_tutor.network.losses import DomainError
from nn_tutor.network.spelling import spelled

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref

MAX_HIDDEN = 60
"""Of more numbers that are not on the sheet, those nearest to a slip are looked into."""


class OffSheet(NamedTuple):
    """What a number hangs on: the numbers that are not on the sheet, and the last ones that are."""

    hidden: tuple[Ref, ...]
    frontier: tuple[Ref, ...]


def off_sheet(own: OwnNumbers, ref: Ref) -> OffSheet | None:
    """Return what a number of the sheet hangs on, in the order of a pass; None where all of it is on the sheet."""
    given = {one: value.value for one, value in own.given.items() if one != ref}
    try:
        slopes = sensitivities(own.network, own.passed, ref, given)
    except (DomainError, ArithmeticError):
        return None
    on_sheet = {spelled(own.network, own.rows, one)[0] for one in given}
    hidden = [
        one
        for one, slope in slopes.items()
        if slope and math.isfinite(slope) and one not in on_sheet and one.quantity not in ("dz_dw", "dz_da")
    ]
    if not hidden or spelled(own.network, own.rows, ref)[0] in hidden:
        return None
    frontier = tuple(one for one in own.refs if one in given and spelled(own.network, own.rows, one)[0] in slopes)
    place = {one: number for number, one in enumerate(own.refs)}
    return OffSheet(tuple(sorted(hidden, key=lambda name: place.get(name, 0))), frontier)


def explaining(
    own: OwnNumbers, ref: Ref, mine: Own, hidden: Sequence[Ref], others: Sequence[tuple[Ref, Own]]
) -> tuple[Ref, Own] | None:
    """Return the number off the sheet, and the value, that explain a number and most of the `others`, if any does."""
    given = {one: value.value for one, value in own.given.items() if one != ref}
    best: tuple[int, Ref, Own] | None = None
    for name in hidden[-MAX_HIDDEN:] if others else ():
        value = solved(own, ref, given, name, mine)
        if value is None:
            continue
        with_it = OwnNumbers(own.network, own.passed, {**own.given, name: value}, own.unit, own.leaf_slack)
        count = sum(with_it.follows(*other) for other in others)
        if count and (best is None or count >= best[0]):
            best = count, name, value
    return None if best is None else best[1:]
