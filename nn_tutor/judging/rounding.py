"""How far rounding on the way carries an answer: the slack of a learner who does everything right, but rounds.

Whoever works with pencil and paper writes each number down with some decimals and goes on with what stands there. An
error of half a unit in a number q moves the answer t by ∂t/∂q times as much (to first order), so that the slack is
Σ |∂t/∂q|·u over all numbers on the way, each product of a sum included. Only below a root, as the average v of RMSProp
and Adam stands, the first order is too little: v is small, and half a unit may be a third of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.evaluation import Evaluation
from nn_tutor.network.graph import Argument, Leaf, Node
from nn_tutor.network.operations import Products
from nn_tutor.network.optimizer import REMEMBERED
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.network.spec import Network

NEVER = 99
"""The decimals of a number that no few decimals write exactly."""

_SMALL, _MOST = 1e-4, 0.9
"""Of a number below a root: up to which part of it the first order is enough, and the largest part that is counted."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number that is written down on the way to an answer.

    `weight` is by how much the answer moves with it, times how often something is rounded to get it; `places` are the
    decimals with which it, and all that it is made of, can be written exactly (`NEVER` for none); `under_root` is the
    number itself where what follows is divided by its root, else 0.
    """

    weight: float
    places: int
    under_root: float = 0.0

    def carried(self, half_unit: float) -> float:
        """Return by how much the answer moves where the number is off by half a unit."""
        part = min(half_unit / self.under_root, _MOST) if self.under_root else 0.0
        if part < _SMALL:
            return self.weight * half_unit
        return float(self.weight * half_unit * ((1 - part) ** -0.5 - 1) / (part / 2))


@dataclass(frozen=True, slots=True)
class Spread:
    """What is written down on the way to an answer; `given` are the most decimals of the numbers one starts from."""

    written: tuple[Written, ...] = ()
    given: int = 0

    def slack(self, half_unit: float) -> float:
        """Return how far an answer with so fine a last digit may lie from the truth by rounding alone.

        What can be written exactly adds nothing. Nobody rounds on the way to fewer decimals than the numbers have that
        one starts from: 0.6 may be 0.6000 with its zeros left out.
        """
        if half_unit <= 0:
            return 0.0
        on_the_way = min(half_unit, half_unit_of(self.given)) if self.given else half_unit
        places = round(-math.log10(2 * on_the_way))
        return half_unit + sum(one.carried(on_the_way) for one in self.written if one.places > places)


OWN = Spread()
"""Only the answer itself is rounded."""


def half_unit_of(decimals: int) -> float:
    """Return half a unit of the last of so many decimals."""
    return 0.5 * 10.0**-decimals


def places_of(value: float) -> int:
    """Return how many decimals write a number exactly, `NEVER` where more than nine are needed."""
    text = f"{value:.12g}"
    if "e" in text:
        exponent = Decimal(text).normalize().as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else NEVER
    else:  # the same, only faster
        places = len(text.partition(".")[2]) if text[-1].isdigit() else NEVER
    return places if places <= _MAX_PLACES else NEVER


_MAX_PLACES = 9


def spread_of(network: Network, passed: Pass, ref: Ref, given: Mapping[Ref, float] | None = None) -> Spread:
    """Return what is written down on the way to a number of a pass, from the learner's own `given` numbers on.

    From the second pass on the parameters are the learner's as well, rounded in each pass before.
    """
    given = given or {}
    return spread_with(Evaluation(network, passed, given), ref, given)


def spread_with(evaluation: Evaluation, ref: Ref, given: Mapping[Ref, float]) -> Spread:
    """Return the same from an evaluation of the pass with those numbers in it."""
    network, passed, graph = evaluation.network, evaluation.passed, evaluation.graph
    with np.errstate(all="ignore"):
        slopes = {**evaluation.sensitivities(ref), ref: 1.0}
    places = dict.fromkeys(given, 0)
    written = []
    for own in sorted(slopes, key=lambda one: one == ref):
        if own in given or own.quantity in _REPEATED:
            continue
        node = graph.node(own)
        times = _sums(node) + (own != ref)  # the answer's own rounding is what is typed
        under_root = abs(evaluation.value(own)) if own != ref and own.quantity in _UNDER_ROOT else 0.0
        written.append(Written(abs(slopes[own]) * times, _places(evaluation, own, places), under_root))
    if passed.number > 1:
        written += _parameters(evaluation, slopes, given)
    return Spread(tuple(one for one in written if one.weight), _given_places(network, passed))


_UNDER_ROOT = frozenset({"v", "v_b", "v_hat", "v_hat_b"})
"""The averages of squares: a step is divided by the root of one."""

_REPEATED = frozenset({"dz_dw", "dz_da"})
"""What only repeats an input, an activation or a weight."""


def _sums(node: Node) -> int:
    """How many products are written down before they are added up; a single one is the result itself."""
    if not isinstance(node.operation, Products):
        return 0
    products = sum(size > 1 for size in node.operation.sizes)
    return products if len(node.operation.sizes) > 1 else 0


def _places(evaluation: Evaluation, ref: Ref, found: dict[Ref, int]) -> int:
    """The decimals that a number and all that it is made of need."""
    places = found.get(ref)
    if places is None:
        places = places_of(evaluation.value(ref))
        for argument in evaluation.graph.node(ref).arguments if places < NEVER else ():
            if isinstance(argument, Ref):
                places = max(places, _places(evaluation, argument, found))
        found[ref] = places
    return places


def _parameters(evaluation: Evaluation, slopes: Mapping[Ref, float], given: Mapping[Ref, float]) -> Iterable[Written]:
    """What a later pass starts from: old parameters, and what the update rule remembers of them.

    Each was rounded, and made from rounded numbers, in every pass before.
    """
    found: dict[Leaf, float] = {}
    for own, slope in slopes.items():
        if own in given or own.quantity in _REPEATED:
            continue
        node = evaluation.graph.node(own)
        if not any(isinstance(argument, Leaf) and argument.kind in _LEARNED for argument in node.arguments):
            continue
        partials = node.operation.partials([_value(evaluation, given, argument) for argument in node.arguments])
        for argument, partial in zip(node.arguments, partials, strict=True):
            if isinstance(argument, Leaf) and argument.kind in _LEARNED:
                found[argument] = found.get(argument, 0.0) + slope * partial
    times = 2 * (evaluation.passed.number - 1)
    return [Written(times * abs(slope), NEVER) for slope in found.values()]


_LEARNED = ("weight", "bias", *REMEMBERED)
"""What comes from the passes before."""


def _value(evaluation: Evaluation, given: Mapping[Ref, float], argument: Argument) -> float:
    if isinstance(argument, Leaf):
        return evaluation.of(argument)
    return given[argument] if argument in given else value_of(evaluation.passed, argument)


def _given_places(network: Network, passed: Pass) -> int:
    """The most decimals of inputs, targets and the network's own numbers; what was drawn or learned does not count."""
    arrays = [passed.X] if passed.Y is None else [passed.X, passed.Y]
    return max(_places_in_network(network), *map(_most_places, arrays))


@lru_cache(maxsize=16)
def _places_in_network(network: Network) -> int:
    given = [own for layer in network.layers for own in (layer.weights, layer.biases) if own is not None]
    return max((_most_places(np.array(own)) for own in given), default=0)


def _most_places(array: Array) -> int:
    places = {places_of(float(value)) for value in array.flat[:_MAX_LOOKED_AT]}
    return max((one for one in places if one != NEVER), default=0)


_MAX_LOOKED_AT = 200
