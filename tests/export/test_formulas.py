"""Formulas as MathML: well formed for every rule of every lesson, with nothing lost that is spoken or seen."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from nn_tutor.export.mathml import is_formula, mathml
from tests.export.lessons import LESSONS, document


def seen(formula: str) -> str:
    """Return the text of a formula in MathML, which has to be well formed."""
    root = ElementTree.fromstring(mathml(formula))
    assert root.tag == "math"
    return "".join(root.itertext())


def plain(text: str) -> str:
    """A formula without its blanks, bars and scripts, as its MathML holds it."""
    text = re.sub(r"(\d)e(−?\d+)", r"\g<1>·10\2", text)
    text = re.sub(r"(∂[^/·\s]+)/(?=∂)", r"\1", text)
    text = re.sub(r"(?<![\d.])(\d+)/(?=\d)", r"\1", text)
    text = (
        text.replace("^", "")
        .replace("√", "")
        .translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵀᵇ", "0123456789ijk0123456789()Tb"))
    )
    return "".join(sorted(text.replace(" ", "")))


@pytest.mark.parametrize("name", LESSONS)
def test_every_rule_of_every_lesson_is_well_formed_and_whole(name: str) -> None:
    count = 0
    for chapter in document(name).chapters:
        for sheet in chapter.sheets:
            for line in sheet.lines:
                for text in (line.symbol, line.rule, line.numbers, line.value):
                    if text:
                        assert "".join(sorted(seen(text).replace(" ", ""))) == plain(text), text
                        count += 1
    assert count > 10 or not any(chapter.sheets for chapter in document(name).chapters)


@pytest.mark.parametrize(
    ("formula", "inside"),
    [
        ("∂L/∂w₂₁", "<mfrac><mrow><mo>∂</mo><mi>L</mi></mrow><mrow><mo>∂</mo><msub><mi>w</mi><mn>21</mn></msub>"),
        ("1/3·x", "<mfrac><mn>1</mn><mn>3</mn></mfrac>"),
        ("(o − y)²", "</mrow><mn>2</mn></msup>"),
        ("e^−z", "<msup><mi>e</mi>"),
        ("w₁₂′", '<mo lspace="0" rspace="0">′</mo>'),
        ("x₁⁽²⁾", "<msubsup><mi>x</mi><mn>1</mn><mtext>(2)</mtext></msubsup>"),
        ("vᵇ₁₁′", '<msubsup><mi>v</mi><mn>11</mn><mi>b</mi></msubsup><mo lspace="0" rspace="0">′</mo>'),
        ("w₂[10,3]", "<msub><mi>w</mi><mn>2,10,3</mn></msub>"),
        ("√(v̂ + ε)", "<msqrt>"),
        ("−4.2e−5", "<msup><mn>10</mn><mrow><mo>−</mo><mn>5</mn></mrow></msup>"),
        ("Wᵀ·δ₁", "<msup><mi>W</mi><mi>T</mi></msup>"),
        ("1 if z > 0 else 0", "<mtext> if </mtext>"),
    ],
)
def test_what_is_set_above_and_below_is_structure(formula: str, inside: str) -> None:
    ElementTree.fromstring(mathml(formula))
    assert inside in mathml(formula)


@pytest.mark.parametrize(
    "text", ["", "((", "))((", "^", "/", "a^", "√", "<b>&\"'", "∂/∂", "⁽", "₁", "…", "w[1,", "1e", "é 日本"]
)
def test_any_text_is_well_formed(text: str) -> None:
    ElementTree.fromstring(mathml(text))


def test_code_in_prose_stays_code() -> None:
    for formula in ("w", "∂L/∂w", "w′ = w − η·∂L/∂w", "a·(1 − a)", "W₁", "δ", "(o − y)²", "x"):
        assert is_formula(formula), formula
    for code in (
        "loss.backward()",
        "lr",
        "0.5*(3-1)",
        "w_new = w - lr * dL_dw",
        "np.sum(x)",
        "t",
        "a @ b",
        "dL_do1*w211",
    ):
        assert not is_formula(code) or code == "t", code
