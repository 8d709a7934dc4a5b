"""A calculation in names is told by what is written in it: one name that does not belong there, or a number's own."""

from __future__ import annotations

import re

import pytest

from nn_tutor.network.spec import Data, Layer, Loss, Network
from tests.judging.in_a_lesson import judged, truth

LINE = Network((Layer(((1.25,),), biases=(-0.45,)),), learning_rate=0.3)
POINT = Data(((0.85,),), ((1.6,),))
DEEP = Network(
    (
        Layer(((0.62, -0.41), (0.35, 0.83)), biases=(0.21, -0.34), activation="sigmoid"),
        Layer(((0.74, -0.38), (-0.26, 0.91)), activation="tanh"),
    ),
    learning_rate=0.3,
)
PAIR = Data(((0.87, -1.36),), ((0.15, 0.92),))


@pytest.mark.parametrize(
    ("network", "data", "name", "text", "right"),
    [
        (LINE, POINT, "a1[0,0]", "y*x + b", "w·x + b"),
        (LINE, POINT, "loss", "(o - x)^2", "(o − y)²"),
        (LINE, POINT, "dW1[0,0]", "dL_do*lr", "dL_do·x"),
        (LINE, POINT, "W1[0,0]", "w - L*dL_dw", "w − lr·dL_dw"),
        (LINE, POINT, "b1[0]", "y - lr*dL_db", "b − lr·dL_db"),
        (DEEP, PAIR, "delta1[0,0]", "(delta21*w211 + y2*w221)*a11*(1 - a11)", ""),
        (DEEP, PAIR, "dW2[0,1]", "delta21*y1", "δ21·a12"),
    ],
)
def test_one_name_in_the_place_of_another_is_seen(
    network: Network, data: Data, name: str, text: str, right: str
) -> None:
    found = judged(network, data, name, text)
    assert found.mistakes == ("another-name",), found
    assert re.match(r"you put (y|x|lr|L|y1|y2) where another number belongs\. Go through the names", found.message)
    assert right in ("", found.candidates[0].slip.right)


def test_a_mistake_that_has_a_name_of_its_own_is_told_by_that() -> None:
    for name, text, mistake in (
        ("dW1[0,0]", "dL_do*w", "weight-for-input"),
        ("W1[0,0]", "w - lr*L", "loss-for-gradient"),
        ("W1[0,0]", "b - lr*dL_dw", "from-another-parameter"),
    ):
        assert judged(LINE, POINT, name, text).mistakes == (mistake,), text
    assert judged(DEEP, PAIR, "dW1[0,0]", "delta12*x1").mistakes == ("another-unit",)


def test_one_name_alone_is_told_as_the_number_that_it_is() -> None:
    assert judged(LINE, POINT, "a1[0,0]", "w").message == "that is w; asked for is o"
    assert judged(LINE, POINT, "dW1[0,0]", "y").message == "that is y; asked for is ∂L/∂w"
    assert judged(LINE, POINT, "dz_dw1[0,0,0]", "w").mistakes == ("weight-for-input",)


def test_no_number_that_lies_near_by_chance_is_read_into_names() -> None:
    """(x − y)² is 0.36 here, and half of (0 − y)², which a ReLU and a ½ would give, is 0.36125."""
    down = Network((Layer(((-0.65,),)),), learning_rate=0.3)
    data = Data(((1.45,),), ((0.85,),))
    assert judged(down, data, "loss", "(x - y)^2").mistakes == ("another-name",)
    assert judged(down, data, "loss", "(x + y)^2").mistakes == ()
    for text in ("(-y)^2", "y^2", f"{0.85**2:.4f}"):  # no function was applied in the first two, nor seen in the last
        assert judged(down, data, "loss", text).mistakes == (), text


def test_a_computed_number_that_has_few_digits_is_told_as_well() -> None:
    chain = Network((Layer(((2.75,),)),), learning_rate=0.3)
    data = Data(((0.8,),), ((1.05,),))  # o is 2.2 and ∂L/∂o 2.3
    assert truth(chain, data, "dL_do[0,0]") == pytest.approx(2.3)
    assert judged(chain, data, "W1[0,0]", "2.3").message == "that is ∂L/∂o; asked for is w′"
    assert judged(chain, data, "dW1[0,0]", "2.2").message == "that is o; asked for is ∂L/∂w"


def test_who_typed_a_target_has_not_left_out_the_error() -> None:
    sure = Network((Layer(((0.62,),), activation="sigmoid"),), Loss("binary_cross_entropy"))
    data = Data(((0.87,),), ((1.0,),))
    assert judged(sure, data, "delta1[0,0]", "-y").mistakes == ()
    assert judged(sure, data, "delta1[0,0]", "1.0000").mistakes == ("forgot-loss-slope",)


def test_two_pairs_that_are_one_thing_are_named_once() -> None:
    chain = Network((Layer(((2.198,),)),), learning_rate=0.3)
    data = Data(((0.8,),), ((1.05,),))
    found = judged(chain, data, "dW1[0,0]", f"{0.3 * 2 * (2.198 * 0.8 - 1.05):.4f}")
    assert found.message.startswith("two things at once, it seems: you forgot the input, and you gave the step")
