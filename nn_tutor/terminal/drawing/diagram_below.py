"""The numbers below a chain: each stands under its own node or weight, and none is written over another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.diagram_parts import Canvas, fitted, value_role

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Role

GAP = 1
"""The blank cells between two numbers in a line, at least."""

SHORTEST = 5
"""A number is rounded to so many cells at most before it is left out."""


@dataclass(frozen=True, slots=True)
class Below:
    """A number with its name, below the cell `column`; where two want the same cells the lower `rank` has them."""

    rank: int
    column: int
    name: str
    text: str
    role: Role
    lit: bool = False
    lead: str = ""
    room: int = 8


def write_below(canvas: Canvas, row: int, numbers: Sequence[Below]) -> None:
    """Write the numbers into a line, the most wanted first; one for which too little room is left is left out.

    A number gives up digits for the one that follows it, as long as `SHORTEST` cells are left. The one that is lit
    moves to the left where it would not fit before the edge.
    """
    taken: list[tuple[int, int]] = []
    starts = sorted(number.column - len(number.lead) for number in numbers)
    for number in sorted(numbers, key=lambda one: one.rank):
        start = number.column - len(number.lead)
        head = len(number.lead) + len(number.name) + 1
        if number.lit:
            start = max(0, min(start, canvas.width - head - min(len(number.text), SHORTEST)))
        if any(left <= start < right + GAP for left, right in taken):
            continue
        end = min([canvas.width, *(left - GAP for left, _ in taken if left > start)])
        room = min(end - start - head, max(number.room, len(number.text)))
        following = next((other - 1 - start - head for other in starts if other > start), room)
        text = fitted(number.text, min(room, following) if following >= SHORTEST else room) if room >= 1 else ""
        if not text or (len(text) < min(SHORTEST, len(number.text)) and room < SHORTEST):
            continue
        column = canvas.put(row, start, number.lead, "muted")
        column = canvas.put(row, column, f"{number.name} ", number.role, number.lit)
        column = canvas.put(row, column, text, value_role(text, number.role), number.lit)
        taken.append((start, column))
