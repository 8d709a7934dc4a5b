"""A frame that writes the cells that changed and no others.

Textual writes a changed part of a line from where its widget begins: where most of a screen is one widget, a new number
at the right end of a line would bring the whole line with it.
"""

from __future__ import annotations

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from nn_tutor.terminal.drawing.ink import cells_in


def of_changed_cells(frame: RenderableType | None) -> RenderableType | None:
    """Return a frame that shows the same in fewer bytes, where it is one of changed parts alone."""
    return _ChangedCells(frame.chops, frame.spans, frame.chop_ends) if type(frame) is ChopsUpdate else frame


class _ChangedCells(ChopsUpdate):
    """Textual's update, that begins each changed part of a line where it changed."""

    def render_segments(self, console: Console) -> str:
        """Return what is written to the terminal, with escape sequences."""
        written: list[str] = []
        last = self.spans[-1][0]
        for y, first, end in self.spans:
            for until, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=True):
                if strip is None or x >= end or until <= first:
                    continue
                if x >= first and until <= end:
                    written += (_move_to(x, y), strip.render(console))
                else:
                    written += _between(strip, x, y, first, end, console)
            if y != last:
                written.append("\n")
        return "".join(written)


def _between(strip: Strip, x: int, y: int, first: int, end: int, console: Console) -> list[str]:
    """Write the segments of a strip at cell `x` of line `y` that reach into the cells from `first` up to `end`."""
    colours = console._color_system or ColorSystem.TRUECOLOR
    written: list[str] = []
    for text, style, _ in strip:
        before, x = x, x + (cells_in(text))
        if x <= first:
            continue
        if before >= end:
            break
        if not written:
            written.append(_move_to(before, y))
        written.append(text if style is None else Strip.render_style(style, text, colours))
    return written


def _move_to(x: int, y: int) -> str:
    """What moves the cursor to a cell (CUP of ECMA-48, which counts from 1)."""
    return f"\x1b[{y + 1};{x + 1}H"
