"""What the learner's own numbers lead to over several passes, and a mistake that is made in each of them.

One slip is not punished in every pass after it: the passes are run anew with the learner's numbers in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from nn_tutor.judging.follow_through import Consequence, consequence_of, credit, wrong_numbers
from nn_tutor.judging.mistakes.case import Candidate, Case, Mistake, Slip
from nn_tutor.judging.mistakes.known import BACKWARD, slips_of
from nn_tutor.judging.mistakes.update import UPDATE, is_held, moved, slope_ref
from nn_tutor.judging.rounding import spread_of
from nn_tutor.network.activations import Array
from nn_tutor.network.graph import evaluate
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import Parameters, Pass, parameter_of, run_pass
from nn_tutor.network.quantities import Quantity, Ref, elements, layers_of
from nn_tutor.network.spec import Network

Passes = Callable[[int], Pass]
"""Gives the passes of a run by number, from 1."""

Earlier = Mapping[int, Mapping[Ref, float]]
"""What the learner had before: for each pass the numbers that were answered in it."""

MOST_PARAMETERS = 40
"""In a larger network only the parameters that were answered themselves are followed into the next pass."""

MOST_PASSES = 6
"""A mistake is not looked for in more passes than this."""


def consequences_of(
    network: Network, passes: Passes, number: int, ref: Ref, earlier: Earlier, replayed: Pass | None
) -> tuple[Consequence, ...]:
    """Return what a number becomes from the learner's own numbers: those of its pass, and of all passes up to it.

    `replayed` is the pass as the numbers of the passes before lead to it.
    """
    found = []
    passed, own = passes(number), earlier.get(number, {})
    here = consequence_of(network, passed, ref, own)
    if here is not None:
        found.append(here)
    if replayed is not None:
        with np.errstate(all="ignore"):
            value = evaluate(network, replayed, ref, own)
        scale = abs(value - parameter_of(replayed.before, ref)) if ref.quantity in ("W", "b") else abs(value)
        if math.isfinite(value):
            message = credit(_wrong(network, passes, number, earlier))
            found.append(Consequence(value, scale, message, spread_of(network, replayed, ref, own)))
    return tuple(found)


def replayed_pass(network: Network, passes: Passes, number: int, earlier: Earlier) -> Pass | None:
    """Return a pass as the learner's numbers of the passes before lead to it; None where they change nothing."""
    before = [one for one in sorted(earlier) if one < number and earlier[one]]
    if not before:
        return None
    parameters, changed = passes(before[0]).before, False
    for one in range(before[0], number):
        passed = passes(one)
        if changed:
            again = _run(network, parameters, passed)
            if again is None:
                return None
            passed = again
        parameters = _after(network, passed, earlier.get(one, {}))
        changed = True
    return _run(network, parameters, passes(number))


def repeated(case: Case, passes: Passes, value: float, scale: float) -> tuple[Candidate, ...]:
    """Return what mistakes come to that are made in every pass up to this one, as far as they come near a value.

    None in the first pass. A mistake is first tried with the other parameters as they should be, which is cheap, and
    followed through the whole network only where that comes within a third of the way.
    """
    number = case.passed.number
    if not 1 < number <= MOST_PASSES or _count(case.network) > MOST_PARAMETERS or case.ref.quantity == "loss":
        return ()
    found = []
    for mistake in (*BACKWARD, *UPDATE):
        for estimate, slip in _estimates(case, mistake, passes):
            if abs(value - estimate) > _ROUGHLY * max(abs(scale), abs(value - case.truth)):
                continue
            in_all = replace(mistake, name=f"{mistake.name}, in every pass")
            reached = [_followed(case, mistake, slip, passes, only) for only in _alone(case.ref)]
            found += [Candidate(in_all, replace(slip, value=one)) for one in reached if one is not None]
    return tuple(found)


_ROUGHLY = 0.35


def _run(network: Network, parameters: Parameters, like: Pass) -> Pass | None:
    try:
        with np.errstate(all="ignore"):
            passed = run_pass(network, parameters, like.X, like.Y, like.number, like.rows)
    except DomainError:
        return None
    return passed if passed.is_finite else None


def _after(network: Network, passed: Pass, given: Mapping[Ref, float]) -> Parameters:
    """The parameters after a pass, with what follows from the learner's numbers in it."""
    after = passed.update.after
    if not given:
        return after
    refs = list(_parameters(network))
    if len(refs) > MOST_PARAMETERS:
        refs = [ref for ref in refs if ref in given]
    return _with(after, {ref: evaluate(network, passed, ref, given) for ref in refs})


