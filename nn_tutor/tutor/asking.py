"""The questions of a lesson without a screen: listed in order, and each answered on its own by the same judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.derive import Derive
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.walk import Walk
from nn_tutor.judging.diagnosis import distinct
from nn_tutor.judging.judge import Judgement, decimals_needed
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.choosing import judge_choice
from nn_tutor.tutor.hunting import asked_of, judge_line
from nn_tutor.tutor.scrutiny import note_of
from nn_tutor.tutor.tour import Tour
from nn_tutor.walkthrough.questions import Question, names_before, names_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A question as it is listed; what a kind does not have is None. `place` is the index of its activity.

    `note` says which mistakes its numbers cannot tell from the right answer.
    """

    id: str
    kind: str
    activity: str
    place: int
    pass_number: int | None
    phase: str | None
    quantity: str
    layer: int | None
    index: tuple[int, ...] | None
    skill: str | None
    prompt: str
    decimals: int | None
    note: str | None = None
    question: Question | None = None


def list_questions(tour: Tour) -> Iterator[Listed]:
    """Yield every question of a lesson, in the order of the lesson."""
    for place in range(len(tour.lesson.activities)):
        yield from _of_activity(tour, place)


def find_question(tour: Tour, question_id: str) -> Listed | None:
    """Return the question with an id, None where the lesson has none such."""
    name = question_id.partition(":")[0]
    number = re.match(r"(\d{1,6})\.", question_id.partition(":")[2])
    for place, activity in enumerate(tour.lesson.activities):
        if activity.id == name:
            walked = None if number is None else int(number[1])
            return next((one for one in _of_activity(tour, place, walked) if one.id == question_id), None)
    return None


def judge_listed(tour: Tour, listed: Listed, text: str, earlier: Mapping[Ref, float]) -> Judgement:
    """Judge an answer to a listed question; `earlier` is what the learner had for other numbers of the same pass.

    Of a diagnosed answer the message holds the learner's formula and the right one.
    """
    activity = tour.activity(listed.place)
    if isinstance(activity, Choose):
        return judge_choice(activity, text)
    if isinstance(activity, Hunt):
        worked = tour.worked(listed.place)
        if worked is None:
            raise LookupError(f"{listed.id}: this mistake cannot be made here")
        return judge_line(worked, text)
    question = listed.question
    if question is None:
        raise LookupError(f"{listed.id} is no question")
    names = _names(tour, listed.place, question)
    judgement = judge_question(tour, listed.place, question, text, names, earlier)
    if len(distinct(judgement.candidates)) == 1:
        slip = judgement.candidates[0].slip
        lines = f"yours: {slip.symbol} = {slip.theirs}; right: {slip.symbol} = {slip.right}"
        return replace(judgement, message=f"{judgement.message} ({lines})")
    return judgement


def earlier_refs(listed: Listed, given: Mapping[str, float]) -> dict[Ref, float]:
    """Return earlier answers by the numbers that they were given for; raises ValueError for an id that is none."""
    found = {}
    for question_id, value in given.items():
        match = re.fullmatch(r"(?:[^:]*:)?(\d{1,6})\.(?:forward|loss|backward|update)\.([^.]+)", question_id)
        if match is None:
            raise ValueError(f"{question_id!r} is no id of a number, such as {listed.id}")
        if int(match[1]) == listed.pass_number:
            found[parse_ref(match[2])] = value
    return found


def _of_activity(tour: Tour, place: int, only_pass: int | None = None) -> Iterator[Listed]:
    activity = tour.activity(place)
    if isinstance(activity, Choose):
        yield _bare(f"{activity.id}:choice", "choice", activity.id, place, None, activity.prompt)
    elif isinstance(activity, Hunt):
        number = activity.pass_number
        yield _bare(f"{activity.id}:{number}.line", "line", activity.id, place, number, asked_of(activity))
    elif isinstance(activity, PlaceWeight | Derive):
        yield from _of_pass(tour, place, activity.pass_number)
    elif isinstance(activity, Walk):
        reach = tour.reach(place)
        for number in range(reach.first, reach.last + 1):
            if only_pass in (None, number):
                yield from _of_pass(tour, place, number)


def _of_pass(tour: Tour, place: int, number: int) -> Iterator[Listed]:
    for question in tour.questions(place, number):
        is_formula = question.kind == "formula"
        typed = question.kind in ("number", "size", "place")
        known = tour.known(place, number, question.ref, question.kind) if typed else ()
        yield Listed(
            id=f"{question.activity}:{number}.backward.formula" if is_formula else question.id,
            kind=question.kind,
            activity=question.activity,
            place=place,
            pass_number=number,
            phase=question.ref.phase,
            quantity="formula" if is_formula else question.ref.quantity,
            layer=None if is_formula else question.ref.layer,
            index=None if is_formula else question.ref.index,
            skill=question.skill,
            prompt=question.prompt,
            decimals=decimals_needed(question.truth, question.scale, known) if typed else None,
            note=note_of(question, known) or None,
            question=question,
        )


def _bare(question_id: str, kind: str, activity: str, place: int, number: int | None, prompt: str) -> Listed:
    return Listed(question_id, kind, activity, place, number, None, kind, None, None, None, prompt, None)


def _names(tour: Tour, place: int, question: Question) -> dict[str, float]:
    """What may be typed: what is given, and what was computed before the asked number."""
    network, passed = tour.network(place), tour.passed(place, question.pass_number)
    order = tour.order(place, question.pass_number)
    before = [ref for ref in order if order[ref] < order.get(question.ref, 0)]
    return names_of(network, passed, reversed(before)) | names_before(network, passed)
