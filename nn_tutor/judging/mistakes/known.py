"""Every known mistake, and what those that apply come to in one question.

Each is a wrong rule evaluated on the network at hand, generated from its own graph: any depth, activation, loss, batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.activation_slope import ACTIVATION_SLOPE
from nn_tutor.judging.mistakes.batches import BATCHES, RARE_BATCHES
from nn_tutor.judging.mistakes.case import Candidate, Case, Mistake, Slip
from nn_tutor.judging.mistakes.forward import FORWARD
from nn_tutor.judging.mistakes.loss import LOSS
from nn_tutor.judging.mistakes.loss_slope import LOSS_SLOPE
from nn_tutor.judging.mistakes.on_sheet import on_sheet
from nn_tutor.judging.mistakes.pieces_and_gates import FORWARD_OF_PIECES_AND_GATES, SLOPES_OF_PIECES_AND_GATES
from nn_tutor.judging.mistakes.rare_backward import RARE_BACKWARD
from nn_tutor.judging.mistakes.rare_forward import RARE_FORWARD
from nn_tutor.judging.mistakes.rare_losses import RARE_LOSSES
from nn_tutor.judging.mistakes.rare_paths import RARE_PATHS
from nn_tutor.judging.mistakes.rare_places import RARE_PLACES
from nn_tutor.judging.mistakes.rare_rules import RARE_RATES, RARE_STATES, RARE_STEPS
from nn_tutor.judging.mistakes.rare_slopes import RARE_SLOPES
from nn_tutor.judging.mistakes.rare_update import RARE_UPDATE
from nn_tutor.judging.mistakes.robust_losses import ROBUST_LOSSES, SLOPES_OF_ROBUST_LOSSES
from nn_tutor.judging.mistakes.rule_clipped import CLIPPED
from nn_tutor.judging.mistakes.rule_corrections import CORRECTIONS
from nn_tutor.judging.mistakes.rule_states import STATES
from nn_tutor.judging.mistakes.rule_steps import STEPS
from nn_tutor.judging.mistakes.stepping import is_held, is_update, slope_ref, stepping_of
from nn_tutor.judging.mistakes.update import ANY, UPDATE
from nn_tutor.judging.mistakes.vector import VECTOR
from nn_tutor.judging.mistakes.weight_slope import WEIGHT_SLOPE
from nn_tutor.network.conventions import Conventions

if TYPE_CHECKING:
    from nn_tutor.network.spec import ActivationName, LossKind, Network

BACKWARD: tuple[Mistake, ...] = (
    *LOSS_SLOPE,
    *SLOPES_OF_ROBUST_LOSSES,
    *ACTIVATION_SLOPE,
    *SLOPES_OF_PIECES_AND_GATES,
    *WEIGHT_SLOPE,
    *VECTOR,
)
"""What can go wrong with any slope of the backward pass."""

OF_RULES: tuple[Mistake, ...] = (*STATES, *CORRECTIONS, *STEPS, *CLIPPED)
"""What can go wrong in an update by another rule than plain descent."""

RARE_OF_RULES: tuple[Mistake, ...] = (*RARE_STATES, *RARE_STEPS)

RARE_FIRST: tuple[Mistake, ...] = (*RARE_FORWARD, *RARE_LOSSES)

RARE_LAST: tuple[Mistake, ...] = (*RARE_BACKWARD, *RARE_SLOPES)

RARE: tuple[Mistake, ...] = (
    *RARE_FIRST,
    *RARE_LAST,
    *RARE_PATHS,
    *RARE_PLACES,
    *RARE_BATCHES,
    *RARE_UPDATE,
    *RARE_OF_RULES,
    *RARE_RATES,
)
"""What is looked for last, only to name it."""

BEFORE_THE_SLOPES: tuple[Mistake, ...] = (*FORWARD, *FORWARD_OF_PIECES_AND_GATES, *LOSS, *ROBUST_LOSSES)
"""What can go wrong with any number of the forward pass, and with the loss."""

MISTAKES: tuple[Mistake, ...] = (*BEFORE_THE_SLOPES, *BACKWARD, *UPDATE, *OF_RULES, *BATCHES, *ANY, *RARE)
"""The whole list. An id that stands in several lists is one mistake, made in several places."""

SAME = 1e-9
"""The relative tolerance below which two numbers count as equal."""

TELLABLE = 1e-3
"""A mistake that moves the number by less, as a part of the scale, cannot be told from the truth by hand.