def _with(parameters: Parameters, values: Mapping[Ref, float]) -> Parameters:
    """The parameters with some of them replaced, each named as the updated one."""
    W: list[Array] = [weights.copy() for weights in parameters.W]
    b = [None if biases is None else biases.copy() for biases in parameters.b]
    for ref, value in values.items():
        layer, index = (ref.layer or 1) - 1, ref.index or ()
        array = W[layer] if ref.quantity == "W" else b[layer]
        if array is not None:
            array[index] = value
    return Parameters(tuple(W), tuple(b))


def _parameters(network: Network) -> Iterator[Ref]:
    quantities: tuple[Quantity, ...] = ("W", "b")
    for quantity in quantities:
        for layer in layers_of(network, quantity):
            yield from elements(network, 1, quantity, layer)


def _count(network: Network) -> int:
    return sum(layer.units * (layer.inputs + (layer.biases is not None)) for layer in network.layers)


def _wrong(network: Network, passes: Passes, number: int, earlier: Earlier) -> list[tuple[str, float, float]]:
    """The learner's numbers up to a pass that are not right, those of other passes with the pass they belong to."""
    return [
        (name if one == number else f"{name} of pass {one}", value, truth)
        for one in sorted(earlier)
        if one <= number
        for name, value, truth in wrong_numbers(network, passes(one), earlier[one])
    ]


# A mistake in every pass


def _alone(ref: Ref) -> tuple[str, ...]:
    """Which parameters are made with a mistake: only those of the asked kind, or all of them."""
    return (ref.quantity, "") if ref.quantity in ("W", "b") else ("",)


def _estimates(case: Case, mistake: Mistake, passes: Passes) -> Iterator[tuple[float, Slip]]:
    """What the asked number comes to with a mistake in every pass, the other parameters as they should be."""
    is_update = case.ref.quantity in ("W", "b")
    for slip in _slips(case, mistake):
        if not is_update:
            yield slip.value, slip
            continue
        total = slip.value
        for number in range(1, case.passed.number):
            earlier = replace(case, passed=passes(number), previous=passes(number - 1) if number > 1 else None)
            own = _same_line(_slips(earlier, mistake), slip)
            total += 0.0 if own is None else own.value - earlier.truth
        yield total, slip


def _slips(case: Case, mistake: Mistake) -> list[Slip]:
    """The ways to make a mistake in the asked number; a slope gone wrong is carried into an update."""
    if case.ref.quantity in ("W", "b", "step") and mistake not in UPDATE:
        if is_held(case):
            return []
        below = case.at(slope_ref(case.ref))
        return [replace(slip, value=moved(case, slip.value)) for slip in slips_of(mistake, below)]
    return list(slips_of(mistake, case))


def _same_line(slips: list[Slip], like: Slip) -> Slip | None:
    """The slip that is made in the same line; in another layer the one with the same formula, but for its index."""
    lines = [slip for slip in slips if (slip.symbol, slip.theirs) == (like.symbol, like.theirs)]
    bare = [slip for slip in slips if _bare(slip.theirs) == _bare(like.theirs)]
    return next(iter(lines or bare), None)


def _bare(formula: str) -> str:
    return formula.translate(_WITHOUT_INDEX)


_WITHOUT_INDEX = {ord(digit): None for digit in "₀₁₂₃₄₅₆₇₈₉"}


def _followed(case: Case, mistake: Mistake, slip: Slip, passes: Passes, only: str) -> float | None:
    """What the asked number comes to where the parameters of every pass are made with the mistake.

    All of them, or `only` the weights or the biases.
    """
    parameters, previous = passes(1).before, None
    for number in range(1, case.passed.number + 1):
        passed = _run(case.network, parameters, passes(number))
        if passed is None:
            return None
        here = Case(case.network, passed, case.ref, previous)
        if number == case.passed.number:
            own = _same_line(_slips(here, mistake), slip)
            return None if own is None else own.value
        values = {}
        for ref in _parameters(case.network):
            if only not in (ref.quantity, ""):
                continue
            own = _same_line(_slips(here.at(ref), mistake), slip)
            if own is not None:
                values[ref] = own.value
        parameters, previous = _with(passed.update.after, values), passed
    return None
