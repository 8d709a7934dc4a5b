"""Fresh numbers for a question: the same network and the same kind of question, with numbers that are fair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.judging.fairness import hidden_mistakes, to_tell_apart, unfairness
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.activations import activation_of
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import Data, Layer, LossKind, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.questions import scale_of_question

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.network.quantities import Quantity, Ref

FRESH = "fresh"
"""The id of the small lesson in which a question is asked once more."""

MAX_DRAWS = 200
"""How many draws are tried; what is not found by then is not there."""

MIN_FROM_ZERO = 0.05
"""How far each mistake has to be from an answer of 0."""

MAX_PASS = 5
"""A question is asked again in this pass at the latest."""

MAX_DISTINCT = 10
"""In a network with more numbers than that some may be alike."""

SHARE_OF_ONES = 2 / 3
"""How often the class that a slope behind a cross-entropy is asked for has the target 1.

The slopes are made of o − y: a y of 0 hides that it was left out, so it comes less often. With a y of 1 alone nobody
would see who takes o − 1 for the rule.
"""

RATES = (0.03, 0.04, 0.06, 0.15, 0.25, 0.3, 0.4, 0.6, 0.7, 0.8)
"""Learning rates that hide no mistake: not 0.1 (ten times off), 1/3, 0.5, 1 or 2."""


def fresh_numbers(entry: NetworkWithData, kind: str, ref: Ref, seed: int, number: int = 1) -> NetworkWithData | None:
    """Return the network with fresh numbers of two decimals for a question on a pass, None where none are fair.

    `number` is that of the pass, which `asked_pass` gives. The same seed gives the same numbers. Probabilities among
    the targets are drawn as probabilities.
    """
    return fresh_numbers_of(entry, ((kind, ref),), seed, number)


def fresh_numbers_of(
    entry: NetworkWithData, asked: Sequence[tuple[str, Ref]], seed: int, number: int = 1
) -> NetworkWithData | None:
    """Return the network with fresh numbers with which several questions on a pass are fair, None where none are."""
    draw = np.random.default_rng(seed)
    for _ in range(MAX_DRAWS):
        drawn = _draw(entry, draw, [ref for _, ref in asked])
        if _are_distinct(drawn) and all(is_fair(drawn, kind, ref, number) for kind, ref in asked):
            return drawn
    return None


def askable_numbers(entry: NetworkWithData, ref: Ref, seed: int, number: int = 1) -> NetworkWithData:
    """Return the network with fresh numbers that need not be fair: the answer exists, and is not 0 or far away.

    Where not even that is found it has the last numbers that were drawn.
    """
    draw = np.random.default_rng(seed)
    for _ in range(MAX_DRAWS):
        drawn = _draw(entry, draw, [ref])
        passed = _pass_at(drawn, number)
        if passed is not None and _can_be_asked(value_of(passed, ref), scale_of_question(passed, ref)):
            break
    return drawn


def asked_pass(network: Network, number: int) -> int:
    """The pass in which a question of pass `number` is asked again: the first, as far as that says as much.

    Where the update rule remembers something, or the learning rate has changed, it is the same pass, or the last one
    that is worked out in a moment.
    """
    return min(number, MAX_PASS) if network.optimizer.states or network.optimizer.is_scheduled else 1


def is_fair(entry: NetworkWithData, kind: str, ref: Ref, number: int = 1) -> bool:
    """Whether a question on a pass of a network is fair."""
    passed, previous = _pass_at(entry, number), _pass_at(entry, number - 1)
    if passed is None:
        return False
    truth, scale = value_of(passed, ref), scale_of_question(passed, ref)
    if kind == "sign":
        return abs(truth) > 1e-3
    is_off = not truth and is_cut_off(entry.network, ref)
    if not is_off and (not _can_be_asked(truth, scale) or (ref.quantity == "a" and is_cut_off(entry.network, ref))):
        return False
    case = Case(entry.network, passed, ref, previous)
    known = to_tell_apart(entry.network, ref, known_mistakes(case, scale))
    if is_off:
        return all(abs(one.value) >= MIN_FROM_ZERO for one in known)
    return next(unfairness(truth, scale, known), None) is None and not hidden_mistakes(case, scale, known)


def is_cut_off(network: Network, ref: Ref) -> bool:
    """Whether a number is what a ReLU puts out, or its slope: a 0 there is the point.

    Where the ReLU lets its sum through, nobody can tell who left it out.
    """
    return ref.quantity in ("a", "da_dz") and network.layers[(ref.layer or 1) - 1].activation == "relu"


def _are_distinct(entry: NetworkWithData) -> bool:
    """Whether nobody who mixes up two numbers of a small network is right by chance: no two have the same size.

    Targets that name a class, and the numbers of a network that has more than a few, may be alike.
    """
    layers = entry.network.layers
    weights = chain.from_iterable(row for layer in layers for row in layer.weights or ())
    biases = chain.from_iterable(layer.biases or () for layer in layers)
    targets = (target for target in chain.from_iterable(entry.data.targets or ()) if target not in _CLASSES)
    inputs = chain.from_iterable(entry.data.inputs)
    sizes = [abs(number) for number in (entry.network.learning_rate, *inputs, *weights, *biases, *targets)]
    return len(sizes) > MAX_DISTINCT or len(set(sizes)) == len(sizes)


_CLASSES = (-1.0, 0.0, 1.0)
"""The targets that name a class."""

_CROSS_ENTROPIES: frozenset[LossKind] = frozenset(("binary_cross_entropy", "categorical_cross_entropy"))
_WITHOUT_TARGET: frozenset[Quantity] = frozenset(("da_dz", "dz_dw", "dz_da"))
"""The losses whose targets are classes, and the slopes of one link, which are the same whatever the target."""


def _can_be_asked(truth: float, scale: float) -> bool:
    """Whether an answer is neither 0 nor so large that nobody would work it out."""
    return abs(truth) >= 1e-3 and scale >= 1e-3 and abs(truth) <= 1e3


def fresh_lesson(lesson: Lesson, activity: str, entry: NetworkWithData, kind: str, ref: Ref, number: int = 1) -> Lesson:
    """Return a lesson of one pass that asks for one number of it, judged and written as in the lesson it is from.

    Its title says that these are not the numbers of that lesson.
    """
    asks = (Ask("value" if kind not in ("sign", "size") else kind, ref),)  # type: ignore[arg-type]
    walk = Walk(id=activity, first_pass=number, asks=(asks,), only_questions=True, exercise=True, until=ref.phase)
    title = lesson.title.removeprefix(_TITLE)
    return lesson.part(FRESH, f"{_TITLE}{title}", {"": entry}, (walk,))


_TITLE = "fresh numbers · "


def _pass_at(entry: NetworkWithData, number: int) -> Pass | None:
    """A pass of a run; None where there is none: the run stops before, or it would be the one before the first."""
    try:
        return Timeline(entry.network, entry.data).at(number) if number else None
    except StoppedError:
        return None


def _draw(entry: NetworkWithData, draw: np.random.Generator, asked: Sequence[Ref]) -> NetworkWithData:
    network = entry.network
    layers = tuple(_drawn_layer(layer, draw) for layer in network.layers)
    rate = float(draw.choice(RATES)) if network.learning_rate else 0.0
    inputs = _numbers(draw, len(entry.data.inputs), network.inputs)
    targets = _drawn_targets(network, entry.data, draw)
    places = [place for ref in asked if (place := _place_of_target(network, ref)) is not None]
    if targets is not None and places:
        targets = _with_class(targets, places[int(draw.integers(len(places)))], network.loss.kind, draw)
    return NetworkWithData(replace(network, layers=layers, learning_rate=rate), Data(inputs, targets))


def _place_of_target(network: Network, ref: Ref) -> tuple[int, int] | None:
    """The row and the output of the target that an answer is made of behind a cross-entropy; None for none.

    Behind a layer more than softmax all of its classes are.
    """
    kind, index = network.loss.kind, ref.index or ()
    if kind not in _CROSS_ENTROPIES or ref.phase not in ("backward", "update") or ref.quantity in _WITHOUT_TARGET:
        return None
    if ref.layer not in (None, len(network.layers)) or ref.quantity == "dX":
        return None if kind == "categorical_cross_entropy" else (0, 0)
    return (0, index[0] if index else 0) if ref.row is None else (ref.row, index[1])


def _with_class(
    targets: tuple[tuple[float, ...], ...], place: tuple[int, int], kind: LossKind, draw: np.random.Generator
) -> tuple[tuple[float, ...], ...]:
    """The targets with a drawn class at one place; where they are the classes of one choice, one of its row is 1."""
    row, unit = place
    is_one = draw.random() < SHARE_OF_ONES
    if kind == "categorical_cross_entropy":
        others = [other for other in range(len(targets[row])) if other != unit] or [unit]
        right = unit if is_one else others[int(draw.integers(len(others)))]
        drawn = tuple(float(other == right) for other in range(len(targets[row])))
    else:
        drawn = (*targets[row][:unit], float(is_one), *targets[row][unit + 1 :])
    return (*targets[:row], drawn, *targets[row + 1 :])


def _drawn_layer(layer: Layer, draw: np.random.Generator) -> Layer:
    return replace(
        layer,
        weights=_numbers(draw, layer.units, layer.inputs),
        size=None,
        biases=None if layer.biases is None else _numbers(draw, 1, layer.units)[0],
    )


def _drawn_targets(network: Network, data: Data, draw: np.random.Generator) -> tuple[tuple[float, ...], ...] | None:
    if data.targets is None:
        return None
    rows, width = len(data.targets), network.outputs
    if network.loss.kind == "categorical_cross_entropy":
        right = draw.integers(0, width, rows)
        return tuple(tuple(float(unit == chosen) for unit in range(width)) for chosen in right)
    if network.loss.kind == "hinge":
        return tuple(tuple(float(value) for value in row) for row in draw.choice([-1, 1], (rows, width)))
    if network.loss.kind == "binary_cross_entropy":
        return tuple(tuple(float(value) for value in row) for row in draw.integers(0, 2, (rows, width)))
    if activation_of(network.layers[-1]).reach == (0.0, 1.0):
        return tuple(
            tuple(float(value) for value in row) for row in np.round(draw.uniform(0.05, 0.95, (rows, width)), 2)
        )
    return _numbers(draw, rows, width)


def _numbers(draw: np.random.Generator, rows: int, columns: int) -> tuple[tuple[float, ...], ...]:
    """Numbers of two decimals from ±0.15 to ±1.95, as a matrix."""
    signs, sizes = draw.choice([-1, 1], (rows, columns)), draw.integers(15, 196, (rows, columns))
    return tuple(tuple(float(value) for value in row) for row in signs * sizes / 100)
