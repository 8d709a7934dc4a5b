"""A pass with the learner's own numbers in it, and the mistakes that are made in such a pass."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.own_pass import own_case, own_pass
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.evaluation import evaluate
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.order import refs_of_pass
from tests.judging.careful import homework_of

HIDDEN = Layer(weights=((0.21, -0.42), (0.33, 0.14)), biases=(0.1, -0.3), activation="sigmoid")
LAST = Layer(weights=((0.52, -0.23), (0.31, 0.44), (-0.17, 0.6)), biases=(0.2, 0.05, -0.1), activation="tanh")
SOFTMAX = Layer(weights=LAST.weights, activation="softmax")
BATCH = Data(((0.35, 0.9), (0.8, -0.2)), ((0.5, 0.1, 0.7), (0.3, 0.7, 0.2)))
CLASSES = Data(((0.35, 0.9), (0.8, -0.2)), ((0, 0, 1), (1, 0, 0)))

NETWORKS = {
    "sums": (Network((HIDDEN, LAST), Loss(outputs="sum"), learning_rate=0.3), BATCH),
    "means, L2": (Network((HIDDEN, HIDDEN, LAST), learning_rate=0.3, l2=0.1), BATCH),
    "softmax": (Network((HIDDEN, SOFTMAX), Loss("squared_error"), learning_rate=0.3), CLASSES),
    "fused": (Network((HIDDEN, SOFTMAX), Loss("categorical_cross_entropy"), learning_rate=0.3), CLASSES),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_number_of_it_is_what_follows_from_the_learners_own(name: str) -> None:
    """The whole pass at once, and the graph number by number, are two ways to the same."""
    network, data = NETWORKS[name]
    passed, draw = Timeline(network, data).at(1), random.Random(7)
    refs = refs_of_pass(network, 2)
    left_out = {"dz_da", "dz_dw", "loss", "step", "W", "b", "delta_sample"}  # repeated, at the end, or another name
    seen = 0
    for place, ref in enumerate(refs):
        before = [one for one in refs[:place] if one.quantity not in left_out]
        if name == "fused":  # there a loss is taken from z, whatever the output
            before = [one for one in before if one.quantity != "a" or one.layer == 1]
        given = {one: 1.4 * value_of(passed, one) + 0.03 for one in draw.sample(before, min(len(before), 3))}
        own = own_case(Case(network, passed, ref), given)
        assert own is not None
        assert own.truth == pytest.approx(evaluate(network, passed, ref, given), rel=1e-12, abs=1e-15), (ref, given)
        if own.is_slope:
            assert own.slope(own.workings) == pytest.approx(own.truth, rel=1e-12, abs=1e-15), (ref, given)
            seen += 1
    assert seen > 20


def test_new_parameters_and_a_loss_of_ones_own_stand_in_it_too() -> None:
    network, data = NETWORKS["sums"]
    passed = Timeline(network, data).at(1)
    given = {parse_ref("W2[0,1]"): 0.77, parse_ref("b1[0]"): -0.5, parse_ref("loss"): 3.0}
    own = own_pass(network, passed, given)
    assert own is not None
    assert [value_of(own, ref) for ref in given] == list(given.values())
    assert value_of(own, parse_ref("W2[1,1]")) == value_of(passed, parse_ref("W2[1,1]"))
    assert value_of(passed, parse_ref("W2[0,1]")) != 0.77


def test_there_is_none_where_the_loss_cannot_take_an_output() -> None:
    network = Network((replace(LAST, activation="sigmoid"),), Loss("binary_cross_entropy"), learning_rate=0.3)
    passed = Timeline(network, Data(((0.35, 0.9),), ((1, 0, 1),))).at(1)
    outside = {parse_ref("z1[0,0]"): 900.0, parse_ref("a1[0,0]"): 1.5}
    assert own_pass(replace(network, loss=Loss("hinge")), passed, outside) is not None
    tanh = replace(network, layers=(LAST,))
    assert own_pass(tanh, passed, outside) is None


# What goes wrong with one's own numbers

DATA = Data(((0.35, 0.9),), ((0.5, 0.1, 0.7),))
SHEET = Network((HIDDEN, replace(LAST, activation="sigmoid")), Loss(factor=0.5, outputs="sum"), learning_rate=0.3)


def judged(name: str, value: float, earlier: Mapping[str, float], number: int = 1) -> Judgement:
    """A number typed with seven decimals after others of the first pass, as homework."""
    run = LessonRun(homework_of(SHEET, DATA))
    own = {1: {parse_ref(ref): had for ref, had in earlier.items()}}
    return judge_question(run, 0, run.question(0, number, parse_ref(name)), f"{value:.7f}", {}, own)


def right(name: str, number: int = 1) -> float:
    return value_of(Timeline(SHEET, DATA).at(number), parse_ref(name))


def test_a_slip_is_named_that_is_made_with_a_wrong_number_of_ones_own() -> None:
    own = 0.61
    judgement = judged("delta2[0,1]", own - 0.1, {"a2[0,1]": own})  # the slope of the activation is left out
    assert (judgement.verdict, judgement.mistakes) == ("diagnosed", ("forgot-activation-derivative",))
    assert judged("delta2[0,1]", (own - 0.1) * own * (1 - own), {"a2[0,1]": own}).verdict == "follow_through"
    weight = judged("W2[1,0]", 0.31 + 0.3 * 0.2 * right("a1[0,0]"), {"delta2[0,1]": 0.2})
    assert (weight.verdict, weight.mistakes) == ("diagnosed", ("added-step",))


def test_a_rare_slip_is_named_that_is_made_with_a_wrong_number_of_ones_own() -> None:
    own = 0.8
    error = own - 0.1
    judgement = judged("da_dz2[0,1]", error * (1 - error), {"a2[0,1]": own})
    assert (judgement.verdict, judgement.mistakes) == ("diagnosed", ("error-in-derivative",))


def test_no_slip_of_the_slope_is_seen_in_a_weight_made_from_ones_own_slope() -> None:
    """Half of a slope that was given is not the forgotten 2 of it: only the update can have gone wrong."""
    own = 0.4
    judgement = judged("W2[1,0]", 0.31 - 0.3 * own / 2, {"dW2[1,0]": own})
    assert judgement.verdict == "wrong"
    assert judged("W2[1,0]", 0.31 - own, {"dW2[1,0]": own}).mistakes == ("no-learning-rate",)


def test_another_convention_of_what_follows_from_ones_own_numbers_is_none_the_less_a_convention() -> None:
    own = 0.61
    follows = (own - 0.1) * own * (1 - own)
    judgement = judged("delta2[0,1]", -follows, {"a2[0,1]": own})
    assert (judgement.verdict, judgement.mistakes) == ("convention", ("target-minus-output",))
    assert judgement.message.startswith("consistent with your ")
    assert "right in another convention: your source takes the error as target − output" in judgement.message
    doubled = judged("dW2[1,0]", 2 * follows * right("a1[0,0]"), {"a2[0,1]": own})
    assert (doubled.verdict, doubled.mistakes) == ("convention", ("half-convention",))
    step = judged("W2[1,0]", 0.31 - 0.3 * 2 * follows * right("a1[0,0]"), {"a2[0,1]": own})
    assert (step.verdict, step.mistakes) == ("convention", ("half-convention",))


def test_a_slope_of_ones_own_has_its_convention_in_it_already() -> None:
    """Whose δ is given may not be doubled once more for a missing ½."""
    judgement = judged("dW2[1,0]", 2 * 0.2 * right("a1[0,0]"), {"delta2[0,1]": 0.2})
    assert judgement.verdict not in ("convention", "correct", "follow_through")


def test_a_mistake_in_every_pass_is_not_seen_where_the_first_pass_was_right() -> None:
    W1, b1 = np.array(HIDDEN.weights), np.array(HIDDEN.biases)
    W2, b2 = np.array(LAST.weights), np.array(LAST.biases)
    x, y = np.array(DATA.inputs[0]), np.array((DATA.targets or ())[0])
    for _ in range(2):  # without the slopes of the activations
        a = 1 / (1 + np.exp(-(W1 @ x + b1)))
        delta2 = 1 / (1 + np.exp(-(W2 @ a + b2))) - y
        delta1 = W2.T @ delta2
        W1, b1 = W1 - 0.3 * np.outer(delta1, x), b1 - 0.3 * delta1
        W2, b2 = W2 - 0.3 * np.outer(delta2, a), b2 - 0.3 * delta2
    first = judged("W2[1,0]", W2[1, 0], {}, number=2)
    assert (first.verdict, first.mistakes) == ("diagnosed", ("forgot-activation-derivative",))
    assert "in every pass" in first.message
    after = judged("W2[1,0]", W2[1, 0], {"W2[1,0]": right("W2[1,0]")}, number=2)
    assert not any("in every pass" in one.mistake.name for one in after.candidates)


def test_a_mistake_in_every_pass_is_told_in_the_words_of_the_sheet() -> None:
    """With a column for each unit it is a column that was taken for a row."""
    square = Layer(weights=((0.52, -0.23), (0.31, 0.44)), biases=(0.2, 0.05), activation="sigmoid")
    data = Data(((0.35, 0.9),), ((0.5, 0.1),))
    ours = Network((HIDDEN, square), Loss(factor=0.5, outputs="sum"), learning_rate=0.9)
    W1, W2 = np.array(HIDDEN.weights), np.array(square.weights)
    b1, b2 = np.array(HIDDEN.biases), np.array(square.biases)
    x, y = np.array(data.inputs[0]), np.array((data.targets or ())[0])
    for _ in range(2):
        a = 1 / (1 + np.exp(-(W1 @ x + b1)))
        o = 1 / (1 + np.exp(-(W2 @ a + b2)))
        delta2 = (o - y) * o * (1 - o)
        delta1 = (W2 @ delta2) * a * (1 - a)  # a row of the weights for each hidden unit, which has a column
        W1, b1 = W1 - 0.9 * np.outer(delta1, x), b1 - 0.9 * delta1
        W2, b2 = W2 - 0.9 * np.outer(delta2, a), b2 - 0.9 * delta2
    for network, words in (
        (ours, "a row of the weights instead of a column, in every pass"),
        (
            replace(ours, conventions=Conventions(weights="in-out")),
            "a column of the weights instead of a row, in e",
        ),
    ):
        run = LessonRun(replace(homework_of(network, data), purpose="lesson"))
        question = run.question(0, 2, parse_ref("W1[0,1]"))
        judgement = judge_question(run, 0, question, f"{W1[0, 1]:.8f}", {}, {})
        assert judgement.mistakes == ("weights-not-transposed",), judgement
        assert words in judgement.message


def test_a_right_answer_waits_for_nothing_that_could_be_wrong() -> None:
    def never(*_: object) -> None:
        pytest.fail("a right answer asks for no convention")

    run = LessonRun(homework_of(SHEET, DATA))
    question = run.question(0, 1, parse_ref("W1[0,1]"))
    run.conventions = run.variants = never  # type: ignore[assignment]
    had = {1: {parse_ref("z1[0,0]"): 7.0}}
    for text in (f"{question.truth!r}", f"{question.truth:.6f}"):
        assert judge_question(run, 0, question, text, {}, had).verdict == "correct"
    with pytest.raises(pytest.fail.Exception):
        judge_question(run, 0, question, f"{2 * question.truth:.6f}", {}, had)
