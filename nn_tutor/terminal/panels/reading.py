"""A page of prose."""

from __future__ import annotations

from nn_tutor.terminal.drawing.ink import Drawing, Span, cut, line, width_of
from nn_tutor.terminal.drawing.prose import draw_prose

MIN_WORDS = 3
"""Of words that do not fit fewer lines are not worth their room."""


MORE = Span("↓ more: press the down key", "accent")
"""What stands in the last line of words that go on."""

FURTHER = Span(" ↓", "accent")
"""What stands for it at the end of the only line that words have."""


def draw_reading(text: str, width: int, height: int, scrolled: int) -> Drawing:
    """Draw a page of prose from its `scrolled`-th line, with a sign at its end where more follows."""
    lines = draw_prose(text, max(10, width - 4))
    if height == 1:
        lines = tuple(content for content in lines if content)
    scrolled = max(0, min(scrolled, len(lines) - height))
    shown = [(Span("  "), *content) for content in lines[scrolled : scrolled + height]]
    if scrolled + height < len(lines):
        shown[-1] = line("  ", MORE) if height > 1 else (*shown[-1], FURTHER)
    return tuple(shown)


def goes_on(drawing: Drawing) -> bool:
    """Whether words in it have more lines than are seen."""
    return any(MORE in content or FURTHER in content for content in drawing)


def untitled(text: str) -> str:
    """Return words without the titles of their sections."""
    return "\n".join(row for row in text.splitlines() if not row.startswith("## ")).strip("\n")


def draw_introduction(text: str, width: int) -> Drawing:
    """Draw the words that open a lesson, with a blank line between them and what comes next; nothing for none."""
    if not text:
        return ()
    return (*((Span("  "), *content) for content in draw_prose(text, max(10, width - 4))), ())


def draw_in_short(text: str, width: int, height: int, more: str) -> Drawing:
    """Draw the first words on a few lines, without titles, with a sign at the end where there are `more`."""
    lines = [(Span("  "), *content) for content in draw_prose(untitled(text), max(10, width - 4)) if content]
    if len(lines) <= height:
        return tuple(lines)
    sign = line(Span(more, "muted"))
    last, room = lines[height - 1], width - width_of(sign)
    if width_of(last) > room:
        *kept, end = cut(last, room)
        last = line(*kept, end._replace(text=end.text.rpartition(" ")[0]))  # no half words
    return (*lines[: height - 1], (*last, *sign))


def fits(text: str, width: int, height: int) -> bool:
    """Whether words have room on so many lines."""
    return len(draw_prose(text, max(10, width - 4))) <= height


def draw_words(text: str, width: int, height: int, scrolled: int = 0) -> Drawing:
    """Draw the words beside something else: without their title where that makes them fit, else as a page."""
    if not text or height < 1:
        return ()
    for words in (text, untitled(text)):
        if fits(words, width, height):
            return draw_reading(words, width, height, 0)
    return draw_reading(untitled(text), width, height, scrolled) if height >= MIN_WORDS else ()
