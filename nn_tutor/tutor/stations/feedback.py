"""What is to be told at a question: the verdict on an answer, an answer that was shown, what its numbers hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.tutor.scrutiny import hardly_told

if TYPE_CHECKING:
    from nn_tutor.tutor.answering import Attempt
    from nn_tutor.tutor.stations.asked import Asked
    from nn_tutor.walkthrough.questions import Question


def verdict_of(asked: Asked) -> Attempt | None:
    """Return the last answer, where its verdict is to be told: not once an answer was shown, or a wrong one is past."""
    attempt, question = asked.last_attempt, asked.question
    if attempt is None or asked.just_shown is not None:
        return None
    is_shown = attempt.question in asked.answers.revealed and not asked.unaided
    is_past = question is not None and attempt.question != question.id
    return None if is_shown or (is_past and not attempt.judgement.is_right) else attempt


def shown_answer(asked: Asked) -> Question | None:
    """Return the question whose answer was shown last, None where none was."""
    shown = (one for one in reversed(asked.questions) if one.id in asked.answers.revealed)
    return asked.just_shown or next(shown, None)


def hidden_slips(asked: Asked) -> tuple[str, ...]:
    """Return what may be done wrong at the open question without its numbers showing it, none once it was tried.

    Only in homework, whose numbers were given: those of a lesson were chosen to show it.
    """
    question = asked.question
    if asked.lesson_run.lesson.purpose != "homework" or question is None or asked.hint_level:
        return ()
    if any(one.question == question.id for one in asked.answers.attempts):
        return ()
    known = asked.lesson_run.known(asked.index, question.pass_number, question.ref, question.kind)
    return hardly_told(question, known)
