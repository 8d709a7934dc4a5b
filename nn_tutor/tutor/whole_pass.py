"""A whole small pass as practice: fresh numbers, and nothing in sight but what it starts from and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask
from nn_tutor.network.quantities import Ref
from nn_tutor.tutor.exercises import ExerciseTemplate, without_numbers
from nn_tutor.tutor.fresh import fresh_numbers_of

if TYPE_CHECKING:
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.walkthrough.skills import Skill

NAME = "pass"
"""The id of the walk and of its network; those of the other exercises are numbers."""

_FIRST = (0, 0)
_LOSS, _dW, _W = Ref("loss"), Ref("dW", 1, _FIRST), Ref("W", 1, _FIRST)

WHOLE_PASSES: tuple[ExerciseTemplate, ...] = (
    ExerciseTemplate((1, 1), ("identity",), (Ref("a", 1, _FIRST), _LOSS, _dW, _W)),
    ExerciseTemplate((1, 1), ("sigmoid",), (Ref("a", 1, _FIRST), _LOSS, _dW, _W)),
    ExerciseTemplate((1, 1), ("sigmoid",), (Ref("a", 1, _FIRST), _LOSS, _dW, Ref("db", 1, (0,)), _W), biases=True),
    ExerciseTemplate(
        (1, 1, 1),
        ("sigmoid", "identity"),
        (Ref("a", 1, _FIRST), Ref("a", 2, _FIRST), _LOSS, Ref("delta", 1, _FIRST), _W, Ref("W", 2, _FIRST)),
    ),
    ExerciseTemplate(
        (2, 3),
        ("softmax",),
        (_LOSS, *(Ref("delta", 1, (0, unit)) for unit in range(3)), Ref("W", 1, (1, 0))),
        loss="categorical_cross_entropy",
    ),
)
"""The passes that are asked as a whole, what is asked of each in any order."""


def whole_passes(met: Mapping[Skill, tuple[ExerciseTemplate, ...]]) -> tuple[ExerciseTemplate, ...]:
    """Return the whole passes on kinds of network that were met, where the update was met as well."""
    known = [template for templates in met.values() for template in templates]
    return tuple(one for one in WHOLE_PASSES if "update" in met and any(_is_like(one, other) for other in known))


def _is_like(one: ExerciseTemplate, other: ExerciseTemplate) -> bool:
    """Whether the network of an exercise is that of another: its shape, its bends, its loss, and biases."""
    return (one.sizes, one.activations, one.loss, one.factor, one.biases) == (
        other.sizes,
        other.activations,
        other.loss,
        other.factor,
        other.biases,
    )


@lru_cache(maxsize=64)
def whole_pass(seed: int, templates: tuple[ExerciseTemplate, ...]) -> tuple[Walk, NetworkWithData]:
    """Return a pass to walk alone, and its network; each of its numbers is fair to ask."""
    draw = np.random.default_rng([seed, len(WHOLE_PASSES)])
    while True:
        template = templates[int(draw.integers(len(templates)))]
        asked = tuple(("number", ref) for ref in template.refs)
        entry = fresh_numbers_of(without_numbers(template), asked, int(draw.integers(2**31)))
        if entry is not None:
            asks = tuple(Ask("value", ref) for ref in template.refs)
            return Walk(id=NAME, network=NAME, asks=(asks,), own=True), entry
