"""One slip is not punished five times: what follows from an earlier wrong number is credited, and nothing else is."""

from __future__ import annotations

import math
import random

import pytest

from nn_tutor.judging.follow_through import Consequence, consequence_of, wrong_numbers
from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question
from tests.networks import random_network

W, B, X, Y, LR = 0.62, 0.28, 1.37, -0.45, 0.03
W1, W2 = 0.62, -1.24


def one(activation: ActivationName = "identity", loss: Loss | None = None, *, frozen: bool = False) -> Network:
    layer = Layer(
        weights=((W,),),
        biases=(B,),
        activation=activation,
        frozen=frozenset({(0, 0)} if frozen else ()),
    )
    return Network((layer,), loss or Loss(), learning_rate=LR)


def follows(network: Network, data: Data, asked: str, **earlier: float) -> Consequence:
    """The consequence of earlier numbers, whose names are written `dL_do__0_0` for `dL_do[0,0]`."""
    given = {parse_ref(_bracketed(name)): value for name, value in earlier.items()}
    found = consequence_of(network, Timeline(network, data).at(1), parse_ref(asked), given)
    assert found is not None
    return found


def _bracketed(name: str) -> str:
    quantity, found, index = name.partition("__")
    return f"{quantity}[{index.replace('_', ',')}]" if found else quantity


DATA = Data(((X,),), ((Y,),))
BATCH = Data(((X,), (0.8,)), ((Y,), (0.3,)))


def test_every_number_after_a_wrong_output() -> None:
    o = 0.9  # which is W·X + B = 1.1294
    assert follows(one(), DATA, "loss", a1__0_0=o).value == pytest.approx((o - Y) ** 2)
    assert follows(one(), DATA, "dL_do[0,0]", a1__0_0=o).value == pytest.approx(2 * (o - Y))
    assert follows(one(), DATA, "dW1[0,0]", a1__0_0=o).value == pytest.approx(2 * (o - Y) * X)
    assert follows(one(), DATA, "db1[0]", a1__0_0=o).value == pytest.approx(2 * (o - Y))
    update = follows(one(), DATA, "W1[0,0]", a1__0_0=o)
    assert update.value == pytest.approx(W - LR * 2 * (o - Y) * X)
    assert update.scale == pytest.approx(abs(LR * 2 * (o - Y) * X))


def test_the_nearer_of_two_wrong_numbers_counts() -> None:
    assert follows(one(), DATA, "dW1[0,0]", a1__0_0=0.9, dL_do__0_0=4.0).value == pytest.approx(4.0 * X)
    assert follows(one(), DATA, "W1[0,0]", dL_do__0_0=4.0, dW1__0_0=7.0).value == pytest.approx(W - LR * 7.0)
    assert follows(one(), DATA, "W1[0,0]", dW1__0_0=7.0, step1__0_0=0.5).value == pytest.approx(W - 0.5)


def test_a_wrong_sum_goes_through_the_activation() -> None:
    z = 0.4
    o = math.tanh(z)
    assert follows(one("tanh"), DATA, "a1[0,0]", z1__0_0=z).value == pytest.approx(o)
    assert follows(one("tanh"), DATA, "da_dz1[0,0]", z1__0_0=z).value == pytest.approx(1 - o * o)
    slope = 2 * (o - Y) * (1 - o * o) * X
    assert follows(one("tanh"), DATA, "dW1[0,0]", z1__0_0=z).value == pytest.approx(slope)


def test_wrong_links_of_a_chain() -> None:
    network = Network(
        (Layer(weights=((W1,),), activation="sigmoid"), Layer(weights=((W2,),), activation="tanh")), learning_rate=LR
    )
    a = 1 / (1 + math.exp(-W1 * X))
    assert follows(network, DATA, "dW1[0,0]", dL_da1__0_0=0.9).value == pytest.approx(0.9 * a * (1 - a) * X)
    assert follows(network, DATA, "dW1[0,0]", delta2__0_0=0.9).value == pytest.approx(0.9 * W2 * a * (1 - a) * X)
    assert follows(network, DATA, "dL_da1[0,0]", dz_da2__0_0=3.0, delta2__0_0=0.5).value == pytest.approx(1.5)
    assert follows(network, DATA, "dW1[0,0]", delta1__0_0=0.9, dz_dw1__0_0_0=2.0).value == pytest.approx(1.8)
    assert follows(network, DATA, "dX[0,0]", delta1__0_0=0.9).value == pytest.approx(0.9 * W1)


