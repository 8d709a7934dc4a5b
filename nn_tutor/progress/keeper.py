"""Who keeps the log while the program runs: answers are on the disk when it returns, all else a moment later."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nn_tutor.progress.entry import Entry
from nn_tutor.progress.log import Log, open_log
from nn_tutor.progress.recall import Recalled, recall
from nn_tutor.tutor.remembering import Change

AT_ONCE = frozenset({"answer", "shown", "begun", "finished"})
"""Kinds that are on the disk before the learner sees what they lead to."""


class Keeper:
    """Keeps one log, opened when it is first needed; every method may be called from any thread."""

    def __init__(self, directory: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._directory = directory
        self._clock = clock
        self._log: Log | None = None
        self._opening = threading.Lock()
        self._waiting: queue.Queue[tuple[str, Change]] = queue.Queue()
        self._writer: threading.Thread | None = None

    @property
    def log(self) -> Log:
        """The log itself."""
        with self._opening:
            if self._log is None:
                self._log = open_log(self._directory, self._clock)
            return self._log

    @property
    def badge(self) -> str:
        """A short text to show while answers are not saved, "" while all is well."""
        return "" if self._log is None else self._log.badge

    @property
    def said(self) -> str:
        """What the learner should be told about the file, in one sentence; "" for nothing."""
        return "" if self._log is None else self._log.said

    def remember(self, lesson: str, changes: Sequence[Change]) -> None:
        """Write down what happened, in order; with an answer among it, not before it is on the disk."""
        for change in changes:
            self._waiting.put((lesson, change))
        if changes and self._writer is None:
            self._writer = threading.Thread(target=self._write, name="keeper", daemon=True)
            self._writer.start()
        if any(kind in AT_ONCE for kind, _ in changes):
            self._waiting.join()

    def entries_of(self, lesson: str) -> tuple[Entry, ...]:
        """Return what was written down of a lesson, oldest first."""
        self._waiting.join()
        return self.log.entries_of(lesson)

    def recall(self) -> Recalled:
        """Replay everything."""
        self._waiting.join()
        return recall(self.log.entries(), self._clock())

    def close(self) -> None:
        """Write what still waits, and close the file."""
        self._waiting.join()
        with self._opening:
            if self._log is not None:
                self._log.close()

    def _write(self) -> None:
        """Write what comes, in order, for as long as the program runs; the log itself never raises for the disk."""
        while True:
            lesson, (kind, content) = self._waiting.get()
            try:
                self.log.append(kind, lesson, content)
            finally:
                self._waiting.task_done()
