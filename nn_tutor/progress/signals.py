"""The signals that ask a program to end, however it is talked to, and what hears them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

ENDING: tuple[signal.Signals, ...] = tuple(
    number
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGBREAK")
    if (number := getattr(signal, name, None)) is not None
)
"""The signals that end the tutor, those of them that the system has."""


@contextmanager
def heard_by(
    handler: Callable[[int, FrameType | None], None], signals: Sequence[signal.Signals] = ENDING
) -> Iterator[None]:
    """Have signals heard by a handler, and afterwards by what heard them before.

    In any thread but the main one, which alone may set handlers, nothing changes.
    """
    is_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, handler) for number in (signals if is_main else ())}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
