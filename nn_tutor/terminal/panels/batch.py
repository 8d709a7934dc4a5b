"""The samples of a batch, a row each, with their numbers below each other: what a sum over samples is made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, line, width_of
from nn_tutor.terminal.panels.chain_rows import aligned
from nn_tutor.terminal.view import text_of
from nn_tutor.tutor.visible import Covered

if TYPE_CHECKING:
    from nn_tutor.tutor.batch import Batch, Column

GAP, NARROW = 2, 1
"""Blanks between two columns, and where all of them have room only so."""

SAMPLE = "sample"

MAX_LIT = 4
"""Of more columns that are needed only the names are lit: where nearly everything is, the eye finds nothing."""


def lines_of(batch: Batch) -> int:
    """Return how many lines the whole table takes."""
    return 1 + batch.samples


def draw_batch(batch: Batch, width: int, height: int) -> Drawing:
    """Draw as many columns as have room, the needed ones lit or their names, and the rows around the sample at hand."""
    columns, gap = _fitting(batch, width)
    shown = max(1, height - 1)
    first = 0
    if batch.samples > shown:  # a line says that there are more
        shown = max(1, height - 2)
        first = min(max(0, (batch.row or 0) - shown // 2), batch.samples - shown)
    rows = range(first, min(batch.samples, first + shown))
    needed = [batch.tells_needed and one.column.is_needed for one in columns]
    lights = sum(needed) <= MAX_LIT
    titles = (_title(one, gap, is_lit=is_needed) for one, is_needed in zip(columns, needed, strict=True))
    lit = [is_needed and lights for is_needed in needed]
    drawn = [line(Span(f"  {SAMPLE}", "muted"), *titles), *(_row(batch, columns, lit, gap, row) for row in rows)]
    if len(rows) < batch.samples:
        drawn.append(line(Span(f"  … {batch.samples} samples in all", "muted")))
    return tuple(cut(one, width) for one in drawn[:height])


class _Shaped(NamedTuple):
    """A column, the cells before the decimal point of its numbers, and all of its cells."""

    column: Column
    before: int
    width: int


def _shaped(column: Column) -> _Shaped:
    numerals = [cell for cell in column.cells if isinstance(cell, str)]
    before = max([1, *(len(text.partition(".")[0]) for text in numerals)])
    cells = (aligned(cell, before) if isinstance(cell, str) else text_of(cell) for cell in column.cells)
    return _Shaped(column, before, max(width_of((Span(column.name),)), *map(len, cells)))


def _fitting(batch: Batch, width: int) -> tuple[tuple[_Shaped, ...], int]:
    """The columns that have room, and the gap before each; first those go of which nothing is known, then by rank."""
    kept = [_shaped(column) for column in batch.columns]
    for gap in (GAP, NARROW):
        if _cells(kept, gap) <= width:
            return tuple(kept), gap
    while len(kept) > 1 and _cells(kept, GAP) > width:
        last = max(
            range(len(kept)), key=lambda place: (_is_to_come(kept[place].column), kept[place].column.rank, place)
        )
        del kept[last]
    return tuple(kept), GAP


def _is_to_come(column: Column) -> bool:
    """Whether no number of a column is known yet, or asked."""
    return all(cell is Covered.NOT_YET for cell in column.cells)


def _cells(columns: Sequence[_Shaped], gap: int) -> int:
    """The cells that so many columns take, with that gap before each."""
    return 2 + len(SAMPLE) + sum(gap + one.width for one in columns)


def _title(shaped: _Shaped, gap: int, *, is_lit: bool) -> Span:
    return Span(" " * gap + shaped.column.name.ljust(shaped.width), "muted", is_lit)


def _row(batch: Batch, columns: tuple[_Shaped, ...], lit: Sequence[bool], gap: int, row: int) -> Line:
    is_here = row == batch.row
    head = Span(f"{'▶' if is_here else ' '} {row + 1:>{len(SAMPLE)}}", "accent" if is_here else "muted")
    return (
        head,
        *(_cell(one, gap, row, is_lit=is_lit) for one, is_lit in zip(columns, lit, strict=True)),
    )


def _cell(shaped: _Shaped, gap: int, row: int, *, is_lit: bool) -> Span:
    cell = shaped.column.cells[row]
    text = (aligned(cell, shaped.before) if isinstance(cell, str) else text_of(cell)).ljust(shaped.width)
    return Span(" " * gap + text, _role(shaped.column, cell), is_lit and not isinstance(cell, Covered))


def _role(column: Column, cell: str | Covered) -> Role:
    if isinstance(cell, Covered):
        return "accent" if cell is Covered.ASKED else "muted"
    return "text" if column.ref is None else column.ref.role
