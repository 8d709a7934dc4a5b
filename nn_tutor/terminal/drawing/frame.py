"""The edges of a plot: the axes with their names and numbers, the legend below, and where values stand between them.

As room shrinks the legend moves into the plot, as far as it is blank at the top, and is then given up, as are the
numbers of the axes; what is too small for that is left to words. All plots fill exactly the lines and cells that they
are given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.numerals import is_written, rounded, tick
from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing import scale
from nn_tutor.terminal.drawing.axes import LARGEST, VerticalAxis, usable
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, padded, plain, width_of
from nn_tutor.terminal.drawing.legend import Item, legend_of
from nn_tutor.terminal.drawing.raster import Raster

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

MIN_WIDTH, MIN_HEIGHT = 20, 5
"""Below it a plot is a line of words."""

THICK = ((0, 0), (0, 1), (1, 0))
"""Where the dots of a thick graph stand from those of a thin one: right of it, and below."""

APART = 3
"""The blank cells between a legend within the plot and what is drawn beside it."""

WIDE = 66
"""The width in cells from which a legend has room on one line."""


@dataclass(frozen=True, slots=True)
class PlotLayout:
    """How a place is shared out: rows for the plot proper, and whether there are numbers and a legend."""

    width: int
    height: int
    needs_legend: bool = False
    """Whether nothing else tells its curves apart, so that a low plot has a legend too."""

    @property
    def is_enough(self) -> bool:
        """Whether there is room for a plot at all."""
        return self.width >= MIN_WIDTH and self.height >= MIN_HEIGHT

    @property
    def legend_lines(self) -> int:
        """The lines of the legend: two of them where the place is narrow and high, none where it is low."""
        return (
            0 if self.height < (7 if self.needs_legend else 9) else 2 if self.height >= 14 and self.width < WIDE else 1
        )

    @property
    def has_ticks(self) -> bool:
        """Whether there is room for numbers beside the axes."""
        return self.height >= 6 and self.width >= 28

    @property
    def margin(self) -> int:
        """The blank cells at either side, so that no number touches what stands beside the plot."""
        return int(self.width >= 40)

    @property
    def rows(self) -> int:
        """The rows of the plot proper."""
        return self.height - 1 - self.has_ticks - self.legend_lines


class Plot:
    """A plot being painted: its raster, where values stand on it, and its edges."""

    def __init__(
        self,
        room: PlotLayout,
        across: tuple[float, float],
        upright: VerticalAxis,
        *,
        x_name: str,
        y_name: str,
        name_role: Role,
        y_role: Role | None = None,
        by_powers: bool = False,
        whole: bool = False,
    ) -> None:
        """Lay out a plot; across it stand values evenly, or `by_powers` of ten, whole ones alone get a number.

        The names of both axes have `name_role`, unless that of the upright one has `y_role`.
        """
        self.room = room
        self.low, self.high = across
        self.by_powers = by_powers
        self.whole = whole
        self.upright = upright
        self.nudge = 0.0
        self.x_name = x_name if room.has_ticks and len(x_name) <= room.width // 6 else ""
        self.y_name = y_name
        self.name_role = name_role
        self.y_role = name_role if y_role is None else y_role
        self.gutter = self._gutter()
        self.left = width_of(self.gutter[0])
        right = len(self.x_name) + 1 + self.room.margin if self.x_name else self.room.margin
        self.raster = Raster(room.width - self.left - right, room.rows)

    def x(self, value: float) -> float:
        """Return where a value stands, in dots from the left."""
        low, high = self.low, self.high
        if self.by_powers:
            low, high, value = math.log10(low), math.log10(high), math.log10(value) if value > 0 else -math.inf
        return (value - low) / (high - low) * (2 * self.raster.columns - 1)

    def centre(self, value: float) -> None:
        """Move the lines by the one dot that brings a value to the middle of its row, so that lines meet its mark."""
        self.nudge = 0.0
        y = self.y(value)
        if 0 <= y + 0.5 < 4 * self.raster.rows:
            self.nudge = (1, 0, 0, -1)[math.floor(y + 0.5) % 4]

    def across(self, values: Array) -> Array:
        """Return where values stand, in dots from the left: `x` of many at once, all of them positive by powers."""
        low, high = self.low, self.high
        if self.by_powers:
            low, high, values = math.log10(low), math.log10(high), np.log10(values)
        return np.asarray((values - low) / (high - low) * (2 * self.raster.columns - 1))

    def y(self, value: float) -> float:
        """Return where a value stands, in dots from the top."""
        return 4 * self.upright.row(value) - 0.5 + self.nudge

    def column(self, value: float) -> int:
        """Return the column of a value; −1 and `columns` stand for anything outside."""
        if not usable(value):
            return self.raster.columns if value > 0 else -1
        return cell(self.x(value) + 0.5, 2, self.raster.columns)

    def row(self, value: float) -> int:
        """Return the row of a value; −1 and `rows` stand for anything outside."""
        if abs(value) >= LARGEST:
            return -1 if value > 0 else self.raster.rows
        return cell(self.y(value) + 0.5, 4, self.raster.rows)

    def place(self, point: tuple[float, float]) -> tuple[int, int, str] | None:
        """Return the cell of a point, and for one outside the arrow at the edge; None for what has no place."""
        if math.isnan(point[0]) or math.isnan(point[1]):
            return None
        last_column, last_row = self.raster.columns - 1, self.raster.rows - 1
        column, row = self.column(point[0]), self.row(point[1])
        arrow = outside(column, last_column, "←→") or outside(row, last_row, "↑↓")
        return min(max(column, 0), last_column), min(max(row, 0), last_row), arrow

    def mark(self, point: tuple[float, float], glyph: str, role: Role, *, lit: bool = False) -> None:
        """Put a glyph where a point is, or an arrow at the edge that it lies behind."""
        found = self.place(point)
        if found is not None:
            column, row, arrow = found
            self.raster.mark(column, row, arrow or glyph, role, lit=lit)

    def spot(self, point: tuple[float, float], role: Role) -> None:
        """Put two by two dots where a point is, to a quarter of a row; or an arrow at the edge that it lies behind."""
        found = self.place(point)
        if found is None or found[2]:
            self.mark(point, "", role)
            return
        x, y = math.floor(self.x(point[0])), math.floor(self.y(point[1]))
        for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
            self.raster.dot(x + right, y + down, role)

    def ring(self, point: tuple[float, float], glyph: str, role: Role) -> None:
        """Put a glyph where a point is, between brackets: the one in question."""
        self.mark(point, glyph, role, lit=True)
        found = self.place(point)
        if found is not None and not found[2]:
            for side, bracket in ((-1, "‹"), (1, "›")):
                self.raster.mark(found[0] + side, found[1], bracket, "accent", lit=True)

    def upright_line(self, x: float, y: float, other: float, role: Role) -> None:
        """Draw a dotted line between two heights of one value, through the middle of its mark."""
        if usable(x) and usable(y) and usable(other) and max(abs(self.y(y)), abs(self.y(other))) < 1e9:
            self.raster.segment(self.x(x), self.y(y), self.x(x), self.y(other), role, (1, 1))

    def level_line(self, y: float, role: Role) -> None:
        """Draw a dashed line across at one height, where nothing is in the way.

        Where a tick of another height is in its row, the number of the line takes the place of that tick.
        """
        row = self.row(y)
        if not 0 <= row < self.raster.rows:
            return
        for column in range(self.raster.columns):
            if self.raster.is_blank(column, row):
                self.raster.mark(column, row, "┄", role)
        label = dict(self.upright.labels).get(row, "")
        if row and label and plain([self.gutter[row]]).endswith("┤") and not is_written(y, label):
            cells, number = self.left - self.room.margin - 2, rounded(y, 2)
            edge = " " * self.room.margin
            taken = (Span(f"{edge}{number:>{cells}}", role), Span(" ┤", "muted"))
            self.gutter[row] = taken if len(number) <= cells else line(Span(edge + " " * cells + " │", "muted"))

    def guide(self, point: tuple[float, float]) -> None:
        """Lead the eye from a point down to its value on the axis, where nothing is in the way."""
        column = self.column(point[0])
        if 0 <= column < self.raster.columns and not math.isnan(point[1]):
            for row in range(max(self.row(point[1]) + 1, 0), self.raster.rows):
                if self.raster.is_blank(column, row):
                    self.raster.mark(column, row, "┊", "faint")

    def graph(self, points: Iterable[tuple[float, float]], role: Role, *, thick: bool = False) -> None:
        """Draw the graph of a function through points ascending in x, `thick` two dots wide; no finite y is a gap."""
        dots = [(self.x(x), self.y(y)) if usable(x) and usable(y) else (0.0, math.nan) for x, y in points]
        for right, down in THICK if thick else THICK[:1]:
            self.raster.graph([(x + right, y + down) for x, y in dots], role)

    def stroke(self, points: Sequence[tuple[float, float]], role: Role, *, thick: bool = False) -> None:
        """Draw straight lines from point to point, `thick` ones two dots wide."""
        dots = [(self.x(x), self.y(y)) if usable(x) and usable(y) else None for x, y in points]
        for start, end in pairwise(dots):
            if start is not None and end is not None and max(map(abs, (*start, *end))) < 1e9:
                self.raster.segment(*start, *end, role)
                if thick:
                    level = abs(end[0] - start[0]) >= abs(end[1] - start[1])
                    over, down = (0, 1) if level else (1, 0)
                    self.raster.segment(start[0] + over, start[1] + down, end[0] + over, end[1] + down, role)

    def drawing(
        self,
        legend: Sequence[Item],
        feet: Sequence[tuple[float, str, Role]] = (),
        step: tuple[float, float, Role] | None = None,
    ) -> Drawing:
        """Return the plot with its edges.

        `feet` are marks on the axis below: value, glyph, role; `step` is an arrow along it, from one value to another.
        """
        if self.room.has_ticks and not self.room.legend_lines:
            self._put_inside(legend)
        lines: list[Line] = [(*self.gutter[row], *spans) for row, spans in enumerate(self.raster.drawing())]
        ticks = self._ticks() if self.room.has_ticks else ()
        lines.append(self._floor(ticks, feet, step))
        if self.room.has_ticks:
            lines.append(under_ticks(ticks, self.left, self.room.width))
        lines += legend_of(legend, self.room.width, self.room.legend_lines) if self.room.legend_lines else ()
        return tuple(padded(spans, self.room.width) for spans in lines)

    def _put_inside(self, legend: Sequence[Item]) -> None:
        """Write as much of a legend that has no line of its own as has room in the top row, where that is blank.

        Where something is drawn there, and another row holds nothing at all, it stands in that one.
        """
        whole = 0, self.raster.columns
        row = next((row for row in range(self.room.rows) if self._blank_cells(row) == whole), 0)
        start, room = self._blank_cells(row)
        written = _as_much(legend, room)
        is_behind = start > 0 and start + room == self.raster.columns
        column = start + room - 1 - width_of(tuple(written)) if is_behind else start + 1
        for span in written:
            for glyph in span.text:
                if glyph != " ":
                    self.raster.mark(column, row, glyph, span.role)
                column += 1

    def _blank_cells(self, row: int) -> tuple[int, int]:
        """Where the longest blank part of a row begins, away from what is drawn beside it, and its cells."""
        columns = self.raster.columns
        start, room = longest_run([self.raster.is_blank(column, row) for column in range(columns)])
        end = start + room - (APART if start + room < columns else 0)
        start += APART if start else 0
        return start, max(0, end - start)

    def _gutter(self) -> list[Line]:
        edge = " " * self.room.margin
        if not self.room.has_ticks:
            return [line(Span(f"{edge}│", "muted"))] * self.room.rows
        labels = dict(self.upright.labels)
        cells = max((len(text) for text in labels.values()), default=0)
        if cells > self.room.width // 4:
            labels, cells = {}, 0
        name = self.y_name if len(self.y_name) <= max(cells, self.room.width // 10) else ""
        cells = max(cells, len(name) + (len(labels[0]) + 1 if 0 in labels and name else 0))
        texts = {row: f"{edge}{text:>{cells}} ┤" for row, text in labels.items()}
        gutter = [line(Span(texts.get(row, edge + " " * cells + " │"), "muted")) for row in range(self.room.rows)]
        if name:  # beside the topmost number where that stands in the first row, else above all of them
            behind = f"{labels[0]:>{cells - len(name)}} ┤" if 0 in labels else " │"
            before = name if 0 in labels else f"{name:>{cells}}"
            gutter[0] = line(Span(edge + before, self.y_role), Span(behind, "muted"))
        return gutter

    def _ticks(self) -> tuple[tuple[int, str], ...]:
        """Return the column and the text of each number across, as many as stand apart with ease."""
        labels: tuple[tuple[int, str], ...] = ()
        for most in range(9, 1, -1):
            values = self._round_values(most)
            step = 1.0 if self.by_powers else scale.tick_step(values)
            written = _counted if self.whole else tick
            labels = tuple((self.column(value), written(value, step)) for value in values)
            if len(labels) > 1 and max(len(text) for _, text in labels) + 4 <= labels[1][0] - labels[0][0]:
                break
        return tuple((min(max(column, 0), self.raster.columns - 1), text) for column, text in labels)

    def _round_values(self, most: int) -> tuple[float, ...]:
        if self.by_powers:
            lowest, highest = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            powers = range(lowest, highest + 1)
            return tuple(10.0**power for power in powers[:: -(-len(powers) // most) or 1])
        values = scale.ticks(self.low, self.high, most)
        return tuple(value for value in values if not self.whole or abs(value - round(value)) < 1e-9)

    def _floor(
        self,
        ticks: Sequence[tuple[int, str]],
        feet: Sequence[tuple[float, str, Role]],
        step: tuple[float, float, Role] | None,
    ) -> Line:
        columns = self.raster.columns
        cells: list[tuple[str, Role]] = [("─", "muted")] * columns
        for column, _ in ticks:
            cells[column] = ("┬", "muted")
        if step is not None and not math.isnan(step[1]):
            start, end, role = step
            foot, head = (min(max(self.column(value), 0), columns - 1) for value in (start, end))
            for column in range(min(head, foot), max(head, foot) + 1):
                cells[column] = ("━", role)
            cells[head] = ("◀" if head < foot else "▶", role)
        for value, glyph, role in feet:
            if 0 <= self.column(value) < columns:
                cells[self.column(value)] = (glyph, role)
        name = f" {self.x_name}" if self.x_name else ""
        return line(Span("└".rjust(self.left), "muted"), *runs(cells), Span(name, self.name_role))


def _as_much(legend: Sequence[Item], room: int) -> list[Span]:
    """As many items of a legend as have room in so many cells, a blank one on either side."""
    written: list[Span] = []
    for long, *_ in legend:
        gap = " " * (3 if written else 0)
        if width_of((*written, *long)) + len(gap) + 2 > room:
            break
        written += [Span(gap), *long]
    return written


def _counted(value: float, _: float) -> str:
    return f"{value:,.0f}"


def under_ticks(ticks: Sequence[tuple[int, str]], left: int, width: int) -> Line:
    """Return the numbers under their ticks, centred; one that would touch its neighbour or the edge is left out."""
    text = ""
    for column, label in ticks:
        start = left + column - (len(label) - (label[0] != "−")) // 2
        if start >= len(text) + 2 * bool(text) and start + len(label) <= width:
            text = text.ljust(start) + label
    return line(Span(text, "muted"))


def runs(cells: Sequence[tuple[str, Role]]) -> Iterable[Span]:
    """Join neighbouring cells of one role into spans."""
    start = 0
    for end in range(1, len(cells) + 1):
        if end == len(cells) or cells[end][1] != cells[start][1]:
            yield Span("".join(glyph for glyph, _ in cells[start:end]), cells[start][1])
            start = end


def longest_run(flags: Sequence[bool]) -> tuple[int, int]:
    """Return where the longest run of true flags begins, and how long it is."""
    found, begun = (0, 0), 0
    for place, flag in enumerate((*flags, False)):
        if not flag:
            found = max(found, (begun, place - begun), key=lambda run: run[1])
            begun = place + 1
    return found


def cell(dots: float, size: int, count: int) -> int:
    """Return the cell of a place in dots, −1 or `count` where it is outside."""
    return -1 if dots < 0 else count if dots >= size * count else int(dots) // size


def outside(place: int, last: int, arrows: str) -> str:
    """Return the arrow towards a cell before the first or behind the last, "" for one between."""
    return arrows[0] if place < 0 else arrows[1] if place > last else ""
