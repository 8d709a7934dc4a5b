"""What is written to the terminal, by a thread that can be told to stop waiting for a reader."""

from __future__ import annotations

import os
import select
import threading

PIECE = 512
"""Bytes written at once: a terminal that is full holds up no more than these."""

PATIENCE = 0.05
"""Seconds until the thread looks again whether it is still to wait."""


class TerminalOutput:
    """The file that Textual's writing thread writes to; it goes straight to the terminal.

    `waiting` counts the texts that were handed over and are not written yet, `characters` what is in them.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._is_dropping = False
        self.waiting = self.characters = 0

    def expect(self, text: str) -> None:
        """Count a text that will be written."""
        with self._lock:
            self.waiting += 1
            self.characters += len(text)

    def write(self, text: str) -> int:
        """Write a text, piece by piece as the terminal takes it, and return its length."""
        data = text.encode("utf-8", errors="backslashreplace")
        try:
            while data and not self._is_dropping:
                if select.select([], [self._descriptor], [], PATIENCE)[1]:
                    data = data[os.write(self._descriptor, data[:PIECE]) :]
        except (OSError, ValueError):  # the terminal is gone: the signal that says so ends the program
            self._is_dropping = True
        finally:
            with self._lock:
                self.waiting -= 1
                self.characters -= len(text)
        return len(text)

    def flush(self) -> None:
        """Do nothing: everything was written."""

    def fileno(self) -> int:
        """Return the terminal's descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return True: it is a terminal."""
        return True

    def drop(self) -> None:
        """Write nothing more, and give up what is being written."""
        self._is_dropping = True

    def take_up(self) -> None:
        """Write again."""
        self._is_dropping = False
