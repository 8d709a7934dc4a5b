"""Where one verdict ends and the next begins: at the edge of a tolerance, a digit, a rounding, a scale."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tutor.judging.judge import judge, judge_sign
from nn_tutor.judging.reading import read
from nn_tutor.judging.rounding import NEVER, Spread, Written
from nn_tutor.judging.tolerances import decimals_needed, is_within
from tests.judging.judged import candidate, from_yours, judged


def test_a_convention_is_not_seen_a_long_way_off_however_wide_the_rounding() -> None:
    wide, convention = Spread((Written(20.0, NEVER),)), candidate("half", 0.7358, convention=True)
    assert judged("0.75", conventions=[convention], spread=wide).verdict == "convention"
    assert judged("0.79", conventions=[convention], spread=wide).verdict != "convention"


def test_a_convention_comes_first_where_a_mistake_is_as_near() -> None:
    convention, doubled = candidate("half", 0.7358, convention=True), candidate("doubled", 0.7358)
    assert judged("0.73600", doubled, conventions=[convention]).verdict == "convention"


def test_of_several_known_conventions_the_nearest_is_told() -> None:
    near, far = candidate("sum", 0.7358, convention=True), candidate("mean", 0.7359, convention=True)
    judgement = judged("0.73584", near, far)
    assert judgement.message == "right in another convention: the rule of sum"
    assert judgement.mistakes == ("sum", "mean")


@pytest.mark.parametrize(
    ("text", "truth", "verdict"), [("0", 1e-12, "correct"), ("-", 0.0, "wrong"), ("+", 0.0, "wrong")]
)
def test_the_sign_of_what_may_be_the_rounding_of_zero(text: str, truth: float, verdict: str) -> None:
    assert judge_sign(text, truth).verdict == verdict


def test_a_zero_that_is_put_by_eye_is_not_missed_by_as_much_as_a_notch() -> None:
    by_eye = replace(read("0.4"), half_unit=0.5)
    assert judge(by_eye, 0.0, 0.0).verdict != "correct"
    assert judge(replace(read("0.0009"), half_unit=0.5), 0.0, 0.0).verdict == "correct"


def test_the_decimal_point_slips_by_no_more_than_six_places() -> None:
    assert judged("367900").message == "has the decimal point slipped?"
    assert judged("3679000").message != "has the decimal point slipped?"


def test_half_of_what_happens_is_too_coarse_to_follow_from_anything() -> None:
    assert judged("0.003", yours=from_yours(0.0032, 0.001)).verdict != "follow_through"
    assert judged("0.003", yours=from_yours(0.0032, 0.00101)).verdict == "follow_through"


def test_fewer_than_three_decimals_follow_only_where_they_say_enough() -> None:
    assert judged("3.00", yours=from_yours(3.002, 0.1)).verdict == "follow_through"
    assert judged("3.00", yours=from_yours(3.004, 0.07)).verdict == "more_digits"
    assert judged("3", yours=from_yours(3.2, 1.01)).verdict == "more_digits"


def test_a_whole_number_that_is_a_mistake_to_the_bit_is_named() -> None:
    assert judged("1", candidate("unit", 1.0), truth=1.2).mistakes == ("unit",)
    assert judged("1.0", candidate("unit", 1.0), truth=1.02).verdict == "more_digits"


def test_of_the_mistakes_that_rounding_hides_the_nearest_is_told() -> None:
    wide = Spread((Written(9.0, NEVER),))
    judgement = judged("0.369", candidate("lower", 0.367), candidate("upper", 0.3692), spread=wide)
    assert judgement.verdict == "more_digits"
    assert "or you made upper:" in judgement.message


def test_nothing_is_right_where_all_that_happens_is_noise() -> None:
    assert judged("0", truth=1e-12, scale=1e-12).verdict == "correct"
    assert judged("0", truth=1e-12, scale=2e-12).verdict != "correct"
    assert judged("0", truth=2e-12, scale=1e-12).verdict != "correct"


def test_decimals_that_leave_room_for_rounding_are_asked_for_up_to_eight() -> None:
    truth = 0.36787944
    for weight, decimals in ((9.0, 4), (1e6, 8), (1e7, 4)):
        assert decimals_needed(truth, truth, (), Spread((Written(weight, NEVER),))) == decimals
    assert decimals_needed(truth, 0.01, (), Spread((Written(9.0, NEVER),))) == 4  # 5 % of the scale, on the edge
    assert decimals_needed(truth, 0.01, (), Spread((Written(10.0, NEVER),))) == 5


@pytest.mark.parametrize(
    ("value", "truth", "half_unit"), [(1000.0000005, 1000.0, 5e-7), (7777.1234565, 7777.123456, 5e-7)]
)
def test_the_edge_of_a_tolerance_is_blurred_by_the_last_bits_of_both(
    value: float, truth: float, half_unit: float
) -> None:
    assert abs(value - truth) > half_unit
    assert is_within(value, truth, half_unit)
    assert not is_within(value + 1e-10, truth, half_unit)


def test_a_point_that_slipped_is_seen_to_the_digits_that_are_left() -> None:
    assert "decimal point" in judged("36.8").message
    assert "decimal point" in judged("0.0368").message
    assert "decimal point" not in judged("36.2").message
    assert "decimal point" not in judged("3.9").message
    assert "decimal point" in judged("37", truth=0.3658).message
    assert "decimal point" not in judged("37", truth=0.362).message


def test_a_mistake_is_named_only_from_the_decimals_on_that_are_asked_for() -> None:
    near_one = candidate("near", 0.9512)
    assert judged("0.9512", near_one).verdict == "diagnosed"
    assert judged("1", near_one).verdict != "diagnosed"
    assert judged("1", candidate("near", 1.0)).verdict == "diagnosed"
    on_step = judged("0.6000", candidate("near", 0.60004), truth=0.6036, scale=0.0036)
    assert on_step.verdict == "diagnosed"
