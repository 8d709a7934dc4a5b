"""How many cells of a terminal a text takes, and where its lines end.

A Chinese character takes two cells, an accent that joins the letter before it none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from nn_tutor.judging.held_together import expressions, parts_of

_WORD = re.compile("[^ ]+")
_CLOSING = frozenset(",.;:!?)]}%，。、；：！？）］｝」』】》〉…—ー々")
"""What never begins a line."""
_OPENING = frozenset("([{（［｛「『【《〈")
"""What never ends one."""

_DIVIDING = frozenset("·/")

_SHORT_EXPRESSION = 16
"""For an expression of so many cells half a line may stay blank; for a longer one a third of it."""

_WIDE, _SHORT = 20, 5
"""On lines of so many cells no word of so few letters stands alone in the last one."""


def cells_of(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def wrap(
    text: str,
    width: int,
    *,
    indent: int = 0,
    measure: Callable[[str], int] = cells_of,
    most: int | None = None,
) -> tuple[tuple[int, int], ...]:
    """Return where each line of a text begins and ends, so that none takes more than `width` cells.

    Lines after the first have `indent` cells less. A line ends at a blank, beside a wide character, or inside of a word
    that is longer than a line; a newline ends one too, a no-break space does not. A short expression stays on one line,
    unless that takes more than `most` lines; a short last word does not stand alone where the line above can spare one.
    """
    lines = _lines(text, max(1, width), indent, measure, holds=True)
    if most is not None and len(lines) > most:
        return _lines(text, max(1, width), indent, measure, holds=False)
    return lines


def _lines(
    text: str, width: int, indent: int, measure: Callable[[str], int], *, holds: bool
) -> tuple[tuple[int, int], ...]:
    lines: list[tuple[int, int]] = []
    start = 0
    for part in text.split("\n"):
        filling = _Filling(text, measure, width - (indent if lines else 0), width - indent)
        lines += filling.fill(start, start + len(part), holds=holds)
        start += len(part) + 1
    return tuple(lines[:-1] if len(lines) > 1 and lines[-1][0] == lines[-1][1] else lines)


class _Filling:
    """The lines of one part of a text that holds no newline, while words are put into them."""

    def __init__(self, text: str, measure: Callable[[str], int], first: int, others: int) -> None:
        self._text = text
        self._measure = measure
        self._rooms = max(1, first), max(1, others)
        self._words: list[tuple[int, int]] = []
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        """The cells before each word, and those up to its end."""
        self._done: list[tuple[int, int]] = []
        self._line: list[tuple[int, int]] = []
        """What stands on the line at hand, each the places where it begins and ends."""
        self._before: list[tuple[int, int]] = []
        """What stands on the line before."""
        self._taken = 0

    def fill(self, start: int, end: int, *, holds: bool) -> list[tuple[int, int]]:
        """Return the lines from one place of the text to another; an empty one of a part without words."""
        cells, last = 0, start
        for begin, stop in _units(self._text, start, end):
            cells += self._measure(self._text[last:begin])
            self._starts.append(cells)
            cells += self._measure(self._text[begin:stop])
            self._ends.append(cells)
            self._words.append((begin, stop))
            last = stop
        if not self._words:
            return [(start, start)]
        self._texts = [self._text[begin:stop] for begin, stop in self._words]
        every = range(len(self._words))
        for first, behind in expressions(self._texts) if holds else ((at, at + 1) for at in every):
            self._put(first, behind)
        return self._ended()

    @property
    def _room(self) -> int:
        return self._rooms[bool(self._done)]

    def _put(self, first: int, behind: int, *, is_part: bool = False) -> None:
        """Put words on the line; on the next one where they do not fit and that leaves little of this one blank."""
        begin, stop = self._words[first][0], self._words[behind - 1][1]
        width = self._ends[behind - 1] - self._starts[first]
        gap = self._starts[first] - self._ends[first - 1] if self._line else 0
        if self._taken + gap + width <= self._room:
            self._line.append((begin, stop))
            self._taken += gap + width
            return
        is_one = behind - first == 1
        most = self._room // 2 if is_part else max(self._room // 3, min(self._room // 2, _SHORT_EXPRESSION))
        if self._line and (is_one or self._room - self._taken <= most):
            self._end_line()
            self._put(first, behind, is_part=is_part)
        elif is_one:
            self._break(begin, stop)
        else:
            for part in parts_of(self._texts, first, behind):
                self._put(*part, is_part=True)

    def _break(self, begin: int, stop: int) -> None:
        """Put a word that is longer than a line on as many as it takes: broken behind a sign that divides it."""
        first, taken, divided, before = begin, 0, begin, 0
        for place in range(begin, stop):
            more = self._measure(self._text[place])
            if taken + more > self._room and place > first:
                end = divided if divided > first else place
                self._done.append((first, end))
                first, taken = end, taken - before if end == divided else 0
            taken += more
            if self._text[place] in _DIVIDING:
                divided, before = place + 1, taken
        self._line, self._taken = [(first, stop)], taken

    def _end_line(self) -> None:
        self._done.append((self._line[0][0], self._line[-1][1]))
        self._before, self._line, self._taken = self._line, [], 0

    def _ended(self) -> list[tuple[int, int]]:
        """End the last line; where that is one short word, what stands before it comes down to it."""
        lone, before = self._line, self._before
        self._end_line()
        if len(self._done) < 2 or len(lone) > 1 or len(before) < 2 or self._rooms[1] < _WIDE:
            return self._done
        (begin, stop), (down, behind), kept = lone[0], before[-1], before[-2][1]
        word, moved = self._text[begin:stop], self._text[down:behind]
        is_parted = " " in self._text[behind:begin] and " " in self._text[kept:down]
        if is_parted and " " not in word and len(word) <= _SHORT and 3 * len(moved) <= self._rooms[1]:
            self._done[-2:] = [(before[0][0], kept), (down, stop)]
        return self._done


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
