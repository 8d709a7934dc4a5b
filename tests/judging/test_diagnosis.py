"""Which mistake is named: the nearest, single ones before carried ones, several as either … or, and never in doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tutor.judging.diagnosis import MAX_NAMED, diagnose, distinct, in_convention, sentence
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Candidate, Mistake, Slip
from nn_tutor.judging.tolerances import decimals_needed


def candidate(name: str, value: float, *, carried: bool = False, convention: bool = False) -> Candidate:
    mistake = Mistake(name, f"made {name}", f"the rule of {name}", lambda case: (), is_convention=convention)
    return Candidate(mistake, Slip(value, "∂L/∂w", f"theirs of {name}", "right"), is_carried=carried)


def named(value: float, truth: float, *known: Candidate, tolerance: float = 0.01) -> tuple[str, ...]:
    return tuple(one.mistake.id for one in diagnose(value, tolerance, truth, abs(truth), known))


def test_the_nearest_mistake_is_named_and_one_far_off_is_not() -> None:
    near, far = candidate("near", 0.5), candidate("far", 0.7)
    assert named(0.5, 1.0, near, far) == ("near",)
    assert named(0.6, 1.0, near, far) == ()


def test_where_the_truth_is_as_near_no_mistake_is_named() -> None:
    assert named(0.995, 1.0, candidate("close", 0.99)) == ()
    assert named(0.994, 1.0, candidate("close", 0.99)) == ("close",)


def test_equal_mistakes_are_either_or_in_order_of_distance() -> None:
    known = (candidate("further", 0.502), candidate("nearer", 0.501))
    assert named(0.5, 1.0, *known) == ("nearer", "further")
    assert sentence(diagnose(0.5, 0.01, 1.0, 1.0, known)) == "either you made nearer, or you made further"


def test_one_that_fits_to_the_bit_leaves_no_room_for_one_that_nearly_does() -> None:
    assert named(0.5, 1.0, candidate("exact", 0.5), candidate("nearly", 0.504)) == ("exact",)


def test_single_mistakes_stand_before_carried_ones() -> None:
    single, carried = candidate("single", 0.5), candidate("carried", 0.5, carried=True)
    assert named(0.5, 1.0, carried, single) == ("single",)
    assert named(0.5, 1.0, carried) == ("carried",)
    # A carried one that fits, where the single one only fits roughly, is named.
    assert named(0.5, 1.0, carried, candidate("rough", 0.508)) == ("carried",)


def test_a_mistake_is_named_once_though_two_of_its_slips_fit() -> None:
    assert named(0.5, 1.0, candidate("same", 0.5), candidate("same", 0.5)) == ("same",)


def test_a_sentence_names_three_at_most() -> None:
    known = [candidate(f"m{place}", 0.5) for place in range(MAX_NAMED + 2)]
    assert sentence(known).count("you made") == MAX_NAMED


def test_a_carried_mistake_says_where_it_was_made() -> None:
    assert sentence([candidate("it", 0.5, carried=True)]) == "you made it in ∂L/∂w. The rule of it"


def test_a_convention_is_right_elsewhere_and_says_what_is_done_here() -> None:
    assert in_convention([candidate("it", 0.5, convention=True)]) == "right in another convention: the rule of it"


# In the judge


def verdict(text: str, truth: float, scale: float, *known: Candidate) -> tuple[str, tuple[str, ...]]:
    judgement = judge_text(text, truth, scale, {}, known)
    return judgement.verdict, judgement.mistakes


def test_a_weight_left_as_it_was_is_named_unless_rounding_swallowed_the_step() -> None:
    truth, unchanged = 0.6036, candidate("unchanged", 0.6)
    assert verdict("0.600", truth, 0.0036, unchanged) == ("diagnosed", ("unchanged",))
    for text in ("0.6", "0.60"):
        judgement = judge_text(text, truth, 0.0036, {}, [unchanged])
        assert judgement.verdict == "more_digits"
        assert judgement.message.startswith("this could be rounding, or you made unchanged: give 4 decimals")
    assert verdict("0.6036", truth, 0.0036, unchanged) == ("correct", ())


def test_a_whole_number_that_is_a_mistake_to_the_bit_is_named() -> None:
    assert verdict("1", 0.7744, 0.7744, candidate("one", 1.0)) == ("diagnosed", ("one",))
    assert verdict("1.0", 0.99, 0.99, candidate("one", 1.0)) == ("more_digits", ())


def test_a_rounding_that_fits_the_truth_and_a_mistake_asks_for_more_digits() -> None:
    mistake = candidate("near", 0.3695)
    judgement = judge_text("0.37", 0.3679, 0.3679, {}, [mistake])
    assert judgement.verdict == "more_digits"
    assert "give 4 decimals" in judgement.message
    assert verdict("0.3679", 0.3679, 0.3679, mistake) == ("correct", ())
    assert verdict("0.3695", 0.3679, 0.3679, mistake) == ("diagnosed", ("near",))


def test_what_the_truth_rounds_to_is_never_named_though_it_is_a_mistake_to_the_bit() -> None:
    assert verdict("0.37", 0.3679, 0.3679, candidate("exact", 0.37)) == ("more_digits", ())
    assert verdict("0.370", 0.3679, 0.3679, candidate("exact", 0.37)) == ("diagnosed", ("exact",))


def test_the_truth_to_the_bit_is_right_whatever_lies_near() -> None:
    assert verdict("0.3679", 0.3679, 0.3679, candidate("near", 0.36795)) == ("correct", ())


def test_a_mistake_nearer_than_the_truth_is_not_accepted_within_the_tolerance() -> None:
    assert verdict("0.3665", 0.3679, 0.3679, candidate("near", 0.366)) == ("diagnosed", ("near",))
    assert verdict("0.3665", 0.3679, 0.3679) == ("correct", ())


def test_what_fits_nothing_names_nothing() -> None:
    judgement = judge_text("0.9", 0.3679, 0.3679, {}, [candidate("near", 0.5)])
    assert (judgement.verdict, judgement.mistakes) == ("wrong", ())
    assert "made" not in judgement.message


# Laws

TRUTHS = st.floats(0.01, 100) | st.floats(-100, -0.01)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(truth=TRUTHS, parts=st.lists(st.floats(-3, 3), max_size=4), of_step=st.floats(0.01, 1))
def test_as_many_decimals_as_asked_for_tell_the_truth_from_every_mistake(
    truth: float, parts: list[float], of_step: float
) -> None:
    scale = of_step * abs(truth)
    known = [candidate(f"m{place}", truth + part * scale) for place, part in enumerate(parts) if abs(part) > 0.05]
    decimals = decimals_needed(truth, scale, known)
    if decimals == 12:
        return
    for given_decimals in (decimals, decimals + 2):
        judgement = judge_text(f"{truth:.{given_decimals}f}", truth, scale, {}, known)
        assert judgement.verdict == "correct"
    for one in known:
        judgement = judge_text(f"{one.value:.{decimals}f}", truth, scale, {}, known)
        assert judgement.verdict == "diagnosed"


@settings(max_examples=100, derandomize=True, deadline=None)
@given(truth=TRUTHS, parts=st.lists(st.floats(-3, 3), min_size=1, max_size=4), of_step=st.floats(0.01, 1))
@example(truth=-1 / 3, parts=[0.01], of_step=0.01)  # −0.3333 to the last bit, which the truth rounds to as well
def test_a_mistake_typed_in_full_is_never_right(truth: float, parts: list[float], of_step: float) -> None:
    scale = of_step * abs(truth)
    known = [candidate(f"m{place}", truth + part * scale) for place, part in enumerate(parts) if abs(part) > 1e-3]
    for one in known:
        judgement = judge_text(repr(one.value), truth, scale, {}, known)
        half = 10.0 ** Decimal(repr(one.value)).as_tuple().exponent / 2  # type: ignore[operator]
        if abs(one.value - truth) <= half:  # as many digits of the truth would read the same
            assert judgement.verdict == "more_digits"
        else:
            assert judgement.verdict == "diagnosed"
            assert one.mistake.id in judgement.mistakes
        text = f"{one.value:.4g}"
        for nearby in (text, f"{one.value:.2f}", f"({one.value!r})+0"):
            other = judge_text(nearby, truth, scale, {}, known)
            if other.is_right:
                assert abs(other.value - truth) <= min(abs(other.value - two.value) for two in known)  # type: ignore[operator]


@pytest.mark.parametrize("carried", [True, False])
def test_no_sentence_holds_a_number_of_the_case(carried: bool) -> None:
    assert "0.4242" not in sentence([candidate("it", 0.4242, carried=carried)])


def test_a_coarse_answer_is_not_named_after_whatever_lies_around_it() -> None:
    known = (candidate("log", 0.954), candidate("far", 2.4))
    assert judge_text("1", 2.1972, 2.1972, {}, known).verdict == "wrong"
    assert judge_text("0.9540", 2.1972, 2.1972, {}, known).mistakes == ("log",)
    assert judge_text("0.95", 2.1972, 2.1972, {}, known).mistakes == ("log",)  # within 1 % of the scale


def test_two_at_once_are_named_together_and_two_such_pairs_are_two() -> None:
    first, second, third = (candidate(name, 0.5) for name in ("first", "second", "third"))
    both = Candidate(first.mistake, first.slip, also=second)
    other = Candidate(first.mistake, first.slip, also=third)
    assert sentence((both,)) == "two things at once, it seems: you made first, and you made second"
    assert distinct((both, other)) == (both, other)
    assert "either you made first, and you made second; or you made first" in sentence((both, other))
