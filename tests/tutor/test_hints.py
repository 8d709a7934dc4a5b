"""The ladder of hints: each rung says more, none before the last says the answer, and what is put in comes out."""

from __future__ import annotations

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.tutor.hints import (
    HINT_LEVELS,
    NOT_DERIVED,
    hint,
    last_operation,
    rule_in_words,
    rungs_of,
    which_link,
    why,
)
from nn_tutor.walkthrough.order import refs_of_pass, shown_refs
from nn_tutor.walkthrough.questions import Question, make_question
from nn_tutor.walkthrough.steps import Step, make_step
from tests.networks import random_network

ONE = Network((Layer(weights=((2.75,),)),), learning_rate=0.3)
DATA = Data(((0.8,),), ((1.05,),))


def step(name: str, network: Network = ONE, data: Data = DATA, *, derived: bool = True) -> Step:
    passed = Timeline(network, data).at(1)
    return make_step(network, passed, parse_ref(name), SymPyDeriver() if derived else None)


def ladder(name: str, network: Network = ONE, data: Data = DATA) -> list[str]:
    line = step(name, network, data)
    return [hint(network, len(data.inputs), line, hint_level) for hint_level in range(1, HINT_LEVELS + 1)]


def test_the_ladder_of_an_update() -> None:
    link, rule, expression, numbers, whole = ladder("W1[0,0]")
    assert link == "w is updated last, when the backward pass has found its slope"
    assert "η times the slope" in rule
    assert expression == "w′ = w − η·∂L/∂w"
    assert numbers == "w′ = 2.75 − 0.3·1.84 = 2.75 − 0.552"
    assert whole == "w′ = w − η·∂L/∂w = 2.75 − 0.3·1.84 = 2.198"


def test_the_ladder_of_a_slope() -> None:
    _, rule, expression, numbers, whole = ladder("dL_do[0,0]")
    assert "twice e" in rule
    assert expression == "∂L/∂o = 2·(o − y)"
    assert numbers == "∂L/∂o = 2·(2.2 − 1.05) = 2·1.15"
    assert whole.endswith("= 2.3")


def test_the_lesson_may_write_the_first_two_rungs_alone() -> None:
    line, own = step("dL_do[0,0]"), ("first", "second", "third")
    assert [hint(ONE, 1, line, hint_level, own) for hint_level in (1, 2)] == ["first", "second"]
    assert "2·(o − y)" in hint(ONE, 1, line, 3, own)
    assert hint(ONE, 1, line, 1, ("", "second")) == which_link(ONE, 1, line.ref)
    assert hint(ONE, 1, line, 2, ("first",)) == rule_in_words(ONE, 1, line.ref)


def test_without_a_formula_the_later_rungs_say_that_it_is_coming_and_the_last_one_has_the_answer() -> None:
    line = step("W1[0,0]", derived=False)
    for hint_level in (3, 4):
        assert hint(ONE, 1, line, hint_level) == NOT_DERIVED
    assert hint(ONE, 1, line, 5) == f"w′ = {numeral(line.value)}"
    assert hint(ONE, 1, line, 2)


@pytest.mark.parametrize(
    ("substituted", "left"),
    [
        ("2·(1.7584 − 1.05)", "2·0.7084"),
        ("2.75 − 0.3·1.84", "2.75 − 0.552"),
        ("(2.2 − 1.05)²", "1.15²"),
        ("(−0.9425 − 0.85)²", "(−1.7925)²"),
        ("2^(1 + 2)", "2^3"),
        ("0.5·1.3 + 0.4·1.1", "0.65 + 0.44"),
        ("−0.5·(1 − 3)", "−0.5·(−2)"),
        ("−(1·ln(0.5) + 0·ln(0.2))", "−(−0.6931 + 0)"),
        ("−(2 − 5)", "−(2 − 5)"),
        ("1.5", "1.5"),
        ("−1.5", "−1.5"),
        ("1 if 0.5 > 0 else 0", "1 if 0.5 > 0 else 0"),
        ("σ(0.5)", "σ(0.5)"),
        ("", ""),
    ],
)
def test_the_last_operation(substituted: str, left: str) -> None:
    assert last_operation(substituted) == left


def test_an_answer_that_needs_no_operation_is_not_given_before_the_last_rung() -> None:
    hint_levels = ladder("dz_dw1[0,0,0]")
    assert not any("0.8" in hint_level for hint_level in hint_levels[:-1])
    assert hint_levels[-1] == "∂o/∂w = x = 0.8"
    held = Network((Layer(weights=((2.75,),), frozen=frozenset({(0, 0)})),), learning_rate=0.3)
    assert not any("2.75" in hint_level for hint_level in ladder("W1[0,0]", held)[:-1])


