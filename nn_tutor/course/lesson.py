"""What a lesson is once it is loaded: networks with their data, activities in order, and prose. Frozen, no NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from nn_tutor.course.ask import Ask
from nn_tutor.course.prose import Prose
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Data, Network

Grain = Literal["factor", "node", "layer", "pass"]
Form = Literal["element", "matrix"]


@dataclass(frozen=True, slots=True)
class NetworkWithData:
    """A network of a lesson with the samples it learns from."""

    network: Network
    data: Data


def rows_of_pass(entry: NetworkWithData) -> int:
    """Return how many samples a pass of the network sees: one with online updates, else all of them."""
    return 1 if entry.network.batching == "online" else len(entry.data.inputs)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice; `why` is the reason that is given when it is chosen, required for a wrong one."""

    text: str
    right: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A page of prose."""

    kind: ClassVar[str] = "read"
    id: str
    network: str = ""


@dataclass(frozen=True, slots=True)
class Choose:
    """A choice of one answer out of several."""

    kind: ClassVar[str] = "choose"
    id: str
    prompt: str
    options: tuple[Option, ...]
    network: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """Passes walked step by step, from `first_pass` on; `asks[n]` are the questions of the n-th of them.

    The last of `asks` holds on for further passes. `table` false keeps the chain table covered. `hints` are the
    lesson's own words for the first two rungs, by quantity. `allow_zero` says that an answer of 0 is the point.
    `only_questions` leaves out the stations where nothing is asked.
    """

    kind: ClassVar[str] = "walk"
    id: str
    network: str = ""
    passes: int = 1
    first_pass: int = 1
    asks: tuple[tuple[Ask, ...], ...] = ()
    grain: Grain = "factor"
    form: Form = "element"
    table: bool = True
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allow_zero: bool = False
    only_questions: bool = False

    @property
    def last_pass(self) -> int:
        """The number of the last pass that is walked."""
        return self.first_pass + self.passes - 1

    def asks_of(self, number: int) -> tuple[Ask, ...]:
        """Return what is asked in pass `number`, counted from the beginning of the run."""
        if not self.asks or not self.first_pass <= number <= self.last_pass:
            return ()
        asks = self.asks[min(number - self.first_pass, len(self.asks) - 1)]
        return tuple(ask for ask in asks if ask.pass_number in (None, number))


@dataclass(frozen=True, slots=True)
class Nudge:
    """One number is moved by ε, and the change above it compared with the slope."""

    kind: ClassVar[str] = "nudge"
    id: str
    slope: Ref
    network: str = ""
    pass_number: int = 1


@dataclass(frozen=True, slots=True)
class Train:
    """Passes run on until the loss is below `to_loss`, `most` of them at the most; `guess` asks first how many."""

    kind: ClassVar[str] = "train"
    id: str
    to_loss: float
    network: str = ""
    first_pass: int = 1
    most: int = 10_000
    guess: bool = False


@dataclass(frozen=True, slots=True)
class PlaceWeight:
    """The next value of a weight is put on the curve of the loss, with the arrow keys; `weight` is the new one, `W`."""

    kind: ClassVar[str] = "place"
    id: str
    weight: Ref
    network: str = ""
    pass_number: int = 1


@dataclass(frozen=True, slots=True)
class Derive:
    """A slope is typed as a formula."""

    kind: ClassVar[str] = "derive"
    id: str
    slope: Ref
    network: str = ""
    pass_number: int = 1


@dataclass(frozen=True, slots=True)
class Hunt:
    """The first wrong line is to be found in a worked pass into which one known mistake was put.

    `mistake` is its id, "" for one that `seed` draws; `ref` the number where it is made, None where it is left open.
    """

    kind: ClassVar[str] = "hunt"
    id: str
    network: str = ""
    pass_number: int = 1
    mistake: str = ""
    ref: Ref | None = None
    seed: int = 0


Activity = Read | Choose | Walk | Nudge | Train | PlaceWeight | Derive | Hunt
AtOnePass = Nudge | PlaceWeight | Derive | Hunt
"""The activities that belong to a single pass, `pass_number`."""


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """A lesson; `networks[""]` is the one called [network] in its file."""

    id: str
    title: str
    summary: str
    requires: tuple[str, ...]
    skills: tuple[str, ...]
    networks: Mapping[str, NetworkWithData]
    activities: tuple[Activity, ...]
    prose: Prose
    path: Path = field(default_factory=Path)

    def passes_walked(self, network: str) -> int:
        """Return the last pass of a network that the lesson walks, 1 where it walks none."""
        walks = [activity for activity in self.activities if isinstance(activity, Walk)]
        return max((walk.last_pass for walk in walks if walk.network == network), default=1)
