"""`nudge`: one number is moved by ε, and the change above it compared with the slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.numbers import one_number, pass_number
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.course.picture import Picture
    from nn_tutor.network.quantities import Ref


@dataclass(frozen=True, slots=True)
class Nudge(AtOnePass):
    """One number is moved by ε, and the change above it compared with the slope."""

    kind: ClassVar[str] = "nudge"
    works_numbers_out: ClassVar[bool] = True
    is_noted: ClassVar[bool] = True
    id: str
    slope: Ref
    network: str = ""
    pass_number: int = 1
    picture: Picture | None = None


def read_nudge(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Nudge | None:
    """Read the keys of a nudge: `slope`, `pass`."""
    number = pass_number(table)
    slope = one_number(table, "slope", entry, "backward", "dW1[0,0] or dL_do[0,0]")
    return None if slope is None else Nudge(activity_id, slope, network, number)
