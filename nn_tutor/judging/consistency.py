"""Which mistakes the learner's own earlier answers rule out.

Who had z₁ right has not forgotten the bias in it, even if z₂ looks as if.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.graph import sensitivities
from nn_tutor.network.passes import value_of
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
    way = sensitivities(case.network, case.passed, case.ref)
    on_the_way = [ref for ref in earlier if ref in way][-MAX_ANSWERS:]
    ruled_out: set[tuple[str, str, str]] = set()
    for ref in on_the_way:
        truth, had = value_of(case.passed, ref), earlier[ref]
        for one in known_mistakes(case.at(ref), abs(truth)):
            if abs(had - truth) < _NEARER * abs(had - one.value):
                ruled_out.add(_line(one))
    return tuple(one for one in known if one not in near or _line(one) not in ruled_out)


_NEARER = 0.2
"""An answer is right, and not the mistake, where it is five times nearer to the truth."""


def _line(one: Candidate) -> tuple[str, str, str]:
    return one.mistake.id, one.slip.symbol, one.slip.theirs
