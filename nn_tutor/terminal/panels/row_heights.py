"""How many lines each row of the chain table takes, and in which form its rule and its numbers stand there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nn_tutor.judging.cells import cells_of
from nn_tutor.terminal.panels.formula_lines import folded
from nn_tutor.terminal.panels.shortened import Grade, cut_off, graded_forms

Texts = tuple[tuple[str, str], ...]
"""The rule of each row and its numbers, of what is covered too, so that nothing moves when it is found."""

COSTS = {
    Grade.WHOLE: 0.0,
    Grade.WITHOUT_ZEROS: 0.5,
    Grade.SIGMA: 1.0,
    Grade.ENDS_ALONE: 10.0,
    Grade.FIRST_ALONE: 12.0,
    Grade.CUT: 15.0,
}
"""What it costs that a formula is not told whole."""

TORN_TERM, TORN_SIGMA, TORN = 1.5, 1.5, 0.3
"""What it costs that a term of a sum is on two lines, or a Σ; and that brackets are, or factors."""

LEFT_OUT = COSTS[Grade.ENDS_ALONE]
"""What it costs at least that something is left out, with … for it."""


class Way(NamedTuple):
    """A way of writing a formula in a column: its lines, and what it costs that it is not told whole."""

    lines: tuple[str, ...]
    costs: float


@lru_cache(maxsize=4096)
def ways_of(text: str, width: int) -> tuple[Way, ...]:
    """Return how a formula may be written in a column: each way takes more lines than the one before and tells more."""
    if cells_of(text) <= width:
        return (Way((text,), 0.0),)
    lines, torn = folded(text, width, tears_terms=True)
    every = [Way((cut_off(text, width),), COSTS[Grade.CUT]), Way(lines, TORN_TERM + TORN * torn)]
    for grade, form in graded_forms(text):
        lines, torn = folded(form, width)
        is_torn = grade is Grade.SIGMA and len(lines) > 1
        every.append(Way(lines, COSTS[grade] + (TORN_SIGMA if is_torn else 0.0) + TORN * torn))
    kept: list[Way] = []
    for way in sorted(every, key=lambda one: (len(one.lines), one.costs)):
        if not kept or way.costs < kept[-1].costs:
            kept.append(way)
    return tuple(kept)


def _way(text: str, width: int, lines: int) -> Way:
    """The way of writing a formula that tells most on so many lines."""
    ways = ways_of(text, width)
    return next((way for way in reversed(ways) if len(way.lines) <= lines), ways[0])


def fitted(text: str, width: int, lines: int) -> tuple[str, ...]:
    """Return a formula on at most so many lines of a column: whole, or in the form that tells most."""
    return _way(text, width, lines).lines


def told_in(text: str, width: int) -> int:
    """Return how many lines a formula takes in a column in which a sum may be a Σ and nothing is left out."""
    return next(len(way.lines) for way in ways_of(text, width) if way.costs < LEFT_OUT)


@lru_cache(maxsize=512)
def laid_out(texts: Texts, columns: tuple[int, int], rows: int) -> tuple[tuple[int, ...], float]:
    """Return how many of `rows` lines each row takes in two columns of so many cells, and what is not told then.

    Where all can be told they take what they need. Else lines that are over go where most is told with each of them.
    """
    groups = [_Group(rules, [texts[place] for place in rules], columns) for rules in _alike([one for one, _ in texts])]
    heights = [1] * len(texts)
    free = rows - len(texts)
    moves = {group: tuple(group.moves(heights)) for group in groups} if free > 0 else {}
    while found := [(move, group) for group, some in moves.items() for move in some if move.more <= free]:
        best, group = max(found, key=lambda one: one[0].gain)
        for place in best.places:
            heights[place] = max(heights[place], best.lines)
        free -= best.more
        moves[group] = tuple(group.moves(heights))
    return tuple(heights), sum(group.costs(heights) for group in groups)


def rule_lines_of(texts: Texts, heights: Sequence[int]) -> tuple[int, ...]:
    """Return how many lines of its row each rule takes at most: those of one kind as many, so that they look alike."""
    lines = [0] * len(texts)
    for places in _alike([rule for rule, _ in texts]):
        for place in places:
            lines[place] = min(heights[one] for one in places)
    return tuple(lines)


def _alike(rules: Sequence[str]) -> list[list[int]]:
    """The places of rules of each kind: they differ in the numbers of their units and samples alone."""
    found: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        found.setdefault(rule.translate(_NO_NUMBERS), []).append(place)
    return list(found.values())


_NO_NUMBERS = dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹"))


class _Move(NamedTuple):
    """Rows that take so many lines, how many more that are, and what each of these gains."""

    places: Sequence[int]
    lines: int
    more: int
    gain: float


class _Group:
    """Rows whose rules are of one kind: the lowest of them says how these are written."""

    def __init__(self, places: Sequence[int], texts: Sequence[tuple[str, str]], columns: tuple[int, int]) -> None:
        self.places = places
        self.rules = [ways_of(rule, columns[0]) for rule, _ in texts]
        self.numbers = [ways_of(numbers, columns[1]) for _, numbers in texts]

    def costs(self, heights: Sequence[int]) -> float:
        """Return what is not told."""
        own = [heights[place] for place in self.places]
        low = min(own)
        rules = sum(_costs(ways, low) for ways in self.rules)
        return rules + sum(_costs(ways, lines) for ways, lines in zip(self.numbers, own, strict=True))

    def moves(self, heights: Sequence[int]) -> Iterator[_Move]:
        """Yield what lines can be used for: by one of the rows, or by all of them."""
        now = self.costs(heights)
        if not now:
            return
        every = range(len(self.places))
        for chosen in (every, *([one] for one in every if len(every) > 1)):
            places = [self.places[one] for one in chosen]
            for lines in {len(way.lines) for one in chosen for way in (*self.rules[one], *self.numbers[one])}:
                more = sum(max(0, lines - heights[place]) for place in places)
                if more:
                    then = list(heights)
                    for place in places:
                        then[place] = max(then[place], lines)
                    if (gain := now - self.costs(then)) > 0:
                        yield _Move(places, lines, more, gain / more)


def _costs(ways: Sequence[Way], lines: int) -> float:
    return next((way.costs for way in reversed(ways) if len(way.lines) <= lines), ways[0].costs)
