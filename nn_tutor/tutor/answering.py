"""How an answer in a lesson is taken: by the kind of its question, with the known mistakes and earlier answers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.by_formula import elsewhere, judged_by_formula, not_by_rounding
from nn_tutor.judging.by_parameter import judged_by_parameter
from nn_tutor.judging.consistency import named_again, without_contradicted, without_untrue
from nn_tutor.judging.conventions import in_our_convention, turns_sign, without_conventions
from nn_tutor.judging.corners import besides_of
from nn_tutor.judging.diagnosis import sentence
from nn_tutor.judging.edits import names_in
from nn_tutor.judging.formula import judge_formula
from nn_tutor.judging.judge import judge, judge_sign, right_at_once
from nn_tutor.judging.judgement import RIGHT, Judgement
from nn_tutor.judging.last_resort import named_late
from nn_tutor.judging.names import on_keys
from nn_tutor.judging.reading import Reading, ReadingError, read
from nn_tutor.judging.replay import Earlier, consequences_of, repeated, replayed_pass
from nn_tutor.judging.rounding import half_unit_of
from nn_tutor.judging.tolerances import COARSEST, MAX_DECIMALS, is_within
from nn_tutor.judging.wording import reworded
from nn_tutor.network.counted import counted
from nn_tutor.tutor.hints import why
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import Question, asked_names, names_of, over_and_under

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn_tutor.judging.by_formula import Elsewhere
    from nn_tutor.judging.follow_through import Consequence
    from nn_tutor.judging.mistakes.case import Candidate, Case
    from nn_tutor.judging.rounding import Spread
    from nn_tutor.network.quantities import Ref
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
        if is_within(reading.value, question.truth, near):
            return Judgement("correct", RIGHT, reading.value)
        reading = replace(reading, half_unit=max(reading.half_unit, near))
        known = tuple(one for one in known if abs(one.value - question.truth) > 2 * near)
    number, ref, network = question.pass_number, question.ref, lesson_run.network(activity)
    if question.kind != "number":
        judged = judge(reading, question.truth, question.scale, known, asked=lambda: _decimals_by_eye(question))
        return reworded(judged, reading, lesson_run.case(activity, number, ref)) if question.kind == "place" else judged
    spread = lesson_run.spread(activity, number, ref)
    right = right_at_once(reading, question.truth, question.scale, known, spread) if reading.is_plain else None
    if right is not None:
        return right
    return _NumberAnswer(lesson_run, activity, question, reading, in_our_convention(network, earlier), names).judged()


@dataclass(frozen=True, eq=False)
class _NumberAnswer:
    """A number that was typed, beside all that the lesson and the learner's earlier answers say of it."""

    lesson_run: LessonRun
    activity: int
    question: Question
    reading: Reading
    earlier: Earlier
    names: Mapping[str, float] | None

    def judged(self) -> Judgement:
        """Judge it, by the calculation where that shows more than its number, else by the number alone."""
        judgement = without_untrue(self._by_value(), self.reading, self._case)
        seen = judged_by_parameter(judgement, self.reading, self._case, self.names or {})
        if seen is judgement:
            seen = judged_by_formula(judgement, self.reading, self._elsewhere)
        if seen is judgement:
            seen = not_by_rounding(judgement, self.reading, self._case, self.names or {})
            seen = self._named_late(seen) if self._elsewhere is None else seen
        seen = without_untrue(seen, self.reading, self._case)
        return reworded(seen, self.reading, self._case, frozenset(self.names or ()))

    def _by_value(self) -> Judgement:
        question, case, lesson_run, index = self.question, self._case, self.lesson_run, self.activity
        return judge(
            self.reading,
            question.truth,
            question.scale,
            self._known,
            self._consequences,
            self._spread,
            lesson_run.conventions(index, question.pass_number, question.ref),
            rarer=self._rarer,
            besides=besides_of(case.network, case.passed, question.ref, self._had),
            asked=lambda: lesson_run.decimals(index, question),
        )

    def _named_late(self, judgement: Judgement) -> Judgement:
        scale = self.question.scale
        slack = self._spread.slack(self.reading.half_unit or self.reading.finest) or math.inf
        seen = named_late(judgement, self.reading, self._case, scale, self._known, self._had, self._own_cases, slack)
        return named_again(seen, self.reading, scale, self._every, self._known)

    def _rarer(self) -> Sequence[Candidate]:
        """Mistakes made with the learner's own numbers, and in every pass; none where the calculation shows more."""
        if self._elsewhere is not None:
            return ()
        lesson_run, index = self.lesson_run, self.activity
        own = [one for consequence in self._consequences for one in consequence.mistakes()]
        if self.reading.half_unit > COARSEST * abs(self.question.scale):  # so many lead near it that it tells none
            return own
        in_each = repeated(
            self._case,
            lambda number: lesson_run.pass_as_case(index, number),
            self.reading.value,
            self.question.scale,
            self.earlier,
        )
        return (*own, *in_each)

    def _own_cases(self) -> list[Case]:
        return [case for consequence in self._consequences if (case := consequence.case()) is not None]

    @cached_property
    def _elsewhere(self) -> Elsewhere | None:
        return None if self.names is None else elsewhere(self.reading, self._case, self.names)

    @cached_property
    def _case(self) -> Case:
        return self.lesson_run.case(self.activity, self.question.pass_number, self.question.ref)

    @cached_property
    def _spread(self) -> Spread:
        return self.lesson_run.spread(self.activity, self.question.pass_number, self.question.ref)

    @cached_property
    def _had(self) -> Mapping[Ref, float]:
        """What the learner had for other numbers of the pass."""
        return self.earlier.get(self.question.pass_number, {})

    @cached_property
    def _every(self) -> Sequence[Candidate]:
        question = self.question
        return self.lesson_run.known(self.activity, question.pass_number, question.ref, question.kind)

    @cached_property
    def _known(self) -> Sequence[Candidate]:
        """The known mistakes that no earlier answer contradicts, without those that are conventions here."""
        question = self.question
        conventions = self.lesson_run.conventions(self.activity, question.pass_number, question.ref)
        return without_conventions(self._without_contradicted(self._every), conventions, question.scale)

    def _without_contradicted(self, known: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The mistakes without those that an earlier right answer contradicts."""
        reading = self.reading
        reach = max(self._spread.slack(reading.half_unit or reading.finest), _NEARBY * abs(self.question.scale))
        return without_contradicted(known, reading.value, reach, self._case, self._had)

    @cached_property
    def _consequences(self) -> tuple[Consequence, ...]:
        """What the number becomes from the learner's own, each without the mistakes that they contradict."""
        lesson_run, index, scale = self.lesson_run, self.activity, self.question.scale

        def passes(number: int) -> Pass:
            return lesson_run.passed(index, number)

        replayed = replayed_pass(self._case.network, passes, self.question.pass_number, self.earlier)
        takes_others = lesson_run.lesson.purpose == "homework"
        return tuple(
            replace(one, mistakes=cache(partial(self._uncontradicted, one.mistakes)))
            for one in consequences_of(
                self._case, passes, self.earlier, replayed, scale, takes_conventions=takes_others
            )
        )

    def _uncontradicted(self, mistakes: Callable[[], Sequence[Candidate]]) -> tuple[Candidate, ...]:
        return self._without_contradicted(mistakes())


_NEARBY = 0.05
"""A mistake this near to an answer, as a part of the scale, is held against what the learner had before."""


NEAR = 1.5
"""How many notches from the truth a weight that is put on the curve by eye still counts as right."""


def named(judgement: Judgement, candidate: Candidate) -> Judgement:
    """Return a diagnosis with one mistake left of several."""
    return replace(judgement, message=sentence((candidate,)), candidates=(candidate,))


def _decimals_by_eye(question: Question) -> int | None:
    """With how many decimals a weight lies near enough to where it is put on the curve; None for no such question."""
    if question.kind != "place":
        return None
    near = NEAR * notch(question.scale)
    return next((decimals for decimals in range(MAX_DECIMALS) if half_unit_of(decimals) <= near), MAX_DECIMALS)


def notch(scale: float) -> float:
    """Return how far one arrow key moves a weight that is put on the curve: a round number below a 20th of its step."""
    fine = max(abs(scale), 1e-9) / 20
    power = 1.0
    while power > fine:
        power /= 10
    while power * 10 <= fine:
        power *= 10
    return next(round(times * power, 12) for times in (5, 2, 1) if times * power <= fine)
