"""The lessons that come with the program, their runs, and when each of their numbers comes up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.course.prose import Section
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.prose_with_numbers import section_with_numbers
from nn_tutor.walkthrough.questions import Question, asked_refs, make_question

SHIPPED = tuple(path.name.partition("-")[2] for path in shipped_paths())

Position = tuple[int, int, int]
"""When something comes up: the activity's index, the pass, the place in the pass (-1: from its beginning)."""


@lru_cache
def lessons() -> dict[str, Lesson]:
    return {lesson.id: lesson for lesson in map(load, shipped_paths())}


@lru_cache
def timeline(lesson_id: str, network: str = "") -> Timeline:
    entry = lessons()[lesson_id].networks[network]
    return Timeline(entry.network, entry.data)


def traced(lesson_id: str, network: str, number: int, ref: str) -> float:
    return value_of(timeline(lesson_id, network).at(number), parse_ref(ref))


def pages(lesson: Lesson, section: Section) -> str:
    return section_with_numbers(lesson, section, lambda network, number: timeline(lesson.id, network).at(number))


def questions(lesson: Lesson) -> Iterator[tuple[Position, Walk, Question, Pass]]:
    for index, activity in enumerate(lesson.activities):
        if not isinstance(activity, Walk):
            continue
        network = lesson.networks[activity.network].network
        for number in range(activity.first_pass, activity.last_pass + 1):
            passed = timeline(lesson.id, activity.network).at(number)
            order = refs_of_pass(network, passed.X.shape[0])
            for kind, ref in asked_refs(network, passed.X.shape[0], activity.asks_of(number)):
                question = make_question(network, passed, activity.id, kind, ref)
                yield (index, number, order.index(ref)), activity, question, passed


def asked(lesson_id: str, activity_id: str) -> list[str]:
    found = [question for _, activity, question, _ in questions(lessons()[lesson_id]) if activity.id == activity_id]
    return [f"sign {question.ref}" if question.kind == "sign" else str(question.ref) for question in found]


def first_shown(lesson: Lesson, section: Section) -> Position:
    """When the section can be read for the first time."""
    ids = [activity.id for activity in lesson.activities]
    if not section.anchor:
        return (-1, 0, -1)
    index = ids.index(section.activity)
    activity = lesson.activities[index]
    number, _, where = section.anchor.partition(":")[2].partition(".")
    if not number:
        return (index, activity.first_pass if isinstance(activity, Walk) else 0, -1)
    phase, _, name = where.partition(".")
    if not phase:
        return (index, int(number), -1)
    wanted = parse_ref(name) if name else None
    entry = lesson.networks[activity.network]
    order = refs_of_pass(entry.network, len(entry.data.inputs))
    fitting = [place for place, ref in enumerate(order) if ref.phase == phase and _covers(wanted, ref)]
    assert fitting, section.anchor
    return (index, int(number), fitting[0])


def _covers(wanted: Ref | None, ref: Ref) -> bool:
    return wanted is None or (
        wanted.quantity == ref.quantity and wanted.layer in (None, ref.layer) and wanted.index in (None, ref.index)
    )
