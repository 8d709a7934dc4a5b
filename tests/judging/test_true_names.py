"""No name says of an answer what the learner can see to be untrue: in what they typed, answered before, or have there.

Each number is worked out by hand and judged as in a lesson.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.spec import Data, Layer, Loss, Network
from tests.judging.in_a_lesson import BATCH, DOWN, ERRORS, FALLING, SLOPE, THREE, judged, truth

# A batch of three


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
