"""The matrix form: one line a quantity with its rule in matrices, and the matrix at hand in brackets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.quantities import TABLE, Quantity, Ref, shape_of, stands_transposed
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line, padded, width_of
from nn_tutor.terminal.panels.operation import draw_operation, text_of_cell
from nn_tutor.terminal.view import text_of

if TYPE_CHECKING:
    from nn_tutor.tutor.visible import View

MAX_COLUMNS = 8

HEADINGS = "  quantity     rule (SymPy), for all its numbers at once", "  quantity     rule (SymPy)"

MIN_TABLE = 3
"""The lines that the quantities keep above the operation at hand, with their heading and a rule."""


def draw_matrices(view: View, width: int, height: int) -> Drawing:
    """Draw the quantities of the pass in matrix form with the one at hand marked, and its numbers below."""
    quantities = view.quantities
    here = (view.focus.quantity, view.focus.layer)
    grid = draw_operation(view, width, max(height // 2, height - MIN_TABLE)) or _grid(
        view, width, max(2, height // 2, height - 3 if _rows(view) <= height - 3 else 0)
    )
    rows = max(1, height - len(grid) - 2)
    first = min(max(0, quantities.index(here) - rows // 2), max(0, len(quantities) - rows))
    table = [_row(view, quantity, width) for quantity in quantities[first : first + rows]]
    said = next((one for one in HEADINGS if len(one) <= width), HEADINGS[-1])
    heading = line(Span(said, "muted"))
    table += [()] * (rows - len(table))
    return (cut(heading, width), *table, line(Span("─" * width, "border")), *grid)


def _row(view: View, quantity: tuple[Quantity, int | None], width: int) -> Line:
    row = view.matrix_row(*quantity)
    return cut(
        line(
            Span("▶ " if row.is_here else "  ", "accent"),
            *padded((Span(row.symbol, TABLE[row.quantity].role, row.is_here),), 12),
            Span(" "),
            Span(text_of(row.rule), "text", row.is_here),
        ),
        width,
    )


def _rows(view: View) -> int:
    """How many rows the matrix at hand has; a vector is one."""
    return math.prod(_shape(view)[:-1])


def _shape(view: View) -> tuple[int, ...]:
    """The lengths of the quantity at hand as it stands on the screen: rows, then columns."""
    shape = shape_of(view.network, view.samples, view.focus.quantity, view.focus.layer)
    return shape[::-1] if stands_transposed(view.network, view.focus.quantity) else shape


def _grid(view: View, width: int, height: int) -> Drawing:
    """The numbers of the quantity at hand, in brackets, those in question lit."""
    focus = view.focus
    shape = _shape(view)
    if not shape:
        return (line(Span("  L = ", "loss"), Span(text_of(view.value(focus)), "strong", True)),)
    is_turned = stands_transposed(view.network, focus.quantity)
    indices = [index[::-1] if is_turned else index for index in np.ndindex(*shape)]
    per_row = shape[-1]
    lines: list[list[tuple[int, ...]]] = [indices[start : start + per_row] for start in range(0, len(indices), per_row)]
    at = next((place for place, row in enumerate(lines) if focus.index in row), 0)
    first = min(max(0, at - height // 2), max(0, len(lines) - height))
    cell = max(len(numeral(-1.2345)), 8) + 2
    columns = min(per_row, MAX_COLUMNS, max(1, (width - 8) // cell))
    drawn = []
    for row in lines[first : first + height]:
        spans: list[Span] = [Span("  [ ", "muted")]
        for index in row[:columns]:
            ref = Ref(focus.quantity, focus.layer, index)
            lit = ref == focus
            text = text_of_cell(view.cell(ref), lit)
            spans.append(Span(text.rjust(cell - 1) + " ", focus.role if lit else "text", lit, ref=ref))
        spans.append(Span("… ]" if columns < per_row else "]", "muted"))
        drawn.append(tuple(spans))
    if len(drawn) < len(lines):
        last = first + len(drawn)
        parts = (f"  rows {first + 1} to {last} of {len(lines)}", f" {first + 1}–{last}/{len(lines)}", "")
        part = next(text for text in parts if not text or width_of(drawn[-1]) + len(text) <= width)
        drawn[-1] = line(*drawn[-1], Span(part, "muted"))
    return tuple(drawn)
