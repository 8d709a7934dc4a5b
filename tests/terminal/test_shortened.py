"""Rules and numbers that are too long for their column: written shorter, and true still."""

from __future__ import annotations

import re

import pytest

from nn_tutor.terminal.panels.shortened import forms_of, shortened, sums_over


@pytest.mark.parametrize(
    ("formula", "width", "shorter"),
    [
        ("w₁₁·x₁ + w₁₂·x₂ + b₁", 30, "w₁₁·x₁ + w₁₂·x₂ + b₁"),
        ("w₁₁·x₁ + w₁₂·x₂ + b₁", 18, "Σ w₁ₖ·xₖ + b₁"),
        ("w₁₁·x₁ + w₁₂·x₂ + … + w₁₉·x₉", 20, "Σ w₁ₖ·xₖ"),
        ("∂L/∂o₁·w₂₁₁ + ∂L/∂o₂·w₂₂₁ + ∂L/∂o₃·w₂₃₁", 20, "Σ ∂L/∂oₖ·w₂ₖ₁"),
        ("δ₂₁⁽¹⁾·a₁₁⁽¹⁾ + δ₂₁⁽²⁾·a₁₁⁽²⁾", 20, "Σ δ₂₁⁽ⁱ⁾·a₁₁⁽ⁱ⁾"),
        ("1/3·((o₁ − y₁)² + (o₂ − y₂)² + (o₃ − y₃)²)", 20, "1/3·Σ(oₖ − yₖ)²"),
        (
            "1/2·((o₁⁽¹⁾ − y₁⁽¹⁾)² + (o₂⁽¹⁾ − y₂⁽¹⁾)² + (o₁⁽²⁾ − y₁⁽²⁾)² + (o₂⁽²⁾ − y₂⁽²⁾)²)",
            30,
            "1/2·Σ(oₖ⁽ⁱ⁾ − yₖ⁽ⁱ⁾)²",
        ),
        ("e^z₁ / (e^z₁ + e^z₂ + e^z₃)", 20, "e^z₁ / Σ e^zₖ"),
        ("−(y₁·ln(o₁) + y₂·ln(o₂) + y₃·ln(o₃))", 20, "−Σ yₖ·ln(oₖ)"),
        ("0.43·0 + 0.83·0 + 0.72·0 + 0.84·1 + 0", 20, "0 + 0.84·1 + 0"),
        ("0.999·0 + (1 − 0.999)·5.2²", 24, "0 + (1 − 0.999)·5.2²"),
        ("0.5·0 + 0.3·0 + 10·0", 14, "0.5·0 + …"),
        ("√((∂L/∂w₁)² + (∂L/∂w₂)²)", 20, "√(Σ(∂L/∂wₖ)²)"),
        ("0.86·0.84 + (−0.85)·0.46 + (−0.03)", 25, "0.86·0.84 + … + (−0.03)"),
        ("1/3·((0.5 − 0.7)² + (0.6 − 1)² + (1 − 1.42)²)", 40, "1/3·((0.5 − 0.7)² + … + (1 − 1.42)²)"),
        ("−(y₁·ln(o₁) + (1 − y₁)·ln(1 − o₁))", 20, "−(y₁·ln(o₁) + …)"),
        ("a·(1 + b) − c", 13, "a·(1 + b) − c"),
    ],
)
def test_a_sum_is_written_shorter(formula: str, width: int, shorter: str) -> None:
    assert shortened(formula, width) == shorter


def test_terms_that_differ_in_more_than_one_number_are_no_such_sum() -> None:
    assert "Σ" not in shortened("w₁₁·x₁ + w₂₂·x₃ + b₁", 16)
    assert "Σ" not in shortened("x₁·x₂ + x₂·x₁ + x₁·x₃", 18)
    assert "Σ" not in shortened("w₁·x₁ − w₂·x₂ + w₃", 16)


def test_a_sigma_leaves_out_no_term_that_stood_for_others_of_another_kind() -> None:
    rule = "1/16·((o₁⁽¹⁾ − y₁⁽¹⁾)² + (o₂⁽¹⁾ − y₂⁽¹⁾)² + … + (o₄⁽⁴⁾ − y₄⁽⁴⁾)²)"
    for width in range(20, 80):
        assert "Σ" not in shortened(rule, width)
    assert all("Σ" not in form for form in forms_of(rule))


@pytest.mark.parametrize("width", range(4, 30))
def test_what_has_no_shorter_form_is_never_cut_within_a_number(width: int) -> None:
    whole = "max(0.01·0.7634, −12.345)"
    kept = shortened(whole, width).rstrip("…")
    assert len(kept) < width + (kept == whole)
    assert set(re.findall(r"[\d.]+", kept)) <= {"0.01", "0.7634", "12.345"}


def test_a_sum_says_over_what_it_goes() -> None:
    assert sums_over(["Σ w₁ₖ·xₖ + b₁", "o₁ − y₁"]) == "Σ adds up over all k"
    assert sums_over(["Σ δ⁽ⁱ⁾", "Σ w₁ₖ·xₖ"]) == "Σ adds up over all k and i"
    assert sums_over(["o₁ − y₁", "xₖ"]) == ""
