"""The order in which an answer is judged: truth, the learner's own numbers, rounding, conventions, mistakes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nn_tutor.judging.follow_through import Consequence
from nn_tutor.judging.judge import judge, right_at_once
from nn_tutor.judging.mistakes.case import Candidate
from nn_tutor.judging.reading import read
from nn_tutor.judging.rounding import NEVER, Spread, Written
from nn_tutor.judging.tolerances import decimals_needed
from tests.judging.judged import CREDIT, TRUTH, candidate, from_yours, judged

# The learner's own numbers


def test_to_the_digits_typed_a_consequence_counts_whatever_mistake_lies_near() -> None:
    near = candidate("near", 0.50004)
    judgement = judged("0.5000", near, yours=from_yours(0.50002))
    assert (judgement.verdict, judgement.message) == ("follow_through", CREDIT)
    assert judged("0.5000", candidate("exact", 0.5), yours=from_yours(0.50002)).verdict == "follow_through"
    assert judged("0.5000", candidate("exact", 0.5)).verdict == "diagnosed"


def test_within_one_percent_a_consequence_counts_where_no_mistake_is_nearer() -> None:
    yours = from_yours(0.5)
    assert judged("0.5040", yours=yours).verdict == "follow_through"
    assert judged("0.5060", yours=yours).verdict != "follow_through"
    assert judged("0.5040", candidate("nearer", 0.5041), yours=yours).verdict == "diagnosed"
    assert judged("0.5010", candidate("further", 0.5041), yours=yours).verdict == "follow_through"


def test_a_consequence_that_is_right_as_well_is_right() -> None:
    assert judged("0.3680", candidate("near", 0.36802), yours=from_yours(0.36798)).verdict == "correct"
    assert judged("0.3679", yours=from_yours(TRUTH)).verdict == "correct"


def test_a_number_that_rounding_swallowed_follows_from_nothing() -> None:
    """The step is 0.004: 0.6 says nothing of it, 0.600 does."""
    yours = from_yours(0.5965, 0.0035)
    unchanged = candidate("unchanged", 0.6)
    assert judged("0.6", unchanged, yours=yours, truth=0.6036, scale=0.0036).verdict == "more_digits"
    assert judged("0.597", unchanged, yours=yours, truth=0.6036, scale=0.0036).verdict == "follow_through"
    coarse = judged("0.600", unchanged, yours=from_yours(0.6004, 0.0004), truth=0.6036, scale=0.0036)
    assert coarse.verdict == "more_digits"
    assert judged("0.59650", unchanged, yours=yours, truth=0.6036, scale=0.0036).verdict == "follow_through"


def test_without_a_scale_a_consequence_is_judged_on_its_own_size() -> None:
    assert judged("0.5040", yours=from_yours(0.5, 0.0)).verdict == "follow_through"
    assert judged("0.5", yours=from_yours(0.5, 0.0)).verdict == "follow_through"


def test_what_is_rounded_once_more_on_the_way_from_them_is_theirs_or_wants_more_digits() -> None:
    yours = from_yours(0.5, spread=Spread((Written(3.0, NEVER),)))
    assert judged("0.502", yours=yours).verdict == "follow_through"
    rival = candidate("near", 0.5035)
    judgement = judged("0.502", rival, yours=yours)
    assert judgement.verdict == "more_digits"
    assert "or you made near" in judgement.message
    assert judged("0.506", yours=yours).verdict not in ("follow_through", "more_digits")


# Calculations


def test_a_calculation_is_held_more_closely_against_a_mistake_than_a_number() -> None:
    near = candidate("near", 0.9 * TRUTH)
    off = 0.9 * TRUTH + 0.007 * TRUTH
    assert judged(f"{off:.6f}", near).verdict == "diagnosed"
    assert judged(f"({off:.6f})+0", near).verdict == "wrong"


def test_numbers_in_a_calculation_are_rounded_only_where_they_are_finer_than_the_given_ones() -> None:
    wide = (Written(900.0, NEVER),)
    assert judged("0.201 + 0.2", spread=Spread(wide, given=2)).verdict == "more_digits"
    assert judged("0.201 + 0.2", spread=Spread(wide, given=3)).verdict == "wrong"
    assert judged("0.21 + 0.2", spread=Spread(wide)).verdict == "wrong"


# Conventions


def test_a_convention_comes_before_a_mistake_that_gives_the_same() -> None:
    judgement = judged("0.7358", candidate("doubled", 0.7358), conventions=[candidate("half", 0.7358, convention=True)])
    assert judgement.verdict == "convention"
    assert judgement.mistakes == ("half", "doubled")
    assert judgement.message == (
        "right in another convention: the rule of half. Is that not yours? Then you made doubled"
    )


def test_conventions_that_come_together_are_all_told() -> None:
    both = [candidate("half", 0.7358, convention=True), candidate("sign", 0.7358, convention=True)]
    judgement = judged("0.7358", conventions=both)
    assert judgement.mistakes == ("half", "sign")
    assert judgement.message.endswith("the rule of half; the rule of sign")


def test_beyond_rounding_the_nearer_of_convention_and_mistake_counts() -> None:
    convention = candidate("half", 0.7358, convention=True)
    assert judged("0.73900", candidate("closer", 0.73901), conventions=[convention]).verdict == "diagnosed"
    assert judged("0.73600", candidate("further", 0.7390), conventions=[convention]).verdict == "convention"
    assert judged("0.74500", conventions=[convention]).verdict == "wrong"


def test_a_convention_is_recognised_through_its_rounding_but_not_in_a_coarse_number() -> None:
    convention, wide = candidate("half", 0.7358, convention=True), Spread((Written(20.0, NEVER),))
    assert judged("0.745", conventions=[convention], spread=wide).verdict == "convention"
    assert judged("0.7", conventions=[candidate("half", 0.76, convention=True)], spread=wide, truth=3.0).verdict in (
        "convention",
        "more_digits",
        "wrong",
    )
    assert judged("0.8", conventions=[convention]).verdict != "convention"


def test_known_conventions_of_a_lesson_are_told_as_such_where_no_mistake_fits() -> None:
    convention = candidate("sum", 0.7358, convention=True)
    assert judged("0.7358", convention).verdict == "convention"
    judgement = judged("0.7358", convention, candidate("doubled", 0.7358))
    assert judgement.verdict == "diagnosed"
    assert set(judgement.mistakes) == {"sum", "doubled"}


# Rarer mistakes


def test_rarer_mistakes_are_worked_out_only_where_nothing_else_fits() -> None:
    asked = 0

    def rarer() -> tuple[Candidate, ...]:
        nonlocal asked
        asked += 1
        return (candidate("rare", 0.9),)

    def verdict(text: str, *known: Candidate) -> str:
        return judge(read(text), TRUTH, TRUTH, known, rarer=rarer).verdict

    assert verdict("0.3679") == "correct"
    assert verdict("0.9000", candidate("usual", 0.9)) == "diagnosed"
    assert asked == 0
    assert judge(read("0.9000"), TRUTH, TRUTH, (), rarer=rarer).mistakes == ("rare",)
    assert verdict("0.8") == "wrong"
    assert asked == 2


# Digits


@pytest.mark.parametrize(
    ("truth", "scale", "mistakes", "decimals"),
    [
        (0.36, 0.36, (), 2),
        (0.3679, 0.3679, (), 4),
        (0.36787944, 0.36787944, (), 4),
        (0.36787944, 0.36787944, (0.367872,), 5),
        (12.0, 12.0, (), 0),
        (0.6036, 0.0036, (0.6,), 4),
        (0.3672, 0.3672, (0.36725,), 4),  # half a unit off is rounded up, and is another number then
        (0.36722, 0.36722, (0.36725,), 5),  # the truth as it is rounded lies as near to it
        (0.36795, 0.36795, (0.36799,), 5),  # as it is rounded, it might be the truth rounded up
        (1 / 3, 1e-9, (), 10),
        (1 / 3, 1e-13, (), 12),
    ],
)
def test_the_decimals_that_are_asked_for(
    truth: float, scale: float, mistakes: tuple[float, ...], decimals: int
) -> None:
    assert decimals_needed(truth, scale, [candidate("near", value) for value in mistakes]) == decimals


@pytest.mark.parametrize(
    ("text", "truth", "said"),
    [
        ("0.4", 0.36787944, "give 4 decimals"),
        ("10", 12.0, "give it to the last whole number"),
        ("1e1", 12.5, "give 1 decimal"),
    ],
)
def test_more_digits_says_how_many(text: str, truth: float, said: str) -> None:
    judgement = judged(text, truth=truth)
    if judgement.verdict == "more_digits":
        assert said in judgement.message
    else:
        assert judgement.verdict in ("wrong", "near")


def test_where_twelve_decimals_are_not_enough_every_digit_is_asked_for() -> None:
    judgement = judged("0.3", truth=1 / 3, scale=1e-13)
    assert judgement.verdict == "more_digits"
    assert judgement.message.endswith("give every digit that you have")


def test_wide_rounding_on_the_way_asks_for_more_decimals_than_the_number_itself() -> None:
    narrow, wide = judged("0.37", truth=0.3749), judged("0.37", truth=0.3749, spread=Spread((Written(900.0, NEVER),)))
    assert narrow.verdict == "correct"
    assert wide.verdict == "correct"  # it is what the truth rounds to
    off = judged("0.40", truth=0.3749, spread=Spread((Written(900.0, NEVER),)))
    assert off.verdict == "more_digits"
    assert "give 5 decimals" in off.message


def test_no_more_decimals_are_wanted_than_the_question_says() -> None:
    """Where fewer were typed: who gave as many as it says, and rounded on the way, is told how many more."""
    spread = Spread((Written(900.0, NEVER),))
    for text, wanted in (("0.40", 4), ("0.4010", 5)):
        judgement = judge(read(text, {}), 0.3749, 0.3749, spread=spread, asked=lambda: 4)
        assert judgement.verdict == "more_digits"
        assert f"give {wanted} decimals" in judgement.message


# The learner's own numbers: conventions and mistakes


def own_numbers(
    value: float, mistakes: Sequence[Candidate] = (), conventions: Sequence[Candidate] = ()
) -> list[Consequence]:
    return [
        Consequence(value, abs(value), CREDIT, mistakes=lambda: mistakes, conventions=lambda: conventions),
    ]


def test_a_convention_of_ones_own_numbers_is_told_with_them() -> None:
    yours = own_numbers(0.5, conventions=[candidate("sign", -0.5, convention=True)])
    judgement = judged("-0.5", yours=yours)
    assert (judgement.verdict, judgement.mistakes) == ("convention", ("sign",))
    assert judgement.message == f"{CREDIT}; right in another convention: the rule of sign"


def test_a_convention_of_ones_own_numbers_is_measured_on_them() -> None:
    """1 % of the own number is little where that is small."""
    yours = own_numbers(0.01, conventions=[candidate("sign", -0.01, convention=True)])
    assert judged("-0.0100", yours=yours).verdict == "convention"
    assert judged("-0.0190", yours=yours).verdict != "convention"


def test_a_mistake_with_ones_own_numbers_counts_where_it_fits_better_than_another() -> None:
    theirs, other = candidate("theirs", 0.5), candidate("other", 0.502)
    assert judged("0.50000", other, yours=own_numbers(0.8, [theirs])).mistakes == ("theirs",)
    assert judged("0.50200", other, yours=own_numbers(0.8, [theirs])).mistakes == ("other",)


def test_a_mistake_with_ones_own_numbers_is_nearer_than_what_follows_from_them() -> None:
    near = candidate("near", 0.5041)
    assert judged("0.5040", yours=own_numbers(0.5, [near])).verdict != "follow_through"
    assert judged("0.5010", yours=own_numbers(0.5, [near])).verdict == "follow_through"


@pytest.mark.parametrize("text", ["0.3679", "0.36791", "0.37", "0.366", "0.40", "0.4", "0.5", "0"])
@pytest.mark.parametrize("weight", [0.0, 3.0, 900.0])
def test_what_is_right_at_once_is_right_in_the_end_too(text: str, weight: float) -> None:
    spread = Spread((Written(weight, NEVER),))
    for known in ([], [candidate("near", 0.3684)]):
        at_once = right_at_once(read(text), TRUTH, TRUTH, known, spread)
        if at_once is not None:
            assert at_once == judge(read(text), TRUTH, TRUTH, known, from_yours(0.9), spread)
    assert right_at_once(read("0.3679"), TRUTH, TRUTH, []) is not None
    assert right_at_once(read("0.37"), TRUTH, TRUTH, []) is not None
    for text in ("0.37", "0.3684", "0.4"):
        assert right_at_once(read(text), TRUTH, TRUTH, [candidate("near", 0.3684)]) is None


def test_a_mistake_that_gives_the_same_as_ones_own_numbers_takes_nothing_from_what_follows() -> None:
    judgement = judged("0.5040", candidate("same", 0.5), yours=from_yours(0.5))
    assert (judgement.verdict, judgement.message) == ("follow_through", CREDIT)


def test_what_is_rounded_on_the_way_to_a_new_weight_of_ones_own_is_measured_on_its_step() -> None:
    yours = from_yours(0.5965, 0.0035, Spread((Written(40.0, NEVER),)))
    assert judged("0.59669", yours=yours, truth=0.6036, scale=0.0036).verdict == "more_digits"
    assert judged("0.59665", yours=yours, truth=0.6036, scale=0.0036).verdict == "follow_through"


def test_a_convention_of_a_new_weight_of_ones_own_is_measured_on_its_step() -> None:
    conventions = [candidate("half", 0.6072, convention=True)]
    wide = Spread((Written(40.0, NEVER),))
    yours = [Consequence(0.6, 0.0036, CREDIT, wide, conventions=lambda: conventions)]
    assert judged("0.6073", yours=yours, truth=0.7, scale=0.0036).verdict == "convention"
    assert judged("0.6080", yours=yours, truth=0.7, scale=0.0036).verdict != "convention"


def test_to_the_digits_typed_a_known_mistake_is_not_outdone_by_one_of_ones_own_numbers() -> None:
    yours = own_numbers(0.8, [candidate("theirs", 0.50001)])
    assert judged("0.5000", candidate("known", 0.50004), yours=yours).mistakes == ("known",)


# Too few digits


def test_an_answer_that_says_little_is_told_of_a_mistake_only_where_it_is_that() -> None:
    """0.4 may be what the truth rounds to, and what much else rounds to as well."""
    rival, spread = candidate("near", 0.42), Spread((Written(3.0, NEVER),))
    assert judged("0.4", rival).message == "that could be right: give 4 decimals"
    assert "you made near" in judged("0.4", candidate("near", 0.4)).message
    assert "you made near" in judged("0.368", candidate("near", 0.3684), spread=spread).message


def test_a_coarse_answer_is_no_mistake_that_is_one_of_many() -> None:
    first, second = candidate("first", 0.998), candidate("second", 1.03)
    assert judged("1.0", first).mistakes == ("first",)  # the only one that rounds to it
    assert judged("1.0", first, second).verdict == "wrong"
    assert judged("1.00", first, second).mistakes == ("first",)
    assert judged("1.0", candidate("first", 1.0), second).mistakes == ("first",)
    own = [candidate("own", 0.998)]
    assert judge(read("1.0"), TRUTH, TRUTH, rarer=lambda: own).verdict == "wrong"
    assert judge(read("0.998"), TRUTH, TRUTH, rarer=lambda: own).mistakes == ("own",)
    assert judge(read("1.0"), TRUTH, TRUTH, rarer=lambda: [candidate("own", 1.0)]).mistakes == ("own",)


def test_a_calculation_is_told_where_its_digits_are_missing() -> None:
    spread, rival = Spread((Written(30.0, NEVER),)), candidate("near", 0.3705)
    assert judged("0.3693*1", rival, spread=spread).message == (
        "this could be rounding, or you made near: put more digits into the calculation to tell which"
    )
    assert "give" in judged("0.3693", rival, spread=spread).message


def test_a_calculation_that_rounds_to_the_truth_is_right_as_its_result_is() -> None:
    spread, rival = Spread((Written(30.0, NEVER),)), candidate("near", 0.3705)
    for text in ("0.36792", "0.36792*1", "0.36790+0.00003"):
        assert judged(text, rival, spread=spread).verdict == "correct", text
    assert judged("0.36791+0.0000", candidate("near", 0.36792), spread=spread).verdict == "more_digits"
