"""The footer: the state the learner is in, and the keys that do something in it now. It tells the truth."""

from __future__ import annotations

from collections.abc import Iterable

from nn_tutor.terminal.drawing.ink import Line, Span, beside, cut, line, width_of
from nn_tutor.tutor.keymap import State, Tip


def draw_footer(state: State, tips: Iterable[Tip], width: int, dots: str = "") -> Line:
    """Draw the keys for a station, the ones that matter most first as far as they fit, and the dots of the skill."""
    drawn = line(Span(f" {state} ", "key", lit=True))
    for tip in tips:
        longer = (*drawn, Span("  "), Span(tip.keys, "key"), Span(f" {tip.meaning}", "muted"))
        if cut(longer, width) != longer:
            break
        drawn = longer
    right = line(Span(dots, "muted"), " ") if dots else ()
    return beside(drawn, right, width) if right and width_of(drawn) + width_of(right) + 2 <= width else drawn
