"""The questions of a lesson without a screen: listed in order, and each answered on its own by the same judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nn_tutor.tutor.stations.base import Arrival
from nn_tutor.tutor.stations.kinds import enter
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import number_of_id

if TYPE_CHECKING:
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.judging.replay import Earlier
    from nn_tutor.network.quantities import Ref
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.tutor.listing import Listed


def list_questions(lesson_run: LessonRun) -> Iterator[Listed]:
    """Yield every question of a lesson, in the order of the lesson."""
    for place in range(len(lesson_run.lesson.activities)):
        yield from enter(Arrival(lesson_run, place)).listed()


def find_question(lesson_run: LessonRun, question_id: str) -> Listed | None:
    """Return the question with an id, None where the lesson has none such."""
    name = question_id.partition(":")[0]
    number = re.match(r"(\d{1,6})\.", question_id.partition(":")[2])
    for place, activity in enumerate(lesson_run.lesson.activities):
        if activity.id == name:
            listed = enter(Arrival(lesson_run, place)).listed(None if number is None else int(number[1]))
            return next((one for one in listed if one.id == question_id), None)
    return None


def judge_listed(lesson_run: LessonRun, listed: Listed, text: str, earlier: Earlier) -> Judgement:
    """Judge an answer to a listed question; `earlier` is what the learner had for other numbers, by pass.

    Of a diagnosed answer the message holds the learner's formula and the right one. Raises LookupError where the
    question cannot be answered.
    """
    return enter(Arrival(lesson_run, listed.place)).judge(listed, text, earlier)


def earlier_numbers(lesson_run: LessonRun, listed: Listed, given: Mapping[str, float]) -> dict[int, dict[Ref, float]]:
    """Return earlier answers by pass and by the numbers that they were given for.

    Those of later passes do not count, and an activity without a network has none. Raises ValueError for an id that
    is none.
    """
    found: dict[int, dict[Ref, float]] = {}
    if not given:
        return found
    if lesson_run.activity(listed.place).network not in lesson_run.lesson.networks:
        raise ValueError(f"{listed.id} has no network, so there are no earlier numbers")
    network = lesson_run.network(listed.place)
    for question_id, value in given.items():
        named = number_of_id(question_id)
        rows = lesson_run.rows(listed.place, named[0]) if named else 0
        if named is None or named[1] not in refs_of_pass(network, rows):
            raise ValueError(f"{question_id!r} is no id of a number, such as {listed.id}")
        number, ref = named
        if number <= (listed.pass_number or 0):
            found.setdefault(number, {})[ref] = value
    return found
