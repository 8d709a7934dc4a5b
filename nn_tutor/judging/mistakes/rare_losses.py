"""Mistakes of a loss of classes that are looked for last: see `known.rare_mistakes`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.loss import loss_parts, written_loss
from nn_tutor.network.losses import loss_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _of_lacking(case: Case, make: Callable[[Array], Array], theirs: str) -> Iterator[Slip]:
    """What is made of how far the probability of each sample's own class is from 1."""
    if case.ref.quantity != "loss" or case.network.loss.kind != "categorical_cross_entropy":
        return
    o, y, scale, penalty = loss_parts(case)
    with np.errstate(all="ignore"):
        value = scale * float(make(1 - (y * o).sum(axis=1)).sum()) + penalty
    yield Slip(value, "L", written_loss(case, theirs), written_loss(case, loss_of(case.network.loss).written))


def _of_all_others(case: Case) -> Iterator[Slip]:
    yield from _of_lacking(case, lambda lacking: -np.log(lacking), "−y·ln(1 − o)")


def _lacking_alone(case: Case) -> Iterator[Slip]:
    yield from _of_lacking(case, lambda lacking: lacking, "y·(1 − o)")


RARE_LOSSES: tuple[Mistake, ...] = (
    Mistake(
        "logarithm-of-others",
        "took the logarithm of 1 − o, as for the target 0 of a single output",
        "with one output for each class only the probability of the right class counts: −ln(o)",
        _of_all_others,
    ),
    Mistake(
        "missing-probability",
        "gave 1 − o instead of the loss",
        "the loss is not how far the probability is from 1, but its −ln",
        _lacking_alone,
    ),
)
"""Rare mistakes of the loss."""
