"""How an answer in a lesson is taken: by the kind of its question, with the known mistakes and earlier answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.by_formula import elsewhere, judged_by_formula
from nn_tutor.judging.consistency import named_again, without_contradicted, without_untrue
from nn_tutor.judging.conventions import in_our_convention, turns_sign, without_conventions
from nn_tutor.judging.corners import besides_of
from nn_tutor.judging.diagnosis import sentence
from nn_tutor.judging.edits import names_in
from nn_tutor.judging.formula import judge_formula
from nn_tutor.judging.judge import judge, judge_sign, right_at_once
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.last_resort import named_late
from nn_tutor.judging.names import on_keys
from nn_tutor.judging.reading import Reading, ReadingError, read
from nn_tutor.judging.replay import Earlier, consequences_of, repeated, replayed_pass
from nn_tutor.judging.wording import reworded
from nn_tutor.network.counted import counted
from nn_tutor.tutor.hints import why
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import Question, asked_names, names_of, over_and_under

if TYPE_CHECKING:
    from nn_tutor.judging.follow_through import Consequence
    from nn_tutor.judging.mistakes.case import Candidate, Case
    from nn_tutor.network.records import Pass
    from nn_tutor.tutor.lesson_run import LessonRun


@dataclass(frozen=True, slots=True)
class Attempt:
    """One judged answer: the question's id, what was typed, what it was found to be, and how many hints came before."""

    question: str
    text: str
    judgement: Judgement
    hint_level: int = 0


def judge_question(
    lesson_run: LessonRun, activity: int, question: Question, text: str, names: Mapping[str, float], earlier: Earlier
) -> Judgement:
    """Judge a typed answer; `earlier` is what the learner had for other numbers, by pass.

    A right answer is told why it is right.
    """
    network, rows = lesson_run.network(activity), lesson_run.rows(activity, question.pass_number)
    if question.kind == "sign":
        turns = turns_sign(network, question.ref.quantity)
        judgement = judge_sign(text, -question.truth if turns else question.truth)
        if judgement.verdict != "correct" or turns:
            return judgement
        over, under = over_and_under(network, rows, question.ref)
        return replace(judgement, message=_sign_in_words(over, under, question.truth))
    if question.kind == "formula":
        passed = lesson_run.passed(activity, question.pass_number)
        judgement = judge_formula(text, network, passed, question.ref, lesson_run.disproves)
        if judgement.verdict != "correct":
            return judgement
        return replace(judgement, message=why(network, rows, question.ref))
    try:
        reading = read(text, names, asked_names(network, rows, question.ref))
    except ReadingError as error:
        return Judgement("invalid", _not_there_yet(lesson_run, activity, question, text, names) or error.message, None)
    if question.kind == "size" and reading.value < 0:
        return Judgement("invalid", "a size has no sign: type it without the minus", None)
    if question.kind == "number" and turns_sign(network, question.ref.quantity):
        turned = replace(reading, value=-reading.value + 0.0)
        judged = replace(_judge_number(lesson_run, activity, question, turned, earlier, None), value=reading.value)
        if judged.verdict != "correct":
            return judged
        return replace(judged, message=why(network, rows, question.ref))
    judgement = _judge_number(lesson_run, activity, question, reading, earlier, names)
    if judgement.verdict == "more_digits" and network.conventions.keeps(reading.half_unit):
        kept = counted(network.conventions.digits or 0, "decimal")
        return replace(judgement, verdict="correct", message=f"right to the {kept} that the sheet keeps")
    if judgement.verdict == "correct":
        message = why(network, rows, question.ref)
        if question.kind == "place":
            message = f"right: it is {numeral(question.truth)}, {message.removeprefix('right: ')}"
        return replace(judgement, message=message)
    return judgement


def _not_there_yet(
    lesson_run: LessonRun, activity: int, question: Question, text: str, names: Mapping[str, float]
) -> str:
    """What is said of a calculation with a number of the pass that is still to be found, "" where it is none."""
    network, passed = lesson_run.network(activity), lesson_run.passed(activity, question.pass_number)
    rows = passed.X.shape[0]
    every = names_of(network, passed, refs_of_pass(network, rows))
    try:
        used = names_in(read(text, {**every, **names}, asked_names(network, rows, question.ref)).tree)
    except ReadingError:
        return ""
    missing = next((on_keys(name) for name in sorted(used) if name not in names), "")
    if not missing:
        return ""
    if missing in asked_names(network, rows, question.ref):
        return f"{missing} is what is asked for: say what it is made of"
    return f"{missing} has not been worked out yet: write it with what is there"


