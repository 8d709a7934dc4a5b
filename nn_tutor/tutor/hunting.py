"""A worked pass to hunt in: with one known mistake in it, or a right one that shows why nothing is learned.

What follows from a mistake is worked out correctly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import as_sentence
from nn_tutor.judging.follow_through import consequence_of
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.mistakes.on_sheet import FUNCTION_NAMES, symbol_on_sheet
from nn_tutor.network.records import Pass, value_of
from nn_tutor.walkthrough.order import shown_refs
from nn_tutor.walkthrough.questions import scale_of_question

if TYPE_CHECKING:
    from nn_tutor.course.activities.hunt import Hunt, Trouble
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Network

MIN_APART = 0.05
"""How far from the truth, as a part of the scale, a hidden mistake has to be: one that can be seen."""


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """One line of a worked pass: the number, what it came to, and the wrong formula where the mistake was made."""

    ref: Ref
    value: float
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A worked pass: its lines in order, the place of the one that is looked for, and what is to be said about it.

    `candidate` is the mistake that was made, None where a `trouble` is looked for; then `found` are the further lines
    that show it.
    """

    lines: tuple[WorkedLine, ...]
    wrong: int
    reason: str
    candidate: Candidate | None = None
    trouble: Trouble | None = None
    found: frozenset[int] = frozenset()


def work(network: Network, passed: Pass, activity: Hunt) -> Worked | None:
    """Work out a pass with the activity's mistake in it; None where it cannot be made, or the trouble not be seen."""
    refs = shown_refs(network, passed.X.shape[0])
    if activity.trouble is not None:
        return _troubled(network, passed, refs, activity.trouble)
    choices = [
        (ref, candidate)
        for ref in refs
        if activity.ref is None or _is_meant(activity.ref, ref)
        for candidate in _made_here(network, passed, ref)
        if activity.mistake in ("", candidate.mistake.id)
    ]
    if not choices:
        return None
    place = 0 if activity.mistake else int(np.random.default_rng(activity.seed).integers(len(choices)))
    wrong, candidate = choices[place]
    given = {wrong: candidate.value}
    lines = []
    for ref in refs:
        if ref == wrong:
            lines.append(WorkedLine(ref, candidate.value, candidate.slip.theirs))
            continue
        follows = consequence_of(network, passed, ref, given)
        lines.append(WorkedLine(ref, value_of(passed, ref) if follows is None else follows.value))
    reason = f"here somebody {candidate.mistake.name}. {as_sentence(candidate.mistake.rule)}"
    return Worked(tuple(lines), refs.index(wrong), reason, candidate)


def asked_of(activity: Hunt) -> str:
    """Say what is to be found."""
    if activity.trouble is None:
        return "Somebody made one mistake. Which line is the first wrong one?"
    return _WANTED[activity.trouble]


def judge_line(worked: Worked, text: str) -> Judgement:
    """Judge the number of the line that is said to be the first one, counted from 1."""
    typed = text.strip().rstrip(".")
    places = [str(place) for place in range(1, len(worked.lines) + 1)]
    if typed not in places:
        return Judgement("invalid", f"type the number of a line, 1 to {len(worked.lines)}, or choose it with ↑ ↓", None)
    place = places.index(typed)
    return Judgement("correct" if place == worked.wrong else "wrong", _told(worked, place), place + 1.0)


def _told(worked: Worked, place: int) -> str:
    if place == worked.wrong:
        return worked.reason
    if worked.trouble is None and place < worked.wrong:
        return "this line is right, look further down"
    if worked.trouble is None:
        return "this line follows correctly from those above it, so an earlier one is wrong"
    if place in worked.found:
        return "this line shows it too, but an earlier one is the first"
    if place > worked.wrong and worked.trouble in _WEAKENS and _is_weak(worked.lines[place]):
        return "that comes of a line above it: look further up"
    side = "further down" if place < worked.wrong else "further up"
    return f"{_SEEN[worked.trouble]}; not on this line: look {side}"


# Troubles


MIN_SLOPE, MAX_SIZE, MAX_RATIO = 0.01, 1_000.0, 100.0
"""A slope of an activation below the first is saturated; a number beyond the second explodes; two slopes of one layer
that are further apart than the third are badly scaled."""


def _troubled(network: Network, passed: Pass, refs: tuple[Ref, ...], trouble: Trouble) -> Worked | None:
    """Work out a pass correctly, and look for the lines that show a trouble."""
    lines = tuple(WorkedLine(ref, value_of(passed, ref)) for ref in refs)
    shows = _SHOWS[trouble]
    found = [place for place, one in enumerate(lines) if shows(network, passed, one)]
    if not found:
        return None
    return Worked(lines, found[0], _REASONS[trouble], None, trouble, frozenset(found[1:]))


