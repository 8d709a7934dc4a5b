"""A worked pass with one known mistake in it: what follows from the mistake is worked out rightly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.judging.follow_through import consequence_of
from nn_tutor.judging.judge import Judgement
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.passes import Pass, value_of
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network
from nn_tutor.walkthrough.order import shown_refs
from nn_tutor.walkthrough.questions import scale_of_question

LEAST_APART = 0.05
"""How far from the truth, as a part of the scale, a hidden mistake has to be: one that can be seen."""


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """One line of a worked pass: the number, what it came to, and the wrong formula where the mistake was made."""

    ref: Ref
    value: float
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A worked pass with one mistake: its lines in order, the place of the first wrong one, and the mistake."""

    lines: tuple[WorkedLine, ...]
    wrong: int
    candidate: Candidate


def work(network: Network, passed: Pass, activity: Hunt) -> Worked | None:
    """Work out a pass with the activity's mistake in it; None where the mistake cannot be made there."""
    refs = shown_refs(network, passed.X.shape[0])
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
    return Worked(tuple(lines), refs.index(wrong), candidate)


def judge_line(worked: Worked, text: str) -> Judgement:
    """Judge the number of the line that is said to be the first wrong one, counted from 1."""
    typed = text.strip().rstrip(".")
    places = [str(place) for place in range(1, len(worked.lines) + 1)]
    if typed not in places:
        return Judgement("invalid", f"type the number of a line, 1 to {len(worked.lines)}, or choose it with ↑ ↓", None)
    place = places.index(typed)
    if place == worked.wrong:
        mistake = worked.candidate.mistake
        return Judgement("correct", f"here somebody {mistake.name}: {mistake.rule}", place + 1.0)
    if place < worked.wrong:
        return Judgement("wrong", "this line is right: look further down", place + 1.0)
    return Judgement("wrong", "this line follows rightly from those above it: an earlier one is wrong", place + 1.0)


def _is_meant(meant: Ref, ref: Ref) -> bool:
    return (
        meant.quantity == ref.quantity
        and meant.layer in (None, ref.layer)
        and (meant.index is None or meant.index == ref.index)
    )


def _made_here(network: Network, passed: Pass, ref: Ref) -> list[Candidate]:
    """The mistakes that are made in the very line of a number, and that can be seen."""
    case = Case(network, passed, ref)
    scale, own = scale_of_question(passed, ref), own_symbol(case)
    return [
        candidate
        for candidate in known_mistakes(case, scale)
        if candidate.slip.symbol == own
        and not candidate.is_carried
        and not candidate.mistake.is_convention
        and abs(candidate.value - case.truth) >= LEAST_APART * scale
    ]


def own_symbol(case: Case) -> str:
    """Return how the line of the asked number begins in a mistake's own writing."""
    layer = case.layer
    match case.ref.quantity:
        case "z":
            return case.z(layer) if case.network.layers[layer].activation != "identity" else case.a(layer)
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
            return "∂z/∂w"
        case "dW" | "db":
            return f"∂L/∂{case.parameter}"
        case "W" | "b":
            return f"{case.parameter}′"
        case _:
            return str(case.ref)
