"""`practice`: exercises with fresh numbers inside a lesson, and one of them before it has its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import Common
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.course.picture import Picture

MAX_QUESTIONS = 10


@dataclass(frozen=True, slots=True)
class Practise(Common):
    """Exercises of some skills, one after the other, whose numbers `seed` draws."""

    kind: ClassVar[str] = "practice"
    id: str
    skills: tuple[str, ...]
    questions: int = 3
    seed: int = 0
    network: str = ""
    picture: Picture | None = None

    @property
    def exercises(self) -> tuple[str, ...]:
        """An id for each of its questions."""
        return tuple(f"{self.id}.{number}" for number in range(1, self.questions + 1))

    @property
    def practised(self) -> tuple[str, ...]:
        """The skills that it draws from."""
        return self.skills


@dataclass(frozen=True, slots=True)
class Exercise(Common):
    """One exercise of a practice, the `number`-th from 0, before its numbers are drawn: then it is a walk."""

    kind: ClassVar[str] = "practice"
    step_groups_in_passes: ClassVar[bool] = True
    picture: ClassVar[None] = None
    id: str
    practice: Practise
    number: int

    @property
    def network(self) -> str:
        """The name that its network will have: its own."""
        return self.id

    @property
    def exercise(self) -> bool:
        """That it is an exercise."""
        return True


def read_practice(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Practise:
    """Read the keys of practice: `skills`, `questions`, `seed`."""
    skills = table.texts("skills")
    if not skills:
        table.wrong("skills", "none", 'name at least one skill, such as skills = ["update"]')
    return Practise(
        activity_id, skills, table.whole("questions", 3, least=1, most=MAX_QUESTIONS), table.whole("seed", 0), network
    )
