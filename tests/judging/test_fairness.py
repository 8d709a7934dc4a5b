"""Which questions are fair: the right answer is taken in any spelling, and no known mistake hides behind it."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from nn_tutor.judging.fairness import APART, MAX_DECIMALS, nearly_right, spellings, unfairness
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Candidate, Case, Mistake, Slip
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.questions import scale_of_question


def rules(network: Network, data: Data, asked: str) -> list[str]:
    passed, ref = Timeline(network, data).at(1), parse_ref(asked)
    scale = scale_of_question(passed, ref)
    known = known_mistakes(Case(network, passed, ref), scale)
    return [found.rule for found in unfairness(value_of(passed, ref), scale, known)]


def one(w: float, x: float, y: float, lr: float) -> tuple[Network, Data]:
    return Network((Layer(weights=((w,),)),), Loss(), learning_rate=lr), Data(((x,),), ((y,),))


def candidate(name: str, value: float) -> Candidate:
    return Candidate(Mistake(name, f"made {name}", "the rule", lambda case: ()), Slip(value, "g", "theirs", "right"))


def test_a_question_of_crooked_numbers_is_fair() -> None:
    for asked in ("a1[0,0]", "loss", "dL_do[0,0]", "dW1[0,0]", "W1[0,0]"):
        assert rules(*one(2.75, 0.8, 1.05, 0.3), asked) == [], asked


def test_an_answer_of_zero_is_not_asked() -> None:
    assert rules(*one(1.5, 1.2, 1.8, 0.3), "dW1[0,0]") == ["zero-answer"]
    assert [found.rule for found in unfairness(0.0, 0.0, [])] == ["zero-answer"]


def test_a_mistake_near_the_truth_is_unfair() -> None:
    for part, fair in ((0.04, False), (0.06, True), (-0.04, False), (-0.06, True)):
        known = [candidate("near", 1.2345 * (1 + part))]
        found = list(unfairness(1.2345, 1.2345, known))
        assert (not found) == fair, part
        if found:
            assert found[0].rule == "mistake-too-near"
            assert found[0].found.startswith("near: 1.")
            assert found[0].found.endswith(" against 1.2345: 4 % of the answer; 5 % are needed")


def test_an_author_reads_the_two_values_the_distance_and_the_scale() -> None:
    (found,) = unfairness(0.149781, 0.000219, [candidate("z-in-derivative", 0.149787)], "the step of 0.0002")
    assert found.found == ("z-in-derivative: 0.14979 against 0.14978: 3 % of the step of 0.0002; 5 % are needed")
    assert found.mend == "take other weights, data or learning rate, or accept it"


def test_a_distance_below_what_is_needed_never_reads_as_enough() -> None:
    (found,) = unfairness(1.0, 1.0, [candidate("near", 1.0496)])
    assert "4.96 % of the answer; 5 % are needed" in found.found


def test_the_nearest_mistakes_are_told_first_and_not_all_of_them() -> None:
    parts = {"a": 0.04, "b": -0.01, "c": 0.02, "d": 0.03, "e": 0.045}
    known = [candidate(name, 1 + part) for name, part in parts.items()]
    known.append(candidate("b", 1.049))  # in another way, farther off
    (found,) = unfairness(1.0, 1.0, known)
    assert [part.partition(":")[0] for part in found.found.split("; ")] == [
        "b", "c", "d", "and 2 more", "5 % are needed",
    ]  # fmt: skip
    assert [one.mistake.id for one in nearly_right(1.0, 1.0, known)] == ["b", "c", "d", "a", "e", "b"]


def test_too_small_a_step_needs_too_many_decimals() -> None:
    found = [found.rule for found in unfairness(2.0 / 3, 1e-7, [])]
    assert found == ["too-many-decimals"]


def test_what_an_author_reads_says_what_to_do() -> None:
    for found in (
        *unfairness(0.0, 0.0, []),
        *unfairness(2.0 / 3, 1e-7, []),
        *unfairness(1.0, 1.0, [candidate("m", 1.01)]),
    ):
        assert found.found
        assert found.mend.startswith("take other")


@pytest.mark.parametrize(
    ("truth", "decimals", "first"),
    [(0.36, 2, "0.36"), (-1 / 3, 4, "-0.3333"), (1e-5 / 3, 8, "0.00000333"), (12345.678, 3, "12345.678")],
)
def test_a_number_in_five_spellings(truth: float, decimals: int, first: str) -> None:
    texts = spellings(truth, decimals)
    assert texts[0] == first
    assert len(texts) == 5
    for text in texts:
        assert judge_text(text, truth, abs(truth)).verdict == "correct", text


TRUTHS = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(truth=TRUTHS, parts=st.lists(st.floats(-4, 4), max_size=5), of_step=st.floats(0.02, 1))
@example(truth=0.001, parts=[1.0, 1.25], of_step=0.02)
def test_what_is_fair_is_taken_in_any_spelling_and_tells_every_mistake(
    truth: float, parts: list[float], of_step: float
) -> None:
    scale = of_step * abs(truth)
    known = [candidate(f"m{place}", truth + part * scale) for place, part in enumerate(parts) if abs(part) > 1e-3]
    found = list(unfairness(truth, scale, known))
    decimals = decimals_needed(truth, scale, known)
    if any(abs(one.value - truth) < APART * scale for one in known):
        assert [one.rule for one in found] == ["mistake-too-near"]
    assume(not found)
    assert decimals <= MAX_DECIMALS
    for text in (*spellings(truth, decimals), f" {truth!r} ", f"{truth:.17g}", f"({truth!r})", f"2*({truth!r})/2"):
        assert judge_text(text, truth, scale, {}, known).verdict == "correct", text
    for more in range(decimals, 10):
        assert judge_text(f"{truth:.{more}f}", truth, scale, {}, known).verdict == "correct"
    for made in known:
        judgement = judge_text(f"{made.value:.{decimals}f}", truth, scale, {}, known)
        assert not judgement.is_right
        assert judgement.verdict == "diagnosed"


def test_a_mistake_that_reads_as_another_in_the_decimals_asked_for_is_unfair() -> None:
    known = [candidate("one", 0.00011), candidate("other", 0.0001)]
    (found,) = unfairness(1.2345, 1.2345, known)
    assert found.rule == "mistake-not-told"
    assert found.found == "one, typed as asked, is taken for other"
