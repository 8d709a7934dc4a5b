"""The panel of a pass of one's own: what the pass starts from, and below it what the learner has found so far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nn_tutor.calculus.names import matrix_name
from nn_tutor.network.quantities import Quantity, Ref, elements, has_rows, shape_of, stands_transposed
from nn_tutor.terminal.drawing.blocks import Block, draw_block, set_in_rows
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, line, padded, width_of
from nn_tutor.terminal.panels.given import given_drawings
from nn_tutor.terminal.view import ASKED, text_of
from nn_tutor.tutor.visible import Covered, View
from nn_tutor.walkthrough.questions import make_question

GIVEN, YOURS, SO_FAR = "  given  ", "  yours  ", "  so far "
"""What stands before a part."""


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


def draw_so_far(view: View, width: int, height: int) -> Drawing:
    """Draw what a walk with a covered table has come to: the numbers that are given, known or asked, and no rule.

    Where there is little room the given ones stand in rows; nothing where they have no room either.
    """
    found = list(_found(view, frozenset(ref for ref in view.refs if ref in view.known or ref in view.asked)))
    below = _headed(SO_FAR, _stacked(found)) if found else ()
    in_rows = _headed(GIVEN, set_in_rows(_needed(view), width - len(GIVEN), hanging=True))
    given = (_headed(GIVEN, _stacked(list(_given_entries(view)))), in_rows) if _has_single_numbers(view) else ()
    tries = (*((*one, (), *below) if below else one for one in given), below, *given[1:])
    sheet = next((one for one in tries if len(one) <= height), ())
    return tuple(cut(one, width) for one in sheet)


def _has_single_numbers(view: View) -> bool:
    return view.network.is_scalar and view.samples == 1


def _sheet(view: View, width: int, height: int) -> Drawing:
    """The whole sheet, with room at its right for how many lines are out of sight, if any are."""
    sheet = _whole_sheet(view, width, height)
    return sheet if len(sheet) <= height else _whole_sheet(view, width - MARK, height)


MARK = 6
"""The cells that say how many lines are out of sight."""


def _whole_sheet(view: View, width: int, height: int) -> Drawing:
    """What is given, and below it what was found and is to be found.

    Where there are lines enough each number has its own, with its name in words, and a blank one behind it.
    """
    room = width - len(GIVEN)
    above = _headed(GIVEN, set_in_rows(given_drawings(view), room, hanging=True))
    found = list(_found(view))
    listed = _stacked(found)
    one_by_one = _headed(GIVEN, _stacked(list(_given_entries(view)))) if _has_single_numbers(view) else ()
    if one_by_one and len(one_by_one) + 1 + len(listed) <= height:
        above = one_by_one
        if 2 * (len(above) + len(listed)) - 1 <= height:
            above = _spaced(above)
    if len(above) + 2 * len(listed) <= height and len(listed) == len(found):
        listed = _spaced(listed)
    if len(above) + 1 + len(listed) > height:
        drawings = [_stacked([one], with_words=False) for one in found]
        listed = set_in_rows(drawings, room, hanging=True)
    below = _headed(YOURS, listed)
    air = ((),) if len(above) + len(below) < height else ()
    return (*above, *air, *below)


def _spaced(rows: Drawing) -> Drawing:
    return tuple(one for row in rows for one in ((), row))[1:]


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


class _Entry(NamedTuple):
    """A single number on the sheet: its name, the number, and what it is in words."""

    name: str
    role: Role
    cell: Span
    words: str
    lit: bool = False


def _found(view: View, among: frozenset[Ref] | None = None) -> Iterator[_Entry | Drawing]:
    """Yield every quantity that the pass is about, or those with one `among` some: single numbers, and matrices."""
    for quantity, layer in dict.fromkeys((ref.quantity, ref.layer) for ref in view.refs):
        own = [ref for ref in view.refs if (ref.quantity, ref.layer) == (quantity, layer)]
        if among is not None and among.isdisjoint(own):
            continue
        shape = shape_of(view.network, view.samples, quantity, layer)
        whole = list(elements(view.network, view.samples, quantity, layer))
        if len(shape) in (1, 2) and len(own) == len(whole) > 1:
            yield draw_block(_block(view, quantity, layer, shape))
            continue
        for ref in own:
            if among is None or ref in among:
                yield _Entry(view.step(ref).symbol, ref.role, _cell(view, ref), _in_words(view, ref), ref == view.focus)


def _in_words(view: View, ref: Ref) -> str:
    """How the symbol of a number is read."""
    gloss = make_question(view.network, view.passed, "", "number", ref).gloss
    return gloss.partition(": ")[2].replace("“", "").replace("”", "")


def _given_entries(view: View) -> Iterator[_Entry | Drawing]:
    """Yield what a pass of single weights starts from, with a word for each number."""
    for drawing in _needed(view):
        name, value = drawing[0][0], drawing[0][-1]
        words = GIVEN_WORDS.get(name.text[:1], "")
        yield _Entry(name.text.strip(), name.role, value, words) if words and len(drawing) == 1 else drawing


def _needed(view: View) -> Iterator[Drawing]:
    """Yield what a pass starts from, without the learning rate where it takes no step."""
    takes_step = any(ref.phase == "update" for ref in view.refs)
    return (drawing for drawing in given_drawings(view) if takes_step or not drawing[0][0].text.startswith("η"))


GIVEN_WORDS = {"x": "input", "y": "target", "w": "weight", "b": "bias", "η": "learning rate"}


def _stacked(entries: Sequence[_Entry | Drawing], *, with_words: bool = True) -> Drawing:
    """Draw entries below each other: the numbers in a column, and behind them what they are in words."""
    singles = [entry for entry in entries if isinstance(entry, _Entry)]
    names = max((width_of((Span(one.name),)) for one in singles), default=0)
    numbers = max((len(one.cell.text) for one in singles), default=0) + 3
    lines: list[Line] = []
    for entry in entries:
        if not isinstance(entry, _Entry):
            lines += entry
            continue
        name = padded((Span(entry.name, entry.role, entry.lit),), names, 1)
        if with_words and entry.words:
            lines.append((*name, *padded((entry.cell,), numbers), Span(entry.words, "muted")))
        else:
            lines.append((*name, entry.cell))
    return tuple(lines)


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
