"""The matrix form: one line a quantity with its rule in matrices, and the matrix at hand in brackets."""

from __future__ import annotations

import math

import numpy as np

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.quantities import Ref, shape_of
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line, padded, width_of
from nn_tutor.terminal.panels.chain import ROLES
from nn_tutor.terminal.view import ASKED, NOT_YET, WalkView

MOST_COLUMNS = 8


def draw_matrices(view: WalkView, width: int, height: int) -> Drawing:
    """Draw the quantities of the pass in matrix form with the one at hand marked, and its numbers below."""
    quantities = list(dict.fromkeys((ref.quantity, ref.layer) for stop in view.session.stops for ref in stop.refs))
    here = (view.focus.quantity, view.focus.layer)
    grid = _grid(view, width, max(2, height // 2, height - 3 if _rows(view) <= height - 3 else 0))
    rows = max(1, height - len(grid) - 2)
    first = min(max(0, quantities.index(here) - rows // 2), max(0, len(quantities) - rows))
    table = [_row(view, Ref(*quantity), quantity == here, width) for quantity in quantities[first : first + rows]]
    heading = line(Span("  quantity     rule (SymPy), for all its numbers at once", "muted"))
    table += [()] * (rows - len(table))
    return (cut(heading, width), *table, line(Span("─" * width, "border")), *grid)


def _row(view: WalkView, whole: Ref, here: bool, width: int) -> Line:
    derived = (
        None
        if view.deriver is None
        else view.deriver.derive_matrix(view.network, view.passed, whole.quantity, whole.layer)
    )
    name = f"{whole}" if derived is None else derived.symbol
    covered = here and view.question is not None and not view.shows_rule(view.focus)
    rule = "…" if derived is None else "[?]" if covered else derived.rule
    return cut(
        line(
            Span("▶ " if here else "  ", "accent"),
            *padded((Span(name, ROLES.get(whole.quantity, "gradient"), here),), 12),
            Span(" "),
            Span(rule, "text", here),
        ),
        width,
    )


def _rows(view: WalkView) -> int:
    """How many rows the matrix at hand has; a vector is one."""
    return math.prod(shape_of(view.network, view.rows, view.focus.quantity, view.focus.layer)[:-1])


def _grid(view: WalkView, width: int, height: int) -> Drawing:
    """The numbers of the quantity at hand, in brackets, those in question lit."""
    focus = view.focus
    shape = shape_of(view.network, view.rows, focus.quantity, focus.layer)
    if not shape:
        return (line(Span("  L = ", "loss"), Span(view.text(focus), "strong", True)),)
    indices = list(np.ndindex(*shape))
    per_row = shape[-1]
    lines: list[list[tuple[int, ...]]] = [indices[start : start + per_row] for start in range(0, len(indices), per_row)]
    at = next((place for place, row in enumerate(lines) if focus.index in row), 0)
    first = min(max(0, at - height // 2), max(0, len(lines) - height))
    cell = max(len(numeral(-1.2345)), 8) + 2
    columns = min(per_row, MOST_COLUMNS, max(1, (width - 8) // cell))
    drawn = []
    cells = {question.ref: question.id for question in view.session.questions if question.kind == "number"}
    for row in lines[first : first + height]:
        spans: list[Span] = [Span("  [ ", "muted")]
        for index in row[:columns]:
            ref = Ref(focus.quantity, focus.layer, index)
            text = view.text(ref)
            text = "·" if text == NOT_YET else text
            lit = ref == focus
            cell_question = cells.get(ref)
            if cell_question is not None and ref not in view.known:
                text = f"▸{ASKED}" if lit else ASKED
            elif cell_question is not None and cell_question in view.is_yours:
                text += "✓"
            spans.append(
                Span(text.rjust(cell - 1) + " ", ROLES.get(focus.quantity, "gradient") if lit else "text", lit)
            )
        spans.append(Span("… ]" if columns < per_row else "]", "muted"))
        drawn.append(tuple(spans))
    if len(drawn) < len(lines):
        last = first + len(drawn)
        parts = (f"  rows {first + 1} to {last} of {len(lines)}", f" {first + 1}–{last}/{len(lines)}", "")
        part = next(text for text in parts if not text or width_of(drawn[-1]) + len(text) <= width)
        drawn[-1] = line(*drawn[-1], Span(part, "muted"))
    return tuple(drawn)
