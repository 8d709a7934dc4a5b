"""The list of known mistakes: each has one meaning, a name and a rule, is tried by hand, and never counts as right."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from nn_tutor.judging.conventions import SAME_SLIP
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.deviations import worlds
from nn_tutor.judging.mistakes.forward import FORWARD
from nn_tutor.judging.mistakes.known import MISTAKES, TELLABLE, known_mistakes
from nn_tutor.judging.mistakes.pairs import ALONE, FACTORS
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question
from tests.judging.worked_by_hand import (
    ONE,
    W,
    X,
    Y,
    asked,
    assert_silent,
    one_weight,
    vector,
)
from tests.networks import random_network


def test_an_id_has_one_meaning() -> None:
    """An id that stands in several lists is one mistake, made in several places."""
    assert {mistake.id for mistake in MISTAKES if sum(other.id == mistake.id for other in MISTAKES) > 1} == {
        "averages-exchanged",  # where m̂ is above 0, and below
        "betas-exchanged",  # in one line or in all, in two of them
        "root-of-average",
        "sums-multiplied",  # over inputs, over paths, over samples
        "added-target",  # where a target is negative, and where none is
        "another-target",  # of the loss, of the slope
        "another-unit",
        "forgot-brackets",
        "forgot-clamp",
        "forgot-leak",  # of the value, of the slope
        "forgot-margin",
        "forgot-minus",
        "forgot-penalty",
        "forgot-target",
        "half-convention",
        "huber-always-straight",
        "leak-everywhere",
        "mean-for-sum",
        "new-weight-for-gradient",  # itself, or the old one less the slope
        "one-product-left-out",  # of a dot product, of the paths back
        "one-sign-in-sum",
        "only-first-sample",
        "other-loss-slope",
        "z-for-output",
    }
    for mistake in MISTAKES:
        same = [other for other in MISTAKES if other.id == mistake.id]
        assert len({other.is_convention for other in same}) == 1, mistake.id


TESTS = Path(__file__).parent


def test_every_mistake_is_worked_out_by_hand_somewhere() -> None:
    """Whoever adds a mistake says what it comes to: beside this test, or in a file of its own in this folder."""
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.glob("*.py"))
    assert {mistake.id for mistake in MISTAKES if f'"{mistake.id}"' not in written} == set()


def test_a_slip_of_the_forward_pass_is_followed_into_the_slopes() -> None:
    """Its rows are in `deviations.py`; those left out are carried no further than the sum or the activation."""
    network, data = vector(2)
    passed = Timeline(network, data).at(1)
    followed = {one.mistake.id for one, _ in worlds(Case(network, passed, parse_ref("dW1[0,1]")))}
    assert {mistake.id for mistake in FORWARD} - followed == {"added-instead-of-multiplied"}


def test_mistakes_that_are_known_by_their_id_are_known() -> None:
    """The other lists of pairs are chosen by id as well, and refuse one that is no mistake."""
    assert {*FACTORS, *ALONE, *(one for same in SAME_SLIP.values() for one in same)} <= {one.id for one in MISTAKES}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_every_mistake_has_a_name_that_continues_you_and_a_rule(mistake: object) -> None:
    name, rule = getattr(mistake, "name", ""), getattr(mistake, "rule", "")
    assert name
    assert rule
    assert not name.startswith(("you ", "were ", "was ")), "it is said of somebody else too: “here somebody …”"
    assert not name.endswith(".")
    assert not rule.endswith(".")


def test_a_mistake_that_equals_the_truth_does_not_apply() -> None:
    """With x = 1 nothing is lost by forgetting it; with w = x, o = 2·y and a ReLU above 0 more slips are no slips."""
    assert asked(one_weight(), Data(((1.0,),), ((Y,),)), "dW1[0,0]").values("forgot-input") == []
    assert asked(one_weight(w=X), ONE, "dW1[0,0]").values("weight-for-input") == []
    assert asked(one_weight("relu"), ONE, "a1[0,0]").values("activation-skipped") == []
    assert asked(one_weight("relu"), ONE, "dW1[0,0]").values("forgot-activation-derivative") == []
    assert asked(one_weight(), Data(((X,),), ((W * X / 2,),)), "dL_do[0,0]").values("forgot-two") != []
    assert asked(one_weight(bias=0.0), ONE, "a1[0,0]").values("forgot-bias") == []


@pytest.mark.parametrize("seed", range(60))
def test_on_any_network_mistakes_are_numbers_other_than_the_truth(seed: int) -> None:
    network, data = random_network(seed)
    timeline = Timeline(network, data)
    try:
        first, second = timeline.at(1), timeline.at(2)
    except StoppedError:
        pytest.skip("this run stops")
    refs = refs_of_pass(network, first.X.shape[0])
    for place, ref in enumerate(refs[seed % 7 :: 7]):
        passed, previous = ((first, None), (second, first))[place % 2]
        truth, scale = value_of(passed, ref), scale_of_question(passed, ref)
        known = known_mistakes(Case(network, passed, ref, previous), scale)
        seen: set[tuple[str, float]] = set()
        for one in known:
            assert math.isfinite(one.value)
            assert one.value != truth
            assert abs(one.value - truth) > TELLABLE * scale
            assert (one.mistake.id, one.value) not in seen
            seen.add((one.mistake.id, one.value))
            assert one.slip.symbol
            assert one.slip.theirs
            assert one.slip.right
            assert one.slip.theirs != one.slip.right
            judgement = judge_text(repr(one.value), truth, scale, {}, known)
            assert not judgement.is_right
            assert_silent(judgement.message, truth)
        if scale:
            assert judge_text(repr(truth), truth, scale, {}, known).verdict == "correct"
