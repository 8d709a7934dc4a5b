"""Garbage is looked for while the program waits: Python alone would do it now and then while a key is answered."""

from __future__ import annotations

import asyncio
import gc

PAUSE = 0.012
"""Seconds behind a frame after which it is likely that nobody waits for one."""

OLDER_EACH = 20
"""Each how many times what has stayed a while is looked through as well."""


class Tidying:
    """Looks through what is new soon after each frame; a key makes so little of it that this takes no time."""

    def __init__(self) -> None:
        self._is_due = False
        self._times = 0

    def expect(self) -> None:
        """Tidy up soon; called on the event loop after a frame."""
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_later(PAUSE, self._tidy)

    def _tidy(self) -> None:
        self._is_due = False
        if gc.isenabled():
            self._times += 1
            gc.collect(0 if self._times % OLDER_EACH else 1)
