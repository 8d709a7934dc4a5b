"""Practice without end: rounds of questions on a skill or a mix, with numbers that hide no mistake.

Numbers are drawn by rejection until the question is fair. A seed repeats a round exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask, AskKind
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, LossKind, Network
from nn_tutor.tutor.fresh import fresh_numbers
from nn_tutor.tutor.mastery import FULL, Answered, outcome_of
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.tour import Tour
from nn_tutor.walkthrough.skills import SKILLS, Skill

ROUND = 6
"""How many questions a round begins with."""

MOST_IN_ROUND = 30
"""A round that does not end by itself ends here."""

PREFIX = "practice:"
MIX, DUE = "mix", "due"

OTHER_SPELLINGS: dict[str, Skill] = {"dL_do": "∂L/∂o", "dL/do": "∂L/∂o", "dz_dw": "∂z/∂w", "dz/dw": "∂z/∂w"}
"""How skills with ∂ in their names may be typed."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of exercise: a network without its numbers, and what is asked of it."""

    sizes: tuple[int, ...]
    activations: tuple[ActivationName, ...]
    refs: tuple[Ref, ...]
    loss: LossKind = "squared_error"
    rows: int = 1
    biases: bool = False
    factor: float = 1.0
    kind: AskKind = "value"


def _each(*activations: ActivationName) -> tuple[tuple[ActivationName, ...], ...]:
    return tuple((activation,) for activation in activations)


_W, _dW, _z, _a = Ref("W", 1, (0, 0)), Ref("dW", 1, (0, 0)), Ref("z", 1, (0, 0)), Ref("a", 1, (0, 0))
_DELTAS = tuple(Ref("delta", 1, (0, unit)) for unit in range(2))
_SMOOTH: tuple[ActivationName, ...] = ("sigmoid", "tanh")

PATTERNS: dict[Skill, tuple[Pattern, ...]] = {
    "forward-dot": (
        Pattern((2, 1), ("sigmoid",), (_z,), biases=True),
        Pattern((3, 2), ("tanh",), (_z, Ref("z", 1, (0, 1)))),
        Pattern((2, 2, 3), ("sigmoid", "identity"), tuple(Ref("a", 2, (0, unit)) for unit in range(3))),
    ),
    "activation": tuple(Pattern((1, 1), one, (_a,), biases=True) for one in _each("sigmoid", "tanh", "relu")),
    "loss": (
        Pattern((1, 1), ("identity",), (Ref("loss"),)),
        Pattern((1, 1), ("sigmoid",), (Ref("loss"),), factor=0.5),
        Pattern((2, 3), ("identity",), (Ref("loss"),)),
        Pattern((2, 1), ("sigmoid",), (Ref("loss"),), loss="binary_cross_entropy"),
        Pattern((2, 3), ("softmax",), (Ref("loss"),), loss="categorical_cross_entropy"),
    ),
    "∂L/∂o": (
        Pattern((1, 1), ("identity",), (Ref("dL_do", None, (0, 0)),)),
        Pattern((1, 1), ("tanh",), (Ref("dL_do", None, (0, 0)),), factor=0.5),
        Pattern((2, 3), ("identity",), tuple(Ref("dL_do", None, (0, unit)) for unit in range(3))),
        Pattern((2, 1), ("sigmoid",), (Ref("dL_do", None, (0, 0)),), loss="binary_cross_entropy"),
    ),
    "activation-slope": tuple(
        Pattern((1, 1), one, (Ref("da_dz", 1, (0, 0)),), biases=True) for one in _each("sigmoid", "tanh", "relu")
    ),
    "∂z/∂w": (
        Pattern((1, 1), ("sigmoid",), (Ref("dz_dw", 1, (0, 0, 0)),)),
        Pattern((1, 1, 1), ("tanh", "identity"), (Ref("dz_dw", 2, (0, 0, 0)),)),
    ),
    "chain": (
        *(Pattern((1, 1), one, (_dW,)) for one in _each("identity", "sigmoid", "tanh", "relu")),
        Pattern((1, 1, 1), ("sigmoid", "identity"), (_dW, Ref("dW", 2, (0, 0)))),
        Pattern((1, 1), ("sigmoid",), (Ref("db", 1, (0,)),), biases=True),
        Pattern((1, 1), ("sigmoid",), (_dW,), loss="binary_cross_entropy"),
    ),
    "sign": tuple(Pattern((1, 1), one, (_dW,), kind="sign") for one in _each("identity", "sigmoid", "tanh")),
    "update": (
        *(Pattern((1, 1), one, (_W,)) for one in _each("identity", "sigmoid", "tanh")),
        Pattern((1, 1), ("identity",), (_W,), factor=0.5),
        Pattern((2, 3), ("identity",), tuple(Ref("W", 1, (out, 0)) for out in range(3))),
    ),
    "batch-mean": (
        Pattern((1, 1), ("identity",), (_dW,), rows=3),
        Pattern((2, 1), ("tanh",), (_dW, Ref("dW", 1, (0, 1))), rows=3),
        Pattern((1, 1), ("identity",), (Ref("db", 1, (0,)),), rows=3, biases=True),
    ),
    "outer-product": (
        Pattern((2, 3), ("identity",), tuple(Ref("dW", 1, (out, into)) for out in range(3) for into in range(2))),
        Pattern((2, 2, 3), ("sigmoid", "identity"), tuple(Ref("dW", 2, (out, 0)) for out in range(3))),
        Pattern((2, 2), ("sigmoid",), (_dW, Ref("dW", 1, (1, 0)))),
    ),
    "hidden-delta": (
        *(Pattern((2, 2, 3), (one, "identity"), _DELTAS) for one in _SMOOTH),
        Pattern((2, 2, 3), ("sigmoid", "identity"), tuple(Ref("dL_da", 1, (0, unit)) for unit in range(2))),
        Pattern((3, 2, 1), ("relu", "identity"), _DELTAS),
    ),
    "simultaneous-update": tuple(
        Pattern((2, 2, 3), (one, "identity"), (_W, Ref("W", 1, (0, 1)), Ref("W", 1, (1, 0)))) for one in _SMOOTH
    ),
    "softmax-gradient": (
        Pattern(
            (2, 3),
            ("softmax",),
            tuple(Ref("delta", 1, (0, unit)) for unit in range(3)),
            loss="categorical_cross_entropy",
        ),
    ),
}
"""The exercises of each skill."""


