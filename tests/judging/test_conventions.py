"""An answer that is right in another convention is never wrong: it says what the other source does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.course.lesson import Purpose
from nn_tutor.judging.conventions import CONVENTIONS, conventions_of
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network, Reduction
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from tests.given_homework import HomeworkCase, homework_cases
from tests.judging import sheets
from tests.judging.careful import homework_of

HIDDEN = Layer(weights=((0.21, -0.42), (0.33, 0.14)), biases=(0.1, -0.3), activation="sigmoid")
LAST = Layer(weights=((0.52, -0.23), (0.31, 0.44), (-0.17, 0.6)), biases=(0.2, 0.05, -0.1), activation="sigmoid")
DATA = Data(((0.35, 0.9),), ((0.5, 0.1, 0.7),))
BATCH = Data(((0.35, 0.9), (0.8, -0.2), (0.1, 0.6)), ((0.5, 0.1, 0.7), (0.3, 0.7, 0.2), (0.9, 0.4, 0.6)))


def network(loss: Loss | None = None, **keys: object) -> Network:
    return Network((HIDDEN, LAST), loss or Loss(outputs="sum"), learning_rate=0.3, **keys)  # type: ignore[arg-type]


def judged(
    net: Network, data: Data, name: str, value: float, number: int = 1, purpose: Purpose = "homework"
) -> Judgement:
    lesson = replace(homework_of(net, data), purpose=purpose)
    lesson_run = LessonRun(lesson)
    question = lesson_run.question(0, number, parse_ref(name))
    return judge_question(lesson_run, 0, question, f"{value:.8f}", {}, {})


def truth(net: Network, data: Data, name: str, number: int = 1) -> float:
    return value_of(Timeline(net, data).at(number), parse_ref(name))


@pytest.mark.parametrize("name", ["dL_do[0,1]", "delta2[0,0]", "delta1[0,1]", "dL_da1[0,0]", "dW1[0,1]", "db1[1]"])
def test_the_sign_turns_along_the_chain_where_the_error_is_target_minus_output(name: str) -> None:
    value = truth(network(), DATA, name)
    judgement = judged(network(), DATA, name, -value)
    assert judgement.verdict == "convention"
    assert judgement.mistakes == ("target-minus-output",)
    assert not judgement.spends_attempt
    assert not judgement.is_right
    assert judgement.message.startswith("right in another convention: your source takes the error as target − output")
    teaching = judged(network(), DATA, name, -value, purpose="lesson")
    assert (teaching.verdict, "sign-flipped" in teaching.mistakes) == ("diagnosed", True)


def test_the_change_of_a_weight_is_the_step_with_the_other_sign() -> None:
    judgement = judged(network(), DATA, "step1[0,1]", -truth(network(), DATA, "step1[0,1]"))
    assert (judgement.verdict, judgement.mistakes) == ("convention", ("change-of-weight",))


@pytest.mark.parametrize("name", ["loss", "dL_do[0,1]", "dW1[0,1]", "W2[1,0]", "b1[0]"])
@pytest.mark.parametrize(("here", "there"), [(1.0, 0.5), (0.5, 1.0)])
def test_the_half_is_a_convention_both_ways(name: str, here: float, there: float) -> None:
    other = network(Loss(factor=there, outputs="sum"))
    judgement = judged(network(Loss(factor=here, outputs="sum")), DATA, name, truth(other, DATA, name))
    assert (judgement.verdict, judgement.mistakes) == ("convention", ("half-convention",))


def test_in_a_teaching_lesson_the_forgotten_2_stays_a_slip_and_says_where_it_would_be_right() -> None:
    half = network(Loss(factor=0.5, outputs="sum"))
    judgement = judged(network(), DATA, "dL_do[0,1]", truth(half, DATA, "dL_do[0,1]"), purpose="lesson")
    assert judgement.verdict == "diagnosed"
    assert "forgot-two" in judgement.mistakes


@pytest.mark.parametrize("name", ["loss", "dW1[0,1]", "W1[0,1]", "b2[0]"])
@pytest.mark.parametrize(("here", "there", "id_"), [("mean", "sum", "sum-for-mean"), ("sum", "mean", "mean-for-sum")])
def test_sums_and_means_over_the_outputs(name: str, here: Reduction, there: Reduction, id_: str) -> None:
    own = Loss(outputs=here)
    judgement = judged(network(own), DATA, name, truth(network(replace(own, outputs=there)), DATA, name))
    assert (judgement.verdict, judgement.mistakes) == ("convention", (id_,))


def test_a_convention_is_followed_through_all_passes() -> None:
    other = network(Loss(factor=0.5, outputs="sum"))
    for name in ("W1[0,1]", "delta1[0,0]", "loss"):
        judgement = judged(network(), BATCH, name, truth(other, BATCH, name, 2), 2)
        assert (judgement.verdict, judgement.mistakes) == ("convention", ("half-convention",))


def test_two_conventions_at_once() -> None:
    other = network(Loss(factor=0.5, outputs="sum"))
    judgement = judged(network(), DATA, "delta1[0,0]", -truth(other, DATA, "delta1[0,0]"))
    assert judgement.verdict == "convention"
    assert set(judgement.mistakes) == {"half-convention", "target-minus-output"}


def test_a_threshold_is_the_weight_of_minus_one() -> None:
    judgement = judged(network(), DATA, "b2[0]", -truth(network(), DATA, "b2[0]"))
    assert (judgement.verdict, judgement.mistakes) == ("convention", ("weight-of-minus-one",))


@pytest.mark.parametrize("base", [2, 10])
def test_another_logarithm(base: int) -> None:
    net = network(Loss("binary_cross_entropy", outputs="sum"))
    judgement = judged(net, DATA, "loss", truth(net, DATA, "loss") / float(np.log(base)))
    assert (judgement.verdict, judgement.mistakes) == ("convention", ("other-logarithm",))


def test_square_matrices_may_have_been_meant_the_other_way_round() -> None:
    turned = replace(HIDDEN, weights=tuple(zip(*(HIDDEN.weights or ()), strict=True)))
    other = replace(network(), layers=(turned, LAST))
    for here, there in (("z1[0,0]", "z1[0,0]"), ("a2[0,1]", "a2[0,1]"), ("W1[0,1]", "W1[1,0]")):
        judgement = judged(network(), DATA, here, truth(other, DATA, there))
        assert (judgement.verdict, judgement.mistakes) == ("convention", ("weights-in-out",)), here


def test_a_convention_in_which_the_number_is_the_same_is_none() -> None:
    net = Network((Layer(weights=((0.5,),)),), learning_rate=0.3)
    passed = Timeline(net, Data(((1.7,),), ((0.2,),))).at(1)
    for name in ("z1[0,0]", "a1[0,0]", "dz_dw1[0,0,0]"):
        ref = parse_ref(name)
        assert conventions_of(Case(net, passed, ref), abs(value_of(passed, ref))) == ()


def test_every_convention_has_words_that_say_what_is_done_here() -> None:
    assert len({one.id for one in CONVENTIONS}) == len(CONVENTIONS)
    for one in CONVENTIONS:
        assert one.is_convention
        assert "here" in one.rule or "this loss" in one.rule, one.id


# What a sheet declares


@pytest.mark.parametrize("purpose", ["homework", "lesson"])
@pytest.mark.parametrize("name", ["dL_do[0,1]", "delta1[0,1]", "dL_da1[0,0]", "delta2[0,1]"])
def test_where_a_sheet_declares_target_minus_output_its_sign_is_right(name: str, purpose: Purpose) -> None:
    sheet = network(conventions=Conventions(error="target-minus-output"))
    value = truth(sheet, DATA, name)
    judgement = judged(sheet, DATA, name, -value, purpose=purpose)
    assert judgement.verdict == "correct"
    assert judgement.value == pytest.approx(-value, abs=1e-7)
    ours = judged(sheet, DATA, name, value, purpose=purpose)
    assert (ours.verdict, ours.mistakes) == ("convention", ("output-minus-target",))
    assert ours.value == pytest.approx(value, abs=1e-7)


@pytest.mark.parametrize("name", ["dW1[0,1]", "db1[1]", "dX[0,0]"])
def test_the_slope_of_the_loss_is_what_it_is_on_any_sheet(name: str) -> None:
    sheet = network(conventions=Conventions(error="target-minus-output"))
    value = truth(sheet, DATA, name)
    assert judged(sheet, DATA, name, value).verdict == "correct"
    minus = judged(sheet, DATA, name, -value)
    assert (minus.verdict, minus.mistakes) == ("convention", ("minus-slope",))


def test_where_a_sheet_declares_the_change_only_the_step_turns() -> None:
    sheet = network(conventions=Conventions(step="change"))
    for name, sign in (("step1[0,0]", -1), ("dW1[0,0]", 1), ("W1[0,0]", 1)):
        assert judged(sheet, DATA, name, sign * truth(sheet, DATA, name)).verdict == "correct", name


def test_what_follows_from_a_number_of_the_sheet_is_taken_with_its_sign() -> None:
    sheet = network(conventions=Conventions(error="target-minus-output"))
    lesson_run = LessonRun(homework_of(sheet, DATA))
    delta, slope = parse_ref("delta1[0,1]"), parse_ref("dW1[1,0]")
    theirs = 0.0321
    question = lesson_run.question(0, 1, slope)
    judgement = judge_question(lesson_run, 0, question, f"{-theirs * 0.35:.6f}", {}, {1: {delta: theirs}})
    assert judgement.verdict == "follow_through"


def test_the_sign_alone_is_that_of_the_sheet() -> None:
    sheet = network(conventions=Conventions(error="target-minus-output"))
    lesson_run = LessonRun(homework_of(sheet, DATA))
    question = lesson_run.question(0, 1, parse_ref("delta1[0,1]"), "sign")
    right = "-" if truth(sheet, DATA, "delta1[0,1]") > 0 else "+"
    assert judge_question(lesson_run, 0, question, right, {}, {}).verdict == "correct"


def test_a_slip_that_gives_what_a_convention_gives_is_mentioned_too() -> None:
    net = Network((Layer(weights=((0.5,),)),), learning_rate=0.3)
    data = Data(((0.5,),), ((0.65,),))  # forgetting the input of 0.5 doubles the slope, as a missing ½ would
    half = replace(net, loss=Loss(factor=0.5))
    judgement = judged(half, data, "dW1[0,0]", truth(net, data, "dW1[0,0]"))
    assert judgement.verdict == "convention"
    assert judgement.mistakes[0] == "half-convention"
    assert "forgot-input" in judgement.mistakes
    assert ". Is that not yours? Then " in judgement.message


# The numbers of real sheets


@pytest.mark.parametrize("case", homework_cases(), ids=lambda case: f"{case.lesson} {case.question} {case.text}")
def test_the_numbers_of_real_sheets(case: HomeworkCase) -> None:
    judgement = sheets.judged(case)
    assert list(sheets.faults(case, judgement)) == [], judgement
