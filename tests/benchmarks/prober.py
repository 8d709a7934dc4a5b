"""A program in a real pseudo-terminal, seen and timed from the outside.

The prober answers the question whether synchronised output (mode 2026) is known, so that Textual marks the end of each
frame. What arrives is only stamped and kept at first; a pyte screen reads it afterwards, frame by frame, so that the
time the screen takes is no part of any figure.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

FRAME_END = b"\x1b[?2026l"
QUESTION = re.compile(rb"\x1b\[\?2026\$p")
ANSWER = b"\x1b[?2026;2$y"
# What a terminal takes silently and pyte would print in part.
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")
# The first terminal that the leader of a session opens is its own: signals and hang-ups reach it.
TAKE_TERMINAL = 'exec "$@" <>"$0" >&0 2>&0'

LULL = 0.02
"""Seconds without output after which what came is drawn: what comes while it is would be stamped too late."""

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f3": "\x1bOR",
    "f5": "\x1b[15~",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}


class MissedError(Exception):
    """A text did not come in time, was there already, or the program ended; the message holds the screen."""


class Probe:
    """One start of a program in a terminal of `columns` × `rows`; ends it on leaving the `with` block."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.started = time.perf_counter()
        self.has_ended = False
        self._stream = pyte.ByteStream(self.screen)
        self._chunks: list[tuple[float, bytes]] = []
        self._unread = b""
        self._marks_frames = False
        known = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self._terminal, inner = pty.openpty()
        self.path = os.ttyname(inner)
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", TAKE_TERMINAL, self.path, *command],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            env={**os.environ, **known, **(environment or {})},
        )
        os.close(inner)

    @property
    def terminal(self) -> int:
        """The descriptor to which what is typed is written."""
        return self._terminal

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.killpg(self._process.pid, signal.SIGWINCH)

    def __enter__(self) -> Probe:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def press(self, key: str) -> float:
        """Write a key, by name or as text, and return when."""
        now = time.perf_counter()
        os.write(self._terminal, KEYS.get(key, key).encode())
        return now

    def press_for(self, key: str, text: str, timeout: float = 20.0) -> float:
        """Write a key and return the seconds until a frame shows `text`; raises `MissedError`."""
        if self.shows(text):
            raise MissedError(f"{text!r} is on the screen before {key!r} is pressed:\n{self.text()}")
        written = self.press(key)
        return self.wait_for(text, timeout) - written

    def press_in_time(
        self, keys: Sequence[str], texts: Sequence[str], period: float, timeout: float = 20.0
    ) -> list[float]:
        """Write a key every `period` seconds whatever happens; return the seconds until each key's text is shown.

        A frame that shows the text of a later key answers the earlier ones too. Time counts from when a key was due.
        """
        begun = time.perf_counter()
        for number, key in enumerate(keys):
            self.record(until=begun + number * period)
            self.press(key)
        # Drawing takes its time, and what comes meanwhile would be stamped too late.
        self.record(until=begun + len(keys) * period + 1.5)
        answered: list[float] = []
        deadline = time.perf_counter() + timeout
        while len(answered) < len(keys):
            for stamp in self.frames():
                seen = self.text()
                latest = max((number for number, text in enumerate(texts) if text in seen), default=-1)
                answered += [stamp - (begun + number * period) for number in range(len(answered), latest + 1)]
            if len(answered) < len(keys):
                self._still_there(deadline, f"only {len(answered)} of {len(keys)} keys were answered")
                self.record(until=time.perf_counter() + 0.05)
        return answered

    def wait_for(self, text: str, timeout: float = 20.0) -> float:
        """Return when the next frame with `text` had arrived; raises `MissedError`."""
        deadline = time.perf_counter() + timeout
        while True:
            for stamp in self.frames():
                if self.shows(text):
                    return stamp
            self._still_there(deadline, f"{text!r} did not come")
            self.record(until=min(deadline, time.perf_counter() + 0.25), quiet=LULL)

    def until_shown(self, text: str, timeout: float = 20.0) -> None:
        """Wait for a text that may be on the screen already; raises `MissedError`."""
        if not self.shows(text):
            self.wait_for(text, timeout)

    def settle(self, quiet: float = 0.15, at_most: float = 5.0) -> None:
        """Wait until nothing has come for `quiet` seconds."""
        self.record(until=time.perf_counter() + at_most, quiet=quiet, from_now=True)
        for _ in self.frames():
            pass

    def shows(self, text: str) -> bool:
        return any(text in line for line in self.screen.display)

    def text(self) -> str:
        """Return what is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def record(self, until: float, quiet: float | None = None, *, from_now: bool = False) -> None:
        """Stamp and keep what comes until a moment, or until `quiet` seconds after something came."""
        waits = until if quiet is None or not from_now else time.perf_counter() + quiet
        while not self.has_ended and (left := min(waits, until) - time.perf_counter()) > 0:
            if not select.select([self._terminal], [], [], left)[0]:
                return
            try:
                data = os.read(self._terminal, 1 << 16)
            except OSError:
                data = b""
            now = time.perf_counter()
            if not data:
                self.has_ended = True
                return
            self._chunks.append((now, data))
            for _ in QUESTION.findall(data):
                os.write(self._terminal, ANSWER)
            if quiet is not None:
                waits = now + quiet

    def frames(self) -> Iterator[float]:
        """Draw what was kept, frame by frame, yielding when each had arrived; without marks a chunk is a frame."""
        while self._chunks:
            stamp, data = self._chunks.pop(0)
            self._unread += data
            while FRAME_END in self._unread:
                self._marks_frames = True
                frame, self._unread = self._unread.split(FRAME_END, 1)
                self._draw(frame)
                yield stamp
            if not self._marks_frames or self.has_ended:
                self._draw(self._unread)
                self._unread = b""
                yield stamp

    def peak_memory(self) -> float:
        """Return the peak of the program's resident memory in MiB; Linux only."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self._process.pid}/status").read_text())
        if found is None:
            raise MissedError("the system does not tell the peak of memory")
        return int(found[1]) / 1024

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    def wait_for_stop(self) -> None:
        """Return when the program has been stopped."""
        while os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOHANG) is None:
            self.record(until=time.perf_counter() + 0.02)

    def wait_for_end(self, timeout: float = 10.0) -> int:
        """Return the status with which the program ends by itself (negative for a signal); raises `MissedError`."""
        deadline = time.perf_counter() + timeout
        while self._process.poll() is None:
            if time.perf_counter() >= deadline:
                raise MissedError(f"the program did not end:\n{self.text()}")
            if self.has_ended:
                time.sleep(0.005)
            self.record(until=time.perf_counter() + 0.02)
        self.record(until=time.perf_counter() + 0.2)
        for _ in self.frames():
            pass
        return self._process.returncode

    def wait_unread(self, timeout: float = 10.0) -> int:
        """Return the status with which the program ends though nothing that it writes is read."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise MissedError("the program did not end") from None

    def close(self) -> None:
        """End the program where it has not ended, and give the terminal back."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self.wait_for_end(timeout=3.0)
            except MissedError:
                self._process.kill()
                self._process.wait()
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1
        self.has_ended = True  # nothing more is read, even where the end itself was not seen

    def _draw(self, data: bytes) -> None:
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))

    def _still_there(self, deadline: float, problem: str) -> None:
        if self._chunks:
            return
        if self.has_ended:
            raise MissedError(f"{problem} before the program ended:\n{self.text()}")
        if time.perf_counter() >= deadline:
            raise MissedError(f"{problem} in time:\n{self.text()}")
