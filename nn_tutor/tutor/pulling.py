"""Rows that pull a weight: what each adds to its slope, which one adds most, and what is said of another choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import activation, parameter, symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.judgement import Judgement
from nn_tutor.network.pulls import delta_of, entering, pulls
from nn_tutor.network.quantities import Ref

if TYPE_CHECKING:
    from nn_tutor.course.activities.pull import Pull
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

MIN_APART = 0.1
"""The hardest pull is larger than the next one by so much, as a part of itself: else nobody could tell them apart."""

MAX_RANKED = 5
"""How many of all rows are ranked once the answer is known."""


@dataclass(frozen=True, slots=True)
class Puller:
    """A row that pulls: its name, what enters the weight, its δ, and their product, its part of ∂L/∂w.

    `error` is o − y of a network with one output, None of any other; `loss` the row's own loss.
    """

    name: str
    entering: float
    error: float | None
    loss: float
    delta: float
    pull: float


@dataclass(frozen=True, slots=True)
class Pulls:
    """The rows to compare, the place of the one that pulls hardest, and all rows of the batch together.

    `ranked` are the rows of the whole batch that pull hardest; `total` is the sum of the pulls of all `count` rows.
    """

    rows: tuple[Puller, ...]
    hardest: int
    ranked: tuple[Puller, ...]
    total: float
    count: int

    @property
    def is_clear(self) -> bool:
        """Whether one row pulls clearly harder than each of the others."""
        sizes = sorted((abs(row.pull) for row in self.rows), reverse=True)
        return sizes[0] > 0 and sizes[0] - sizes[1] >= MIN_APART * sizes[0]


def compare(activity: Pull, passed: Pass) -> Pulls:
    """Work out how hard the rows of a pass pull."""
    every = pulls(passed, activity.weight)
    rows = tuple(_puller(activity, passed, row) for row in activity.rows)
    hardest = max(range(len(rows)), key=lambda place: abs(rows[place].pull))
    most = min(MAX_RANKED, len(every))
    top = sorted(np.argpartition(-np.abs(every), most - 1)[:most].tolist(), key=lambda row: -abs(float(every[row])))
    ranked = tuple(_puller(activity, passed, row) for row in top)
    return Pulls(rows, hardest, ranked, float(every.sum()), len(every))


def _puller(activity: Pull, passed: Pass, row: int) -> Puller:
    delta, enters = float(delta_of(passed, activity.weight)[row]), float(entering(passed, activity.weight)[row])
    error = None
    if passed.Y is not None and passed.Y.shape[1] == 1:
        error = float(passed.forward.o[row, 0] - passed.Y[row, 0])
    return Puller(activity.name_of(row), enters, error, float(passed.loss.rows[row]), delta, delta * enters)


def asked_of(network: Network, activity: Pull) -> str:
    """Say what is asked."""
    return f"Which {activity.noun} pulls {parameter(network, activity.weight)} hardest?"


def entering_name(network: Network, activity: Pull) -> str:
    """Return the name of what enters the weight."""
    ref = activity.weight
    return activation(network, 1, (ref.layer or 1) - 1, 0, (ref.index or (0, 0))[1])


def delta_name(network: Network, activity: Pull) -> str:
    """Return the name of the slope of the loss with respect to the unit's sum, where a weight leads to."""
    ref = activity.weight
    layer, unit = ref.layer or 1, (ref.index or (0, 0))[0]
    if layer == len(network.layers) and network.layers[-1].activation == "identity":
        return symbol(network, 1, Ref("dL_do", None, (0, unit)))
    return symbol(network, 1, Ref("delta", layer, (0, unit)))


def rule_of(network: Network, activity: Pull) -> str:
    """Say how a pull is made."""
    name, noun, enters = parameter(network, activity.weight), activity.noun, entering_name(network, activity)
    return (
        f"a {noun}'s part of ∂L/∂{name} is its {delta_name(network, activity)} times what enters {name}, its {enters}"
    )


def judge_pull(network: Network, activity: Pull, found: Pulls, text: str) -> Judgement:
    """Judge the number or the name of a row; anything else is `invalid`."""
    place = _place(found, text)
    if place is None:
        count = len(found.rows)
        return Judgement("invalid", f"type the number of one of the {activity.noun}s, 1 to {count}", None)
    chosen, enters, delta = found.rows[place], entering_name(network, activity), delta_name(network, activity)
    if place == found.hardest:
        pulled = "up" if chosen.pull < 0 else "down"
        said = f"its {delta}·{enters} is the largest, whatever the signs; a step against it moves the weight {pulled}"
        return Judgement("correct", said, float(place + 1))
    why = f"its {delta} is {numeral(chosen.delta)}, its {enters} {numeral(chosen.entering)}; another product is larger"
    return Judgement("wrong", f"{_temptation(found, place, enters)}{why}", float(place + 1))


def hints_of(network: Network, activity: Pull) -> tuple[str, ...]:
    """Return the hints before the answer: the rule, then that the slopes are in sight."""
    return (
        f"{rule_of(network, activity)}; its sign only says which way it pulls",
        f"now {delta_name(network, activity)} is shown: multiply it by {entering_name(network, activity)}, "
        "and compare without the signs",
    )


def _temptation(found: Pulls, place: int, enters: str) -> str:
    """Say what speaks for a row that is not the right one."""
    rows = found.rows
    if place == max(range(len(rows)), key=lambda one: rows[one].loss):
        return "its error is the largest, but that is half of it: "
    if place == max(range(len(rows)), key=lambda one: abs(rows[one].entering)):
        return f"its {enters} is the largest, but that is half of it: "
    return ""


def _place(found: Pulls, text: str) -> int | None:
    """The place of a row that is named by its number in the list, its letter or its name."""
    said = " ".join(text.lower().split()).rstrip(".)")
    for place, row in enumerate(found.rows):
        if said in (str(place + 1), "abcdef"[place], row.name.lower()):
            return place
    return None
