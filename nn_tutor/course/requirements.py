"""What lessons require of each other: every required lesson is there, and none requires itself in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nn_tutor.course.findings import Finding
from nn_tutor.course.lesson import Lesson


def unmet(lessons: Sequence[Lesson], known: frozenset[str]) -> list[Finding]:
    """Return a finding for each required lesson that is not there, and one for each circle.

    `known` are ids of lessons that are there besides.
    """
    findings = []
    by_id = {lesson.id: lesson for lesson in lessons}
    seen: set[str] = set()
    for lesson in lessons:
        file = str(lesson.path / "lesson.toml")
        if lesson.id in seen:
            findings.append(
                Finding(file, "id", f'"{lesson.id}" stands in another lesson too', "ids are never reused", "id-twice")
            )
        seen.add(lesson.id)
        for required in lesson.requires:
            if required not in by_id and required not in known:
                mend = "name the id of a lesson, as in nn-tutor list"
                findings.append(
                    Finding(file, "requires", f'"{required}", which is no lesson', mend, "requirement-missing")
                )
        if _comes_back(lesson.id, by_id):
            mend = "take one of the requirements out"
            findings.append(
                Finding(file, "requires", f'"{lesson.id}" requires itself in a circle', mend, "requirement-circle")
            )
    return findings


def _comes_back(start: str, by_id: Mapping[str, Lesson]) -> bool:
    reached: set[str] = set()
    ahead = list(by_id[start].requires)
    while ahead:
        lesson = ahead.pop()
        if lesson == start:
            return True
        if lesson not in reached and lesson in by_id:
            reached.add(lesson)
            ahead += by_id[lesson].requires
    return False
