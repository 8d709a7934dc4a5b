"""Lines in and out: what is typed, however long, and what is said, in words, and in ASCII if need be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TextIO

from nn_tutor.plain.ascii import in_ascii
from nn_tutor.plain.keys import in_words
from nn_tutor.plain.spoken import TYPED, spoken

LONGEST = 2_000
"""No line that is longer is taken: no answer has so many characters."""

PIECE = 65_536

_WORD = re.compile(r"[a-z]{2}")
"""How a line begins whose first letter becomes a capital: with a word, as a single letter is a name."""


class TooLongError(Exception):
    """A line was longer than any answer."""


class Streams:
    """What is heard and said over two text streams; `prompts` says whether somebody sits there waiting for a prompt."""

    def __init__(self, source: TextIO, sink: TextIO, *, ascii_only: bool = False, prompts: bool = False) -> None:
        self._source = source
        self._sink = sink
        self._ascii_only = ascii_only
        self._prompts = prompts

    def say(self, lines: Iterable[str]) -> None:
        """Say lines as they come, each in words."""
        for line in lines:
            for part in line.split("\n"):
                self._write(f"{self._in_words(part)}\n")
        self._sink.flush()

    def hear(self, prompt: str) -> str | None:
        """Return the next line, None at the end of the input; of one that is too long nothing is kept."""
        if self._prompts:
            self._write(f"{prompt}: ")
            self._sink.flush()
        line = self._source.readline(LONGEST + 1)
        if line.endswith("\n") or (line and len(line) <= LONGEST):
            return line.rstrip("\r\n")
        if not line:
            if self._prompts:
                self._write("\n")
            return None
        while line and not line.endswith("\n"):
            line = self._source.readline(PIECE)
        raise TooLongError

    def _in_words(self, text: str) -> str:
        said = spoken(in_words(text))
        if _WORD.match(said) and not text.startswith(TYPED):
            said = said[:1].upper() + said[1:]
        return in_ascii(said) if self._ascii_only else said

    def _write(self, text: str) -> None:
        self._sink.write(text)
