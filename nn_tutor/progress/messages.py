"""Messages of the program: in a terminal each line holds whole words; beside its results they go to stderr."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Iterator
from typing import TextIO

NAME = "nn-tutor: "
"""What stands before each message beside the results."""


def say(message: str) -> None:
    """Say something to the user, line by line, on the stream for messages; where nobody listens, nothing happens."""
    with contextlib.suppress(OSError):
        for line in lines_of(message, _columns(sys.stderr), NAME):
            print(line, file=sys.stderr, flush=True)  # noqa: T201


def tell(message: str) -> None:
    """Print a message that is the result."""
    for line in lines_of(message, _columns(sys.stdout)):
        print(line)  # noqa: T201


def lines_of(message: str, columns: int, name: str = "") -> Iterator[str]:
    """Yield the lines of a message behind a name, broken at blanks to fit so many columns; 0 for any number."""
    for text in message.splitlines():
        line = f"{name}{text}"
        if not columns or len(line) <= columns:
            yield line
        else:
            indent = " " * len(name)
            yield from textwrap.wrap(
                line, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )


def _columns(stream: TextIO) -> int:
    """How many columns the terminal has that a stream goes to, 0 where it goes elsewhere."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (AttributeError, OSError, ValueError):  # no stream, one without a file, or one that is closed
        return 0
