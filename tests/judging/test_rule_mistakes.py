"""The mistakes in other update rules than plain descent, each worked out by hand for one weight, and told as such."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.judging.conventions import conventions_of
from nn_tutor.judging.follow_through import consequence_of
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.own_pass import own_case
from nn_tutor.network.optimizer import STATES, Clipping, ClippingName, Optimizer, Schedule
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.rules import RULES, Line
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.questions import scale_of_question
from tests.judging.careful import judged_by_hand, of_rules

LR = 0.03
DATA = Data(((1.37,),), ((-0.45,),))


def run(optimizer: Optimizer, *, bias: float | None = None, l2: float = 0.0) -> Network:
    layer = Layer(weights=((0.62,),), biases=None if bias is None else (bias,))
    return Network((layer,), learning_rate=LR, optimizer=optimizer, l2=l2)


Found = dict[str, list[float]]
Expected = dict[str, float]


def made(network: Network, name: str, number: int, data: Data = DATA) -> tuple[float, Found, Case, float]:
    """Return the truth of a number, and what each known mistake comes to."""
    timeline, ref = Timeline(network, data), parse_ref(name)
    passed = timeline.at(number)
    case = Case(network, passed, ref, timeline.at(number - 1) if number > 1 else None)
    scale = scale_of_question(passed, ref)
    found: Found = {}
    for one in known_mistakes(case, scale):
        found.setdefault(one.mistake.id, []).append(one.value)
    return value_of(passed, ref), found, case, scale


def check(
    network: Network, name: str, number: int, truth: float, expected: dict[str, float], data: Data = DATA
) -> None:
    """The truth is this, and each of these numbers is what its mistake comes to, and is told as it."""
    found_truth, found, case, scale = made(network, name, number, data)
    assert found_truth == pytest.approx(truth, rel=1e-12)
    known = known_mistakes(case, scale)
    for mistake, value in expected.items():
        values = found.get(mistake, [])
        assert any(math.isclose(value, one, rel_tol=1e-9) for one in values), (mistake, value, values)
        judgement = judge_text(f"{value:.15f}", truth, scale, {}, known)
        assert mistake in judgement.mistakes, (mistake, judgement)


def at(network: Network, number: int, data: Data = DATA) -> tuple[Pass, float, float]:
    """Return a pass of a network of one weight, the weight before it and its slope."""
    passed = Timeline(network, data).at(number)
    return passed, float(passed.before.W[0][0, 0]), value_of(passed, Ref("dW", 1, (0, 0)))


def remembered(passed: Pass, name: str) -> float:
    memory = passed.before.memory
    assert memory is not None
    return float(memory.W[name][0][0, 0])  # type: ignore[index]


def test_a_velocity() -> None:
    network = run(Optimizer("momentum", momentum=0.8))
    passed, _, g = at(network, 2)
    v = remembered(passed, "velocity")
    expected = {
        "forgot-memory": g,
        "stale-state": v,
        "velocity-with-rate": -LR * (0.8 * v + g),
        "rate-in-velocity": 0.8 * v - LR * g,
        "memory-does-not-fade": v + g,
        "momentum-on-slope": v + 0.8 * g,
        "averaged-velocity": 0.8 * v + 0.2 * g,
        "subtracted-slope": 0.8 * v - g,
    }
    check(network, "velocity1[0,0]", 2, 0.8 * v + g, expected)


def test_a_step_with_momentum() -> None:
    network = run(Optimizer("momentum", momentum=0.8))
    passed, w, g = at(network, 2)
    v = remembered(passed, "velocity")
    new = 0.8 * v + g
    expected = {
        "plain-step": w - LR * g,
        "stale-state": w - LR * v,
        "averaged-velocity": w - LR * (0.8 * v + 0.2 * g),
        "looked-ahead": w - LR * (g + 0.8 * new),
        "momentum-twice": w - LR * 0.8 * new,
        "added-step": w + LR * new,
        "no-learning-rate": w - new,
        "step-alone": LR * new,
        "rate-twice": w - LR * LR * new,
    }
    check(network, "W1[0,0]", 2, w - LR * new, expected)


def test_a_step_that_looks_ahead() -> None:
    network = run(Optimizer("nesterov", momentum=0.8))
    passed, w, g = at(network, 2)
    v = remembered(passed, "velocity")
    new = 0.8 * v + g
    truth = w - LR * (g + 0.8 * new)
    check(network, "W1[0,0]", 2, truth, {"momentum-without-look-ahead": w - LR * new, "plain-step": w - LR * g})


def test_the_averages_of_adam() -> None:
    network = run(Optimizer("adam", beta1=0.8, beta2=0.95))
    passed, _, g = at(network, 3)
    m, v = remembered(passed, "m"), remembered(passed, "v")
    expected = {
        "parts-exchanged": 0.2 * m + 0.8 * g,
        "betas-exchanged": 0.95 * m + 0.05 * g,
        "forgot-one-minus-beta": 0.8 * m + g,
        "slope-squared": 0.8 * m + 0.2 * g**2,
        "stale-state": m,
    }
    check(network, "m1[0,0]", 3, 0.8 * m + 0.2 * g, expected)
    expected = {
        "slope-not-squared": 0.95 * v + 0.05 * g,
        "share-squared": 0.95 * v + (0.05 * g) ** 2,
        "betas-exchanged": 0.8 * v + 0.2 * g**2,
        "forgot-memory": 0.05 * g**2,
    }
    check(network, "v1[0,0]", 3, 0.95 * v + 0.05 * g**2, expected)


def test_a_slope_that_is_squared_stands_in_brackets() -> None:
    _, _, case, scale = made(run(Optimizer("adam", beta1=0.8, beta2=0.95)), "v1[0,0]", 3)
    slips = {one.mistake.id: one.slip for one in known_mistakes(case, scale)}
    assert slips["forgot-memory"].theirs == "(∂L/∂w)²"
    assert slips["betas-exchanged"].theirs == "β₁·v + (1 − β₁)·(∂L/∂w)²"
    assert slips["slope-not-squared"].right == "β₂·v + (1 − β₂)·(∂L/∂w)²"


def test_the_correction_of_adam() -> None:
    network = run(Optimizer("adam", beta1=0.8, beta2=0.95))
    passed, _, g = at(network, 3)
    m = 0.8 * remembered(passed, "m") + 0.2 * g
    expected = {
        "no-bias-correction": m,
        "pass-counted-from-zero": m / (1 - 0.8**2),
        "pass-counted-too-far": m / (1 - 0.8**4),
        "forgot-the-power": m / (1 - 0.8),
        "power-of-share": m / (1 - 0.8) ** 3,
        "times-for-power": m / (1 - 0.8 * 3),
        "correction-multiplied": m * (1 - 0.8**3),
        "divided-by-power": m / 0.8**3,
        "betas-exchanged": m / (1 - 0.95**3),
        "stale-state": remembered(passed, "m") / (1 - 0.8**3),
    }
    check(network, "m_hat1[0,0]", 3, m / (1 - 0.8**3), expected)


def test_before_anything_is_remembered_only_the_share_of_the_slope_can_be_left_out() -> None:
    for name, value in (("m", 1.0), ("v", 2.0)):
        _, found, case, _ = made(run(Optimizer("adam", beta1=0.8, beta2=0.95)), f"{name}1[0,0]", 1)
        slope = value_of(case.passed, parse_ref("dW1[0,0]")) ** value
        others = {mistake for mistake, values in found.items() if any(math.isclose(slope, one) for one in values)}
        assert "forgot-one-minus-beta" in others
        assert not others & {"forgot-memory", "memory-does-not-fade"}


def test_a_step_of_adam() -> None:
    network = run(Optimizer("adam", beta1=0.8, beta2=0.95, epsilon=0.2))
    passed, w, g = at(network, 3)
    m, v = 0.8 * remembered(passed, "m") + 0.2 * g, 0.95 * remembered(passed, "v") + 0.05 * g**2
    m_hat, root = m / (1 - 0.8**3), math.sqrt(v / (1 - 0.95**3))
    old = remembered(passed, "m"), remembered(passed, "v")
    expected = {
        "stale-state": w - LR * old[0] / (1 - 0.8**3) / (math.sqrt(old[1] / (1 - 0.95**3)) + 0.2),
        "power-of-share": w - LR * m / 0.2**3 / (math.sqrt(v / 0.05**3) + 0.2),
        "no-bias-correction": w - LR * m / (math.sqrt(v) + 0.2),
        "epsilon-in-root": w - LR * m_hat / math.sqrt(root**2 + 0.2),
        "forgot-epsilon": w - LR * m_hat / root,
        "forgot-root": w - LR * m_hat / (root**2 + 0.2),
        "root-of-average": w - LR * math.sqrt(m_hat) / (root + 0.2),
        "multiplied-by-root": w - LR * m_hat * (root + 0.2),
        "forgot-division": w - LR * m_hat,
        "averages-exchanged": w - LR * root**2 / (math.sqrt(m_hat) + 0.2),
        "slope-for-average": w - LR * g / (root + 0.2),
        "uncorrected-average": w - LR * m / (root + 0.2),
        "plain-step": w - LR * g,
        "added-step": w + LR * m_hat / (root + 0.2),
        "no-learning-rate": w - m_hat / (root + 0.2),
    }
    check(network, "W1[0,0]", 3, w - LR * m_hat / (root + 0.2), expected)


def test_decay_apart_and_through_the_slope() -> None:
    network = run(Optimizer("adamw", beta1=0.8, beta2=0.95, epsilon=0.2, weight_decay=0.4))
    passed, w, g = at(network, 2)

    def step(slope: float) -> float:
        m, v = 0.8 * remembered(passed, "m") + 0.2 * slope, 0.95 * remembered(passed, "v") + 0.05 * slope**2
        return LR * m / (1 - 0.8**2) / (math.sqrt(v / (1 - 0.95**2)) + 0.2)

    expected = {
        "forgot-decay": w - step(g),
        "decay-added": w - step(g) + LR * 0.4 * w,
        "decay-without-rate": w - step(g) - 0.4 * w,
        "decay-through-slope": w - step(g + 0.4 * w),
    }
    check(network, "W1[0,0]", 2, w - step(g) - LR * 0.4 * w, expected)
    coupled = replace(network, l2=0.4, optimizer=replace(network.optimizer, rule="adam", weight_decay=0.0))
    passed, w, g = at(coupled, 2)
    check(coupled, "W1[0,0]", 2, w - step(g), {"penalty-apart": w - step(g - 0.4 * w) - LR * 0.4 * w})


def test_a_bias_does_not_decay() -> None:
    network = run(Optimizer(weight_decay=0.4), bias=0.28)
    g = value_of(Timeline(network, DATA).at(1), Ref("db", 1, (0,)))
    check(network, "b1[0]", 1, 0.28 - LR * g, {"bias-decays": 0.28 - LR * g - LR * 0.4 * 0.28})


def test_the_length_of_all_slopes() -> None:
    network = run(Optimizer(clipping=Clipping("norm", 0.5)), bias=0.28)
    passed, w, g = at(network, 1)
    h = value_of(passed, Ref("db", 1, (0,)))
    norm = math.hypot(g, h)
    expected = {
        "norm-without-root": g**2 + h**2,
        "norm-of-sizes": abs(g) + abs(h),
        "norm-of-a-part": abs(g),
        "norm-of-mean": math.sqrt((g**2 + h**2) / 2),
    }
    check(network, "norm", 1, norm, expected)
    expected = {"not-clipped": g, "clipped-one-by-one": 0.5, "divided-by-norm": g / norm}
    check(network, "clipped1[0,0]", 1, g * 0.5 / norm, expected)
    expected = {"not-clipped": w - LR * g, "norm-without-root": w - LR * g * 0.5 / norm**2}
    check(network, "W1[0,0]", 1, w - LR * g * 0.5 / norm, expected)


def test_slopes_that_are_shorter_than_the_limit() -> None:
    network = run(Optimizer(clipping=Clipping("norm", 9.0)), bias=0.28)
    passed, _, g = at(network, 1)
    norm = math.hypot(g, value_of(passed, Ref("db", 1, (0,))))
    assert norm < 9
    check(network, "clipped1[0,0]", 1, g, {"shortened-anyway": g * 9 / norm, "sign-clipped": -g})


def test_what_is_held_has_no_part_in_the_length() -> None:
    layer = Layer(weights=((0.62,),), biases=(0.28,), train_biases=False)
    network = replace(run(Optimizer(clipping=Clipping("norm", 0.5))), layers=(layer,))
    passed, _, g = at(network, 1)
    check(network, "norm", 1, abs(g), {"norm-with-held": math.hypot(g, value_of(passed, Ref("db", 1, (0,))))})


def test_a_slope_beyond_the_limit() -> None:
    network = run(Optimizer(clipping=Clipping("value", 0.5)))
    _, w, g = at(network, 1)
    assert g > 0.5
    check(network, "clipped1[0,0]", 1, 0.5, {"clipped-to-zero": 0.0, "not-clipped": g, "sign-clipped": -0.5})
    check(network, "W1[0,0]", 1, w - LR * 0.5, {"clipped-to-zero": w, "sign-clipped": w + LR * 0.5})


def test_the_learning_rate_of_a_pass() -> None:
    network = run(Optimizer(schedule=Schedule("step", every=2, factor=0.3)))
    expected = {"other-pass-rate": LR * 0.3, "factor-once": LR * 0.3}
    check(network, "rate", 5, LR * 0.3**2, expected)
    _, w, g = at(network, 5)
    check(network, "W1[0,0]", 5, w - LR * 0.09 * g, {"other-pass-rate": w - LR * g, "no-learning-rate": w - g})


def test_a_short_batch_has_a_mean_of_its_own() -> None:
    data = Data(((1.37,), (0.4,), (-0.9,)), ((-0.45,), (0.7,), (0.2,)))
    network = replace(run(Optimizer()), batching="mini", batch_size=2)
    _, w, g = at(network, 2, data)
    check(network, "dW1[0,0]", 2, g, {"short-batch-by-whole": g / 2}, data)
    check(network, "W1[0,0]", 2, w - LR * g, {"short-batch-by-whole": w - LR * g / 2}, data)


def test_a_rule_that_adds_squares_up_has_the_mistakes_that_need_no_beta(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Adagrad does, for whoever adds it."""
    added = Line(
        "v",
        ("v_before", "slope"),
        lambda v, g: v + g**2,
        lambda v, g: (1.0, 2 * g),
        "{v_before} + {slope}**2",
        "{v_before} + {slope}²",
        "what it was, and the square of the slope",
    )
    monkeypatch.setitem(RULES, "rmsprop", replace(RULES["rmsprop"], states=(added,)))
    network = run(Optimizer("rmsprop", epsilon=0.21))
    passed, w, g = at(network, 2)
    v = remembered(passed, "v")
    check(network, "v1[0,0]", 2, v + g**2, {"forgot-memory": g**2, "stale-state": v})
    root = math.sqrt(v + g**2)
    check(network, "W1[0,0]", 2, w - LR * g / (root + 0.21), {"forgot-epsilon": w - LR * g / root})


