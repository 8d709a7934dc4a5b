"""Without colours (`--no-color`, NO_COLOR): bold, underlined and reversed text in the terminal's own two colours.

Textual by itself turns colours into greys there, backgrounds too, which covers the reader's own.
"""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from nn_tutor.terminal.theme import contrast

MARKED = 1.5
"""A background that stands out so much marks what is chosen, or the cursor: it is reversed instead."""


class Colourless(LineFilter):
    """Takes all colours away; what only a background told is reversed."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without their colours."""
        return [
            Segment(text, None if style is None else _without_colours(style, background), control)
            for text, style, control in segments
        ]


@lru_cache(maxsize=1024)
def _without_colours(style: Style, background: Color) -> Style:
    under = None if style.bgcolor is None or style.bgcolor.is_default else Color.from_rich_color(style.bgcolor)
    is_marked = under is not None and contrast(under, Color(*background.rgb)) >= MARKED
    return style.without_color + Style(reverse=True) if is_marked else style.without_color


COLOURLESS = Colourless()
