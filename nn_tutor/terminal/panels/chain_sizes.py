"""The sizes of the chain table: how wide its columns are, how many lines a row takes, and which rows make a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.judging.cells import cells_of
from nn_tutor.terminal.drawing.ink import Span, width_of
from nn_tutor.terminal.panels.formula_lines import halved
from nn_tutor.terminal.panels.row_heights import COSTS, LEFT_OUT, Texts, laid_out, told_in
from nn_tutor.terminal.panels.shortened import graded_forms

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.tutor.visible import View

QUANTITY, RULE, NUMBERS = "quantity", "rule (SymPy)", "with numbers"

MIN_COLUMN = 1 + max(len(RULE), len(NUMBERS))
"""The cells that rules and numbers keep at least, where there are so many: those of their names."""

VALUE_WIDTH = 13
"""The cells of the column of values."""

MAX_LINES, MAX_WANTED = 3, 2
"""The lines of a row at most for which others give way, and how many times the lines of a table all of its rows may
want for that."""

LINE_COSTS = 0.8
"""What a line of the table costs, where rows of fewer lines tell as much."""


class Widths(NamedTuple):
    """The cells of the columns of names, rules and numbers."""

    names: int
    rule: int
    numbers: int


def texts_of(view: View, refs: Sequence[Ref]) -> Texts:
    """Return what rows are made of."""
    steps = [view.step(ref) for ref in refs]
    return tuple((step.rule or "", step.substituted or "") for step in steps)


def widths_of(view: View, width: int, refs: Sequence[Ref], texts: Texts, rows: int = 0) -> Widths:
    """Return the columns: rules and numbers share the room so that as much as can be is told on `rows` lines."""
    names, room = _names_and_room(view, width, refs)
    rule = _rule_of(texts, room, max(rows, len(texts)))
    return Widths(names, rule, room - rule)


def lowest_of(view: View, width: int, refs: Sequence[Ref], texts: Texts) -> tuple[int, ...]:
    """Return how many lines each row takes at least, nothing left out, in columns that suit them all."""
    names, room = _names_and_room(view, width, refs)
    rule = _lowest_rule_of(texts, room)
    return tuple(true_lines(row, Widths(names, rule, room - rule)) for row in texts)


def _names_and_room(view: View, width: int, refs: Sequence[Ref]) -> tuple[int, int]:
    """The cells of the names, and those that rules and numbers share."""
    names = max([len(QUANTITY), *(width_of((Span(view.step(ref).symbol),)) for ref in refs)]) + 1
    return names, max(16, width - 2 - names - 1 - VALUE_WIDTH - 3)


@lru_cache(maxsize=64)
def _rule_of(texts: Texts, room: int, rows: int) -> int:
    """The cells of the rules, of those that they share with the numbers."""
    usual = _usual(room)

    def costs(rule: int) -> tuple[float, int]:
        heights, untold = laid_out(texts, (rule - 1, room - rule - 1), rows)
        return untold + LINE_COSTS * sum(heights), abs(rule - usual)

    if all(cells_of(rule) < usual and cells_of(numbers) < room - usual for rule, numbers in texts):
        return usual
    return min(_tries(texts, room), key=costs)


@lru_cache(maxsize=64)
def _lowest_rule_of(texts: Texts, room: int) -> int:
    """The cells of the rules with which all rows that can be told take the fewest lines."""
    usual = _usual(room)

    def lines(rule: int) -> tuple[int, int]:
        return sum(told_lines(row, Widths(0, rule, room - rule)) for row in texts), abs(rule - usual)

    return min(_tries(texts, room), key=lines)


def _usual(room: int) -> int:
    """The cells of rules of which none needs more."""
    return room * 45 // 100


def _tries(texts: Texts, room: int) -> set[int]:
    """The cells that rules may get: with each of them something has room."""
    needs = {need for rule, _ in texts for need in _needs_of(rule)}
    needs |= {room - need for _, numbers in texts for need in _needs_of(numbers)}
    usual = _usual(room)
    return {usual, *(width for width in needs if MIN_COLUMN <= width <= room - MIN_COLUMN)}


@lru_cache(maxsize=1024)
def _needs_of(text: str) -> frozenset[int]:
    """The cells of a column that a formula needs, on one line if nothing is left out, or whole on two."""
    told = {cells_of(form) + 1 for grade, form in graded_forms(text) if COSTS[grade] < LEFT_OUT}
    return frozenset({*told, halved(text) + 1})


@lru_cache(maxsize=512)
def told_lines(texts: tuple[str, str], widths: Widths) -> int:
    """Return how many lines a row takes in which a sum may be a Σ and nothing is left out."""
    return max(told_in(text, room - 1) for text, room in zip(texts, widths[1:], strict=True))


def true_lines(texts: tuple[str, str], widths: Widths) -> int:
    """Return the same, and 1 where that is more than others give way to."""
    lines = told_lines(texts, widths)
    return lines if lines <= MAX_LINES else 1


def heights_of(texts: Texts, widths: Widths, rows: int) -> tuple[int, ...]:
    """Return how many lines each row takes, of `rows` for all of them: as many as it needs where none is cut then."""
    return laid_out(texts, (widths.rule - 1, widths.numbers - 1), rows)[0]


def page_of(heights: Sequence[int], rows: int, focus: int) -> tuple[int, int]:
    """Return the rows, from one to another, of the page that a row is on: each begins with a row of the one before.

    So they stay where they are from one step to the next, until the page is turned.
    """
    start = end = 0
    while True:
        while end < len(heights) and sum(heights[start : end + 1]) <= rows:
            end += 1
        end = max(end, start + 1)
        if focus < end:
            break
        start = max(start + 1, end - 1)
    if end == len(heights):
        while start and sum(heights[start - 1 : end]) <= rows:
            start -= 1
    return start, end


def narrow_heights(texts: Sequence[str], width: int, rows: int, focus: int) -> tuple[int, tuple[int, ...]]:
    """Return the first row that is shown of a table of numbers alone, and how many lines each takes from there on.

    Rows far above the one in question give way to what the others are made from, up to a third of them.
    """
    if width < 1:
        return 0, (1,) * len(texts)
    told = [told_in(text, width) for text in texts]
    wanted = [lines if lines <= MAX_LINES else 1 for lines in told]
    start = 0
    while sum(wanted[start:]) > rows and start < min(focus, len(texts) // 3):
        start += 1
    heights = [1] * (len(texts) - start)
    free = rows - len(heights)
    for place, lines in sorted(enumerate(wanted[start:]), key=lambda one: (one[1], -one[0])):
        if 0 < lines - 1 <= free:
            heights[place], free = lines, free - lines + 1
    return start, tuple(heights)