def test_a_wrong_sample_of_a_batch() -> None:
    truth = [2 * (W * x + B - y) / 2 for x, y in ((X, Y), (0.8, 0.3))]
    assert follows(one(), BATCH, "dW1[0,0]", dL_do__1_0=5.0).value == pytest.approx(truth[0] * X + 5.0 * 0.8)
    assert follows(one(), BATCH, "db1[0]", delta_sample1__1_0=5.0).value == pytest.approx(truth[0] + 5.0 / 2)


def test_a_fused_loss_takes_its_delta_from_the_output() -> None:
    network = one("sigmoid", Loss("binary_cross_entropy"))
    data = Data(((X,),), ((1.0,),))
    assert follows(network, data, "delta1[0,0]", a1__0_0=0.4).value == pytest.approx(0.4 - 1)
    assert follows(network, data, "dW1[0,0]", a1__0_0=0.4).value == pytest.approx((0.4 - 1) * X)
    assert follows(network, data, "loss", a1__0_0=0.4).message


def test_a_fused_loss_is_taken_of_the_output_that_was_given() -> None:
    network = one("sigmoid", Loss("binary_cross_entropy"))
    data = Data(((X,),), ((1.0,),))
    assert follows(network, data, "loss", a1__0_0=0.4).value == pytest.approx(-math.log(0.4))
    assert follows(network, data, "dL_do[0,0]", a1__0_0=0.4).value == pytest.approx(-1 / 0.4)


def test_two_names_of_one_number_are_one_number() -> None:
    assert follows(one(), DATA, "z1[0,0]", a1__0_0=0.9).value == 0.9
    assert follows(one(), DATA, "dL_do[0,0]", delta1__0_0=0.9).value == 0.9
    assert follows(one("tanh"), BATCH, "delta_sample1[1,0]", delta1__1_0=0.9).value == pytest.approx(1.8)


def test_an_output_that_was_given_for_one_sample_leaves_the_other_samples_alone() -> None:
    network = one("sigmoid", Loss("binary_cross_entropy"))
    data = Data(((X,), (0.8,)), ((1.0,), (0.0,)))
    other = 1 / (1 + math.exp(-(W * 0.8 + B)))
    expected = (-math.log(0.4) - math.log(1 - other)) / 2
    assert follows(network, data, "loss", a1__0_0=0.4).value == pytest.approx(expected)


def test_a_frozen_weight_stays_whatever_its_slope() -> None:
    assert follows(one(frozen=True), DATA, "W1[0,0]", dW1__0_0=7.0).value == W


def test_nothing_follows_from_nothing_nor_from_the_number_itself() -> None:
    passed, ref = Timeline(one(), DATA).at(1), parse_ref("dW1[0,0]")
    assert consequence_of(one(), passed, ref, {}) is None
    assert consequence_of(one(), passed, ref, {ref: 3.0}) is None


def test_what_leaves_the_range_of_numbers_has_no_consequence() -> None:
    passed = Timeline(one(), DATA).at(1)
    assert consequence_of(one(), passed, parse_ref("loss"), {parse_ref("a1[0,0]"): 1e300}) is None
    network = one("sigmoid", Loss("binary_cross_entropy"))
    passed = Timeline(network, Data(((X,),), ((1.0,),))).at(1)
    consequence_of(network, passed, parse_ref("loss"), {parse_ref("a1[0,0]"): -3.0})  # raises nothing


# As it is judged


def judged(text: str, asked: str, **earlier: float) -> tuple[str, str]:
    network, ref = one(), parse_ref(asked)
    passed = Timeline(network, DATA).at(1)
    scale = scale_of_question(passed, ref)
    known = known_mistakes(Case(network, passed, ref), scale)
    given = {parse_ref(_bracketed(name)): value for name, value in earlier.items()}
    consequence = consequence_of(network, passed, ref, given)
    judgement = judge_text(text, value_of(passed, ref), scale, {}, known, [consequence] if consequence else [])
    return judgement.verdict, judgement.message


