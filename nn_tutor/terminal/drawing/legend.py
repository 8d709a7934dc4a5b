"""What stands below a plot: what its marks mean; and the words that stand in the place of one that is too small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, padded, width_of


def legend_of(items: Sequence[tuple[Line, Line]], left: int, width: int) -> Line:
    """Return a legend of as many items as there is room for, the first ones first; each has a long and a short form."""
    tries = [[item[0] for item in items], *([item[1] for item in items][:kept] for kept in range(len(items), 0, -1))]
    for spans in tries:
        for gap in (3, 2):
            length = sum(map(width_of, spans)) + gap * (len(spans) - 1)
            if length <= width:
                parts = [part for item in spans for part in (Span(" " * gap), *item)][1:]
                return line(Span(" " * min(left, width - length)), *parts)
    return ()


def item_of(glyph: str, word: str, values: Sequence[float], role: Role) -> tuple[Line, Line]:
    """Return an item of a legend: a mark, what it means, and the numbers that belong to it."""
    text = "".join(f" {numeral(value)}" for value in values)
    long = line(Span(glyph, role), Span(f" {word}", "muted"), Span(text, role))
    return long, line(Span(glyph, role), Span(text, role)) if text else long


def in_words(said: Sequence[tuple[str, Role]], width: int, height: int) -> Drawing:
    """Return one line of words and blank lines below it, for a place that is too small for a picture."""
    width, spans = max(width, 0), list[Span]()
    room = width
    for text, role in said:
        gap = "  " if spans else ""
        if len(gap + text) <= room:
            spans += [Span(gap), Span(text, role)]
            room -= len(gap + text)
    return tuple(padded(line(*spans) if row == 0 else (), width) for row in range(max(height, 0)))


def samples_in_words(count: int, wrong: int | None = None) -> Iterator[tuple[str, Role]]:
    """Yield how many samples there are, and how many of them the network gets wrong where it is judged."""
    yield f"{count} sample{'s' * (count != 1)}", "text"
    if count and wrong is not None:
        yield f"{wrong} wrong" if wrong else "✓ all right", "wrong" if wrong else "right"
