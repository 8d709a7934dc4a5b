"""The hunt: one known mistake in a worked pass, everything after it worked out rightly from it."""

from __future__ import annotations

import math
import re

import pytest

from nn_tutor.course.activities.hunt import Hunt, Trouble
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.tutor.hunting import MIN_APART, Worked, judge_line, work
from nn_tutor.walkthrough.questions import scale_of_question
from tests.networks import random_network

W, X, Y, LR = 2.75, 0.8, 1.05, 0.3
ONE = Network((Layer(weights=((W,),)),), learning_rate=LR)
PASSED = Timeline(ONE, Data(((X,),), ((Y,),))).at(1)


def worked(mistake: str = "", ref: str = "", seed: int = 0) -> Worked:
    found = work(ONE, PASSED, Hunt("hunt", mistake=mistake, ref=parse_ref(ref) if ref else None, seed=seed))
    assert found is not None
    return found


def values(found: Worked) -> dict[str, float]:
    return {line.ref.quantity: line.value for line in found.lines}


def test_what_follows_from_the_mistake_follows_rightly() -> None:
    found = worked("forgot-two")
    o = W * X
    assert str(found.lines[found.wrong].ref) == "dL_do[0,0]"
    assert values(found) == pytest.approx(
        {"a": o, "loss": (o - Y) ** 2, "dL_do": o - Y, "dz_dw": X, "dW": (o - Y) * X, "W": W - LR * (o - Y) * X}
    )
    assert [bool(line.theirs) for line in found.lines] == [place == found.wrong for place in range(len(found.lines))]


def mistake_in(found: Worked) -> str:
    assert found.candidate is not None
    return found.candidate.mistake.id


def test_a_mistake_is_put_where_it_is_wanted() -> None:
    found = worked(ref="W")
    assert found.lines[found.wrong].ref == Ref("W", 1, (0, 0))
    assert mistake_in(worked("sign-flipped", "dL_do")) == "sign-flipped"
    assert work(ONE, PASSED, Hunt("hunt", mistake="softmax-cross-sign")) is None
    assert work(ONE, PASSED, Hunt("hunt", mistake="forgot-two", ref=parse_ref("loss"))) is None


def test_another_seed_is_another_hunt_and_the_same_seed_the_same() -> None:
    drawn = [worked(seed=seed) for seed in range(12)]
    assert len({(found.wrong, mistake_in(found)) for found in drawn}) > 4
    again = [worked(seed=seed) for seed in range(12)]
    assert [found.lines for found in drawn] == [found.lines for found in again]


def test_lines_are_judged() -> None:
    found = worked("forgot-two")
    right = judge_line(found, str(found.wrong + 1))
    assert right.verdict == "correct"
    assert right.message.startswith("here somebody forgot the 2. ")
    assert judge_line(found, f" {found.wrong + 1}. ").is_right
    above = judge_line(found, "1")
    assert above.verdict == "wrong"
    assert "further down" in above.message
    below = judge_line(found, str(found.wrong + 2))
    assert below.verdict == "wrong"
    assert "an earlier one" in below.message


@pytest.mark.parametrize("text", ["", "0", "99", "-1", "x", "1.5", "²", "9" * 5000, "1 2"])
def test_what_is_no_line_costs_nothing(text: str) -> None:
    found = worked("forgot-two")
    judgement = judge_line(found, text)
    assert judgement.verdict == "invalid"
    assert not judgement.spends_attempt
    assert str(len(found.lines)) in judgement.message


def test_every_mistake_can_be_told_of_somebody() -> None:
    for mistake in MISTAKES:
        assert not mistake.name.startswith(("you", "were"))


def _pass_of(seed: int) -> tuple[Network, Pass]:
    network, data = random_network(seed, most_units=3)
    try:
        return network, Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")


