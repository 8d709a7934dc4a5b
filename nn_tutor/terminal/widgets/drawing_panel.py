"""A panel that shows a drawing and repaints only the lines that changed."""

from __future__ import annotations

from itertools import zip_longest

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nn_tutor.terminal.drawing.ink import Drawing, Line
from nn_tutor.terminal.theme import Depth
from nn_tutor.terminal.widgets.palette import Palette, palette

_DEPTHS: dict[str, Depth] = {"256": "256", "standard": "16", "windows": "16"}


class DrawingPanel(Widget):
    """Shows one drawing. It computes nothing and takes no focus.

    It has no border, no padding and no children, so that its lines are painted as they are, without a style sheet's
    help: that is what keeps a step of a lesson quick.
    """

    DEFAULT_CSS = "DrawingPanel { height: 1; width: 1fr; }"

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._drawing: Drawing = ()
        self._painted: dict[int, tuple[Line, Palette, int, Strip]] = {}

    @property
    def drawing(self) -> Drawing:
        """The drawing that is shown."""
        return self._drawing

    def show(self, drawing: Drawing) -> None:
        """Show another drawing; only the lines that differ are painted again."""
        lines: list[Line] = []
        changed = []
        for y, (before, now) in enumerate(zip_longest(self._drawing, drawing)):
            is_same = before == now
            if not is_same:
                changed.append(y)
            if now is not None:
                # A line that says the same stays the same object, so that it is known again when it is painted.
                lines.append(before if is_same else now)
        self._drawing = tuple(lines)
        if changed and self.is_mounted:
            width = self.size.width
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines of a region."""
        palette = self._palette()
        width = self.size.width
        strips = [self._strip(y, width, palette) for y in crop.line_range]
        first, last = crop.column_span
        return strips if (first, last) == (0, width) else [strip.crop(first, last) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Paint one line, or take it as it was painted before."""
        return self._strip(y, self.size.width, self._palette())

    def _strip(self, y: int, width: int, palette: Palette) -> Strip:
        line: Line = self._drawing[y] if y < len(self._drawing) else ()
        kept = self._painted.get(y)
        if kept is not None and kept[0] is line and kept[1] is palette and kept[2] == width:
            return kept[3]
        strip = palette.strip(line, width)
        self._painted[y] = (line, palette, width, strip)
        return strip

    def _palette(self) -> Palette:
        theme = self.app.current_theme
        depth: Depth = _DEPTHS.get(self.app.console.color_system or "", "full")
        return palette(theme, depth, self.get_line_filters())
