"""The panel of a pass of one's own: what the pass starts from, and below it what the learner has found so far."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from nn_tutor.calculus.names import matrix_name
from nn_tutor.network.quantities import Quantity, Ref, elements, has_rows, shape_of, stands_transposed
from nn_tutor.terminal.drawing.blocks import Block, draw_block, set_in_rows
from nn_tutor.terminal.drawing.ink import Drawing, Span, beside, cut, line, width_of
from nn_tutor.terminal.panels.given import given_drawings
from nn_tutor.terminal.view import ASKED, text_of
from nn_tutor.tutor.visible import Covered, View

GIVEN, FOUND = " given  ", " yours  "
"""What stands before either part."""


def draw_own_pass(view: View, width: int, height: int, scrolled: int = 0) -> Drawing:
    """Draw what is given as matrices, and what was found: below each other as on a sheet, else in rows.

    Where both are too tall, the part around what is asked is seen, `scrolled` lines further down or up, and its edges
    say how many lines are out of sight.
    """
    sheet = _sheet(view, width, height)
    first = _first_in_sight(sheet, height, scrolled)
    shown = list(sheet[first : first + height])
    for at, sign, hidden in ((0, "↑", first), (-1, "↓", len(sheet) - first - len(shown))):
        if hidden > 0:
            mark = line(Span(f"{sign} {hidden}", "accent"), " ")
            shown[at] = beside(cut(shown[at], width - width_of(mark) - 1), mark, width)
    return tuple(cut(one, width) for one in shown)


def lines_out_of_sight(view: View, width: int, height: int) -> tuple[int, int]:
    """Return how many lines of the sheet stand above and below those that are shown."""
    sheet = _sheet(view, width, height)
    first = _first_in_sight(sheet, height, 0)
    return first, max(0, len(sheet) - first - height)


def _sheet(view: View, width: int, height: int) -> Drawing:
    """The whole sheet: what is given, and below it what was found and is to be found."""
    room = width - len(GIVEN)
    above = _headed(GIVEN, set_in_rows(given_drawings(view), room, hanging=True))
    drawings = list(_found(view))
    stacked = tuple(one for drawing in drawings for one in drawing)
    is_short = len(above) + 1 + len(stacked) <= height
    below = _headed(FOUND, stacked if is_short else set_in_rows(drawings, room, hanging=True))
    air = ((),) if len(above) + len(below) < height else ()
    return (*above, *air, *below)


def _first_in_sight(sheet: Drawing, height: int, scrolled: int) -> int:
    """The first line that is seen: the first of all, as long as the line with what is asked can be seen with it."""
    asked = next((at for at, one in enumerate(sheet) if any("▸" in span.text for span in one)), 0)
    last = max(0, len(sheet) - height)
    first = min(last, max(0, asked + 1 - height))
    return min(last, max(0, first + scrolled))


def _headed(title: str, drawing: Drawing) -> Drawing:
    """A drawing with a title before its first line."""
    heads = (title, *(" " * len(title) for _ in drawing[1:]))
    return tuple(line(Span(head, "muted"), *one) for head, one in zip(heads, drawing, strict=True))


def _found(view: View) -> Iterator[Drawing]:
    """Draw every quantity that the pass is about."""
    for quantity, layer in dict.fromkeys((ref.quantity, ref.layer) for ref in view.refs):
        own = [ref for ref in view.refs if (ref.quantity, ref.layer) == (quantity, layer)]
        shape = shape_of(view.network, view.samples, quantity, layer)
        whole = list(elements(view.network, view.samples, quantity, layer))
        if len(shape) in (1, 2) and len(own) == len(whole) > 1:
            yield draw_block(_block(view, quantity, layer, shape))
            continue
        for ref in own:
            name = view.step(ref).symbol
            yield draw_block(Block(name, ref.role, ((_cell(view, ref),),), lit=ref == view.focus))


def _block(view: View, quantity: Quantity, layer: int | None, shape: tuple[int, ...]) -> Block:
    turned = stands_transposed(view.network, quantity)
    lying = shape[::-1] if turned else shape
    per_row = lying[-1]
    refs = [Ref(quantity, layer, index[::-1] if turned else index) for index in np.ndindex(*lying)]
    cells = tuple(tuple(_cell(view, ref) for ref in refs[at : at + per_row]) for at in range(0, len(refs), per_row))
    labels = tuple(str(row + 1) for row in range(math.prod(lying[:-1])))
    by_sample = has_rows(quantity) and view.samples > 1
    name = matrix_name(view.network, view.samples, quantity, layer)
    return Block(name, refs[0].role, cells, labels if by_sample else (), lit=view.focus in refs)


def _cell(view: View, ref: Ref) -> Span:
    """A number as it may be seen: its value once it is found, a mark at the one in question, a dot before its time."""
    if ref == view.focus and ref not in view.known:
        return Span(f"▸{ASKED}", "accent", lit=True, ref=ref)
    cell = view.cell(ref)
    if cell.is_open:
        return Span(ASKED, "accent", ref=ref)
    if isinstance(cell.value, Covered):
        return Span("·", "muted")
    return Span(text_of(cell.value) + ("✓" if cell.is_yours else ""), "right" if cell.is_yours else "text")
