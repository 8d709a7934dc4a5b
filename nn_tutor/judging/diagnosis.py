"""Which known mistakes an answer fits, and how they are named: alone, or as "either … or"."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nn_tutor.judging.mistakes.known import SAME

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate

MAX_NAMED = 3
"""Of more mistakes that fit, a sentence names the nearest."""

_ROUNDING = 1 + 1e-9
"""A mistake rounded half up lies exactly half a unit away, and a hair more in binary."""

_SHARP = 4.0
"""A mistake is left out where another is so many times nearer, and by more than rounding explains."""

_COPIED = 5e-4
"""How far a calculation with printed numbers may be off one that was copied, as a part of the scale."""

_AS_NEAR = 1e-6
"""Mistakes that differ by less, as a part of the scale, are as near: what the ε of a rule moves a step by."""

ONE_THING: tuple[tuple[str, ...], ...] = (
    ("forgot-input", "stopped-early"),
    ("forgot-activation-derivative", "stopped-early"),
    ("added-step", "subtracted-slope"),
    ("plain-step", "forgot-memory"),
    ("not-squared", "absolute-value"),
    ("one-over-n-twice", "bias-not-summed"),
    ("forgot-weights", "output-error-as-hidden-delta"),
    ("unchanged", "stale-state"),
    ("stale-state", "last-pass"),
)
"""Mistakes that nobody can tell apart where they come to one number: only the first is named."""


def diagnose(
    value: float, tolerance: float, truth: float, scale: float, known: Sequence[Candidate], half_unit: float = math.inf
) -> tuple[Candidate, ...]:
    """Return the mistakes that a value fits, the nearest first and each named once; none where the truth is as near.

    `tolerance` is max(u, 1 % of S); a number that was copied fits to the digits typed, within `half_unit`. Single
    mistakes stand before, and instead of, those that were carried into an update, unless only these fit closely.
    """
    tolerance *= _ROUNDING
    copied = min(tolerance, max(half_unit * _ROUNDING, _COPIED * scale))
    near = [
        (abs(value - candidate.value), candidate)
        for candidate in known
        if abs(value - candidate.value) <= (copied if candidate.is_copied else tolerance)
        and abs(value - candidate.value) < abs(value - truth)
    ]
    if not near:
        return ()
    nearest = min(distance for distance, _ in near)
    reach = max(_SHARP * nearest, _AS_NEAR * scale)
    fitting = sorted((pair for pair in near if pair[0] <= reach), key=lambda pair: pair[0])
    singles = [pair for pair in fitting if not pair[1].is_carried]
    named: dict[str, Candidate] = {}
    for _, candidate in singles or fitting:
        named.setdefault(candidate.mistake.id, candidate)
    return in_order(named, scale)


def in_order(named: Mapping[str, Candidate], scale: float = 0.0) -> tuple[Candidate, ...]:
    """Return mistakes that fit, by their ids, in the order in which they are told."""
    return tuple(sorted(named.values(), key=lambda one: _place_of(one, named, scale)))


def _place_of(one: Candidate, others: Mapping[str, Candidate], scale: float) -> int:
    """Where a mistake stands among those that fit: behind the one that it is one thing with."""
    first = _first_of(one, others, scale)
    return list(others).index(first) * 2 + (first != one.mistake.id)


def _first_of(one: Candidate, others: Mapping[str, Candidate], scale: float) -> str:
    """The id under which a mistake is told: that of the first it is one thing with, if that gives the same number."""
    for together in ONE_THING:
        if one.mistake.id in together:
            same = [name for name in together if name in others and _is_one(one, others[name], scale)]
            if same[0] != one.mistake.id:
                return same[0]
    return one.mistake.id


def _is_one(one: Candidate, other: Candidate, scale: float) -> bool:
    return abs(one.value - other.value) <= SAME * max(abs(scale), abs(one.value))


def distinct(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the mistakes that are not made in the very same line: who stops before the input has forgotten it.

    Of those that are one thing, the first.
    """
    lines: dict[tuple[str, ...], Candidate] = {}
    others = {one.mistake.id: one for one in reversed(found) if one.also is None}
    for candidate in found:
        if candidate.also is None and _first_of(candidate, others, 0.0) != candidate.mistake.id:
            continue
        made = (candidate,) if candidate.also is None else (candidate, candidate.also)
        lines.setdefault(tuple(text for one in made for text in (one.slip.symbol, one.slip.theirs)), candidate)
    return tuple(lines.values())


def in_words(found: Sequence[Candidate]) -> str:
    """Name mistakes in words, without a rule: "you forgot the 2", or "either you …, or you …"."""
    names = [f"you {candidate.mistake.name}" for candidate in distinct(found)[:MAX_NAMED]]
    return f"{EITHER}{', or '.join(names)}" if len(names) > 1 else names[0]


EITHER = "either "
"""How several mistakes begin that fit an answer equally well, until it is said which of them was made."""


def leaves_open(message: str) -> bool:
    """Return whether a sentence names several mistakes, of which it is not said yet which one was made."""
    return message.startswith(EITHER) or f": {EITHER}" in message


def in_convention(found: Sequence[Candidate], slips: Sequence[Candidate] = ()) -> str:
    """Say in which other convention an answer is right, and what is done here; or else which slip gives the same."""
    rules = dict.fromkeys(one.mistake.rule for one in found)
    said = f"right in another convention: {'; '.join(rules)}"
    others = [one for one in slips if not one.mistake.is_convention]
    return f"{said}. Is that not yours? Then {in_words(others)}" if others else said


def sentence(found: Sequence[Candidate]) -> str:
    """Say what an answer looks like, without a number: "you forgot the 2", or "either you … or you …"."""
    if any(candidate.also for candidate in found):
        return _two_at_once(found)
    found, names = distinct(found), in_words(found)
    if len(found) > 1:
        return names
    mistake, slip = found[0].mistake, found[0].slip
    carried = f" in {slip.symbol}" if found[0].is_carried and slip.symbol else ""
    return f"{names}{carried}. {begun(mistake.rule)}"


def _two_at_once(found: Sequence[Candidate]) -> str:
    """Say which two mistakes an answer looks like: "you forgot the 2, and you forgot the input"."""
    texts = [
        f"you {one.mistake.name}, and you {one.also.mistake.name}" if one.also else f"you {one.mistake.name}"
        for one in distinct(found)
    ]
    said = texts[0] if len(texts) == 1 else f"{EITHER}{'; or '.join(texts)}"
    return f"two things at once, it seems: {said}"


def begun(text: str) -> str:
    """Return a text that begins as a sentence, where it begins with a word: z, o, σ and ln stay as they are."""
    return f"{text[0].upper()}{text[1:]}" if _WORD.match(text) else text


def as_sentence(text: str) -> str:
    """Return a text as a sentence: `begun`, and with a full stop at its end."""
    return f"{begun(text)}." if text and text[-1] not in ".?!" else begun(text)


def parted(head: str, text: str) -> tuple[str, str]:
    """Return a head with its colon and the text behind it; with a full stop where its first sentence has a colon."""
    return (f"{head}.", begun(text)) if ": " in text.partition(". ")[0] else (f"{head}:", text)


def introduced(head: str, text: str) -> str:
    """Return a text behind its head, `parted` from it: no sentence has two colons."""
    return " ".join(parted(head, text))


_WORD = re.compile(r"(?!(ln|lr)\b)(a\b|[a-z]{2,}(?![\w(]))")
