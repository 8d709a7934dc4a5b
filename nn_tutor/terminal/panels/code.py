"""The code panel: the line that computed the number in question, and the function of the program it ran in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.code_lines import in_pieces
from nn_tutor.terminal.drawing.ink import Drawing, Role, Span, cut, line, width_of
from nn_tutor.walkthrough.source import excerpt_for

if TYPE_CHECKING:
    from nn_tutor.tutor.visible import View


def draw_line_of_code(view: View, width: int) -> Drawing:
    """Draw the one line that computed the number in question."""
    return draw_code(view, width, 1) if view.covers_code else (cut(line("  ", Span(view.row(view.focus).code)), width),)


def draw_code(view: View, width: int, height: int) -> Drawing:
    """Draw the line that computed the number in question, with its names, among the source that ran for it."""
    if view.covers_code:
        until = "until this pass is done" if view.is_own else "as well: it would tell the rule"
        return (line(Span(f"  The code is covered {until}.", "muted")),)
    if view.network.is_scalar:
        return draw_program(view, width, height)
    head = [
        line(Span("  this number: ", "muted"), Span(view.row(view.focus).code, "strong")),
        line(Span(f"  the program, all numbers at once: {name_of_program(view)}", "muted")),
        (),
    ]
    source = draw_program(view, width, max(1, height - len(head)))
    return (*(cut(part, width) for part in head), *source)[:height]


def draw_program(view: View, width: int, height: int) -> Drawing:
    """Draw as much of the program as there is room for around the line that ran.

    For single weights it is the pass itself, a line for each number: only matrices need the program behind it.
    """
    if view.covers_code:
        return draw_code(view, width, height)
    if view.network.is_scalar:
        lines = tuple(row.code for row in view.rows())
        marked = next((place for place, ref in enumerate(view.refs) if ref == view.focus), 0)
    else:
        excerpt = excerpt_for(view.network, view.focus)
        lines, marked = excerpt.lines, excerpt.marked
    drawn = [_source_lines(text, number, number == marked, width) for number, text in enumerate(lines)]
    above = sum(len(one) for one in drawn[:marked])
    every = [one for parts in drawn for one in parts]
    first = min(max(0, above - height // 2), max(0, len(every) - height))
    return tuple(every[first : first + height])


def name_of_program(view: View) -> str:
    """Return the function that ran for the number in question, and its file; "" where the panel does not show it."""
    if view.covers_code or view.network.is_scalar:
        return ""
    excerpt = excerpt_for(view.network, view.focus)
    return f"{excerpt.function}() in {excerpt.file}"


@lru_cache(maxsize=512)
def _source_lines(text: str, number: int, marked: bool, width: int) -> Drawing:
    """Draw a line of the program with its number; it goes on below, set in further, where it is too long.

    Kept, as from one step to the next only the mark moves.
    """
    role: Role = "accent" if marked else "text"
    head = line(Span("▶" if marked else " ", "accent"), Span(f"{number + 1:3} ", "muted"))
    first, *others = in_pieces(text, width - width_of(head))
    below = [line(Span(" " * width_of(head)), Span(part, role, marked)) for part in others]
    return tuple([cut(one, width) for one in ((*head, Span(first, role, marked)), *below)])
