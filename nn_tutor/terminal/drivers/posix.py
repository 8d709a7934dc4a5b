"""The terminal of Linux and macOS, as the tutor uses it."""

from __future__ import annotations

import os
import select
import selectors
import signal
import sys
import termios
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import constants
from textual._time import get_time
from textual.drivers.linux_driver import (
    KITTY_DISAMBIGUATE_ESCAPE_CODES,
    KITTY_REPORT_ALL_KEYS,
    KITTY_REPORT_ASSOCIATED_TEXT,
    LinuxDriver,
)

from nn_tutor.terminal.drivers.granting import GrantsTheEnd
from nn_tutor.terminal.drivers.output import TerminalOutput
from nn_tutor.terminal.drivers.parser import TolerantParser

if TYPE_CHECKING:
    from nn_tutor.terminal.ending import EndingApp

assert sys.platform != "win32"

_OFF = "".join(f"\x1b[?{mode}l" for mode in (2004, 2048, 1000, 1003, 1015, 1006, 1004))
RESTORED = f"\x18{_OFF}\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
"""Ends a sequence that was cut off, then switches off all that the program has switched on."""

HELD = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?2004h\x1b[?7l"
"""The other screen without a cursor, told of the focus, pastes marked, and no line wrapped."""

KITTY_KEYS = f"\x1b[={KITTY_DISAMBIGUATE_ESCAPE_CODES | KITTY_REPORT_ALL_KEYS | KITTY_REPORT_ASSOCIATED_TEXT};1u"
"""Keys as Textual asks for them when it begins."""

LAG = 8192
"""Characters, about half a full frame, that may wait to be written when the next frame is painted."""

MAX_WAITING = 1 << 16
"""Characters that may wait at all, frames or not."""

PATIENCE = 0.3
"""Seconds that the end waits for a slow terminal, before it drops what the terminal has not taken."""


class PosixDriver(GrantsTheEnd, LinuxDriver):
    """Textual's driver, made to bear any input, a redirected stderr, a slow reader and one that has stopped."""

    def __init__(self, app: EndingApp, **options: Any) -> None:
        super().__init__(app, **options)
        # Textual writes to stderr; ours is for messages, and may be a file.
        sys.stdout.flush()
        self.output = TerminalOutput(sys.__stdout__.fileno() if sys.__stdout__ is not None else 1)
        self._file = self.output  # type: ignore[assignment]
        self._owes_frame = False
        self._is_ending = False
        self._modes: list[Any] | None = None

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not read the last frame yet, so that another one would only queue up."""
        if self.output.characters <= LAG:
            return False
        self._owes_frame = True
        return True

    @property
    def has_input(self) -> bool:
        """Whether a key was pressed that has not been read yet."""
        return bool(select.select((self.fileno,), (), (), 0)[0])

    def write(self, data: str) -> None:
        """Hand data to the writing thread; beyond a bound they are dropped, as nobody reads them."""
        if self._is_ending or self.output.characters < MAX_WAITING:
            self.output.expect(data)
            super().write(data)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._is_ending = False
        self.output.take_up()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is not None:
            self._writer_thread._queue.maxsize = 0  # else a full queue would hold up the program
        with suppress(termios.error):
            self._modes = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self._is_ending = True
        super().stop_application_mode()

    def _sigtstp_application(self, *_: object) -> None:
        """Stop as soon as the program is between two things that it does."""
        if self._loop.is_closed():
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            self._loop.call_soon_threadsafe(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop, but not after the end."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        if not self._auto_restart:
            return
        if self._must_signal_resume:  # it was asked to stop, and has let the terminal go
            self.resume_application_mode()
        else:
            self._take_again()
        self._app.refresh()

    def _take_again(self) -> None:
        """Have the terminal as it was after a stop that nobody was told of: it may have been used meanwhile.

        The keys are read all the while, and what is held already is not taken twice, so that no key is lost.
        """
        if self._is_ending or self._key_thread is None or not self._key_thread.is_alive():
            return
        if self._modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._modes)
        self.write(HELD if constants.DISABLE_KITTY_KEY else HELD + KITTY_KEYS)
        self._enable_mouse_support()
        if self._in_band_window_resize:
            self._enable_in_band_window_resize()
            self._enable_mouse_pixels()

    def close(self) -> None:
        """Wait a moment for the terminal to take the last bytes; then let go, whether it reads or not."""
        thread = self._writer_thread
        if thread is None:
            return
        thread._queue.put(None)
        thread.join(PATIENCE)
        if thread.is_alive():
            self.let_go()
            thread.join(PATIENCE)

    def let_go(self) -> None:
        """Restore the terminal at once: what it has not read is dropped."""
        self.output.drop()
        with suppress(termios.error):
            termios.tcflush(self.output.fileno(), termios.TCOFLUSH)
        os.set_blocking(self.output.fileno(), False)
        try:
            deadline = get_time() + PATIENCE
            left = RESTORED.encode()
            while left and get_time() < deadline:
                try:
                    left = left[os.write(self.output.fileno(), left) :]
                except BlockingIOError:
                    time.sleep(0.01)
        except OSError:
            pass  # the terminal is gone
        finally:
            os.set_blocking(self.output.fileno(), True)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Ask the terminal itself; COLUMNS and LINES may be of another one."""
        try:
            width, height = os.get_terminal_size(self.output.fileno())
        except OSError:
            return super()._get_terminal_size()
        return width or 80, height or 25

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # as anywhere else in the program: a sentence, a report, status 1
            self._app.call_later(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read the keys until the end; bytes that are no UTF-8 are dropped."""
        parser = TolerantParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="ignore").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(self._until_tick(parser)):
                    try:
                        data = os.read(self.fileno, 4096)
                    except OSError:
                        data = b""
                    if not data:  # the terminal is gone
                        self._app.ending.hang_up()
                        return
                    text = decode(data)  # "" for half a character, which to the parser would mean the end
                    for message in parser.feed(text) if text else ():
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
                self._pay_frame()

    def _until_tick(self, parser: TolerantParser) -> float:
        if parser.deadline is None:
            return 0.02 if self._owes_frame else 0.1
        return min(0.1, max(0.0, parser.deadline - get_time()))

    def _pay_frame(self) -> None:
        """Have the whole screen painted once the terminal is ready again, for the frames that were dropped."""
        if self._owes_frame and self.output.waiting == 0:
            self._owes_frame = False
            self._app.call_later(self._app.refresh)
