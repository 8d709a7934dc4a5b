"""Mistakes with the activations of two pieces or with a gate, and with the losses that are no squares, by hand."""

from __future__ import annotations

import math
import random

import pytest

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.judging.conventions import conventions_of
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.rounding import spread_of
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, LossKind, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.exercises import ExerciseTemplate, exercise, templates_taught_by
from nn_tutor.tutor.fresh import is_fair
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question
from tests.judging.worked_by_hand import Expected, asked, check, sigmoid


def one(activation: ActivationName, z: float, slope: float | None = None) -> tuple[Network, Data]:
    """A single weight with z = 0.8·w."""
    layer = Layer(weights=((z / 0.8,),), activation=activation, slope=slope)
    return Network((layer,), Loss("output"), learning_rate=0.3), Data(((0.8,),))


def cdf(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2


def pdf(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


GATE = sigmoid(-1.2)


@pytest.mark.parametrize(
    ("activation", "z", "truth", "expected"),
    [
        ("leaky_relu", -1.2, -0.24, {"forgot-leak": 0.0, "activation-skipped": -1.2}),
        ("leaky_relu", 1.4, 1.4, {"leak-everywhere": 0.28}),
        ("elu", -1.2, math.exp(-1.2) - 1, {"forgot-minus-one": math.exp(-1.2), "another-activation": 0.0}),
        ("softplus", 0.6, math.log(1 + math.exp(0.6)), {"forgot-logarithm": 1 + math.exp(0.6)}),
        ("silu", -1.2, -1.2 * GATE, {"gate-alone": GATE}),
        ("gelu", -1.2, -1.2 * cdf(-1.2), {"gate-alone": cdf(-1.2), "another-activation": GATE}),
    ],
)
def test_mistakes_of_an_activation(activation: ActivationName, z: float, truth: float, expected: Expected) -> None:
    network, data = one(activation, z, 0.2 if activation == "leaky_relu" else None)
    check(asked(network, data, "a1[0,0]"), truth, expected)


@pytest.mark.parametrize(
    ("activation", "z", "truth", "expected"),
    [
        ("leaky_relu", -1.2, 0.2, {"forgot-leak": 0.0, "one-below-zero": 1.0, "value-for-derivative": -0.24}),
        ("leaky_relu", 1.4, 1.0, {"leak-everywhere": 0.2}),
        (
            "elu",
            -1.2,
            math.exp(-1.2),
            {
                "value-for-derivative": math.exp(-1.2) - 1,
                "one-below-zero": 1.0,
                "power-rule-on-exponential": -1.2 * math.exp(-2.2),
            },
        ),
        (
            "softplus",
            0.6,
            sigmoid(0.6),
            {"forgot-inner-slope": 1 / (1 + math.exp(0.6))},
        ),
        (
            "silu",
            -1.2,
            GATE - 1.2 * GATE * (1 - GATE),
            {"half-of-product-rule": [GATE, -1.2 * GATE * (1 - GATE)], "product-of-slopes": GATE * (1 - GATE)},
        ),
        (
            "gelu",
            0.7,
            cdf(0.7) + 0.7 * pdf(0.7),
            {"half-of-product-rule": [cdf(0.7), 0.7 * pdf(0.7)], "product-of-slopes": pdf(0.7)},
        ),
    ],
)
def test_mistakes_of_its_slope(activation: ActivationName, z: float, truth: float, expected: Expected) -> None:
    network, data = one(activation, z, 0.2 if activation == "leaky_relu" else None)
    check(asked(network, data, "da_dz1[0,0]"), truth, expected)
    carried = {name: 0.8 * value for name, value in expected.items() if isinstance(value, float) and value}
    check(asked(network, data, "dW1[0,0]"), 0.8 * truth, carried)


def compared(kind: LossKind, o: float, y: float, delta: float | None = None) -> tuple[Network, Data]:
    """A single weight without an activation, with the output o."""
    return Network((Layer(weights=((o / 0.8,),)),), Loss(kind, delta=delta), learning_rate=0.3), Data(
        ((0.8,),), ((y,),)
    )


@pytest.mark.parametrize(
    ("kind", "o", "y", "delta", "truth", "expected"),
    [
        ("absolute_error", 0.36, 1.1, None, 0.74, {"forgot-size": -0.74, "squared-for-absolute": 0.74**2}),
        (
            "huber",
            1.96,
            0.6,
            0.4,
            0.4 * (1.36 - 0.2),
            {
                "huber-always-square": 1.36**2 / 2,
                "huber-forgot-offset": 0.4 * 1.36,
                "huber-always-straight": 1.36,
                "squared-for-absolute": 1.36**2,
            },
        ),
        ("huber", 0.84, 0.6, 0.4, 0.24**2 / 2, {"huber-forgot-half": 0.24**2, "huber-always-straight": 0.4 * 0.04}),
        (
            "hinge",
            0.36,
            -1.0,
            None,
            1.36,
            {"forgot-margin": 0.36, "margin-sign": 0.64, "forgot-target": 0.64},
        ),
        ("hinge", 1.84, 1.0, None, 0.0, {"forgot-clamp": -0.84}),
    ],
)
def test_mistakes_of_a_loss(
    kind: LossKind, o: float, y: float, delta: float | None, truth: float, expected: Expected
) -> None:
    network, data = compared(kind, o, y, delta)
    question = asked(network, data, "loss")
    if truth:
        check(question, truth, expected)
    else:
        assert question.values("forgot-clamp") == pytest.approx([-0.84])


@pytest.mark.parametrize(
    ("kind", "o", "y", "delta", "truth", "expected"),
    [
        (
            "absolute_error",
            0.36,
            1.1,
            None,
            -1.0,
            {"error-for-sign": -0.74, "slope-always-one": 1.0, "other-loss-slope": -1.48, "sign-flipped": 1.0},
        ),
        (
            "huber",
            1.96,
            0.6,
            0.4,
            0.4,
            {"forgot-clip": 1.36, "clipped-at-one": 1.0, "other-loss-slope": 2.72, "sign-flipped": -0.4},
        ),
        ("huber", 0.84, 0.6, 0.4, 0.24, {"huber-always-straight": 0.4, "other-loss-slope": 0.48}),
        ("hinge", 0.36, -1.0, None, 1.0, {"sign-flipped": -1.0, "output-for-target": -0.36}),
        ("hinge", 0.36, 1.0, None, -1.0, {"forgot-margin": 0.0, "output-for-target": -0.36}),
    ],
)
def test_mistakes_of_its_slope_with_respect_to_the_output(
    kind: LossKind, o: float, y: float, delta: float | None, truth: float, expected: Expected
) -> None:
    network, data = compared(kind, o, y, delta)
    check(asked(network, data, "dL_do[0,0]"), truth, expected)


def conventions(network: Network, data: Data, name: str) -> dict[str, float]:
    ref, passed = parse_ref(name), Timeline(network, data).at(1)
    found = conventions_of(Case(network, passed, ref), scale_of_question(passed, ref))
    assert all(one.value != value_of(passed, ref) for one in found)
    return {one.mistake.id: one.value for one in reversed(found)}


def test_the_other_form_of_gelu_is_a_convention() -> None:
    network, data = one("gelu", 1.9)
    tanh = 0.5 * 1.9 * (1 + math.tanh(math.sqrt(2 / math.pi) * (1.9 + 0.044715 * 1.9**3)))
    assert conventions(network, data, "a1[0,0]")["other-gelu"] == pytest.approx(tanh)
    network, data = one("gelu_tanh", 1.9)
    assert conventions(network, data, "a1[0,0]")["other-gelu"] == pytest.approx(1.9 * cdf(1.9))


def test_smooth_l1_is_a_convention_of_huber() -> None:
    network, data = compared("huber", 1.96, 0.6, 0.4)
    assert conventions(network, data, "dL_do[0,0]")["smooth-l1"] == pytest.approx(1.0)
    assert conventions(network, data, "loss")["smooth-l1"] == pytest.approx(1.36 - 0.2)
    network, data = compared("huber", 1.96, 0.6)
    assert "smooth-l1" not in conventions(network, data, "loss")


BENT: tuple[ActivationName, ...] = ("leaky_relu", "elu", "softplus", "silu", "gelu", "gelu_tanh")


@pytest.mark.parametrize("kind", ["squared_error", "absolute_error", "huber", "hinge"])
@pytest.mark.parametrize("activation", BENT)
def test_learners_who_make_one_mistake_are_told_it_and_none_is_taken_as_right(
    activation: ActivationName, kind: LossKind
) -> None:
    """Networks of two layers, with the activation in the hidden one: each mistake of each number, typed as asked."""
    draw = random.Random(f"{activation} {kind}")
    given = named = 0
    for _ in range(3):
        layers = (
            Layer(weights=_matrix(draw, 2, 2), biases=_matrix(draw, 1, 2)[0], activation=activation),
            Layer(weights=_matrix(draw, 1, 2)),
        )
        network = Network(layers, Loss(kind), learning_rate=0.3)
        target = draw.choice((-1.0, 1.0)) if kind == "hinge" else draw.randint(-150, 150) / 100
        data = Data(_matrix(draw, 1, 2), ((target,),))
        passed = Timeline(network, data).at(1)
        for ref in refs_of_pass(network, 1):
            truth, scale = value_of(passed, ref), scale_of_question(passed, ref)
            known = known_mistakes(Case(network, passed, ref), scale)
            decimals = decimals_needed(truth, scale, known)
            if not truth or decimals > 6 or any(abs(own.value - truth) < 0.05 * scale for own in known):
                continue
            right = judge_text(f"{truth:.{decimals}f}", truth, scale, {}, known, (), spread_of(network, passed, ref))
            assert right.is_right, (ref, truth, right)
            for own in known:
                judgement = judge_text(f"{own.value:.{decimals}f}", truth, scale, {}, known)
                assert not judgement.is_right, (ref, own)
                same = {other.mistake.id for other in known if other.value == own.value}
                given, named = given + 1, named + bool(same & set(judgement.mistakes))
    assert given > 100
    assert named >= 0.97 * given


def _matrix(draw: random.Random, rows: int, columns: int) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(draw.choice((-1, 1)) * draw.randint(15, 180) / 100 for _ in range(columns)) for _ in range(rows))


@pytest.mark.parametrize("activation", BENT[:-1])
def test_a_lesson_with_such_an_activation_is_practised_with_it(activation: ActivationName) -> None:
    walk = Walk(id="w", asks=((),))
    lesson = Lesson("l", "l", "", (), (), {"": NetworkWithData(*compared_after(activation))}, (walk,), Prose())
    found = {pattern.activations for pattern in templates_taught_by("chain", lesson)}
    assert (activation,) in found
    assert ("identity",) in found
    entry, kind, ref, _ = exercise("chain", 3, templates_taught_by("chain", lesson))
    assert kind == "value"
    assert is_fair(entry, "number", ref)


def compared_after(activation: ActivationName) -> tuple[Network, Data]:
    layer = Layer(weights=((0.9,),), biases=(0.2,), activation=activation)
    return Network((layer,), learning_rate=0.3), Data(((0.8,),), ((0.4,),))


@pytest.mark.parametrize("kind", ["absolute_error", "huber", "hinge"])
def test_a_loss_is_practised_with_fair_numbers(kind: LossKind) -> None:
    template = ExerciseTemplate((1, 1), ("identity",), (parse_ref("loss"),), loss=kind)
    for seed in range(3):
        entry, _, ref, _ = exercise("loss", seed, (template,))
        assert entry.network.loss.kind == kind
        assert is_fair(entry, "number", ref)
