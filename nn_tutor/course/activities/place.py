"""`place`: the next value of a weight is put on the curve of the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.numbers import accepted, one_number, pass_number
from nn_tutor.course.ask import Ask
from nn_tutor.course.networks import NetworkWithData, has_one_weight
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Ref

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.picture import Picture


@dataclass(frozen=True, slots=True)
class PlaceWeight(AtOnePass):
    """The next value of a weight is put on the curve of the loss, with the arrow keys; `weight` is the new one, `W`."""

    kind: ClassVar[str] = "place"
    works_numbers_out: ClassVar[bool] = True
    id: str
    weight: Ref
    network: str = ""
    pass_number: int = 1
    picture: Picture | None = None
    accept: frozenset[str] = frozenset()

    def asks_of(self, number: int) -> tuple[Ask, ...]:
        """Return the weight, to be put on the curve."""
        return (Ask("place", self.weight),)


def read_placing(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> PlaceWeight | None:
    """Read the keys of a placing: `weight`, `pass`, `accept`."""
    number, accept = pass_number(table), accepted(table)
    if "weight" in table:
        weight = one_number(table, "weight", entry, "update", "W1[0,0]")
    elif entry is None:
        return None  # what is wrong with the network is told there
    elif has_one_weight(entry.network):
        weight = Ref("W", 1, (0, 0))
    else:
        table.wrong("weight", "missing", "name one of the weights of this network, such as W1[0,0]")
        return None
    if weight is None:
        return None
    if weight.quantity != "W":
        table.wrong("weight", f'"{weight}"', "only a weight is put on the curve, such as W1[0,0]")
        return None
    return PlaceWeight(activity_id, weight, network, number, accept=accept)
