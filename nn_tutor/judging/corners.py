"""What an answer is where rounding took a number on the way to the other side of a corner.

To first order rounding carries an answer a little further; at a corner it decides. Where z is 0.0003, somebody who
writes down three decimals has 0.000, and takes 0 for ReLU's slope instead of 1. So the numbers near a corner are put on
its other side, and the pass is gone through once more from there.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.rounding import half_unit_of, spread_with
from nn_tutor.network.activations import activation_of
from nn_tutor.network.corners import corners_of
from nn_tutor.network.evaluation import Evaluation
from nn_tutor.network.losses import DomainError, loss_of
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spelling import spelled

if TYPE_CHECKING:
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

MAX_CORNERS = 3
"""Of more numbers that stand near a corner, not every choice of sides is tried."""

NOISE = 1e-12
"""A number so near to its corner stands in it: 0.42 + 0.07 − 0.49 is 5e-17 in doubles."""

_ASIDE = 1e-9
"""How far beside its corner a number is put."""

_MAX_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Near:
    """A number on the way to an answer that stands near a corner: the value it has, and where the corner lies.

    `slack` says how far rounding carries it, from half a unit of the last decimal that is written down.
    """

    ref: Ref
    value: float
    at: float
    slack: Callable[[float], float]

    @property
    def gap(self) -> float:
        """How far it is from the corner."""
        return abs(self.value - self.at)

    @property
    def is_in_corner(self) -> bool:
        """Whether it stands in the corner, but for the noise of doubles."""
        return self.gap <= NOISE * max(1.0, abs(self.at))

    def may_cross(self, half_unit: float) -> bool:
        """Whether rounding may take it to the corner or beyond."""
        if self.value == self.at:  # its own rounding leaves it where it is
            return self.slack(half_unit) > half_unit * (1 + _ASIDE)
        return self.is_in_corner or self.slack(half_unit) >= self.gap

    def elsewhere(self) -> tuple[float, ...]:
        """Return where rounding may take it: into the corner and to its other side."""
        aside = _ASIDE * max(1.0, abs(self.at))
        if self.value == self.at:
            return self.at - aside, self.at + aside
        if self.is_in_corner:
            return (self.at,)
        return self.at, self.at - math.copysign(aside, self.value - self.at)

    def decimals(self) -> int:
        """Return with how many decimals, kept on the way, it stays on its own side."""
        least = (places for places in range(1, _MAX_DECIMALS) if not self.may_cross(half_unit_of(places)))
        return next(least, _MAX_DECIMALS)


@dataclass(frozen=True, slots=True)
class Beside:
    """An answer as it is with numbers on the other side of their corners, and how far rounding carries it there.

    `is_as_right` where all of these numbers stand in their corner: only the noise of doubles put them on one side.
    `said` is what is said of it: how many decimals tell.
    """

    value: float
    slack: float
    is_as_right: bool
    said: str


Besides = Callable[[float], Sequence[Beside]]
"""Gives the answers beside the right one, from half a unit of the last decimal that is written down."""


def no_besides(half_unit: float) -> Sequence[Beside]:
    """Return none: there is no corner on the way."""
    return ()


def besides_of(network: Network, passed: Pass, ref: Ref, given: Mapping[Ref, float]) -> Besides:
    """Return what gives the answers beside a number of a pass, from the learner's own `given` numbers on."""

    def besides(half_unit: float) -> Sequence[Beside]:
        with np.errstate(all="ignore"):
            try:
                return tuple(_besides(network, passed, ref, given, half_unit))
            except (DomainError, ArithmeticError):
                return ()

    return besides if has_corners(network) else no_besides


def has_corners(network: Network) -> bool:
    """Whether a pass of a network may have a corner in it."""
    has_pieces = loss_of(network.loss).joints is not None or network.optimizer.clips
    return has_pieces or any(activation_of(layer).has_joint for layer in network.layers)


