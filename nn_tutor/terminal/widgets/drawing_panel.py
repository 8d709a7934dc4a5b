"""A panel that shows drawings, each in its own place, and repaints only the lines that changed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from nn_tutor.terminal.drawing.ink import Drawing, Line, width_of
from nn_tutor.terminal.widgets.palette import Palette, palette

if TYPE_CHECKING:
    from nn_tutor.terminal.theme import Depth

ALL = ""
"""The only part of a panel that was not laid out: it fills it."""

_DEPTHS: dict[str, Depth] = {"256": "256", "standard": "16", "windows": "16"}


class _Painted(NamedTuple):
    """A line of a part as it was painted, and from what."""

    line: Line
    width: int
    segments: list[Segment]


class DrawingPanel(Widget):
    """Shows drawings. It computes nothing and takes no focus.

    Its parts lie below and beside each other without a gap. It has no border, no padding and no children, so that its
    lines are painted as they are, without a style sheet's help; and it is one widget, not one for each part, so that
    all of them together are one message: that is what keeps a step of a lesson quick.
    """

    DEFAULT_CSS = "DrawingPanel { height: 1; width: 1fr; }"

    class Clicked(Message):
        """A cell was clicked: the part, its line, and the column in it."""

        def __init__(self, part: str, line: Line, column: int) -> None:
            super().__init__()
            self.part = part
            self.line = line
            self.column = column

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._places: dict[str, Region] = {}
        self._rows: list[list[tuple[str, int, int]]] = []
        self._drawings: dict[str, Drawing] = {}
        self._painted: dict[tuple[str, int], _Painted] = {}
        """The lines of the parts, as they were painted last."""
        self._strips: dict[int, Strip] = {}
        """The lines of the panel that nothing has changed since they were painted."""
        self._painted_with: tuple[Palette, Size] | None = None
        """The colours of all that is painted, and the size of the panel."""

    def lay_out(self, places: Mapping[str, Region]) -> None:
        """Say where the parts are; those that share a row stand from left to right."""
        self._places = dict(places)
        last = max((place.bottom for place in places.values()), default=0)
        self._rows = [
            [(part, y - place.y, place.width) for part, place in places.items() if place.y <= y < place.bottom]
            for y in range(last)
        ]
        self._strips.clear()
        self.refresh()

    def show(self, drawing: Drawing, part: str = ALL) -> None:
        """Show another drawing in a part; only the lines that differ are painted again, where they differ."""
        place = self._place(part)
        lines: list[Line] = []
        changed: list[Region] = []
        for y, (before, now) in enumerate(zip_longest(self._drawings.get(part, ()), drawing)):
            is_same = before == now
            if not is_same and (y < place.height or not self._places):  # a panel that is hidden has no height
                self._strips.pop(place.y + y, None)
            if not is_same and y < place.height:
                first, end = changed_cells(before or (), now or (), place.width)
                changed.append(Region(place.x + first, place.y + y, end - first, 1))
            if now is not None:
                # A line that says the same stays the same object, so that it is known again when it is painted.
                lines.append(before if is_same else now)
        self._drawings[part] = tuple(lines)
        if changed and self.is_mounted:
            self.refresh(*changed)

    def _place(self, part: str) -> Region:
        """Where a part is: nowhere, if the others were laid out without it."""
        return self._places.get(part, Region()) if self._places else self.size.region

    def on_click(self, event: events.Click) -> None:
        """Tell the screen what was clicked."""
        for part, place in (self._places or {ALL: self.size.region}).items():
            drawing = self._drawings.get(part, ())
            row = event.y - place.y
            if place.contains(event.x, event.y) and row < len(drawing):
                self.post_message(self.Clicked(part, drawing[row], event.x - place.x))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines of a region; Textual asks for all of them, however few have changed."""
        self._take_colours()
        known = self._strips
        strips = [known.get(y) or self._strip(y) for y in crop.line_range]
        first, last = crop.column_span
        return [
            strip if (first, last) == (0, strip.cell_length) else strip.crop_extend(first, last, None)
            for strip in strips
        ]

    def render_line(self, y: int) -> Strip:
        """Paint one line, or take it as it was painted before."""
        self._take_colours()
        return self._strips.get(y) or self._strip(y)

    def _strip(self, y: int) -> Strip:
        """Paint a line of the panel, from the lines of the parts that it goes through."""
        row = self._rows[y] if y < len(self._rows) else [(ALL, y, self.size.width)]
        parts = [self._part(part, line, width) for part, line, width in row]
        segments = parts[0] if len(parts) == 1 else [segment for part in parts for segment in part]
        painted = self._strips[y] = Strip(segments, sum([width for _, _, width in row]))
        return painted

    def _part(self, part: str, y: int, width: int) -> list[Segment]:
        """Paint a line of a part, or take it as it was painted before."""
        drawing = self._drawings.get(part, ())
        line: Line = drawing[y] if y < len(drawing) else ()
        kept = self._painted.get((part, y))
        if kept is not None and kept.line is line and kept.width == width:
            return kept.segments
        segments = self._palette.segments(line, width)
        self._painted[part, y] = _Painted(line, width, segments)
        return segments

    def _take_colours(self) -> None:
        """Look which colours are wanted; what was painted in others, or at another size, is forgotten."""
        app = self.app
        depth: Depth = "none" if app.no_color else _DEPTHS.get(app.console.color_system or "", "full")
        self._palette = palette(app.current_theme, depth, self.get_line_filters())
        wanted = (self._palette, self.size)
        if wanted != self._painted_with:
            self._painted_with = wanted
            self._painted.clear()
            self._strips.clear()


def changed_cells(before: Line, now: Line, width: int) -> tuple[int, int]:
    """Return the first cell in which a line of `width` cells is not as before, and the one behind the last."""
    alike, behind = 0, 0
    most = min(len(before), len(now))
    while alike < most and before[alike] == now[alike]:
        alike += 1
    while behind < most - alike and before[-1 - behind] == now[-1 - behind]:
        behind += 1
    first = min(width_of(now[:alike]), width - 1)
    cells = width_of(now[alike : len(now) - behind])
    if width_of(before[alike : len(before) - behind]) != cells:
        return first, width
    return first, min(width, first + max(1, cells))
