"""A typed formula is right in any spelling, wrong if it only looks so, named if it is a mistake, and never harmful."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tutor.calculus.equality import disproves
from nn_tutor.judging.expression import Expression
from nn_tutor.judging.formula import formula_names, judge_formula
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.judging.reading import read_formula
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from tests.counting import calls

ONE = Network((Layer(weights=((0.62,),)),))
SIGMOID = Network((Layer(weights=((0.62,),), biases=(0.28,), activation="sigmoid"),))
CHAIN = Network((Layer(weights=((0.62,),), activation="sigmoid"), Layer(weights=((-1.24,),), activation="tanh")))
RELUS = Network(tuple(Layer(weights=((0.5,),), activation="relu") for _ in range(2)))
SCALAR = Data(((1.37,),), ((-0.45,),))
VECTOR = Network(
    (Layer(weights=((0.5, 0.4), (-1.1, 1.2)), activation="sigmoid"), Layer(weights=((0.4, 1.2), (0.9, -1.1)))),
)
TWO = Data(((1.3, 1.1),), ((-0.7, 1.0),))
BATCH = Data(((1.37,), (0.8,)), ((-0.45,), (0.3,)))
ENTROPY = Network((Layer(weights=((0.62,),), activation="sigmoid"),), Loss("binary_cross_entropy"))
YES = Data(((1.37,),), ((1.0,),))


def judged(text: str, network: Network, data: Data, slope: str, *, proving: bool = True) -> Judgement:
    passed = Timeline(network, data).at(1)
    return judge_formula(text, network, passed, parse_ref(slope), disproves if proving else None)


@pytest.mark.parametrize("proving", [True, False])
@pytest.mark.parametrize(
    ("text", "network", "data", "slope"),
    [
        ("2*(o-y)*x", ONE, SCALAR, "dW1[0,0]"),
        ("x·2·(o − y)", ONE, SCALAR, "dW1[0,0]"),
        ("2*(w*x-y)*x", ONE, SCALAR, "dW1[0,0]"),
        ("2*w*x^2 - 2*x*y", ONE, SCALAR, "dW1[0,0]"),
        ("(o-y)*x + (o-y)*x", ONE, SCALAR, "dW1[0,0]"),
        ("-2*(y-o)*x", ONE, SCALAR, "dW1[0,0]"),
        ("dL_do*x", ONE, SCALAR, "dW1[0,0]"),
        ("dL_do·do_dw", ONE, SCALAR, "dW1[0,0]"),
        ("(o-y)*x/(1/2)", ONE, SCALAR, "dW1[0,0]"),
        ("2*(o-y)", ONE, SCALAR, "dL_do[0,0]"),
        ("x", ONE, SCALAR, "dz_dw1[0,0,0]"),
        ("o*(1-o)", SIGMOID, SCALAR, "da_dz1[0,0]"),
        ("sigmoid(z)*(1-sigmoid(z))", SIGMOID, SCALAR, "da_dz1[0,0]"),
        ("exp(-z)/(1+exp(-z))^2", SIGMOID, SCALAR, "da_dz1[0,0]"),
        ("2*(o-y)*o*(1-o)", SIGMOID, SCALAR, "db1[0]"),
        ("2*(o-y)*(1-o^2)*w2*a1*(1-a1)*x", CHAIN, SCALAR, "dW1[0,0]"),
        ("δ2*w2*a1*(1-a1)*x", CHAIN, SCALAR, "dW1[0,0]"),
        ("delta2*w2", CHAIN, SCALAR, "dL_da1[0,0]"),
        ("(o1-y1)*w211*a11*(1-a11)*x2 + (o2-y2)*w221*a11*(1-a11)*x2", VECTOR, TWO, "dW1[0,1]"),
        ("(x_1*(o_1-y_1) + x_2*(o_2-y_2))", ONE, BATCH, "dW1[0,0]"),
        ("o - y", ENTROPY, YES, "delta1[0,0]"),
        ("(o-y)*x", ENTROPY, YES, "dW1[0,0]"),
        ("2*o*do_dz2*w2*da1_dz1*x - 2*y*do_dz2*w2*da1_dz1*x", RELUS, SCALAR, "dW1[0,0]"),
    ],
)
def test_the_slope_in_any_spelling(text: str, network: Network, data: Data, slope: str, proving: bool) -> None:
    judgement = judged(text, network, data, slope, proving=proving)
    assert judgement.verdict == "correct", judgement
    assert judgement.is_right


@pytest.mark.parametrize("text", ["2*(o-y)*x + λ*w", "lambda*w - 2*(y-o)*x", "2*(o-y)*x + 0.2*w"])
def test_the_pull_of_l2_has_a_name(text: str) -> None:
    network = Network((Layer(weights=((0.62,),)),), l2=0.2)
    assert judged(text, network, SCALAR, "dW1[0,0]").verdict == "correct"
    assert judged(f"{text} + 1e-11*w", network, SCALAR, "dW1[0,0]").verdict == "wrong"
    assert "forgot-penalty" in judged("2*(o-y)*x", network, SCALAR, "dW1[0,0]").mistakes
    assert judged("2*(o-y)*x + λ*w", ONE, SCALAR, "dW1[0,0]").verdict == "invalid"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("(o-y)*x", "forgot-two"),
        ("2*(y-o)*x", "sign-flipped"),
        ("2*(o-y)", "forgot-input"),
        ("2*(o-y)*w", "weight-for-input"),
        ("2*o*x", "forgot-target"),
        ("(o-y)^2*x", "power-rule-not-applied"),
        ("w", "parameter-for-gradient"),
        ("lr*2*(o-y)*x", "step-for-gradient"),
        ("w-eta*2*(o-y)*x", "new-weight-for-gradient"),
    ],
)
def test_a_mistake_is_named_from_its_formula(text: str, mistake: str) -> None:
    judgement = judged(text, ONE, SCALAR, "dW1[0,0]")
    assert judgement.verdict == "diagnosed"
    assert judgement.mistakes[0] == mistake  # the one that is told


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("2*(o-y)*(1-o^2)*w2*x", "forgot-activation-derivative"),
        ("2*(o-y)*(1-o^2)*w2*a1*x", "value-for-derivative"),
        ("2*(o-y)*(1-o^2)*a1*(1-a1)*x", "forgot-weights"),
        ("2*(o-y)*(1-o^2)*w2*a1*(1-a1)", "forgot-input"),
    ],
)
def test_a_missing_link_is_named(text: str, mistake: str) -> None:
    assert mistake in judged(text, CHAIN, SCALAR, "dW1[0,0]").mistakes


@pytest.mark.parametrize("text", ["3*x", "0", "x^2", "2*(o-y)*x + 1e-3", "2*(o-y)*abs(x)", "2*o*y", "1.6*x", "L"])
def test_what_is_no_slope_is_wrong(text: str) -> None:
    judgement = judged(text, ONE, SCALAR, "dW1[0,0]")
    assert judgement.verdict == "wrong"
    assert not judgement.mistakes


def test_numbers_that_fit_here_alone_are_no_formula() -> None:
    truth = 2 * (0.62 * 1.37 + 0.45) * 1.37
    assert judged(repr(truth), ONE, SCALAR, "dW1[0,0]").verdict == "wrong"
    assert judged("2*(o-y)*1.37", ONE, SCALAR, "dW1[0,0]").verdict == "wrong"
    assert judged("2*(o+0.45)*x", ONE, SCALAR, "dW1[0,0]").verdict == "wrong"


@pytest.mark.parametrize(
    ("text", "network", "slope"),
    [
        ("2*(o-y)+1e-10*x", ONE, "dL_do[0,0]"),
        ("2*(o-y)*x+1e-11", ONE, "dW1[0,0]"),
        ("2*(o-y)*(1-o^2)*w2*a1*(1-a1)*x+1e-11*x", CHAIN, "dW1[0,0]"),
    ],
)
def test_sympy_disproves_what_the_points_cannot_tell(text: str, network: Network, slope: str) -> None:
    assert judged(text, network, SCALAR, slope, proving=False).verdict == "correct"
    assert judged(text, network, SCALAR, slope).verdict == "wrong"


def test_the_disprover_is_asked_only_of_what_agrees() -> None:
    asked: list[Expression] = []

    def never(network: Network, rows: int, ref: Ref, tree: Expression) -> bool:
        asked.append(tree)
        return True

    passed, ref = Timeline(ONE, SCALAR).at(1), parse_ref("dW1[0,0]")
    assert judge_formula("3*x", ONE, passed, ref, never).verdict == "wrong"
    assert asked == []
    assert judge_formula("2*(o-y)*x", ONE, passed, ref, never).verdict == "wrong"
    assert len(asked) == 1


@pytest.mark.parametrize("proving", [True, False])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_dead_relus_do_not_make_a_formula(depth: int, proving: bool) -> None:
    """At points where every ReLU is dead each slope is 0, and any formula with a ReLU in it agrees."""
    network = Network(tuple(Layer(weights=((0.5,),), activation="relu") for _ in range(depth)))
    for text in ("0", "x-x", "2*o*x"):
        assert not judged(text, network, SCALAR, "dW1[0,0]", proving=proving).is_right
    assert judged("δ1*x" if depth > 1 else "δ*x", network, SCALAR, "dW1[0,0]", proving=proving).is_right
    assert not judged("2*(o-y)", network, SCALAR, f"delta{depth}[0,0]", proving=proving).is_right


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1/2(o-y)",
        "2*(o-y",
        "q*x",
        "x y",
        "dL_dw",  # what is asked is no name
        '__import__("os").getcwd()',
        "x.__class__",
        "lambda: x",
        "9**9**9",
        "exp(exp(exp(9)))",
        "1/(x-x)",
        "log(0-x*x)",
        "(" * 60 + "x" + ")" * 60,
        "x" + "+x" * 200,
        "\u202ex\x00",
        "9" * 5000,
    ],
)
def test_hostile_input_is_refused_with_a_word(text: str) -> None:
    judgements = []
    assert calls(lambda: judgements.append(judged(text, ONE, SCALAR, "dW1[0,0]"))) < 100_000
    (judgement,) = judgements
    assert judgement.verdict == "invalid"
    assert judgement.message
    assert judgement.value is None
    assert judgement.message.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "2*(o-y)*x + 0*0.3^1e7",
        "2*(o-y)*x + 0.3^12345678",
        "2*(o-y)*x*1^1e9",
        "2*(o-y)*x + 0*((x+w+y)^90-(w+x)^90)",
        "2*(o-y)*x*((x^64)^64)^0",
    ],
)
def test_a_formula_that_is_right_but_huge_is_little_work(text: str) -> None:
    """Neither is a power multiplied out nor a number of millions of digits made."""
    verdicts = []
    plain = calls(lambda: judged("2*(o-y)*x", ONE, SCALAR, "dW1[0,0]"))
    huge = calls(lambda: verdicts.append(judged(text, ONE, SCALAR, "dW1[0,0]").verdict))
    assert verdicts[0] in ("correct", "wrong")
    assert huge < plain + 100_000


def test_no_names_after_the_one_that_is_asked() -> None:
    passed = Timeline(CHAIN, SCALAR).at(1)
    names = formula_names(CHAIN, passed, parse_ref("delta2[0,0]"))
    assert {"x", "y", "w1", "w2", "a1", "o", "dL_do", "lr"} <= set(names)
    assert not {"δ2", "δ1", "dL_dw2", "dL_dw1", "dL_da1"} & set(names)


def test_messages_name_only_rules() -> None:
    texts = ["(o-y)*x", "3*x", "2*(o-y)*x", "w"]
    rules = {mistake.rule.lower() for mistake in MISTAKES}
    for text in texts:
        judgement = judged(text, ONE, SCALAR, "dW1[0,0]")
        if judgement.verdict == "diagnosed":
            assert any(rule in judgement.message.lower() for rule in rules)
        assert "3.5" not in judgement.message


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("dL_do+do_dw", "links-added"),
        ("2*(o-y)+x", "links-added"),
        ("2*o-y*x", "forgot-brackets"),
        ("o-y", "forgot-input"),
    ],
)
def test_slips_are_seen_in_a_formula(text: str, mistake: str) -> None:
    judgement = judged(text, ONE, SCALAR, "dW1[0,0]")
    assert judgement.verdict == "diagnosed", judgement
    assert mistake in judgement.mistakes


def test_a_number_is_told_that_letters_are_asked_for() -> None:
    assert "letters" in judged("1.5*2", ONE, SCALAR, "dW1[0,0]").message


@pytest.mark.parametrize(
    ("text", "name", "number"), [("(o-1)*x", "y", "1"), ("-1/o*o*(1-o)*x", "y", "1"), ("(o-y)*1.37", "x", "1.37")]
)
def test_a_number_in_the_place_of_a_name_is_told_where_it_is_all_that_is_amiss(
    text: str, name: str, number: str
) -> None:
    judgement = judged(text, ENTROPY, YES, "dW1[0,0]")
    assert judgement.verdict == "wrong"
    assert f"right for the numbers here. Write {name} instead of {number}," in judgement.message
    assert "right" not in judged("(o-2)*x", ENTROPY, YES, "dW1[0,0]").message


def test_a_name_that_is_told_is_one_that_stands_on_the_screen() -> None:
    network = Network((Layer(weights=((-1.88, 1.47),), biases=(1.52,), activation="sigmoid"),), ENTROPY.loss)
    data = Data(((1.9, 0.74),), ((1.0,),))
    assert "Write y1 instead of 1," in judged("(o1-1)*x1", network, data, "dW1[0,0]").message
    assert "Write x1 instead of 1.9," in judged("(o1-y1)*1.9", network, data, "dW1[0,0]").message


def test_a_formula_that_lacks_the_sign_alone_is_told_so() -> None:
    for text in ("o*(o-1)", "-sigmoid(z)*(1-sigmoid(z))"):
        assert judged(text, SIGMOID, SCALAR, "da_dz1[0,0]").message.startswith("the size is right, the sign is not")


def test_another_slope_of_the_network_is_told_by_its_name() -> None:
    assert judged("(o-y)*2*x", ONE, SCALAR, "dL_do[0,0]").message == "that is ∂L/∂w; asked for is ∂L/∂o"


TURNED = Conventions(error="target-minus-output")


@pytest.mark.parametrize("proving", [True, False])
@pytest.mark.parametrize(
    ("text", "slope", "verdict"),
    [
        ("2*(y-o)", "dL_do[0,0]", "correct"),
        ("2*(o-y)", "dL_do[0,0]", "diagnosed"),
        ("2*(y-o)*o*(1-o)", "delta1[0,0]", "correct"),
        ("-dL_do*do_dz", "delta1[0,0]", "correct"),
        ("dL_do*do_dz", "delta1[0,0]", "diagnosed"),
        ("-delta*x", "dW1[0,0]", "correct"),
        ("delta*x", "dW1[0,0]", "diagnosed"),
        ("2*(o-y)*o*(1-o)*x", "dW1[0,0]", "correct"),
        ("y", "dL_do[0,0]", "wrong"),
    ],
)
def test_a_formula_has_the_signs_of_the_sheet(text: str, slope: str, verdict: str, proving: bool) -> None:
    network = replace(SIGMOID, conventions=TURNED)
    assert judged(text, network, SCALAR, slope, proving=proving).verdict == verdict


def test_what_sympy_proves_has_the_signs_of_the_sheet() -> None:
    network = replace(SIGMOID, conventions=TURNED)
    for text, is_other in (("-delta*x", False), ("delta*x", True), ("dL_do*o*(1-o)*x", False)):
        tree = read_formula(text, formula_names(network, Timeline(network, SCALAR).at(1), parse_ref("dW1[0,0]"))).tree
        assert disproves(network, 1, parse_ref("dW1[0,0]"), tree) == is_other
