"""When the app has nothing left to do: the moment at which a test may look at it."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from textual._context import active_app

SOON = 0.02
"""Seconds: a frame of Textual's is due at most 1/60 s after what it shows has changed."""


async def until_settled(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until no callback is ready, none is due soon, and no thread works for the app.

    It stands in the place of Textual's own, which takes a process for idle once it has slept for 20 ms, and does so
    twice for each key: a test would spend most of its time asleep, and up to a second for each key on a busy machine.
    """
    loop: Any = asyncio.get_running_loop()
    deadline = monotonic() + max_sleep
    while monotonic() < deadline:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        app = active_app.get(None)
        works = app is not None and any(worker.is_running for worker in app.workers)
        due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=None)
        if works:
            await asyncio.sleep(0.002)
        elif due is not None and (left := due - loop.time()) < SOON:
            await asyncio.sleep(max(left, 0.0))
        else:
            return
