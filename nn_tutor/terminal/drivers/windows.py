"""The console of Windows, as the tutor uses it."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

assert sys.platform == "win32"

from textual.drivers import win32  # noqa: E402
from textual.drivers.windows_driver import WindowsDriver  # noqa: E402

from nn_tutor.terminal.drivers.parser import TolerantParser  # noqa: E402

if TYPE_CHECKING:
    from nn_tutor.terminal.ending import EndingApp

# The thread that reads the console makes its parser itself, and would end without a word at what it cannot read.
win32.XTermParser = TolerantParser  # type: ignore[attr-defined]


class TutorWindowsDriver(WindowsDriver):
    """Textual's driver, made to bear any input, and to end even where the app hangs."""

    _app: EndingApp

    is_behind = False
    """Whether frames queue up: a console of Windows reads as fast as is written."""

    def process_message(self, message: Message) -> None:
        """Send a message to the app; one that asks for the end is granted even where the app does not answer."""
        if isinstance(message, events.Key) and message.key == "ctrl+q":
            self._app.ending.demand(0)
        super().process_message(message)

    def let_go(self) -> None:
        """Restore the console at once."""
        with suppress(Exception):
            self.stop_application_mode()
            self.close()
