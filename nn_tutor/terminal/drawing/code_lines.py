"""Long lines of code in pieces: they go on below, set in further, so that none is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

GOES_ON = 4
"""By so many cells a line of code is set in where it goes on."""

_COMMENT = re.compile(r"\s+# ")
_BREAKS = re.compile(r"(?<=\S) |[(\[]")


def in_pieces(code: str, width: int) -> Iterator[str]:
    """Yield a line of code in pieces of at most `width` cells: broken before its comment, at a blank, behind a bracket.

    In a very narrow room it stays whole.
    """
    indent = " " * (len(code) - len(code.lstrip()) + GOES_ON)
    comment = _COMMENT.search(code)
    if len(code) > width and comment and comment.start() <= width and "'" not in code and '"' not in code:
        yield code[: comment.start()]
        code = indent + code[comment.start() :].lstrip()
    while len(code) > width > 2 * len(indent):
        ends = [found.end() for found in _BREAKS.finditer(code[: width + 1])]
        ends = [end for end in ends if len(indent) < end and len(code[:end].rstrip()) <= width]
        if not ends:
            break
        yield code[: ends[-1]].rstrip()
        code = indent + code[ends[-1] :]
    yield code
