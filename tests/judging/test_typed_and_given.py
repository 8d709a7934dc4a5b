"""What a typed calculation, a few digits and a number that is given show: no name that they contradict, and its own."""

from __future__ import annotations

import pytest

from nn_tutor.judging.last_resort import MAX_NUMBERS
from nn_tutor.judging.reading import ReadingError, read, read_whole
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import given
from tests.judging.in_a_lesson import judged, truth
from tests.networks import random_network

# Two inputs and three outputs: z₁ is 1.88·1.12 + 0.38·0.59 = 2.3298, its sigmoid 0.9113

VECTORS = Network((Layer(((1.88, 0.38), (-0.99, 0.74), (1.94, -0.35))),), learning_rate=0.4)
ONE = Data(((1.12, 0.59),), ((-1.42, 1.02, 1.69),))


def test_who_types_a_calculation_without_a_function_has_applied_none() -> None:
    assert judged(VECTORS, ONE, "a1[0,0]", "0.9113").mistakes == ("another-activation",)
    typed = judged(VECTORS, ONE, "a1[0,0]", "1.88*1.12+0.38*0.59-1.42")  # 0.9098
    assert (typed.verdict, typed.mistakes) == ("wrong", ())
    assert judged(VECTORS, ONE, "a1[0,0]", "sigmoid(1.88*1.12+0.38*0.59)").mistakes == ("another-activation",)
    written_out = judged(VECTORS, ONE, "a1[0,0]", "1/(1+2.7183^-2.3298)")
    assert written_out.mistakes == ("another-activation",)


def test_a_calculation_of_given_numbers_alone_is_not_near_by_rounding() -> None:
    assert judged(VECTORS, ONE, "a1[0,0]", "1.88+0.38").verdict == "wrong"
    assert judged(VECTORS, ONE, "a1[0,0]", "2.26").verdict == "near"
    assert judged(VECTORS, ONE, "a1[0,0]", "1.88*1.12+0.15").verdict == "near"  # 0.15 may be a product, badly rounded


def test_names_without_a_sign_between_them_are_told_as_a_product() -> None:
    assert judged(VECTORS, ONE, "a1[0,0]", "w11x1+w12x2").message == "for a product write w11*x1"
    with pytest.raises(ReadingError, match=r"for a product write dL_do\*x"):
        read("dL_dox", {"dL_do": 1.0, "x": 2.0})
    with pytest.raises(ReadingError, match="no name here"):  # w·ab, or wa·b
        read("wab", {"w": 1.0, "ab": 2.0, "wa": 1.0, "b": 1.0})


def test_a_guess_is_a_whole_number_whatever_name_is_typed() -> None:
    for text in ("dL_dw", "dL_dw12", "soon"):
        with pytest.raises(ReadingError, match="type a whole number, such as 20"):
            read_whole(text, "20")


# XOR with one sigmoid: δ is 2/4·(o − y)·o·(1 − o) of each sample, and ∂L/∂b their sum, 0.0181

