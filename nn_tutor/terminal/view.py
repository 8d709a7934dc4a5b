"""How the parts of a row are written on the screen."""

from __future__ import annotations

from nn_tutor.tutor.visible import Covered

ASKED, NOT_YET = Covered.ASKED.value, Covered.NOT_YET.value
DERIVING = "…"
"""What stands in the place of a rule that nobody has derived yet."""


def text_of(part: str | Covered | None) -> str:
    """Return the text of a part of a row, or the sign that stands in its place."""
    return part.value if isinstance(part, Covered) else DERIVING if part is None else part
