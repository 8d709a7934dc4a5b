"""Rounding on the way: its slack holds every learner who only rounds, and none of them is accused."""

from __future__ import annotations

import pytest

from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Candidate, Mistake, Slip
from nn_tutor.judging.rounding import NEVER, Spread, Written, places_of, spread_of
from nn_tutor.network.optimizer import Optimizer, RuleName
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from tests.judging.careful import homework_of, judged_by_hand, published, textbook, worked_by_hand

RIGHT = {"correct", "follow_through"}
SHEETS = [*published(), *textbook(seed=3, count=12)]


def candidate(name: str, value: float) -> Candidate:
    return Candidate(Mistake(name, f"made {name}", "the rule", lambda case: ()), Slip(value, "L", "theirs", "right"))


@pytest.mark.parametrize("decimals", [3, 4, 5])
@pytest.mark.parametrize("name", [name for name, _ in SHEETS])
def test_who_only_rounds_is_never_accused(name: str, decimals: int) -> None:
    lesson = dict(SHEETS)[name]
    for remembered in (False, True):
        for ref, text, judgement in judged_by_hand(lesson, decimals, remembered=remembered, most=12):
            assert judgement.verdict in {*RIGHT, "more_digits"}, (ref, text, judgement)


def test_what_follows_from_the_learners_own_rounded_numbers_is_taken() -> None:
    verdicts = [
        judgement.verdict
        for _, lesson in textbook(seed=5, count=6)
        for _, _, judgement in judged_by_hand(lesson, 4, remembered=True, most=20)
    ]
    assert sum(verdict in RIGHT for verdict in verdicts) >= 0.98 * len(verdicts)


@pytest.mark.parametrize("decimals", [2, 3, 4])
def test_the_slack_holds_what_rounding_does(decimals: int) -> None:
    for _, lesson in textbook(seed=11, count=12):
        lesson_run = LessonRun(lesson)
        network, passed = lesson_run.network(0), lesson_run.passed(0, 1)
        half_unit = 0.5 * 10.0**-decimals
        for ref, own in worked_by_hand(network, passed, decimals).items():
            off, slack = abs(own - value_of(passed, ref)), spread_of(network, passed, ref).slack(half_unit)
            assert off <= slack * 1.1 + 1e-12, (lesson.id, ref)  # to first order


def test_what_can_be_written_exactly_adds_nothing() -> None:
    spread = Spread((Written(3.0, 2), Written(2.0, NEVER)))
    assert spread.slack(0.0005) == pytest.approx(0.0005 + 2 * 0.0005)
    assert spread.slack(0.05) == pytest.approx(0.05 + 5 * 0.05)
    assert spread.slack(0.0) == 0.0


def test_nobody_rounds_to_fewer_decimals_than_the_numbers_have_that_one_starts_from() -> None:
    assert Spread((Written(1.0, NEVER),), given=2).slack(0.05) == pytest.approx(0.05 + 0.005)
    assert Spread((Written(1.0, NEVER),), given=2).slack(0.0005) == pytest.approx(0.001)


@pytest.mark.parametrize(
    ("value", "places"), [(0.36, 2), (5.0, 0), (-0.125, 3), (0.1 + 0.2, 1), (1 / 3, NEVER), (100.0, 0)]
)
def test_the_decimals_that_write_a_number(value: float, places: int) -> None:
    assert places_of(value) == places


def test_from_the_learners_own_number_on_only_what_comes_after_is_rounded() -> None:
    network = Network((Layer(weights=((0.62,),), activation="sigmoid"), Layer(weights=((-1.24,),))), learning_rate=0.3)
    passed = Timeline(network, Data(((1.37,),), ((0.4,),))).at(1)
    ref, own = parse_ref("dL_do[0,0]"), parse_ref("a2[0,0]")
    assert spread_of(network, passed, ref).slack(0.0005) > spread_of(network, passed, ref, {own: 0.9}).slack(0.0005)
    assert spread_of(network, passed, ref, {own: 0.9}).slack(0.0005) == pytest.approx(0.0005)


def test_in_a_later_pass_the_weights_were_rounded_too() -> None:
    network = Network((Layer(weights=((0.62,),)),), learning_rate=0.3)
    timeline = Timeline(network, Data(((1.37,),), ((0.4,),)))
    first, second = (spread_of(network, timeline.at(n), parse_ref("a1[0,0]")).slack(0.0005) for n in (1, 2))
    assert second > first + 1.37 * 0.0005