XOR = Network((Layer(((0.8317, -0.6129),), biases=(-0.0731,), activation="sigmoid"),), learning_rate=1.7)
FOUR = Data(((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), ((0.0,), (1.0,), (1.0,), (0.0,)))


def test_a_digit_that_is_off_by_more_than_the_right_number_is_large_could_not_be_right() -> None:
    hidden = (
        Layer(size=(2, 3), biases=(0.0,) * 3, activation="sigmoid"),
        Layer(size=(3, 1), biases=(0.0,), activation="sigmoid"),
    )
    network = Network(hidden, learning_rate=1.7, seed=13)
    assert truth(network, FOUR, "db2[0]", 2) == pytest.approx(0.0065, abs=1e-4)
    assert judged(network, FOUR, "db2[0]", "1", number=2).verdict == "wrong"
    assert judged(network, FOUR, "db2[0]", "0.1", number=2).verdict == "wrong"
    assert judged(network, FOUR, "db2[0]", "0.01", number=2).verdict == "more_digits"


def test_a_0_is_no_small_number_that_rounds_to_it() -> None:
    leaky = Network((Layer(((0.87,),), activation="leaky_relu"),))
    one = Data(((0.88,),), ((1.6,),))  # 0.01·z is 0.0077, which 0.0 is as near as 1 % of the right 0.7656
    assert judged(leaky, one, "a1[0,0]", "0.0").mistakes == ()
    assert judged(leaky, one, "a1[0,0]", "0.0077").mistakes == ("leak-everywhere",)


def test_one_decimal_of_the_other_sign_is_no_rounding() -> None:
    bent = Network((Layer(((-1.3,),), activation="sigmoid"),), learning_rate=2.5)
    data = Data(((1.8,),), ((0.4,),))
    assert truth(bent, data, "dW1[0,0]", 2) == pytest.approx(-0.1087, abs=1e-4)
    assert judged(bent, data, "dW1[0,0]", ".1", number=2).message.startswith("the sign is not right yet")
    assert judged(bent, data, "dW1[0,0]", "-.1", number=2).verdict == "more_digits"


def test_who_adds_up_over_all_samples_is_not_told_that_nothing_was_added_up() -> None:
    passed = [truth(XOR, FOUR, f"delta1[{row},0]") for row in range(4)]
    text = "".join(f"{value:+.6f}" for value in passed)
    found = judged(XOR, FOUR, "db1[0]", f"({text})/4")
    assert found.mistakes == ("one-over-n-twice",)


# Three samples through one weight: o⁽²⁾ is 1.64·1.03 = 1.6892

THREE = Network((Layer(((1.64,),)),), learning_rate=0.4)
SAMPLES = Data(((1.22,), (1.03,), (0.65,)), ((0.33,), (0.23,), (1.21,)))


def test_a_number_that_is_given_is_told_as_that() -> None:
    assert judged(THREE, SAMPLES, "a1[1,0]", "1.64").message == "that is w; asked for is o⁽²⁾"
    assert judged(THREE, SAMPLES, "a1[1,0]", "0.23").message == "that is y⁽²⁾; asked for is o⁽²⁾"
    assert "that is" not in judged(THREE, SAMPLES, "a1[1,0]", "0.4").message  # one digit may be anything
    twice = Data(((1.22,), (1.03,), (0.65,)), ((0.23,), (0.23,), (1.21,)))
    assert "that is" not in judged(THREE, twice, "a1[1,0]", "0.23").message


def test_a_number_in_sight_that_is_copied_is_told_before_a_mistake_that_only_rounds_to_it() -> None:
    line = Network((Layer(((0.78,),)),), learning_rate=0.3)
    samples = Data(((-1.35,), (1.62,), (0.43,)), ((-0.64,), (1.81,), (0.85,)))  # σ(o⁽²⁾) is 0.7796
    assert judged(line, samples, "a1[1,0]", "0.78").message == "that is w; asked for is o⁽²⁾"
    assert judged(Network(line.layers, learning_rate=0.4), samples, "dW1[0,0]", "0.4").mistakes == ()
    assert judged(line, samples, "loss", f"{0.78 * 1.62:.4f}").message == "that is o⁽²⁾; asked for is L"
    assert "that is" not in judged(line, samples, "loss", f"{0.78 * 1.62 + 2e-5:.5f}").message  # that has more digits
    assert judged(line, samples, "a1[1,0]", "0.7796").mistakes == ("another-activation",)


@pytest.mark.parametrize("seed", range(24))
def test_no_mistake_with_another_number_is_read_into_a_copy(seed: int) -> None:
    """Who types a given number is told that, or a mistake that gives just these digits, unless numbers are legion."""
    network, data = random_network(seed)
    try:
        passed = Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")
    numbers = [float(value) for _, value in given(network, passed)]
    if len(numbers) > MAX_NUMBERS:
        pytest.skip("among so many numbers one may be met by chance")
    asked = [ref for ref in refs_of_pass(network, passed.X.shape[0]) if ref.phase in ("forward", "loss", "backward")]
    long = [value for value in numbers if len(f"{abs(value):.9g}".strip("0.")) > 1]
    alone = [value for value in long if sum(abs(value - other) < 1e-9 for other in numbers) == 1]
    for ref in asked[seed % 4 :: 4]:
        for value in alone[seed % 3 :: 3]:
            text = repr(value)
            found = judged(network, data, str(ref), text)
            assert found.verdict != "invalid"
            if found.verdict == "diagnosed":
                digit = 10.0 ** -len(text.partition(".")[2])
                assert any(abs(one.value - value) <= digit / 2 for one in found.candidates), (ref, value, found)


# Biases are multiplied by nothing: ∂o/∂b is 1


def test_the_slope_of_a_sum_in_its_bias_may_be_typed() -> None:
    line = Network((Layer(((1.25,),), biases=(-0.45,)),), learning_rate=0.3)
    data = Data(((0.85,),), ((1.6,),))
    for text in ("dL_do*do_db", "dL/do*do/db", "∂L/∂o·∂o/∂b", "2*(o-y)*do_db"):
        assert judged(line, data, "db1[0]", text).is_right, text
    assert judged(line, data, "b1[0]", "b - lr*dL_do*do_db").is_right
    assert judged(line, data, "db1[0]", "dL_do + do_db").mistakes == ("links-added",)
    assert not judged(line, data, "db1[0]", "do_db").is_right
    for text in ("dL_do_1*do_1_db + dL_do_2*do_2_db", "(dL_do_1 + dL_do_2)*do_db"):
        assert judged(line, Data(((0.85,), (0.3,)), ((1.6,), (0.2,))), "db1[0]", text).is_right, text
    bent = Network((Layer(((1.25,),), biases=(-0.45,), activation="sigmoid"),))
    assert judged(bent, data, "db1[0]", "dL_do*do_dz*dz_db").is_right
    refused = judged(bent, data, "db1[0]", "dL_do*do_db")  # that is the slope of σ as well
    assert (refused.verdict, refused.message[:25]) == ("invalid", '"do_db" is no name here: ')
    assert judged(XOR, FOUR, "db1[0]", "+".join(f"delta1_{row}*dz1_{row}_db1" for row in range(1, 5))).is_right


def test_where_there_is_no_bias_nothing_has_a_slope_in_it() -> None:
    refused = judged(THREE, SAMPLES, "dW1[0,0]", "dL_do_1*do_1_db")
    assert refused.message.startswith('"do_1_db" is no name here: you may use ')


def test_where_nothing_is_rounded_a_mistake_fits_to_the_digits_typed() -> None:
    line = Network((Layer(((1.25,),), biases=(-0.45,)),), learning_rate=0.3)
    data = Data(((0.85,),), ((1.6,),))  # ∂L/∂b = −1.975: η·b − ∂L/∂b is 1.84
    assert judged(line, data, "b1[0]", "1.84").mistakes == ("rate-on-weight",)
    assert judged(line, data, "b1[0]", "1.8425").mistakes != ("rate-on-weight",)


def test_the_loss_without_its_minus_has_no_brackets_around_all_of_it() -> None:
    border = Network((Layer(((0.7,),), activation="sigmoid"),), Loss("binary_cross_entropy"))
    found = judged(border, Data(((1.3,),), ((1.0,),)), "loss", "ln(o)")
    assert found.mistakes == ("forgot-minus",)
    assert found.candidates[0].slip.theirs == "y·ln(o) + (1 − y)·ln(1 − o)"
