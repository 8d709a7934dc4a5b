"""How the program ends: when asked to, by a key or a signal, with the terminal as it was, and even where it hangs."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

from textual.app import App

from nn_tutor.progress.messages import say
from nn_tutor.progress.signals import heard_by

PATIENCE = 0.8
"""Seconds that the app has to end by itself."""

HUNG_UP = 129
"""The status of a program whose terminal is gone, as after SIGHUP."""


class Ending:
    """The end of one app, once it is demanded; where the app does not come to it, the process is ended."""

    def __init__(self, app: App[None], save: Callable[[], None], last_words: Callable[[], str]) -> None:
        self._app = app
        self._save = save
        self._last_words = last_words
        self._has_ended = threading.Event()
        self._demand: threading.Event | None = None

    def demand(self, status: int) -> None:
        """Give the app a moment to end by itself, then end the process with a status; from any thread."""
        if self._demand is None and not self._has_ended.is_set():
            self._demand = threading.Event()
            threading.Thread(target=self._wait, args=(status, self._demand), name="ending", daemon=True).start()

    def withdraw(self) -> None:
        """Take a demand back: the app lives, and asks first."""
        if self._demand is not None:
            self._demand.set()
            self._demand = None

    def hang_up(self) -> None:
        """End the app as its terminal is gone; from any thread."""
        self.demand(HUNG_UP)
        self._app.call_later(self._app.exit, None, HUNG_UP)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """End the app at every signal that asks for it, for as long as it runs."""
        with heard_by(self._at_signal):
            try:
                yield
            finally:
                self._has_ended.set()
                self.withdraw()

    def _at_signal(self, number: int, frame: FrameType | None) -> None:
        # Not a handler of the event loop: Windows has none, and one that hangs would never call it.
        status = 128 + number
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # it has not begun, or is over
            raise SystemExit(status) from None
        self.demand(status)
        loop.call_soon_threadsafe(partial(self._app.exit, return_code=status))

    def _wait(self, status: int, withdrawn: threading.Event) -> None:
        if withdrawn.wait(PATIENCE) or self._has_ended.is_set():
            return
        # What was answered is on the disk; the place in the lesson may still wait to be written.
        closing = threading.Thread(target=self._save, daemon=True)
        closing.start()
        closing.join(PATIENCE / 8)
        driver = self._app._driver
        with suppress(Exception):
            if driver is not None and hasattr(driver, "let_go"):
                driver.let_go()
        with suppress(Exception):
            say(self._last_words())
        os._exit(status)


class EndingApp(App[None]):
    """An app with an ending: `save` writes down what still waits, where the app does not come to it itself.

    `last_words` is what is to be said then, "" for nothing.
    """

    def __init__(self, save: Callable[[], None], last_words: Callable[[], str]) -> None:
        super().__init__()
        self.ending = Ending(self, save, last_words)
