"""A calculation in names is held against other numbers: luck is told as luck, and slips are seen in it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nn_tutor.judging.by_formula import LUCK, elsewhere, judged_by_formula
from nn_tutor.judging.judge import judge
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.last_resort import named_late
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.reading import read
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_before, names_of, scale_of_question, short_names
from tests.judging.judged import candidate

LUCKY = Data(((0.5,),), ((0.8,),))  # 2·0.5 = 1 hides the 2 and the input


def one_weight(w: float, activation: ActivationName = "identity", loss: Loss | None = None) -> Network:
    return Network((Layer(((w,),), activation=activation),), loss or Loss(), learning_rate=0.3)


DEEP = Network(
    (
        Layer(((0.62, -0.41), (0.35, 0.83)), biases=(0.21, -0.34), activation="sigmoid"),
        Layer(((0.74, -0.38), (-0.26, 0.91)), activation="sigmoid"),
    ),
    learning_rate=0.3,
)
DATA = Data(((0.87, -1.36),), ((0.15, 0.92),))
BATCH = Data(((0.87, -1.36), (-0.45, 0.71), (1.23, 0.38)), ((0.15, 0.92), (0.64, 0.27), (0.33, 0.58)))


def typed_names(case: Case) -> Mapping[str, float]:
    refs = refs_of_pass(case.network, case.rows)
    names = names_of(case.network, case.passed, refs[: refs.index(case.ref)])
    names |= names_before(case.network, case.passed)
    return names | short_names(case.network, names)


def judged(network: Network, data: Data, name: str, text: str) -> Judgement:
    passed = Timeline(network, data).at(1)
    case = Case(network, passed, parse_ref(name))
    names, scale = typed_names(case), scale_of_question(passed, case.ref)
    known, reading = known_mistakes(case, scale), read(text, names)
    judgement = judge(reading, case.truth, scale, known)
    seen = judged_by_formula(judgement, reading, elsewhere(reading, case, names))
    return named_late(judgement, reading, case, scale, known) if seen is judgement else seen


# Luck


@pytest.mark.parametrize("text", ["w*x - y", "o - y", "(o-y)", "-(y - o)"])
def test_the_right_number_for_the_wrong_reason_is_told_as_luck(text: str) -> None:
    judgement = judged(one_weight(0.5), LUCKY, "dW1[0,0]", text)
    assert judgement.value == pytest.approx(-0.55)
    assert judgement.verdict == "diagnosed"
    assert judgement.message.startswith(LUCK)
    assert {"forgot-two", "forgot-input"} <= set(judgement.mistakes)
    assert judgement.spends_attempt


@pytest.mark.parametrize("text", ["o-y", "(o-y)*o/2"])
def test_another_rule_whose_number_is_near_is_not_close(text: str) -> None:
    """With an error of about 1, o − y is near (o − y)² by chance alone: more decimals would not mend it."""
    assert judged(one_weight(2.0), Data(((1.0,),), ((0.98,),)), "loss", text).verdict in ("diagnosed", "wrong")


def test_a_rule_with_a_rounded_number_in_it_may_be_close() -> None:
    assert judged(one_weight(2.0), Data(((1.3,),), ((0.98,),)), "loss", "1.03*(o-y)^2").verdict == "near"


def test_luck_that_is_no_known_mistake_asks_for_the_rule() -> None:
    judgement = judged(one_weight(0.5), LUCKY, "dW1[0,0]", "(o-y)*4*w^2")
    assert judgement.value == pytest.approx(-0.55)
    assert judgement.verdict == "wrong"
    assert judgement.message.startswith(LUCK)
    assert not judgement.mistakes


@pytest.mark.parametrize(
    "text", ["2*(o-y)*x", "2(o-y)x", "2*(w*x - y)*x", "x*(o-y)/0.5", "x*2*o - 2*x*y", "dL_do*x", "dL/do*do/dw"]
)
def test_the_rule_in_any_spelling_is_right(text: str) -> None:
    assert judged(one_weight(0.5), LUCKY, "dW1[0,0]", text).verdict == "correct"


@pytest.mark.parametrize("text", ["-0.55", "2*(0.25-0.8)*0.5", "0.25 - 0.8", "2*(0.25-y)*x", "w*x-0.8", "2*-0.275"])
def test_typed_numbers_are_not_held_against_others(text: str) -> None:
    """0.25 is what o was worth: with other numbers it would be another one."""
    assert judged(one_weight(0.5), LUCKY, "dW1[0,0]", text).verdict == ("diagnosed" if text == "w*x-0.8" else "correct")


def test_what_is_left_out_because_it_is_zero_or_one_is_no_luck() -> None:
    assert judged(one_weight(0.7), Data(((1.0,),), ((0.0,),)), "dW1[0,0]", "2*o").verdict == "correct"
    assert judged(one_weight(0.7), Data(((1.0,),), ((0.4,),)), "W1[0,0]", "w-lr*2*(o-y)").verdict == "correct"


def test_a_relu_that_lets_through_is_no_luck() -> None:
    relu = one_weight(0.9, "relu")
    data = Data(((0.6,),), ((0.2,),))
    assert judged(relu, data, "dW1[0,0]", "2*(o-y)*x").verdict == "correct"
    assert judged(relu, data, "a1[0,0]", "w*x").verdict == "correct"


def test_cross_entropy_with_its_target_put_in_is_no_luck() -> None:
    entropy = one_weight(0.9, "sigmoid", Loss("binary_cross_entropy"))
    assert judged(entropy, Data(((0.6,),), ((1.0,),)), "loss", "-ln(o)").verdict == "correct"


# What is seen in the calculation


@pytest.mark.parametrize(
    ("network", "data", "name", "text", "mistake"),
    [
        (one_weight(0.7), DATA, "dL_do[0,0]", "2*o-y", "forgot-brackets"),
        (one_weight(0.7), DATA, "dW1[0,0]", "2*o-y*x", "forgot-brackets"),
        (one_weight(0.7), DATA, "dW1[0,0]", "dL_do+do_dw", "links-added"),
        (one_weight(0.7), DATA, "dW1[0,0]", "2*(o-y)+x", "links-added"),
        (one_weight(0.7), DATA, "loss", "o-y^2", "forgot-brackets"),
        (one_weight(0.7, "sigmoid"), DATA, "da_dz1[0,0]", "o*1-o", "forgot-brackets"),
        (DEEP, DATA, "da_dz1[0,0]", "a11*1-a11", "forgot-brackets"),
        (DEEP, DATA, "dW1[0,0]", "delta12*x1", "another-unit"),
        (DEEP, DATA, "delta2[0,1]", "dL_do1*do2_dz22", "another-unit"),
        (DEEP, DATA, "z1[0,0]", "w111*x1-w112*x2+b11", "one-sign-in-sum"),
        (DEEP, DATA, "dL_da1[0,0]", "delta21*w211+delta22*w222", "another-unit"),
        (DEEP, DATA, "W1[1,0]", "w121-lr*dL_dw112", "gradient-transposed"),
        (DEEP, DATA, "W1[1,0]", "w121-lr*dL_dw122", "another-unit"),
        (DEEP, BATCH, "z2[2,0]", "w211*a11_2+w212*a12_2", "another-sample"),
        (DEEP, BATCH, "dL_do[0,1]", "1/3*(o2_2-y2_2)", "another-sample"),
    ],
)
def test_a_slip_is_seen_in_the_calculation(network: Network, data: Data, name: str, text: str, mistake: str) -> None:
    if network.outputs == 1:
        data = Data(((0.6,),), ((0.2,),))
    judgement = judged(network, data, name, text)
    assert judgement.verdict == "diagnosed", judgement
    assert mistake in judgement.mistakes, judgement


def test_a_mistake_that_the_calculation_does_not_make_is_not_named() -> None:
    """With w = x² the square of the input gives the number of the weight put where the input belongs."""
    network, data = one_weight(0.64), Data(((0.8,),), ((0.2,),))
    assert "weight-for-input" in judged(network, data, "dW1[0,0]", "2*(o-y)*w").mistakes
    assert "weight-for-input" not in judged(network, data, "dW1[0,0]", "2*(o-y)*x^2").mistakes


def test_the_words_hold_no_number_of_the_pass() -> None:
    for text in ("w*x - y", "2*o-y", "dL_do+do_dw", "o+y"):
        judgement = judged(one_weight(0.5), LUCKY, "dW1[0,0]", text)
        assert "0.55" not in judgement.message


def test_no_number_of_another_pass_is_seen_in_names_of_this_one() -> None:
    """A calculation that comes near what the pass before gives, by chance, has no number of it."""
    network, data = one_weight(0.64), Data(((0.8,),), ((0.2,),))
    case = Case(network, Timeline(network, data).at(1), parse_ref("W1[0,0]"))
    names = typed_names(case)
    reading = read("w*dL_dw*L - o", names)
    near = Judgement("diagnosed", "", reading.value, (candidate("last-pass", reading.value),))
    seen = judged_by_formula(near, reading, elsewhere(reading, case, names))
    assert (seen.verdict, seen.mistakes) == ("wrong", ())


def test_a_calculation_is_right_in_another_convention_only_if_it_is_so_with_other_numbers() -> None:
    network, data = one_weight(1.5), Data(((1.0,),), ((0.5,),))
    assert judged(network, data, "loss", "(o-y)^2/2").verdict == "convention"
    assert judged(network, data, "loss", "y").value == 0.5  # half of the loss, by chance
    assert judged(network, data, "loss", "y").verdict == "wrong"


def test_a_minus_where_nothing_is_added_is_a_flipped_sign_and_no_part_of_a_sum() -> None:
    network, data = one_weight(-0.69, "silu"), Data(((0.75,),), ((0.29,),))
    assert judged(network, data, "a1[0,0]", "z*sigmoid(-z)").mistakes == ("one-sign-flipped",)


def test_a_step_that_is_added_is_no_part_of_a_sum() -> None:
    judgement = judged(DEEP, DATA, "W1[1,0]", "w121+lr*dL_dw121")
    assert judgement.mistakes == ("added-step",)
    assert "one-sign-in-sum" not in judged(DEEP, DATA, "W1[1,0]", "w121+lr*delta12*x1").mistakes


def test_who_typed_no_2_has_not_doubled_the_error() -> None:
    half = one_weight(1.5, loss=Loss(factor=0.5))
    assert "doubled-for-squared" not in judged(half, Data(((0.9,),), ((0.5,),)), "loss", "o-y").mistakes