def _sign_in_words(over: str, under: str, truth: float) -> str:
    """What a right sign says of a slope, or of a number that is no slope."""
    if not under:
        return f"right: {over} is {'above' if truth > 0 else 'below'} 0"
    return f"right: {over} {'rises' if truth > 0 else 'falls'} when {under} grows, and the sign says so"


def _judge_number(
    lesson_run: LessonRun,
    activity: int,
    question: Question,
    reading: Reading,
    earlier: Earlier,
    names: Mapping[str, float] | None,
) -> Judgement:
    """Judge what was read, in the tutor's own convention; without names a calculation is taken by its number alone."""
    known = lesson_run.known(activity, question.pass_number, question.ref, question.kind)
    if question.kind == "place":  # what lies within a notch of the truth cannot be told from it on the curve
        near = NEAR * notch(question.scale)
        reading = replace(reading, half_unit=max(reading.half_unit, near))
        known = tuple(one for one in known if abs(one.value - question.truth) > 2 * near)
    number, ref, network = question.pass_number, question.ref, lesson_run.network(activity)
    if question.kind != "number":
        judged = judge(reading, question.truth, question.scale, known)
        return reworded(judged, reading, lesson_run.case(activity, number, ref)) if question.kind == "place" else judged
    spread = lesson_run.spread(activity, number, ref)
    right = right_at_once(reading, question.truth, question.scale, known, spread) if reading.is_plain else None
    if right is not None:
        return right

    def passes(number: int) -> Pass:
        return lesson_run.passed(activity, number)

    def cases(number: int) -> Case:
        return lesson_run.pass_as_case(activity, number)

    earlier = in_our_convention(network, earlier)
    case = lesson_run.case(activity, number, ref)
    reach = max(spread.slack(reading.half_unit or reading.finest), _NEARBY * abs(question.scale))
    every = known
    known = without_contradicted(known, reading.value, reach, case, earlier.get(number, {}))
    conventions = lesson_run.conventions(activity, number, ref)
    known = without_conventions(known, conventions, question.scale)
    replayed = replayed_pass(network, passes, number, earlier)
    takes_others = lesson_run.lesson.purpose == "homework"
    consequences = consequences_of(case, passes, earlier, replayed, question.scale, takes_conventions=takes_others)

    def held(consequence: Consequence) -> Consequence:
        """The same without the mistakes that an earlier right answer contradicts, whatever it is worked out from."""
        made = consequence.mistakes
        left = cache(lambda: without_contradicted(made(), reading.value, reach, case, earlier.get(number, {})))
        return replace(consequence, mistakes=left)

    consequences = tuple(map(held, consequences))
    there = cache(lambda: None if names is None else elsewhere(reading, case, names))

    def rarer() -> Sequence[Candidate]:
        if there() is not None:  # the calculation itself shows more than its number
            return ()
        own = [one for consequence in consequences for one in consequence.mistakes()]
        return (*own, *repeated(case, cases, reading.value, question.scale, earlier))

    judgement = judge(
        reading,
        question.truth,
        question.scale,
        known,
        consequences,
        spread,
        conventions,
        rarer=rarer,
        besides=besides_of(network, case.passed, ref, earlier.get(number, {})),
        asked=lambda: lesson_run.decimals(activity, question),
    )
    judgement = without_untrue(judgement, reading)
    seen = judged_by_formula(judgement, reading, there())
    if seen is not judgement:
        seen = without_untrue(seen, reading)
    else:  # nothing was seen in a calculation: then by the number alone

        def own() -> list[Case]:
            return [one for one in (consequence.case() for consequence in consequences) if one is not None]

        seen = named_late(judgement, reading, case, question.scale, known, earlier.get(number, {}), own)
        seen = named_again(seen, reading, question.scale, every, known)
    return reworded(seen, reading, case, frozenset(names or ()))


_NEARBY = 0.05
"""A mistake this near to an answer, as a part of the scale, is held against what the learner had before."""


NEAR = 1.5
"""How many notches from the truth a weight that is put on the curve by eye still counts as right."""


def named(judgement: Judgement, candidate: Candidate) -> Judgement:
    """Return a diagnosis with one mistake left of several."""
    return replace(judgement, message=sentence((candidate,)), candidates=(candidate,))


def notch(scale: float) -> float:
    """Return how far one arrow key moves a weight that is put on the curve: a round number below a 20th of its step."""
    fine = max(abs(scale), 1e-9) / 20
    power = 1.0
    while power > fine:
        power /= 10
    while power * 10 <= fine:
        power *= 10
    return next(round(times * power, 12) for times in (5, 2, 1) if times * power <= fine)
