"""Mistakes of ∂a/∂z that are looked for last: see `known.rare_mistakes`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.judging.mistakes.activation_slope import slips_of_local
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.pieces_and_gates import slips_of_unweighted_gate

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _z_for_slope(case: Case) -> Iterator[Slip]:
    def local(layer: int) -> Array | None:
        is_bent = case.network.layers[layer].activation not in ("identity", "softmax")
        return case.passed.forward.z[layer] if is_bent else None

    yield from slips_of_local(case, "z", local, case.z)


RARE_SLOPES: tuple[Mistake, ...] = (
    Mistake(
        "z-for-slope",
        "used z itself as the slope of the activation",
        "the slope says how steeply the function rises at z; it is not z",
        _z_for_slope,
    ),
    Mistake(
        "gate-slope-without-z",
        "left out the z before the slope of the gate",
        "the product rule keeps z in its second part: the gate, plus z times the slope of the gate",
        slips_of_unweighted_gate,
    ),
)
"""Rare mistakes of ∂a/∂z."""