That is a tenth of the tolerance of an answer: with η = 0.001 the slope through weights that have moved already is such
a one, and nobody is asked for eight decimals because of it.
"""


def known_mistakes(case: Case, scale: float) -> tuple[Candidate, ...]:
    """Return what the known mistakes come to, single ones first, then slopes gone wrong and carried into the update.

    A mistake whose number is the right one here, as far as can be told, or no number at all, does not apply. `scale` is
    the question's. The rare ones are not among them.
    """
    return _once(_every, case, scale)


def rare_mistakes(case: Case, scale: float) -> tuple[Candidate, ...]:
    """Return what the rare mistakes come to: those that are looked for only where no other mistake fits an answer.

    They are made seldom, or only by some: nobody is asked for more decimals because of them, no question is unfair
    because of them, and no answer is doubted. They only help to say of a wrong number what is behind it.
    """
    return _once(_every_rare, case, scale)


def _once(every: Callable[[Case], Iterable[Candidate]], case: Case, scale: float) -> tuple[Candidate, ...]:
    """Return those of some mistakes that apply, worked out once: one answer is held against them several times."""

    def work_out() -> tuple[Candidate, ...]:
        with np.errstate(all="ignore"):
            return _applying(every(case), case, scale)

    return case.workings.once((every, case.ref, scale), work_out)


TUTORS_OWN = Conventions()


def _applying(candidates: Iterable[Candidate], case: Case, scale: float) -> tuple[Candidate, ...]:
    """Return the candidates that are numbers other than the truth, each way to make one once, as the sheet has it."""
    truth, apart = case.truth, TELLABLE * abs(scale)
    found: list[Candidate] = []
    taken: dict[str, list[float]] = {}
    if case.network.conventions != TUTORS_OWN:
        candidates = (on_sheet(one, case) for one in candidates)
    for candidate in candidates:
        value, others = candidate.slip.value, taken.setdefault(candidate.mistake.id, [])
        if not math.isfinite(value) or abs(value - truth) <= apart or is_same(value, truth, scale):
            continue
        if any(is_same(value, other, scale) for other in others):
            continue
        others.append(value)
        found.append(candidate)
    return tuple(found)


def rare_mistake(name: str) -> Mistake:
    """Return the rare mistake with an id, the first of its name."""
    return next(mistake for mistake in RARE if mistake.id == name)


def is_same(value: float, other: float, scale: float) -> bool:
    """Whether two numbers are one but for the last bits of floating point."""
    return abs(value - other) <= max(SAME * abs(scale), 1e-13 * max(abs(value), abs(other)))


def _every(case: Case) -> Iterator[Candidate]:
    updates = is_update(case.ref)
    backward, first = possible(case.network)
    if case.is_slope:
        yield from _singles(backward, case)
    elif updates:
        yield from _singles(UPDATE, case)
    elif case.ref.phase != "update":
        yield from _singles(first, case)
    if case.ref.phase == "update" and not case.network.optimizer.is_plain:
        yield from _singles(OF_RULES, case)
    batches = BATCHES if case.network.batching == "mini" else ()
    yield from _singles((*batches, *ANY), case)
    if updates and not is_held(case):
        yield from _carried((*backward, *batches), case)


def possible(network: Network) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
    """Return the mistakes of a slope, and those before the slopes, that a network's loss and activations allow."""
    return _possible(network.loss.kind, frozenset(layer.activation for layer in network.layers))


@lru_cache(maxsize=64)
def _possible(
    loss: LossKind, activations: frozenset[ActivationName]
) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
    left_out: set[Mistake] = set()
    if loss not in ("absolute_error", "huber", "hinge"):
        left_out |= {*SLOPES_OF_ROBUST_LOSSES, *ROBUST_LOSSES}
    if activations <= _SMOOTH_OR_PLAIN:
        left_out |= {*SLOPES_OF_PIECES_AND_GATES, *FORWARD_OF_PIECES_AND_GATES}
    backward = tuple(mistake for mistake in BACKWARD if mistake not in left_out)
    return backward, tuple(mistake for mistake in BEFORE_THE_SLOPES if mistake not in left_out)


_SMOOTH_OR_PLAIN: frozenset[ActivationName] = frozenset({"identity", "sigmoid", "tanh", "relu", "softmax"})
"""The activations without a leak, an exponential piece or a gate."""


_RARE_SLOPES = (*RARE_LAST, *RARE_PATHS, *RARE_PLACES, *RARE_BATCHES)


def _every_rare(case: Case) -> Iterator[Candidate]:
    if case.is_slope:
        yield from _singles(_RARE_SLOPES, case)
    elif case.ref.phase != "update":
        yield from _singles((*RARE_FIRST, *RARE_PLACES, *RARE_BATCHES), case)
    elif case.ref.quantity == "rate":
        yield from _singles(RARE_RATES, case)
    elif is_update(case.ref) and not is_held(case):
        yield from _singles(RARE_UPDATE, case)
        yield from _carried(_RARE_SLOPES, case)
        if not case.network.optimizer.is_plain:
            yield from _singles(RARE_OF_RULES, case)


def _carried(mistakes: tuple[Mistake, ...], case: Case) -> Iterator[Candidate]:
    """Mistakes of the slope that an update is made from, carried into it."""
    stepping, below = stepping_of(case), case.at(slope_ref(case.ref))
    for mistake in mistakes:
        for slip in slips_of(mistake, below):
            carried = Slip(stepping.made(slip.value), slip.symbol, slip.theirs, slip.right)
            yield Candidate(mistake, carried, is_carried=True)


def _singles(mistakes: tuple[Mistake, ...], case: Case) -> Iterator[Candidate]:
    for mistake in mistakes:
        yield from (Candidate(mistake, slip) for slip in slips_of(mistake, case))


def slips_of(mistake: Mistake, case: Case) -> tuple[Slip, ...]:
    """Return the ways in which a mistake can be made in a case, as far as they have a number there."""
    key, kept = (mistake.slips, case.ref), case.workings.kept
    found: tuple[Slip, ...] | None = kept.get(key)
    if found is None:
        found = kept[key] = _with_a_number(mistake, case)
    return found


def _with_a_number(mistake: Mistake, case: Case) -> tuple[Slip, ...]:
    slips = []
    try:
        for slip in mistake.slips(case):
            slips.append(slip)  # noqa: PERF402  those before an error count
    except (OverflowError, ZeroDivisionError):  # of plain floats: such a mistake has no number here
        pass
    return tuple(slips)
