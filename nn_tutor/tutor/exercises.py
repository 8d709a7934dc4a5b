"""Exercises: the kinds that each skill has, and each with numbers that hide no mistake, drawn until it is fair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from nn_tutor.course.activities.practise import Exercise
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask, AskKind
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.dataclass import dataclass
from nn_tutor.network.optimizer import Clipping, Optimizer, Schedule
from nn_tutor.network.quantities import TABLE, Quantity, Ref
from nn_tutor.network.spec import ELEMENTWISE, ActivationName, Data, Layer, Loss, LossKind, Network
from nn_tutor.tutor.fresh import askable_numbers, fresh_numbers, is_cut_off
from nn_tutor.walkthrough.skills import BASIC_SKILLS, SKILLS, Skill

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson

MAX_KINDS = 3
"""How many kinds of exercise are tried for fair numbers, each with as many draws as fresh numbers have."""

_PLAIN = Optimizer()


@dataclass(frozen=True, slots=True)
class ExerciseTemplate:
    """A kind of exercise: a network without its numbers, and what is asked of it."""

    sizes: tuple[int, ...]
    activations: tuple[ActivationName, ...]
    refs: tuple[Ref, ...]
    loss: LossKind = "squared_error"
    rows: int = 1
    biases: bool = False
    factor: float = 1.0
    kind: AskKind = "value"
    optimizer: Optimizer = _PLAIN
    number: int = 1
    """The pass that is asked."""


def _each(*activations: ActivationName) -> tuple[tuple[ActivationName, ...], ...]:
    return tuple((activation,) for activation in activations)


_W, _dW, _z, _a = Ref("W", 1, (0, 0)), Ref("dW", 1, (0, 0)), Ref("z", 1, (0, 0)), Ref("a", 1, (0, 0))
_DELTAS = tuple(Ref("delta", 1, (0, unit)) for unit in range(2))
_SMOOTH: tuple[ActivationName, ...] = ("sigmoid", "tanh")


def _of_rule(optimizer: Optimizer, *quantities: Quantity, number: int = 2) -> ExerciseTemplate:
    """Numbers of an update of a single weight: of its second pass, where a rule remembers something."""
    refs = tuple(Ref(quantity, 1, (0, 0)) if TABLE[quantity].has_layer else Ref(quantity) for quantity in quantities)
    return ExerciseTemplate((1, 1), ("identity",), refs, optimizer=optimizer, number=number)


_ADAM = Optimizer("adam")  # with the usual constants: a β₂ of 0.95 would hide in the second pass that memory fades
_RMSPROP = Optimizer("rmsprop", decay=0.8)
_BY_NORM = Optimizer(clipping=Clipping("norm", 0.4))

TEMPLATES: dict[Skill, tuple[ExerciseTemplate, ...]] = {
    "forward-dot": (
        ExerciseTemplate((2, 1), ("sigmoid",), (_z,), biases=True),
        ExerciseTemplate((3, 2), ("tanh",), (_z, Ref("z", 1, (0, 1)))),
        ExerciseTemplate((2, 2, 3), ("sigmoid", "identity"), tuple(Ref("a", 2, (0, unit)) for unit in range(3))),
        ExerciseTemplate((3, 2), ("identity",), tuple(Ref("a", 1, (0, unit)) for unit in range(2))),
    ),
    "activation": tuple(ExerciseTemplate((1, 1), one, (_a,), biases=True) for one in _each("sigmoid", "tanh", "relu")),
    "loss": (
        ExerciseTemplate((1, 1), ("identity",), (Ref("loss"),)),
        ExerciseTemplate((1, 1), ("sigmoid",), (Ref("loss"),), factor=0.5),
        ExerciseTemplate((2, 3), ("identity",), (Ref("loss"),)),
        ExerciseTemplate((2, 1), ("sigmoid",), (Ref("loss"),), loss="binary_cross_entropy"),
        ExerciseTemplate((2, 3), ("softmax",), (Ref("loss"),), loss="categorical_cross_entropy"),
    ),
    "∂L/∂o": (
        ExerciseTemplate((1, 1), ("identity",), (Ref("dL_do", None, (0, 0)),)),
        ExerciseTemplate((1, 1), ("tanh",), (Ref("dL_do", None, (0, 0)),), factor=0.5),
        ExerciseTemplate((2, 3), ("identity",), tuple(Ref("dL_do", None, (0, unit)) for unit in range(3))),
        ExerciseTemplate((2, 1), ("sigmoid",), (Ref("dL_do", None, (0, 0)),), loss="binary_cross_entropy"),
    ),
    "activation-slope": tuple(
        ExerciseTemplate((1, 1), one, (Ref("da_dz", 1, (0, 0)),), biases=True)
        for one in _each("sigmoid", "tanh", "relu")
    ),
    "∂z/∂w": (
        *(ExerciseTemplate((1, 1), one, (Ref("dz_dw", 1, (0, 0, 0)),)) for one in _each("identity", "sigmoid")),
        ExerciseTemplate((1, 1, 1), ("tanh", "identity"), (Ref("dz_dw", 2, (0, 0, 0)),)),
    ),
    "chain": (
        *(ExerciseTemplate((1, 1), one, (_dW,)) for one in _each("identity", *_SMOOTH)),
        ExerciseTemplate((1, 1, 1), ("sigmoid", "identity"), (_dW, Ref("dW", 2, (0, 0)))),
        ExerciseTemplate((1, 1), ("sigmoid",), (Ref("db", 1, (0,)),), biases=True),
        ExerciseTemplate((1, 1), ("sigmoid",), (_dW,), loss="binary_cross_entropy"),
    ),
    "sign": tuple(ExerciseTemplate((1, 1), one, (_dW,), kind="sign") for one in _each("identity", "sigmoid", "tanh")),
    "update": (
        *(ExerciseTemplate((1, 1), one, (_W,)) for one in _each("identity", "sigmoid", "tanh")),
        ExerciseTemplate((1, 1), ("identity",), (_W,), factor=0.5),
        ExerciseTemplate((2, 3), ("identity",), tuple(Ref("W", 1, (out, 0)) for out in range(3))),
    ),
    "batch-mean": (
        ExerciseTemplate((1, 1), ("identity",), (_dW,), rows=3),
        ExerciseTemplate((2, 1), ("tanh",), (_dW, Ref("dW", 1, (0, 1))), rows=3),
        ExerciseTemplate((1, 1), ("identity",), (Ref("db", 1, (0,)),), rows=3, biases=True),
    ),
    "outer-product": (
        ExerciseTemplate(
            (2, 3), ("identity",), tuple(Ref("dW", 1, (out, into)) for out in range(3) for into in range(2))
        ),
        ExerciseTemplate((2, 2, 3), ("sigmoid", "identity"), tuple(Ref("dW", 2, (out, 0)) for out in range(3))),
        ExerciseTemplate((2, 2), ("sigmoid",), (_dW, Ref("dW", 1, (1, 0)))),
    ),
    "hidden-delta": (
        *(ExerciseTemplate((2, 2, 3), (one, "identity"), _DELTAS) for one in _SMOOTH),
        ExerciseTemplate((2, 2, 3), ("sigmoid", "identity"), tuple(Ref("dL_da", 1, (0, unit)) for unit in range(2))),
    ),
    "simultaneous-update": tuple(
        ExerciseTemplate((2, 2, 3), (one, "identity"), (_W, Ref("W", 1, (0, 1)), Ref("W", 1, (1, 0))))
        for one in _SMOOTH
    ),
    "softmax-gradient": (
        ExerciseTemplate(
            (2, 3),
            ("softmax",),
            tuple(Ref("delta", 1, (0, unit)) for unit in range(3)),
            loss="categorical_cross_entropy",
        ),
    ),
    "momentum": (
        _of_rule(Optimizer("momentum"), "velocity", "W"),
        _of_rule(Optimizer("momentum"), "W", number=3),
        _of_rule(Optimizer("nesterov"), "velocity", "W"),
    ),
    "running-average": (_of_rule(_RMSPROP, "v"), _of_rule(_ADAM, "m", "v"), _of_rule(_ADAM, "m", number=3)),
    "bias-correction": (_of_rule(_ADAM, "m_hat", "v_hat"), _of_rule(_ADAM, "m_hat", number=3)),
    "adaptive-step": (_of_rule(_ADAM, "W"), _of_rule(_RMSPROP, "W")),
    "weight-decay": (
        _of_rule(Optimizer(weight_decay=0.3), "W", number=1),
        _of_rule(Optimizer("adamw", weight_decay=0.3), "W", number=1),
    ),
    "clipping": (
        ExerciseTemplate((2, 1), ("identity",), (Ref("norm"), Ref("clipped", 1, (0, 1))), optimizer=_BY_NORM),
        ExerciseTemplate((1, 1), ("identity",), (Ref("norm"),), biases=True, optimizer=_BY_NORM),
    ),
    "schedule": (
        _of_rule(Optimizer(schedule=Schedule("step", every=1, factor=0.4)), "rate", "W"),
        _of_rule(Optimizer(schedule=Schedule("step", every=2, factor=0.3)), "rate", number=5),
        _of_rule(Optimizer(schedule=Schedule("cosine", passes=5)), "rate", number=3),
    ),
}
"""The exercises of each skill. None goes back through a ReLU: its slope of 1 would hide that it was forgotten."""


_BENT: tuple[ActivationName, ...] = tuple(
    name for name in ELEMENTWISE if name not in ("identity", "sigmoid", "tanh", "relu", "gelu_tanh")
)
_ROBUST: tuple[LossKind, ...] = ("absolute_error", "huber", "hinge")

FURTHER_TEMPLATES: dict[Skill, tuple[ExerciseTemplate, ...]] = {
    **dict.fromkeys(SKILLS, ()),
    "activation": tuple(ExerciseTemplate((1, 1), one, (_a,)) for one in _each(*_BENT)),
    "activation-slope": tuple(ExerciseTemplate((1, 1), one, (Ref("da_dz", 1, (0, 0)),)) for one in _each(*_BENT)),
    "chain": tuple(ExerciseTemplate((1, 1), one, (_dW,)) for one in _each(*_BENT)),
    "loss": tuple(ExerciseTemplate((1, 1), ("identity",), (Ref("loss"),), loss=kind) for kind in _ROBUST),
    "∂L/∂o": tuple(
        ExerciseTemplate((1, 1), ("identity",), (Ref("dL_do", None, (0, 0)),), loss=kind) for kind in _ROBUST
    ),
}
"""Exercises that only a lesson with such an activation or loss brings: practice without a lesson has none of them."""

FIRST_SUM = ExerciseTemplate((1, 1), ("identity",), (_a,))
"""The weighted sum for somebody who has met nothing larger yet."""

_FROM_THE_LOSS: tuple[Skill, ...] = (
    "chain",
    "sign",
    "batch-mean",
    "hidden-delta",
    "simultaneous-update",
    "softmax-gradient",
)
"""The skills whose point is the whole way back: no slope on it is given."""


def templates_taught_by(skill: Skill, lesson: Lesson) -> tuple[ExerciseTemplate, ...]:
    """Return the exercises of a skill that hold nothing that the networks of a lesson do not; all where none is such.

    A lesson of one weight is not practised on a hidden layer: what it has not shown is for a later one to teach. A
    lesson all of whose networks have biases is practised with them.
    """
    return _fitting(skill, lesson) or TEMPLATES[skill]


def taught_in(lessons: Iterable[Lesson]) -> dict[Skill, tuple[ExerciseTemplate, ...]]:
    """Return what somebody who has met some lessons can practise: their skills, on kinds of network that were in them.

    A skill counts from the first lesson that teaches it, a kind of network from the first that works with it.
    """
    met = list(lessons)
    skills = {skill for lesson in met for skill in lesson.skills}
    found: dict[Skill, tuple[ExerciseTemplate, ...]] = {}
    for skill in SKILLS:
        templates = dict.fromkeys(template for lesson in met for template in _met_in(lesson, skill))
        if skill in skills and templates:
            order = {template: place for place, template in enumerate(_all_of(skill))}
            found[skill] = tuple(sorted(templates, key=lambda template: order.get(template, len(order))))
    return found


def _all_of(skill: Skill) -> tuple[ExerciseTemplate, ...]:
    return (*TEMPLATES[skill], *FURTHER_TEMPLATES[skill])


def _met_in(lesson: Lesson, skill: Skill) -> tuple[ExerciseTemplate, ...]:
    """The exercises of a skill that a lesson makes familiar: what it practises itself is, whatever its networks."""
    practises = any(skill in activity.practised for activity in lesson.activities)
    return templates_taught_by(skill, lesson) if practises else _fitting(skill, lesson)


def _fitting(skill: Skill, lesson: Lesson) -> tuple[ExerciseTemplate, ...]:
    own = (activity for activity in lesson.activities if not activity.exercise)
    worked_with = {activity.network for activity in own if activity.works_numbers_out}
    networks = [entry.network for name, entry in lesson.networks.items() if name in worked_with]
    layers = [layer for network in networks for layer in network.layers]
    activations = {layer.activation for layer in layers} | {"identity"}
    losses = {(network.loss.kind, network.loss.factor) for network in networks}
    deepest = max((len(network.layers) for network in networks), default=0)
    widest = max((max(layer.inputs, layer.units) for layer in layers), default=0)
    optimizers = [network.optimizer for network in networks]
    has_biases = any(layer.biases is not None for layer in layers)
    always_has_biases = bool(layers) and all(layer.biases is not None for layer in layers)

    def fits(pattern: ExerciseTemplate) -> bool:
        return (
            set(pattern.activations) <= activations
            and (pattern.loss, pattern.factor) in losses
            and len(pattern.sizes) - 1 <= deepest
            and (max(pattern.sizes) == 1 or widest > 1)
            and (has_biases or not pattern.biases)
            and any(_asks_no_more_than(pattern.optimizer, optimizer) for optimizer in optimizers)
        )

    simplest = (FIRST_SUM,) if skill == "forward-dot" else ()
    found = tuple(filter(fits, _all_of(skill))) or tuple(filter(fits, simplest))
    return tuple(dict.fromkeys(replace(pattern, biases=True) for pattern in found)) if always_has_biases else found


def _asks_no_more_than(optimizer: Optimizer, known: Optimizer) -> bool:
    """Whether an optimizer has nothing that another one has not."""
    return (
        optimizer.rule in (known.rule, "gradient-descent")
        and optimizer.schedule.kind in (known.schedule.kind, "constant")
        and optimizer.clipping.kind in (known.clipping.kind, "none")
        and (bool(known.weight_decay) or not optimizer.weight_decay)
    )


@lru_cache(maxsize=512)
def exercise(
    skill: Skill, seed: int, patterns: tuple[ExerciseTemplate, ...] | None = None
) -> tuple[NetworkWithData, AskKind, Ref, int]:
    """Return an exercise of a skill: a network with fair numbers, how it is asked, for which number, in which pass.

    It is one of the `patterns`, of all that the skill has where none are given. Where none of them turns out to have
    fair numbers, it has numbers that can be asked for at all, and the screen says which mistakes they hardly show.
    """
    patterns = patterns or TEMPLATES[skill]
    draw = np.random.default_rng([seed, SKILLS.index(skill)])
    for _ in range(MAX_KINDS):
        pattern = patterns[int(draw.integers(len(patterns)))]
        ref = pattern.refs[int(draw.integers(len(pattern.refs)))]
        kind = pattern.kind if pattern.kind != "value" else "number"
        entry = fresh_numbers(without_numbers(pattern), kind, ref, int(draw.integers(2**31)), pattern.number)
        if entry is not None:
            return entry, pattern.kind, ref, pattern.number
    return askable_numbers(without_numbers(pattern), ref, seed, pattern.number), pattern.kind, ref, pattern.number


def as_walk(
    name: str, skill: Skill, seed: int, patterns: tuple[ExerciseTemplate, ...] | None = None
) -> tuple[Walk, NetworkWithData]:
    """Return an exercise as an activity of its own, and its network, which has the same name."""
    entry, kind, ref, number = exercise(skill, seed, patterns)
    walk = Walk(
        id=name,
        network=name,
        first_pass=number,
        asks=((Ask(kind, ref),),),
        only_questions=True,
        exercise=True,
        allow_zero=is_cut_off(entry.network, ref),
        own_slopes=skill in _FROM_THE_LOSS,
        until=ref.phase,
    )
    return walk, entry


def with_exercises(lesson: Lesson) -> Lesson:
    """Return a lesson in which each activity of practice has become its exercises, with all of their numbers."""
    whole = lesson.in_exercises
    for activity in whole.activities:
        if isinstance(activity, Exercise):
            whole, _ = with_numbers(whole, activity)
    return whole


def with_numbers(lesson: Lesson, exercise: Exercise) -> tuple[Lesson, Walk]:
    """Return a lesson in which an exercise has become a walk through a network whose numbers are drawn, and the walk.

    It is of a kind that the lesson's own networks make familiar.
    """
    practice, number = exercise.practice, exercise.number
    skills = [skill for skill in SKILLS if skill in practice.skills] or list(BASIC_SKILLS)
    first = crc32(f"{lesson.id}:{practice.id}".encode()) + practice.seed
    rounds = -(-practice.questions // len(skills))
    seed = crc32(f"{lesson.id}:{exercise.id}".encode()) + practice.seed
    skill = skills[number % len(skills)]
    templates = templates_taught_by(skill, lesson)
    # The same skill is not asked in the same way twice, and other skills of other networks.
    turn = (first + number // len(skills) + number % len(skills) * rounds) % len(templates)
    walk, entry = as_walk(exercise.id, skill, seed, templates[turn : turn + 1])
    drawn = replace(entry, network=replace(entry.network, conventions=lesson.conventions))
    activities = tuple(walk if one is exercise else one for one in lesson.activities)
    return replace(lesson, activities=activities, networks={**lesson.networks, walk.network: drawn}), walk


def without_numbers(pattern: ExerciseTemplate) -> NetworkWithData:
    """Return the network of a pattern with numbers that are all still to be drawn."""
    layers = tuple(
        Layer(
            weights=((0.5,) * inputs,) * units,
            biases=(0.1,) * units if pattern.biases else None,
            activation=activation,
        )
        for (inputs, units), activation in zip(pairwise(pattern.sizes), pattern.activations, strict=True)
    )
    network = Network(layers, Loss(pattern.loss, factor=pattern.factor), learning_rate=0.3, optimizer=pattern.optimizer)
    width = pattern.sizes[-1]
    target = (1.0, *(0.0,) * (width - 1))
    return NetworkWithData(network, Data(((0.5,) * pattern.sizes[0],) * pattern.rows, (target,) * pattern.rows))
