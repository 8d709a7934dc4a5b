"""One exercise for each mistake that a learner made: the same kind of question, with numbers that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zlib import crc32

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import fixed, numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.export.words import layers_in_words, loss_in_words
from nn_tutor.judging.mistakes.known import MISTAKES, known_mistakes, rare_mistakes
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.quantities import Ref, shown_sign
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.fresh import fresh_lesson, fresh_numbers
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.mastery import CONVENTIONS, Answered
from nn_tutor.walkthrough.questions import given, number_of_id
from nn_tutor.walkthrough.steps import make_step

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.judging.mistakes.case import Candidate, Mistake
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

MAX_DRAWS = 12
"""How many sets of fresh numbers are tried until one shows the mistake."""

_NAMED = {mistake.id: mistake for mistake in MISTAKES}


@dataclass(frozen=True, eq=False, slots=True)
class Drill:
    """An exercise against a mistake: what is asked of which numbers, what is right, and what the mistake gives.

    `slip` is the line in which the mistake is made, as it would be wrong and as it is right; "" where these numbers do
    not show it. `network` and `passed` are for a drawing.
    """

    mistake: Mistake
    network: Network
    passed: Pass
    about: str
    givens: str
    prompt: str
    decimals: int
    answer: str
    worked: str
    wrong: str = ""
    slip: tuple[str, str] | None = None


def drills_of(lesson: Lesson, answered: Iterable[Answered], deriver: Deriver) -> Iterator[Drill]:
    """Yield a drill for each mistake among the answers in a lesson, the latest mistake last."""
    whole = with_exercises(lesson)
    latest: dict[str, str] = {}
    for one in answered:
        made = one.mistakes[0] if one.mistakes and one.verdict in _SPENT else ""
        if made in _NAMED and made not in CONVENTIONS:
            latest.pop(made, None)
            latest[made] = one.question.partition("/")[2] if "/" in one.question else one.question
    for made, question in latest.items():
        drill = _drill(whole, _NAMED[made], question, deriver)
        if drill is not None:
            yield drill


_SPENT = ("near", "diagnosed", "wrong", "follow_through")


def _drill(lesson: Lesson, mistake: Mistake, question: str, deriver: Deriver) -> Drill | None:
    """Return the drill for a mistake that was made at a question; None where the lesson has no such number any more."""
    name = question.partition(":")[0].partition("~")[0]
    activity = next((one for one in lesson.activities if one.id == name), None)
    try:
        named = number_of_id(question.removesuffix(".size").removesuffix(".sign"))
    except ValueError:
        return None
    if activity is None or named is None or activity.network not in lesson.networks:
        return None
    ref, entry = named[1], lesson.networks[activity.network]
    fallback: Drill | None = None
    for draw in range(MAX_DRAWS):
        drawn = fresh_numbers(entry, "number", ref, crc32(f"{mistake.id} {question} {draw}".encode()))
        if drawn is None:
            continue
        drill = _on(lesson, mistake, drawn, ref, deriver)
        if drill.slip is not None:
            return drill
        fallback = fallback or drill
    return fallback


def _on(lesson: Lesson, mistake: Mistake, drawn: NetworkWithData, ref: Ref, deriver: Deriver) -> Drill:
    run = LessonRun(fresh_lesson(lesson, "drill", drawn, "number", ref))
    question = run.questions(0, 1)[-1]
    network, passed, case = drawn.network, run.passed(0, 1), run.case(0, 1, ref)
    known = known_mistakes(case, question.scale)
    shown = next((one for one in (*known, *rare_mistakes(case, question.scale)) if one.mistake.id == mistake.id), None)
    decimals = decimals_needed(question.truth, question.scale, known)
    sign = shown_sign(network, ref)
    step = make_step(network, passed, ref, deriver)
    parts = [part for part in dict.fromkeys((step.rule, step.substituted)) if part]
    name = symbol(network, passed.X.shape[0], ref)
    return Drill(
        mistake=mistake if shown is None else shown.mistake,  # its rule may be that of another place
        network=network,
        passed=passed,
        about=f"{layers_in_words(network)}; loss {loss_in_words(network, passed.X.shape[0])}",
        givens=", ".join(f"{text} = {numeral(value)}" for text, value in given(network, passed)),
        prompt=question.prompt,
        decimals=decimals,
        answer=f"{name} = {fixed(sign * question.truth, decimals)}",
        worked=f"{' = '.join((name, *parts))} {step.relation} {numeral(step.value)}",
        wrong="" if shown is None else fixed(shown.value, decimals),
        slip=None if shown is None else _lines(shown),
    )


def _lines(candidate: Candidate) -> tuple[str, str]:
    slip = candidate.slip
    return slip.wrong_line, slip.right_line
