"""Tests: a few fresh questions without help, to leave out a lesson that is known, or to see what the course brought.

A question of a test has one answer; what is wrong settles it as well, and what is right instead is seen then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.course.lesson import Lesson
from nn_tutor.course.prose import Prose
from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.exercises import TEMPLATES, ExerciseTemplate, as_walk, taught_in
from nn_tutor.tutor.lesson_run import ROUND_PREFIX, LessonRun, Test
from nn_tutor.walkthrough.skills import SKILLS, Skill, in_words

if TYPE_CHECKING:
    from nn_tutor.tutor.mastery import Answered
    from nn_tutor.tutor.session import Session

TEST_OUT = "test-out/"
"""A test on one lesson: its id is `practice:test-out/LESSON:SEED`."""

QUIZ = "quiz"
"""The quiz over the course: its id is `practice:quiz:SEED`."""

NOTHING_TO_TEST = "This lesson asks nothing that a test could: open it, it is short"
"""What is said of a lesson without skills."""

QUESTIONS, TO_PASS = 5, 4
"""The questions of a test on a lesson, and how many have to be right."""

_ASKED_IN_QUIZ: tuple[Skill, ...] = (
    "forward-dot",
    "∂L/∂o",
    "chain",
    "update",
    "batch-mean",
    "hidden-delta",
    "softmax-gradient",
    "adaptive-step",
)
"""What the quiz asks, before the course and after it: always the same kinds of question, with other numbers."""


def is_test(kind: str) -> bool:
    """Whether a kind of round is a test: a test on a lesson, or the quiz."""
    return kind == QUIZ or kind.startswith(TEST_OUT)


def kind_of(round_id: str) -> str:
    """Return what a round is of: a skill, `mix`, `due`, `quiz`, or `test-out/LESSON`."""
    return round_id.removeprefix(ROUND_PREFIX).rpartition(":")[0]


def tested_skills(lesson: Lesson) -> tuple[Skill, ...]:
    """Return the skills of a lesson that a test on it can ask, those that it practises itself first."""
    met = taught_in([lesson])
    practised = {skill for one in lesson.activities for skill in one.practised}
    return tuple(sorted(met, key=lambda skill: (skill not in practised, SKILLS.index(skill))))


def test_of(lesson: Lesson, seed: int) -> Lesson | None:
    """Return a test on what a lesson teaches, on kinds of network that it has; None where it teaches nothing to ask."""
    skills, met = tested_skills(lesson), taught_in([lesson])
    if not skills:
        return None
    title = f"Test on: {lesson.title}"
    asked = [(skill, _one_of(met[skill], seed + turn)) for turn in range(QUESTIONS) for skill in skills]
    return _test(f"{TEST_OUT}{lesson.id}", title, seed, asked[:QUESTIONS])


def _one_of(kinds: tuple[ExerciseTemplate, ...], turn: int) -> tuple[ExerciseTemplate, ...]:
    """One kind of exercise, another one at each turn: the same skill is not asked in the same way twice."""
    return kinds[turn % len(kinds) :][:1]


def quiz(seed: int) -> Lesson:
    """Return the quiz over the course."""
    return _test(QUIZ, "Quiz over the course", seed, [(skill, TEMPLATES[skill][:1]) for skill in _ASKED_IN_QUIZ])


def where_taught(lesson: Lesson) -> dict[str, str]:
    """Return for each skill that a lesson asks for in which of its parts it does so first: `part 4, First step`."""
    lesson_run, found = LessonRun(lesson), dict[str, str]()
    for index, activity in enumerate(lesson.activities):
        title = lesson.title_of(activity.id)
        part = f"part {index + 1}" + (f", {title}" if title else "")
        skills: Iterable[str] = activity.practised
        if activity.step_groups_in_passes:
            skills = [one.skill for number in activity.span for one in lesson_run.questions(index, number)]
        for skill in skills:
            found.setdefault(skill, part)
    return found


@dataclass(frozen=True, slots=True)
class Result:
    """What a test came to: how many of its questions were right, and the skills of the others, each once."""

    right: int
    of: int
    missed: tuple[str, ...] = ()

    @property
    def is_passed(self) -> bool:
        """Whether enough of a test on a lesson is right."""
        return self.right >= min(TO_PASS, self.of)


def result_of(answers: Iterable[Answered], of: int) -> Result:
    """Return what the answers to a test of so many questions come to; the first answer to each counts."""
    first: dict[str, tuple[bool, str]] = {}
    for answered in answers:
        first.setdefault(answered.question, (answered.verdict in _RIGHT and answered.hint_level == 0, answered.skill))
    missed = dict.fromkeys(skill for is_right, skill in first.values() if not is_right and skill)
    return Result(sum(is_right for is_right, _ in first.values()), of, tuple(missed))


def result_of_session(session: Session) -> Result:
    """Return what a test has come to so far."""
    answers = session.answers
    right = {one.question for one in answers.attempts if one.judgement.is_right} - answers.revealed
    skills = [(question.id, question.skill) for question in session.lesson_run.questions_of_round]
    missed = dict.fromkeys(skill for id, skill in skills if id not in right and answers.is_settled(id))
    return Result(len(right), len(skills), tuple(missed))


_RIGHT = ("correct", "convention")


def result_in_words(test: Test, result: Result) -> list[str]:
    """Return what is said at the end of a test, a sentence or two a line."""
    lines, missed = [f"{result.right} of {result.of} right."], result.missed
    if test.lesson:
        if result.is_passed:
            lines.append(f"You know this lesson: it counts as done.{' One look would not hurt:' if missed else ''}")
        else:
            lines.append(f"{min(TO_PASS, result.of)} are wanted, so this lesson is worth your while. Look at:")
        for skill in missed:
            where = test.where.get(skill, "")
            lines.append(f"{in_words(skill)}{f': {where}' if where else ''}")
        return lines
    if missed:
        lines.append(f"Look at these again: {', '.join(map(in_words, missed))}.")
    if test.before is None:
        lines.append("Take the quiz again when you have been through the course, to see what you gained.")
    else:
        by = result.right - test.before
        lines.append(f"The first time it was {test.before} of {result.of}: {'+' if by >= 0 else '−'}{abs(by)}.")
    return lines


def _test(kind: str, title: str, seed: int, asked: Iterable[tuple[Skill, tuple[ExerciseTemplate, ...]]]) -> Lesson:
    asked = list(asked)
    skills = tuple(dict.fromkeys(skill for skill, _ in asked))
    lesson = Lesson(f"{ROUND_PREFIX}{kind}:{seed}", title, "", (), skills, {}, (), Prose())
    for number, (skill, templates) in enumerate(asked):
        walk, entry = as_walk(str(number + 1), skill, seed * 1000 + number, templates)
        lesson = replace(
            lesson,
            networks={**lesson.networks, walk.id: entry},
            activities=(*lesson.activities, replace(walk, unaided=True)),
        )
    return lesson
