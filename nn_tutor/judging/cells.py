"""How many cells of a terminal a text takes, and where its lines end.

A Chinese character takes two cells, an accent that joins the letter before it none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

_WORD = re.compile("[^ ]+")
_CLOSING = frozenset(",.;:!?)]}%，。、；：！？）］｝」』】》〉…—ー々")
"""What never begins a line."""
_OPENING = frozenset("([{（［｛「『【《〈")
"""What never ends one."""


def cells_of(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def wrap(
    text: str, width: int, *, indent: int = 0, measure: Callable[[str], int] = cells_of
) -> tuple[tuple[int, int], ...]:
    """Return where each line of a text begins and ends, so that none takes more than `width` cells.

    Lines after the first have `indent` cells less. A line ends at a blank, beside a wide character, or inside of a word
    that is longer than a line; a newline ends one too, a no-break space does not.
    """
    lines: list[tuple[int, int]] = []
    start = 0
    for part in text.split("\n"):
        lines += _filled(text, start, start + len(part), max(1, width), indent if lines else 0, indent, measure)
        start += len(part) + 1
    return tuple(lines[:-1] if len(lines) > 1 and lines[-1][0] == lines[-1][1] else lines)


def _filled(
    text: str, start: int, end: int, width: int, first_indent: int, indent: int, measure: Callable[[str], int]
) -> Iterator[tuple[int, int]]:
    """Yield the lines of one part of a text that holds no newline; an empty one of a part without words."""
    room = max(1, width - first_indent)
    first = last = -1
    taken = 0
    for begin, stop in _units(text, start, end):
        more = measure(text[last:stop]) if first >= 0 else 0
        if first >= 0 and taken + more <= room:
            last, taken = stop, taken + more
            continue
        if first >= 0:
            yield first, last
            room = max(1, width - indent)
        first, last, taken = begin, stop, measure(text[begin:stop])
        if taken > room:
            first, taken = begin, 0
            for place in range(begin, stop):
                more = measure(text[place])
                if taken + more > room and place > first:
                    yield first, place
                    room = max(1, width - indent)
                    first, taken = place, 0
                taken += more
    yield (first, last) if first >= 0 else (start, start)


def _units(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what is not torn apart: words, and in them each wide character with the signs that belong to it."""
    for found in _WORD.finditer(text, start, end):
        begin = found.start()
        if not found[0].isascii():
            for place in range(found.start() + 1, found.end()):
                before, here = text[place - 1], text[place]
                if (
                    2 in (_cells(before), _cells(here))
                    and here not in _CLOSING
                    and before not in _OPENING
                    and _cells(here)
                ):
                    yield begin, place
                    begin = place
        yield begin, found.end()


def _cells(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0  # it joins the letter before it, as the later parts of a Korean syllable do
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
