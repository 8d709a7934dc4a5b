"""Reads what a terminal sends, and survives whatever that is."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual._parser import ParseError, ParseTimeout
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.keys import Keys
from textual.message import Message

ESCAPE = "\x1b"
ENTER, LINE_FEED = "\r", "\n"

CONTINUES_ESCAPE = "[Obf"
"""What makes an escape the beginning of a key's sequence; b and f are Option and an arrow on a Mac."""

MAX_PASTED = 10_000
"""Characters of a paste that are kept, many more than any answer has."""

PASTE_PATIENCE = 1.0
"""Seconds without a character after which a paste is over, though the mark of its end has not come."""

MAX_SEQUENCE = 32
"""Characters of the longest sequence that means anything."""

_KEY_ENDS = "u~ABCDEFHPQRS"
_RELEASED = "3"


class TolerantParser(XTermParser):
    """Textual's parser, with three differences.

    A sequence that it cannot read is dropped instead of ending the program. Escape acts at once: a letter right behind
    it is a key of its own, not one with Alt, however quickly it comes. A line feed is Enter: that is what a terminal
    makes of Enter while the program has not taken it yet.
    """

    def __init__(self, debug: bool = False) -> None:
        self._after_escape = False
        self._pasted: list[str] | None = None
        self._pasted_at = 0.0
        self._latest = ""
        self._sequence = ""
        super().__init__(debug)

    @property
    def deadline(self) -> float | None:
        """When `tick` is due, by the clock of `get_time`; None while nothing waits for it."""
        return self._timeout_time

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the messages in `data`; "" means that the input has ended."""
        if not data:
            yield from super().feed(data)
        # One at a time, so that nothing but the sequence at hand is lost.
        for character in data:
            if self._pasted is not None:
                yield from self._paste(character)
                continue
            if self._after_escape and character not in CONTINUES_ESCAPE:
                yield from self._end_escape()
            if self.deadline is None:
                self._sequence = ""
            elif len(self._sequence) > 1 and (character == ESCAPE or len(self._sequence) >= MAX_SEQUENCE):
                self._begin_anew()  # Textual would type what it does not know
            self._sequence += character
            yield from self._fed(ENTER if character == LINE_FEED else character)
            self._latest = (self._latest + character)[-len(BRACKETED_PASTE_START) :]
            self._after_escape = character == ESCAPE
            if self._latest == BRACKETED_PASTE_START:
                self._begin_anew()
                self._pasted, self._pasted_at = [], get_time()

    def _paste(self, character: str) -> Iterable[Message]:
        """Take a character of a paste, whatever it is, up to the mark of its end."""
        self._pasted_at = get_time()
        self._latest = (self._latest + character)[-len(BRACKETED_PASTE_END) :]
        if self._pasted is not None and len(self._pasted) < MAX_PASTED:
            self._pasted.append(character)
        if self._latest == BRACKETED_PASTE_END and self._pasted is not None:
            text = "".join(self._pasted).removesuffix(BRACKETED_PASTE_END).replace("\0", "")
            self._pasted = None
            yield events.Paste(text)

    def tick(self) -> Iterable[Message]:
        """Yield the key of an escape that nothing has followed in time."""
        if self._pasted is not None and get_time() > self._pasted_at + PASTE_PATIENCE:
            self._pasted = None  # its end was lost: keys are keys again
        if self.deadline is None or get_time() < self.deadline:
            return
        if len(self._sequence) > 2:
            self._begin_anew()  # the beginning of something that was cut off
        else:
            yield from super().tick()
            self._after_escape = False

    def _fed(self, character: str) -> Iterable[Message]:
        try:
            yield from super().feed(character)
        except ParseError:
            raise
        except Exception:  # whatever a terminal sends, the next key works
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._tokens.clear()
        self._gen = self.parse(self._tokens.append)
        self._awaiting = next(self._gen)
        self._timeout_time = None
        self._after_escape = False
        self._sequence = ""

    def _end_escape(self) -> Iterable[Message]:
        self._after_escape = False
        self._timeout_time = None
        self._awaiting = self._gen.throw(ParseTimeout())
        while self._tokens:
            yield self._tokens.popleft()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if alt:
            yield events.Key("escape", ESCAPE)
        yield from super()._sequence_to_key_events(sequence)

    def _parse_extended_key(  # type: ignore[override]
        self, sequence: str
    ) -> list[events.Key] | None:
        """Read a key of the Kitty protocol, also one that says whether it was pressed or released."""
        fields = sequence.split(";")
        if len(fields) > 1 and ":" in fields[1] and sequence[-1] in _KEY_ENDS:
            modifiers, _, kind = fields[1].partition(":")
            if kind.rstrip(_KEY_ENDS) == _RELEASED:
                return [events.Key(Keys.Ignore, sequence)]
            fields[1] = modifiers + kind.lstrip("0123456789:")
            sequence = ";".join(fields)
        return super()._parse_extended_key(sequence)
