"""What is unfair about a question of a lesson, with the numbers that the lesson has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.fairness import Unfair, hidden_mistakes, nearly_right, to_tell_apart, unfairness
from nn_tutor.judging.mistakes.case import Candidate, Case

if TYPE_CHECKING:
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.walkthrough.questions import Question

MIN_SIGN = 1e-3
"""A number nearer to 0 than this has no sign to ask for."""

MAX_NAMED = 3
"""A note names at most so many mistakes."""


def unfair_of(lesson_run: LessonRun, index: int, question: Question) -> Iterator[Unfair]:
    """Yield what is unfair about a question; mistakes that its activity accepts are left out."""
    if question.kind == "sign" and abs(question.truth) < MIN_SIGN:
        mend = "take other numbers, or do not ask for it"
        yield Unfair("sign-of-zero", f"{question.truth:.2g} has no sign to speak of", mend)
    if question.kind in ("sign", "formula"):
        return
    activity = lesson_run.activity(index)
    known = known_to(lesson_run, index, question)
    for unfair in unfairness(question.truth, question.scale, known, scale_in_words(question)):
        if unfair.rule != "zero-answer" or not activity.allow_zero:
            yield unfair
    if not question.truth or question.kind == "size":
        return
    case = Case(lesson_run.network(index), lesson_run.passed(index, question.pass_number), question.ref)
    hidden = hidden_mistakes(case, question.scale, known) - activity.accept
    if hidden:
        found = f"{', '.join(sorted(hidden))}: the right answer with these numbers"
        yield Unfair("mistake-hidden", found, "take numbers other than 0, 1 and 2, and another rate")


def known_to(lesson_run: LessonRun, index: int, question: Question) -> tuple[Candidate, ...]:
    """Return the mistakes that a question's numbers have to tell, but for those that its activity accepts."""
    every = lesson_run.known(index, question.pass_number, question.ref, question.kind)
    known = to_tell_apart(lesson_run.network(index), question.ref, every)
    accepted = lesson_run.activity(index).accept
    return tuple(one for one in known if one.mistake.id not in accepted) if accepted else known


def scale_in_words(question: Question) -> str:
    """Say what an answer is judged on: the step of a new weight, or the answer itself."""
    if question.scale == abs(question.truth):
        return "the answer"
    if question.ref.quantity in ("W", "b"):
        return f"the step of {numeral(question.scale)}"
    return f"{numeral(question.scale)}, which is 1 % of the largest of its kind"


def hardly_told(question: Question, known: tuple[Candidate, ...]) -> tuple[str, ...]:
    """Return the names of the mistakes that the numbers of a question can hardly tell from the truth, nearest first."""
    if question.kind not in ("number", "size", "place"):
        return ()
    near = nearly_right(question.truth, question.scale, known)
    return tuple(dict.fromkeys(one.mistake.name for one in near))


def note_of(question: Question, known: tuple[Candidate, ...]) -> str:
    """Say kindly which mistakes the numbers of a question cannot tell from the truth; "" for none."""
    names = hardly_told(question, known)
    if not names:
        return ""
    shown = " or ".join(names[:MAX_NAMED]) + (", among others" if len(names) > MAX_NAMED else "")
    return f"with these numbers you get nearly the same if you {shown}"
