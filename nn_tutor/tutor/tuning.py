"""Tuning: numbers of a network are moved by hand, before any calculus, and what comes of it is looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import parameter
from nn_tutor.calculus.numerals import apart, in_decimals, numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import rerun
from nn_tutor.network.records import Parameters, Pass, parameter_of
from nn_tutor.network.training import StoppedError, Timeline

if TYPE_CHECKING:
    from nn_tutor.course.activities.tune import Outcome, Tune
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Data, Network

_CRAWLS, _ARRIVES = 0.5, 0.01
"""What is left of the loss after a run that crawls, at least, and after one that arrives, at most."""

_SETTLED = 0.02
"""A move of less than this, as a part of the whole way, is not seen on the curve: the run stands still there."""


@dataclass(frozen=True, eq=False, slots=True)
class Tuned:
    """What a network does with numbers that were set by hand; `passed` is a pass with them.

    Of a learning rate `path` holds the weight and the loss at every pass of a run, `outcome` what the run does (None
    for none of the four), `diverged` whether it left the range of numbers.
    """

    values: tuple[float, ...]
    passed: Pass
    path: tuple[tuple[float, float], ...] = ()
    outcome: Outcome | None = None
    diverged: bool = False

    @property
    def loss(self) -> float:
        """The loss with these numbers."""
        return self.passed.loss.loss


def starts(network: Network, passed: Pass, activity: Tune) -> tuple[float, ...]:
    """Return where the numbers begin: as the lesson says, else as they are in the network."""
    if activity.start:
        return activity.start
    if not activity.of:
        return (network.learning_rate,)
    return tuple(parameter_of(passed.before, ref) for ref in activity.of)


def tune(network: Network, data: Data, passed: Pass, activity: Tune, values: tuple[float, ...]) -> Tuned | None:
    """Set the numbers and look what comes of it; None where the loss does not exist there."""
    if not activity.of:
        return _run(network, data, passed, activity, values)
    parameters = passed.before
    for ref, value in zip(activity.of, values, strict=True):
        parameters = _with(parameters, ref, value)
    with np.errstate(all="ignore"):
        try:
            tuned = rerun(passed, network, parameters)
        except DomainError:
            return None
    return Tuned(values, tuned) if math.isfinite(tuned.loss.loss) else None


def does_it(tuned: Tuned, activity: Tune) -> bool:
    """Whether numbers do what is wanted."""
    return tuned.loss < activity.to_loss if activity.of else tuned.outcome == activity.goal


def solve(tuned: Callable[[tuple[float, ...]], Tuned | None], activity: Tune, begun: tuple[float, ...]) -> Tuned | None:
    """Look for numbers that do what is wanted, as a patient learner would; None where none are found.

    Of a learning rate ever larger ones are tried; weights and biases are moved one at a time to where the loss is
    lower, by half as far wherever nothing is gained (the compass search of Fermi and Metropolis).
    """
    if not activity.of:
        rates = (MIN_PROBED * 1.04**place for place in range(400))
        fitting = [run for run in map(tuned, ((rate,) for rate in rates)) if run is not None and does_it(run, activity)]
        return _with_notches(fitting[len(fitting) // 2], tuned, activity) if fitting else None
    best, reach, left = tuned(begun), 1.0, MAX_PROBES
    while left > 0 and reach > MIN_REACH and not (best is not None and does_it(best, activity)):
        values = begun if best is None else best.values
        tries = [
            tuple(value + side * reach * (place == moved) for place, value in enumerate(values))
            for moved in range(len(values))
            for side in (1, -1)
        ]
        found = [one for one in map(tuned, tries) if one is not None]
        left -= len(tries)
        better = min(found, key=lambda one: one.loss, default=None)
        if better is not None and (best is None or better.loss < best.loss):
            best = better
        else:
            reach /= 2
    return best if best is not None and does_it(best, activity) else None


def _with_notches(found: Tuned, tuned: Callable[[tuple[float, ...]], Tuned | None], activity: Tune) -> Tuned:
    """Return what was found at the nearest notch of the arrow keys, where that does what is wanted as well."""
    nearest = tuned((round(round(found.values[0] / activity.step) * activity.step, 10),))
    return nearest if nearest is not None and does_it(nearest, activity) else found


MIN_PROBED, MAX_PROBES, MIN_REACH = 1e-4, 2_000, 1e-9


def judge_tuned(tuned: Tuned, activity: Tune) -> Judgement:
    """Judge the numbers that were set: whether the loss is low enough, or the run does what is wanted."""
    value = tuned.values[0]
    if not activity.of:
        if tuned.outcome is not None and does_it(tuned, activity):
            return Judgement("correct", f"with η = {numeral(value)} {WANTED[tuned.outcome]}", value)
        did = "it does none of the four quite" if tuned.outcome is None else DOES[tuned.outcome]
        return Judgement("wrong", f"with η = {numeral(value)} {did}. {_ADVICE[activity.goal or 'arrive']}", value)
    loss = loss_written(tuned.loss, activity)
    if does_it(tuned, activity):
        return Judgement("correct", f"the loss is {loss}, below {numeral(activity.to_loss)}", value)
    said = f"the loss is still {loss}; bring it below {numeral(activity.to_loss)}"
    return Judgement("wrong", said, value)


def loss_written(loss: float, activity: Tune) -> str:
    """Return the loss that is to be brought below another, as it stands in every place: apart from it, in decimals.

    Powers of ten are for later: the first lesson by hand asks for a loss that is nearly 0.
    """
    return in_decimals(apart(loss, activity.to_loss))


def read_values(text: str, count: int, names: Sequence[str] = ()) -> tuple[float, ...]:
    """Read one number, also as `w = 3`, or two with a blank or a comma between them; raises `ReadingError`."""
    if count == 1:
        return (read(text, asked=names).value,)
    parts = text.replace(",", " ").split()
    if len(parts) != count:
        raise ReadingError(f"type {count} numbers with a blank between them, or use the arrow keys")
    return tuple(read(part).value for part in parts)


def names_tuned(network: Network, activity: Tune) -> tuple[str, ...]:
    """Return how the numbers that are moved are written: `w`, `b`, `η`."""
    if not activity.of:
        return ("η",)
    return tuple(parameter(network, ref) for ref in activity.of)


DOES: dict[Outcome, str] = {
    "crawl": "it crawls, and most of the loss is left",
    "arrive": "it arrives, and almost no loss is left",
    "overshoot": "it overshoots, jumping over the lowest point, yet comes down",
    "diverge": "it diverges, and the loss grows",
}
"""What a run does, in words that may stand behind a colon."""

WANTED: dict[Outcome, str] = {
    "crawl": "it crawls: each step is downhill, and each is tiny",
    "arrive": "it arrives, without ever jumping over the lowest point",
    "overshoot": "it jumps from one side to the other, and still comes down",
    "diverge": "each jump lands higher up than the one before: there is no learning",
}
"""What a run does, once it does what was wanted."""

_ADVICE: dict[Outcome, str] = {
    "crawl": "To make it crawl, take a much smaller one",
    "arrive": "Steps that are too small do not get there, steps that are too large jump over it",
    "overshoot": "Jump over the lowest point, but land lower than you were",
    "diverge": "To get away from it, take longer steps",
}


def outcome_of(weights: list[float], losses: list[float]) -> Outcome | None:
    """Say what a run does: `weights` and `losses` at each of its passes, in order; None for nothing of the four."""
    first, last = losses[0], losses[-1]
    if not last < first:
        return "diverge" if last > first else None
    least = _SETTLED * max(abs(weight - weights[0]) for weight in weights)
    moves = [later - earlier for earlier, later in pairwise(weights) if abs(later - earlier) > least]
    if any(one * other < 0 for one, other in pairwise(moves)):
        return "overshoot"
    if last <= _ARRIVES * first:
        return "arrive"
    falls = all(later < earlier for earlier, later in pairwise(losses))
    return "crawl" if falls and last > _CRAWLS * first else None


def _run(network: Network, data: Data, passed: Pass, activity: Tune, values: tuple[float, ...]) -> Tuned | None:
    """Run passes with another learning rate, from where the pass at hand begins."""
    rate = values[0]
    start = tuple(tuple(map(float, row)) for row in passed.before.W[0])
    layer = replace(network.layers[0], weights=start, size=None)
    path = _path(replace(network, learning_rate=rate, layers=(layer,)), data, activity.passes + 1)
    if path is None:
        return None
    weights, losses = [point[0] for point in path.points], [point[1] for point in path.points]
    outcome: Outcome | None = "diverge" if path.diverged else outcome_of(weights, losses)
    return Tuned((rate,), path.first, path.points, outcome, path.diverged)


@dataclass(frozen=True, eq=False, slots=True)
class _Path:
    """A run of one weight: its first pass, the weight and the loss at each, and whether it left the numbers."""

    first: Pass
    points: tuple[tuple[float, float], ...]
    diverged: bool


@lru_cache(maxsize=1024)
def _path(network: Network, data: Data, passes: int) -> _Path | None:
    """Run so many passes, None where there is not even one; whoever looks for a rate tries the same ones each time."""
    timeline = Timeline(network, data)
    points: list[tuple[float, float]] = []
    try:
        for number in range(1, passes + 1):
            at = timeline.at(number)
            points.append((float(at.before.W[0][0, 0]), at.loss.loss))
    except StoppedError:
        return _Path(timeline.at(1), tuple(points), diverged=True) if points else None
    return _Path(timeline.at(1), tuple(points), diverged=False)


def _with(parameters: Parameters, ref: Ref, value: float) -> Parameters:
    """Return the parameters with one number set."""
    layer = (ref.layer or 1) - 1
    W, b = list(parameters.W), list(parameters.b)
    biases = b[layer]
    if ref.quantity == "b" and biases is not None:
        changed = biases.copy()
        b[layer] = changed
    else:
        changed = W[layer].copy()
        W[layer] = changed
    changed[ref.index or 0] = value
    return parameters.with_values(tuple(W), tuple(b))
