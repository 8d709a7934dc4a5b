"""No name says of an answer what the learner can see to be untrue: in what they typed, answered before, or have there.

Each number is worked out by hand and judged as in a lesson.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from nn_tutor.judging.judgement import Judgement
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_before, names_of, short_names
from tests.judging.careful import homework_of


def judged(
    network: Network,
    data: Data,
    name: str,
    text: str,
    earlier: Mapping[int, Mapping[str, float]] | None = None,
    number: int = 1,
) -> Judgement:
    """Judge an answer as in a lesson in which all that comes before it stands on the screen."""
    run = LessonRun(replace(homework_of(network, data), purpose="lesson"))
    passed, ref = run.passed(0, number), parse_ref(name)
    refs = refs_of_pass(network, passed.X.shape[0])
    names = names_of(network, passed, refs[: refs.index(ref)]) | names_before(network, passed)
    own = {one: {parse_ref(key): value for key, value in given.items()} for one, given in (earlier or {}).items()}
    return judge_question(run, 0, run.question(0, number, ref), text, names | short_names(network, names), own)


def truth(network: Network, data: Data, name: str, number: int = 1) -> float:
    return value_of(Timeline(network, data).at(number), parse_ref(name))


# A batch of three: o is 1.22, 1.03 and 0.65 times 1.74

X, Y, W = (1.22, 1.03, 0.65), (0.45, 0.33, 1.27), 1.74
BATCH = Network((Layer(((W,),)),), learning_rate=0.3)
THREE = Data(tuple((x,) for x in X), tuple((y,) for y in Y))
ERRORS = [W * x - y for x, y in zip(X, Y, strict=True)]


def test_the_loss_of_any_one_sample_is_told_as_that() -> None:
    judgement = judged(BATCH, THREE, "loss", f"{ERRORS[1] ** 2:.4f}")
    assert judgement.mistakes == ("one-sample-alone",)
    assert judgement.candidates[0].slip.theirs == "the loss of sample 2"
    assert judged(BATCH, THREE, "loss", f"{ERRORS[0] ** 2:.4f}").mistakes == ("only-first-sample",)


def test_a_square_of_the_mean_has_squared_the_wrong_thing_and_not_nothing() -> None:
    text = f"(({ERRORS[0]:.4f}+{ERRORS[1]:.4f}{ERRORS[2]:+.4f})/3)^2"
    assert judged(BATCH, THREE, "loss", text).mistakes == ("squared-mean",)
    of_sum = f"{sum(ERRORS) ** 2 / 3:.5f}"
    assert judged(BATCH, THREE, "loss", of_sum).mistakes == ("squared-mean",)
    assert judged(BATCH, THREE, "loss", f"{sum(ERRORS) / 3:.4f}").mistakes == ("not-squared",)


def test_who_typed_a_square_is_not_told_that_there_is_none() -> None:
    one = Network((Layer(((1.3,),)),))
    data = Data(((0.9,),), ((0.15,),))  # the error is 1.02, and its square not far off
    assert judged(one, data, "loss", "1.02").mistakes == ("not-squared",)
    assert "not-squared" not in judged(one, data, "loss", "1.01^2").mistakes


@pytest.mark.parametrize("target", [0.35, 1.35])
def test_an_error_above_0_and_its_size_are_one_thing(target: float) -> None:
    one = Network((Layer(((1.0,),)),))
    found = judged(one, Data(((0.8,),), ((target,),)), "loss", f"{0.8 - target:.2f}")
    assert found.message.startswith("you did not square the error. ")
    assert found.candidates[0].slip.theirs == "o − y"


def test_a_new_weight_with_the_other_sign_is_no_pair_of_mistakes() -> None:
    network = Network((Layer(((1.88, 0.38), (-0.99, 0.74), (1.94, -0.35))),), learning_rate=0.4)
    data = Data(((1.12, 0.59),), ((-1.42, 1.02, 1.69),))
    turned = judged(network, data, "W1[0,0]", "-0.76")
    assert (turned.verdict, turned.mistakes) == ("wrong", ())
    assert turned.message == "the size is right, the sign is not: count the minus signs on the way"


def test_nothing_is_read_into_a_0() -> None:
    network = Network((Layer(((1.88, 0.38), (-0.99, 0.74), (1.94, -0.35))),))
    data = Data(((1.12, 0.59),), ((-1.42, 1.02, 1.69),))
    assert judged(network, data, "a1[0,2]", "0.0000").mistakes == ()


def test_a_single_output_for_all_of_them() -> None:
    network = Network((Layer(((0.7, -1.2), (1.1, 0.4), (-0.3, 0.9))),))
    data = Data(((0.85, 1.3),), ((-1.1, 0.35, 0.75),))
    error = 0.7 * 0.85 - 1.2 * 1.3 + 1.1
    for value in (error**2, error**2 / 3):
        judgement = judged(network, data, "loss", f"{value:.6f}")
        assert judgement.mistakes == ("one-output-alone",)
        assert "o₁ alone" in judgement.candidates[0].slip.theirs


def test_a_mean_that_is_taken_of_slopes_that_have_it_already() -> None:
    """Of two samples a 2 forgotten gives the same number; but the slopes typed have their 2."""
    two = Data(THREE.inputs[:2], (THREE.targets or ())[:2])
    judgement = judged(BATCH, two, "dW1[0,0]", "(dL_do_1*x_1 + dL_do_2*x_2)/2")
    assert judgement.mistakes == ("one-over-n-twice",)
    assert judgement.candidates[0].slip[1:4] == ("∂L/∂w", "1/2·Σ ∂L/∂o·x", "Σ ∂L/∂o·x")


def test_a_multiple_of_the_right_number_is_told_as_that_and_not_as_two_mistakes() -> None:
    six = Data(tuple((0.3 + 0.17 * place,) for place in range(6)), tuple((0.9 - 0.21 * place,) for place in range(6)))
    right = truth(BATCH, six, "dW1[0,0]")
    assert judged(BATCH, six, "dW1[0,0]", f"{3 * right:.5f}").message.startswith("that is 3 times too large")
    assert judged(BATCH, six, "dW1[0,0]", f"{right / 4:.5f}").message.startswith("that is 4 times too small")


# One weight

DOWN = Network((Layer(((1.0914,),)),), learning_rate=0.3)
FALLING = Data(((0.6,),), ((1.15,),))
SLOPE = 2 * (1.0914 * 0.6 - 1.15) * 0.6


def test_a_lost_minus_is_told_as_that_where_the_slope_before_it_stands_there() -> None:
    judgement = judged(DOWN, FALLING, "dW1[0,0]", f"{-SLOPE:.4f}")
    assert judgement.mistakes == ("sign-flipped",)
    assert "lost a minus on the way" in judgement.message
    assert "y − o" not in judgement.candidates[0].slip.theirs
    assert judged(DOWN, FALLING, "dW1[0,0]", "-dL_do*x").message == judgement.message
    rows = Network((Layer(((0.7, -1.2), (1.1, 0.4))),))
    two = Data(((0.85, 1.3),), ((-1.1, 0.35),))
    assert "lost a minus on the way" in judged(rows, two, "dW1[0,1]", "-dL_do1*x2").message


def test_no_minus_is_lost_on_the_way_from_the_blame_of_a_neighbour() -> None:
    network = Network(
        (Layer(((0.9, -0.2), (-1.2, 1.8), (0.3, 1.0)), activation="softmax"),), Loss("categorical_cross_entropy")
    )
    judgement = judged(network, Data(((1.35, 1.06),), ((0.0, 1.0, 0.0),)), "delta1[0,1]", "y2-o2")
    assert judgement.mistakes == ("sign-flipped",)
    assert judgement.message.startswith("you flipped the sign")


def test_a_calculation_of_another_number_of_the_pass_is_told_by_its_name_as_the_number_is() -> None:
    network = Network((Layer(((0.64,),), biases=(0.81,), activation="sigmoid"),), Loss("binary_cross_entropy"))
    data = Data(((1.35,),), ((1.0,),))
    typed = f"{truth(network, data, 'da_dz1[0,0]'):.5f}"
    for text in (typed, "o*(1-o)", "do_dz"):
        assert judged(network, data, "delta1[0,0]", text).message == "that is ∂o/∂z; asked for is δ"


def test_a_step_without_memory_is_one_thing_by_either_name() -> None:
    momentum = Network((Layer(((0.62,),)),), learning_rate=0.03, optimizer=Optimizer("momentum", momentum=0.8))
    judgement = judged(momentum, Data(((1.37,),), ((-0.45,),)), "W1[0,0]", "w - lr*dL_dw", number=2)
    assert judgement.mistakes == ("plain-step", "forgot-memory")
    assert judgement.message.startswith("you took the step of plain gradient descent. ")


def test_another_number_of_the_pass_is_told_by_its_name() -> None:
    network, data = Network((Layer(((0.64,),), biases=(0.81,)),)), Data(((1.35,),), ((2.66,),))
    loss = truth(network, data, "loss")
    judgement = judged(network, data, "dW1[0,0]", f"{loss:.4f}")
    assert (judgement.verdict, judgement.message) == ("wrong", "that is L; asked for is ∂L/∂w")
    output = judged(network, data, "dL_do[0,0]", f"{truth(network, data, 'a1[0,0]'):.4f}")
    assert output.message == "that is o; asked for is ∂L/∂o"  # not z, which has no row where nothing is bent
    turned = judged(DOWN, FALLING, "W1[0,0]", f"{-SLOPE:.5f}")
    assert turned.message == "that is ∂L/∂w with the other sign; asked for is w′"


@pytest.mark.parametrize(
    ("times", "said"), [(0.5, "only half of the way"), (1 / 3, "only 1/3 of the way"), (7, "7 times as far")]
)
def test_how_far_a_new_weight_goes_is_told_where_it_is_a_round_number(times: float, said: str) -> None:
    had = {1: {"dW1[0,0]": SLOPE}}
    judgement = judged(DOWN, FALLING, "W1[0,0]", f"{1.0914 - times * 0.3 * SLOPE:.6f}", had)
    assert said in judgement.message


def test_a_mistake_in_every_pass_is_none_where_a_later_pass_was_right() -> None:
    data = Data(((0.6,),), ((1.15,),))
    halves = 1.0914
    for _ in range(2):  # without the 2
        halves -= 0.3 * (halves * 0.6 - 1.15) * 0.6
    assert "in every pass" in judged(DOWN, data, "W1[0,0]", f"{halves:.6f}", number=2).message
    had = {2: {"dW1[0,0]": truth(DOWN, data, "dW1[0,0]", 2)}}
    assert "in every pass" not in judged(DOWN, data, "W1[0,0]", f"{halves:.6f}", had, number=2).message


def test_a_single_decimal_tells_of_no_mistake_in_every_pass() -> None:
    """The input, 0.8, given for the slope of the loss: with the square kept in both passes it would be 0.803."""
    network, data = Network((Layer(((2.75,),)),), learning_rate=0.3), Data(((0.8,),), ((1.05,),))
    assert "in every pass" in judged(network, data, "dL_do[0,0]", "0.8034", number=2).message
    assert "in every pass" not in judged(network, data, "dL_do[0,0]", "0.8", number=2).message


def test_a_link_that_was_right_before_is_called_right() -> None:
    network = Network((Layer(((0.62,),), activation="sigmoid"), Layer(((1.37,),))), learning_rate=0.3)
    data = Data(((0.85,),), ((-0.45,),))
    a = 1 / (1 + math.exp(-0.62 * 0.85))
    value = 2 * (1.37 * a + 0.45) * 1.37 * a  # a in the place of a·(1 − a)
    assert judged(network, data, "delta1[0,0]", f"{value:.5f}").mistakes == ("value-for-derivative",)
    judgement = judged(network, data, "delta1[0,0]", f"{value:.5f}", {1: {"da_dz1[0,0]": a * (1 - a)}})
    assert judgement.candidates == ()
    assert judgement.message == "that comes from ∂a₁/∂z₁ = σ(z₁); you had that right before: go on from there"


def test_without_delta_on_the_screen_none_is_written() -> None:
    network = Network((Layer(((0.62,),), activation="sigmoid"),))
    o = 1 / (1 + math.exp(-0.62 * 1.37))
    judgement = judged(network, Data(((1.37,),), ((-0.45,),)), "dW1[0,0]", f"{2 * (o + 0.45) * o * (1 - o):.5f}")
    assert judgement.mistakes == ("forgot-input",)
    assert judgement.candidates[0].slip.right == "∂L/∂o·∂o/∂z·x"


def test_the_last_link_left_out_is_one_thing_by_either_name() -> None:
    relu = Network((Layer(((1.35,),), activation="relu"),))
    judgement = judged(relu, Data(((0.85,),), ((0.45,),)), "dW1[0,0]", f"{2 * (1.35 * 0.85 - 0.45):.4f}")
    assert judgement.mistakes == ("forgot-input", "stopped-early")
    assert judgement.message.startswith("you forgot the input. ")
    assert judged(relu, Data(((0.85,),), ((0.45,),)), "a1[0,0]", "0").mistakes == ("relu-zero",)


def test_a_probability_for_the_loss_is_no_slipped_decimal_point() -> None:
    """The output is nearly a tenth of the loss."""
    network = Network((Layer(((1.4,), (0.2,))),), Loss("categorical_cross_entropy", outputs="sum"))
    network = replace(network, layers=(replace(network.layers[0], activation="softmax"),))
    data = Data(((1.29,),), ((0.0, 1.0),))
    probability = 1 / (1 + math.exp(1.2 * 1.29))
    assert judged(network, data, "loss", f"{probability:.4f}").mistakes == ("probability-for-loss",)
    binary = Network((Layer(((1.4,),), activation="sigmoid"),), Loss("binary_cross_entropy"))
    o = 1 / (1 + math.exp(-1.4 * 0.9))
    assert judged(binary, Data(((0.9,),), ((0.0,),)), "loss", f"{1 - o:.4f}").mistakes == ("probability-for-loss",)


def test_another_slope_below_zero_of_a_leaky_relu() -> None:
    network = Network((Layer(((-1.4,),), activation="leaky_relu", slope=0.15),))
    judgement = judged(network, Data(((0.9,),), ((0.3,),)), "a1[0,0]", f"{-0.01 * 1.4 * 0.9:.5f}")
    assert judgement.mistakes == ("another-leak",)
    assert judgement.candidates[0].slip.theirs == "max(0.01·z, z)"


# Update rules


@pytest.mark.parametrize(("y", "sign"), [(-0.45, 1), (2.6, -1)])
def test_of_adams_first_step_only_the_sign_can_be_wrong(y: float, sign: int) -> None:
    """It is η whatever the slope: nobody is told that η alone is no step."""
    network = Network((Layer(((0.62,),)),), learning_rate=0.03, optimizer=Optimizer("adam"))
    data = Data(((1.37,),), ((y,),))
    assert judged(network, data, "W1[0,0]", f"{0.62 - sign * 0.03:.4f}").verdict == "correct"
    text = "w + lr" if sign > 0 else "w - lr"
    judgement = judged(network, data, "W1[0,0]", text)
    assert judgement.mistakes[0] == "added-step"
    said = "you added the step" if sign > 0 else "you went the wrong way. M̂/(√v̂ + ε) is negative here"
    assert judgement.message.casefold().startswith(said.casefold())


def test_what_is_remembered_alone_is_half_of_a_state() -> None:
    data = Data(((1.37,),), ((-0.45,),))
    g = 2 * (0.62 * 1.37 + 0.45) * 1.37
    momentum = Network((Layer(((0.62,),)),), learning_rate=0.03, optimizer=Optimizer("momentum", momentum=0.8))
    assert judged(momentum, data, "velocity1[0,0]", f"{0.8 * g:.5f}", number=2).mistakes == ("slope-left-out",)
    adam = replace(momentum, optimizer=Optimizer("adam", beta1=0.8, beta2=0.95))
    assert judged(adam, data, "m1[0,0]", "beta1*m", number=2).mistakes == ("slope-left-out",)
    assert judged(adam, data, "v1[0,0]", f"{0.95 * 0.05 * g * g:.5f}", number=2).mistakes == ("slope-left-out",)


def test_the_slope_of_the_last_batch_is_a_stale_one() -> None:
    network = replace(BATCH, batching="mini", batch_size=2)
    data = Data((*THREE.inputs, (0.4,)), (*(THREE.targets or ()), (1.9,)))
    stale = truth(network, data, "dW1[0,0]", 1)
    value = truth(network, data, "W1[0,0]", 1) - 0.3 * stale
    assert judged(network, data, "W1[0,0]", f"{value:.5f}", number=2).mistakes == ("last-pass",)


def test_weights_of_a_column_are_told_by_their_names() -> None:
    network = Network((Layer(((0.7, -1.2), (1.1, 0.4), (-0.3, 0.9))),))
    judgement = judged(network, Data(((0.85, 1.3),), ((-1.1, 0.35, 0.75),)), "a1[0,0]", f"{0.7 * 0.85 + 1.1 * 1.3:.4f}")
    assert judgement.mistakes == ("matrix-transposed",)
    assert judgement.candidates[0].slip[1:4] == ("o₁", "w₁₁·x₁ + w₂₁·x₂", "w₁₁·x₁ + w₁₂·x₂")


def test_a_neighbours_number_is_told_by_its_name() -> None:
    network = Network((Layer(((0.7, -1.2), (1.1, 0.4), (-0.3, 0.9))),))
    data = Data(((0.85, 1.3),), ((-1.1, 0.35, 0.75),))
    value = truth(network, data, "dW1[2,0]")
    judgement = judged(network, data, "dW1[0,1]", f"{value:.5f}")
    assert judgement.mistakes == ("another-unit",)
    assert judgement.candidates[0].slip[1:4] == ("", "∂L/∂w₃₁", "∂L/∂w₁₂")
    assert judgement.candidates[0].slip.wrong_line == "∂L/∂w₃₁"
    carried = judged(network, data, "W1[0,1]", f"{-1.2 - 0.1 * value:.5f}")
    assert carried.mistakes == ("another-unit",)
    assert carried.message.startswith("you used a neighbour's number. Read")
    bias = replace(network, layers=(replace(network.layers[0], biases=(0.1, 0.2, -0.3)),))
    judgement = judged(bias, data, "db1[1]", f"{truth(bias, data, 'db1[2]'):.5f}")
    assert judgement.candidates[0].slip[1:4] == ("", "∂L/∂b₃", "∂L/∂b₂")
    typed = judged(network, data, "W1[0,1]", "w12 - lr*dL_dw31")
    assert (typed.mistakes, typed.message) == (carried.mistakes, carried.message)


def test_another_weight_is_told_by_its_name_new_or_old() -> None:
    network = Network((Layer(((0.7132, -1.2247), (1.1318, 0.4071))), Layer(((0.5129, -0.8143),))), learning_rate=0.3)
    data = Data(((0.85, 1.3),), ((0.35,),))
    for other, name in (("W1[1,0]", "w₁₂₁′"), ("W2[0,1]", "w₂₁₂′")):
        judgement = judged(network, data, "W1[0,1]", f"{truth(network, data, other):.5f}")
        assert (judgement.verdict, judgement.message) == ("wrong", f"that is {name}; asked for is w₁₁₂′")
    assert judged(network, data, "W1[0,1]", "0.5129").message == "that is w₂₁₁; asked for is w₁₁₂′"
    assert judged(network, data, "W1[0,1]", "-1.2247").mistakes == ("unchanged",)


def test_no_relu_is_read_into_a_0_where_none_is_like_it() -> None:
    """Where z is below 0 ReLU would give 0: nobody takes it for a sigmoid, but they may for ELU."""
    data = Data(((0.85,),), ((0.35,),))
    for name in ("a1[0,0]", "da_dz1[0,0]", "dW1[0,0]"):
        bent = Network((Layer(((-1.3,),), activation="sigmoid"),))
        assert judged(bent, data, name, "0.0000").mistakes == (), name
    elu = Network((Layer(((-1.3,),), activation="elu"),))
    assert judged(elu, data, "a1[0,0]", "0.0000").mistakes == ("another-activation",)
    leaky = Network((Layer(((1.3,),), activation="leaky_relu"),))
    assert judged(leaky, data, "da_dz1[0,0]", "0.0000").mistakes == ()  # 0.01 everywhere is not 0
    certain = Network((Layer(((1.3,),), activation="sigmoid"),), Loss("binary_cross_entropy"))
    assert judged(certain, Data(((0.85,),), ((1.0,),)), "loss", "0.0000").mistakes == ()


def test_a_mistake_in_every_pass_has_to_fit_closely() -> None:
    network, data = Network((Layer(((1.3,),)),), learning_rate=0.3), Data(((0.9,),), ((0.55,),))
    halved = 1.3
    for _ in range(2):  # without the 2
        halved -= 0.3 * (halved * 0.9 - 0.55) * 0.9
    step = truth(network, data, "W1[0,0]", 2) - truth(network, data, "W1[0,0]", 1)
    assert "in every pass" in judged(network, data, "W1[0,0]", f"{halved:.5f}", number=2).message
    beside = f"{halved + 0.006 * abs(step):.5f}"
    assert "in every pass" not in judged(network, data, "W1[0,0]", beside, number=2).message


def test_a_minus_stands_before_the_sum_of_a_loss() -> None:
    network = Network((Layer(((0.7,), (-1.2,)), activation="sigmoid"),), Loss("binary_cross_entropy", outputs="mean"))
    data = Data(((0.85,),), ((1.0, 0.0),))
    o = [1 / (1 + math.exp(-w * 0.85)) for w in (0.7, -1.2)]
    judgement = judged(network, data, "loss", f"{-math.log10(o[0]) / 2 - math.log10(1 - o[1]) / 2:.5f}")
    assert judgement.mistakes == ("other-logarithm",)
    assert judgement.candidates[0].slip[1:4] == (
        "L",
        "−1/2·Σ (y·log₁₀(o) + (1 − y)·log₁₀(1 − o))",
        "−1/2·Σ (y·ln(o) + (1 − y)·ln(1 − o))",
    )


def test_the_part_of_l2_is_left_out_or_doubled() -> None:
    network, data = Network((Layer(((1.3,),)),), l2=0.4), Data(((0.9,),), ((0.55,),))
    slope = 2 * (1.3 * 0.9 - 0.55) * 0.9
    assert judged(network, data, "dW1[0,0]", f"{slope:.5f}").message.startswith("you left out the part of L2. ")
    assert judged(network, data, "dW1[0,0]", f"{slope + 0.8 * 1.3:.5f}").message.startswith("you doubled the part")
    error = (1.3 * 0.9 - 0.55) ** 2
    assert judged(network, data, "loss", f"{error:.5f}").message.startswith("you left out the part of L2. ")
    assert judged(network, data, "loss", f"{error + 0.4 * 1.69:.5f}").message.startswith("you doubled the part of L2. ")


def test_a_number_of_another_sample_or_of_the_pass_before_is_told_by_its_name() -> None:
    judgement = judged(BATCH, THREE, "dL_do[1,0]", f"{truth(BATCH, THREE, 'dL_do[2,0]'):.5f}")
    assert judgement.candidates[0].slip[1:4] == ("", "∂L/∂o⁽³⁾", "∂L/∂o⁽²⁾")
    judgement = judged(BATCH, THREE, "loss", f"{truth(BATCH, THREE, 'loss'):.5f}", number=2)
    assert judgement.candidates[0].slip[1:3] == ("L", "that of the pass before")


def test_a_flipped_sign_is_called_one_of_a_sum_only_in_a_sum_of_products() -> None:
    one, data = Network((Layer(((1.3,),), biases=(0.4,)),)), Data(((0.9,),), ((0.55,),))
    added = judged(one, data, "loss", "(o+y)^2")
    assert added.mistakes == ("added-target",)
    assert added.candidates[0].slip[1:4] == ("L", "(o + y)²", "(o − y)²")
    below = judged(one, Data(((0.9,),), ((-0.55,),)), "loss", f"{(1.3 * 0.9 + 0.4 - 0.55) ** 2:.5f}")
    assert "minus a negative number is plus" in below.message
    gate = Network((Layer(((1.3,),), activation="silu"),))
    flipped = judged(gate, data, "a1[0,0]", "z*sigmoid(-z)")
    assert flipped.mistakes == ("one-sign-flipped",)
    assert flipped.candidates[0].slip[1:4] == ("o", "z·sigmoid(−z)", "z·sigmoid(z)")
    assert judged(gate, data, "a1[0,0]", "z/(1+exp(z))").mistakes == ("forgot-minus",)
    assert judged(gate, data, "a1[0,0]", f"{1.17 / (1 + math.exp(1.17)):.5f}").mistakes == ("forgot-minus",)
    sum_of_two = Network((Layer(((1.3, 0.7),)),))
    judgement = judged(sum_of_two, Data(((0.9, 0.35),), ((0.55,),)), "a1[0,0]", "w11*x1 - w12*x2")
    assert judgement.mistakes == ("one-sign-in-sum",)


def test_a_plus_in_the_place_of_a_product_is_one_of_links_only_in_a_chain() -> None:
    one, data = Network((Layer(((1.3,),)),), learning_rate=0.3), Data(((0.9,),), ((0.55,),))
    for name, text, mistake in (
        ("dL_do[0,0]", "2+(o-y)", "sum-for-product"),
        ("dW1[0,0]", "dL_do+do_dw", "links-added"),
        ("a1[0,0]", "w+x", "added-instead-of-multiplied"),
    ):
        assert judged(one, data, name, text).mistakes == (mistake,), text
    bent = Network((Layer(((1.3,),), activation="sigmoid"),))
    assert judged(bent, data, "da_dz1[0,0]", "o+(1-o)").mistakes == ("sum-for-product",)


def test_a_calculation_from_a_slope_that_is_named_has_no_slip_before_it() -> None:
    """Half of ∂L/∂a₁·∂a₁/∂z₁ is no 2 forgotten in ∂L/∂o: that was made before."""
    network, data = Network((Layer(((0.62,),), activation="sigmoid"), Layer(((1.37,),)))), Data(((0.85,),), ((0.4,),))
    halved = judged(network, data, "delta1[0,0]", "dL_da1*da1_dz1/2")
    assert (halved.mistakes, halved.message[:24]) == ((), "that is 2 times too smal")
    assert judged(network, data, "delta1[0,0]", "(o-y)*w2*da1_dz1").mistakes == ("forgot-two",)


def test_who_typed_the_size_of_the_error_has_neither_left_it_nor_flipped_its_sign() -> None:
    one, data = Network((Layer(((1.3,),)),)), Data(((0.9,),), ((1.55,),))
    assert judged(one, data, "loss", "abs(o-y)").mistakes == ("absolute-value",)
    assert judged(one, data, "dL_do[0,0]", "2*abs(o-y)").mistakes == ()
    assert judged(one, data, "dL_do[0,0]", "abs(o-y)").mistakes == ()


def test_the_slope_subtracted_from_the_weight_is_no_new_weight() -> None:
    one, data = Network((Layer(((1.3,),)),), learning_rate=0.3), Data(((0.9,),), ((0.55,),))
    slope = 2 * (1.3 * 0.9 - 0.55) * 0.9
    assert judged(one, data, "dW1[0,0]", f"{1.3 - slope:.5f}").message.startswith("you subtracted the gradient from")
    assert judged(one, data, "dW1[0,0]", f"{1.3 - 0.3 * slope:.5f}").message.startswith("you gave the new value")


def test_a_relu_above_0_is_no_second_mistake() -> None:
    """Taken for the identity it changes nothing: half the slope is one thing, not two."""
    one, data = Network((Layer(((1.3,),)),)), Data(((0.9,), (0.4,), (1.1,)), ((0.55,), (0.2,), (0.3,)))
    slope = truth(one, data, "dW1[0,0]")
    judgement = judged(one, data, "dW1[0,0]", f"{3 * slope:.5f}/6")
    assert judgement.candidates == ()
    assert judgement.message.startswith("that is 2 times too small")


EITHER = Data(((0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), ((1.0,), (0.0,), (1.0,)))
BENT = Network((Layer(((0.7, -1.2),), activation="sigmoid"),), learning_rate=0.3)


def test_the_names_of_another_sample_are_told_as_that_whatever_else_has_its_value() -> None:
    """With inputs of 0 and 1 the other sample is this one with its inputs exchanged."""
    judgement = judged(BENT, EITHER, "z1[1,0]", "w11*x1_1 + w12*x2_1")
    assert judgement.mistakes == ("another-sample",)
    assert judgement.candidates[0].slip[1:4] == ("z₁⁽²⁾", "w11·x1_1 + w12·x2_1", "w11·x1_2 + w12·x2_2")
    assert judged(BENT, EITHER, "z1[1,0]", "w12*x1_2 + w11*x2_2").mistakes == ("inputs-exchanged",)


def test_the_short_slope_of_cross_entropy_is_told_where_the_error_is_squared() -> None:
    o = 1 / (1 + math.exp(1.2))
    typed = {"delta1[0,0]": "o_1 - y_1", "dW1[0,1]": "(o_1 - y_1)*x2_1 + (o_3 - y_3)*x2_3"}
    for name, text in {**typed, "delta1[0,0] ": f"{(o - 1) / 3:.4f}"}.items():
        judgement = judged(BENT, EITHER, name.strip(), text)
        assert judgement.mistakes == ("other-loss-slope",), text
        assert judgement.candidates[0].slip.symbol == "δ"


def test_of_one_product_it_is_a_factor_that_is_wrong() -> None:
    times = {3: "that is 3 times too large: look for a factor too many", 1 / 5: "5 times too small: look for a factor"}
    for part, said in times.items():
        assert said in judged(DOWN, FALLING, "dW1[0,0]", f"{part * SLOPE:.5f}").message


def test_who_typed_one_slope_alone_has_forgotten_the_input_of_1_and_used_no_other() -> None:
    hidden = Layer(((0.62, -0.41), (0.35, 0.83), (-0.57, 0.29)), activation="sigmoid")
    network = Network((hidden, Layer(((0.74, -0.38, 0.55),), activation="sigmoid")), learning_rate=0.3)
    data = Data(((0.0, 1.0),), ((1.0,),))
    assert judged(network, data, "dW2[0,1]", "delta21").mistakes == ("forgot-input",)
    assert "other-layer-input" in judged(network, data, "dW2[0,1]", "delta21*x2").mistakes


def test_of_a_bias_the_slope_that_was_left_out_and_the_end_of_the_chain_are_one_thing() -> None:
    network = Network((Layer(((0.62, -0.41),), biases=(0.2,), activation="sigmoid"),), learning_rate=0.3)
    data = Data(((0.87, -1.36), (-0.45, 0.71), (1.23, 0.38)), ((0.15,), (0.64,), (0.33,)))
    found = judged(network, data, "db1[0]", "dL_do1_1+dL_do1_2+dL_do1_3")
    assert found.message.startswith("you left out the slope of the activation. ")


def test_a_number_that_stands_on_the_screen_is_only_copied_to_the_digits_typed() -> None:
    row = Network((Layer(((0.47,),), activation="sigmoid"), Layer(((-1.94,),))), learning_rate=0.4)
    data = Data(((1.81,),), ((0.71,),))
    before = truth(row, data, "dW1[0,0]", 2)  # 0.4001
    assert judged(row, data, "dW1[0,0]", f"{before:.4f}", number=3).mistakes == ("last-pass",)
    assert judged(row, data, "dW1[0,0]", f"{before:.2f}", number=3).mistakes == ("last-pass",)
    assert "last-pass" not in judged(row, data, "dW1[0,0]", "0.3989", number=3).mistakes


def test_what_is_one_thing_in_a_single_row_of_units_has_one_name() -> None:
    row = Network((Layer(((0.47,),), activation="sigmoid"), Layer(((-1.94,),))), learning_rate=0.4)
    data = Data(((1.81,),), ((0.71,),))
    without = truth(row, data, "delta1[0,0]") / -1.94
    said = judged(row, data, "delta1[0,0]", f"{without:.4f}").message
    assert said.startswith("you left out the weights on the way back.")
    two = Network((Layer(((1.31,),), biases=(-0.67,)),), learning_rate=0.3)
    samples = Data(((0.65,), (1.85,)), ((1.55,), (0.95,)))
    said = judged(two, samples, "db1[0]", "(dL_do_1+dL_do_2)/2").message
    assert said.startswith("you divided by n twice.")


def test_two_samples_are_both_and_more_are_all() -> None:
    two, three = Data(((0.6,), (1.2,)), ((0.3,), (-0.4,))), Data(((0.6,), (1.2,), (0.9,)), ((0.3,), (-0.4,), (0.8,)))
    for data, said in ((two, "over both samples"), (three, "over all 3 samples")):
        judgement = judged(Network((Layer(((0.7,),)),)), data, "dW1[0,0]", "dL_do_1*x_1")
        assert judgement.candidates[0].slip.right.endswith(said)
