"""Mistakes with batches of a part of the rows: the short one at the end of an epoch above all."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip

_SCALED = frozenset({"dL_do", "dL_da", "delta", "dW", "db", "dX"})
"""The slopes that have the mean over the batch in them."""


def _short_batch(case: Case) -> Iterator[Slip]:
    """The mean of a short batch taken over the rows of a whole one."""
    network, rows = case.network, case.rows
    size = network.batch_size
    if network.batching != "mini" or rows >= size or network.loss.batch != "mean":
        return
    factor, penalty = rows / size, case.passed.loss.penalty
    theirs, right = f"1/{size}·Σ over the batch", f"1/{rows}·Σ over the batch, which has {rows} here"
    if case.ref.quantity == "loss":
        yield Slip((case.truth - penalty) * factor + penalty, "L", theirs, right)
    elif case.ref.quantity in _SCALED:
        workings = case.workings.scaled(factor)
        symbol = case.slope_in_w(case.layer) if case.ref.quantity != "db" else f"∂L/∂{case.parameter}"
        yield Slip(case.slope(workings), symbol, theirs, right)


BATCHES: tuple[Mistake, ...] = (
    Mistake(
        "short-batch-by-whole",
        "divided a short batch by the size of a whole one",
        "a mean is taken over the rows that are there",
        _short_batch,
    ),
)
"""The mistakes with batches."""
