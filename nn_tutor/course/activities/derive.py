"""`derive`: a slope is typed as a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.numbers import one_number, pass_number
from nn_tutor.course.ask import Ask
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.course.picture import Picture
    from nn_tutor.network.quantities import Ref


@dataclass(frozen=True, slots=True)
class Derive(AtOnePass):
    """A slope is typed as a formula."""

    kind: ClassVar[str] = "derive"
    works_numbers_out: ClassVar[bool] = True
    id: str
    slope: Ref
    network: str = ""
    pass_number: int = 1
    picture: Picture | None = None

    def asks_of(self, number: int) -> tuple[Ask, ...]:
        """Return the slope, as a formula."""
        return (Ask("formula", self.slope),)


def read_derivation(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Derive | None:
    """Read the keys of a derivation: `slope`, `pass`."""
    number = pass_number(table)
    slope = one_number(table, "slope", entry, "backward", "dW1[0,0] or dL_do[0,0]")
    return None if slope is None else Derive(activity_id, slope, network, number)
