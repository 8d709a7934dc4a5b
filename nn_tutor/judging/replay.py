"""What the learner's own numbers lead to over several passes, and a mistake that is made in each of them.

One slip is not punished in every pass after it: the passes are run anew with the learner's numbers in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nn_tutor.judging.consistency import MAX_ANSWERS, NEARER
from nn_tutor.judging.conventions import own_conventions
from nn_tutor.judging.follow_through import Consequence, changes_anything, consequence_of, credit, wrong_numbers
from nn_tutor.judging.mistakes.case import Candidate, Case, Mistake, Slip
from nn_tutor.judging.mistakes.known import known_mistakes, possible, slips_of
from nn_tutor.judging.mistakes.on_sheet import on_sheet
from nn_tutor.judging.mistakes.stepping import is_held, is_update, slope_ref, stepping_of
from nn_tutor.judging.mistakes.update import UPDATE, Formulas
from nn_tutor.judging.own_parameters import count_of_parameters, parameters_after, refs_of_parameters, with_replaced
from nn_tutor.judging.own_pass import own_case
from nn_tutor.judging.rounding import spread_with
from nn_tutor.network.evaluation import Evaluation
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import rerun, update
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Parameters, Pass, parameter_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

Passes = Callable[[int], Pass]
"""Gives the passes of a run by number, from 1."""

Cases = Callable[[int], Case]
"""Gives them as cases; those of one pass share what they start from."""

Earlier = Mapping[int, Mapping[Ref, float]]
"""What the learner had before: for each pass the numbers that were answered in it."""

NOTHING_EARLIER: Earlier = {}

MAX_PARAMETERS = 40
"""In a larger network a mistake is not followed through every pass."""

MAX_PASSES = 6
"""A mistake is not looked for in more passes than this."""


def consequences_of(
    case: Case,
    passes: Passes,
    earlier: Earlier,
    replayed: Pass | None,
    scale: float,
    *,
    takes_conventions: bool = False,
) -> tuple[Consequence, ...]:
    """Return what a number becomes from the learner's own numbers: those of its pass, and of all passes up to it.

    `replayed` is the pass as the numbers of the passes before lead to it, `scale` the question's. What goes wrong with
    the learner's numbers is looked for in that pass, else in the pass at hand.
    """
    network, number, ref = case.network, case.passed.number, case.ref
    found = []
    own = earlier.get(number, {})
    here = consequence_of(network, case.passed, ref, own)
    if here is not None:
        goes_on = replayed is None and changes_anything(case.passed, own)
        found.append(_made_in(here, case, own, scale, takes_conventions=takes_conventions) if goes_on else here)
    if replayed is not None:
        evaluation = Evaluation(network, replayed, own)
        with np.errstate(all="ignore"):
            value = evaluation.value(ref)
        own_scale = abs(value - parameter_of(replayed.before, ref)) if ref.quantity in ("W", "b") else abs(value)
        if math.isfinite(value):
            message = credit(_wrong(network, passes, number, earlier))
            there = Consequence(value, own_scale, message, spread_with(evaluation, ref, own))
            with_theirs = Case(network, replayed, ref, case.previous)
            found.append(_made_in(there, with_theirs, own, scale, takes_conventions=takes_conventions))
    return tuple(found)


def _made_in(
    consequence: Consequence, case: Case, given: Mapping[Ref, float], scale: float, *, takes_conventions: bool
) -> Consequence:
    """A consequence with the case that it is the right number of, the mistakes made there, and other conventions."""

    @cache
    def own() -> Case | None:
        return own_case(case, given)

    @cache
    def mistakes() -> tuple[Candidate, ...]:
        with_theirs = own()
        if with_theirs is None:
            return ()
        has_slope = case.ref.quantity in ("W", "b", "step") and slope_ref(case.ref) in given
        return tuple(one for one in known_mistakes(with_theirs, scale) if not (has_slope and one.is_carried))

    def conventions() -> tuple[Candidate, ...]:
        return own_conventions(case, consequence.value, consequence.scale, given) if takes_conventions else ()

    return replace(consequence, case=own, mistakes=mistakes, conventions=conventions)


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
        parameters = parameters_after(network, passed, earlier.get(one, {}))
        changed = True
    return _run(network, parameters, passes(number))


def repeated(
    case: Case, cases: Cases, value: float, scale: float, earlier: Earlier = NOTHING_EARLIER
) -> tuple[Candidate, ...]:
    """Return what mistakes come to that are made in every pass up to this one, as far as they come near a value.

    None in the first pass. A mistake is first tried with the other parameters as they should be, which is cheap, and
    followed through the whole network only where that comes within a third of the way, and where it is in the numbers
    that the learner had in the first pass.
    """
    number = case.passed.number
    if (
        not 1 < number <= MAX_PASSES
        or count_of_parameters(case.network) > MAX_PARAMETERS
        or case.ref.quantity == "loss"
    ):
        return ()
    found: list[Candidate] = []
    first = cases(1).at(case.ref)
    before = range(1, number) if case.ref.quantity in ("W", "b") else ()  # what happened to them there adds up
    asked = [_Asked(one) for one in (case, *(cases(one).at(case.ref) for one in before))]
    had_first = [(first.at(ref), had) for ref, had in list(earlier.get(1, {}).items())[-MAX_ANSWERS:]]
    since = [(one, ref, had) for one in range(2, number + 1) for ref, had in earlier.get(one, {}).items()]
    had_since = [(cases(one).at(ref), had) for one, ref, had in since[-MAX_ANSWERS:]]
    roughly = _ROUGHLY * max(abs(scale), abs(value - case.truth))
    for mistake in (*possible(case.network)[0], *UPDATE):
        for estimate, slip in _estimates(asked, mistake):
            if abs(value - estimate) > roughly:
                continue
            if not all(_is_in(one, mistake, slip, had) for one, had in had_first):
                continue
            if any(_is_ruled_out(one, mistake, slip, had) for one, had in had_since):
                continue
            alone = asked[0].value(mistake, slip) - asked[0].truth
            near = _Near(value, alone, _HALF * max(abs(scale), abs(alone)))
            reached = [_followed(first, mistake, slip, cases, number, way, near) for way in _ways(case, slip)]
            found += [_in_all(Candidate(mistake, slip), case, one) for one in reached if one is not None]
    return tuple(found)


def _is_in(case: Case, mistake: Mistake, slip: Slip, had: float) -> bool:
    """Whether a number that the learner had shows a mistake, or cannot show it."""
    asked = _Asked(case)
    own = _same_line(asked.slips(mistake), slip)
    if own is None:
        return True
    made = asked.value(mistake, own)
    return abs(had - made) <= NEARER * abs(made - case.truth)


def _is_ruled_out(case: Case, mistake: Mistake, slip: Slip, had: float) -> bool:
    """Whether a number of a later pass is right, though it would not be with the mistake."""
    asked = _Asked(case)
    own = _same_line(asked.slips(mistake), slip)
    if own is None or case.truth == (made := asked.value(mistake, own)):
        return False
    return abs(had - case.truth) < NEARER * abs(had - made)


def _in_all(made: Candidate, case: Case, value: float) -> Candidate:
    """A mistake that is made in every pass, with what it comes to."""
    written = on_sheet(made, case)
    in_all = replace(written.mistake, name=f"{written.mistake.name}, in every pass")
    return written._replace(mistake=in_all, slip=written.slip._replace(value=value))


_ROUGHLY, _HALF = 0.35, 0.5


def _run(network: Network, parameters: Parameters, like: Pass) -> Pass | None:
    try:
        with np.errstate(all="ignore"):
            passed = rerun(like, network, parameters)
    except DomainError:
        return None
    return passed if passed.is_finite else None


def _wrong(network: Network, passes: Passes, number: int, earlier: Earlier) -> list[tuple[str, float, float]]:
    """The learner's numbers up to a pass that are not right, those of other passes with the pass they belong to."""
    return [
        (name if one == number else f"{name} of pass {one}", value, truth)
        for one in sorted(earlier)
        if one <= number
        for name, value, truth in wrong_numbers(network, passes(one), earlier[one])
    ]


