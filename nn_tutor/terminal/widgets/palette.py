"""From the spans of a drawing to the cells of a screen, each span painted once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip
from textual.theme import Theme

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.ascii import ASCII, in_ascii
from nn_tutor.terminal.theme import Depth, base_style, role_style

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Line, Span

MAX_KEPT = 8192
"""How many painted spans are kept: most of those of a step were painted before."""

MAX_PALETTES = 4
"""How many palettes are kept."""


class Palette:
    """Paints lines for one theme, one depth of colour and one set of filters.

    Text that acts on terminals is made visible. What a filter takes for the colour below is that of an empty cell.
    """

    def __init__(self, theme: Theme, depth: Depth, filters: Sequence[LineFilter]) -> None:
        self._theme = theme
        self._depth = depth
        self._filters = filters
        self._base = base_style(theme, depth)
        self._background = Color.from_rich_color(base_style(theme).bgcolor)
        self._is_ascii = ASCII in filters
        self._kept: dict[Span, tuple[Segment, int]] = {}
        self._blanks: dict[int, Segment] = {}

    def segments(self, line: Line, width: int) -> list[Segment]:
        """Paint a line, cut or filled with blanks to `width` cells."""
        if self._is_ascii:
            line = in_ascii(line)
        painted = [self._kept.get(span) or self._painted(span) for span in line]
        segments = [segment for segment, _ in painted]
        taken = sum(cells for _, cells in painted)
        if taken > width:
            return list(Strip(segments, taken).crop(0, width))
        if taken < width and line and line[-1].ground is None:
            text, style, control = segments[-1]
            segments[-1] = Segment(text + " " * (width - taken), style, control)
        elif taken < width:
            segments.append(self._blanks.get(width - taken) or self._blank(width - taken))
        return segments

    def _painted(self, span: Span) -> tuple[Segment, int]:
        style = self._base + role_style(self._theme, span.role, span.lit, span.ground, self._depth)
        text = visible(span.text)
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        found = self._kept[span] = (self._filtered(Segment(text, style)), cell_len(text))
        return found

    def _blank(self, width: int) -> Segment:
        found = self._blanks[width] = self._filtered(Segment(" " * width, self._base))
        return found

    def _filtered(self, segment: Segment) -> Segment:
        segments = [segment]
        for line_filter in self._filters:
            segments = line_filter.apply(segments, self._background)
        return segments[0]


def palette(theme: Theme, depth: Depth, filters: Sequence[LineFilter]) -> Palette:
    """Return the one palette of these colours."""
    key = (theme.name, depth, tuple(filters))
    if key not in _PALETTES:
        if len(_PALETTES) >= MAX_PALETTES:
            _PALETTES.clear()
        _PALETTES[key] = Palette(theme, depth, filters)
    return _PALETTES[key]


_PALETTES: dict[tuple[str, Depth, tuple[LineFilter, ...]], Palette] = {}