@pytest.mark.parametrize("rule", ["rmsprop", "adam"])
def test_below_a_root_a_rounded_average_carries_further_than_its_slope_says(rule: RuleName) -> None:
    network = Network((Layer(weights=((1.0,),)),), learning_rate=0.1, optimizer=Optimizer(rule, beta2=0.99))
    lesson_run = LessonRun(homework_of(network, Data(((0.1,),), ((-0.499,),))))
    passed, ref = lesson_run.passed(0, 1), parse_ref("step1[0,0]")
    own = worked_by_hand(network, passed, 4)  # v is 0.00014, rounded to 0.0001
    off, spread = abs(own[ref] - value_of(passed, ref)), spread_of(network, passed, ref)
    first_order = sum(one.weight for one in spread.written) * 0.5e-4
    assert first_order < off <= spread.slack(0.5e-4) < 2 * off
    judged = judge_question(lesson_run, 0, lesson_run.question(0, 1, ref), f"{own[ref]:.4f}", {}, {})
    assert judged.verdict == "more_digits"


# In the judge

WIDE = Spread((Written(4.0, NEVER),))


def test_what_rounding_and_a_mistake_explain_is_neither_right_nor_named() -> None:
    known = [candidate("near", 0.3694)]
    judgement = judge_text("0.369", 0.3679, 0.3679, {}, known, (), WIDE)
    assert judgement.verdict == "more_digits"
    assert judgement.message.startswith("this could be rounding, or you made near: give ")
    assert judge_text("0.369", 0.3679, 0.3679, {}, [], (), WIDE).verdict == "correct"


def test_what_rounding_explains_but_is_not_close_enough_wants_more_digits_and_spends_no_try() -> None:
    judgement = judge_text("0.385", 0.3679, 0.3679, {}, [], (), Spread((Written(40.0, NEVER),)))
    assert judgement.verdict == "more_digits"
    assert not judgement.spends_attempt
    assert judge_text("0.385", 0.3679, 0.3679).verdict == "near"


def test_of_mistakes_that_come_to_the_same_the_one_made_in_the_number_itself_is_named() -> None:
    carried = candidate("another", 0.89)._replace(is_carried=True)
    own = candidate("added", 0.89 - 1e-9)  # for the ε below a root
    coarse = Spread((Written(40.0, NEVER),))
    judgement = judge_text("0.89", 0.81, 0.04, {}, [carried, own], (), coarse)
    assert judgement.message.startswith("this could be rounding, or you made added: give ")
    assert judge_text("0.88", 0.81, 0.04, {}, [carried, own], (), coarse).message.startswith("that could be right: ")


def test_a_calculation_is_held_against_a_mistake_as_finely_as_the_numbers_in_it() -> None:
    known = [candidate("one-sample", 2.0008)]  # another batch's sum, halved, comes near by chance
    assert judge_text("(2.2521 + 2.1262 - 0.3637)/2", 1.3382, 1.3382, {}, known).verdict == "wrong"
    assert judge_text("(2.25 + 2.11 - 0.36)/2", 1.3382, 1.3382, {}, known).mistakes == ("one-sample",)
    assert judge_text("0.4002*5", 1.3382, 1.3382, {}, known).mistakes == ("one-sample",)


def test_a_number_that_vanishes_in_its_rounding_wants_more_digits() -> None:
    known = [candidate("another", 0.00003)]
    assert judge_text("0.0000", 1.7e-5, 1.7e-5, {}, known).verdict == "more_digits"
    assert judge_text("0.1000", 0.100035, 0.000035, {}, [candidate("unchanged", 0.1)]).verdict == "more_digits"


def test_a_calculation_with_rounded_numbers_in_it_is_rounded_as_they_are() -> None:
    known = [candidate("sequential", 0.19218)]
    judgement = judge_text("0.2 + 0.9*(-0.0087)*1", 0.19214789, 0.00785, {}, known, (), Spread((Written(1.0, NEVER),)))
    assert judgement.verdict == "more_digits"
    assert judge_text("0.2 + 0.9*(-0.0087)*1", 0.19214789, 0.00785, {}, ()).verdict == "correct"


def test_a_sheet_is_judged_as_homework_without_the_screen() -> None:
    network = Network((Layer(weights=((0.5,),)),), learning_rate=0.3)
    lesson = homework_of(network, Data(((1.7,),), ((0.2,),)))
    assert lesson.purpose == "homework"
    assert all(judgement.is_right for _, _, judgement in judged_by_hand(lesson, 5, remembered=True))
