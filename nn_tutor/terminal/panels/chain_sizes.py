"""The sizes of the chain table: how wide its columns are, how many lines a row takes, and which rows make a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.judging.cells import cells_of
from nn_tutor.terminal.drawing.ink import Span, plain, width_of, wrapped
from nn_tutor.terminal.panels.shortened import forms_of, is_open_ended, least_cells, shortened, told_cells

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.tutor.visible import View

RULE, NUMBERS = "rule (SymPy)", "with numbers"

MIN_COLUMN = 1 + max(len(RULE), len(NUMBERS))
"""The cells that rules and numbers keep at least, where there are so many: those of their names."""

GOES_ON = "  "
"""What stands in a column before the second line of what is too long for it."""

VALUE_WIDTH = 13
"""The cells of the column of values."""

MAX_LINES, MAX_WANTED = 3, 2
"""The lines of a row at most for which others give way, and how many times the lines of a table all of its rows may
want for that."""


LINE_WORTH = 4
"""A line of the table is worth so many entries that are whole."""


class Widths(NamedTuple):
    """The cells of the columns of names, rules and numbers."""

    names: int
    rule: int
    numbers: int


Texts = tuple[tuple[str, str], ...]
"""The rule of each row and its numbers, of what is covered too, so that nothing moves when it is found."""


def texts_of(view: View, refs: Sequence[Ref]) -> Texts:
    """Return what rows are made of."""
    steps = [view.step(ref) for ref in refs]
    return tuple((step.rule or "", step.substituted or "") for step in steps)


def widths_of(view: View, width: int, refs: Sequence[Ref], texts: Texts, rows: int = 0) -> Widths:
    """Return the columns: rules and numbers share the room so that as little as can be is cut.

    Where the table has so many `rows` that all can be written whole, none of them is torn into more lines than it must.
    """
    names = max([9, *(width_of((Span(view.step(ref).symbol),)) for ref in refs)]) + 2
    room = max(16, width - 2 - names - 1 - VALUE_WIDTH - 3)
    rule = _untorn(texts, room, rows, _rule_of(texts, room))
    return Widths(names, rule, room - rule)


@lru_cache(maxsize=64)
def _untorn(texts: Texts, room: int, rows: int, usual: int) -> int:
    """The cells of the rules at which the longest row takes the fewest lines, if all have room then; else as usual."""

    def lines(rule: int) -> tuple[int, int, int, int]:
        columns = (rule - 1, room - rule - 1)
        parts = [[len(folded(text, width)) for text, width in zip(row, columns, strict=True)] for row in texts]
        heights = [max(row) for row in parts]
        return max(heights, default=1), sum(heights), sum(map(sum, parts)), abs(rule - usual)

    most, in_all, *_ = lines(usual)
    if most < MAX_LINES or in_all > rows:
        return usual
    longest = max(texts, key=lambda row: whole_lines(row, Widths(0, usual, room - usual)))
    parts = [[-(-cells_of(text) // count) + SLACK for count in (1, 2, 3)] for text in longest]
    widths = {usual, *parts[0], *(room - part for part in parts[1])}
    return min((width for width in widths if MIN_COLUMN <= width <= room - MIN_COLUMN), key=lines)


SLACK = 6
"""How many cells more than its part of a formula a line needs, as formulas break at few places."""


@lru_cache(maxsize=64)
def _rule_of(texts: Texts, room: int) -> int:
    """The cells of the rules, of those that they share with the numbers."""
    needs = [(1 + max(len(RULE), cells_of(rule)), 1 + max(len(NUMBERS), cells_of(numbers))) for rule, numbers in texts]
    told = [(told_cells(rule), told_cells(numbers)) for rule, numbers in texts]
    usual = room * 45 // 100

    def uncut(rule: int) -> tuple[int, int, int]:
        """How many entries a width leaves uncut, rules counting double, in how few lines or whole, and how usual."""
        left = room - rule
        true = 2 * sum(one < rule for one, _ in told) + sum(other < left for _, other in told)
        lines = sum(max(-(-one // (rule - 1)), -(-other // (left - 1)), 1) for one, other in told)
        whole = 2 * sum(one <= rule for one, _ in needs) + sum(other <= left for _, other in needs)
        return true, whole - LINE_WORTH * lines, -abs(rule - usual)

    widths = {usual, *(one for one, _ in needs), *(one + 1 for one, _ in told)}
    widths |= {room - other for _, other in needs} | {room - other - 1 for _, other in told}
    return max((width for width in widths if MIN_COLUMN <= width <= room - MIN_COLUMN), key=uncut, default=usual)


@lru_cache(maxsize=512)
def folded(text: str, width: int) -> tuple[str, ...]:
    """Return the lines of a text in a column, those after the first a little further in."""
    return tuple(plain([one]) for one in wrapped(text, width, GOES_ON))


@lru_cache(maxsize=512)
def fitted(text: str, width: int, lines: int) -> tuple[str, ...]:
    """Return a formula on at most so many lines of a column: whole, or in the form that tells most."""
    if lines > 1:
        for form in forms_of(text):
            if len(parts := folded(form, width)) <= lines:
                return parts
    return (shortened(text, width),)


@lru_cache(maxsize=512)
def _lines_of(text: str, width: int, *, is_whole: bool) -> int:
    """The lines of a formula in a column, whole or with its sums as Σ; never with … for what is left out."""
    forms = [text] if is_whole else [form for form in forms_of(text) if not is_open_ended(form)] or [text]
    return min(len(folded(form, width)) for form in forms)


def whole_lines(texts: tuple[str, str], widths: Widths) -> int:
    """Return how many lines a row takes in which nothing is written shorter."""
    return max(_lines_of(text, room - 1, is_whole=True) for text, room in zip(texts, widths[1:], strict=True))


def told_lines(texts: tuple[str, str], widths: Widths) -> int:
    """Return how many lines a row takes in which a sum may be a Σ and nothing is left out."""
    return max(_lines_of(text, room - 1, is_whole=False) for text, room in zip(texts, widths[1:], strict=True))


def true_lines(texts: tuple[str, str], widths: Widths) -> int:
    """Return the same, and 1 where that is more than others give way to."""
    lines = told_lines(texts, widths)
    return lines if lines <= MAX_LINES else 1


@lru_cache(maxsize=64)
def heights_of(texts: Texts, widths: Widths, rows: int) -> tuple[int, ...]:
    """Return how many lines each row takes, of `rows` for all of them: as many as it needs where none is cut then.

    Else lines that are over go first to rows that would be torn, then to those of which no short form fits, to those
    where something is left out, those of few lines first, and at last to those with a Σ.
    """
    whole = [whole_lines(row, widths) for row in texts]
    if sum(whole) <= rows:
        return tuple(whole)
    heights = [1] * len(texts)
    free = rows - len(texts)
    told = [true_lines(row, widths) for row in texts]
    is_cut = [any(least_cells(text) >= room for text, room in zip(row, widths[1:], strict=True)) for row in texts]
    cut = [(place, told[place] if told[place] > 1 else whole[place]) for place in range(len(texts)) if is_cut[place]]
    cut.sort(key=lambda one: not _is_torn(texts[one[0]], widths))
    left_out = sorted(enumerate(told), key=lambda one: one[1])
    for place, lines in (*cut, *left_out, *enumerate(whole)):
        more = lines - heights[place]
        if 0 < more <= free:
            heights[place], free = lines, free - more
    return tuple(heights)


def _is_torn(texts: tuple[str, str], widths: Widths) -> bool:
    """Whether on one line a row would be cut where it is no sum."""
    rooms = zip(texts, widths[1:], strict=True)
    return any(shortened(text, room - 1) not in forms_of(text) for text, room in rooms)


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
    told = [_lines_of(text, width, is_whole=False) for text in texts]
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
