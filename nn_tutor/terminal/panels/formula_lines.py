"""A formula on several lines: broken where it falls into parts, not within a bracket that has room on a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from math import inf
from typing import NamedTuple

from nn_tutor.judging.cells import cells_of
from nn_tutor.terminal.drawing.ink import plain, wrapped

GOES_ON = "  "
"""What stands in a column before the second line of what is too long for it."""

_ADDING, _DIVIDING = frozenset("+−"), frozenset("+−/")
_BETWEEN, _IN_PRODUCT, _TORN, _IN_BRACKET = 0.25, 0.75, 3.0, 1.0
"""What a break costs before an operator or beside a word, behind a factor, within a term of a sum, and within each
bracket that would have room on a line; behind an operator it costs nothing."""

_FACTORS = frozenset("(√Σ")


class _Break(NamedTuple):
    """A place where a line may end, and where the next one begins then; the cells of the brackets around it."""

    end: int
    start: int
    cost: float
    around: tuple[int, ...]


class Folded(NamedTuple):
    """The lines of a formula, and how badly it falls into them: 0 where each holds whole parts of it."""

    lines: tuple[str, ...]
    torn: float


@lru_cache(maxsize=4096)
def folded(formula: str, width: int, *, tears_terms: bool = False) -> Folded:
    """Return a formula on as few lines of a column as it takes, those after the first a little further in.

    A term of a sum stays on one line, and so does a bracket that has room on one, unless it `tears_terms`, or is too
    long for that.
    """
    if cells_of(formula) <= width:
        return Folded((formula,), 0.0)
    places, before = _places(formula)
    indent = cells_of(GOES_ON)
    # the fewest lines up to each break, then the least cost, and the break before it
    best: list[tuple[float, float, int]] = []
    ends = [*places, _Break(len(formula), len(formula), 0, ())]
    for place, at in enumerate(ends):
        found = (1, 0.0, -1) if before[at.end] <= width else (inf, inf, -1)
        for last in range(place - 1, -1, -1):
            if before[at.end] - before[ends[last].start] > width - indent:
                break
            lines, cost, _ = best[last]
            if (lines + 1, cost) < found[:2]:
                found = lines + 1, cost, last
        with_room = sum(cells <= width - indent for cells in at.around)
        own = at.cost + _IN_BRACKET * with_room
        is_torn = (at.cost >= _TORN or with_room > 0) and not tears_terms
        best.append((inf, inf, -1) if is_torn else (found[0], found[1] + own, found[2]))
    if best[-1][0] == inf:
        return _anyhow(formula, width) if tears_terms else folded(formula, width, tears_terms=True)
    return Folded(tuple(_along(formula, ends, [last for *_, last in best])), best[-1][1])


@lru_cache(maxsize=1024)
def halved(formula: str) -> int:
    """Return the cells of a column in which a formula falls into two lines, nothing torn; all of its own if none."""
    places, before = _places(formula)
    whole, indent = before[-1], cells_of(GOES_ON)
    found = whole
    for at in places:
        width = max(before[at.end], whole - before[at.start] + indent)
        if at.cost < _TORN and all(cells > width - indent for cells in at.around):
            found = min(found, width)
    return found


def _along(formula: str, ends: Sequence[_Break], before: Sequence[int]) -> Iterator[str]:
    """Yield the lines that lead to the end."""
    chosen = [len(ends) - 1]
    while (last := before[chosen[-1]]) >= 0:
        chosen.append(last)
    start = 0
    for place in reversed(chosen):
        yield (GOES_ON if start else "") + formula[start : ends[place].end]
        start = ends[place].start


def _anyhow(formula: str, width: int) -> Folded:
    """What has a part that is longer than a line is broken within it."""
    return Folded(tuple(plain([one]) for one in wrapped(formula, width, GOES_ON)), _TORN)


@lru_cache(maxsize=1024)
def _places(formula: str) -> tuple[tuple[_Break, ...], tuple[int, ...]]:
    """Return where a formula may be broken, and how many cells stand before each of its characters."""
    before = tuple(accumulate(map(cells_of, formula), initial=0))
    brackets: list[tuple[int, int]] = []
    group_at, sums = _groups(formula, brackets)
    found = []
    for place, sign in enumerate(formula[:-1]):
        behind = formula[place + 1]
        if sign == " ":
            start, cost = place + 1, 0.0 if formula[place - 1] in _DIVIDING else _BETWEEN
        elif (sign == "·" or (sign == "/" and behind in _FACTORS)) and place:
            start, cost = place + 1, _TORN if group_at[place] in sums else _IN_PRODUCT
        else:
            continue
        around = (before[close + 1] - before[open_] for open_, close in brackets if open_ < place < close)
        found.append(_Break(place + (sign != " "), start, cost, tuple(around)))
    return tuple(found), before


def _groups(formula: str, brackets: list[tuple[int, int]]) -> tuple[list[int], set[int]]:
    """Find the brackets of a formula; return in which one each character stands, and which hold a sum."""
    opened, group_at, sums = [-1], [], set()
    for place, sign in enumerate(formula):
        if sign == ")" and len(opened) > 1:
            brackets.append((opened.pop(), place))
        group_at.append(opened[-1])
        if sign in _ADDING and formula[place - 1 : place] == " " and formula[place + 1 : place + 2] == " ":
            sums.add(opened[-1])
        if sign == "(":
            opened.append(place)
    return group_at, sums
