"""Other conventions that sources use: what a number is where a sheet does it otherwise, and how to translate it.

A convention is another network or another sign, never a wrong rule: the loss with a ½ or without, with a sum for a
mean; errors as target − output; the change of a weight for the step; a threshold as the weight of an input of −1;
matrices as [in][out]; another logarithm.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from nn_tutor.judging.mistakes.case import Candidate, Case, Mistake, Slip
from nn_tutor.judging.mistakes.known import is_same
from nn_tutor.judging.mistakes.stepping import slope_ref
from nn_tutor.network.activations import activation_of
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import rerun
from nn_tutor.network.quantities import Quantity, Ref, shown_sign
from nn_tutor.network.records import Forward, Parameters, Pass, parameter_of, value_of
from nn_tutor.network.spec import Loss, Network, Reduction

CHAIN = frozenset({"dL_do", "dL_da", "delta", "delta_sample", "dW", "db", "dX"})
"""The quantities that turn their sign where an error is target − output."""


def _nothing(case: Case) -> Iterator[Slip]:
    return iter(())


def _convention(name: str, words: str, rule: str) -> Mistake:
    return Mistake(name, words, rule, _nothing, is_convention=True)


TARGET_MINUS_OUTPUT = _convention(
    "target-minus-output",
    "took the error as target − output",
    "your source takes the error as target − output and adds the step; here it is output − target, "
    "which turns the sign of every slope",
)
OUTPUT_MINUS_TARGET = _convention(
    "output-minus-target",
    "gave the slope of the loss itself",
    "that is the slope of the loss itself; this sheet has target − output here, which turns its sign",
)
MINUS_SLOPE = _convention(
    "minus-slope",
    "gave minus the slope",
    "that is −∂L/∂w, by which a weight grows; here the slope ∂L/∂w itself is asked, so turn its sign",
)
CHANGE = _convention(
    "change-of-weight",
    "gave the change of the parameter",
    "your source gives the change Δw, which is added; here the step η·slope is subtracted, so its sign turns",
)
HALF = _convention(
    "half-convention",
    "used the other convention for the ½",
    "some sources put a ½ before the square and some do not, a factor of 2; what counts is the loss shown here",
)
SUM = _convention(
    "sum-for-mean",
    "added up where this loss takes the mean",
    "your source adds up; this loss takes the mean, so divide by the count",
)
MEAN = _convention(
    "mean-for-sum",
    "took the mean where this loss adds up",
    "your source takes the mean; this loss adds up, so multiply by the count",
)
THRESHOLD = _convention(
    "weight-of-minus-one",
    "gave the threshold as the weight of an input of −1",
    "your source writes the threshold as the weight of an input of −1; here it is a bias, so turn its sign",
)
LOGARITHM = _convention(
    "other-logarithm", "took another logarithm", "your source takes another logarithm; here it is ln, the natural one"
)
OTHER_GELU = _convention(
    "other-gelu",
    "used the other form of GELU",
    "GELU has an exact form, z·Φ(z), and one that replaces Φ by a tanh; this network here has the other form than your "
    "source",
)
SMOOTH_L1 = _convention(
    "smooth-l1",
    "divided Huber's loss by δ",
    "smooth L1 is Huber's loss divided by δ; this loss is Huber's own, so multiply by δ",
)
IN_OUT = _convention(
    "weights-in-out",
    "read the weights as [in][out]",
    "your source writes a column for each unit, x·W; here each unit has a row, W[out][in], so transpose the matrix",
)

RATE_IN_VELOCITY = _convention(
    "rate-in-velocity",
    "took η, and the minus, into the velocity",
    "your source has v′ = μ·v − η·g and adds the velocity, as Sutskever does; "
    "here v′ = μ·v + g, and η comes with the step",
)

CONVENTIONS: tuple[Mistake, ...] = (
    TARGET_MINUS_OUTPUT,
    OUTPUT_MINUS_TARGET,
    MINUS_SLOPE,
    CHANGE,
    HALF,
    SUM,
    MEAN,
    THRESHOLD,
    LOGARITHM,
    OTHER_GELU,
    SMOOTH_L1,
    IN_OUT,
    RATE_IN_VELOCITY,
)
"""The whole list."""


class Variant(NamedTuple):
    """A pass as another source runs it; `names` are the conventions that differ."""

    names: tuple[Mistake, ...]
    passed: Pass


def turns_sign(network: Network, quantity: Quantity) -> bool:
    """Whether the sheet of a network shows a quantity with the other sign than the tutor."""
    return shown_sign(network, Ref(quantity)) < 0


def in_our_convention(network: Network, earlier: Mapping[int, Mapping[Ref, float]]) -> dict[int, dict[Ref, float]]:
    """Return the numbers of a sheet, by pass, with the signs that the tutor gives them."""
    return {
        number: {ref: shown_sign(network, ref) * value for ref, value in own.items()} for number, own in earlier.items()
    }


Rerun = Callable[[Network], Pass | None]
"""Runs another network on the same data up to the same pass; None where it cannot."""


def conventions_of(case: Case, scale: float, variants: Sequence[Variant] | None = None) -> tuple[Candidate, ...]:
    """Return what the asked number is in each other convention, those that differ in one thing before those in two.

    `variants` are the passes under other losses, by default the pass at hand run anew. A convention in which the number
    is the same does not stand here.
    """
    variants = variants_of(case.network, case.passed) if variants is None else variants
    values = [(names, value_of(passed, case.ref)) for names, passed in variants]
    return _as_candidates(case, values, scale, (*_logarithms(case), *_transposed(case), *_with_rate_inside(case)))


def own_conventions(case: Case, value: float, scale: float, given: Collection[Ref]) -> tuple[Candidate, ...]:
    """Return what a number that follows from the learner's own `given` ones is in other conventions.

    Another loss multiplies every slope of the way back; whose slopes are given has that convention in them already.
    """
    values: list[tuple[_Names, float]] = [((), value)]
    if not any(ref.quantity in CHAIN for ref in given):
        rows, outputs = case.rows, case.network.outputs
        own = case.network.loss.scale(outputs=outputs, rows=rows)
        for loss, names in other_losses(case.network, rows):
            values.append((names, _times(case, value, loss.scale(outputs=outputs, rows=rows) / own)))
    return _as_candidates(case, values, scale)


_Names = tuple[Mistake, ...]
"""The conventions that a value needs."""


def _as_candidates(
    case: Case, values: Sequence[tuple[_Names, float]], scale: float, others: Sequence[tuple[_Names, float]] = ()
) -> tuple[Candidate, ...]:
    """The values as candidates, each also with the sign that another source gives it."""
    every = [
        ((*names, *turned), own)
        for names, value in values
        for turned, own in _signs(case, value)
        if len(names) + len(turned) <= MAX_TOGETHER
    ]
    found: list[Candidate] = []
    taken: list[float] = []
    for names, value in sorted((*every, *others), key=lambda pair: len(pair[0])):
        if not math.isfinite(value) or any(is_same(value, other, scale) for other in taken):
            continue
        taken.append(value)
        found += [Candidate(name, Slip(value, name.name, "", "")) for name in names]
    return tuple(found)


def _with_rate_inside(case: Case) -> Iterator[tuple[_Names, float]]:
    """A velocity that has η in it, with its minus."""
    if case.ref.quantity in ("velocity", "velocity_b") and not case.network.optimizer.is_scheduled:
        yield (RATE_IN_VELOCITY,), -case.network.learning_rate * case.truth


def _times(case: Case, value: float, factor: float) -> float:
    """A number of a pass whose loss is multiplied by a factor, L2 apart."""
    quantity, network = case.ref.quantity, case.network
    if quantity in ("W", "b") and network.optimizer.goes_along_slope:
        old = parameter_of(case.passed.before, case.ref)
        return old - _times(case.at(slope_ref(case.ref)), old - value, factor)
    if case.ref.phase == "update" and not network.optimizer.goes_along_slope:
        return value  # a step that is no multiple of the slope is none of its factor either
    rate = case.passed.update.rate if quantity == "step" else 1.0
    kept = 0.0
    if network.l2 and quantity == "loss":
        kept = case.passed.loss.penalty
    elif network.l2 and quantity in ("dW", "step"):
        kept = rate * network.l2 * parameter_of(case.passed.before, case.ref)
    return kept + factor * (value - kept) if quantity in CHAIN or quantity in ("loss", "step") else value


SAME_SLIP: Mapping[str, frozenset[str]] = {
    TARGET_MINUS_OUTPUT.id: frozenset({"sign-flipped"}),
    OUTPUT_MINUS_TARGET.id: frozenset({"sign-flipped", "added-step"}),
    MINUS_SLOPE.id: frozenset({"sign-flipped"}),
    CHANGE.id: frozenset({"added-step", "sign-flipped"}),
    HALF.id: frozenset({"forgot-two", "half-convention"}),
    SUM.id: frozenset({"sum-for-mean", "no-one-over-n"}),
    MEAN.id: frozenset({"mean-for-sum"}),
    LOGARITHM.id: frozenset({"other-logarithm"}),
    IN_OUT.id: frozenset({"matrix-transposed", "weights-not-transposed"}),
}
"""Known mistakes that are nothing but a convention under another name."""


def without_conventions(
    known: Sequence[Candidate], conventions: Sequence[Candidate], scale: float
) -> tuple[Candidate, ...]:
    """Return the known mistakes without those that are one of the conventions under another name."""
    same: dict[str, list[float]] = {}
    for other in conventions:
        for name in SAME_SLIP.get(other.mistake.id, ()):
            same.setdefault(name, []).append(other.value)
    return tuple(
        one for one in known if not any(is_same(one.value, value, scale) for value in same.get(one.mistake.id, ()))
    )


MAX_TOGETHER = 2
"""A sheet is not taken to differ in more than so many conventions at once."""


def _signs(case: Case, value: float) -> Iterator[tuple[tuple[Mistake, ...], float]]:
    """The value as it is, and with the sign that another source gives it."""
    quantity = case.ref.quantity
    yield (), value
    if turns_sign(case.network, quantity):
        yield (OUTPUT_MINUS_TARGET,), -value
    elif quantity in CHAIN and case.network.conventions.flips_error:
        yield (MINUS_SLOPE,), -value
    elif quantity in CHAIN:
        yield (TARGET_MINUS_OUTPUT,), -value
    elif quantity == "step":
        yield (CHANGE,), -value
    if quantity in ("b", "db"):
        yield (THRESHOLD,), -value


def variants_of(network: Network, passed: Pass, rerun: Rerun | None = None) -> tuple[Variant, ...]:
    """Return a pass under each loss that a source may have taken, that of the lesson first.

    `rerun` runs a network from its first pass on; without it only the pass at hand is run anew.
    """
    found = [Variant((), passed)]
    for other, names in _networks(network, passed.X.shape[0]):
        passes = [_again(other, passed, passed.before, passed.forward if other.layers == network.layers else None)]
        if rerun is not None and passed.number > 1:
            passes.append(rerun(other))
        found += [Variant(names, again) for again in passes if again is not None and again.is_finite]
    return tuple(found)


def _networks(network: Network, rows: int) -> Iterator[tuple[Network, tuple[Mistake, ...]]]:
    """The network with each other loss, and with the other form of GELU."""
    for loss, names in other_losses(network, rows):
        yield replace(network, loss=loss), names
    layers = tuple(
        replace(layer, activation=activation_of(layer).other_form or layer.activation) for layer in network.layers
    )
    if layers != network.layers:
        yield replace(network, layers=layers), (OTHER_GELU,)


def other_losses(network: Network, rows: int) -> Iterator[tuple[Loss, tuple[Mistake, ...]]]:
    """Yield the loss with another ½, over δ, or with sums and means exchanged, as far as that makes a difference."""
    loss = network.loss
    if loss.delta is not None and loss.delta != 1:
        yield replace(loss, factor=loss.factor / loss.delta, reported_factor=None), (SMOOTH_L1,)
    is_squared = loss.kind == "squared_error"
    factors = (loss.factor, 1.0 if loss.factor == 0.5 else loss.factor / 2) if is_squared else (loss.factor,)
    every: tuple[Reduction, ...] = ("mean", "sum")
    sums_always = loss.kind == "categorical_cross_entropy"
    outputs = every if network.outputs > 1 and not sums_always else (loss.outputs or "mean",)
    batches = every if rows > 1 else (loss.batch,)
    for factor, over_outputs, over_rows in itertools.product(factors, outputs, batches):
        names: list[Mistake] = [HALF] if factor != loss.factor else []
        changed = {other for own, other in ((loss.outputs, over_outputs), (loss.batch, over_rows)) if own != other}
        names += [SUM if other == "sum" else MEAN for other in sorted(changed)]
        if names:
            other_loss = replace(loss, factor=factor, outputs=over_outputs, batch=over_rows, reported_factor=None)
            yield other_loss, tuple(names)


def _again(network: Network, passed: Pass, parameters: Parameters, forwards: Forward | None = None) -> Pass | None:
    """The pass of another network or from other parameters; `forwards` is its way forward where that is the same."""
    try:
        with np.errstate(all="ignore"):
            return rerun(passed, network, parameters, forwards=forwards)
    except DomainError:
        return None


def _logarithms(case: Case) -> Iterator[tuple[tuple[Mistake, ...], float]]:
    if case.ref.quantity == "loss" and case.network.loss.kind.endswith("cross_entropy"):
        loss, penalty = case.passed.loss.loss, case.passed.loss.penalty
        for base in (2.0, 10.0):
            yield (LOGARITHM,), (loss - penalty) / math.log(base) + penalty


def _transposed(case: Case) -> Iterator[tuple[tuple[Mistake, ...], float]]:
    """The pass with every square matrix read as [in][out]."""
    W = tuple(weights.T if weights.shape[0] == weights.shape[1] > 1 else weights for weights in case.passed.before.W)
    if all(own is other for own, other in zip(W, case.passed.before.W, strict=True)):
        return
    passed = _again(case.network, case.passed, case.passed.before.with_values(W, case.passed.before.b))
    if passed is None or not passed.is_finite:
        return
    for index in dict.fromkeys((case.index, case.index[::-1])) if _is_square(case) else (case.index,):
        yield (IN_OUT,), value_of(passed, case.ref._replace(index=index or None))


def _is_square(case: Case) -> bool:
    spec = case.spec
    return case.ref.quantity in ("dW", "W", "step", "dz_da") and spec.units == spec.inputs
