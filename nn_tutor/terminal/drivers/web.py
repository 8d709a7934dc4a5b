"""The tutor in a browser: a terminal behind a pipe, whose other end is the server's."""

from __future__ import annotations

import asyncio
import signal
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver, _ExitInput

from nn_tutor.terminal.drivers.granting import GrantsTheEnd
from nn_tutor.terminal.drivers.parser import TolerantParser

if TYPE_CHECKING:
    pass


class TutorWebDriver(GrantsTheEnd, WebDriver):
    """Textual's driver, made to bear any input, and to end with its server."""

    is_behind = False
    """Whether frames queue up: the server takes what is written as fast as the browser does."""

    def start_application_mode(self) -> None:
        """Begin, and leave the signals to the ending of the app, from which Textual would take them."""
        own = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        super().start_application_mode()
        loop = asyncio.get_running_loop()
        for number, handler in own.items():
            try:
                loop.remove_signal_handler(number)
            except NotImplementedError:  # on Windows, where none was added
                continue
            signal.signal(number, handler)

    def let_go(self) -> None:
        """Do nothing: there is no terminal to restore."""

    def run_input_thread(self) -> None:
        """Read packets until the end; where the server is gone, so is the browser."""
        parser, packets = TolerantParser(self._debug), ByteStream()
        decode = getincrementaldecoder("utf-8")(errors="ignore").decode
        try:
            for data in self._input_reader:
                for kind, payload in packets.feed(data) if data else ():
                    if kind == "D":
                        text = decode(payload)  # "" for half a character, which to the parser would mean the end
                        for message in parser.feed(text) if text else ():
                            self.process_message(message)
                    else:
                        self._on_meta(kind, payload)
                for message in parser.tick():
                    self.process_message(message)
        except _ExitInput:
            return
        except Exception as error:  # as anywhere else in the program: a sentence, a report, status 1
            self._app.call_later(self._app._handle_exception, error)
            return
        if not self.exit_event.is_set():
            self._app.ending.hang_up()
