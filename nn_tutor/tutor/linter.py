"""The linter of teaching: whether the questions of a lesson are fair, its hints keep the answer, and its pages fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.course.findings import Finding
from nn_tutor.judging.fairness import alike
from nn_tutor.network.training import StoppedError
from nn_tutor.tutor.keymap import KEYS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.linting import finding, lint_skills
from nn_tutor.tutor.stations.base import Arrival
from nn_tutor.tutor.stations.kinds import enter

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.lesson import Lesson

MAX_NOTED = 10
"""How many further passes of a walk are looked through for notes."""


def lint(lesson: Lesson, deriver: Deriver) -> list[Finding]:
    """Return what is wrong with the teaching of a lesson that can be walked."""
    lesson_run = LessonRun(lesson)
    found = list(lint_skills(lesson, "skills", lesson.skills))
    for index in range(len(lesson.activities)):
        try:
            found.extend(enter(Arrival(lesson_run, index)).lint(deriver))
        except StoppedError:
            continue  # that is told already
    return [*found, *_keys_in_prose(lesson)]


def notes(lesson: Lesson) -> list[Finding]:
    """Return what is no fault, but good to know: mistakes that a question cannot tell apart."""
    lesson_run, found = LessonRun(lesson), []
    for index, activity in enumerate(lesson.activities):
        if not activity.step_groups_in_passes:
            continue
        reach = lesson_run.reach(index)
        for number in range(reach.first, min(reach.last, reach.first + MAX_NOTED) + 1):
            for question in lesson_run.questions(index, number):
                if question.kind != "number":
                    continue
                known = lesson_run.known(index, number, question.ref, question.kind)
                groups = "; ".join(" or ".join(group) for group in alike(known, question.scale))
                if groups:
                    file = str(lesson.path / "lesson.toml")
                    found.append(
                        Finding(file, f"activity[{index}].ask", f"{question.id}: either {groups}", "", "either-or")
                    )
    return found


def _keys_in_prose(lesson: Lesson) -> Iterator[Finding]:
    """Yield the keys that the words tell to press, and that do nothing."""
    labels = {word.lower() for key in KEYS for word in (*key.label.split(), *key.names)}
    for section in (lesson.prose.introduction, *lesson.prose.sections.values()):
        text = "".join(part for part in section.parts if isinstance(part, str))
        for match in _PRESSED.finditer(text):
            named = match["key"] or match["other"]
            if named.lower() not in labels:
                where = f"{{#{section.anchor}}}" if section.anchor else ""
                found = f'the key "{named}", which does nothing'
                yield finding(lesson, where, "unknown-key", found, "F1 lists the keys", "lesson.md")


_PRESSED = re.compile(
    r"\b[Pp]ress(?:es|ing)?\s+(?:the\s+)?(?:\*\*|`)(?P<key>[^*`\s]{1,12})(?:\*\*|`)|\b(?P<other>F\d{1,2}|Ctrl\+\w+)\b"
)