def test_a_consequence_is_credited_and_says_whose() -> None:
    error = 2 * (0.9 - Y)
    verdict, message = judged(f"{error:.4f}", "dL_do[0,0]", a1__0_0=0.9)
    assert verdict == "follow_through"
    assert message == "consistent with your o = 0.9; o itself is 1.1294"


def test_of_several_earlier_numbers_each_is_told() -> None:
    _, message = judged(f"{W - LR * 7.0:.4f}", "W1[0,0]", dW1__0_0=7.0, dL_do__0_0=4.0)
    assert "7" in message
    assert "4" in message


def test_the_truth_is_right_whatever_came_before() -> None:
    assert judged(f"{2 * (W * X + B - Y):.6f}", "dL_do[0,0]", a1__0_0=0.9)[0] == "correct"


def test_a_new_mistake_on_top_is_not_credited() -> None:
    assert judged(f"{(0.9 - Y):.4f}", "dL_do[0,0]", a1__0_0=0.9)[0] in ("wrong", "diagnosed")


def test_a_known_mistake_that_is_nearer_is_named_instead() -> None:
    """The learner's o lets ∂L/∂o come to within a rounding of a known mistake: what is exactly the mistake is named.

    With too few digits to tell the two apart the learner's own numbers count.
    """
    mistake = W * X + B - Y  # forgot the 2
    earlier = mistake / 2 + Y + 1e-6
    assert judged(f"{mistake:.9f}", "dL_do[0,0]", a1__0_0=earlier)[0] == "diagnosed"
    assert judged(f"{mistake + 2e-6:.9f}", "dL_do[0,0]", a1__0_0=earlier)[0] == "follow_through"
    assert judged(f"{mistake:.4f}", "dL_do[0,0]", a1__0_0=earlier)[0] == "follow_through"


def test_an_earlier_number_makes_no_answer_right_that_is_too_coarse_without_it() -> None:
    error = 2 * (W * X + B - Y)  # 3.1588
    assert judged("3", "dL_do[0,0]", a1__0_0=W * X + B)[0] == "more_digits"
    assert judged("3", "dL_do[0,0]", a1__0_0=1.14)[0] == "more_digits"
    assert judged(f"{error:.2f}", "dL_do[0,0]", a1__0_0=1.12)[0] == "correct"


def test_an_earlier_number_that_was_taken_for_right_is_not_told_as_another() -> None:
    verdict, message = judged(f"{2 * (1.122 - Y):.4f}", "dL_do[0,0]", a1__0_0=1.122)  # 0.7 % beside o
    assert (verdict, message) == ("correct", "that is right")
    assert wrong_numbers(one(), Timeline(one(), DATA).at(1), {parse_ref("a1[0,0]"): 1.122}) == []
    assert len(wrong_numbers(one(), Timeline(one(), DATA).at(1), {parse_ref("a1[0,0]"): 1.11})) == 1


PAIRS = 100
"""How many pairs of an earlier and another number are drawn from each pass."""


@pytest.mark.parametrize("seed", range(24))
def test_the_truth_for_an_earlier_number_changes_nothing_and_another_one_only_what_is_later(seed: int) -> None:
    network, data = random_network(seed)
    try:
        passed = Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")
    refs = refs_of_pass(network, passed.X.shape[0])
    draw = random.Random(seed)
    for _ in range(PAIRS):
        place, other = draw.sample(range(len(refs)), 2)
        given, ref = refs[place], refs[other]
        truth = value_of(passed, ref)
        same = consequence_of(network, passed, ref, {given: value_of(passed, given)})
        assert same is not None
        assert same.value == pytest.approx(truth, rel=1e-9, abs=1e-12), (given, ref)
        if other < place and not _are_one_number(network, given, ref):
            changed = consequence_of(network, passed, ref, {given: value_of(passed, given) + 0.25})
            assert changed is None or changed.value == pytest.approx(truth, rel=1e-9, abs=1e-12), (given, ref)


def _are_one_number(network: Network, given: Ref, ref: Ref) -> bool:
    """Whether an earlier number goes by two names, of which the given one stands behind the other."""
    if ref.index != given.index:
        return False
    is_identity = given.layer is not None and network.layers[given.layer - 1].activation == "identity"
    names = (ref.quantity, given.quantity)
    if is_identity:
        return names == ("z", "a") or (ref.quantity in ("dL_do", "dL_da", "delta") and "delta" in given.quantity)
    return names == ("delta", "delta_sample")
