"""Verdicts and notices in words, on the lines below the answer line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.judging.diagnosis import parted
from nn_tutor.judging.wording import MARKS, word_of
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, wrapped

if TYPE_CHECKING:
    from nn_tutor.judging.judgement import Judgement, Verdict

_ROLES: dict[Verdict, Role] = {
    "correct": "right",
    "follow_through": "right",
    "convention": "accent",
    "more_digits": "accent",
    "near": "accent",
    "diagnosed": "wrong",
    "wrong": "wrong",
    "invalid": "muted",
}

GLYPHS: dict[Verdict, tuple[str, Role]] = {verdict: (MARKS[verdict], role) for verdict, role in _ROLES.items()}
"""The mark of each verdict, and its colour."""

MAX_LINES = 3

MIN_SENTENCE = 20
"""Sentences are set in so many cells at least, and cut where the screen has fewer."""


def draw_simple_verdict(judgement: Judgement, width: int) -> Drawing:
    """Draw a verdict with its sentence."""
    glyph, role = GLYPHS[judgement.verdict]
    return tuple(in_lines(*opened(f" {glyph} {word_of(judgement)}", role, judgement.message), width))


def opened(head: str, role: Role, text: str) -> tuple[Span, Span]:
    """Return the coloured head of a verdict and what it says, parted by a colon or a full stop."""
    opening, said = parted(head, text)
    return Span(opening, role), Span(f" {said}")


def draw_notice(notice: str, width: int) -> Drawing:
    """Draw a sentence on the last move."""
    return draw_sentence(f"▸ {notice}", width)


def draw_sentence(text: str, width: int) -> Drawing:
    """Draw a sentence that is no verdict."""
    return tuple(line(" ", *part) for part in sentence((Span(text, "accent"),), width - 3))


def in_lines(head: Span, said: Span, width: int) -> list[Line]:
    """Return a coloured head and what it says, on up to three lines."""
    return [line(" ", *part) for part in sentence((head._replace(text=head.text.strip()), said), width - 2)]


def sentence(content: Line | str, width: int) -> list[Line]:
    """Return a sentence on up to three lines, set in a little after the first."""
    return wrapped(content, max(MIN_SENTENCE, width), indent="  ", most=MAX_LINES)[:MAX_LINES]
