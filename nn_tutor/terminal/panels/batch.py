"""The samples of a batch, a row each, with their numbers below each other: what a sum over samples is made from."""

from __future__ import annotations

from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, line, width_of
from nn_tutor.terminal.panels.chain import aligned
from nn_tutor.terminal.view import text_of
from nn_tutor.tutor.batch import Batch, Column
from nn_tutor.tutor.visible import Covered

GAP = 2
"""Blanks between two columns."""

SAMPLE = "sample"


def lines_of(batch: Batch) -> int:
    """Return how many lines the whole table takes."""
    return 1 + batch.samples


def draw_batch(batch: Batch, width: int, height: int) -> Drawing:
    """Draw as many columns as have room, the needed ones lit, and the rows around the sample in question."""
    columns = _fitting(batch, width)
    shown = max(1, height - 1)
    first = 0
    if batch.samples > shown:  # a line says that there are more
        shown = max(1, height - 2)
        first = min(max(0, (batch.row or 0) - shown // 2), batch.samples - shown)
    rows = range(first, min(batch.samples, first + shown))
    heading = line(
        Span(f"  {SAMPLE}", "muted"),
        *(Span(_title(one), "muted", batch.tells_needed and one.is_needed) for one in columns),
    )
    drawn = [heading, *(_row(batch, columns, row) for row in rows)]
    if len(rows) < batch.samples:
        drawn.append(line(Span(f"  … {batch.samples} samples in all", "muted")))
    return tuple(cut(one, width) for one in drawn[:height])


def _row(batch: Batch, columns: tuple[Column, ...], row: int) -> Line:
    is_here = row == batch.row
    head = Span(f"{'▶' if is_here else ' '} {row + 1:>{len(SAMPLE)}}", "accent" if is_here else "muted")
    return (
        head,
        *(_cell(column, row, is_lit=batch.tells_needed and column.is_needed) for column in columns),
    )


def _cell(column: Column, row: int, *, is_lit: bool) -> Span:
    cell = column.cells[row]
    before, width = _shape(column)
    text = (aligned(cell, before) if isinstance(cell, str) else text_of(cell)).ljust(width)
    return Span(" " * GAP + text, _role(column, cell), is_lit and not isinstance(cell, Covered))


def _role(column: Column, cell: str | Covered) -> Role:
    if isinstance(cell, Covered):
        return "accent" if cell is Covered.ASKED else "muted"
    return "text" if column.ref is None else column.ref.role


def _title(column: Column) -> str:
    return " " * GAP + column.name.ljust(_shape(column)[1])


def _shape(column: Column) -> tuple[int, int]:
    """The cells before the decimal point of a column, and all of its cells."""
    numerals = [cell for cell in column.cells if isinstance(cell, str)]
    before = max([1, *(len(text.partition(".")[0]) for text in numerals)])
    cells = (aligned(cell, before) if isinstance(cell, str) else text_of(cell) for cell in column.cells)
    return before, max(width_of((Span(column.name),)), *map(len, cells))


def _fitting(batch: Batch, width: int) -> tuple[Column, ...]:
    """The columns that have room, those of the highest rank left out first."""
    kept = list(batch.columns)
    while len(kept) > 1 and 2 + len(SAMPLE) + sum(GAP + _shape(column)[1] for column in kept) > width:
        last = max(kept, key=lambda column: (column.rank, kept.index(column)))
        kept.remove(last)
    return tuple(kept)