def near_corners(evaluation: Evaluation, ref: Ref, given: Mapping[Ref, float], half_unit: float) -> tuple[Near, ...]:
    """Return the numbers on the way to another that rounding may take across a corner, the nearest first."""
    network, graph = evaluation.network, evaluation.graph
    own = {spelled(network, graph.rows, one)[0] for one in given}
    found: dict[tuple[Ref, float], Near] = {}
    for place, at in _corners(evaluation, spelled(network, graph.rows, ref)[0], own):
        gap = abs(evaluation.of(place) - at)
        if gap > _FARTHEST * half_unit and gap > NOISE * max(1.0, abs(at)):
            continue
        one = Near(place, evaluation.of(place), at, spread_with(evaluation, place, given).slack)
        if one.may_cross(half_unit):
            found[place, at] = one
    return tuple(sorted(found.values(), key=lambda one: one.gap))


_FARTHEST = 1_000
"""More half units than rounding carries any number."""


def _corners(evaluation: Evaluation, top: Ref, given: set[Ref]) -> Iterator[tuple[Ref, float]]:
    """Every number on the way to one that has a corner behind it, and where that lies."""
    seen, stack = {top}, [top]
    while stack:
        node = evaluation.graph.node(stack.pop())
        values = [evaluation.of(argument) for argument in node.arguments]
        for place, at in corners_of(node.operation, values):
            argument = node.arguments[place]
            if isinstance(argument, Ref) and argument not in given:
                yield argument, at
        for argument in node.arguments:
            if isinstance(argument, Ref) and argument not in seen and argument not in given:
                seen.add(argument)
                stack.append(argument)


def _besides(
    network: Network, passed: Pass, ref: Ref, given: Mapping[Ref, float], half_unit: float
) -> Iterator[Beside]:
    here = Evaluation(network, passed, given)
    near = near_corners(here, ref, given, half_unit)

    def moved(taken: Sequence[tuple[Near, float]]) -> Beside | None:
        there = {**given, **{one.ref: value for one, value in taken}}
        evaluation = Evaluation(network, passed, there)
        try:
            value, slopes = evaluation.value(ref), evaluation.sensitivities(ref)
        except (DomainError, ArithmeticError):
            return None
        slack = spread_with(evaluation, ref, there).slack(half_unit)
        slack += sum(abs(slopes.get(one.ref, 0.0)) * one.slack(half_unit) for one, _ in taken)
        is_as_right = all(one.is_in_corner and one.value != one.at for one, _ in taken)
        said = said_of(network, passed.X.shape[0], [one for one, _ in taken])
        return Beside(value, slack, is_as_right, said) if math.isfinite(value + slack) else None

    for chosen in itertools.product(*((None, *one.elsewhere()) for one in near[:MAX_CORNERS])):
        taken = [(one, value) for one, value in zip(near, chosen, strict=False) if value is not None]
        if taken and len({one.ref for one, _ in taken}) == len(taken) and (beside := moved(taken)):
            yield beside
    if len(near) > MAX_CORNERS:
        yield _between(here.value(ref), [[moved([(one, value)]) for value in one.elsewhere()] for one in near])


def _between(value: float, moved: Sequence[Sequence[Beside | None]]) -> Beside:
    """All that lies between the least and the most that many corners together make of a number, each on its own."""
    low, high, slack = value, value, 0.0
    for each in moved:
        shifts = [0.0, *(one.value - value for one in each if one is not None)]
        low, high = low + min(shifts), high + max(shifts)
        slack = max([slack, *(one.slack for one in each if one is not None)])
    said = next((one.said for each in moved for one in each if one is not None), "")
    return Beside((low + high) / 2, (high - low) / 2 + slack, is_as_right=False, said=said)


def said_of(network: Network, rows: int, crossed: Sequence[Near]) -> str:
    """Return what is said of an answer that is right with numbers on the other side of their corners."""
    near = [one for one in crossed if one.value != one.at] or crossed
    names = " and ".join(f"{symbol(network, rows, one.ref)} is so near {numeral(one.at)}" for one in near)
    decimals = max(one.decimals() for one in near)
    kept = f"keep {decimals} decimals" if decimals < _MAX_DECIMALS else "keep every digit"
    return f"that could be right: {names} that rounding decides on which side of the corner it lies; {kept} on the way"
