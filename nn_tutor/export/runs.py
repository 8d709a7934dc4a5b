"""Which passes of which networks a lesson shows: what is printed of it, and what its programs hold their numbers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.network.training import StoppedError, Timeline

if TYPE_CHECKING:
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Data, Network
    from nn_tutor.tutor.lesson_run import LessonRun


@dataclass(frozen=True, eq=False, slots=True)
class Run:
    """One network of a lesson in motion: its name ("" for the main one), and the passes of it that are shown."""

    name: str
    network: Network
    data: Data
    passes: tuple[Pass, ...]

    @property
    def rows(self) -> int:
        """How many samples a pass sees, at the most."""
        return self.network.max_rows(len(self.data.inputs))

    @property
    def is_batched(self) -> bool:
        """Whether a pass sees only some of the samples, or all in an order of its own."""
        is_drawn = self.network.shuffle and self.network.batching != "full"
        return is_drawn or self.rows < len(self.data.inputs)

    @property
    def is_varying(self) -> bool:
        """Whether the last batch of an epoch is shorter than the others."""
        return not self.network.drop_last and len(self.data.inputs) % self.rows != 0


def runs_of(lesson_run: LessonRun) -> tuple[Run, ...]:
    """Return the networks of a lesson in their order, each with the passes that some activity shows.

    A training run counts with its last pass. Of a network that no activity shows the first pass is taken; a network
    whose first pass cannot be computed is left out.
    """
    shown: dict[str, set[int]] = {name: set() for name in lesson_run.lesson.networks}
    for place, activity in enumerate(lesson_run.lesson.activities):
        if activity.network not in shown or not activity.span:
            continue
        try:
            reach = lesson_run.reach(place)
        except StoppedError:
            continue
        shown[activity.network] |= {reach.last} if activity.is_run else set(range(reach.first, reach.last + 1))
    runs = []
    for name, numbers in shown.items():
        entry = lesson_run.lesson.networks[name]
        passes = _passes(Timeline(entry.network, entry.data), sorted(numbers | {1}))
        if passes:
            runs.append(Run(name, entry.network, entry.data, passes))
    return tuple(runs)


def _passes(timeline: Timeline, numbers: list[int]) -> tuple[Pass, ...]:
    """The passes with these numbers, as far as the run comes."""
    found = []
    for number in numbers:
        try:
            found.append(timeline.at(number))
        except StoppedError:
            break
    return tuple(found)
