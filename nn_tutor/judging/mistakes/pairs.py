"""Two mistakes in one answer: what common ones come to when both are made.

Looked for last, when neither a known mistake nor a rare one fits an answer. Each pair is worked out on the same graph:
the second mistake is made in the workings that the first one has left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.activation_slope import ACTIVATION_SLOPE
from nn_tutor.judging.mistakes.case import Candidate, Case, Mistake, Slip
from nn_tutor.judging.mistakes.deviations import Fits, World, paired, two_forwards
from nn_tutor.judging.mistakes.known import slips_of
from nn_tutor.judging.mistakes.loss_slope import LOSS_SLOPE
from nn_tutor.judging.mistakes.on_sheet import on_sheet
from nn_tutor.judging.mistakes.stepping import is_held, is_update, moved, slope_ref, stepping_of
from nn_tutor.judging.mistakes.update import UPDATE, Formulas
from nn_tutor.judging.mistakes.vector import VECTOR
from nn_tutor.judging.mistakes.weight_slope import WEIGHT_SLOPE
from nn_tutor.judging.mistakes.workings import Workings
from nn_tutor.network.records import value_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _chosen(mistakes: tuple[Mistake, ...], ids: str) -> tuple[Mistake, ...]:
    wanted = ids.split()
    if unknown := set(wanted) - {mistake.id for mistake in mistakes}:
        raise LookupError(f"no such mistakes here: {', '.join(sorted(unknown))}")
    return tuple(mistake for mistake in mistakes if mistake.id in wanted)


FACTORS = frozenset(
    {
        "divided-twice",
        "forgot-minus",
        "forgot-two",
        "half-convention",
        "mean-for-sum",
        "no-one-over-n",
        "one-over-n-twice",
        "other-logarithm",
        "sign-flipped",
        "step-for-gradient",
        "sum-for-mean",
    }
)
"""Mistakes that multiply whatever else is computed."""

ALONE = frozenset(
    {"bias-zero", "gradient-transposed", "last-pass", "new-weight-for-gradient", "parameter-for-gradient"}
)
"""Mistakes after which nothing is multiplied any more."""

_ON_THE_WAY = _chosen(
    (*LOSS_SLOPE, *ACTIVATION_SLOPE, *VECTOR),
    """power-rule-not-applied forgot-target z-for-output other-loss-slope activation-slope-twice
    forgot-activation-derivative value-for-derivative derivative-of-output z-in-derivative half-of-derivative
    updated-weights weights-not-transposed forgot-weights""",
)
"""Mistakes that leave other workings, in which more can go wrong."""

_AT_THE_END = _chosen(
    (*WEIGHT_SLOPE, *VECTOR),
    "forgot-input weight-for-input z-for-activation bias-times-input bias-not-summed only-first-sample",
)
"""Mistakes in the last link."""

_IN_THE_UPDATE = _chosen(
    UPDATE,
    """added-step no-learning-rate added-without-learning-rate step-alone gradient-for-weight rate-times-difference
    rate-on-weight step-times-weight rate-ten-times-off divided-by-rate new-value-for-step""",
)
"""Mistakes of an update that have the slope in them."""

MAX_WORLDS = 14
"""How many different workings are tried."""


def pairs_of(case: Case, known: Sequence[Candidate], fits: Fits, worlds: Sequence[World] = ()) -> Iterator[Candidate]:
    """Yield the pairs of mistakes whose number fits, each as one candidate.

    `known` are the single ones of the case, `worlds` what slips of its forward pass make of the rest. None of an update
    whose step is not along the slope: there a slope does not tell what it was made from.
    """
    if case.ref.phase == "update" and not (
        case.ref.quantity in ("W", "b", "step") and case.network.optimizer.goes_along_slope
    ):
        return
    with np.errstate(all="ignore"):
        yield from _after_forward(case, known, fits, worlds)
        if case.is_slope:
            yield from _of_slope(case, known, fits)
        elif case.ref.quantity in ("W", "b", "step"):
            if not is_held(case):
                yield from _of_update(case, known, fits)
        elif case.ref.quantity == "loss":
            yield from _times_factors(case, known, fits)
        else:
            yield from two_forwards(case, fits)


def _times_factors(case: Case, known: Sequence[Candidate], fits: Fits) -> Iterator[Candidate]:
    """A mistake that multiplies what another one gives; not where there is L2, whose part stands beside the product."""
    truth = case.truth
    if not truth or case.network.l2:
        return
    factors = [(one, one.value / truth) for one in known if one.mistake.id in FACTORS]
    firsts = [one for one in known if one.mistake.id not in ALONE]
    products = np.outer([one.value for one in firsts], [factor for _, factor in factors])
    for place, which in fits.among(products):
        first, (second, _) = firsts[place], factors[which]
        if not (first.mistake.id in FACTORS and first.mistake.id >= second.mistake.id):
            yield paired(first, second, float(products[place, which]))


def _worlds(case: Case) -> list[tuple[Candidate, Workings]]:
    """The workings that each mistake on the way leaves."""
    slips = ((mistake, slip) for mistake in _ON_THE_WAY for slip in slips_of(mistake, case))
    left = ((Candidate(mistake, slip), slip.workings) for mistake, slip in slips)
    return [(one, workings) for one, workings in left if workings is not None][:MAX_WORLDS]


def _of_slope(case: Case, known: Sequence[Candidate], fits: Fits) -> Iterator[Candidate]:
    yield from _times_factors(case, known, fits)
    worlds = _worlds(case)
    for first, workings in worlds:
        world = case.working(workings)
        for mistake in _AT_THE_END:
            for slip in slips_of(mistake, world):
                if fits(slip.value):
                    yield paired(on_sheet(first, case), on_sheet(Candidate(mistake, slip), case), slip.value)
    right = case.workings
    changed = [_changed(right, workings) for _, workings in worlds]
    for place, (first, workings) in enumerate(worlds):
        for other in range(place + 1, len(worlds)):
            second, others = worlds[other]
            if second.mistake.id == first.mistake.id or changed[place] & changed[other]:
                continue
            if fits(value := case.slope(_merged(right, workings, others))):
                yield paired(on_sheet(first, case), on_sheet(second, case), value)


def _changed(right: Workings, other: Workings) -> frozenset[tuple[str, int]]:
    """The ingredients in which workings differ from the right ones, those of a layer each by itself."""
    found = {("local", layer) for layer, own in enumerate(right.local) if other.local[layer] is not own}
    found |= {("weights", layer) for layer, own in enumerate(right.weights) if other.weights[layer] is not own}
    if other.error is not right.error:
        found.add(("error", 0))
    if other.deltas is not right.deltas:
        found.add(("deltas", 0))
    return frozenset(found)


def _merged(right: Workings, one: Workings, other: Workings) -> Workings:
    """Return workings with what differs from the right ones in either; they do not differ in the same place."""

    def layers(mine: tuple[Array, ...], theirs: tuple[Array, ...], own: tuple[Array, ...]) -> tuple[Array, ...]:
        return tuple(a if a is not c else b for a, b, c in zip(mine, theirs, own, strict=True))

    return Workings(
        one.error if one.error is not right.error else other.error,
        layers(one.local, other.local, right.local),
        right.entering,
        layers(one.weights, other.weights, right.weights),
        right.decay,
        one.deltas if one.deltas is not right.deltas else other.deltas,
        right.arrived,
    )


def _of_update(case: Case, known: Sequence[Candidate], fits: Fits) -> Iterator[Candidate]:
    """A slope gone wrong, and an update gone wrong with it; or a slope gone wrong twice, and carried."""
    stepping = stepping_of(case)
    lr, is_step = stepping.rate, case.ref.quantity == "step"
    if not lr:
        return
    old = 0.0 if is_step else stepping.old - stepping.decay
    wrong = [
        Candidate(one.mistake, Slip((one.value if is_step else old - one.value) / lr, *_line(one.slip)))
        for one in known
        if one.is_carried
    ]
    yield from _in_the_update(case, wrong, [one.value for one in wrong], fits)
    of_slope = fits.after(lambda slope: moved(case, slope))
    for pair in _of_slope(case.at(slope_ref(case.ref)), wrong, of_slope):
        yield pair._replace(slip=pair.slip._replace(value=moved(case, pair.value)), is_carried=True)


def _in_the_update(case: Case, firsts: Sequence[Candidate], slopes: list[float], fits: Fits) -> Iterator[Candidate]:
    """A mistake in the formula of the update, made with the slope that another one gives."""
    for mistake in _IN_THE_UPDATE:
        if isinstance(mistake.slips, Formulas):
            values = mistake.slips.values(case, slopes)
            for place, which in fits.among(values):
                second = on_sheet(Candidate(mistake, list(mistake.slips(case))[which]), case)
                yield paired(firsts[place], second, float(values[place, which]))


def _line(slip: Slip) -> tuple[str, str, str]:
    return slip.symbol, slip.theirs, slip.right


def _after_forward(case: Case, known: Sequence[Candidate], fits: Fits, worlds: Sequence[World]) -> Iterator[Candidate]:
    """A slip of the forward pass, and one that multiplies the slope or the loss, or one of the update."""
    updates = case.ref.quantity in ("W", "b", "step")
    if case.network.l2 or not worlds or (updates and is_held(case)):
        return
    ref = slope_ref(case.ref) if updates else case.ref
    truth = value_of(case.passed, ref)
    if not truth:
        return
    slopes = [reached for _, reached in worlds]
    factors = _factors(case, known, truth)
    firsts = [first for first, _ in worlds]
    products = np.outer(slopes, [factor for _, factor in factors])
    values = moved(case, products) if updates else products
    for place, which in fits.among(values):
        yield paired(firsts[place], factors[which][0], float(values[place, which]))
    if updates:
        yield from _in_the_update(case, firsts, slopes, fits)


def _factors(case: Case, known: Sequence[Candidate], truth: float) -> list[tuple[Candidate, float]]:
    """What the known mistakes that multiply a slope or a loss multiply it by."""
    if not is_update(case.ref):
        return [(one, one.value / truth) for one in known if one.mistake.id in FACTORS]
    stepping = stepping_of(case)
    lr, is_step = stepping.rate, case.ref.quantity == "step"
    old = 0.0 if is_step else stepping.old - stepping.decay
    carried = [one for one in known if one.is_carried and one.mistake.id in FACTORS] if lr else []
    return [(one, (one.value if is_step else old - one.value) / lr / truth) for one in carried]
