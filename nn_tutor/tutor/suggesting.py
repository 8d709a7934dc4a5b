"""Numbers near an author's own with which every question on a network is fair, found by trying.

A search that changes a few numbers at a time, keeps what makes the questions no less fair, and at the end takes back
every change that was not needed. The same seed finds the same numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.fairness import APART, nearly_right
from nn_tutor.network.training import StoppedError
from nn_tutor.tutor.fresh import RATES
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.scrutiny import MIN_SIGN, known_to, unfair_of

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.network.spec import Matrix
    from nn_tutor.walkthrough.questions import Question

MAX_TRIES = 1500
"""How many sets of numbers are tried; what is not found by then is not there."""

FREE_TARGETS = ("squared_error", "absolute_error", "huber")
"""The losses whose targets may be any numbers; those of the others are classes or probabilities."""

Slot = tuple[str | int, ...]
"""Where a number stands: `("weights", layer, out, in)`, `("inputs", row, feature)`, `("learning_rate",)`."""


@dataclass(frozen=True, eq=False, slots=True)
class Suggestion:
    """A network with other numbers; `changed` of its numbers are not the author's own.

    Without fair numbers `entry` is None; `hardest` then tells of the question that stood in the way, and how it fared.
    """

    network: str
    questions: int
    entry: NetworkWithData | None
    changed: int = 0
    tries: int = 0
    hardest: str = ""


def suggest(lesson: Lesson, name: str, seed: int, most: int = MAX_TRIES) -> Suggestion:
    """Return numbers for a network of a lesson with which all that its activities ask is fair."""
    search = _Search(lesson, name)
    own = search.entry
    draw = np.random.default_rng(seed)
    best, score = own, search.score(own)
    while score > 0 and search.tries < most:
        tried = _varied(best, own, draw)
        its = search.score(tried, worth=score + draw.exponential(_LENIENCE))
        if its < np.inf:
            best, score = tried, its
    if score > 0:
        return Suggestion(name, search.questions, None, tries=search.tries, hardest=search.hardest())
    best = search.nearer(best, own)
    return Suggestion(name, search.questions, best, len(_differing(best, own)), search.tries)


_LENIENCE = 0.2
"""How much worse numbers may be, on average, and still be gone on from: whoever only climbs is soon stuck."""


def is_asked(lesson: Lesson, name: str) -> bool:
    """Whether an activity of a lesson asks for numbers of a network."""
    return bool(_asking(lesson, name))


@dataclass(eq=False, slots=True)
class _Search:
    """Scores the numbers of one network of a lesson: 0 where every question is fair."""

    lesson: Lesson
    name: str
    tries: int = 0
    questions: int = 0
    looked: Counter[str] = field(default_factory=Counter)
    unfair: Counter[str] = field(default_factory=Counter)
    why: dict[str, str] = field(default_factory=dict)

    @property
    def entry(self) -> NetworkWithData:
        """The network as its author has it."""
        return self.lesson.networks[self.name]

    def score(self, entry: NetworkWithData, worth: float = np.inf) -> float:
        """Return how unfair the questions are with these numbers, or ∞ where that is more than what it is `worth`.

        Those that were unfair most often are looked at first, and each as a whole only where all look fair at a glance.
        """
        self.tries += 1
        lesson_run = LessonRun(replace(self.lesson, networks={**self.lesson.networks, self.name: entry}))
        total = 0.0
        try:
            asked = [
                (index, question)
                for index in _asking(self.lesson, self.name)
                for question in _questions(lesson_run, index)
            ]
            asked.sort(key=lambda one: -self.unfair[one[1].id])
            for look in (_at_a_glance, _as_a_whole):
                for index, question in asked:
                    badness, why = look(lesson_run, index, question)
                    total += badness
                    self.looked[question.id] += look is _at_a_glance
                    if badness:
                        self.unfair[question.id] += 1
                        self.why[question.id] = why
                    if total > worth:
                        return np.inf
                if total:
                    break
        except StoppedError:
            return np.inf
        self.questions = len(asked)
        return total

    def hardest(self) -> str:
        """Tell of the question that was fair least often."""
        question = max(self.unfair, key=lambda name: (self.unfair[name] / self.looked[name], self.unfair[name]))
        fair, looked = self.looked[question] - self.unfair[question], self.looked[question]
        times = "never" if fair <= 0 else f"{fair} times"
        return f"{question} was fair {times} in {looked} tries: {self.why[question]}"

    def nearer(self, found: NetworkWithData, own: NetworkWithData) -> NetworkWithData:
        """Return fair numbers with every change taken back, or half of it, that is not needed."""
        for part in (0.0, 0.5):
            for slot in _differing(found, own):
                wanted, value = _value(own, slot), _value(found, slot)
                if part and slot[0] in ("learning_rate", "seed"):
                    continue
                back = _with(found, {slot: round(wanted + part * (value - wanted), 4)})
                if self.score(back, worth=0) == 0:
                    found = back
        return found


def _at_a_glance(lesson_run: LessonRun, index: int, question: Question) -> tuple[float, str]:
    """Say how unfair the plain distances make a question, and why: an answer of 0 is worst."""
    if (abs(question.truth) < MIN_SIGN and question.kind == "sign") or question.truth == 0:
        is_meant = lesson_run.activity(index).allow_zero and question.kind != "sign"
        return (0.0, "") if is_meant else (_ZERO + _deadness(lesson_run, index, question), "the answer is 0")
    if question.kind in ("sign", "formula"):
        return 0.0, ""
    near = nearly_right(question.truth, question.scale, known_to(lesson_run, index, question))
    distances = [abs(one.value - question.truth) / question.scale for one in near]
    badness = min(_MAX_BAD, sum(1.5 - distance / APART for distance in distances))
    return badness, f"{near[0].mistake.id} comes too near" if near else ""


def _deadness(lesson_run: LessonRun, index: int, question: Question) -> float:
    """How far the units that ReLU holds at 0 are from coming alive, at most 2: so a search knows where to go."""
    z, layers = lesson_run.passed(index, question.pass_number).forward.z, lesson_run.network(index).layers
    held = [own for own, layer in zip(z, layers, strict=True) if layer.activation == "relu"]
    return min(2.0, sum(float(np.maximum(-own, 0).sum()) for own in held))


def _as_a_whole(lesson_run: LessonRun, index: int, question: Question) -> tuple[float, str]:
    """Say how many rules of fairness a question breaks, and the first of them."""
    found = list(unfair_of(lesson_run, index, question))
    return (float(len(found)), f"{found[0].found} [{found[0].rule}]") if found else (0.0, "")


_ZERO, _MAX_BAD = 4.0, 3.0
"""What an answer of 0 counts, and all the mistakes that are too near in one question at most."""


def _asking(lesson: Lesson, name: str) -> list[int]:
    return [
        index
        for index, activity in enumerate(lesson.activities)
        if isinstance(activity, Walk | PlaceWeight) and activity.network == name
    ]


def _questions(lesson_run: LessonRun, index: int) -> Iterator[Question]:
    activity = lesson_run.activity(index)
    for number in activity.span:
        yield from lesson_run.questions(index, number)


def _varied(entry: NetworkWithData, own: NetworkWithData, draw: np.random.Generator) -> NetworkWithData:
    """Return the numbers with a few of them other than they were: mostly near the author's own, now and then far."""
    reach = 10 ** draw.uniform(-1, 0)
    slots = list(_slots(own))
    count = int(draw.choice([1, 2, 3, 6], p=[0.5, 0.25, 0.15, 0.1]))
    chosen = draw.choice(len(slots), min(count, len(slots)), replace=False)
    return _with(entry, {slots[place]: _drawn(own, slots[place], draw, reach) for place in chosen})


