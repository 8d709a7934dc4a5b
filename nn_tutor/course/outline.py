"""A lesson at a glance: its introduction, its parts, what there is to do in them, and about how long it takes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.activities.kinds import Part
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.course.prose import Section

WORDS_PER_MINUTE = 160
"""How fast a page with formulas is read."""

MINUTES = {
    "choose": 0.4,
    "derive": 1.5,
    "hunt": 1.5,
    "nudge": 1.0,
    "place": 1.0,
    "pull": 1.0,
    "read": 0.1,
    "train": 0.7,
    "tune": 1.0,
}
"""The minutes that an activity takes beside the reading of its words, by its kind; walks and practice are counted."""
MINUTES_OF_PASS, MINUTES_OF_QUESTION = 0.3, 0.6
"""The minutes that a walk takes for each pass and for each thing that it asks."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A lesson at a glance: `parts` are the ids of its activities and exercises, `kinds` how many of each kind it has.

    `titles` are those of the parts; exercises share one. The introduction is "" where numbers of a run stand in it.
    """

    introduction: str
    parts: tuple[str, ...]
    titles: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    minutes: int
    skills: tuple[str, ...]

    def done_before(self, part: str) -> float:
        """Return how much of the lesson lies before a part, from 0 to 1."""
        return self._place(part) / len(self.parts) if self.parts else 0.0

    def contents(self, part: str) -> tuple[tuple[str, bool], ...]:
        """Return the titles in their order, and whether each lies before a part."""
        at = self._place(part)
        last = {title: place for place, title in enumerate(self.titles)}
        return tuple((title, place < at) for title, place in last.items() if title)

    def _place(self, part: str) -> int:
        return self.parts.index(part) if part in self.parts else 0


def outline_of(lesson: Lesson) -> Outline:
    """Return a lesson at a glance."""
    prose = lesson.prose
    words = sum(_words(section) for section in (prose.introduction, *prose.sections.values()))
    minutes = words / WORDS_PER_MINUTE + sum(_minutes(activity) for activity in lesson.activities)
    text = "".join(part for part in prose.introduction.parts if isinstance(part, str))
    parts = tuple(part for activity in lesson.activities for part in _parts(activity))
    return Outline(
        introduction="" if any(prose.introduction.placeholders()) else without_title(text),
        parts=parts,
        titles=tuple(map(lesson.title_of, parts)),
        kinds=tuple(Counter(activity.kind for activity in lesson.activities).items()),
        minutes=max(1, round(minutes)),
        skills=lesson.skills,
    )


def without_title(text: str) -> str:
    """Return an introduction without the title of the lesson above it."""
    return text.partition("\n")[2].strip("\n") if text.startswith("# ") else text


def _parts(activity: Part) -> tuple[str, ...]:
    """The ids of what an activity becomes: its exercises, where it is practice."""
    return activity.exercises or (activity.id,)


def _words(section: Section) -> int:
    return sum(len(part.split()) for part in section.parts if isinstance(part, str))


def _minutes(activity: Part) -> float:
    if activity.exercises:
        return len(activity.exercises) * 2 * MINUTES_OF_QUESTION
    if not activity.step_groups_in_passes:
        return MINUTES[activity.kind]
    return sum(MINUTES_OF_PASS + MINUTES_OF_QUESTION * len(activity.asks_of(number)) for number in activity.span)
