"""What is said of an answer that no usual mistake fits: rare mistakes, and two at once; nothing that does not fit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.judging.judge import judge
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.last_resort import named_late
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.deviations import Fits, worlds
from nn_tutor.judging.mistakes.known import RARE, known_mistakes, rare_mistakes
from nn_tutor.judging.mistakes.pairs import pairs_of
from nn_tutor.judging.reading import read
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question
from tests.judging.two_slips import PairCounts, count_pairs, judged

RATE = 0.3
W1 = ((0.62, -0.41), (0.35, 0.83), (-0.57, 0.29))
B1 = (0.21, -0.34, 0.17)
W2 = ((0.74, -0.38, 0.55), (-0.26, 0.91, 0.43))
B2 = (0.12, -0.28)
DEEP = Network(
    (Layer(W1, biases=B1, activation="sigmoid"), Layer(W2, biases=B2, activation="sigmoid")), learning_rate=RATE
)
DATA = Data(((0.87, -1.36),), ((0.15, 0.92),))
BATCH = Data(((0.87, -1.36), (-0.45, 0.71), (1.23, 0.38)), ((0.15, 0.92), (0.64, 0.27), (0.33, 0.58)))
ONE = Network((Layer(((1.3,),)),), learning_rate=RATE)
ONE_DATA = Data(((0.8,),), ((0.45,),))


def case_of(network: Network, data: Data, name: str) -> Case:
    return Case(network, Timeline(network, data).at(1), parse_ref(name))


def check(case: Case, value: float, *mistakes: str) -> Judgement:
    """The value, rounded as somebody types it, is named as these mistakes, and the words do not hold the truth."""
    judgement = judged(case, f"{value:.6f}")
    assert judgement.verdict == "diagnosed", (value, case.truth, judgement)
    assert set(mistakes) <= set(judgement.mistakes), (mistakes, judgement)
    assert f"{abs(case.truth):.3f}" not in judgement.message
    return judgement


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


X = np.array(DATA.inputs[0])
A1 = sigmoid(np.array(W1) @ X + B1)
Z2 = np.array(W2) @ A1 + B2
OUT = sigmoid(Z2)
Y = np.array(DATA.targets[0] if DATA.targets else ())
DELTA2 = (OUT - Y) * OUT * (1 - OUT)  # 2/2·(o − y)
DELTA1 = DELTA2 @ np.array(W2) * A1 * (1 - A1)

NO_BIAS = sigmoid(np.array(W1) @ X)
NO_BIAS_OUT = sigmoid(np.array(W2) @ NO_BIAS + B2)
NO_BIAS_DELTA = (NO_BIAS_OUT - Y) * NO_BIAS_OUT * (1 - NO_BIAS_OUT)


# Forwards


@pytest.mark.parametrize(
    ("value", "mistake"),
    [
        (Z2[0] + W2[0][2] * (A1[0] - A1[2]), "one-input-twice"),
        (Z2[0] + A1[2] * (W2[0][0] - W2[0][2]), "one-weight-twice"),
        (Z2[0] - 2 * W2[0][1] * A1[1], "one-sign-in-sum"),
        (Z2[0] - W2[0][2] * A1[2], "one-product-left-out"),
        (OUT[0], "activated-already"),
    ],
)
def test_a_sum_in_which_one_product_is_wrong(value: float, mistake: str) -> None:
    check(case_of(DEEP, DATA, "z2[0,0]"), value, mistake)


def test_a_wrong_product_is_seen_through_the_activation() -> None:
    value = Z2[0] - 2 * W2[0][1] * A1[1]
    check(case_of(DEEP, DATA, "a2[0,0]"), 1 / (1 + math.exp(-value)), "one-sign-in-sum")


def test_the_inputs_in_the_second_layer_and_a_flipped_sign_of_which_nobody_says_that_a_minus_stood_there() -> None:
    network = Network((Layer(W1[:2], activation="sigmoid"), Layer(W1)))
    found = check(case_of(network, Data(DATA.inputs, ((0.1, 0.2, 0.3),)), "a2[0,1]"), float(W1[1] @ X), "inputs-again")
    assert found.candidates[0].slip.wrong_line == "o = Σ w₂·x"
    lost = check(
        case_of(network, Data(DATA.inputs, ((0.1, 0.2, 0.3),)), "z1[0,0]"), 0.62 * 0.87 - 0.41 * 1.36, "one-sign-in-sum"
    )
    assert lost.candidates[0].slip.theirs == "Σ w₁·x, with the sign of one product flipped"


def test_softmax_in_part_and_a_relu_that_lets_nothing_pass() -> None:
    softmax = Network((Layer(W2, activation="softmax"),), Loss("categorical_cross_entropy", outputs="sum"))
    data = Data(((0.87, -0.36, 1.4),), ((0.0, 1.0),))
    z = np.array(W2) @ data.inputs[0]
    check(case_of(softmax, data, "a1[0,0]"), math.exp(z[0]), "softmax-in-part")
    check(case_of(softmax, data, "a1[0,0]"), z[0] / z.sum(), "softmax-in-part")
    check(case_of(softmax, data, "loss"), -math.log(np.exp(z[0]) / np.exp(z).sum()), "another-target")
    relu = Network((Layer(((1.3,),), activation="relu"),))
    check(case_of(relu, ONE_DATA, "a1[0,0]"), 0.0, "relu-zero")


def test_losses_without_brackets_and_of_the_other_half() -> None:
    o = 1.3 * 0.8
    check(case_of(ONE, ONE_DATA, "loss"), o - 0.45**2, "forgot-brackets")
    entropy = Network((Layer(((1.3,),), activation="sigmoid"),), Loss("binary_cross_entropy"))
    check(
        case_of(entropy, Data(((0.8,),), ((1.0,),)), "loss"),
        -math.log(1 - 1 / (1 + math.exp(-o))),
        "other-half-of-cross-entropy",
    )


# Backwards


def test_a_single_weight_whose_links_are_added_or_whose_brackets_are_lost() -> None:
    o = 1.3 * 0.8
    error = 2 * (o - 0.45)
    check(case_of(ONE, ONE_DATA, "dW1[0,0]"), error + 0.8, "links-added")
    check(case_of(ONE, ONE_DATA, "dL_do[0,0]"), 2 * o - 0.45, "forgot-brackets")
    check(case_of(ONE, ONE_DATA, "dW1[0,0]"), 2 * o - 0.45 * 0.8, "forgot-brackets")
    carried = check(case_of(ONE, ONE_DATA, "W1[0,0]"), 1.3 - RATE * (error + 0.8), "links-added")
    assert "in ∂L/∂w" in carried.message
    bent = Network((Layer(((1.3,),), activation="sigmoid"),), learning_rate=RATE)
    a = 1 / (1 + math.exp(-o))
    check(case_of(bent, ONE_DATA, "dW1[0,0]"), 2 * (a - 0.45) + a * (1 - a) + 0.8, "links-added")


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        ("delta2[0,0]", (OUT - Y)[0] * (OUT - Y)[0] * (1 - (OUT - Y)[0]), "error-in-derivative"),
        ("dL_da1[0,1]", DELTA2[0] * W2[0][1] - DELTA2[1] * W2[1][1], "one-sign-in-sum"),
        ("dX[0,0]", DELTA1[0] * W1[0][0] + DELTA1[2] * W1[2][0], "one-product-left-out"),
        ("delta1[0,1]", W2[1][1], "weights-as-delta"),
        ("delta1[0,1]", DELTA1[2], "another-unit"),
        ("dW1[1,0]", DELTA1[1] + X[0], "links-added"),
        ("dW1[1,0]", DELTA1[2] * X[0], "another-unit"),
        ("dL_do[0,0]", OUT[0] - Y[1], "another-target"),
        ("db1[0]", DELTA1.sum(), "bias-summed-over-units"),
        ("db1[0]", DELTA1[0] * X.sum(), "bias-row-sum"),
    ],
)
def test_slopes_of_a_network(name: str, value: float, mistake: str) -> None:
    check(case_of(DEEP, DATA, name), float(value), mistake)


def test_forwards_the_neighbours_number_and_a_sigmoid_without_its_minus() -> None:
    check(case_of(DEEP, DATA, "z2[0,0]"), float(Z2[1]), "another-unit")
    check(case_of(DEEP, DATA, "a1[0,2]"), float(A1[0]), "another-unit")
    check(case_of(DEEP, DATA, "a2[0,0]"), float(1 - OUT[0]), "forgot-minus")


def test_the_slope_of_a_cross_entropy_alone_is_no_delta() -> None:
    fused = Network(
        (Layer(((0.9, -0.5),), activation="sigmoid"),), loss=Loss("binary_cross_entropy"), learning_rate=RATE
    )
    data = Data(((0.87, -1.36),), ((1.0,),))
    o = 1 / (1 + math.exp(-(0.9 * 0.87 + 0.5 * 1.36)))
    check(case_of(fused, data, "delta1[0,0]"), -1 / o, "loss-slope-for-delta")
    check(case_of(fused, data, "dW1[0,1]"), 1.36 / o, "loss-slope-for-delta")


def test_one_sample_of_several_and_the_numbers_of_another() -> None:
    passed = Timeline(DEEP, BATCH).at(1)
    delta, a = passed.backward.delta[1], passed.forward.a[0]
    check(case_of(DEEP, BATCH, "dW2[0,1]"), float(delta[1, 0] * a[1, 1]), "only-one-sample")
    parts = delta[:, 0] * a[:, 1]
    check(case_of(DEEP, BATCH, "dW2[0,1]"), float(parts[0] + parts[1] - parts[2]), "one-sign-in-sum")
    check(case_of(DEEP, BATCH, "dW2[0,1]"), float(parts[1] + parts[2]), "one-product-left-out")
    check(case_of(DEEP, BATCH, "db2[0]"), float(delta[0, 0] + delta[1, 0]), "one-product-left-out")
    check(case_of(DEEP, BATCH, "z2[0,0]"), float(passed.forward.z[1][2, 0]), "another-sample")
    check(case_of(DEEP, BATCH, "delta2[1,0]"), float(delta[0, 0]), "another-sample")


def test_a_slip_of_the_forward_pass_is_seen_in_what_is_made_from_it() -> None:
    out = sigmoid(np.array(W2) @ NO_BIAS + B2)
    case = case_of(DEEP, DATA, "W2[1,0]")
    judgement = check(case, float(W2[1][0] - RATE * NO_BIAS_DELTA[1] * NO_BIAS[0]), "forgot-bias")
    assert "in z₁" in judgement.message
    check(case_of(DEEP, DATA, "loss"), float(((out - Y) ** 2).mean()), "forgot-bias")


def test_no_slip_is_looked_for_in_a_layer_that_was_answered() -> None:
    out = sigmoid(np.array(W2) @ sigmoid(np.array(W1) @ X) + B2)
    case, text = case_of(DEEP, DATA, "loss"), f"{float(((out - Y) ** 2).mean()):.6f}"
    scale, reading = scale_of_question(case.passed, case.ref), read(text)
    known = known_mistakes(case, scale)
    before = judge(reading, case.truth, scale, known)
    assert named_late(before, reading, case, scale, known).mistakes == ("forgot-bias",)
    answered = {parse_ref("z1[0,0]"): value_of(case.passed, parse_ref("z1[0,0]"))}
    assert "forgot-bias" not in named_late(before, reading, case, scale, known, answered).mistakes


# Two at once


@pytest.mark.parametrize(
    ("name", "value", "mistakes"),
    [
        ("dW1[1,0]", DELTA1[1] / 2, ("forgot-two", "forgot-input")),
        ("dW1[1,0]", -(DELTA2 @ np.array(W2))[1] * X[0], ("sign-flipped", "forgot-activation-derivative")),
        ("W1[1,0]", W1[1][0] + RATE * DELTA1[1], ("forgot-input", "added-step")),
        ("W1[1,0]", W1[1][0] - DELTA1[1] * X[0] / 2, ("forgot-two", "no-learning-rate")),
        ("z1[0,0]", W1[0][0] * X[0] + W1[1][0] * X[1], ("matrix-transposed", "forgot-bias")),
        ("dW2[1,0]", NO_BIAS_DELTA[1] * NO_BIAS[0] / 2, ("forgot-bias", "forgot-two")),
        ("W2[1,0]", W2[1][0] + RATE * NO_BIAS_DELTA[1] * NO_BIAS[0], ("forgot-bias", "added-step")),
    ],
)
def test_two_mistakes_in_one_answer(name: str, value: float, mistakes: tuple[str, ...]) -> None:
    case = case_of(DEEP, DATA, name)
    judgement = check(case, float(value), *mistakes)
    assert "two things at once" in judgement.message


def test_a_delta_where_what_comes_back_to_a_is_asked() -> None:
    found = check(case_of(DEEP, DATA, "dL_da1[0,1]"), float(DELTA1[1]), "one-link-too-far")
    assert found.candidates[0].slip.wrong_line == "∂L/∂a₁ = (Σ δ₂·w₂)·∂a₁/∂z₁"


def test_no_pair_is_read_into_two_decimals() -> None:
    case = case_of(ONE, ONE_DATA, "dW1[0,0]")
    assert judged(case, "-1.180").mistakes == ("forgot-input", "sign-flipped", "stopped-early")
    assert judged(case, "-1.18").verdict == "wrong"


def test_the_right_number_with_the_other_sign_is_no_mistake_that_is_only_near_it() -> None:
    case = case_of(ONE, ONE_DATA, "W1[0,0]")
    scale, value = scale_of_question(case.passed, case.ref), -case.truth
    [known] = [one for one in known_mistakes(case, scale) if one.mistake.id == "added-step"]
    near = known._replace(slip=known.slip._replace(value=value + 0.005 * scale))
    judgement = Judgement("diagnosed", "", value, (near,))
    assert named_late(judgement, read(f"{value:.6f}"), case, scale, ()).verdict == "wrong"
    assert named_late(judgement, read(f"{value + 0.004 * scale:.6f}"), case, scale, ()) == judgement


def test_a_single_mistake_is_named_alone() -> None:
    judgement = judged(case_of(DEEP, DATA, "dW1[1,0]"), f"{float(DELTA1[1]):.6f}")
    assert "forgot-input" in judgement.mistakes
    assert "two things" not in judgement.message


@pytest.fixture(scope="module")
def simulated() -> PairCounts:
    return count_pairs(seed=31, count=30)


def test_most_pairs_are_named_and_none_is_right(simulated: PairCounts) -> None:
    assert simulated.pairs > 250
    assert simulated.accepted == 0
    assert simulated.both >= 0.8 * simulated.pairs


def test_what_is_typed_at_random_is_hardly_ever_named(simulated: PairCounts) -> None:
    assert simulated.anything > 400
    assert simulated.named <= 0.03 * simulated.anything


# What they never do


def test_rare_mistakes_ask_for_no_decimals_and_are_among_the_known_ones_nowhere() -> None:
    only_rare = {mistake.id for mistake in RARE}
    for ref in refs_of_pass(DEEP, 3):
        case = case_of(DEEP, BATCH, "loss").at(ref)
        scale = scale_of_question(case.passed, ref)
        assert not only_rare & {one.mistake.id for one in known_mistakes(case, scale)}
        for one in rare_mistakes(case, scale):
            assert math.isfinite(one.value)
            assert one.slip.theirs
            assert one.slip.right_line.endswith(one.slip.right)
            assert one.slip.theirs != one.slip.right


@pytest.mark.parametrize("text", ["0.1", "1", "0"])
def test_a_coarse_answer_is_not_named(text: str) -> None:
    assert judged(case_of(DEEP, DATA, "dW1[1,0]"), text).verdict in ("wrong", "more_digits", "diagnosed")
    assert not {mistake.id for mistake in RARE} & set(judged(case_of(DEEP, DATA, "dW1[1,0]"), text).mistakes)


# Held against what was answered before


def after(name: str, value: float, *earlier: str) -> Judgement:
    """A number of the deep network that is typed after others, which were right."""
    case = case_of(DEEP, DATA, name)
    scale = scale_of_question(case.passed, case.ref)
    known, reading = known_mistakes(case, scale), read(f"{value:.6f}")
    right = {parse_ref(one): value_of(case.passed, parse_ref(one)) for one in earlier}
    return named_late(judge(reading, case.truth, scale, known), reading, case, scale, known, right)


def test_no_pair_is_named_of_which_one_would_have_shown_before() -> None:
    value = float(DELTA1[1] / 2)
    both = {"forgot-two", "forgot-input"}
    assert both <= set(after("dW1[1,0]", value).mistakes)
    assert both <= set(after("dW1[1,0]", value, "z1[0,1]", "a1[0,1]").mistakes)
    for earlier in ("dL_do[0,0]", "dL_da1[0,1]", "delta1[0,1]"):
        assert after("dW1[1,0]", value, earlier).verdict == "wrong", earlier


def test_no_rare_mistake_is_named_that_would_have_shown_before() -> None:
    parts = DELTA2 * np.array(W2)[:, 1]
    a1 = sigmoid(np.array(W1) @ X + B1)[1]
    value = float((parts[0] - parts[1]) * a1 * (1 - a1) * X[0])
    assert after("dW1[1,0]", value).mistakes == ("one-sign-in-sum",)
    assert after("dW1[1,0]", value, "dL_do[0,0]").mistakes == ("one-sign-in-sum",)
    assert after("dW1[1,0]", value, "dL_da1[0,1]").verdict == "wrong"


# In the words of a sheet


@pytest.mark.parametrize(
    "conventions",
    [Conventions(weights="in-out"), Conventions("target-minus-output", "change", "in-out")],
    ids=["rows", "all"],
)
@pytest.mark.parametrize("name", ["dL_da1[0,1]", "dW1[1,0]", "W2[1,0]", "z2[0,1]", "loss"])
def test_pairs_and_carried_slips_are_told_as_single_ones_are(name: str, conventions: Conventions) -> None:
    case = case_of(replace(DEEP, conventions=conventions), DATA, name)
    scale = scale_of_question(case.passed, case.ref)
    known = known_mistakes(case, scale)
    words = {(one.mistake.id, one.is_carried): (one.mistake.name, one.mistake.rule) for one in known}
    every = list(pairs_of(case, known, Fits(case.truth, 1e300), tuple(worlds(case))))
    parts = [part for pair in every for part in (pair, pair.also) if part is not None]
    told = [part for part in parts if (part.mistake.id, part.is_carried) in words]
    assert len(told) > 20
    for part in told:
        assert (part.mistake.name, part.mistake.rule) == words[part.mistake.id, part.is_carried]


def test_rows_and_columns_are_those_of_the_sheet_in_a_pair_too() -> None:
    sheet = replace(DEEP, conventions=Conventions(weights="in-out"))
    value = (DELTA2[0] * W2[1][0] + DELTA2[1] * W2[1][1]) / 2
    judgement = check(case_of(sheet, DATA, "dL_da1[0,1]"), float(value), "weights-not-transposed", "forgot-two")
    assert "a column of the weights instead of a row" in judgement.message
    ours = check(case_of(DEEP, DATA, "dL_da1[0,1]"), float(value), "weights-not-transposed", "forgot-two")
    assert "a row of the weights instead of a column" in ours.message
