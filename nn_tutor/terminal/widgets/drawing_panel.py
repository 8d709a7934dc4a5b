"""A panel that shows a drawing and repaints only the lines that changed."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span
from nn_tutor.terminal.theme import Depth, base_style, role_style

_DEPTHS: dict[str, Depth] = {"256": "256", "standard": "16", "windows": "16"}


class DrawingPanel(Widget):
    """Shows one drawing. It computes nothing and takes no focus; text that acts on terminals is made visible.

    It has no border, no padding and no children, so that its lines are painted as they are, without a style sheet's
    help: that is what keeps a step of a lesson quick.
    """

    DEFAULT_CSS = "DrawingPanel { height: 1; width: 1fr; }"

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._drawing: Drawing = ()
        self._painted: dict[int, tuple[Line, str, int, Strip]] = {}

    @property
    def drawing(self) -> Drawing:
        """The drawing that is shown."""
        return self._drawing

    def show(self, drawing: Drawing) -> None:
        """Show another drawing; only the lines that differ are painted again."""
        before = self._drawing
        # Lines that say the same stay the same objects, so that they are known again when they are painted.
        self._drawing = tuple(
            before[y] if y < len(before) and before[y] == content else content for y, content in enumerate(drawing)
        )
        if not self.is_mounted:
            return
        count = max(len(before), len(drawing))
        changed = [y for y in range(count) if before[y : y + 1] != drawing[y : y + 1]]
        if changed:
            width = self.size.width
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines of a region."""
        strips = [self.render_line(y) for y in crop.line_range]
        first, last = crop.column_span
        return strips if (first, last) == (0, self.size.width) else [strip.crop(first, last) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Paint one line, or take it as it was painted before."""
        line: Line = self._drawing[y] if y < len(self._drawing) else ()
        theme, width = self.app.current_theme, self.size.width
        kept = self._painted.get(y)
        if kept is not None and kept[0] is line and kept[1] == theme.name and kept[2] == width:
            return kept[3]
        base = base_style(theme)
        depth: Depth = _DEPTHS.get(self.app.console.color_system or "", "full")
        painted = [_SEGMENTS.get((span, theme.name, depth)) or _segment(span, theme, depth) for span in line]
        strip = Strip(painted).adjust_cell_length(width, base)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        self._painted[y] = (line, theme.name, width, strip)
        return strip


def _segment(span: Span, theme: Theme, depth: Depth) -> Segment:
    """Paint one span, and keep it: most of those of a step were painted before."""
    style = base_style(theme) + role_style(theme, span.role, span.lit, span.ground, depth)
    if len(_SEGMENTS) >= MOST_KEPT:
        _SEGMENTS.clear()
    segment = _SEGMENTS[span, theme.name, depth] = Segment(visible(span.text), style)
    return segment


_SEGMENTS: dict[tuple[Span, str, Depth], Segment] = {}

MOST_KEPT = 8192
