"""Slips of a single line that are looked for last, each worked out by hand: in losses, slopes, updates and rates."""

from __future__ import annotations

import math

import pytest

from nn_tutor.judging.formula import judge_formula
from nn_tutor.network.optimizer import Clipping, Optimizer, Schedule
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from tests.judging.in_a_lesson import judged, truth

# Three classes, of which the second is right

Z = (0.9 * 1.35 - 0.23 * 1.06, -1.18 * 1.35 + 1.85 * 1.06, 0.27 * 1.35 + 1.01 * 1.06)
RIGHT = math.exp(Z[1]) / sum(map(math.exp, Z))
CLASSES = Network(
    (Layer(((0.9, -0.23), (-1.18, 1.85), (0.27, 1.01)), activation="softmax"),), Loss("categorical_cross_entropy")
)
SECOND = Data(((1.35, 1.06),), ((0.0, 1.0, 0.0),))


def test_the_loss_of_classes_made_from_what_their_probability_lacks() -> None:
    for value, name, theirs, typed in (
        (-math.log(1 - RIGHT), "logarithm-of-others", "−Σ y·ln(1 − o)", "-ln(1-o2)"),
        (1 - RIGHT, "missing-probability", "Σ y·(1 − o)", "1-o2"),
    ):
        for text in (f"{value:.4f}", typed):
            found = judged(CLASSES, SECOND, "loss", text)
            assert found.mistakes == (name,)
            assert found.candidates[0].slip.theirs == theirs
    assert judged(CLASSES, SECOND, "loss", "-ln(o2)").is_right


# One weight through a bend

X, Y, W = 0.83, 0.46, -1.27


def test_z_itself_used_as_the_slope_of_an_activation() -> None:
    leaky = Network((Layer(((W,),), activation="leaky_relu", slope=0.2),), learning_rate=0.4)
    one, z = Data(((X,),), ((Y,),)), W * X
    value = 2 * (0.2 * z - Y) * z * X
    for text in (f"{value:.4f}", "dL_do*z*x"):
        assert judged(leaky, one, "dW1[0,0]", text).mistakes == ("z-for-slope",)
    assert judged(leaky, one, "dW1[0,0]", "dL_do*0.2*x").is_right


def test_the_product_rule_without_the_z_in_its_second_part() -> None:
    gated = Network((Layer(((W,),), activation="silu"),), learning_rate=0.4)
    one, z = Data(((X,),), ((Y,),)), W * X
    sigma = 1 / (1 + math.exp(-z))
    for text in (f"{sigma + sigma * (1 - sigma):.4f}", "sigmoid(z)+sigmoid(z)*(1-sigmoid(z))"):
        assert judged(gated, one, "da_dz1[0,0]", text).mistakes == ("gate-slope-without-z",)
    assert judged(gated, one, "da_dz1[0,0]", "sigmoid(z)+z*sigmoid(z)*(1-sigmoid(z))").is_right


# A line through one point: ∂L/∂b is 2·(1.25·0.85 − 0.45 − 1.6) = −1.975

LINE = Network((Layer(((1.25,),), biases=(-0.45,)),), learning_rate=0.3)
POINT = Data(((0.85,),), ((1.6,),))


def test_a_step_from_the_old_value_of_another() -> None:
    found = judged(LINE, POINT, "b1[0]", f"{1.25 + 0.3 * 1.975:.4f}")
    assert found.mistakes == ("from-another-parameter",)
    assert found.candidates[0].slip[1:4] == ("b′", "w − η·∂L/∂b", "b − η·∂L/∂b")
    assert judged(LINE, POINT, "W1[0,0]", f"{-0.45 + 0.3 * 1.975 * 0.85:.4f}").mistakes == ("from-another-parameter",)


