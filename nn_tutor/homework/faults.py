"""What is wrong with a network that somebody entered: where, what was found, and the mend."""

from __future__ import annotations

from collections.abc import Iterable

from nn_tutor.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: `place` says where in the learner's own words, such as "layer 2, weights, row 1"."""

    place: str
    found: str
    mend: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, "; ".join(filter(None, (self.found, self.mend)))) if part)

    def inside(self, place: str) -> Fault:
        """Return the fault with the place around its own: row 1 becomes "inputs, row 1"."""
        return Fault(", ".join(part for part in (place, self.place) if part), self.found, self.mend)


class HomeworkError(ValueError):
    """A network cannot be read; `faults` say why, all that can be told at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def refused(place: str, found: str, mend: str) -> HomeworkError:
    """Return the error of a single fault."""
    return HomeworkError([Fault(place, found, mend)])