@pytest.mark.parametrize("seed", range(24))
def test_no_rung_before_the_last_holds_the_answer_and_each_leads_there(seed: int) -> None:
    network, data = random_network(seed, most_units=3, most_rows=2)
    try:
        passed = Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")
    rows, deriver = passed.X.shape[0], SymPyDeriver()
    for ref in shown_refs(network, rows)[seed % 4 :: 4]:
        line = make_step(network, passed, ref, deriver)
        asked = make_question(network, passed, "walk", "number", ref)
        for in_sight in (False, True):
            climbed = [
                hint(network, rows, line, rung, in_sight=in_sight) for rung in rungs_of(asked, line, in_sight=in_sight)
            ]
            if not line.rule or any(letter.isalpha() for letter in line.rule):  # a slope such as 1/6 is its own rule
                assert len(set(climbed)) == len(climbed)
        hint_levels = [
            *(hint(network, rows, line, rung) for rung in range(1, 3)),
            hint(network, rows, line, 3, in_sight=True),
            *(hint(network, rows, line, rung) for rung in range(4, HINT_LEVELS + 1)),
        ]
        assert all(hint_levels)
        shown = numeral(abs(line.value))
        if len(shown) > 2 and f" else {shown}" not in (line.rule or ""):  # a leak is one of two numbers to choose from
            assert not any(shown in hint_level for hint_level in hint_levels[:3]), (ref, hint_levels)
            assert shown in hint_levels[-1]
            assert not hint_levels[3].endswith(f"= {numeral(line.value)}"), (ref, hint_levels[3])
        assert line.substituted is not None
        try:
            whole, rest = _value(line.substituted), _value(last_operation(line.substituted))
        except ReadingError:
            continue
        assert rest == pytest.approx(whole, rel=2e-3, abs=2e-3), (ref, line.substituted)


def _value(written: str) -> float:
    return read(written.replace("·", "*").replace("²", "**2")).value


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_every_number_has_a_first_and_second_hint_and_a_why(seed: int) -> None:
    network, data = random_network(seed)
    rows = len(data.inputs)
    for ref in refs_of_pass(network, rows):
        assert which_link(network, rows, ref)
        assert not rule_in_words(network, rows, ref).startswith("work along"), ref
        assert why(network, rows, ref).startswith("right: ")


def test_losses_have_rules_of_their_own() -> None:
    rules = set()
    for kind in ("squared_error", "binary_cross_entropy", "output"):
        network = Network((Layer(weights=((2.75,),), activation="sigmoid"),), Loss(kind))
        rules.add(rule_in_words(network, 1, parse_ref("loss")))
    assert len(rules) == 3


def test_what_enters_a_later_layer_is_no_input() -> None:
    two = Network((Layer(weights=((0.4,), (0.3,)), activation="sigmoid"), Layer(weights=((0.2, 0.7),))))
    assert rule_in_words(ONE, 1, parse_ref("a1[0,0]")) == "the input times its weight"
    assert rule_in_words(two, 1, parse_ref("z1[0,0]")) == "the input times its weight"
    assert rule_in_words(two, 1, parse_ref("a2[0,0]")) == "each activation times its weight, all added up"


def question(line: Step, network: Network = ONE) -> Question:
    return make_question(network, Timeline(network, DATA).at(1), "walk", "number", line.ref)


def test_where_the_rule_is_in_sight_no_rung_repeats_it_alone() -> None:
    line = step("dL_do[0,0]")
    assert rungs_of(question(line), line) == (1, 2, 3, 4, 5)
    assert rungs_of(question(line), line, in_sight=True) == (1, 3, 4, 5)
    assert rungs_of(question(line), line, ("", "own words"), in_sight=True) == (1, 2, 3, 4, 5)
    assert hint(ONE, 1, line, 3, in_sight=True) == "∂L/∂o = 2·(o − y) = 2·(2.2 − 1.05)"


def test_a_rung_that_leaves_nothing_to_another_one_takes_its_place() -> None:
    product, lookup = step("a1[0,0]"), step("dz_dw1[0,0,0]")
    assert rungs_of(question(product), product, in_sight=True) == (1, 3, 5)  # one operation: it is left as it is
    assert rungs_of(question(lookup), lookup) == (1, 2, 3, 5)
    assert "look up what that is" in hint(ONE, 1, lookup, 3)
    underived = step("a1[0,0]", derived=False)
    assert rungs_of(question(underived), underived, in_sight=True) == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("loss", "rows", "scaled"),
    [
        (Loss(), 1, ""),
        (Loss(factor=0.5), 1, "; then the factor named in the top line"),
        (Loss(), 3, "; then the mean named in the top line"),
        (Loss(factor=0.5), 3, "; then the factor and the mean named in the top line"),
    ],
)
def test_the_rule_of_a_loss_names_the_factor_and_the_mean_where_it_has_them(loss: Loss, rows: int, scaled: str) -> None:
    said = rule_in_words(Network((Layer(weights=((0.6,),)),), loss), rows, parse_ref("loss"))
    assert said == f"output minus target, squared{scaled}"
