"""What the terminal at hand can show: whether a full screen is possible, and what can be found out about it."""

from __future__ import annotations

import locale
import os
import re
import select
import sys
from collections.abc import Iterator, Mapping

from nn_tutor.commands.common import is_utf8

WEB_DRIVER = "nn_tutor.terminal.drivers.web:TutorWebDriver"
"""What Textual's variable names where the app is shown in a browser: then there is no terminal, and none is needed."""

PATIENCE = 0.5
"""Seconds that a terminal has to say where its cursor is."""

AMBIGUOUS = "─"
"""A sign that some terminals for East Asian languages draw two cells wide, and that every screen is made of."""


def missing_for_a_screen() -> str:
    """Say what a full screen lacks first, "" where nothing is; asked first, as Textual would hang without."""
    return next(all_missing_for_a_screen(), "")


def all_missing_for_a_screen() -> Iterator[str]:
    """Yield everything that a full screen lacks."""
    if os.environ.get("TEXTUAL_DRIVER") == WEB_DRIVER:
        return
    for stream, name in ((sys.stdin, "input"), (sys.stdout, "output")):
        if not stream.isatty():
            yield f"the {name} is no terminal"
    if os.name == "posix" and os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        yield "this terminal cannot place its text (TERM is dumb or not set)"
    encoding = narrowest_encoding()
    if encoding:
        yield f"the locale says {encoding}, not UTF-8 (LC_ALL=C.UTF-8 would give a screen)"


def narrowest_encoding() -> str:
    """Return the encoding of output or locale that is not UTF-8, "" where both are."""
    return next((encoding for encoding in encodings() if not is_utf8(encoding)), "")


def encodings() -> list[str]:
    """Return the encodings of the output and of the locale."""
    found = [sys.stdout.encoding or "none"]
    # Python writes UTF-8 even where LC_ALL=C says that nobody reads it, so the locale is asked as well.
    if sys.platform != "win32" and "PYTHONUTF8" not in os.environ:
        found.append(locale.nl_langinfo(locale.CODESET))
    return found


def colours(environment: Mapping[str, str]) -> int:
    """Return how many colours a terminal says of itself that it has; 0 for none."""
    term = environment.get("TERM", "")
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "WT_SESSION" in environment:
        return 2**24
    if term.endswith(("256color", "direct", "kitty", "alacritty", "ghostty")):
        return 256 if term.endswith("256color") else 2**24
    return 0 if term in ("", "dumb", "unknown") and os.name == "posix" else 16


def ambiguous_width() -> int | None:
    """Return how many cells an ambiguous sign takes here; None where the terminal does not say where its cursor is.

    The sign is written at the beginning of the line, and wiped out again.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or narrowest_encoding():
        return None
    if sys.platform == "win32":
        return None
    else:  # noqa: RET505 - mypy checks the branch of the system it is told
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        try:
            before = termios.tcgetattr(descriptor)
            tty.setcbreak(descriptor, termios.TCSANOW)
        except termios.error:
            return None
        try:
            return _placed(descriptor)
        finally:
            termios.tcsetattr(descriptor, termios.TCSANOW, before)


def _placed(descriptor: int) -> int | None:
    """Write the sign, and return by how many cells the cursor moved on."""
    sys.stdout.write(f"\r{AMBIGUOUS}\x1b[6n")
    sys.stdout.flush()
    answer = b""
    while not answer.endswith(b"R") and len(answer) < 32 and select.select([descriptor], [], [], PATIENCE)[0]:
        answer += os.read(descriptor, 32)
    sys.stdout.write("\r   \r")
    sys.stdout.flush()
    placed = re.search(rb"\x1b\[\d+;(\d+)R", answer)
    return int(placed[1]) - 1 if placed else None
