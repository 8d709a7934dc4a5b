"""The code panel: the line that computed the number in question, and the function of the program it ran in."""

from __future__ import annotations

from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line
from nn_tutor.tutor.visible import View
from nn_tutor.walkthrough.source import excerpt_for


def draw_code(view: View, width: int, height: int) -> Drawing:
    """Draw the source around the line that ran for the number in question, and that line with this number's names."""
    if view.covers_code:
        until = "until this pass is done" if view.is_own else "as well: it would tell the rule"
        return (line(Span(f" The code is covered {until}.", "muted")),)
    excerpt = excerpt_for(view.network, view.focus)
    room = max(1, height - 3)
    first = min(max(0, excerpt.marked - room // 2), max(0, len(excerpt.lines) - room))
    body = [
        _source_line(text, number, number == excerpt.marked)
        for number, text in enumerate(excerpt.lines[first : first + room], start=first)
    ]
    drawing: list[Line] = [
        line(Span(" this number: ", "muted"), Span(view.row(view.focus).code, "strong")),
        line(Span(f" the program, all numbers at once: {excerpt.function}() in {excerpt.file}", "muted")),
        (),
        *body,
    ]
    return tuple(cut(part, width) for part in drawing[:height])


def _source_line(text: str, number: int, marked: bool) -> Line:
    return line(
        Span("▶" if marked else " ", "accent"),
        Span(f"{number + 1:3} ", "muted"),
        Span(text, "accent" if marked else "text", marked),
    )
