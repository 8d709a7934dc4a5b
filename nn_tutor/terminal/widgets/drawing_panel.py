"""A panel that shows a drawing and repaints only the lines that changed."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.drawing.ink import Drawing, Line
from nn_tutor.terminal.theme import role_style


class DrawingPanel(Widget):
    """Shows one drawing. It computes nothing and takes no focus; text that acts on terminals is made visible."""

    DEFAULT_CSS = "DrawingPanel { height: 1; width: 1fr; }"

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._drawing: Drawing = ()

    @property
    def drawing(self) -> Drawing:
        """The drawing that is shown."""
        return self._drawing

    def show(self, drawing: Drawing) -> None:
        """Show another drawing; only the lines that differ are painted again."""
        before, self._drawing = self._drawing, drawing
        if not self.is_mounted:
            return
        count = max(len(before), len(drawing))
        changed = [y for y in range(count) if before[y : y + 1] != drawing[y : y + 1]]
        if changed:
            width = self.size.width
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width = self.size.width
        base = self.rich_style
        line: Line = self._drawing[y] if y < len(self._drawing) else ()
        theme = self.app.current_theme
        segments = [Segment(visible(span.text), base + role_style(theme, span.role, span.lit)) for span in line]
        return Strip(segments).adjust_cell_length(width, base)
