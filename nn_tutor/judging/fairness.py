"""Whether a question is fair: its right answer is taken in any spelling, and no known mistake can hide behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nn_tutor.judging.judge import ROUNDING_OF_ZERO, decimals_needed, judge_text
from nn_tutor.judging.mistakes.case import Candidate

APART = 0.05
"""How far from the truth, as a part of the scale, each applicable mistake has to be."""

MOST_DECIMALS = 6
"""More decimals than this are too many to ask for."""


@dataclass(frozen=True, slots=True)
class Unfair:
    """Why a question is not fair: the id of the rule, what was found, and what an author can do."""

    rule: str
    found: str
    mend: str


def unfairness(truth: float, scale: float, known: Sequence[Candidate]) -> Iterator[Unfair]:
    """Yield what is unfair about a question for a number."""
    other_numbers = "take other weights, data or learning rate"
    if abs(truth) <= ROUNDING_OF_ZERO:
        yield Unfair("zero-answer", "the answer is 0", f"{other_numbers}, or do not ask for it")
        return
    near = {one.mistake.id for one in known if abs(one.value - truth) < APART * scale}
    if near:
        found = f"{', '.join(sorted(near))} comes within 5 % of the right answer"
        yield Unfair("mistake-too-near", found, other_numbers)
        return
    decimals = decimals_needed(truth, scale, known)
    if decimals > MOST_DECIMALS:
        yield Unfair("too-many-decimals", f"{decimals} decimals needed", f"{other_numbers}: {MOST_DECIMALS} are enough")
        return
    for text in spellings(truth, decimals):
        judgement = judge_text(text, truth, scale, {}, known)
        if judgement.verdict != "correct":
            yield Unfair("truth-rejected", f"the right answer typed as {text} is {judgement.verdict}", other_numbers)
            return
    for one in known:
        judgement = judge_text(f"{one.value:.{decimals}f}", truth, scale, {}, known)
        if judgement.is_right:
            yield Unfair("mistake-accepted", f"{one.mistake.id} is taken as right", other_numbers)
            return
        if one.mistake.id not in judgement.mistakes and not _is_shadowed(one, known):
            yield Unfair("mistake-not-told", f"{one.mistake.id} is judged {judgement.verdict}", other_numbers)
            return


def spellings(truth: float, decimals: int) -> tuple[str, ...]:
    """Return five ways to type a number: rounded as asked, in full, with an exponent, as a sum, with a true minus."""
    rounded = f"{truth:.{decimals}f}"
    return (
        rounded,
        repr(truth),
        f"{truth:.12e}",
        f"({truth!r}+1)-1" if abs(truth) > 1e-3 else f"{truth!r}*1",
        rounded.replace("-", "−"),
    )


def _is_shadowed(one: Candidate, known: Sequence[Candidate]) -> bool:
    """Tell whether other mistakes give nearly the same number, so that they are named in its place."""
    size = max(abs(one.value), 1e-12)
    return any(other is not one and abs(other.value - one.value) <= 0.02 * size for other in known)
