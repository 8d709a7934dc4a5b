"""Matrices as blocks: a name, labels, and numbers in brackets; and blocks beside each other, or in rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, padded, width_of


@dataclass(frozen=True, slots=True)
class Block:
    """A matrix to draw: its cells row by row, a name before or a title above it, labels beside rows and above columns.

    A single cell with a name needs no brackets.
    """

    name: str
    role: Role
    cells: tuple[tuple[Span, ...], ...]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    lit: bool = False
    title: str = ""


def draw_block(block: Block) -> Drawing:
    """Draw a block: decimal points below each other, the name beside the first row."""
    columns = [_aligned([row[place] for row in block.cells]) for place in range(len(block.cells[0]))]
    width = [max(width_of((span,)) for span in column) for column in columns]
    for place, label in enumerate(block.columns):
        width[place] = max(width[place], len(label))
    labels = max((len(label) for label in block.rows), default=0)
    name = line(Span(f"{block.name} ", block.role, block.lit)) if block.name else ()
    before = width_of(name)
    is_single = len(block.cells) == 1 and len(block.cells[0]) == 1 and not block.title
    opening, closing = ("", "") if is_single else ("[ ", " ]")
    drawn: list[Line] = []
    if block.title:
        indent = " " * (before + labels + bool(labels) + len(opening))
        drawn.append(line(indent, Span(block.title, block.role, block.lit)))
    if block.columns:
        indent = " " * (before + labels + bool(labels) + len(opening))
        heads = "  ".join(label.rjust(room) for label, room in zip(block.columns, width, strict=True))
        drawn.append(line(Span(indent + heads, "muted")))
    for number, row in enumerate(zip(*columns, strict=True)):
        label = f"{block.rows[number].rjust(labels)} " if block.rows else ""
        spans: list[Span] = [*(name if number == 0 else (Span(" " * before),)), Span(label, "muted")]
        spans.append(Span(opening, "muted"))
        for place, cell in enumerate(row):
            text = cell.text.rjust(width[place])
            spans.append(cell._replace(text=text if place == 0 else f"  {text}"))
        spans.append(Span(closing, "muted"))
        drawn.append(line(*spans))
    return tuple(drawn)


def set_beside(parts: Sequence[Drawing], gap: int = 1, *, hanging: bool = False) -> Drawing:
    """Set drawings beside each other, their last lines level, or their first ones."""
    height = max(len(part) for part in parts)
    drawn: list[Line] = [() for _ in range(height)]
    for number, part in enumerate(parts):
        width, above = width_of_drawing(part), 0 if hanging else height - len(part)
        for place in range(height):
            own = part[place - above] if 0 <= place - above < len(part) else ()
            drawn[place] = (*drawn[place], *padded(own, width, gap if number < len(parts) - 1 else 0))
    return tuple(drawn)


def set_in_rows(parts: Iterable[Drawing], width: int, gap: int = 3, *, hanging: bool = False) -> Drawing:
    """Set drawings from left to right, on as many rows as they need."""
    rows: list[list[Drawing]] = [[]]
    taken = 0
    for part in parts:
        own = width_of_drawing(part)
        if rows[-1] and taken + gap + own > width:
            rows.append([])
            taken = 0
        taken += own + (gap if rows[-1] else 0)
        rows[-1].append(part)
    drawn: list[Line] = []
    for row in filter(None, rows):
        drawn += set_beside(row, gap, hanging=hanging)
    return tuple(drawn)


def width_of_drawing(drawing: Drawing) -> int:
    """Return how many cells the widest line of a drawing takes."""
    return max((width_of(one) for one in drawing), default=0)


def operator(text: str, height: int) -> Drawing:
    """Return a sign between blocks of some height, beside their middle row."""
    below = height - 1 - (height - 1) // 2
    return (line(Span(text, "strong")), *([()] * below))


def _aligned(column: Sequence[Span]) -> list[Span]:
    """The cells of a column, filled up behind so that their decimal points stand below each other."""
    behind = [_behind_point(span.text) for span in column]
    most = max(behind)
    return [
        span._replace(text=span.text + " " * (most - own)) if any(c.isdigit() for c in span.text) else span
        for span, own in zip(column, behind, strict=True)
    ]


def _behind_point(text: str) -> int:
    """How many cells a text takes from its decimal point on."""
    whole, point, rest = text.partition(".")
    if not point:
        return len(text) - len(whole.rstrip("✓"))
    return 1 + len(rest)
