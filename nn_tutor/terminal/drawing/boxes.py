"""Frames around drawings, with a title in the border; and bars."""

from __future__ import annotations

from functools import lru_cache

from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, line, width_of

SIDES_OF_FRAME = 4
"""The cells that a frame takes of the width: its sides, and a blank within each."""


def framed(
    drawing: Drawing, width: int, height: int, title: Line = (), aside: Line = (), *, lit: bool = False
) -> Drawing:
    """Draw a rounded frame of `height` lines around a drawing, its title at the left, an aside at the right above.

    A frame that is `lit` has the accent: it is the one in front. What does not fit inside is left out.
    """
    if width < SIDES_OF_FRAME or height < 2:
        return drawing[:height]
    role: Role = "accent" if lit else "border"
    inner = width - SIDES_OF_FRAME
    empty = (Span(f"│{' ' * (width - 2)}│", role),)
    body = [_between_sides(content, inner, role) if content else empty for content in drawing[: height - 2]]
    body += [empty] * (height - 2 - len(body))
    return _top(width, title, aside, role), *body, (Span(f"╰{'─' * (width - 2)}╯", role),)


@lru_cache(maxsize=1024)
def _between_sides(content: Line, inner: int, role: Role) -> Line:
    """A line of a frame; the blanks behind its content go with the right side: a span less to paint.

    Kept, as from one step to the next most lines stay: the same object is known again when it is painted.
    """
    taken = width_of(content)
    if taken > inner:
        content, taken = cut(content, inner), inner
    return Span("│ ", role), *content, Span(f"{' ' * (inner - taken)} │", role)


def _top(width: int, title: Line, aside: Line, role: Role) -> Line:
    """The upper border; an aside that leaves no room for the title is left out."""
    room = width - 4
    written = line(" ", *cut(title, room - 2), " ") if title else ()
    after = line(" ", *aside, " ") if aside else ()
    if width_of(written) + width_of(after) > room:
        after = ()
    rest = "─" * (room - width_of(written) - width_of(after))
    return line(Span("╭─", role), *written, Span(rest, role), *after, Span("─╮", role))


BAR = 6
"""The cells of a bar."""


def bar(part: float, width: int = BAR) -> Line:
    """Draw a bar that is filled by a part from 0 to 1: only nothing is empty, only all of it is full."""
    full = 0 if part <= 0 else width if part >= 1 else min(width - 1, max(1, round(part * width)))
    return line(Span("▰" * full, "right" if part >= 1 else "accent"), Span("▱" * (width - full), "muted"))
