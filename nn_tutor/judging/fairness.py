"""Whether a question is fair: its right answer is taken in any spelling, and no known mistake can hide behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.numerals import apart
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.judge import judge, judge_text
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.reading import printed
from nn_tutor.judging.tolerances import ROUNDING_OF_ZERO, decimals_needed
from nn_tutor.network.perturb import redrawn
from nn_tutor.network.quantities import Ref

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

APART = 0.05
"""How far from the truth, as a part of the scale, each applicable mistake has to be."""

MAX_DECIMALS = 6
"""More decimals than this are too many to ask for."""


MAX_TOLD = 3
"""How many mistakes are told with their numbers, the nearest ones."""


@dataclass(frozen=True, slots=True)
class Unfair:
    """Why a question is not fair: the id of the rule, what was found, and what an author can do."""

    rule: str
    found: str
    mend: str


def unfairness(
    truth: float, scale: float, known: Sequence[Candidate], scale_in_words: str = "the answer"
) -> Iterator[Unfair]:
    """Yield what is unfair about a question for a number."""
    other_numbers = "take other weights, data or learning rate"
    if abs(truth) <= ROUNDING_OF_ZERO:
        yield Unfair("zero-answer", "the answer is 0", f"{other_numbers}, or allow_zero = true")
        return
    near = nearly_right(truth, scale, known)
    if near:
        nearest = {one.mistake.id: one.value for one in reversed(near)}
        nearest_first = [
            f"{name}: {_distance(value, truth, scale)} of {scale_in_words}"
            for name, value in sorted(nearest.items(), key=lambda one: abs(one[1] - truth))[:MAX_TOLD]
        ]
        nearest_first += [f"and {len(nearest) - MAX_TOLD} more"] if len(nearest) > MAX_TOLD else []
        found = f"{'; '.join(nearest_first)}; {APART * 100:.0f} % are needed"
        yield Unfair("mistake-too-near", found, f"{other_numbers}, or accept it")
        return
    decimals = decimals_needed(truth, scale, known)
    if decimals > MAX_DECIMALS:
        yield Unfair("too-many-decimals", f"{decimals} decimals needed", f"{other_numbers}: {MAX_DECIMALS} are enough")
        return
    for text in spellings(truth, decimals):
        judgement = judge_text(text, truth, scale, {}, known)
        if judgement.verdict != "correct":
            yield Unfair("truth-rejected", f"the right answer typed as {text} is {judgement.verdict}", other_numbers)
            return
    for one in known:
        judgement = judge(printed(one.value, decimals), truth, scale, known)
        if judgement.is_right:
            yield Unfair("mistake-accepted", f"{one.mistake.id} is taken as right", other_numbers)
            return
        if one.mistake.id not in judgement.mistakes and not _is_shadowed(one, known):
            names = " or ".join(judgement.mistakes)
            taken = f"is taken for {names}" if names else f"is {judgement.verdict}"
            yield Unfair("mistake-not-told", f"{one.mistake.id}, typed as asked, {taken}", other_numbers)
            return


def nearly_right(truth: float, scale: float, known: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the mistakes whose numbers lie too near the truth to be told from it, the nearest first."""
    near = [one for one in known if abs(one.value - truth) < APART * scale]
    return tuple(sorted(near, key=lambda one: abs(one.value - truth)))


def _distance(value: float, truth: float, scale: float) -> str:
    """Say how far a mistaken number is from the truth: `0.14979 against 0.14978: 3 %`."""
    part = abs(value - truth) / scale
    percent = f"{100 * part:.1g}"
    if float(percent) >= 100 * APART:
        percent = f"{100 * part:.3g}"
    return f"{apart(value, truth)} against {apart(truth, value)}: {percent} %"


def to_tell_apart(network: Network, ref: Ref, known: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the mistakes that a question's numbers have to tell from the truth.

    In an update by another rule than plain descent those of the slope are left out: a rule evens slopes out, as Adam's
    first step does, which is ±η whatever the slope. They are still named where they show.
    """
    evens_out = ref.phase == "update" and not network.optimizer.goes_along_slope
    return tuple(one for one in known if not (one.is_carried and evens_out))


def hidden_mistakes(case: Case, scale: float, known: Sequence[Candidate]) -> frozenset[str]:
    """Return the mistakes that these very numbers hide: here they give the right answer, with others they would not.

    With an input of 1 nobody can tell who forgot it, with η = 1 who left it out. Looked for by two networks whose
    numbers are somewhat larger.
    """
    here = {_line(one) for one in to_tell_apart(case.network, case.ref, known)}
    hidden: set[tuple[str, str, str]] | None = None
    for seed in (1, 2):
        whole = _enlarged(case.network, case.passed, seed, moves=case.ref.phase == "update")
        if whole is None:
            return frozenset()
        other = whole.at(case.ref)
        truth, larger = other.truth, abs(other.truth) if case.ref.quantity not in ("W", "b") else scale
        others = to_tell_apart(other.network, other.ref, known_mistakes(other, larger))
        lines = {_line(one) for one in others if abs(one.value - truth) > APART * larger} - here
        hidden = lines if hidden is None else hidden & lines
        if not hidden:
            break
    return frozenset(name for name, *_ in hidden or ())


def _line(one: Candidate) -> tuple[str, str, str]:
    return one.mistake.id, one.slip.symbol, one.slip.theirs


@lru_cache(maxsize=8)
def _enlarged(network: Network, passed: Pass, seed: int, *, moves: bool) -> Case | None:
    """A pass with every number a little larger, none the same as before; None where the loss cannot take that.

    An η of 0 stays 0 unless the number is one that `moves`: no step hides behind a slope where there is none.
    """
    draw = np.random.default_rng(seed)

    def larger(values: Array, least: float = 0.0) -> Array:
        return values * draw.uniform(1.2, 1.6, values.shape) + np.where(values == 0, least, 0.0)

    other = replace(network, learning_rate=network.learning_rate * 1.37 or (0.37 if moves else 0.0))
    again = redrawn(other, passed, larger, targets=lambda Y: larger(Y, least=0.3))
    return None if again is None else Case(other, again, Ref("loss"))


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


def alike(known: Sequence[Candidate], scale: float) -> tuple[tuple[str, ...], ...]:
    """Return the groups of different mistakes whose numbers lie within 2 % of the scale of each other."""
    groups: list[tuple[str, ...]] = []
    ordered = sorted(known, key=lambda one: one.value)
    for place, one in enumerate(ordered):
        group = [one.mistake.id]
        for other in ordered[place + 1 :]:
            if other.value - one.value > _ALIKE * scale:
                break
            group.append(other.mistake.id)
        names = tuple(dict.fromkeys(group))
        if len(names) > 1 and not any(set(names) <= set(earlier) for earlier in groups):
            groups.append(names)
    return tuple(groups)


_ALIKE = 0.02


def _is_shadowed(one: Candidate, known: Sequence[Candidate]) -> bool:
    """Whether other mistakes give nearly the same number, so that they are named in its place."""
    size = max(abs(one.value), 1e-12)
    return any(other is not one and abs(other.value - one.value) <= 0.02 * size for other in known)
