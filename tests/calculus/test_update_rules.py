"""The update rules in SymPy's book: equal to NumPy's numbers, and printed as they are computed."""

from __future__ import annotations

import random
import re

import pytest
from sympy import Expr

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.calculus.notation import fill_template
from nn_tutor.calculus.proof import prove
from nn_tutor.calculus.rules import CLIPPED, DIRECTIONS, STATES, symbols_of, template_of
from nn_tutor.judging.reading import read
from nn_tutor.network.optimizer import Clipping, Optimizer, Schedule
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.rules import CLIPPINGS, RULES, Line
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import StoppedError, Timeline
from tests.networks import numbers_of, random_run

DERIVER = SymPyDeriver()


def update_refs(network: Network, passed: Pass) -> list[Ref]:
    return [ref for ref in numbers_of(network, passed.X.shape[0]) if ref.phase == "update"]


@pytest.mark.parametrize("seed", range(40))
def test_sympy_and_numpy_agree_on_every_number_of_an_update(seed: int) -> None:
    network, data = random_run(seed)
    timeline = Timeline(network, data)
    for number in (1, 3):
        try:
            passed = timeline.at(number)
        except StoppedError:
            return
        for ref in update_refs(network, passed):
            agreement = DERIVER.prove(network, passed, ref)
            assert agreement is not None
            assert agreement.holds, (str(ref), value_of(passed, ref), agreement)


def on_a_line(text: str) -> float:
    """Work out a printed line with its numbers put in, as a learner would type it."""
    text = re.sub(r"√([\d.e−]+)", r"sqrt(\1)", text).replace("√(", "sqrt(").removesuffix(" (held)")
    return read(text.replace("0, held", "0")).value


@pytest.mark.parametrize("seed", range(40))
def test_the_printed_numbers_give_the_printed_value(seed: int) -> None:
    network, data = random_run(seed)
    try:
        passed = Timeline(network, data).at(2)
    except StoppedError:
        return
    for ref in update_refs(network, passed):
        if ref.quantity in ("rate", "norm"):
            continue
        line = DERIVER.derive(network, passed, ref)
        truth = value_of(passed, ref)
        assert on_a_line(line.full_substituted) == pytest.approx(truth, rel=1e-2, abs=2e-3), line


LINES: list[tuple[Line, Expr]] = []
for _rule, _record in RULES.items():
    LINES += zip(_record.states, STATES[_rule].values(), strict=True)
    if _record.direction is not None:
        LINES.append((_record.direction, DIRECTIONS[_rule]))
LINES += [(_line, CLIPPED[_kind]) for _kind, _line in CLIPPINGS.items() if _line is not None]


@pytest.mark.parametrize(("line", "expression"), LINES, ids=lambda one: getattr(one, "written", ""))
def test_what_is_printed_is_the_expression(line: Line, expression: Expr) -> None:
    draw = random.Random(5)
    for _ in range(10):
        values = [3.0 if name == "t" else round(draw.uniform(0.1, 0.9), 3) for name in line.of]
        printed = fill_template(template_of(line.written, line.of), [str(value) for value in values])
        known = dict(zip(symbols_of(line), values, strict=True))
        assert on_a_line(printed) == pytest.approx(float(expression.subs(known)), rel=1e-12)


NETWORK = (Layer(weights=((0.5, 0.4),), biases=(0.1,)),)
DATA = Data(((1.3, 1.1),), ((-0.7,),))


