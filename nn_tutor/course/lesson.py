"""What a lesson is once it is loaded: networks with their data, activities in order, and prose. Frozen, no NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nn_tutor.course.activities.practise import Exercise, Practise
from nn_tutor.course.prose import Prose
from nn_tutor.dataclass import dataclass
from nn_tutor.network.conventions import Conventions

if TYPE_CHECKING:
    from nn_tutor.course.activities.kinds import Part
    from nn_tutor.course.networks import NetworkWithData

Purpose = Literal["lesson", "homework"]


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """A lesson; `networks[""]` is the one called [network] in its file.

    `purpose` is "homework" where its numbers were given, not chosen: unfair ones are warned of, not refused, and an
    answer in another convention is no mistake. All its networks hold the `conventions` too.
    """

    id: str
    title: str
    summary: str
    requires: tuple[str, ...]
    skills: tuple[str, ...]
    networks: Mapping[str, NetworkWithData]
    activities: tuple[Part, ...]
    prose: Prose
    path: Path = field(default_factory=Path)
    purpose: Purpose = "lesson"
    conventions: Conventions = field(default_factory=Conventions)

    @property
    def in_exercises(self) -> Lesson:
        """The lesson in which each practice has become its exercises, each with the words of the whole.

        Their numbers are still to be drawn. A lesson without practice is itself.
        """
        activities: list[Part] = []
        sections = dict(self.prose.sections)
        for activity in self.activities:
            if not isinstance(activity, Practise):
                activities.append(activity)
                continue
            activities += (Exercise(name, activity, number) for number, name in enumerate(activity.exercises))
            if activity.id in sections:
                words = sections[activity.id]
                sections.update((name, replace(words, anchor=name)) for name in activity.exercises)
        if len(activities) == len(self.activities):
            return self
        return replace(self, activities=tuple(activities), prose=Prose(self.prose.introduction, sections))

    def part(
        self, lesson_id: str, title: str, networks: Mapping[str, NetworkWithData], activities: tuple[Part, ...]
    ) -> Lesson:
        """Return a lesson without words that is taken out of this one: judged and written as it is."""
        return Lesson(
            lesson_id,
            title,
            "",
            (),
            (),
            networks,
            activities,
            Prose(),
            purpose=self.purpose,
            conventions=self.conventions,
        )

    def title_of(self, activity: str) -> str:
        """Return the title of an activity by its id: that of its words, or of the first ones on its passes, else "".

        An exercise `practice.1` has the title of the practice that it belongs to.
        """
        own = self.prose.section_for(activity)
        if own is not None:
            return own.title
        on_passes = (section for anchor, section in self.prose.sections.items() if anchor.startswith(f"{activity}:"))
        first = next(on_passes, None)
        whole = activity.rpartition(".")[0]
        return first.title if first is not None else self.title_of(whole) if whole else ""

    def passes_walked(self, network: str) -> int:
        """Return the last pass of a network that the lesson walks, 1 where it walks none."""
        walks = [activity for activity in self.activities if activity.step_groups_in_passes]
        return max((walk.span[-1] for walk in walks if walk.network == network), default=1)