def _drawn(own: NetworkWithData, slot: Slot, draw: np.random.Generator, reach: float) -> float:
    value = _value(own, slot)
    if slot[0] == "learning_rate":
        near = sorted(RATES, key=lambda rate: abs(np.log(rate / value)) if value else rate)
        return float(draw.choice(near[: max(3, round(reach * len(near)))]))
    if slot[0] == "seed":
        return float(draw.integers(1, 10_000))
    away = reach * max(1.0, 1.5 * abs(value)) * draw.uniform(-1, 1)
    return round(value + away, max(2, min(4, _decimals(value)))) + 0.0


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _slots(entry: NetworkWithData) -> Iterator[Slot]:
    """Every number that may be another one."""
    network, data = entry.network, entry.data
    yield ("learning_rate",)
    if any(layer.weights is None for layer in network.layers):
        yield ("seed",)
    for place, layer in enumerate(network.layers):
        if layer.weights is not None:
            yield from (("weights", place, *where) for where in np.ndindex(layer.units, layer.inputs))
        if layer.biases is not None:
            yield from (("biases", place, unit) for unit in range(layer.units))
    yield from (("inputs", *where) for where in np.ndindex(len(data.inputs), network.inputs))
    if data.targets is not None and network.loss.kind in FREE_TARGETS:
        yield from (("targets", *where) for where in np.ndindex(len(data.targets), network.outputs))


def _value(entry: NetworkWithData, slot: Slot) -> float:
    network, data = entry.network, entry.data
    match slot:
        case ("learning_rate",):
            return network.learning_rate
        case ("seed",):
            return float(network.seed)
        case ("weights", int(layer), int(out), int(into)):
            return (network.layers[layer].weights or ())[out][into]
        case ("biases", int(layer), int(unit)):
            return (network.layers[layer].biases or ())[unit]
        case ("inputs", int(row), int(feature)):
            return data.inputs[row][feature]
        case ("targets", int(row), int(unit)):
            return (data.targets or ())[row][unit]
    raise ValueError(f"no number stands at {slot}")


def _with(entry: NetworkWithData, values: dict[Slot, float]) -> NetworkWithData:
    """Return the network and its data with other numbers in some places."""
    network, data = entry.network, entry.data
    layers = list(network.layers)
    for slot, value in values.items():
        match slot:
            case ("learning_rate",):
                network = replace(network, learning_rate=value)
            case ("seed",):
                network = replace(network, seed=int(value))
            case ("weights", int(layer), int(out), int(into)):
                layers[layer] = replace(layers[layer], weights=_put(layers[layer].weights, out, into, value))
            case ("biases", int(layer), int(unit)):
                biases = list(layers[layer].biases or ())
                biases[unit] = value
                layers[layer] = replace(layers[layer], biases=tuple(biases))
            case ("inputs", int(row), int(feature)):
                data = replace(data, inputs=_put(data.inputs, row, feature, value))
            case ("targets", int(row), int(unit)):
                data = replace(data, targets=_put(data.targets, row, unit, value))
    return NetworkWithData(replace(network, layers=tuple(layers)), data)


def _put(rows: Matrix | None, row: int, column: int, value: float) -> Matrix:
    changed = [list(one) for one in rows or ()]
    changed[row][column] = value
    return tuple(map(tuple, changed))


def _differing(entry: NetworkWithData, own: NetworkWithData) -> list[Slot]:
    return [slot for slot in _slots(own) if _value(entry, slot) != _value(own, slot)]
