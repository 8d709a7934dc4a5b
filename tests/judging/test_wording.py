"""The words of a verdict fit what was typed: no "added" where a minus stands, no "signs" where they are right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tutor.judging.judge import judge
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.reading import read
from nn_tutor.judging.wording import reworded, unexplained
from nn_tutor.network.optimizer import Clipping, Optimizer, Schedule
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.questions import scale_of_question

DOWN = Network((Layer(((1.0914,),)),), learning_rate=0.3)
FALLING = Data(((0.6,),), ((1.15,),))  # o − y is negative, and so is the slope
RISING = Data(((0.6,),), ((0.15,),))


def judged(data: Data, name: str, text: str, network: Network = DOWN) -> Judgement:
    passed = Timeline(network, data).at(1)
    case = Case(network, passed, parse_ref(name))
    scale = scale_of_question(passed, case.ref)
    names = {"w": 1.0914, "g": float(passed.backward.dW[0][0, 0]), "lr": 0.3}
    reading = read(text, names)
    return reworded(judge(reading, case.truth, scale, known_mistakes(case, scale)), reading, case)


def slope(data: Data) -> float:
    return float(Timeline(DOWN, data).at(1).backward.dW[0][0, 0])


def test_a_lost_minus_is_not_called_added_where_a_minus_was_typed() -> None:
    judgement = judged(FALLING, "W1[0,0]", f"1.0914 - 0.3*{-slope(FALLING):.6f}")
    assert judgement.mistakes == ("added-step",)
    assert "lost the minus of the slope" in judgement.message
    assert "added" not in judgement.message
    assert judgement.candidates[0].slip.theirs == "w − η·|∂L/∂w|"


def test_a_plain_number_is_not_called_added_where_the_slope_is_negative() -> None:
    judgement = judged(FALLING, "W1[0,0]", f"{1.0914 + 0.3 * slope(FALLING):.6f}")
    assert judgement.mistakes == ("added-step",)
    assert "minus a negative number is plus" in judgement.message
    assert "added" not in judgement.message


@pytest.mark.parametrize(("data", "text"), [(FALLING, "w + lr*g"), (RISING, "w + lr*g")])
def test_who_typed_a_plus_has_added(data: Data, text: str) -> None:
    judgement = judged(data, "W1[0,0]", text)
    assert judgement.mistakes == ("added-step",)
    assert "you added the step" in judgement.message


@pytest.mark.parametrize(
    ("name", "times", "said"),
    [
        ("dW1[0,0]", 3.3, "the sign is right"),
        ("dW1[0,0]", -3.3, "the sign is not right yet"),
        ("dL_do[0,0]", 3.3, "the sign is right"),
        ("loss", 3.3, "check the error"),
    ],
)
def test_an_unexplained_number_is_told_what_can_be_known(name: str, times: float, said: str) -> None:
    passed = Timeline(DOWN, FALLING).at(1)
    truth = Case(DOWN, passed, parse_ref(name)).truth
    judgement = judged(FALLING, name, repr(truth * times))
    assert judgement.verdict == "wrong"
    assert said in judgement.message


@pytest.mark.parametrize("name", ["a1[0,0]", "dX[0,1]"])
def test_a_number_of_the_right_size_is_told_that_only_its_sign_is_wrong(name: str) -> None:
    network = Network((Layer(((1.0914, -2.5),)),), learning_rate=0.3)
    data = Data(((0.6, 0.31),), ((0.15,),))
    case = Case(network, Timeline(network, data).at(1), parse_ref(name))
    said = unexplained(-1.004 * case.truth, case)
    assert said == "the size is right, the sign is not: count the minus signs on the way"
    assert unexplained(-1.1 * case.truth, case) != said


def test_a_scheduled_rate_remembers_nothing() -> None:
    stepped = replace(DOWN, optimizer=Optimizer(schedule=Schedule("step", every=2, factor=0.3)))
    message = judged(FALLING, "rate", "4.9", stepped).message
    assert "η₀" in message
    assert "remembered" not in message


def test_a_new_weight_is_told_the_way_it_goes() -> None:
    step = -0.3 * slope(FALLING)
    assert "goes the right way, but too far" in judged(FALLING, "W1[0,0]", repr(1.0914 + 7.7 * step)).message
    assert "goes the right way, but not far enough" in judged(FALLING, "W1[0,0]", repr(1.0914 + 0.13 * step)).message
    assert "goes the other way" in judged(FALLING, "W1[0,0]", repr(1.0914 - 7.7 * step)).message


@pytest.mark.parametrize(
    ("layer", "name", "said"),
    [
        (Layer(((1.0914,),)), "a1[0,0]", "what is multiplied by what"),
        (Layer(((1.0914,),), biases=(0.7,)), "a1[0,0]", "check the product first, then the bias"),
        (Layer(((1.0914,),), activation="sigmoid"), "z1[0,0]", "what is multiplied by what"),
        (Layer(((1.0914,),), activation="sigmoid"), "a1[0,0]", "check z first, then the activation"),
        (Layer(((1.0914,),), activation="tanh"), "da_dz1[0,0]", "what goes into the rule of this slope"),
        (Layer(((-1.0914,),), activation="relu"), "da_dz1[0,0]", "what goes into the rule of this slope"),
        (Layer(((-1.0914,),), activation="relu"), "dW1[0,0]", "how large is it?"),
        (Layer(((1.0914, 0.37),)), "a1[0,0]", "check the products one by one, then their sum"),
    ],
)
def test_nothing_is_said_of_an_activation_a_sum_or_a_bias_that_is_not_there(layer: Layer, name: str, said: str) -> None:
    data = Data(((0.6,) * layer.inputs,), ((0.15,),))
    network = Network((layer,), learning_rate=0.3)
    assert said in judged(data, name, "7.123", network).message
    assert "the sign is right" not in judged(data, name, "0", network).message


@pytest.mark.parametrize(
    ("optimizer", "name", "said"),
    [
        (Optimizer(clipping=Clipping("norm", 0.1)), "norm", "their sum, and then the root"),
        (Optimizer(clipping=Clipping("norm", 0.1)), "clipped1[0,0]", "the length of all slopes first"),
        (Optimizer(clipping=Clipping("value", 0.1)), "clipped1[0,0]", "the slope itself first"),
        (Optimizer("adam"), "m_hat1[0,0]", "the power of β first"),
        (Optimizer("adam"), "v_hat1[0,0]", "the power of β first"),
        (Optimizer("adam"), "m1[0,0]", "what is remembered, what is new"),
    ],
)
def test_nothing_is_said_of_a_memory_where_nothing_is_remembered(optimizer: Optimizer, name: str, said: str) -> None:
    message = judged(FALLING, name, "7.123", replace(DOWN, optimizer=optimizer)).message
    assert said in message
    assert ("remembered" in message) == ("remembered" in said)


def test_a_cross_entropy_is_made_of_no_error() -> None:
    sure = replace(DOWN, layers=(Layer(((1.0914,),), activation="sigmoid"),), loss=Loss("binary_cross_entropy"))
    message = judged(Data(((0.6,),), ((1.0,),)), "loss", "7.123", sure).message
    assert "which probability counts" in message
    assert "error" not in message


def test_a_flat_slope_is_told_as_that() -> None:
    network = Network((Layer(((1.0914,),), activation="relu"),), learning_rate=0.3)
    assert "is the curve flat" in judged(Data(((0.6,),), ((0.15,),)), "da_dz1[0,0]", "0", network).message
