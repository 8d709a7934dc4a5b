"""`read`: a page of prose."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import Common
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.course.picture import Picture


@dataclass(frozen=True, slots=True)
class Read(Common):
    """A page of prose."""

    kind: ClassVar[str] = "read"
    id: str
    network: str = ""
    picture: Picture | None = None


def read_page(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Read:
    """Read the keys of a page: it has none of its own, its words stand in lesson.md."""
    return Read(activity_id, network)