@pytest.mark.parametrize(
    ("optimizer", "ref", "symbol", "rule"),
    [
        (Optimizer("momentum"), "velocity1[0,0]", "v₁₁′", "μ·v₁₁ + ∂L/∂w₁₁"),
        (Optimizer("momentum"), "W1[0,0]", "w₁₁′", "w₁₁ − η·v₁₁′"),
        (Optimizer("momentum"), "b1[0]", "b₁′", "b₁ − η·vᵇ₁′"),
        (Optimizer("nesterov"), "W1[0,0]", "w₁₁′", "w₁₁ − η·(∂L/∂w₁₁ + μ·v₁₁′)"),
        (Optimizer("rmsprop"), "v1[0,1]", "v₁₂′", "ρ·v₁₂ + (1 − ρ)·(∂L/∂w₁₂)²"),
        (Optimizer("rmsprop"), "W1[0,0]", "w₁₁′", "w₁₁ − η·∂L/∂w₁₁/(√v₁₁′ + ε)"),
        (Optimizer("adam"), "m1[0,0]", "m₁₁′", "β₁·m₁₁ + (1 − β₁)·∂L/∂w₁₁"),
        (Optimizer("adam"), "m_hat1[0,0]", "m̂₁₁", "m₁₁′/(1 − β₁^t)"),
        (Optimizer("adam"), "v_hat_b1[0]", "v̂ᵇ₁", "vᵇ₁′/(1 − β₂^t)"),
        (Optimizer("adam"), "W1[0,0]", "w₁₁′", "w₁₁ − η·m̂₁₁/(√v̂₁₁ + ε)"),
        (Optimizer("adamw", weight_decay=0.1), "W1[0,0]", "w₁₁′", "w₁₁ − η·m̂₁₁/(√v̂₁₁ + ε) − η·λ·w₁₁"),
        (Optimizer("adamw", weight_decay=0.1), "b1[0]", "b₁′", "b₁ − η·m̂ᵇ₁/(√v̂ᵇ₁ + ε)"),
        (Optimizer(clipping=Clipping("value")), "clipped1[0,0]", "g₁₁", "min(max(∂L/∂w₁₁, −c), c)"),
        (Optimizer(clipping=Clipping("norm")), "clipped_b1[0]", "gᵇ₁", "∂L/∂b₁·c/max(‖∇L‖, c)"),
        (Optimizer(clipping=Clipping("norm")), "norm", "‖∇L‖", "√((∂L/∂w₁₁)² + (∂L/∂w₁₂)² + (∂L/∂b₁)²)"),
        (Optimizer(clipping=Clipping("norm")), "W1[0,0]", "w₁₁′", "w₁₁ − η·g₁₁"),
        (Optimizer(schedule=Schedule("step", every=3, factor=0.5)), "rate", "η", "η₀·0.5^⌊(t − 1)/3⌋"),
        (Optimizer(schedule=Schedule("cosine", passes=9)), "rate", "η", "η₀·(1 + cos(π·min(t − 1, 9)/9))/2"),
    ],
)
def test_a_rule_reads_like_its_paper(optimizer: Optimizer, ref: str, symbol: str, rule: str) -> None:
    network = Network(NETWORK, Loss(), 0.3, optimizer=optimizer)
    passed = Timeline(network, DATA).at(2)
    found = next(one for one in update_refs(network, passed) if str(one) == ref)
    line = DERIVER.derive(network, passed, found)
    assert (line.symbol, line.rule) == (symbol, rule)


@pytest.mark.parametrize("every", range(1, 12))
def test_a_schedule_in_steps_falls_where_it_should_on_both_sides(every: int) -> None:
    """A third of a whole number is no number of 50 digits: a period that ends exactly has still ended."""
    schedule = Schedule("step", every=every, factor=0.4)
    network = Network((Layer(weights=((0.7,),)),), learning_rate=0.6, optimizer=Optimizer(schedule=schedule))
    timeline = Timeline(network, Data(((0.8,),), ((0.3,),)))
    for number in range(1, 3 * every + 2):
        passed = timeline.at(number)
        assert value_of(passed, Ref("rate")) == pytest.approx(0.6 * 0.4 ** ((number - 1) // every), rel=1e-15)
        agreement = prove(network, passed, Ref("rate"))
        assert agreement is not None
        assert agreement.holds, (every, number)
