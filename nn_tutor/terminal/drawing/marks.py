"""The marks of curves and maps, and the roles of those that words speak of: alike in the picture and in the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Role

NOW, NEXT, YOURS, BEFORE = "●", "◇", "✗", "∘"
"""The weights now, the next ones, where the learner's own lead, and those before."""

RIVAL, TRIED = "■", "⠶"
"""Where another run is, and what was tried."""

ROLES: dict[str, Role] = {NOW: "accent", RIVAL: "prediction"}
