"""A page of prose."""

from __future__ import annotations

from nn_tutor.terminal.drawing.ink import Drawing, Span, line
from nn_tutor.terminal.drawing.prose import draw_prose


def draw_reading(text: str, width: int, height: int, scrolled: int) -> Drawing:
    """Draw a page of prose from its `scrolled`-th line, with a sign at its end where more follows."""
    lines = draw_prose(text, max(10, width - 4))
    scrolled = max(0, min(scrolled, len(lines) - height))
    shown = [(Span("  "), *content) for content in lines[scrolled : scrolled + height]]
    if scrolled + height < len(lines):
        shown[-1] = line(Span("  ↓ more: press the down key", "accent"))
    return tuple(shown)
