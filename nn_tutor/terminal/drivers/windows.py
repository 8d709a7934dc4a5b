"""The console of Windows, as the tutor uses it."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

assert sys.platform == "win32"

from textual.drivers import win32  # noqa: E402
from textual.drivers.windows_driver import WindowsDriver  # noqa: E402

from nn_tutor.terminal.drivers.granting import GrantsTheEnd  # noqa: E402
from nn_tutor.terminal.drivers.parser import TolerantParser  # noqa: E402

if TYPE_CHECKING:
    pass

# The thread that reads the console makes its parser itself, and would end without a word at what it cannot read.
win32.XTermParser = TolerantParser  # type: ignore[attr-defined]


class TutorWindowsDriver(GrantsTheEnd, WindowsDriver):
    """Textual's driver, made to bear any input, and to end even where the app hangs."""

    is_behind = False
    """Whether frames queue up: a console of Windows reads as fast as is written."""

    def let_go(self) -> None:
        """Restore the console at once."""
        with suppress(Exception):
            self.stop_application_mode()
            self.close()
