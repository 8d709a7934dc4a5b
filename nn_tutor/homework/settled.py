"""What is settled by the numbers on a sheet: no mistake is looked for in a slope that the learner has written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.judging.mistakes.stepping import slope_ref
from nn_tutor.judging.mistakes.workings import workings_of

if TYPE_CHECKING:
    from nn_tutor.homework.own_numbers import OwnNumbers
    from nn_tutor.judging.mistakes.case import Candidate, Case
    from nn_tutor.network.quantities import Ref


def settled_case(case: Case, own: OwnNumbers) -> Case:
    """Return a case in which the slopes are fixed that the learner has above the asked one."""
    layer = case.layer + (0 if case.ref.quantity in ("dW", "db", "W", "b", "step") else 1)
    last = case.depth - 1
    has = {ref.layer or case.depth for ref in own.given if ref.quantity in ("delta", "delta_sample")}
    has |= {one for one in range(1, case.depth + 1) if _carries_delta(case, one, own)}
    fixed = {one - 1: case.passed.backward.delta[one - 1] for one in has if one - 1 >= layer}
    workings = workings_of(case.network, case.passed)
    if case.ref.quantity == "dX":
        fixed = {one - 1: case.passed.backward.delta[one - 1] for one in has}
    return case.working(replace(workings, deltas={**workings.deltas, **fixed})) if fixed or last < 0 else case


def _carries_delta(case: Case, layer: int, own: OwnNumbers) -> bool:
    """Whether a layer without an activation has its δ on the sheet, under the name of the slope that it equals."""
    if case.network.layers[layer - 1].activation != "identity":
        return False
    quantity = "dL_do" if layer == case.depth else "dL_da"
    return any(ref.quantity == quantity and (ref.layer or case.depth) == layer for ref in own.given)


def not_settled(known: Sequence[Candidate], ref: Ref, own: OwnNumbers) -> tuple[Candidate, ...]:
    """Return the mistakes without those made in a slope that the learner has on the sheet."""
    if ref.quantity in ("W", "b", "step") and slope_ref(ref) in own.given:
        return tuple(one for one in known if not one.is_carried)
    return tuple(known)
