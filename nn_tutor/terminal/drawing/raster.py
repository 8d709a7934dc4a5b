"""A raster of braille dots: two by four to a cell, united where lines meet, so that no line erases another.

Dots are counted from the top left, whole numbers at their centres: x from 0 to 2·columns − 1, y from 0 to 4·rows − 1.
What is painted last gives the cell its ink. A mark is one glyph that takes a whole cell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nn_tutor.terminal.drawing.ink import Drawing, Ground, Line, Role, Span

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_BLANK: tuple[Role, bool] = ("text", False)
_FAR = 1e6  # a height in dots far outside of any raster, and near enough for exact sums


class Raster:
    """A sheet of `columns` by `rows` cells to paint on; `drawing` reads it off."""

    __slots__ = ("_dots", "_glyphs", "_grounds", "_ink", "_lit", "columns", "rows")

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._dots = bytearray(columns * rows)
        self._ink: list[Role] = ["text"] * (columns * rows)
        self._glyphs: dict[int, str] = {}
        self._lit: set[int] = set()
        self._grounds: Sequence[Ground | None] = ()

    def set_backgrounds(self, grounds: Sequence[Ground | None]) -> None:
        """Give all cells their grounds, row by row from the top; a ground stays under whatever is painted."""
        if len(grounds) != len(self._ink):
            raise ValueError(f"{len(grounds)} grounds for {len(self._ink)} cells")
        self._grounds = grounds

    def merge(self, dots: bytes, role: Role) -> None:
        """Add dots to all cells at once, row by row from the top, as the bits of braille patterns."""
        for cell, more in enumerate(dots):
            if more:
                self._dots[cell] |= more
                self._ink[cell] = role

    def dot(self, x: int, y: int, role: Role) -> None:
        """Set one dot; outside of the raster nothing happens."""
        if 0 <= x < 2 * self.columns and 0 <= y < 4 * self.rows:
            cell = (y >> 2) * self.columns + (x >> 1)
            self._dots[cell] |= _BITS[x & 1][y & 3]
            self._ink[cell] = role

    def segment(self, x0: float, y0: float, x1: float, y1: float, role: Role, dashes: tuple[int, int] = (1, 0)) -> None:
        """Draw a straight line between two finite points in dots, the part of it that lies on the raster.

        `dashes` are how many dots are set and how many left out, by turns.
        """
        clipped = _clip(x0, y0, x1, y1, 2 * self.columns - 0.5, 4 * self.rows - 0.5)
        if clipped is None:
            return
        x0, y0, x1, y1 = clipped
        if abs(x1 - x0) >= abs(y1 - y0):
            slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
            for x in _between(x0, x1):
                if x % sum(dashes) < dashes[0]:
                    self.dot(x, _nearest(y0 + slope * (x - x0)), role)
        else:
            slope = (x1 - x0) / (y1 - y0)
            for y in _between(y0, y1):
                if y % sum(dashes) < dashes[0]:
                    self.dot(_nearest(x0 + slope * (y - y0)), y, role)

    def graph(self, points: Sequence[tuple[float, float]], role: Role) -> None:
        """Draw the graph of a function through points in dots, ascending in x: thin, and unbroken where it is steep.

        A point whose y is not finite is a gap.
        """
        width, height = 2 * self.columns, 4 * self.rows
        for x, (low, middle, high) in _by_column(points, width).items():
            first, last = math.ceil(low), math.ceil(high) - 1  # half-open: neighbouring columns share no dot
            if high - low <= 1 or last < first:
                first = last = _nearest(middle)
            for y in range(max(first, 0), min(last, height - 1) + 1):
                self.dot(x, y, role)

    def mark(self, column: int, row: int, glyph: str, role: Role, *, lit: bool = False) -> None:
        """Put one glyph into a cell, over whatever is there; outside of the raster nothing happens."""
        if 0 <= column < self.columns and 0 <= row < self.rows:
            cell = row * self.columns + column
            self._glyphs[cell] = glyph
            self._ink[cell] = role
            self._lit.discard(cell)
            if lit:
                self._lit.add(cell)

    def inked(self, role: Role) -> frozenset[int]:
        """Return the cells, counted row by row, that have this ink now."""
        return frozenset(cell for cell, ink in enumerate(self._ink) if ink == role and self._dots[cell])

    def share(self, cells: frozenset[int], role: Role) -> None:
        """Give every second column of cells back to a line that another one has been painted over: both are seen."""
        for cell in cells:
            if cell % self.columns % 2:
                self._ink[cell] = role

    def is_blank(self, column: int, row: int) -> bool:
        """Return whether nothing has been painted in this cell of the raster."""
        cell = row * self.columns + column
        return not self._dots[cell] and cell not in self._glyphs

    def painted_over(self, role: Role) -> tuple[tuple[int, int], ...]:
        """Return the cells, as (column, row), that hold something in another ink than this."""
        return tuple(
            (cell % self.columns, cell // self.columns)
            for cell, ink in enumerate(self._ink)
            if ink != role and (self._dots[cell] or cell in self._glyphs)
        )

    def drawing(self) -> Drawing:
        """Return the cells as lines of spans, `rows` lines of `columns` cells each."""
        return tuple(self._line(row * self.columns) for row in range(self.rows))

    def _line(self, start: int) -> Line:
        spans: list[Span] = []
        text = ""
        ink: tuple[Role, bool] | None = None  # that of the first glyph of the text; blanks have none
        under: Ground | None = None
        for cell in range(start, start + self.columns):
            dots, glyph = self._dots[cell], self._glyphs.get(cell)
            ground = self._grounds[cell] if self._grounds else None
            if glyph is None:
                glyph = chr(0x2800 + dots) if dots else " "
            own = (self._ink[cell], cell in self._lit) if glyph != " " else None
            if text and (ground != under or (own and ink and own != ink)):
                spans.append(Span(text, *(ink or _BLANK), under))
                text, ink = "", None
            text, ink, under = text + glyph, own or ink, ground
        if text:
            spans.append(Span(text, *(ink or _BLANK), under))
        return tuple(spans)


def _by_column(points: Sequence[tuple[float, float]], width: int) -> dict[int, tuple[float, float, float]]:
    """Return for each column of dots the lowest y of the graph within it, the y at its middle, and the highest."""
    columns: dict[int, tuple[float, float, float]] = {}

    def add(x: int, low: float, middle: float, high: float, *, reaches_middle: bool) -> None:
        known = columns.get(x)
        if known is None:
            columns[x] = (low, middle, high)
        else:
            columns[x] = (min(low, known[0]), middle if reaches_middle else known[1], max(high, known[2]))

    before: tuple[float, float] | None = None
    for x, y in points:
        if not (math.isfinite(x) and math.isfinite(y)):
            before = None
            continue
        y = min(max(y, -_FAR), _FAR)
        if 0 <= x + 0.5 < width:
            add(_nearest(x), y, y, y, reaches_middle=False)
        if before is not None and x > before[0]:
            x0, y0 = before
            run, rise = x - x0, y - y0
            for column in range(_nearest(max(x0, 0.0)), _nearest(min(x, width - 1.0)) + 1):
                left = y0 + rise * ((max(column - 0.5, x0) - x0) / run)  # a part of the run: no slope to overflow
                right = y0 + rise * ((min(column + 0.5, x) - x0) / run)
                middle = y0 + rise * ((min(max(column, x0), x) - x0) / run)
                add(column, min(left, right), middle, max(left, right), reaches_middle=x0 <= column)
        before = (x, y)
    return columns


def _clip(
    x0: float, y0: float, x1: float, y1: float, right: float, bottom: float
) -> tuple[float, float, float, float] | None:
    """Return the part of a line within −0.5 to `right` and −0.5 to `bottom` (Liang and Barsky, 1984); None: no part."""
    dx, dy = x1 - x0, y1 - y0
    enter, leave = 0.0, 1.0
    for run, room in ((-dx, x0 + 0.5), (dx, right - x0), (-dy, y0 + 0.5), (dy, bottom - y0)):
        if run == 0:
            if room < 0:
                return None
        elif run < 0:
            enter = max(enter, room / run)
        else:
            leave = min(leave, room / run)
    if enter > leave:
        return None
    return x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy


def _between(first: float, last: float) -> range:
    """Return the whole numbers between two numbers in either order, at least the one that is nearest to them."""
    low, high = math.ceil(min(first, last)), math.floor(max(first, last))
    return range(low, high + 1) if low <= high else range(_nearest(first), _nearest(first) + 1)


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)
