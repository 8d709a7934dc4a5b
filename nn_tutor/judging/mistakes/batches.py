"""Mistakes with batches of a part of the rows: the short one at the end of an epoch above all."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tutor.calculus.names import symbol
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.network.records import value_of

_SCALED = frozenset({"dL_do", "dL_da", "delta", "dW", "db", "dX"})
"""The slopes that have the mean over the batch in them."""


def _short_batch(case: Case) -> Iterator[Slip]:
    """The mean of a short batch taken over the rows of a whole one: of a whole one that is right."""
    if case.network.loss.batch == "mean":
        yield from _averaged_over(case, case.network.batch_size)


def _averaged_over(case: Case, count: int) -> Iterator[Slip]:
    """The asked loss or slope with the mean of the batch taken over another number of samples."""
    factor, penalty = case.rows / count, case.passed.loss.penalty
    theirs, right = f"1/{count}·Σ over the batch", f"1/{case.rows}·Σ over the batch, which has {case.rows} here"
    if case.rows == 1:
        theirs, right = f"1/{count} of that of the sample", "that of the one sample in this batch"
    if case.ref.quantity == "loss":
        yield Slip((case.truth - penalty) * factor + penalty, "L", theirs, right)
    elif case.ref.quantity in _SCALED:
        workings = case.workings.scaled(factor)
        yield Slip(case.slope(workings), case.asked, theirs, right)


def _another_count(case: Case) -> Iterator[Slip]:
    """The mean taken over another number of samples: over all of the data, or over those of another batch."""
    network, rows = case.network, case.rows
    if network.loss.batch != "mean" or network.batching == "full":
        return
    all_rows, size = case.passed.samples, network.max_rows(case.passed.samples)
    for count in dict.fromkeys((all_rows, size, all_rows % size)):
        if count not in (0, rows):
            yield from _averaged_over(case, count)


def _batch_before(case: Case) -> Iterator[Slip]:
    """The loss, or the slope of a parameter, of the batch before this one."""
    if case.previous is not None and case.network.batching != "full" and case.ref.quantity in ("loss", "dW", "db"):
        asked = symbol(case.network, case.rows, case.ref)
        yield Slip(value_of(case.previous, case.ref), asked, "that of the batch before", "that of this batch")


BATCHES: tuple[Mistake, ...] = (
    Mistake(
        "short-batch-by-whole",
        "divided a short batch by the size of a whole one",
        "a mean is taken over the rows that are there",
        _short_batch,
    ),
)
"""The mistakes with batches."""

RARE_BATCHES: tuple[Mistake, ...] = (
    Mistake(
        "mean-over-other-count",
        "took the mean over another number of samples",
        "a mean is taken over the samples that are added up, those of this batch",
        _another_count,
    ),
    Mistake(
        "batch-before",
        "gave the number of the batch before",
        "every batch has samples of its own, and so numbers of its own",
        _batch_before,
    ),
)
"""Rare mistakes with batches: see `known.rare_mistakes`."""
