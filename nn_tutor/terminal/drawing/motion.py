"""The frames in which a value travels its link once: drawings, as every other picture, with a mark that moves.

The mark runs along what is lit in the diagram: forwards from left to right, a slope from right to left. Where an
activation lets no slope through, the mark stops there and is crossed out.
"""

from __future__ import annotations

from collections.abc import Mapping

from nn_tutor.terminal.drawing.ink import Drawing, Line, Span

FRAMES = 5
"""How many frames there are at most; what follows them is the drawing itself."""

VALUE, STOPPED = "●", "✗"
_LINK = frozenset("═▶◀")
_CELLS_PER_FRAME = 3
_UNTIL_STOPPED = 0.6  # the part of the frames after which what is stopped stands still

_Cells = dict[int, list[int]]
"""The rows of the lit link in each column."""


def frames_of(
    drawing: Drawing, *, forwards: bool, is_chain: bool, stops: bool = False, text: str = ""
) -> tuple[Drawing, ...]:
    """Return the frames before a drawing, none where no link is lit.

    `is_chain` says that it is one chain, whose links stand in a single line. `text` is the value that travels; where
    the link is too short for it, and where several links are lit, a mark does. With `stops` the way ends at the
    activation: in the middle of a chain's link, else at the end of the edges.
    """
    cells = _lit_link(drawing, is_chain=is_chain)
    if len(cells) < 2:
        return ()
    first, last = min(cells), max(cells)
    count = min(FRAMES, max(2, (last - first) // _CELLS_PER_FRAME))
    end = 0.5 if stops and is_chain else 1.0
    found = []
    for frame in range(count):
        part = (frame + 0.5) / count
        part = min(end, part * end / _UNTIL_STOPPED) if stops else part
        column = round(first + part * (last - first) if forwards else last - part * (last - first))
        nearest = min(cells, key=lambda each: abs(each - column))
        mark = STOPPED if stops and part >= end else VALUE
        if is_chain and not stops:
            mark = _fitting(text, nearest, cells)
        found.append(_marked(drawing, nearest, cells, mark))
    return tuple(found)


def _lit_link(drawing: Drawing, *, is_chain: bool) -> _Cells:
    """Return the cells of the lit link: its strokes in the first line that has some, or of all lit edges."""
    found: _Cells = {}
    for row, spans in enumerate(drawing):
        column = 0
        for span in spans:
            for glyph in span.text:
                if span.lit and (glyph in _LINK or "\u2801" <= glyph <= "\u28ff"):
                    found.setdefault(column, []).append(row)
                column += 1
        if found and is_chain:
            break
    return found


def _fitting(text: str, column: int, cells: Mapping[int, list[int]]) -> str:
    """Return the value where the link is long enough for it around a column, else a mark."""
    free = 0
    while column - free - 1 in cells and column + free + 1 in cells:
        free += 1
    return text if text and len(text) + 2 <= 2 * free + 1 else VALUE


def _marked(drawing: Drawing, column: int, cells: _Cells, mark: str) -> Drawing:
    rows = set(cells[column])
    start = column - len(mark) // 2
    return tuple(_with(spans, start, mark) if row in rows else spans for row, spans in enumerate(drawing))


def _with(spans: Line, start: int, mark: str) -> Line:
    """Return a line with a mark over what stands from a column on."""
    before, behind, column = [], [], 0
    for span in spans:
        end = column + len(span.text)
        if column < start:
            before.append(span._replace(text=span.text[: start - column]))
        if end > start + len(mark):
            behind.append(span._replace(text=span.text[max(0, start + len(mark) - column) :]))
        column = end
    return (*before, Span(mark, "accent", lit=True), *behind)
