"""`pull`: which of several rows pulls a weight hardest, that is, adds most to its slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.numbers import pass_number
from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.course.picture import Picture, parameter
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.network.quantities import Ref

MAX_CANDIDATES = 6
"""How many rows are compared at most."""


@dataclass(frozen=True, slots=True)
class Pull(AtOnePass):
    """The row that adds most to ∂L/∂w of one weight is to be found among some rows of a batch.

    `rows` count from 0 in the data; `all_names` say what the rows of a file are called, "sample 3" of no file.
    """

    kind: ClassVar[str] = "pull"
    works_numbers_out: ClassVar[bool] = True
    id: str
    weight: Ref
    rows: tuple[int, ...]
    network: str = ""
    pass_number: int = 1
    all_names: tuple[str, ...] = ()
    picture: Picture | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the rows to compare are called."""
        return tuple(map(self.name_of, self.rows))

    def name_of(self, row: int) -> str:
        """Return what a row of the data is called."""
        return self.all_names[row] if row < len(self.all_names) else f"sample {row + 1}"

    @property
    def noun(self) -> str:
        """What is compared: rows of a file, or samples."""
        return "row" if self.all_names else "sample"


def read_pull(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Pull | None:
    """Read the keys of a comparison of rows: `weight`, `rows` and `pass`."""
    text = table.text("weight", required=True, most=40)
    count = 0 if entry is None else rows_of_pass(entry)
    rows = _rows(table, count)
    number = pass_number(table)
    if not text or entry is None or not rows:
        return None
    try:
        ref = parameter(entry, text)
        if ref.quantity != "W":
            raise ValueError(f"{text} is no weight; write one such as W1[0,0]")
    except ValueError as error:
        table.wrong("weight", f'"{text}"', str(error))
        return None
    return Pull(activity_id, ref, rows, network, number)


def _rows(table: Table, count: int) -> tuple[int, ...]:
    """The rows to compare, from 0: the first few where the table names none."""
    value = table.value("rows")
    if value is None:
        if count == 1:
            table.wrong("rows", "a batch of one row", "give the network a batch of at least 2 rows: there is no choice")
            return ()
        return tuple(range(min(count, MAX_CANDIDATES)))
    mend = f"give 2 to {MAX_CANDIDATES} different rows, counted from 1: rows = [1, 4, 5]"
    if not isinstance(value, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        table.wrong("rows", "that", mend)
        return ()
    if not 2 <= len(value) <= MAX_CANDIDATES or len(set(value)) < len(value):
        table.wrong("rows", f"{value}", mend)
        return ()
    beyond = next((one for one in value if not 1 <= one <= count), None) if count else None
    if beyond is not None:
        table.wrong("rows", f"row {beyond}", f"a pass of this network has rows 1 to {count}")
        return ()
    return tuple(one - 1 for one in value)
