"""Learners who do everything right with pencil and paper, and round each number on the way: how they are judged."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import get_args

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.judging.judgement import Judgement
from nn_tutor.network.evaluation import leaf_value
from nn_tutor.network.graph import Graph, Leaf
from nn_tutor.network.losses import DomainError
from nn_tutor.network.optimizer import Clipping, ClippingName, Optimizer, RuleName, Schedule
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, LossKind, Network
from nn_tutor.network.training import StoppedError
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.order import refs_of_pass
from tests.given_homework import LESSONS

SIZES = ((1, 1), (2, 1), (2, 2, 1), (2, 2, 2), (3, 2, 1), (3, 3, 2))
ACTIVATIONS: tuple[ActivationName, ...] = ("sigmoid", "tanh", "relu", "identity")


def homework_of(network: Network, data: Data) -> Lesson:
    """A sheet on a network that nobody chose for it, with every number of two passes asked."""
    walk = Walk(id="w", passes=2, asks=((Ask("value", None),),))
    return Lesson("w", "w", "", (), (), {"": NetworkWithData(network, data)}, (walk,), Prose(), purpose="homework")


def published() -> Iterator[tuple[str, Lesson]]:
    """The networks of real sheets."""
    for folder in LESSONS:
        yield folder.name, load(folder / "lesson.toml")


def textbook(seed: int, count: int) -> Iterator[tuple[str, Lesson]]:
    """Networks as textbooks have them: one or two decimals, nothing looked for but round numbers."""
    draw = random.Random(seed)
    for number in range(count):
        sizes, places = SIZES[number % len(SIZES)], draw.choice((1, 2))

        def drawn(low: float, high: float, places: int = places) -> float:
            return round(draw.uniform(low, high), places)

        layers = tuple(
            Layer(
                weights=tuple(tuple(drawn(-1, 1) for _ in range(inputs)) for _ in range(units)),
                biases=tuple(drawn(-1, 1) for _ in range(units)) if draw.random() < 0.7 else None,
                activation=draw.choice(ACTIVATIONS) if place == len(sizes) - 2 else draw.choice(ACTIVATIONS[:3]),
            )
            for place, (inputs, units) in enumerate(pairwise(sizes))
        )
        rows = draw.choice((1, 1, 2))
        data = Data(
            tuple(tuple(drawn(0, 1) for _ in range(sizes[0])) for _ in range(rows)),
            tuple(tuple(drawn(0, 1) for _ in range(sizes[-1])) for _ in range(rows)),
        )
        loss = Loss(factor=draw.choice((0.5, 1.0)), outputs=draw.choice(("sum", "mean")))
        rate = draw.choice((0.1, 0.3, 0.5, 0.9, 1.0))
        yield f"textbook {number}", homework_of(Network(layers, loss, learning_rate=rate), data)


def of_rules(seed: int, count: int) -> Iterator[tuple[str, Lesson]]:
    """The same networks with other update rules than plain descent, decay, a schedule or clipping among them."""
    draw = random.Random(seed + 3)
    rules: tuple[RuleName, ...] = get_args(RuleName)
    for number, (name, lesson) in enumerate(textbook(seed, count)):
        entry = lesson.networks[""]
        optimizer = Optimizer(
            rules[number % len(rules)],
            beta2=draw.choice((0.999, 0.9)),
            weight_decay=draw.choice((0.0, 0.1)),
            schedule=draw.choice((Schedule(), Schedule("step", every=1, factor=0.5))),
            clipping=draw.choice((Clipping(), Clipping("norm", 0.5), Clipping("value", 0.2))),
        )
        yield f"{name} {optimizer.rule}", homework_of(replace(entry.network, optimizer=optimizer), entry.data)


def near_corners(seed: int, count: int) -> Iterator[tuple[str, Lesson]]:
    """Small networks of which many numbers lie so near a corner that three decimals do not tell on which side."""
    draw = random.Random(seed)
    hidden: tuple[ActivationName, ...] = ("relu", "leaky_relu", "elu")
    kinds: tuple[LossKind, ...] = ("squared_error", "absolute_error", "huber", "hinge")
    for number in range(count):
        sizes, kind = draw.choice(((2, 1), (2, 2), (2, 2, 1), (3, 2, 1))), kinds[number % len(kinds)]

        def drawn() -> float:
            return draw.choice((-2, -1, 1, 2, 3, 5)) / 10

        layers = tuple(
            Layer(
                weights=tuple(tuple(drawn() for _ in range(inputs)) for _ in range(units)),
                biases=tuple(drawn() for _ in range(units)) if draw.random() < 0.5 else None,
                activation=draw.choice(hidden) if place < len(sizes) - 2 else draw.choice(("identity", *hidden[:2])),
            )
            for place, (inputs, units) in enumerate(pairwise(sizes))
        )
        inputs = (tuple(drawn() for _ in range(sizes[0])),)
        network, target = Network(layers, Loss(kind=kind), learning_rate=0.5), draw.choice((-1.0, 1.0))
        data = Data(inputs, ((target,) * sizes[-1],))
        passed = LessonRun(homework_of(network, data)).passed(0, 1)
        beyond = {"absolute_error": 0.0, "huber": 1.0}.get(kind)
        if beyond is not None:
            off = beyond + draw.choice((0.0003, -0.0004, 0.0))
            data = Data(inputs, tuple(tuple(round(float(o) + off, 3) for o in row) for row in passed.forward.o))
        slopes = [abs(float(slope)) for slopes in passed.backward.dW for slope in slopes.flat if abs(slope) > 0.002]
        way: ClippingName = draw.choice(("none", "value", "norm"))
        at = draw.choice(slopes or [1.0]) if way == "value" else sum(slope * slope for slope in slopes) ** 0.5
        clipping = Clipping(way, round(at, 3)) if slopes and way != "none" else Clipping()
        optimizer = Optimizer(draw.choice(("gradient-descent", "momentum", "adam")), clipping=clipping)
        yield f"near corners {number} {kind} {clipping.kind}", homework_of(replace(network, optimizer=optimizer), data)


def worked_by_hand(network: Network, passed: Pass, decimals: int) -> dict[Ref, float]:
    """Every number of a pass from the rounded ones before it, itself rounded; inputs and old weights as they are."""
    graph, found = Graph(network, passed.X.shape[0]), {}

    def number(ref: Ref) -> float:
        if ref not in found:
            node = graph.node(ref)
            values = [
                leaf_value(network, passed, argument) if isinstance(argument, Leaf) else number(argument)
                for argument in node.arguments
            ]
            try:
                value = node.operation.value(values)
            except DomainError:  # an output that was rounded to 1 has no logarithm: nobody goes on with it
                value = value_of(passed, ref)
            found[ref] = round(value, decimals) + 0.0
            if ref.phase == "update" and not found[ref]:
                found[ref] = float(f"{value:.2e}")  # what is divided by later: nobody goes on with 0 for it
        return found[ref]

    return {ref: number(ref) for ref in refs_of_pass(network, passed.X.shape[0])}


def judged_by_hand(
    lesson: Lesson, decimals: int, *, remembered: bool, most: int = 60, number: int = 1
) -> Iterator[tuple[Ref, str, Judgement]]:
    """How a pass of a careful learner is judged; `remembered` where the tutor knows the numbers before."""
    lesson_run, draw = LessonRun(lesson), random.Random(lesson.id)
    try:
        passed = lesson_run.passed(0, number)
    except StoppedError:
        return
    network = lesson_run.network(0)
    own = worked_by_hand(network, passed, decimals)
    refs = list(own)
    chosen = set(refs if len(refs) <= most else draw.sample(refs, most))
    earlier: dict[Ref, float] = {}
    for ref in refs:
        if ref in chosen:
            text = f"{own[ref]:.{decimals}f}"
            question = lesson_run.question(0, number, ref)
            yield ref, text, judge_question(lesson_run, 0, question, text, {}, {number: earlier} if remembered else {})
        earlier[ref] = own[ref]


def count_verdicts(lessons: Iterator[tuple[str, Lesson]], decimals: int, *, remembered: bool) -> Counter[str]:
    """Count the verdicts of careful learners."""
    return Counter(
        judgement.verdict
        for _, lesson in lessons
        for _, _, judgement in judged_by_hand(lesson, decimals, remembered=remembered)
    )