def test_a_factor_too_many_is_told_in_a_formula_and_in_a_calculation() -> None:
    ref = parse_ref("db1[0]")
    said = judge_formula("2*(o-y)*b", LINE, Timeline(LINE, POINT).at(1), ref)
    assert (said.verdict, said.message) == ("wrong", "that is ∂L/∂b times b: b is a factor too many")
    assert judged(LINE, POINT, "db1[0]", "2*(o-y)*b").message == said.message
    bent = Network((Layer(((W,),), activation="sigmoid"),))
    passed = Timeline(bent, Data(((X,),), ((Y,),))).at(1)
    said = judge_formula("o*(1-o)*x", bent, passed, parse_ref("da_dz1[0,0]"))
    assert said.message == "that is ∂o/∂z times x: x is a factor too many"


def test_a_rate_that_drops_in_every_pass() -> None:
    optimizer = Optimizer(schedule=Schedule("step", every=3, factor=0.4))
    network = Network((Layer(((W,),)),), learning_rate=0.7, optimizer=optimizer)
    one = Data(((X,),), ((Y,),))
    assert truth(network, one, "rate", 4) == pytest.approx(0.28)
    for text in (f"{0.7 * 0.4**3:.4f}", ".7*.4^3", f"{0.7 * 0.4**4:.5f}"):
        assert judged(network, one, "rate", text, number=4).mistakes == ("drop-in-each-pass",)


def test_a_clipped_slope_of_the_wrong_sign_beside_the_whole_right_formula() -> None:
    optimizer = Optimizer(clipping=Clipping("norm", at=0.4))
    network = Network((Layer(((-1.93, 1.67),)),), learning_rate=0.8, optimizer=optimizer)
    data = Data(((1.17, -1.68),), ((-1.14,),))
    value = truth(network, data, "clipped1[0,1]")
    found = judged(network, data, "clipped1[0,1]", f"{-value:.4f}")
    assert found.mistakes == ("sign-clipped",)
    assert found.candidates[0].slip.theirs == f"−{found.candidates[0].slip.right}"


def test_the_velocity_given_for_the_new_weight_is_told_by_its_name() -> None:
    network = Network((Layer(((W,),)),), learning_rate=0.25, optimizer=Optimizer("momentum", momentum=0.6))
    data = Data(((X,),), ((Y,),))
    velocity = truth(network, data, "velocity1[0,0]", 2)
    found = judged(network, data, "W1[0,0]", f"{velocity:.4f}", number=2)
    assert found.mistakes == ("gradient-for-weight",)
    assert found.message.startswith("you gave v′ instead of the new value. ")


def test_who_types_an_m_in_the_line_of_v_has_not_exchanged_the_betas_alone() -> None:
    network = Network((Layer(((1.98,),)),), learning_rate=0.25, optimizer=Optimizer("adam"))
    data = Data(((1.65,),), ((1.52,),))
    v = 0.9 * truth(network, data, "v1[0,0]") + 0.1 * truth(network, data, "dW1[0,0]", 2) ** 2
    assert "betas-exchanged" in judged(network, data, "v_hat1[0,0]", f"{v / (1 - 0.9**2):.5f}", number=2).mistakes
    near = f"m_new*{v / (1 - 0.9**2) / truth(network, data, 'm1[0,0]', 2):.6f}"
    assert "betas-exchanged" not in judged(network, data, "v_hat1[0,0]", near, number=2).mistakes


def test_a_velocity_that_is_two_passes_old() -> None:
    network = Network((Layer(((W,),)),), learning_rate=0.25, optimizer=Optimizer("momentum", momentum=0.6))
    data = Data(((X,),), ((Y,),))
    value = truth(network, data, "dW1[0,0]", 3) + 0.6 * truth(network, data, "velocity1[0,0]", 1)
    found = judged(network, data, "velocity1[0,0]", f"{value:.4f}", number=3)
    assert found.mistakes == ("older-state",)
    typed = f"dL_dw+mu*{truth(network, data, 'velocity1[0,0]', 1):.4f}"
    assert judged(network, data, "velocity1[0,0]", typed, number=3).mistakes == ("older-state",)
    new = truth(network, data, "W1[0,0]", 2) - 0.25 * value
    assert judged(network, data, "W1[0,0]", f"{new:.4f}", number=3).mistakes == ("older-state",)
