"""Practice without end: rounds of questions on a skill or a mix, with numbers that hide no mistake.

Numbers are drawn by rejection until the question is fair. A seed repeats a round exactly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.course.lesson import Lesson
from nn_tutor.course.prose import Prose
from nn_tutor.tutor.dots import FULL, weakest
from nn_tutor.tutor.exercises import TEMPLATES, ExerciseTemplate, as_walk, templates_taught_by
from nn_tutor.tutor.lesson_run import ROUND_PREFIX, LessonRun
from nn_tutor.tutor.mastery import Answered, evidence_of
from nn_tutor.tutor.whole_pass import NAME as WHOLE_PASS
from nn_tutor.tutor.whole_pass import whole_pass, whole_passes
from nn_tutor.walkthrough.skills import BASIC_SKILLS, SKILLS, Skill, in_words

if TYPE_CHECKING:
    from nn_tutor.course.activities.walk import Walk
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.tutor.session import Session

ROUND = 6
"""How many questions a round begins with."""

MAX_IN_ROUND = 12
"""A round has so many exercises at the most: what is not mastered by then is for another day."""

Dots = Mapping[str, int]
"""How well skills are mastered, from 0 to `FULL`."""

_NO_DOTS: Dots = MappingProxyType({})

NOTHING_MET = "Practice asks what the lessons have taught you. Begin with lesson 2: nn-tutor start one-weight-by-hand"
"""What is said where nothing has been met yet."""

MIX, DUE = "mix", "due"
LEFT = "left"
"""Rounds of everything and of what is due; and the one that was left in the middle."""

OTHER_SPELLINGS: dict[str, Skill] = {"dL_do": "∂L/∂o", "dL/do": "∂L/∂o", "dz_dw": "∂z/∂w", "dz/dw": "∂z/∂w"}
"""How skills with ∂ in their names may be typed."""


def practice_id(skill: str, seed: int) -> str:
    """Return the id of a round: `practice:update:7`."""
    return f"{ROUND_PREFIX}{skill}:{seed}"


def parse_practice_id(text: str) -> tuple[str, int]:
    """Read the id of a round; raises ValueError with what to write."""
    match = re.fullmatch(r"practice:(.+):(\d{1,9})", text)
    skill = "" if match is None else OTHER_SPELLINGS.get(match[1], match[1])
    if match is None or skill not in (*SKILLS, MIX):
        raise ValueError(f"write practice:SKILL:SEED, with a whole number and one of {', '.join((*SKILLS, MIX))}")
    return skill, int(match[2])


Met = Mapping[Skill, tuple[ExerciseTemplate, ...]]
"""The skills that a learner has met, each with the kinds of exercise on networks that they have met."""


def round_of(
    skill: str, seed: int, skills: Sequence[str] = (), count: int = ROUND, met: Met | None = None, dots: Dots = _NO_DOTS
) -> Lesson:
    """Return a round of practice of a skill, of a mix of all, or of the `skills` that are named.

    Of what was `met` alone, or has `dots` from somewhere else, the skills with the fewest `dots` first; without it of
    everything. A skill that is asked for by its name is practised whatever was met. A mix ends with a whole pass.
    """
    return round_with(skill, seed, chosen_skills(skill, seed, skills, count, met, dots), met)


def round_with(skill: str, seed: int, chosen: Sequence[Skill], met: Met | None) -> Lesson:
    """Return the round that asks for the `chosen` skills, one exercise after the other."""
    lesson = Lesson(practice_id(skill, seed), _title(skill), "", (), tuple(dict.fromkeys(chosen)), {}, (), Prose())
    for number, one in enumerate(chosen):
        lesson = _with_exercise(lesson, one, seed * 1000 + number, _kinds_of(one, skill, met))
    return _with_whole_pass(lesson, seed, TEMPLATES if met is None else met) if skill == MIX else lesson


def extended(session: Session, answers: Sequence[Answered]) -> Session:
    """Return a session of practice with one more exercise of each skill that was missed and is not mastered again.

    A missed skill comes back until three first answers in a row are right and unaided.
    """
    lesson = session.lesson_run.lesson
    is_last = session.place.activity >= len(lesson.activities) - 1
    if not session.lesson_run.is_round or session.lesson_run.test is not None or not is_last:
        return session
    longer = _grown(lesson, answers)
    return session if longer is lesson else session.with_lesson_run(LessonRun(longer, session.lesson_run.disproves))


def regrown(lesson: Lesson, answers: Sequence[Answered]) -> Lesson:
    """Return a round as it had grown by the time it was left: with an exercise more for each that was missed."""
    for count, answered in enumerate(answers, start=1):
        activity = answered.question.removeprefix(f"{lesson.id}/").partition(":")[0].partition("~")[0]
        if activity == lesson.activities[-1].id:
            lesson = _grown(lesson, answers[:count])
    return lesson


def _grown(lesson: Lesson, answers: Sequence[Answered]) -> Lesson:
    """A round with an exercise more of each skill that is to come back."""
    count, seed = _exercises(lesson), int(lesson.id.rpartition(":")[2])
    longer = lesson
    for number, skill in enumerate(_retry_due(answers)[: max(0, MAX_IN_ROUND - count)]):
        again = templates_taught_by(skill, lesson)  # no kind that the round has not
        longer = _with_exercise(longer, skill, seed * 1000 + count + number + 500, again)
    return longer


def _retry_due(answers: Sequence[Answered]) -> list[Skill]:
    """The skills that were missed and have not had three right answers in a row since."""
    streaks: dict[str, int] = {}
    asked: set[str] = set()
    for answered in answers:
        evidence = evidence_of(answered)
        if evidence is None or answered.question in asked:
            continue
        asked.add(answered.question)
        if evidence == "miss":
            streaks[answered.skill] = 0
        elif answered.skill in streaks and evidence == "hit":
            streaks[answered.skill] += 1
        elif answered.skill in streaks:
            streaks[answered.skill] = 0
    return [skill for skill in SKILLS if streaks.get(skill, FULL) < FULL]


def _kinds_of(one: Skill, of: str, met: Met | None) -> tuple[ExerciseTemplate, ...] | None:
    """The kinds of exercise that a round `of` something has for a skill, None for all.

    What no lesson has taught but a network of one's own has asked comes in its simplest kind.
    """
    if met is None or (of == one and one not in met):
        return None
    return met.get(one, TEMPLATES[one][:1])


def chosen_skills(skill: str, seed: int, skills: Sequence[str], count: int, met: Met | None, dots: Dots) -> list[Skill]:
    """Return what a round asks, one skill for each of its exercises."""
    if skill in SKILLS:
        return [one for one in SKILLS if one == skill] * count
    named = [one for one in SKILLS if one in skills]
    known = BASIC_SKILLS if met is None else [one for one in SKILLS if one in met or one in dots]
    among = named or list(known) or list(BASIC_SKILLS)
    order = np.random.default_rng([seed, 99]).permutation(len(among))
    first = None if named else weakest(dots)
    weakest_first = sorted((among[int(place)] for place in order), key=lambda one: (one != first, dots.get(one, 0)))
    return [weakest_first[number % len(among)] for number in range(max(count, len(named)))]


def _title(skill: str) -> str:
    if skill == DUE:
        return "Review"
    return "Practice, mixed" if skill == MIX else f"Practice: {in_words(skill)}"


def _with_exercise(
    lesson: Lesson, skill: Skill, seed: int, templates: tuple[ExerciseTemplate, ...] | None = None
) -> Lesson:
    return _with_walk(lesson, *as_walk(str(_exercises(lesson) + 1), skill, seed, templates))


def _with_whole_pass(lesson: Lesson, seed: int, met: Met) -> Lesson:
    """A round with a whole pass behind its exercises, on a kind of network that was met; none where none was."""
    templates = whole_passes(met)
    return _with_walk(lesson, *whole_pass(seed, templates)) if templates else lesson


def _with_walk(lesson: Lesson, walk: Walk, entry: NetworkWithData) -> Lesson:
    return replace(lesson, networks={**lesson.networks, walk.id: entry}, activities=(*lesson.activities, walk))


def _exercises(lesson: Lesson) -> int:
    """How many exercises a round has, without its whole pass."""
    return sum(activity.id != WHOLE_PASS for activity in lesson.activities)