@pytest.mark.parametrize("seed", range(30))
def test_on_any_network_the_first_wrong_line_is_the_one_with_the_mistake(seed: int) -> None:
    network, passed = _pass_of(seed)
    found = work(network, passed, Hunt("hunt", seed=seed))
    if found is None:
        pytest.skip("no mistake can be seen here")
    for place, line in enumerate(found.lines):
        truth = value_of(passed, line.ref)
        assert math.isfinite(line.value)
        if place < found.wrong:
            assert line.value == pytest.approx(truth, rel=1e-9, abs=1e-12), line
    wrong = found.lines[found.wrong]
    apart = abs(wrong.value - value_of(passed, wrong.ref))
    assert apart >= MIN_APART * scale_of_question(passed, wrong.ref)
    assert wrong.theirs
    assert found.candidate is not None
    assert not found.candidate.is_carried
    assert not found.candidate.mistake.is_convention
    assert [judge_line(found, str(place + 1)).is_right for place in range(len(found.lines))] == [
        place == found.wrong for place in range(len(found.lines))
    ]


def troubled(trouble: Trouble, layers: tuple[Layer, ...], inputs: tuple[float, ...], rate: float = 0.3) -> Worked:
    network = Network(layers, learning_rate=rate)
    passed = Timeline(network, Data((inputs,), ((0.3,) * network.outputs,))).at(1)
    found = work(network, passed, Hunt("hunt", trouble=trouble))
    assert found is not None
    assert [line.value for line in found.lines] == [value_of(passed, line.ref) for line in found.lines]
    return found


def test_troubles_are_found_where_they_begin() -> None:
    flat = troubled("saturation", (Layer(weights=((8.0,),), activation="sigmoid"),), (0.9,))
    assert flat.lines[flat.wrong].ref.quantity == "da_dz"
    dead = troubled("dead-relu", (Layer(weights=((-1.2,),), activation="relu"), Layer(weights=((1.0,),))), (0.9,))
    assert str(dead.lines[dead.wrong].ref) == "da_dz1[0,0]"
    wild = troubled("exploding", (Layer(weights=((70.0,),)), Layer(weights=((60.0,),))), (0.9,))
    assert abs(wild.lines[wild.wrong].value) > 1000
    assert all(abs(line.value) <= 1000 for line in wild.lines[: wild.wrong])
    uneven = troubled("bad-scaling", (Layer(weights=((0.1, 0.2),)),), (0.02, 400.0))
    assert str(uneven.lines[uneven.wrong].ref) == "dW1[0,1]"


def test_another_line_is_told_which_way_to_look() -> None:
    found = troubled("saturation", (Layer(weights=((8.0,),), activation="sigmoid"),), (0.9,))
    before, after = judge_line(found, str(found.wrong)), judge_line(found, str(found.wrong + 2))
    assert not before.is_right
    assert "further down" in before.message
    assert "further up" in after.message
    assert judge_line(found, str(found.wrong + 1)).is_right
    assert work(ONE, PASSED, Hunt("hunt", trouble="saturation")) is None


@pytest.mark.parametrize(
    ("trouble", "activation", "weight"), [("saturation", "sigmoid", 8.0), ("dead-relu", "relu", -1.2)]
)
def test_a_slope_that_is_small_because_of_the_one_that_is_meant_is_told_so(
    trouble: Trouble, activation: ActivationName, weight: float
) -> None:
    found = troubled(trouble, (Layer(weights=((weight,),), activation=activation), Layer(weights=((1.1,),))), (0.9,))
    delta = next(place for place, line in enumerate(found.lines) if str(line.ref) == "delta1[0,0]")
    assert judge_line(found, str(delta + 1)).message == "that comes of a line above it: look further up"


def test_the_reason_of_a_slip_holds_no_colon_behind_a_colon() -> None:
    for mistake in ("forgot-two", "forgot-input", "sign-flipped"):
        found = work(ONE, PASSED, Hunt("hunt", mistake=mistake))
        if found is not None:
            assert all(sentence.count(":") <= 1 for sentence in re.split(r"[.;] ", found.reason)), found.reason
