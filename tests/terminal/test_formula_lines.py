"""A formula on several lines: it falls into its parts, and no more lines are taken than it needs."""

from __future__ import annotations

import pytest

from nn_tutor.terminal.panels.formula_lines import folded

LOSS = "1/16·((o₁⁽¹⁾ − y₁⁽¹⁾)² + (o₂⁽¹⁾ − y₂⁽¹⁾)² + … + (o₄⁽⁴⁾ − y₄⁽⁴⁾)²)"


@pytest.mark.parametrize(
    ("formula", "width", "lines"),
    [
        ("(o₁ − y₁)/(o₁·(1 − o₁))", 19, ("(o₁ − y₁)/", "  (o₁·(1 − o₁))")),
        ("0.5621/(1 − 0.999^1)", 18, ("0.5621/", "  (1 − 0.999^1)")),
        ("1/3·Σ(oₖ − yₖ)²", 13, ("1/3·", "  Σ(oₖ − yₖ)²")),
        ("β₁·m₁₂ + (1 − β₁)·∂L/∂w₁₂", 20, ("β₁·m₁₂ +", "  (1 − β₁)·∂L/∂w₁₂")),
        ("∂L/∂o₁·∂o₁/∂z₂₁", 12, ("∂L/∂o₁·", "  ∂o₁/∂z₂₁")),
        ("1/2·((o₁ − y₁)² + (o₂ − y₂)²)", 20, ("1/2·((o₁ − y₁)² +", "  (o₂ − y₂)²)")),
        (LOSS, 30, ("1/16·((o₁⁽¹⁾ − y₁⁽¹⁾)² +", "  (o₂⁽¹⁾ − y₂⁽¹⁾)² + … +", "  (o₄⁽⁴⁾ − y₄⁽⁴⁾)²)")),
        ("0.5·0.7 + 0.6·0.8", 20, ("0.5·0.7 + 0.6·0.8",)),
    ],
)
def test_a_formula_is_broken_where_it_falls_into_parts(formula: str, width: int, lines: tuple[str, ...]) -> None:
    assert folded(formula, width).lines == lines


SUM = "0.8105·0.95 + (−0.9679)·(−1.28) + 0.6072·0.66"


def test_a_term_of_a_sum_is_torn_only_where_that_is_allowed() -> None:
    assert len(folded(SUM, 26).lines) == 3
    assert folded(SUM, 26, tears_terms=True).lines == ("0.8105·0.95 + (−0.9679)·", "  (−1.28) + 0.6072·0.66")


@pytest.mark.parametrize("width", range(22, 60))
def test_a_bracket_that_has_room_on_a_line_is_not_torn(width: int) -> None:
    for one in folded(LOSS, width).lines:
        begun = [place for place, sign in enumerate(one) if sign == "(" and "o" in one[place + 1 : place + 2]]
        assert all(")²" in one[place:] for place in begun), one


@pytest.mark.parametrize("width", range(3, 50))
def test_no_line_is_too_long_and_nothing_is_lost(width: int) -> None:
    lines = folded(SUM, width).lines
    assert all(len(one) <= width for one in lines)
    assert "".join(lines).replace(" ", "") == SUM.replace(" ", "")
