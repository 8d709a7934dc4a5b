"""What the linter looks at in the questions on a pass: whether they are fair, and words and hints keep the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from nn_tutor.course.findings import Finding, close_words
from nn_tutor.judging.cells import cells_of, wrap
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.tutor.hints import HINT_LEVELS, hint
from nn_tutor.tutor.scrutiny import unfair_of
from nn_tutor.walkthrough.questions import Question, given
from nn_tutor.walkthrough.skills import SKILLS

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.tutor.lesson_run import LessonRun

MAX_QUESTIONS = 5_000
"""How many questions of an activity are looked at."""

WIDTH = 76
"""The cells that words have at 80×24."""

MAX_HINT_LINES = 3
"""The lines that a hint has there."""


def finding(lesson: Lesson, key: str, rule: str, found: str, mend: str, file: str = "lesson.toml") -> Finding:
    """Return a finding in a file of a lesson."""
    return Finding(str(lesson.path / file), key, found, mend, rule)


def lint_skills(lesson: Lesson, key: str, skills: tuple[str, ...]) -> Iterator[Finding]:
    """Yield a finding for each name that is no skill."""
    for place, skill in enumerate(skills):
        if skill not in SKILLS:
            close = close_words(skill, SKILLS)
            mend = f"did you mean {close[0]}?" if close else "use one of " + ", ".join(SKILLS)
            yield finding(lesson, f"{key}[{place}]", "unknown-skill", f'"{skill}", which is no skill', mend)


def lint_mistakes(lesson: Lesson, key: str, names: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding for each name that is no known mistake."""
    ids = dict.fromkeys(mistake.id for mistake in MISTAKES)
    for name in sorted(set(names) - set(ids)):
        close = close_words(name, ids)
        mend = f"did you mean {close[0]}?" if close else "use the id of a known mistake, such as forgot-two"
        yield finding(lesson, key, "unknown-mistake", f'"{name}"', mend)


class QuestionLinter:
    """Looks through the questions that an activity asks about passes; `key` is where it stands in lesson.toml.

    In a walk, which has hints, `ask` is the key of the questions.
    """

    def __init__(
        self, lesson_run: LessonRun, index: int, deriver: Deriver, hints: Mapping[str, tuple[str, ...]] | None
    ) -> None:
        self._lesson_run = lesson_run
        self._index = index
        self._deriver = deriver
        self._hints = hints
        self._activity = f"activity[{index}]"
        self._key = self._activity if hints is None else f"{self._activity}.ask"

    def findings(self, passes: range) -> Iterator[Finding]:
        """Yield what is wrong with the questions on some passes; what holds in every pass is told once."""
        accepted = self._lesson_run.activity(self._index).accept
        yield from lint_mistakes(self._lesson_run.lesson, f"{self._activity}.accept", accepted)
        told: set[tuple[str, str]] = set()
        questions = (question for number in passes for question in self._lesson_run.questions(self._index, number))
        for question in islice(questions, MAX_QUESTIONS):
            for found in self._question(question):
                if (found.rule, str(question.ref)) not in told:
                    told.add((found.rule, str(question.ref)))
                    yield found

    def _of_numbers(self, rule: str, found: str, mend: str) -> Finding:
        """A finding that lies in the numbers: a warning where they were given, not chosen."""
        lesson = self._lesson_run.lesson
        made = finding(lesson, self._key, rule, found, mend)
        return replace(made, level="warning") if lesson.purpose == "homework" else made

    def _question(self, question: Question) -> Iterator[Finding]:
        if cells_of(question.prompt) > WIDTH + 2:
            found = f"{question.id}: its prompt is {cells_of(question.prompt)} cells wide"
            yield self._of_numbers("too-wide", found, "take a smaller network, or fewer samples")
        for unfair in unfair_of(self._lesson_run, self._index, question):
            yield self._of_numbers(unfair.rule, f"{question.id}: {unfair.found}", unfair.mend)
        if question.kind in ("sign", "formula"):
            return
        yield from self._words(question)
        if self._hints is not None:
            yield from self._hinted(question, self._hints)

    def _words(self, question: Question) -> Iterator[Finding]:
        """The words that stand beside a question may hold what is given, but not what is asked."""
        lesson_run, number = self._lesson_run, question.pass_number
        activity, network = lesson_run.activity(self._index), lesson_run.network(self._index)
        is_given = any(value == question.truth for _, value in given(network, lesson_run.passed(self._index, number)))
        ref = question.ref if activity.step_groups_in_passes else None
        section = lesson_run.lesson.prose.section_for(activity.id, number, ref)
        if section is not None and not is_given and holds(lesson_run.words(self._index, number, ref), question.truth):
            found, mend = f"{question.id}: the words beside it hold the answer", "say it without the number"
            yield finding(lesson_run.lesson, f"{{#{section.anchor}}}", "words-hold-answer", found, mend, "lesson.md")

    def _hinted(self, question: Question, hints: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
        lesson_run, index = self._lesson_run, self._index
        written = hints.get(question.ref.quantity, ())
        key = f"{self._activity}.hints.{question.ref.quantity}"
        for hint_level, text in enumerate(written, start=1):
            lines = len(wrap(f"hint {hint_level} of {HINT_LEVELS}: {text}", WIDTH, indent=2))
            if lines > MAX_HINT_LINES:
                found = f"{lines} lines at 80×24, where {MAX_HINT_LINES} fit"
                yield finding(lesson_run.lesson, key, "too-tall", found, "shorten it")
        step = lesson_run.step(index, question.pass_number, question.ref, self._deriver)
        for hint_level in (1, 2, 3):
            text = hint(
                lesson_run.network(index), lesson_run.rows(index, question.pass_number), step, hint_level, written
            )
            if not holds(text, question.truth):
                continue
            found = f"{question.id}: hint {hint_level} holds the answer"
            if hint_level <= len(written):
                yield finding(lesson_run.lesson, key, "hint-holds-answer", found, "say it without the number")
            else:
                yield self._of_numbers("hint-holds-answer", found, "take other numbers")


_NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?")


def holds(text: str, truth: float) -> bool:
    """Whether a text holds a number that is the truth, or is rounded from it; single digits do not count."""
    for found in _NUMBER.findall(text):
        digits = found.replace("−", "-")
        decimals = len(digits.partition(".")[2].partition("e")[0])
        if len(digits.strip("-0.")) < 2 and "." not in digits:
            continue
        if abs(float(digits) - truth) <= 0.5 * 10.0**-decimals and abs(float(digits)) > 0:
            return True
    return False
