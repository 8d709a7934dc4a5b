"""Which answers are right, close, or could be right with more decimals."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nn_tutor.calculus.numerals import fixed
from nn_tutor.judging.corners import Beside
from nn_tutor.judging.judge import judge, judge_sign, judge_text
from nn_tutor.judging.judgement import Judgement, Verdict
from nn_tutor.judging.reading import read
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.questions import scale_of_question

TRUTHS = st.floats(1e-6, 1e6) | st.floats(-1e6, -1e-6)


def verdict(text: str, truth: float, scale: float | None = None) -> Verdict:
    return judge_text(text, truth, abs(truth) if scale is None else scale).verdict


@pytest.mark.parametrize(
    ("text", "truth", "expected"),
    [
        ("0.36", 0.36, "correct"),
        ("9/25", 0.36, "correct"),
        ("36%", 0.36, "correct"),
        ("0.3636", 0.36, "correct"),  # 1 % off, on the edge
        ("0.3637", 0.36, "near"),
        ("0.377", 0.36, "near"),
        ("0.379", 0.36, "wrong"),
        ("0.4", 0.36, "more_digits"),
        ("0.37", 0.3678794, "correct"),  # rounded to the two decimals typed
        ("0.12", 0.125, "correct"),  # half a unit off, on the edge
        ("0.13", 0.125, "correct"),
        ("0.37 + 0", 0.3608, "near"),  # the same, but a calculation is not rounded
        ("0.37", 0.3608, "near"),
        ("0", 0.36, "more_digits"),
        ("0.0", 0.36, "wrong"),
        ("-0.36", 0.36, "wrong"),
        ("1000", 1004.4, "correct"),
        ("1e3", 1004.4, "correct"),
        ("1e3", 1400.0, "more_digits"),
    ],
)
def test_a_value_is_judged_on_its_own_size(text: str, truth: float, expected: Verdict) -> None:
    assert verdict(text, truth) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.6036", "correct"),
        ("0.60361", "correct"),
        ("0.604", "more_digits"),
        ("0.60", "more_digits"),
        ("0.6", "more_digits"),
        ("0.600", "wrong"),  # the weight unchanged
        ("0.5964", "wrong"),  # added instead of subtracted
        ("0.6037", "near"),
        ("0.60376", "near"),
        ("0.06036", "wrong"),
    ],
)
def test_an_updated_weight_is_judged_on_its_step(text: str, expected: Verdict) -> None:
    weight, learning_rate, gradient = 0.6, 0.01, -0.36
    step = learning_rate * gradient
    assert verdict(text, weight - step, step) == expected


def test_the_update_with_the_wrong_sign_is_never_right() -> None:
    for gradient in (0.2, 0.36, 1.4168, -2.5):
        step = 0.01 * gradient
        for decimals in range(3, 9):
            judgement = judge_text(f"{0.6 + step:.{decimals}f}", 0.6 - step, step)
            assert judgement.verdict in ("wrong", "more_digits")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "correct"),
        ("0.0000", "correct"),
        ("-0.0", "correct"),
        ("0.1+0.2-0.3", "correct"),
        ("0.001", "wrong"),
        ("0.00001", "wrong"),
        ("1e-3", "wrong"),
    ],
)
def test_a_truth_of_zero_is_judged_absolutely(text: str, expected: Verdict) -> None:
    assert verdict(text, 0.0, 0.0) == expected


def test_a_weight_that_did_not_move_is_judged_on_its_own_size() -> None:
    assert verdict("0.6", 0.6, 0.0) == "correct"
    assert verdict("0.7", 0.6, 0.0) == "wrong"
    assert verdict("0.0001", 0.0004, 0.0) == "wrong"


def test_the_rounding_of_zero_takes_zero_and_a_tiny_value_takes_only_itself() -> None:
    noise = 0.1 + 0.2 - 0.3
    assert verdict("0", noise) == "correct"
    assert verdict("2e-15", 1e-15) == "wrong"
    assert verdict("1e-15", 1e-15) == "correct"


def test_an_element_of_a_vector_is_judged_on_its_own_size_or_a_hundredth_of_the_largest() -> None:
    network = Network((Layer(weights=((-2.0,), (-0.3,), (0.0,))),))
    passed = Timeline(network, Data(((1.0,),), ((0.0, 0.0, 0.0),))).at(1)
    own, none = (scale_of_question(passed, parse_ref(name)) for name in ("a1[0,1]", "a1[0,2]"))
    assert (own, none) == (0.3, 0.02)
    assert verdict("0", 0.0, none) == "correct"
    assert verdict("0.0005", 0.0, none) == "near"
    assert verdict("0.01", 0.0, none) == "wrong"


@pytest.mark.parametrize(("text", "wanted"), [("0.4", "correct"), ("0.4001", "wrong"), ("0.7", "wrong")])
def test_from_beyond_a_corner_only_the_number_itself_is_taken(text: str, wanted: Verdict) -> None:
    beside = Beside(0.4, slack=0.0, is_as_right=True, said="")
    assert judge(read(text, {}), 1.0, 1.0, besides=lambda half_unit: (beside,)).verdict == wanted


@pytest.mark.parametrize("text", ["3.6", "0.036", "360", "36", "0.00036"])
def test_a_slipped_decimal_point_is_named(text: str) -> None:
    judgement = judge_text(text, 0.36, 0.36)
    assert judgement.verdict == "wrong"
    assert "decimal point slipped" in judgement.message


@pytest.mark.parametrize("text", ["-3.6", "3.8", "0.72", "1e9", "0.0"])
def test_a_slip_that_does_not_fit_is_not_named(text: str) -> None:
    judgement = judge_text(text, 0.36, 0.36)
    assert judgement.verdict == "wrong"
    assert "slipped" not in judgement.message


def test_a_name_or_a_calculation_has_no_decimal_point_to_slip() -> None:
    for text in ("o", "0.3 * 12"):
        judgement = judge_text(text, 0.36, 0.36, {"o": 3.6})
        assert judgement.verdict == "wrong"
        assert "slipped" not in judgement.message


@pytest.mark.parametrize(
    ("text", "truth", "scale", "wanted"),
    [
        ("0.4", 0.36, 0.36, "give 2 decimals"),
        ("0.6", 0.6036, 0.0036, "give 4 decimals"),
        ("1e3", 1400.5, 1400.5, "give 1 decimal"),
        ("1e3", 1400.0, 1400.0, "whole number"),
        ("0.0", 1e-13 / 3, 1e-13 / 3, "right"),
        ("0.00", 3.3e-12, 3.3e-12, "every digit"),
    ],
)
def test_more_digits_says_how_many(text: str, truth: float, scale: float, wanted: str) -> None:
    assert wanted in judge_text(text, truth, scale).message


def test_what_cannot_be_read_is_invalid_and_spends_nothing() -> None:
    judgement = judge_text("1,5", 1.5, 1.5)
    assert judgement.verdict == "invalid"
    assert judgement.value is None
    assert "1.5" in judgement.message
    assert not judgement.spends_attempt


def test_names_reach_the_reader() -> None:
    assert judge_text("2*w", 1.2, 1.2, {"w": 0.6}) == Judgement("correct", "that is right", 1.2)


@pytest.mark.parametrize(
    ("name", "spends", "is_right"),
    [
        ("correct", False, True),
        ("follow_through", False, True),
        ("more_digits", False, False),
        ("near", True, False),
        ("diagnosed", True, False),
        ("wrong", True, False),
        ("invalid", False, False),
    ],
)
def test_which_verdicts_spend_an_attempt(name: Verdict, spends: bool, is_right: bool) -> None:
    judgement = Judgement(name, "…", None)
    assert (judgement.spends_attempt, judgement.is_right) == (spends, is_right)


@pytest.mark.parametrize(
    ("text", "truth", "expected"),
    [
        ("+", 0.36, "correct"),
        ("falls", -2.0, "correct"),
        ("0", 0.0, "correct"),
        ("-", 0.36, "wrong"),
        ("0", 0.36, "wrong"),
        ("+", 0.0, "wrong"),
        ("0", 5.6e-17, "correct"),
        ("+", 5.6e-17, "correct"),
        ("-0.36", -0.36, "invalid"),
        ("left", 0.36, "invalid"),
    ],
)
def test_signs(text: str, truth: float, expected: Verdict) -> None:
    assert judge_sign(text, truth).verdict == expected


@pytest.mark.parametrize(
    ("truth", "scale", "decimals"),
    [
        (0.36, 0.36, 2),
        (0.1 + 0.2, 0.3, 1),
        (5.0, 5.0, 0),
        (0.0, 0.0, 0),
        (1 / 3, 1 / 3, 4),
        (0.6036, 0.0036, 4),
        (2 / 3, 0.0036, 4),
        (2 / 3, 0.0001, 5),
        (2 / 3, 1e-9, 10),
        (2 / 3, 1e-13, 12),
        (1234.56789, 1234.56789, 4),
        (0.0000123456, 0.0000123456, 6),
    ],
)
def test_decimals_needed(truth: float, scale: float, decimals: int) -> None:
    assert decimals_needed(truth, scale) == decimals


def test_what_is_not_finite_cannot_be_asked() -> None:
    for truth, scale in ((math.nan, 1.0), (math.inf, 1.0), (1.0, math.inf)):
        with pytest.raises(ValueError, match="no answer"):
            judge_text("1", truth, scale)
        with pytest.raises(ValueError, match="no answer"):
            decimals_needed(truth, scale)


# Laws


@given(TRUTHS, st.floats(1e-4, 1.0))
@settings(max_examples=80)
def test_the_truth_rounded_as_asked_is_correct_and_so_is_the_truth_itself(truth: float, part: float) -> None:
    scale = part * abs(truth)
    assert verdict(repr(truth), truth, scale) == "correct"
    decimals = decimals_needed(truth, scale)
    assume(decimals < 12)
    for given_decimals in (decimals, decimals + 1, decimals + 4):
        assert verdict(f"{truth:.{given_decimals}f}", truth, scale) == "correct"


@given(TRUTHS, st.integers(0, 6))
@settings(max_examples=80)
def test_a_rounded_truth_never_spends_an_attempt(truth: float, decimals: int) -> None:
    assert verdict(f"{truth:.{decimals}f}", truth) in ("correct", "more_digits")


@given(st.integers(1_000, 999_999), st.integers(-2, 2))
def test_half_way_both_the_upper_and_the_lower_number_are_right(number: int, noise: int) -> None:
    truth = (10 * number + 5) / 100_000
    truth += noise * math.ulp(truth)
    for rounded in (number, number + 1):
        assert verdict(f"{rounded / 10_000:.4f}", truth) == "correct"
    assert float(fixed(truth, 4)) == (number + 1) / 10_000


@given(TRUTHS, st.floats(0.0501, 100.0), st.sampled_from([-1, 1]))
@settings(max_examples=80)
def test_a_calculation_more_than_five_percent_off_is_wrong(truth: float, part: float, sign: int) -> None:
    answer = truth + sign * part * truth
    assert verdict(f"({answer!r}) + 0", truth) == "wrong"


@given(TRUTHS, TRUTHS)
@settings(max_examples=80)
def test_no_message_reveals_the_truth(truth: float, answer: float) -> None:
    judgement = judge_text(repr(answer), truth, abs(truth))
    assert not any(f"{truth:.{digits}g}" in judgement.message for digits in (3, 4, 6))
