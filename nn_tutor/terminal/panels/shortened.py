"""A rule or its numbers in fewer cells, and true still: a sum as Σ, without its zeros, or its first term and its last.

What is shortened is text, as it stands in the table: `w₁₁·x₁ + w₁₂·x₂ + b₁` is `Σ w₁ₖ·xₖ + b₁`, `0.4·0 + 0.8·1 + 0.7·0`
is `0 + 0.8·1 + 0`, and `0.3·2 + 1.2·4 + 5` is `0.3·2 + … + 5`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import groupby

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.cells import cells_of

_BELOW, _ABOVE = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"
_OF_UNITS, _OF_SAMPLES = "ₖ", "ⁱ"
"""What stands in a sum for the number of a unit, and for that of a sample."""

_LEAST_SAVED = 3
"""A sum is written shorter only where that saves so many cells."""

_PLUS = " + "
_ELLIPSIS = "…"


class Grade(IntEnum):
    """How much a form of a formula tells, from all of it on down."""

    WHOLE = 0
    WITHOUT_ZEROS = 1
    SIGMA = 2
    ENDS_ALONE = 3
    FIRST_ALONE = 4
    CUT = 5


@lru_cache(maxsize=1024)
def shortened(text: str, width: int) -> str:
    """Return a formula in at most `width` cells: whole, or in the form that tells most.

    Where none is so short it is cut, but not within a number or a name.
    """
    return next((form for form in forms_of(text) if cells_of(form) <= width), "") or cut_off(text, width)


def cut_off(text: str, width: int) -> str:
    """Return the beginning of a formula in at most `width` cells, not cut within a number or a name."""
    kept = text[: max(0, width - 1)]
    while len(kept) > 1 and kept[-1] not in _ENDS and text[len(kept)] not in _ENDS:
        kept = kept[:-1]
    return f"{kept}{_ELLIPSIS}" if cells_of(kept) < width else text


_ENDS = frozenset(" ·/()²,")
"""The signs before and behind which a formula may be cut."""


@lru_cache(maxsize=1024)
def least_cells(text: str) -> int:
    """Return how many cells a formula needs in its shortest form that tells how it goes on."""
    return min(
        cells_of(form) for form in forms_of(text) if not form.endswith(_OPEN_END) and f"{_OPEN_END})" not in form
    )


@lru_cache(maxsize=1024)
def told_cells(text: str) -> int:
    """Return how many cells a formula needs in its shortest form that leaves nothing out."""
    return min((cells_of(form) for form in forms_of(text) if not is_open_ended(form)), default=cells_of(text))


def is_open_ended(form: str) -> bool:
    """Whether something is left out of a form of a formula."""
    return _ELLIPSIS in form


_OPEN_END = f"{_PLUS}{_ELLIPSIS}"


def sums_over(texts: Sequence[str]) -> str:
    """Say over what the sums in some texts go, "" where none is written with Σ."""
    letters = [
        letter for sign, letter in ((_OF_UNITS, "k"), (_OF_SAMPLES, "i")) if any(_is_over(text, sign) for text in texts)
    ]
    return f"Σ adds up over all {' and '.join(letters)}" if letters else ""


def _is_over(text: str, sign: str) -> bool:
    return "Σ" in text and sign in text


def forms_of(text: str) -> Iterator[str]:
    """Yield a formula as it stands, then in ever shorter forms."""
    return (form for _, form in graded_forms(text))


@lru_cache(maxsize=1024)
def graded_forms(text: str) -> tuple[tuple[Grade, str], ...]:
    """Return a formula as it stands, then in forms that tell ever less, each with how much it tells."""
    return ((Grade.WHOLE, text), *((grade, form) for grade, shorter in _SHORTER for form in _with(text, shorter)))


def _with(text: str, shorter: Callable[[Sequence[_Term]], str]) -> Iterator[str]:
    """Yield a formula with its longest sum written shorter, then with the others too."""
    found = [(sum_, shorter(sum_.terms)) for sum_ in _sums(text)]
    found = [(sum_, short) for sum_, short in found if short and len(short) + _LEAST_SAVED <= sum_.end - sum_.start]
    found.sort(key=lambda one: one[0].start - one[0].end)
    for count in range(1, len(found) + 1):
        form, kept = text, len(text)
        for sum_, short in sorted(found[:count], key=lambda one: -one[0].start):
            if sum_.end <= kept:
                form, kept = _put(form, sum_, short), sum_.start
        yield form


# Sums in a text


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a sum, and whether it is added."""

    text: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum with a plus in it, between two places of a text."""

    start: int
    end: int
    terms: tuple[_Term, ...]


def _sums(text: str) -> Iterator[_Sum]:
    """Yield the sums of a formula: the outermost one, and those in brackets."""
    opened = [0]
    parts: list[list[int]] = [[]]
    for place, sign in enumerate(text):
        if sign == "(":
            opened.append(place + 1)
            parts.append([])
        elif sign == ")" and len(opened) > 1:
            yield from _sum_of(text, opened.pop(), place, parts.pop())
        elif sign in "+−" and text[place - 1 : place] == " " and text[place + 1 : place + 2] == " ":
            parts[-1].append(place)
        elif sign in "/<>," and text[place + 1 : place + 2] == " ":
            parts[-1].append(-1)  # what stands around it is no sum alone
    yield from _sum_of(text, opened.pop(0), len(text), parts.pop(0))


def _sum_of(text: str, start: int, end: int, signs: Sequence[int]) -> Iterator[_Sum]:
    if -1 in signs or not any(text[place] == "+" for place in signs):
        return
    starts, ends = [start, *(place + 2 for place in signs)], [*(place - 1 for place in signs), end]
    added = [True, *(text[place] == "+" for place in signs)]
    terms = (_Term(text[at:to], plus) for at, to, plus in zip(starts, ends, added, strict=True))
    yield _Sum(start, end, tuple(terms))


def _put(text: str, sum_: _Sum, short: str) -> str:
    """Put a shorter form in the place of a sum; a Σ that ends a formula or a bracket needs none of its own."""
    start, end = sum_.start, sum_.end
    is_bare = short.startswith("Σ") and _PLUS not in short and " − " not in short.partition("(")[0]
    before, behind = text[max(0, start - 2) : start - 1] if start else "", text[end + 1 : end + 2]
    if is_bare and start and before in ("", "·", "−", " ", "(") and behind in ("", ")"):
        start, end = start - 1, end + 1
    return text[:start] + short + text[end:]


# Shorter forms


def _as_sigma(terms: Sequence[_Term]) -> str:
    """Write the terms that differ in one number alone, or in two, as Σ; the others stay behind or before it.

    Terms that are left out already have to be of that kind: the Σ covers what stands on either side of them.
    """
    whole = [term for term in terms if term.text != _ELLIPSIS]
    gaps = [place - count for count, place in enumerate(at for at, one in enumerate(terms) if one.text == _ELLIPSIS)]
    runs = (
        (first, end)
        for first in range(len(whole))
        for end in range(len(whole), first + 1, -1)
        if all(first < gap < end for gap in gaps)
    )
    for first, end in sorted(runs, key=lambda run: run[0] - run[1]):
        if all(term.is_added for term in whole[first:end]):
            pattern = _pattern([term.text for term in whole[first:end]])
            if pattern:
                sigma = _Term(f"Σ{'' if pattern.startswith('(') else ' '}{pattern}", True)
                return _joined([*whole[:first], sigma, *whole[end:]])
    return ""


def _without_zeros(terms: Sequence[_Term]) -> str:
    """Write terms that are 0 as that, one 0 for all that stand together."""
    if not all(term.is_added for term in terms):
        return ""
    kept: list[_Term] = []
    for is_zero, some in groupby(terms, key=lambda term: _ZERO.search(term.text) is not None):
        kept += [_Term("0", True)] if is_zero else some
    return _joined(kept) if len(kept) > 1 else ""


_ZERO = re.compile("^0$|^0·|·0$|·0·")
"""A term with a factor 0."""


def _ends_alone(terms: Sequence[_Term]) -> str:
    if len(terms) < 3 or not all(term.is_added for term in terms):
        return ""
    return _joined([terms[0], _Term(_ELLIPSIS, True), terms[-1]])


def _first_alone(terms: Sequence[_Term]) -> str:
    return _joined([terms[0], _Term(_ELLIPSIS, True)]) if all(term.is_added for term in terms) else ""


_SHORTER: tuple[tuple[Grade, Callable[[Sequence[_Term]], str]], ...] = (
    (Grade.WITHOUT_ZEROS, _without_zeros),
    (Grade.SIGMA, _as_sigma),
    (Grade.ENDS_ALONE, _ends_alone),
    (Grade.FIRST_ALONE, _first_alone),
)


def _joined(terms: Sequence[_Term]) -> str:
    return terms[0].text + "".join(f" {'+' if term.is_added else '−'} {term.text}" for term in terms[1:])


def _pattern(texts: Sequence[str]) -> str:
    """Return what texts have in common, with a letter for the number in which they differ; "" if they differ more."""
    if pattern := _common(texts):
        return pattern
    for size in range(2, len(texts) // 2 + 1):
        blocks = [_common(texts[at : at + size]) for at in range(0, len(texts), size)]
        if len(texts) % size == 0 and all(blocks) and (pattern := _common(blocks)):
            return pattern
    return ""


def _common(texts: Sequence[str]) -> str:
    if len(set(map(len, texts))) > 1 or len(set(texts)) < len(texts):
        return ""
    signs = []
    numbers: list[set[int]] = [set() for _ in texts]
    for column in zip(*texts, strict=True):
        if len(set(column)) == 1:
            signs.append(column[0])
            continue
        kind = next((kind for kind in (_BELOW, _ABOVE) if all(sign in kind for sign in column)), "")
        if not kind:
            return ""
        for own, sign in zip(numbers, column, strict=True):
            own.add(kind.index(sign))
        signs.append(_OF_UNITS if kind == _BELOW else _OF_SAMPLES)
    return "".join(signs) if all(len(own) == 1 for own in numbers) else ""
