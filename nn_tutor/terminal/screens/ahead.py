"""An answer that is begun by keys that are commands: what follows tells, and then what they did is taken back.

`w` alone asks why, and in `w-0.3*dL_dw` it is a weight; `2` alone is a panel, and in `2.5` a digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.typed import BEHIND_DIGITS, begins_answer

if TYPE_CHECKING:
    from nn_tutor.tutor.session import Session


@dataclass(frozen=True, eq=False, slots=True)
class Before:
    """How the screen was before a key: its session, and the ways of looking at it."""

    whole: Session
    panel: int
    scrolled: int
    covers_all: bool


class TypedAhead:
    """The keys that were pressed one after another, each with how the screen was before it."""

    def __init__(self) -> None:
        self._pressed: list[tuple[str, Before]] = []

    def forget(self) -> None:
        """Something else was done: what was pressed before is no beginning."""
        self._pressed.clear()

    def keep(self, character: str, before: Before) -> None:
        """Remember a key that is done as a command."""
        self._pressed.append((character, before))

    def begun(self, character: str, ahead: Session) -> tuple[str, Before] | None:
        """Return the longest beginning of an answer to the question ahead that ends with a character, None for none.

        With it comes how the screen was before its first key.
        """
        for place in range(len(self._pressed)):
            text = "".join(key for key, _ in self._pressed[place:]) + character
            if begins_answer(text, ahead):
                return text, self._pressed[place][1]
        return None

    def number(self, character: str) -> tuple[str, Before] | None:
        """Return the digits pressed right before a character that goes on with their number, None for none.

        With them comes how the screen was before the first.
        """
        digits: list[tuple[str, Before]] = []
        for key, before in reversed(self._pressed):
            if not key.isdecimal():
                break
            digits.insert(0, (key, before))
        if not digits or character not in BEHIND_DIGITS:
            return None
        return "".join(key for key, _ in digits), digits[0][1]
