"""Reading a drawing back, for the tests of the pictures."""

from __future__ import annotations

from nn_tutor.terminal.drawing.ink import Drawing, Ground, Role, width_of

NUMBERS = (0.0, 1.0, -1.0, 1e-12, -1e-12, 1e6, -1e6, 1e-300, 1e300, float("nan"), float("inf"), float("-inf"))
SIZES = ((60, 14), (78, 20), (120, 30), (30, 8), (27, 9), (20, 5), (19, 5), (20, 4), (3, 2), (1, 1), (0, 3), (4, 0))


def glyphs(drawing: Drawing) -> list[list[tuple[str, Role, Ground | None]]]:
    """Return glyph, role and ground of every cell, line by line."""
    return [[(glyph, span.role, span.ground) for span in spans for glyph in span.text] for spans in drawing]


def places(drawing: Drawing, glyph: str, role: Role | None = None) -> list[tuple[int, int]]:
    """Return (column, row) of the cells that hold a glyph, in a role if one is given."""
    return [
        (column, row)
        for row, cells in enumerate(glyphs(drawing))
        for column, (found, ink, _) in enumerate(cells)
        if found == glyph and role in (None, ink)
    ]


def floor_of(drawing: Drawing) -> int:
    """Return the line of the axis below a plot."""
    return next(row for row, spans in enumerate(drawing) if "└" in "".join(span.text for span in spans))


def plot_of(drawing: Drawing) -> Drawing:
    """Return the plot proper, with the numbers at its left."""
    return drawing[: floor_of(drawing)]


def without_legend(drawing: Drawing) -> Drawing:
    """Return the plot with its axes."""
    return drawing[: floor_of(drawing) + 2]


def fills(drawing: Drawing, width: int, height: int) -> bool:
    """Whether a drawing takes exactly its place and holds only what can be printed."""
    return (
        len(drawing) == max(height, 0)
        and all(width_of(spans) == max(width, 0) for spans in drawing)
        and all(span.text.isprintable() for spans in drawing for span in spans)
    )


def dots(glyph: str) -> int:
    """Return the bits of a braille pattern, 0 for another glyph."""
    return ord(glyph) - 0x2800 if "⠀" <= glyph <= "⣿" else 0
