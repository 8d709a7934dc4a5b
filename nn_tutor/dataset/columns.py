"""What the columns of a table hold: numbers, labels, text, or nothing that tells one row from another."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tutor.dataclass import dataclass
from nn_tutor.dataset.faults import brief, refuse
from nn_tutor.dataset.reading import Table, is_number

Kind = Literal["number", "label", "text", "counter", "constant", "empty"]
"""Labels are a few texts that come again and again; a counter only numbers the rows."""

MISSING = frozenset({"", "?", "NA", "N/A", "n/a", "null", "NULL"})
"""How files say that a value is missing."""

MAX_LABELS = 12
"""A column of text with more different ones is no list of labels that could be inputs."""

MIN_COUNTED = 8
"""How many rows have to be numbered in order before it is no accident."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column: `cells[row]` are its cells as they stand, "" for a missing one.

    `values[row]` are its numbers, None for a missing one; a column of labels or text has no values at all.
    """

    name: str
    kind: Kind
    cells: tuple[str, ...]
    values: tuple[float | None, ...] = ()
    missing: int = 0

    @property
    def holds_numbers(self) -> bool:
        """Whether its cells are numbers, all that are not missing."""
        return bool(self.values)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The different values in order, as text; of numbers as they are written first."""
        if not self.values:
            return tuple(sorted({cell for cell in self.cells if cell}))
        found: dict[float, str] = {}
        for value, cell in zip(self.values, self.cells, strict=True):
            if value is not None:
                found.setdefault(value, cell.strip())
        return tuple(found[value] for value in sorted(found))

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """Its numbers as an array, NaN for a missing one."""
        return np.array(self.values, dtype=np.float64)

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """Which of its labels each row holds, from 0; −1 for a missing one."""
        if not self.values:
            of_label = {label: place for place, label in enumerate(self.labels)}
            return np.array([of_label.get(cell, -1) for cell in self.cells])
        of_value = {value: place for place, value in enumerate(sorted({v for v in self.values if v is not None}))}
        return np.array([-1 if value is None else of_value[value] for value in self.values])


def columns_of(table: Table) -> tuple[Column, ...]:
    """Return what each column holds; raises `DataError` for a cell that does not belong to its column."""
    return tuple(_column(table, name, cells) for name, cells in zip(table.names, table.columns, strict=True))


def _column(table: Table, name: str, cells: tuple[str, ...]) -> Column:
    plain = _plain_numbers(cells)
    if plain is not None:
        return _of_numbers(name, cells, plain, 0)
    stripped = map(str.strip, cells)
    cells = tuple("" if cell in MISSING else cell for cell in stripped)
    present = [cell for cell in cells if cell]
    missing = len(cells) - len(present)
    if not present:
        return Column(name, "empty", cells, missing=missing)
    values = _numbers(table, name, cells, present)
    if values is None:
        different = len(set(present))
        text: Kind = "constant" if different == 1 else "label" if different <= MAX_LABELS else "text"
        return Column(name, text, cells, missing=missing)
    return _of_numbers(name, cells, values, missing)


def _of_numbers(name: str, cells: tuple[str, ...], values: tuple[float | None, ...], missing: int) -> Column:
    known = tuple(value for value in values if value is not None) if missing else values
    is_one = known.count(known[0]) == len(known)
    return Column(name, "constant" if is_one else "counter" if _counts(values) else "number", cells, values, missing)


def _numbers(table: Table, name: str, cells: tuple[str, ...], present: list[str]) -> tuple[float | None, ...] | None:
    """The numbers of a column, None where it holds text; raises `DataError` where a few cells are none."""
    written = sum(map(is_number, present))
    if 2 * written <= len(present):
        return None
    has_commas = any("," in cell for cell in present if is_number(cell))
    values: list[float | None] = []
    for line, cell in zip(table.lines, cells, strict=True):
        if not cell:
            values.append(None)
            continue
        if not is_number(cell):
            _refuse_cell(table, name, line, cell)
        if has_commas and ("," if table.separator == "," else ".") in cell:
            _refuse_comma(table, name, line, cell)
        value = float(cell.replace(",", ".").replace("−", "-"))
        if not math.isfinite(value):
            refuse(table.file, f"{brief(cell)} is too large a number", "write a smaller one", line=line, column=name)
        values.append(value)
    return tuple(values)


def _plain_numbers(cells: tuple[str, ...]) -> tuple[float | None, ...] | None:
    """The numbers of a column in which none is missing and all are written as usual: quickly, None for any other."""
    try:
        values = tuple(map(float, cells))
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) and "_" not in "".join(cells) else None


def _counts(values: tuple[float | None, ...]) -> bool:
    """Whether a column only numbers the rows, from 0 or 1 on."""
    first = values[0]
    if first not in (0.0, 1.0) or len(values) < MIN_COUNTED:
        return False
    return all(value == first + place for place, value in enumerate(values))


def _refuse_cell(table: Table, name: str, line: int, cell: str) -> None:
    is_nothing = cell.lower().lstrip("+-−") in ("nan", "inf", "infinity")
    found = f'"{brief(cell)}" {"is nothing to calculate with" if is_nothing else "is not a number, as the others are"}'
    mend = "empty the cell if the value is missing, and its row is left out; or leave the column out: --without"
    refuse(table.file, found, mend if is_nothing else f"correct it, or {mend}", line=line, column=name)


def _refuse_comma(table: Table, name: str, line: int, cell: str) -> None:
    if table.separator == ",":
        mend = "write it with a point, or separate the cells with semicolons and keep the commas"
        refuse(table.file, f'"{brief(cell)}" has a comma before its decimals', mend, line=line, column=name)
    found = f'"{brief(cell)}" has a point, where other numbers of the column have a comma'
    refuse(table.file, found, "write all of them one way", line=line, column=name)
