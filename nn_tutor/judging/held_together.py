"""Which words of a text are one expression, and where a long expression may go on in the next line.

A short expression stays on a line as a whole; a long one is broken outside of its brackets, behind `=` rather than
behind `+` or `−`, and behind these rather than behind `·` or `/`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_EQUALS, _SUMS, _PRODUCTS = frozenset("=≈≠≤≥<>→⟶"), frozenset("+−±-"), frozenset("·×/*")
_ALWAYS = frozenset("=≈≠≤≥−±·×")
"""Signs that join the words around them whatever these are; the others also stand for keys, dashes and choices."""

_LONGEST = 120
"""Expressions of more words are broken at any blank."""

_ORDINARY = frozenset("’‘“”„…–—·")
_PUNCTUATION = ".,;:!?“”„\"'"

Words = Sequence[str]


def expressions(words: Words) -> Iterator[tuple[int, int]]:
    """Yield the first word of each expression and the one behind it; a word that is in none is one by itself."""
    first, calls = 0, 0
    for place, word in enumerate(words):
        calls = _open_calls(word, calls)
        if place + 1 == len(words) or not (calls or _are_joined(words, place)):
            yield from ((first, place + 1),) if place - first < _LONGEST else _one_by_one(first, place + 1)
            first, calls = place + 1, 0


def parts_of(words: Words, first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts that a long expression falls into first; its words where no sign divides it."""
    depth, ranks = 0, []
    for word in words[first : end - 1]:
        depth += sum((sign in "([{") - (sign in ")]}") for sign in word)
        ranks.append((depth, _rank(word)) if _is_sign(word) else None)
    outermost = min((rank for rank in ranks if rank is not None), default=None)
    begin = first
    for place, rank in enumerate(ranks, start=first + 1):
        if rank == outermost:
            yield begin, place
            begin = place
    yield begin, end


def _one_by_one(first: int, end: int) -> Iterator[tuple[int, int]]:
    return ((place, place + 1) for place in range(first, end))


def _are_joined(words: Words, place: int) -> bool:
    """Whether no line ends behind a word: where a sign of arithmetic follows it, or it is one."""
    return _joins(words, place) or _joins(words, place + 1)


def _joins(words: Words, place: int) -> bool:
    """Whether a word is a sign that joins its neighbours."""
    word = words[place]
    if not _is_sign(word):
        return False
    around = [words[at] for at in (place - 1, place + 1) if 0 <= at < len(words)]
    return len(around) == 2 and (word in _ALWAYS or any(map(_is_term, around)))


def _is_sign(word: str) -> bool:
    return len(word) == 1 and (word in _EQUALS or word in _SUMS or word in _PRODUCTS)


def _rank(word: str) -> int:
    return 0 if word in _EQUALS else 1 if word in _SUMS else 2


def _is_term(word: str) -> bool:
    """Whether a word is a number or a name of mathematics, and none of a language."""
    bare = word.strip(_PUNCTUATION)
    if len(bare.strip("()[]")) == 1 and bare.isascii():
        return True
    return any(sign.isdigit() or sign in "_^(′" or _is_mathematical(sign) for sign in bare.lstrip("("))


def _is_mathematical(sign: str) -> bool:
    if sign.isascii() or sign in _ORDINARY:
        return False
    return "\u0370" <= sign <= "\u03ff" or unicodedata.category(sign) in ("Sm", "No", "Lm")


def _open_calls(word: str, calls: int) -> int:
    """Return how many brackets of calls are open behind a word: `max(0,` opens one, `(see` does not."""
    for before, sign in zip(" " + word, word, strict=False):
        if sign == "(" and (calls or before.isalnum()):
            calls += 1
        elif sign == ")" and calls:
            calls -= 1
    return calls
