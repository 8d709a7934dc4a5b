"""A number of another place, and a calculation, are told by what they are: no name is read into them by chance."""

from __future__ import annotations

import math
from dataclasses import replace

from nn_tutor.network.conventions import Conventions
from nn_tutor.network.spec import Data, Layer, Loss, Network
from tests.judging.in_a_lesson import BATCH, DOWN, FALLING, SLOPE, THREE, judged, truth


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


def test_rows_for_columns_are_told_in_matrix_form() -> None:
    network = Network((Layer(((0.7, -1.2), (1.1, 0.4), (-0.3, 0.9))), Layer(size=(3, 2), activation="tanh")))
    one = Data(((0.85, 1.3),), ((-1.1, 0.35),))
    two = Data(((0.85, 1.3), (0.2, -0.7)), ((-1.1, 0.35), (0.4, 0.6)))
    for data, name, other, line in (
        (one, "dW1[0,1]", "dW1[1,0]", ("∂L/∂W₁", "x·(∂L/∂a₁)ᵀ", "∂L/∂a₁·xᵀ")),
        (one, "dW2[1,0]", "dW2[0,1]", ("∂L/∂W₂", "a₁·δ₂ᵀ", "δ₂·a₁ᵀ")),
        (two, "dW2[1,0]", "dW2[0,1]", ("∂L/∂W₂", "A₁ᵀ·δ₂", "δ₂ᵀ·A₁")),
        (one, "dz_da2[0,1]", "dz_da2[1,0]", ("∂z₂/∂a₁", "W₂ᵀ", "W₂")),
    ):
        found = judged(network, data, name, f"{truth(network, data, other):.6f}")
        assert found.mistakes == ("gradient-transposed",), found
        assert found.candidates[0].slip[1:4] == line
        assert found.message.startswith("you swapped row and column. The gradient has the shape of W: a row for each")
    sheet = replace(network, conventions=Conventions(weights="in-out"))
    right = judged(sheet, one, "dW2[1,0]", f"{truth(network, one, 'dW2[0,1]'):.6f}").candidates[0].slip
    assert (right.theirs, right.right) == ("δ₂·a₁ᵀ", "a₁·δ₂ᵀ")


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