# A mistake in every pass


class _Way(NamedTuple):
    """How a mistake is made in every pass: in all parameters or `only` in the weights or the biases.

    `everywhere` is in each layer in which it can be made, not just where the asked number shows it.
    """

    only: str = ""
    everywhere: bool = False


def _ways(case: Case, slip: Slip) -> Iterator[_Way]:
    """The ways in which a mistake may be made in every pass."""
    if case.ref.quantity in ("W", "b"):
        yield _Way(only=case.ref.quantity)
    yield _Way()
    if slip.workings is not None and case.lowest:
        yield _Way(everywhere=True)


class _Asked:
    """A number that a mistake is made in: for an update that it is carried into, made in the slope."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.truth = case.truth
        updates = is_update(case.ref)
        self._stepping = stepping_of(case) if updates else None
        self._below = case.at(slope_ref(case.ref)) if updates and not is_held(case) else None

    def slips(self, mistake: Mistake) -> Sequence[Slip]:
        """Return the ways to make a mistake, before it is carried into the update."""
        if not self._carries(mistake):
            return slips_of(mistake, self.case)
        return () if self._below is None else slips_of(mistake, self._below)

    def value(self, mistake: Mistake, slip: Slip) -> float:
        """Return what the number becomes with one of the slips."""
        if self._stepping is None or not self._carries(mistake):
            return slip.value
        return float(self._stepping.made(slip.value))

    def _carries(self, mistake: Mistake) -> bool:
        return self._stepping is not None and mistake.slips not in _OF_UPDATE


_OF_UPDATE = frozenset(mistake.slips for mistake in UPDATE)


def _estimates(asked: list[_Asked], mistake: Mistake) -> Iterator[tuple[float, Slip]]:
    """What the asked number comes to with a mistake in every pass, the other parameters as they should be.

    The pass at hand stands first, then those before it, where they count.
    """
    here, *before = asked
    slips = here.slips(mistake)
    others = [(one, one.slips(mistake)) for one in before] if slips else []
    for slip in slips:
        total = here.value(mistake, slip)
        for one, those in others:
            own = _same_line(those, slip)
            total += 0.0 if own is None else one.value(mistake, own) - one.truth
        yield total, slip


def _same_line(slips: Sequence[Slip], like: Slip) -> Slip | None:
    """The slip that is made in the same line; in another layer the one with the same formula, but for its index."""
    for slip in slips:
        if slip.theirs == like.theirs and slip.symbol == like.symbol:
            return slip
    formula = _bare(like.theirs)
    return next((slip for slip in slips if _bare(slip.theirs) == formula), None)


def _bare(formula: str) -> str:
    return formula.translate(_WITHOUT_INDEX)


_WITHOUT_INDEX = {ord(digit): None for digit in "₀₁₂₃₄₅₆₇₈₉"}


def _with_slip(here: Case, mistake: Mistake, like: Slip, way: _Way) -> Parameters | None:
    """The parameters after a pass in which all of them are made in the same line as a slip; None where none can be."""
    network, passed = here.network, here.passed
    if isinstance(mistake.slips, Formulas):
        return mistake.slips.parameters(here, like)
    if like.workings is None:
        return _one_by_one(here, mistake, like)
    if way.everywhere:
        slips = slips_of(mistake, here.at(_LOWEST))
        own = next((slip for slip in reversed(slips) if _bare(slip.theirs) == _bare(like.theirs)), None)
    else:
        own = _same_line(_Asked(here).slips(mistake), like)
    if own is None or own.workings is None:
        return None
    slopes = own.workings.slopes(passed.backward)
    return update(network, passed.before, slopes, passed.number).after


_LOWEST = Ref("dW", 1, (0, 0))
"""A slope that the whole way back leads to: the last way to make a mistake in it is in all layers."""


def _one_by_one(here: Case, mistake: Mistake, like: Slip) -> Parameters | None:
    """The same where each parameter has its own slip: another input, the slope of another weight."""
    found = {}
    for ref in refs_of_parameters(here.network):
        asked = _Asked(here.at(ref))
        own = _same_line(asked.slips(mistake), like)
        if own is not None:
            found[ref] = asked.value(mistake, own)
    return with_replaced(here.passed.update.after, found) if found else None


class _Near(NamedTuple):
    """What is looked for, what a mistake in the last pass alone moves a number by, and how little that may tell."""

    value: float
    alone: float
    reach: float

    def takes(self, right: float) -> bool:
        """Whether the mistake may lead from what would be right in the last pass to what is looked for."""
        return abs(self.value - right - self.alone) <= self.reach


def passes_with(made: Candidate, first: Case, cases: Cases, last: int) -> Iterator[Pass]:
    """Yield what the last pass becomes where a mistake of the first one is made in every pass before it.

    Each way in which it may be made again gives one; none does in a large network, or after many passes.
    """
    if last > MAX_PASSES or count_of_parameters(first.network) > MAX_PARAMETERS:
        return
    for way in _ways(first, made.slip):
        here = _reached(first, made.mistake, made.slip, cases, last, way)
        if here is not None:
            yield here.passed


def _followed(
    first: Case, mistake: Mistake, slip: Slip, cases: Cases, last: int, way: _Way, near: _Near
) -> float | None:
    """What the asked number comes to in the last pass where the parameters of every pass are made with the mistake.

    None where it cannot be made, or the passes before lead somewhere else.
    """
    here = _reached(first, mistake, slip, cases, last, way)
    if here is None or not near.takes(here.truth):
        return None
    asked = _Asked(here)
    own = _same_line(asked.slips(mistake), slip)
    return None if own is None else asked.value(mistake, own)


def _reached(first: Case, mistake: Mistake, slip: Slip, cases: Cases, last: int, way: _Way) -> Case | None:
    """The last pass where the parameters of every pass before it are made with the mistake."""
    here = first
    for number in range(2, last + 1):
        after = here.passed.update.after
        key = (mistake.slips, slip.symbol, slip.theirs, way.everywhere)
        made = here.workings.once(key, partial(_with_slip, here, mistake, slip, way))
        if made is not None:
            after = made.with_values(after.W if way.only == "b" else made.W, after.b if way.only == "W" else made.b)
        passed = _run(here.network, after, cases(number).passed)
        if passed is None:
            return None
        here = Case(here.network, passed, here.ref, here.passed)
    return here
