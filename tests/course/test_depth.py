"""How much the course asks, and how much of it is asked without its factors beside it: counted from the lessons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import shipped_paths
from nn_tutor.network.graph import Graph, Leaf
from nn_tutor.network.operations import (
    Activate,
    ActivationSlope,
    Descent,
    FusedSlope,
    LossSlope,
    LossSum,
    Multiple,
    Operation,
    Products,
    Softmax,
    SoftmaxSlope,
)
from nn_tutor.network.quantities import Ref
from nn_tutor.tutor.session import Session, begin
from tests.shipped_runs import shipped_run
from tests.stations import asked_at

MORE_THAN = 2
"""A question that takes no more operations than this is a single look and a product."""


@cache
def opened() -> tuple[Session, ...]:
    return tuple(begin(shipped_run(path)) for path in shipped_paths())


def test_the_course_asks_enough() -> None:
    assert sum(1 for session in opened() for _ in questions_of(session)) >= 330


def test_enough_of_it_takes_more_than_two_operations_on_numbers_that_are_not_its_factors() -> None:
    assert sum(1 for session in opened() for _ in without_factors(session)) >= 40


def questions_of(session: Session) -> Iterator[str]:
    """Everything that a lesson asks: numbers of passes, and one for each other station that waits for an answer."""
    run = session.lesson_run
    for place, activity in enumerate(run.lesson.activities):
        numbers = [
            question.id
            for number in (activity.span if activity.step_groups_in_passes else ())
            for question in run.questions(place, number)
        ]
        yield from numbers
        station = session.entered(place).station
        if not numbers and station.is_open and activity.kind not in ("train", "nudge"):
            yield activity.id


def without_factors(session: Session) -> Iterator[str]:
    """The questions of a lesson's walks that take more than two operations, with a factor out of sight."""
    for place, activity in enumerate(session.lesson_run.lesson.activities):
        here = session.entered(place) if isinstance(activity, Walk) else session
        while isinstance(activity, Walk) and here.place.activity == place and not here.is_over:
            question = here.question
            if question is None:
                here = here.forward()
                continue
            network, rows = here.lesson_run.network(place), here.lesson_run.rows(place, question.pass_number)
            graph, known = Graph(network, rows), set(asked_at(here).known)
            factors = [one for one in graph.as_printed(question.ref).arguments if isinstance(one, Ref)]
            if any(factor not in known for factor in factors) and operations(graph, question.ref, known) > MORE_THAN:
                yield question.id
            found = here.answers.with_shown(question.id)
            here = replace(here, station=here.station.with_answers(found))


def operations(graph: Graph, ref: Ref, known: set[Ref]) -> int:
    """How many operations lead from what is in sight to a number; each number on the way is worked out once."""
    node = graph.as_printed(ref)
    count = own_operations(node.operation, len(node.arguments))
    for argument in dict.fromkeys(node.arguments):
        if not isinstance(argument, Leaf) and argument not in known:
            count += operations(graph, argument, known)
            known.add(argument)
    return count


def own_operations(operation: Operation, arguments: int) -> int:
    """The operations of a rule itself, counted low: a function of one number is one."""
    match operation:
        case Products(sizes):
            return sum(sizes) - 1
        case Descent(step):
            return 1 + own_operations(step, arguments - 1)
        case LossSum(scale=scale):
            terms = arguments // 2
            return 2 * terms + (terms - 1) + (scale != 1)
        case LossSlope(loss=loss, scale=scale):  # of a square e² it is 2·e
            return 1 + ((2 * scale if loss.kind == "squared_error" else scale) != 1)
        case FusedSlope(scale=scale):
            return 1 + (scale != 1)
        case Softmax():
            return 2 * arguments
        case ActivationSlope():
            return 2 if arguments else 0
        case Activate() | Multiple() | SoftmaxSlope():
            return 1
        case _:
            return 1
