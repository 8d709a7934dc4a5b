"""An update that is typed with another parameter's old value or slope is told as that, whatever its number is like."""

from __future__ import annotations

import pytest

from nn_tutor.calculus.names import on_keys, parameter
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from tests.judging.in_a_lesson import judged, truth
from tests.networks import random_network

NEIGHBOURS = {("another-unit",), ("gradient-transposed",)}


def parameters(network: Network, data: Data) -> list[Ref]:
    """The weights and biases that move in the first pass of a network."""
    passed = Timeline(network, data).at(1)
    every = [ref for ref in refs_of_pass(network, passed.X.shape[0]) if ref.quantity in ("W", "b")]
    return [
        ref
        for ref in every
        if not (ref.quantity == "W" and (ref.index or ()) in network.layers[(ref.layer or 1) - 1].frozen)
        and not (ref.quantity == "b" and not network.layers[(ref.layer or 1) - 1].train_biases)
        and truth(network, data, str(ref)) != before(network, data, ref)
    ]


def before(network: Network, data: Data, ref: Ref) -> float:
    passed = Timeline(network, data).at(1)
    arrays = passed.before.W if ref.quantity == "W" else passed.before.b
    array = arrays[(ref.layer or 1) - 1]
    assert array is not None
    return float(array[ref.index or ()])


@pytest.mark.parametrize("seed", range(40))
def test_on_any_network_an_update_is_told_by_whose_numbers_stand_in_it(seed: int) -> None:
    network, data = random_network(seed)
    try:
        moving = parameters(network, data)
    except StoppedError:
        pytest.skip("this run stops")
    if not network.optimizer.is_plain or len(moving) < 2:
        pytest.skip("another rule, or one parameter alone")
    for own, other in list(zip(moving, moving[1:] + moving[:1], strict=True))[seed % 3 :: 3]:
        mine, theirs = (on_keys(parameter(network, ref)) for ref in (own, other))
        if before(network, data, own) == before(network, data, other):
            continue
        name = str(own)
        whole = judged(network, data, name, f"{theirs} - lr*dL_d{theirs}")
        assert whole.message.endswith(f"that is {parameter(network, other)}′; asked for is {parameter(network, own)}′")
        of_value = judged(network, data, name, f"{theirs} - lr*dL_d{mine}")
        assert of_value.mistakes == ("from-another-parameter",), (name, of_value)
        slopes = (truth(network, data, str(ref).replace("W", "dW").replace("b", "db")) for ref in (own, other))
        if len({round(slope, 9) for slope in slopes}) == 2:
            of_slope = judged(network, data, name, f"{mine} - lr*dL_d{theirs}")
            if of_slope.mistakes != ("slope-of-another-parameter",):
                assert (own.quantity, own.layer) == (other.quantity, other.layer)
                assert of_slope.mistakes in NEIGHBOURS, (name, of_slope)


# Biases of 0 hide in a number what is taken from them: names do not

