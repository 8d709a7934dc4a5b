"""What follows from the numbers on a sheet: each number of a pass from all those before it that the learner has.

Whoever works with pencil and paper rounds what is written down and goes on with what stands there, so that beside each
number stands how far that rounding may carry it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.corners import MAX_CORNERS, Near, has_corners
from nn_tutor.judging.own_pass import own_pass
from nn_tutor.judging.rounding import NEVER, Spread, Written, half_unit_of, places_of
from nn_tutor.network.corners import corners_of
from nn_tutor.network.evaluation import evaluate, evaluate_anew, leaf_value, sensitivities
from nn_tutor.network.graph import Argument, Leaf, graph_of
from nn_tutor.network.losses import DomainError
from nn_tutor.network.operations import Products
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spelling import spelled
from nn_tutor.walkthrough.order import refs_of_pass

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

ROUGH = 1.05
"""Rounding is followed to first order; what bends on the way adds so much."""


_NUDGE = 1e-6

_GIVEN = frozenset({"input", "target", "weight", "bias", "learning_rate"})


@dataclass(frozen=True, slots=True)
class Own:
    """A number that the learner has: its value in the tutor's sign, and half a unit of its last decimal."""

    value: float
    half_unit: float


class OwnNumbers:
    """One pass with the learner's numbers in it.

    `unit` is half a unit of the decimals that are usual on the sheet; `leaf_slack` is how far the old parameters of a
    later pass may be off.
    """

    def __init__(
        self,
        network: Network,
        passed: Pass,
        given: Mapping[Ref, Own],
        unit: float,
        leaf_slack: Mapping[Leaf, float] | None = None,
    ) -> None:
        self.network = network
        self.passed = passed
        self.given = given
        self.rows = int(passed.X.shape[0])
        self.refs = refs_of_pass(network, self.rows)
        self.unit = unit
        self.passed_corners: tuple[Near, ...] = ()
        """The numbers that are taken to lie on the other side of their corners."""
        self._graph = graph_of(network, self.rows)
        self.leaf_slack = leaf_slack or {}
        self._place = {ref: place for place, ref in enumerate(self.refs)}
        self._given: dict[Ref, tuple[Ref, Own]] = {}
        self._twins: dict[Ref, list[tuple[Ref, Own]]] = {}
        for ref in sorted(given, key=self._place.__getitem__):
            name, times = spelled(network, self.rows, ref)
            own = Own(given[ref].value / times, given[ref].half_unit / times)
            self._twins.setdefault(name, []).append((ref, own))
            if ref.quantity != "delta_sample" or name not in self._given:  # of two names one goes on with the later
                self._given[name] = ref, own
        self._anew = evaluate_anew(network, passed, {name: own.value for name, (_, own) in self._given.items()})
        self._values: dict[Ref, float | None] = {}
        self._made: dict[Ref, float] = {}
        self._places: dict[Ref, int] = {}

    def value(self, ref: Ref) -> float | None:
        """Return what a number comes to from the learner's numbers before it; None where these leave none."""
        if ref not in self._values:
            self._values[ref] = self._anew(ref)
        return self._values[ref]

    def slack(self, ref: Ref) -> float:
        """Return how far rounding what a number is made of may carry it."""
        name, times = spelled(self.network, self.rows, ref)
        return ROUGH * times * self._made_of(name)

    def follows(self, ref: Ref, own: Own) -> bool:
        """Whether a number is what the right rule makes of the learner's numbers before it, but for rounding.

        Or what the learner has for the same number under another name, earlier in the pass; or what it is where
        rounding took others across a corner.
        """
        return self.follows_at_once(ref, own) or self.across_a_corner(ref, own) is not None

    def follows_at_once(self, ref: Ref, own: Own) -> bool:
        """Whether a number follows with every number before it on its own side of a corner."""
        value = self.value(ref)
        if value is not None and is_within(own.value, value, self.slack(ref) + own.half_unit):
            return True
        return self.twin(ref, own) is not None

    def across_a_corner(self, ref: Ref, own: Own) -> OwnNumbers | None:
        """Return the pass in which a number follows, since rounding took others to the other side of their corners.

        None where it does not: only numbers that are not on the sheet, and stand near a corner, are moved.
        """
        if not has_corners(self.network):
            return None
        with np.errstate(all="ignore"):
            try:
                near = self._near_corners(ref)
            except (DomainError, ArithmeticError):
                return None
        for chosen in itertools.product(*((None, *one.elsewhere()) for one in near)):
            moved = {
                one.ref: Own(value, one.slack(self.unit))
                for one, value in zip(near, chosen, strict=True)
                if value is not None
            }
            if moved:
                other = OwnNumbers(self.network, self.passed, {**self.given, **moved}, self.unit, self.leaf_slack)
                other.passed_corners = tuple(one for one in near if one.ref in moved)
                if other.follows_at_once(ref, own):
                    return other
        return None

    def _near_corners(self, ref: Ref) -> list[Near]:
        """The numbers on the way to another that rounding may take across a corner, the nearest first."""
        found: dict[tuple[Ref, float], Near] = {}
        name = spelled(self.network, self.rows, ref)[0]
        seen, stack = {name}, [name]
        while stack:
            node = self._graph.node(stack.pop())
            for place, at in corners_of(node.operation, [self._argument(one) for one in node.arguments]):
                pivot = node.arguments[place]
                if isinstance(pivot, Ref) and pivot not in self._given:
                    near = Near(pivot, self.used(pivot), at, self._per_half_unit(ROUGH * self._error(pivot)))
                    if near.may_cross(self.unit):
                        found[pivot, at] = near
            below = [one for one in node.arguments if isinstance(one, Ref) and one not in self._given]
            stack += (one for one in below if one not in seen)
            seen.update(below)
        return sorted(found.values(), key=lambda one: one.gap)[:MAX_CORNERS]

    def twin(self, ref: Ref, own: Own) -> Ref | None:
        """Return the earlier number that is the same under another name, and that a number agrees with."""
        name, times = spelled(self.network, self.rows, ref)
        for other, twin in self._twins.get(name, ()):
            if self._place[other] >= self._place[ref]:
                break
            if is_within(own.value, times * twin.value, times * twin.half_unit + own.half_unit):
                return other
        return None

    def spread(self, ref: Ref, own: Own) -> Spread:
        """Return the slack of a number in the form in which the judge takes it."""
        extra = self.slack(ref)
        if not extra or not own.half_unit:
            return Spread()
        return Spread((Written(extra / own.half_unit, NEVER),))

    def used(self, ref: Ref) -> float:
        """Return a number as the learner goes on with it: their own, or what follows where they gave none."""
        name, times = spelled(self.network, self.rows, ref)
        if name in self._given:
            return times * self._given[name][1].value
        return self.reached(ref)

    def reached(self, ref: Ref) -> float:
        """Return what a number comes to from those before it; the right one where they leave none."""
        value = self.value(ref)
        return value_of(self.passed, ref) if value is None else value

    def arguments(self, ref: Ref) -> tuple[Argument, ...]:
        """Return what a number is made from."""
        return self._graph.node(spelled(self.network, self.rows, ref)[0]).arguments

    def slopes_of_given(self, ref: Ref, through: int = 2) -> Iterator[tuple[Leaf, float]]:
        """Yield what a number is made from that is simply given, and its slope with respect to each.

        So many numbers in a row that are not on the sheet are looked through: η is in a step, y in an error.
        """
        for place, (argument, partial) in enumerate(zip(self.arguments(ref), self._partials(ref), strict=True)):
            if isinstance(argument, Leaf) and argument.kind == "target":
                partial = self._nudged(ref, place)  # no rule asks how a loss changes with its target
            if not partial:
                continue
            if isinstance(argument, Leaf):
                if argument.kind in _GIVEN:
                    yield argument, partial
            elif through and argument not in self._given:
                yield from ((leaf, partial * slope) for leaf, slope in self.slopes_of_given(argument, through - 1))

    def _nudged(self, ref: Ref, place: int) -> float:
        """How a number changes with one of the numbers that it is made from, by a small change of it."""
        node = self._graph.node(spelled(self.network, self.rows, ref)[0])
        values = [self._argument(one) for one in node.arguments]
        lower, upper = list(values), list(values)
        lower[place] -= _NUDGE
        upper[place] += _NUDGE
        with np.errstate(all="ignore"):
            try:
                change = (node.operation.value(upper) - node.operation.value(lower)) / (2 * _NUDGE)
            except (DomainError, ArithmeticError):
                return 0.0
        return change if math.isfinite(change) else 0.0

    def _partials(self, ref: Ref) -> Sequence[float]:
        """The slopes of a number with respect to what it is made from; 0 where there are none."""
        node = self._graph.node(spelled(self.network, self.rows, ref)[0])
        with np.errstate(all="ignore"):
            try:
                return node.operation.partials([self._argument(one) for one in node.arguments])
            except (DomainError, ArithmeticError):
                return (0.0,) * len(node.arguments)

    def depending_on(self, ref: Ref) -> frozenset[Ref]:
        """Return a number and all that is made of it."""
        found = {spelled(self.network, self.rows, ref)[0]}
        every = {ref}
        for one in self.refs:
            name = spelled(self.network, self.rows, one)[0]
            if name in found or any(argument in found for argument in self.arguments(one)):
                found.add(name)
                every.add(one)
        return frozenset(every)

    def as_pass(self, but: Ref | None = None) -> Pass:
        """Return the pass as the learner goes on with it, one number left as it follows from the others.

        That is where a mistake in that number starts from. The right pass where the loss cannot take their numbers.
        """
        behind = frozenset[Ref]() if but is None else self.depending_on(but)
        given = {ref: own.value for ref, own in self.given.items() if ref not in behind}
        return own_pass(self.network, self.passed, given) or self.passed

    def after(self) -> dict[Leaf, float]:
        """Return how far each parameter after this pass may be off by rounding."""
        found = {}
        for ref in self.refs:
            if ref.quantity in ("W", "b"):
                kind = "weight" if ref.quantity == "W" else "bias"
                found[Leaf(kind, ref.layer or 1, ref.index or ())] = self._error(ref)  # type: ignore[arg-type]
        return found

    def _per_half_unit(self, error: float) -> Callable[[float], float]:
        """An error with the decimals of the sheet, as it is with others."""
        return lambda half_unit: error * half_unit / self.unit

    def _made_of(self, name: Ref) -> float:
        """How far the numbers that a number is made of carry it."""
        found = self._made.get(name)
        if found is None:
            node = self._graph.node(name)
            zipped = zip(node.arguments, self._partials(name), strict=True)
            found = sum(abs(partial) * self._error(one) for one, partial in zipped if partial)
            if isinstance(node.operation, Products) and len(node.operation.sizes) > 1 and self._is_rounded(name):
                found += self.unit * sum(size > 1 for size in node.operation.sizes)
            found = self._made[name] = found if math.isfinite(found) else 0.0
        return found

    def _error(self, argument: Argument) -> float:
        """How far a number that others are made of may be off."""
        if isinstance(argument, Leaf):
            return self.leaf_slack.get(argument, 0.0)
        if argument in self._given:
            return self._rounding(argument)
        if argument.quantity in ("dz_dw", "dz_da"):  # these only repeat another number
            return self._error(self._graph.node(argument).arguments[0])
        return self._made_of(argument) + (self.unit if self._is_rounded(argument) else 0.0)

    def _rounding(self, name: Ref) -> float:
        """How far a number on the sheet may be off: 0.6 may stand for 0.6000, where that is what it should be."""
        ref, own = self._given[name]
        if own.half_unit <= self.unit:
            return own.half_unit
        off = abs(own.value - self.reached(ref) / spelled(self.network, self.rows, ref)[1])
        return min(own.half_unit, max(self.unit, off))

    def _argument(self, argument: Argument) -> float:
        return leaf_value(self.network, self.passed, argument) if isinstance(argument, Leaf) else self.used(argument)

    def _is_rounded(self, name: Ref) -> bool:
        """Whether writing a number down rounds it."""
        return half_unit_of(self._places_of(name)) < self.unit

    def _places_of(self, name: Ref) -> int:
        found = self._places.get(name)
        if found is None:
            below = [one for one in self._graph.node(name).arguments if isinstance(one, Ref)]
            own = places_of(self.used(name))
            found = self._places[name] = max([own, *(self._places_of(one) for one in below)])
        return found


def is_within(value: float, other: float, tolerance: float) -> bool:
    """Whether two numbers differ by at most a tolerance, whose edge doubles may blur."""
    return abs(value - other) <= tolerance * (1 + 1e-6) + 1e-12 * max(1.0, abs(value), abs(other))


def solved(own: OwnNumbers, ref: Ref, given: Mapping[Ref, float], name: Ref, mine: Own) -> Own | None:
    """Return the value of one number with which another comes out as the learner has it, by Newton's method."""
    known = own.used(name)
    x = known
    with np.errstate(all="ignore"):
        for _ in range(_NEWTON_STEPS):
            try:
                value = evaluate(own.network, own.passed, ref, {**given, name: x})
                slope = sensitivities(own.network, own.passed, ref, {**given, name: x}).get(name, 0.0)
            except (DomainError, ArithmeticError):
                return None
            if not slope or not math.isfinite(value) or not math.isfinite(slope):
                return None
            if is_within(value, mine.value, 1e-9 * max(1e-9, abs(mine.value))):
                break
            x += (mine.value - value) / slope
        else:
            return None
    return Own(x, (mine.half_unit + own.slack(ref)) / abs(slope)) if math.isfinite(x) else None


_NEWTON_STEPS = 12
