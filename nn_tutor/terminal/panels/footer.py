"""The footer: the state the learner is in, and the keys that do something in it now. It tells the truth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.ink import Line, Span, beside, line, width_of

if TYPE_CHECKING:
    from nn_tutor.tutor.keymap import State, Tip


def draw_footer(state: State, tips: Iterable[Tip], width: int, dots: str = "") -> Line:
    """Draw the keys for a station, the ones that matter most first as far as they fit, and the dots of the skill."""
    drawn = draw_keys(state, ((tip.keys, tip.meaning) for tip in tips), width)
    right = line(Span(dots, "muted"), " ") if dots else ()
    return beside(drawn, right, width) if right and width_of(drawn) + width_of(right) + 2 <= width else drawn


def draw_keys(state: str, keys: Iterable[tuple[str, str]], width: int) -> Line:
    """Draw the state, and the keys that fit with what they do: behind one that is too long a shorter one may."""
    drawn = line(Span(f" {state} ", "key", lit=True))
    room = width - width_of(drawn)
    for key, meaning in keys:
        more = line("  ", Span(key, "key"), Span(f" {meaning}", "muted"))
        if (wanted := width_of(more)) <= room:
            drawn, room = (*drawn, *more), room - wanted
    return drawn
