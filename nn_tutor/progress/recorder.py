"""Records progress while the program runs: answers are on the disk when it returns, all else a moment later."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor.homework.keeping import DELETED, ENTERED, SHEET
from nn_tutor.progress.log import Log, open_log
from nn_tutor.progress.recall import Recalled, recall

if TYPE_CHECKING:
    from nn_tutor.progress.entry import Entry
    from nn_tutor.tutor.changes import Change

AT_ONCE = frozenset({"answer", "told", "shown", "finished", "data", ENTERED, DELETED, SHEET})
"""Kinds that are on the disk before the learner sees what they lead to."""

BREATH = 0.01
"""Seconds that a place in a lesson waits before it is written, so that the screen is painted first."""


class ProgressRecorder:
    """Keeps one log, opened when it is first needed; every method may be called from any thread."""

    def __init__(self, directory: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._directory = directory
        self._clock = clock
        self._log: Log | None = None
        self._opening = threading.Lock()
        self._waiting: queue.Queue[tuple[str, Change]] = queue.Queue()
        self._writer: threading.Thread | None = None
        self._hurry = threading.Event()
        self._failed = ""

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
        return self._failed or ("" if self._log is None else self._log.badge)

    @property
    def message(self) -> str:
        """What the learner should be told about the file, in one sentence; "" for nothing."""
        return "" if self._log is None else self._log.message

    @property
    def unsaved(self) -> int:
        """How many entries are not on the disk."""
        return 0 if self._log is None else self._log.unsaved

    @property
    def unsaved_in_words(self) -> str:
        """What is not on the disk, "" while everything is."""
        count = self.unsaved
        return "" if not count else "1 thing you did" if count == 1 else f"{count} things you did"

    @property
    def lost(self) -> str:
        """What is said at the end of what could not be saved, "" where everything is on the disk."""
        unsaved = self.unsaved_in_words
        return f"{unsaved} could not be saved, and {'is' if self.unsaved == 1 else 'are'} lost" if unsaved else ""

    def remember(self, lesson: str, changes: Sequence[Change]) -> None:
        """Write down what happened, in order; with an answer among it, not before it is on the disk."""
        for change in changes:
            self._waiting.put((lesson, change))
        if changes and self._writer is None:
            self._writer = threading.Thread(target=self._write, name="recorder", daemon=True)
            self._writer.start()
        if any(kind in AT_ONCE for kind, _ in changes):
            self._settle()

    def entries_of(self, lesson: str) -> tuple[Entry, ...]:
        """Return what was written down of a lesson, oldest first."""
        self._settle()
        return self.log.entries_of(lesson)

    def recall(self) -> Recalled:
        """Replay everything."""
        self._settle()
        return recall(self.log.entries(), self._clock())

    def close(self) -> None:
        """Write what still waits, and close the file."""
        self._settle()
        with self._opening:
            if self._log is not None:
                self._log.close()

    def _write(self) -> None:
        """Write what comes, in order, for as long as the program runs; the log itself never raises for the disk."""
        while True:
            lesson, (kind, content) = self._waiting.get()
            try:
                if kind == "at":
                    self._hurry.wait(BREATH)
                if kind != "at" or not self._is_followed(lesson):
                    self.log.append(kind, lesson, content)
            except Exception as error:  # whoever waits for it must not wait for ever
                self._failed = f"not saving: {error}"
            finally:
                self._waiting.task_done()

    def _is_followed(self, lesson: str) -> bool:
        """Whether the next thing to write is a later place in the same lesson, so that this one may be left out."""
        with self._waiting.mutex:
            following = self._waiting.queue[0] if self._waiting.queue else None
        return following is not None and following[0] == lesson and following[1][0] == "at"

    def _settle(self) -> None:
        """Wait until everything is written."""
        self._hurry.set()
        self._waiting.join()
        self._hurry.clear()