def _is_saturated(network: Network, passed: Pass, one: WorkedLine) -> bool:
    return one.ref.quantity == "da_dz" and 0 < abs(one.value) < MIN_SLOPE


def _is_dead(network: Network, passed: Pass, one: WorkedLine) -> bool:
    layer = network.layers[(one.ref.layer or 1) - 1]
    return one.ref.quantity == "da_dz" and layer.activation == "relu" and one.value == 0


_WEAKENS: frozenset[Trouble] = frozenset(("saturation", "dead-relu"))
"""Troubles that leave only little of every slope behind them."""


def _is_weak(one: WorkedLine) -> bool:
    return one.ref.phase == "backward" and abs(one.value) < MIN_SLOPE


def _explodes(network: Network, passed: Pass, one: WorkedLine) -> bool:
    return abs(one.value) > MAX_SIZE


def _is_badly_scaled(network: Network, passed: Pass, one: WorkedLine) -> bool:
    if one.ref.quantity != "dW":
        return False
    others = np.abs(passed.backward.dW[(one.ref.layer or 1) - 1])
    least = float(others[others > 0].min(initial=abs(one.value)))
    return abs(one.value) >= MAX_RATIO * least > 0


_SHOWS: dict[Trouble, Callable[[Network, Pass, WorkedLine], bool]] = {
    "saturation": _is_saturated,
    "dead-relu": _is_dead,
    "exploding": _explodes,
    "bad-scaling": _is_badly_scaled,
}

_REASONS: dict[Trouble, str] = {
    "saturation": "the curve is nearly flat here, and every slope behind this link is multiplied by its tiny slope",
    "dead-relu": "ReLU is off here: its slope is 0, and 0 times anything is 0, so nothing behind it learns",
    "exploding": "this is where the numbers get out of hand: more products of large numbers follow",
    "bad-scaling": "this weight's slope is more than a hundred times another's: no single η suits them both",
}

_WANTED: dict[Trouble, str] = {
    "saturation": "Every line is right. Which slope shows first why a weight hardly moves?",
    "dead-relu": "Every line is right. Which unit's own slope shows that it is switched off?",
    "exploding": "Every line is right. Which line is the first that is far too large?",
    "bad-scaling": "Every line is right. Which slope shows first why no η suits both weights?",
}
"""What is to be found: a slope where a number further up may look odd as well."""

_SEEN: dict[Trouble, str] = {
    "saturation": "a unit is saturated where the slope of its activation is nearly 0",
    "dead-relu": "a ReLU is dead where its own slope is exactly 0",
    "exploding": "look for the first number of more than a thousand",
    "bad-scaling": "compare the slopes ∂L/∂w with each other: one is more than a hundred times another",
}
"""How a trouble is seen, without telling where."""


def _is_meant(meant: Ref, ref: Ref) -> bool:
    return (
        meant.quantity == ref.quantity
        and meant.layer in (None, ref.layer)
        and (meant.index is None or meant.index == ref.index)
    )


def _made_here(network: Network, passed: Pass, ref: Ref) -> list[Candidate]:
    """The mistakes that are made in the very line of a number, and that can be seen."""
    case = Case(network, passed, ref)
    scale, own = scale_of_question(passed, ref), symbol_on_sheet(case, own_symbol(case))
    return [
        candidate
        for candidate in known_mistakes(case, scale)
        if candidate.slip.symbol == own
        and not candidate.is_carried
        and not candidate.mistake.is_convention
        and abs(candidate.value - case.truth) >= MIN_APART * scale
        and not _IN_WORDS.search(candidate.slip.theirs)
    ]


_IN_WORDS = re.compile(rf"\b(?!(?:{FUNCTION_NAMES}|relu|sigmoid)\b)[a-z]{{2,}}")
"""A wrong line that is told in words would give itself away among formulas."""


def own_symbol(case: Case) -> str:
    """Return how the line of the asked number begins in a mistake's own writing."""
    layer = case.layer
    match case.ref.quantity:
        case "z":
            return case.weighted_sum(layer)
        case "a":
            return case.a(layer)
        case "loss":
            return "L"
        case "dL_do" | "dL_da":
            return case.slope_in_a(layer)
        case "da_dz":
            return case.local(layer)
        case "delta" | "delta_sample":
            return case.slope_in_z(layer)
        case "dz_dw":
            return case.slope_of_sum_in_w(layer)
        case "dW" | "db":
            return f"∂L/∂{case.parameter}"
        case "W" | "b":
            return f"{case.parameter}′"
        case _:
            return str(case.ref)