HIDDEN = Network(
    (
        Layer(((0.62, -0.41), (0.35, 0.83), (-0.74, 0.29)), biases=(0.0, 0.0, 0.0), activation="sigmoid"),
        Layer(((0.74, -0.38, 0.56),), biases=(0.0,), activation="sigmoid"),
    ),
    learning_rate=1.7,
)
BATCH = Data(((0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), ((1.0,), (1.0,), (0.0,)))


def test_two_names_of_others_are_two_things() -> None:
    found = judged(HIDDEN, BATCH, "W2[0,0]", "b13 - lr*dL_db21")
    assert found.mistakes == ("from-another-parameter", "slope-of-another-parameter")
    assert found.candidates[0].slip[1:4] == ("w₂₁₁′", "b13 − lr·dL_db21", "w211 − lr·dL_dw211")


def test_the_slope_of_the_bias_is_no_forgotten_input() -> None:
    found = judged(HIDDEN, BATCH, "W2[0,0]", "w211 - lr*dL_db21")
    assert found.mistakes == ("slope-of-another-parameter",)
    assert found.message.startswith("you used the slope of another weight or bias. Each one moves by its own slope")
    by_number = truth(HIDDEN, BATCH, "db2[0]")
    assert judged(HIDDEN, BATCH, "W2[0,0]", f"{0.74 - 1.7 * by_number:.6f}").mistakes == ("forgot-input",)


def test_another_parameters_update_is_told_as_that_whatever_else_is_wrong_in_it() -> None:
    assert judged(HIDDEN, BATCH, "W2[0,0]", "b21 - lr*dL_db21").message == "that is b₂₁′; asked for is w₂₁₁′"
    for text in ("w212 + lr*dL_dw212", "w212 - dL_dw212"):
        assert (
            judged(HIDDEN, BATCH, "W2[0,0]", text).message == "that is made from w₂₁₂ and its slope; asked for is w₂₁₁′"
        )
    adam = Network((Layer(((0.85, 0.62),)),), learning_rate=0.04, optimizer=Optimizer("adam"))
    found = judged(adam, Data(((0.3, 1.72),), ((2.4,),)), "W1[0,0]", "w12 - lr*dL_dw12")
    assert found.message == "that is made from w₁₂ and its slope; asked for is w₁₁′"


def test_a_slope_that_is_written_out_with_other_weights_in_it_takes_nothing_from_them() -> None:
    chain = Network((Layer(((0.62,),)), Layer(((0.74,),))), learning_rate=0.3)
    point = Data(((0.85,),), ((1.6,),))
    assert judged(chain, point, "W1[0,0]", "w1 - lr*dL_do*w2*x").is_right
    assert judged(chain, point, "W1[0,0]", "w1 - lr*dL_dw2*w2/w1").is_right  # ∂L/∂w₂ is ∂L/∂o·w₁·x
    line = Network((Layer(((1.25,),), biases=(-0.45,)),), learning_rate=0.3)
    assert judged(line, point, "W1[0,0]", "w - lr*dL_db*x").is_right


# Divided by the slope: in Adam's first step m̂/v̂ is 1/g, and both have the same number


def test_a_slope_that_is_divided_by_is_told_as_that() -> None:
    line = Network((Layer(((1.25,),), biases=(-0.45,)),), learning_rate=0.3)
    point = Data(((0.85,),), ((1.6,),))
    found = judged(line, point, "b1[0]", "b - lr/dL_db")
    assert found.mistakes == ("divided-by-slope",)
    assert found.candidates[0].slip[1:4] == ("b′", "b − η/(∂L/∂b)", "b − η·∂L/∂b")
    assert judged(line, point, "b1[0]", f"{-0.45 + 0.3 / 1.975:.5f}").mistakes == ("divided-by-slope",)
    assert judged(line, point, "step1[0,0]", f"{0.3 / (-1.975 * 0.85):.5f}").mistakes == ("divided-by-slope",)


def test_what_is_typed_tells_the_slips_of_adams_first_step_apart() -> None:
    adam = Network((Layer(((0.85,),)),), learning_rate=0.04, optimizer=Optimizer("adam"))
    point = Data(((0.3,),), ((2.4,),))
    slope = truth(adam, point, "dW1[0,0]")
    for text, mistake in (
        ("w - lr/dL_dw", "divided-by-slope"),
        ("w - lr*m_hat/v_hat", "forgot-root"),
        ("w - lr*dL_dw/dL_dw^2", "forgot-root"),
        (f"{0.85 - 0.04 / slope:.5f}", "forgot-root"),
        ("w - lr*dL_dw", "plain-step"),
        ("w - lr*m_hat", "forgot-division"),
    ):
        assert judged(adam, point, "W1[0,0]", text).mistakes == (mistake,), text


def test_a_weight_that_stays_in_the_first_pass_of_a_rule_with_a_memory_is_left_where_it_was() -> None:
    """What is remembered is 0 there, so that the old state alone moves nothing either."""
    rolling = Network((Layer(((0.85,),)),), learning_rate=0.04, optimizer=Optimizer("momentum", momentum=0.8))
    point = Data(((0.3,),), ((2.4,),))
    for text in ("w", "0.8500"):
        assert judged(rolling, point, "W1[0,0]", text).message.startswith("you left it where it was. "), text
    assert judged(rolling, point, "W1[0,0]", "w - lr*v").mistakes == ("stale-state",)
    again = judged(rolling, point, "velocity1[0,0]", f"{truth(rolling, point, 'velocity1[0,0]', 2):.5f}", number=3)
    assert again.message.startswith("you used the value of the pass before, without this pass's slope. ")
