"""What lessons owe each other: every required lesson is there, none requires itself, and each has an id of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nn_tutor.course.findings import Finding

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
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


def copied(lessons: Sequence[Lesson], shipped: Sequence[Listing]) -> list[Finding]:
    """Return a warning for each lesson that has the id of a shipped one and is another: they would share answers."""
    homes = {listing.id: listing.path for listing in shipped}
    findings = []
    for lesson in lessons:
        home = homes.get(lesson.id)
        if home is not None and lesson.path.resolve() != home.resolve():
            found = f'"{lesson.id}", which is a lesson of the course: what is answered in one counts in the other'
            file = str(lesson.path / "lesson.toml")
            findings.append(Finding(file, "id", found, "give it an id of its own", "shipped-id", level="warning"))
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
