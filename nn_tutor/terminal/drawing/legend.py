"""What stands below a plot: what its marks mean; and the words that stand in the place of one that is too small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.counted import counted
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, padded, width_of

INDENT = 2
"""Where every legend begins: below the words, and where it stays while its numbers change."""

Item = tuple[Line, ...]
"""What a mark means, in a long and in a short form; then its name alone, where nothing else tells it from others."""


def legend_of(items: Sequence[Item], width: int, lines: int = 1) -> Drawing:
    """Return a legend of exactly so many lines, away from the edge: all items where there is room, else the first.

    The words of the last items are the first to go; what must be told apart keeps its name longer than its number.
    """
    room = width - INDENT - 1
    for spans in _wordings(items):
        for gap in (3, 2):
            rows = _in_rows(spans, room, gap)
            if len(rows) <= lines:
                return (*(line(" " * INDENT, *row) for row in rows), *([()] * (lines - len(rows))))
    return ((),) * lines


def _wordings(items: Sequence[Item]) -> Iterator[list[Line]]:
    """Yield what a legend may say, in ever fewer words."""
    long, short = [item[0] for item in items], [item[1] for item in items]
    named = [item[2] for item in items if len(item) > 2]
    for said in range(len(items), 0, -1):
        yield long[:said] + short[said:]
    for kept in range(len(items), len(named), -1):
        yield short[:kept]
    for said in range(len(named), -1, -1):
        yield short[:said] + named[said:]
    for kept in range(len(named), 0, -1):
        yield short[:kept]


def _in_rows(items: Sequence[Line], room: int, gap: int) -> list[Line]:
    """Return the rows that items take, each as full as it gets; one that is too long alone makes far too many rows."""
    rows: list[Line] = []
    for item in items:
        if width_of(item) > room:
            return [()] * (len(items) + 9)
        if rows and width_of(rows[-1]) + gap + width_of(item) <= room:
            rows[-1] = (*rows[-1], Span(" " * gap), *item)
        else:
            rows.append(item)
    return rows


def item_of(glyph: str, word: str, values: Sequence[float], role: Role) -> tuple[Line, Line]:
    """Return an item of a legend: a mark, what it means, and the numbers that belong to it."""
    text = "".join(f" {numeral(value)}" for value in values)
    long = line(Span(glyph, role), Span(f" {word}", "muted"), Span(text, role))
    return long, line(Span(glyph, role), Span(text, role)) if text else long


def in_words(said: Sequence[tuple[str, Role]], width: int, height: int) -> Drawing:
    """Return one line of words and blank lines below it, for a place that is too small for a picture.

    They begin where every legend does, unless the first of them has no room then.
    """
    width, spans = max(width, 0), list[Span]()
    room = width
    for text, role in said:
        gap = "  " if spans else " " * INDENT if INDENT + len(text) <= room else ""
        if len(gap + text) <= room:
            spans += [Span(gap), Span(text, role)]
            room -= len(gap + text)
    return tuple(padded(line(*spans) if row == 0 else (), width) for row in range(max(height, 0)))


def samples_in_words(count: int, wrong: int | None = None) -> Iterator[tuple[str, Role]]:
    """Yield how many samples there are, and how many of them the network gets wrong where it is judged."""
    yield counted(count, "sample"), "text"
    if count and wrong is not None:
        yield f"{wrong} wrong" if wrong else "✓ all right", "wrong" if wrong else "right"
