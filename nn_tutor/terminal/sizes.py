"""The sizes of a terminal, in cells, from which more of a screen is shown."""

from __future__ import annotations

MIN_WIDTH, MIN_HEIGHT = 60, 16
"""With less a lesson cannot be seen."""

WIDE, TALL = 110, 30
"""From there on panels stand side by side."""

MAX_ENTRY = 120
"""The cells of the answer line with what stands at its right: on a wider screen that would be far from the words."""

WIDEST = 76
"""Lines of words are not longer than this, however wide the screen: the eye finds the next line."""
