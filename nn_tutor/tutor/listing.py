"""Questions as they are listed without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.tutor.scrutiny import note_of

if TYPE_CHECKING:
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.walkthrough.questions import Question


@dataclass(frozen=True, slots=True)
class Listed:
    """A question as it is listed; what a kind does not have is None. `place` is the index of its activity.

    `note` says which mistakes its numbers cannot tell from the right answer, `options` are those of a choice by letter.
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
    options: tuple[str, ...] | None = None


def list_pass(lesson_run: LessonRun, place: int, number: int) -> Iterator[Listed]:
    """Yield the questions that an activity asks about one pass."""
    needed = lesson_run.network(place).conventions.needed
    for question in lesson_run.questions(place, number):
        is_formula = question.kind == "formula"
        typed = question.kind in ("number", "size", "place")
        known = lesson_run.known(place, number, question.ref, question.kind) if typed else ()
        spread = lesson_run.spread_asked(place, number, question.ref) if typed else None
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
            decimals=needed(decimals_needed(question.truth, question.scale, known, spread)) if typed else None,
            note=note_of(question, known) or None,
            question=question,
        )


def list_bare(
    question_id: str,
    kind: str,
    activity: str,
    place: int,
    number: int | None,
    prompt: str,
    options: tuple[str, ...] | None = None,
) -> Listed:
    """Return a question that asks for no number: a choice, a line."""
    return Listed(
        question_id, kind, activity, place, number, None, kind, None, None, None, prompt, None, options=options
    )