def practice_id(skill: str, seed: int) -> str:
    """Return the id of a round: `practice:update:7`."""
    return f"{PREFIX}{skill}:{seed}"


def parse_practice_id(text: str) -> tuple[str, int]:
    """Read the id of a round; raises ValueError with what to write."""
    match = re.fullmatch(r"practice:(.+):(\d{1,9})", text)
    skill = "" if match is None else OTHER_SPELLINGS.get(match[1], match[1])
    if match is None or skill not in (*SKILLS, MIX):
        raise ValueError(f"write practice:SKILL:SEED, with a whole number and one of {', '.join((*SKILLS, MIX))}")
    return skill, int(match[2])


def round_of(skill: str, seed: int, skills: Sequence[str] = (), count: int = ROUND) -> Lesson:
    """Return a round of practice of a skill, of a mix of all, or of the `skills` that are named."""
    chosen = _chosen(skill, seed, skills, count)
    lesson = Lesson(practice_id(skill, seed), _title(skill), "", (), tuple(dict.fromkeys(chosen)), {}, (), Prose())
    for number, one in enumerate(chosen):
        lesson = _with_exercise(lesson, one, seed * 1000 + number)
    return lesson


def extended(session: Session, answers: Sequence[Answered]) -> Session:
    """Return a session of practice with one more exercise of each skill that was missed and is not mastered again.

    A missed skill comes back until three first answers in a row are right and unaided.
    """
    lesson = session.tour.lesson
    count = len(lesson.activities)
    if not lesson.id.startswith(PREFIX) or count >= MOST_IN_ROUND or session.place.activity < count - 1:
        return session
    seed = int(lesson.id.rpartition(":")[2])
    for number, skill in enumerate(_owed(answers)):
        lesson = _with_exercise(lesson, skill, seed * 1000 + count + number + 500)
    return session if lesson is session.tour.lesson else replace(session, tour=Tour(lesson, session.tour.disproves))


@lru_cache(maxsize=512)
def exercise(skill: Skill, seed: int) -> tuple[NetworkWithData, AskKind, Ref]:
    """Return an exercise of a skill: a network with fair numbers, how it is asked, and for which number."""
    draw = np.random.default_rng([seed, SKILLS.index(skill)])
    while True:
        pattern = PATTERNS[skill][int(draw.integers(len(PATTERNS[skill])))]
        ref = pattern.refs[int(draw.integers(len(pattern.refs)))]
        kind = pattern.kind if pattern.kind != "value" else "number"
        entry = fresh_numbers(_plain(pattern), kind, ref, int(draw.integers(2**31)))
        if entry is not None:
            return entry, pattern.kind, ref


def _owed(answers: Sequence[Answered]) -> list[Skill]:
    """The skills that were missed and have not had three right answers in a row since."""
    streaks: dict[str, int] = {}
    asked: set[str] = set()
    for answered in answers:
        outcome = outcome_of(answered)
        if outcome is None or answered.question in asked:
            continue
        asked.add(answered.question)
        if outcome == "miss":
            streaks[answered.skill] = 0
        elif answered.skill in streaks and outcome == "hit":
            streaks[answered.skill] += 1
        elif answered.skill in streaks:
            streaks[answered.skill] = 0
    return [skill for skill in SKILLS if streaks.get(skill, FULL) < FULL]


def _chosen(skill: str, seed: int, skills: Sequence[str], count: int) -> list[Skill]:
    if skill in SKILLS:
        return [one for one in SKILLS if one == skill] * count
    among = [one for one in SKILLS if one in skills] or list(SKILLS)
    order = np.random.default_rng([seed, 99]).permutation(len(among))
    return [among[int(order[number % len(among)])] for number in range(max(count, len(skills)))]


def _title(skill: str) -> str:
    return {MIX: "Practice, mixed", DUE: "Review"}.get(skill, f"Practice: {skill}")


def _with_exercise(lesson: Lesson, skill: Skill, seed: int) -> Lesson:
    entry, kind, ref = exercise(skill, seed)
    name = str(len(lesson.activities) + 1)
    walk = Walk(id=name, network=name, asks=((Ask(kind, ref),),), only_questions=True)
    return replace(lesson, networks={**lesson.networks, name: entry}, activities=(*lesson.activities, walk))


def _plain(pattern: Pattern) -> NetworkWithData:
    """The network of a pattern with numbers that are all still to be drawn."""
    layers = tuple(
        Layer(
            weights=((0.5,) * inputs,) * units,
            biases=(0.1,) * units if pattern.biases else None,
            activation=activation,
        )
        for (inputs, units), activation in zip(pairwise(pattern.sizes), pattern.activations, strict=True)
    )
    network = Network(layers, Loss(pattern.loss, factor=pattern.factor), learning_rate=0.3)
    width = pattern.sizes[-1]
    target = (1.0, *(0.0,) * (width - 1))
    return NetworkWithData(network, Data(((0.5,) * pattern.sizes[0],) * pattern.rows, (target,) * pattern.rows))