def test_a_step_is_told_by_the_parts_of_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever state a rule divides by; here one without a v divides by the root of an m of squares."""
    squares = replace(RULES["rmsprop"].states[0], makes="m", of=("decay", "m_before", "slope"))
    direction = RULES["rmsprop"].direction
    assert direction is not None
    own = replace(direction, of=("slope", "m", "epsilon"), written="{slope}/(√{m} + {epsilon})")
    squares = replace(squares, written="{decay}·{m_before} + (1 − {decay})·{slope}²")
    monkeypatch.setitem(RULES, "rmsprop", replace(RULES["rmsprop"], states=(squares,), direction=own))
    monkeypatch.setitem(STATES, "rmsprop", ("m",))
    network = run(Optimizer("rmsprop", epsilon=0.22, decay=0.9))
    passed, w, g = at(network, 2)
    root = math.sqrt(0.9 * remembered(passed, "m") + 0.1 * g**2)
    expected = {"forgot-epsilon": w - LR * g / root, "multiplied-by-root": w - LR * g * (root + 0.22)}
    check(network, "W1[0,0]", 2, w - LR * g / (root + 0.22), expected)


def test_what_is_remembered_of_another_weight() -> None:
    network = Network((Layer(weights=((0.62, -0.4),)),), learning_rate=LR, optimizer=Optimizer("momentum"))
    data = Data(((1.37, 0.6),), ((-0.45,),))
    passed = Timeline(network, data).at(2)
    memory = passed.before.memory
    assert memory is not None
    own, other = memory.W["velocity"][0][0]
    g = value_of(passed, Ref("dW", 1, (0, 0)))
    check(network, "velocity1[0,0]", 2, 0.9 * float(own) + g, {"state-of-another": 0.9 * float(other) + g}, data)


def test_sutskevers_velocity_is_right_in_another_convention() -> None:
    network = run(Optimizer("momentum"))
    truth, _, case, scale = made(network, "velocity1[0,0]", 2)
    found = {one.mistake.id: one.value for one in conventions_of(case, scale)}
    assert found["rate-in-velocity"] == pytest.approx(-LR * truth)


def test_a_slip_of_the_slope_is_carried_through_the_rule() -> None:
    network = run(Optimizer("momentum", momentum=0.8))
    passed, w, g = at(network, 2)
    v = remembered(passed, "velocity")
    check(network, "velocity1[0,0]", 2, 0.8 * v + g, {"forgot-two": 0.8 * v + g / 2})
    check(network, "W1[0,0]", 2, w - LR * (0.8 * v + g), {"forgot-two": w - LR * (0.8 * v + g / 2)})


def test_a_velocity_of_the_learners_own_goes_on_into_the_weight_and_the_next_pass() -> None:
    network = run(Optimizer("momentum", momentum=0.8))
    passed, w, _ = at(network, 2)
    given = {Ref("velocity", 1, (0, 0)): 1.5}
    own = own_case(Case(network, passed, Ref("W", 1, (0, 0))), given)
    assert own is not None
    assert own.truth == pytest.approx(w - LR * 1.5)
    memory = own.passed.update.after.memory
    assert memory is not None
    assert memory.W["velocity"][0].tolist() == [[1.5]]
    assert remembered(Timeline(network, DATA).at(3), "velocity") == value_of(passed, Ref("velocity", 1, (0, 0)))
    consequence = consequence_of(network, passed, Ref("W", 1, (0, 0)), given)
    assert consequence is not None
    assert consequence.value == pytest.approx(w - LR * 1.5)
    assert "consistent with your v′ = 1.5" in consequence.message


def test_the_first_step_of_adam_hides_every_factor_of_the_slope() -> None:
    _, found, _, _ = made(run(Optimizer("adam")), "W1[0,0]", 1)
    assert "forgot-two" not in found  # the step is ±η whatever the slope
    assert "sign-flipped" in found
    assert np.isfinite([value for values in found.values() for value in values]).all()


@pytest.mark.parametrize("remembered", [True, False])
def test_who_follows_a_rule_and_rounds_on_the_way_is_never_accused(remembered: bool) -> None:
    verdicts: set[str] = set()
    for number, (_, lesson) in enumerate(of_rules(5, 12)):
        judged = judged_by_hand(lesson, 5, remembered=remembered, number=1 + number % 3, most=20)
        verdicts |= {judgement.verdict for _, _, judgement in judged}
    assert "correct" in verdicts
    assert verdicts <= {"correct", "follow_through", "more_digits"}


@pytest.mark.parametrize(("kind", "right"), [("norm", "∂L/∂w·c/max(‖∇L‖, c)"), ("value", "min(max(∂L/∂w, −c), c)")])
def test_what_is_right_of_a_clipped_slope_is_written_out(kind: ClippingName, right: str) -> None:
    network = run(Optimizer(clipping=Clipping(kind, 0.05)))
    case = Case(network, Timeline(network, DATA).at(1), parse_ref("clipped1[0,0]"))
    (whole,) = (one for one in known_mistakes(case, abs(case.truth)) if one.mistake.id == "not-clipped")
    assert (whole.slip.theirs, whole.slip.right) == ("∂L/∂w", right)
