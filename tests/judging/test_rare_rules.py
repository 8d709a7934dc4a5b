"""Slips in other update rules than plain descent that are made seldom, each worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.spec import Data, Network
from tests.judging.named import Questions, comes_to, is_named, is_never_accused, layer

# Adam

BETA1, BETA2, EPSILON = 0.8, 0.95, 0.2
ADAM = Network(
    (layer(np.array([[0.62]]), activation="identity"),),
    learning_rate=0.03,
    optimizer=Optimizer("adam", beta1=BETA1, beta2=BETA2, epsilon=EPSILON),
)


def adam(target: float, number: int) -> tuple[Questions, float, float, float, float, float]:
    """A network of one weight; the weight before a pass, m and v of the pass before, and of this one."""
    questions = ADAM, Data(((1.37,),), ((target,),))
    w, m, v, before = 0.62, 0.0, 0.0, (0.62, 0.0, 0.0)
    for t in range(1, number + 1):
        before = (w, m, v)
        g = 2 * (w * 1.37 - target) * 1.37
        m, v = BETA1 * m + (1 - BETA1) * g, BETA2 * v + (1 - BETA2) * g * g
        w -= 0.03 * m / (1 - BETA1**t) / ((v / (1 - BETA2**t)) ** 0.5 + EPSILON)
    return questions, before[0], before[1], before[2], m, v


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("target", [-0.45, 3.2])
def test_the_betas_are_exchanged_in_the_corrections_alone(target: float, number: int) -> None:
    questions, w, _, _, m, v = adam(target, number)
    m_hat, v_hat = m / (1 - BETA2**number), v / (1 - BETA1**number)
    if number > 1:  # in the first pass m/(1 − β₂) is β₁ and 1 − β₁ exchanged, for these two β
        is_named(questions, "m_hat1[0,0]", m_hat, "betas-exchanged", "m′/(1 − β₂^t)", number)
        is_named(questions, "v_hat1[0,0]", v_hat, "betas-exchanged", "v′/(1 − β₁^t)", number)
    step, theirs = 0.03 * m_hat / (v_hat**0.5 + EPSILON), "m′/(1 − β₂^t), v′/(1 − β₁^t)"
    right = "m′/(1 − β₁^t), v′/(1 − β₂^t)"
    is_named(questions, "step1[0,0]", step, "betas-exchanged", theirs, number, right=right)
    is_named(questions, "W1[0,0]", w - step, "betas-exchanged", theirs, number, right=right)


def test_the_betas_are_exchanged_in_the_averages_alone() -> None:
    questions, w, m, v, _, _ = adam(3.2, 3)
    g = 2 * (w * 1.37 - 3.2) * 1.37
    m, v = BETA2 * m + (1 - BETA2) * g, BETA1 * v + (1 - BETA1) * g * g
    new = w - 0.03 * m / (1 - BETA1**3) / ((v / (1 - BETA2**3)) ** 0.5 + EPSILON)
    theirs = "β₂·m + (1 − β₂)·∂L/∂w, β₁·v + (1 − β₁)·(∂L/∂w)²"
    is_named(questions, "W1[0,0]", new, "betas-exchanged", theirs, 3)


def roots(m_hat: float, v_hat: float) -> Iterator[tuple[float, str, str]]:
    size, root = abs(m_hat) ** 0.5, v_hat**0.5 + EPSILON
    yield size / (v_hat + EPSILON), "root-of-other-average", "√|m̂|/(v̂ + ε)" if m_hat < 0 else "√m̂/(v̂ + ε)"
    yield m_hat / (size + EPSILON), "root-of-other-average", "m̂/(√|m̂| + ε)"
    if m_hat < 0:
        yield size / root, "root-of-average", "√|m̂|/(√v̂ + ε)"
        yield -size / root, "root-of-average", "−√|m̂|/(√v̂ + ε)"
        yield -size / (v_hat + EPSILON), "root-of-other-average", "−√|m̂|/(v̂ + ε)"
        yield v_hat / (size + EPSILON), "averages-exchanged", "v̂/(√|m̂| + ε)"


@pytest.mark.parametrize("target", [-0.45, 0.6, 1.1, 3.2])
def test_the_root_of_the_other_average_also_where_that_is_negative(target: float) -> None:
    questions, w, _, _, m, v = adam(target, 2)
    m_hat, v_hat = m / (1 - BETA1**2), v / (1 - BETA2**2)
    assert (m_hat < 0) == (target > 1)
    for direction, mistake, theirs in roots(m_hat, v_hat):
        is_named(questions, "step1[0,0]", 0.03 * direction, mistake, f"η·{theirs}", 2, right="η·m̂/(√v̂ + ε)")
        is_named(questions, "W1[0,0]", w - 0.03 * direction, mistake, f"w − η·{theirs}", 2)


def test_the_corrected_averages_are_kept_for_the_next_pass() -> None:
    """m̂ and v̂ of the pass before in the place of m and v: one of them, or both."""
    questions, w, m, v, _, _ = adam(3.2, 3)
    g = 2 * (w * 1.37 - 3.2) * 1.37
    m_kept, v_kept = m / (1 - BETA1**2), v / (1 - BETA2**2)
    m_new, v_new = BETA1 * m_kept + (1 - BETA1) * g, BETA2 * v_kept + (1 - BETA2) * g * g
    of_m, of_v = "β₁·(m̂ before) + (1 − β₁)·∂L/∂w", "β₂·(v̂ before) + (1 − β₂)·(∂L/∂w)²"
    right = "β₁·m + (1 − β₁)·∂L/∂w"
    is_named(questions, "m1[0,0]", m_new, "corrected-average-kept", of_m, 3, right=right)
    is_named(questions, "v1[0,0]", v_new, "corrected-average-kept", of_v, 3)
    is_named(questions, "m_hat1[0,0]", m_new / (1 - BETA1**3), "corrected-average-kept", of_m, 3)
    step = 0.03 * m_new / (1 - BETA1**3) / ((v_new / (1 - BETA2**3)) ** 0.5 + EPSILON)
    is_named(questions, "W1[0,0]", w - step, "corrected-average-kept", f"{of_m}, {of_v}", 3)
    second, w, m, _, _, _ = adam(3.2, 2)
    m_new = BETA1 * m / (1 - BETA1) + (1 - BETA1) * 2 * (w * 1.37 - 3.2) * 1.37
    is_named(second, "m1[0,0]", m_new, "corrected-average-kept", of_m, 2)


def test_no_corrected_average_is_kept_in_the_first_pass_or_by_a_rule_without_one() -> None:
    questions = adam(3.2, 1)[0]
    assert not comes_to(questions, "m1[0,0]", "corrected-average-kept")
    plain = replace(ADAM, optimizer=Optimizer("rmsprop", decay=0.9)), questions[1]
    assert not comes_to(plain, "v1[0,0]", "corrected-average-kept", 2)


@pytest.mark.parametrize(
    ("optimizer", "name", "state", "part", "theirs"),
    [
        (Optimizer("momentum", momentum=0.6), "velocity1[0,0]", "velocity", 0.6, "μ·v"),
        (Optimizer("adam", beta1=BETA1, beta2=BETA2), "m1[0,0]", "m", BETA1, "β₁·m"),
        (Optimizer("adam", beta1=BETA1, beta2=BETA2), "v1[0,0]", "v", BETA2, "β₂·v"),
        (Optimizer("rmsprop", decay=0.9), "v1[0,0]", "v", 0.9, "ρ·v"),
    ],
)
def test_only_what_is_remembered_is_left_without_the_slope(
    optimizer: Optimizer, name: str, state: str, part: float, theirs: str
) -> None:
    questions = replace(ADAM, optimizer=optimizer), Data(((1.37,),), ((3.2,),))
    g = 2 * (0.62 * 1.37 - 3.2) * 1.37
    first = {"velocity": g, "m": (1 - part) * g, "v": (1 - part) * g * g}[state]
    is_named(questions, name, part * first, "slope-left-out", theirs, 2)


def test_nothing_of_the_averages_is_exchanged_where_none_is_asked() -> None:
    """With one of the two lines there is nothing to exchange in both; a clipped slope is made before them."""
    questions = adam(3.2, 3)[0]
    both = [one for one in ("m1[0,0]", "v1[0,0]") if comes_to(questions, one, "betas-exchanged", 3)]
    assert both == []
    assert len(comes_to(questions, "step1[0,0]", "betas-exchanged", 3)) == 2  # in the averages, in the corrections


def test_a_root_of_nothing_is_no_slip() -> None:
    """At the lowest point m̂ is 0: neither its root nor that of its size is another number."""
    still = adam(0.62 * 1.37, 1)[0]
    for mistake in ("root-of-average", "root-of-other-average"):
        assert not comes_to(still, "step1[0,0]", mistake)


# Who does it right


@pytest.mark.parametrize("decimals", [3, 4, 5])
@pytest.mark.parametrize(
    "questions",
    [(ADAM, Data(((1.37,),), ((3.2,),))), (ADAM, Data(((1.37,),), ((-0.45,),)))],
    ids=["below 0", "above 0"],
)
def test_who_does_it_right_and_rounds_on_the_way_is_never_accused(questions: Questions, decimals: int) -> None:
    is_never_accused(questions, decimals)
