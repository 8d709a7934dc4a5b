"""Which mistakes the learner's own earlier answers rule out.

Who had z₁ right has not forgotten the bias in it, even if z₂ looks as if; who typed a square has squared something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.judging.contradicted import is_contradicted
from nn_tutor.judging.diagnosis import sentence
from nn_tutor.judging.judgement import UNEXPLAINED, Judgement
from nn_tutor.judging.mistakes.known import known_mistakes, rare_mistakes
from nn_tutor.judging.tolerances import CLOSE
from nn_tutor.network.evaluation import sensitivities
from nn_tutor.network.records import value_of

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate, Case
    from nn_tutor.judging.reading import Reading
    from nn_tutor.network.quantities import Ref

MAX_ANSWERS = 8
"""Of more earlier answers on the way, those that were given last are looked at."""


def without_contradicted(
    known: Sequence[Candidate], value: float, reach: float, case: Case, earlier: Mapping[Ref, float]
) -> tuple[Candidate, ...]:
    """Return the known mistakes without those near a value that an earlier answer of the same pass contradicts.

    An earlier answer contradicts a mistake that, made in the same line, would have shown in that number too, where the
    learner had it right.
    """
    near = [one for one in known if abs(one.value - value) <= reach]
    if not near or not earlier:
        return tuple(known)
    ruled_out = _ruled_out(case, earlier, known_mistakes)
    return tuple(one for one in known if one not in near or _line(one) not in ruled_out)


def held_against(found: Sequence[Candidate], case: Case, earlier: Mapping[Ref, float]) -> tuple[Candidate, ...]:
    """Return those rare mistakes and pairs of mistakes that no earlier answer of the same pass contradicts."""
    if not found or not earlier:
        return tuple(found)
    ruled_out = _ruled_out(case, earlier, lambda one, scale: (*known_mistakes(one, scale), *rare_mistakes(one, scale)))
    return tuple(one for one in found if not ruled_out & {_line(part) for part in (one, one.also) if part is not None})


_Line = tuple[str, str, str]


def _ruled_out(
    case: Case, earlier: Mapping[Ref, float], mistakes: Callable[[Case, float], Sequence[Candidate]]
) -> set[_Line]:
    """The lines in which no slip was made: there it would have shown in an answer that is right."""
    way = case.workings.once(("way", case.ref), lambda: sensitivities(case.network, case.passed, case.ref))
    ruled_out: set[_Line] = set()
    for ref in [ref for ref in earlier if ref in way][-MAX_ANSWERS:]:
        truth, had = value_of(case.passed, ref), earlier[ref]
        for one in mistakes(case.at(ref), abs(truth)):
            if abs(had - truth) < NEARER * abs(had - one.value):
                ruled_out.add(_line(one))
    return ruled_out


def named_again(
    judgement: Judgement, reading: Reading, scale: float, every: Sequence[Candidate], known: Sequence[Candidate]
) -> Judgement:
    """Return the judgement of an unexplained answer with what a mistake gives that an earlier right answer rules out.

    It was not made there, and yet this number comes from it: the learner did not go on from that answer. So it is with
    an answer that a named mistake is only near.
    """
    left, reach = set(map(id, known)), max(reading.half_unit, CLOSE * abs(scale))
    is_named = any(abs(one.value - reading.value) <= reach for one in judgement.candidates)
    if judgement.verdict not in ("wrong", "diagnosed") or is_named or reading.half_unit > CLOSE * abs(scale):
        return judgement
    takes_carried = judgement.verdict == "diagnosed"
    ruled_out = [
        one
        for one in every
        if id(one) not in left and abs(one.value - reading.value) <= reach and (takes_carried or not one.is_carried)
    ]
    if not ruled_out:
        return judgement
    slip = min(ruled_out, key=lambda one: abs(one.value - reading.value)).slip
    said = f"that comes from {slip.wrong_line}; you had that right before: go on from there"
    return replace(judgement, verdict="wrong", message=said, candidates=())


def without_untrue(judgement: Judgement, reading: Reading, case: Case) -> Judgement:
    """Return a diagnosis without the mistakes that a typed calculation contradicts; one that fits nothing if all are.

    A square was typed, or a 2, or a division by twice the count; or the name of the very number in which the mistake is
    said to lie.
    """
    if judgement.verdict != "diagnosed" or reading.is_plain:
        return judgement
    kept = tuple(one for one in judgement.candidates if not is_contradicted(one, reading.tree, case))
    if len(kept) == len(judgement.candidates):
        return judgement
    if not kept:
        return Judgement("wrong", UNEXPLAINED, judgement.value)
    return replace(judgement, message=sentence(kept), candidates=kept)


NOTHING: Mapping[Ref, float] = {}
"""No earlier answer."""


NEARER = 0.2
"""An answer is right, and not the mistake, where it is five times nearer to the truth."""


def _line(one: Candidate) -> _Line:
    return one.mistake.id, one.slip.symbol, one.slip.theirs
