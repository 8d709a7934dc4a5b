"""Cells and lines: nothing is lost, nothing is too wide, and the screen's own measure agrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tutor.judging.cells import cells_of, wrap

SCRIPTS = {
    "Latin, Greek, Cyrillic, Hebrew, Arabic": (0x20, 0x600),
    "scripts of India, Thai": (0x900, 0xE7F),
    "Korean parts of syllables": (0x1100, 0x11FF),
    "signs and arrows": (0x2000, 0x2600),
    "Chinese, Japanese, Korean": (0x3000, 0x3164),
    "Chinese characters": (0x4E00, 0x9FFF),
    "Korean syllables": (0xAC00, 0xD7A3),
    "full width": (0xFF00, 0xFF60),
    "pictures": (0x1F300, 0x1F3FA),
}


def lines_of(text: str, width: int, indent: int = 0) -> list[str]:
    return [text[start:end] for start, end in wrap(text, width, indent=indent)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_character_takes_as_many_cells_as_on_the_screen(script: str) -> None:
    for code in range(*SCRIPTS[script]):
        if chr(code).isprintable():  # nothing else reaches the screen
            assert cells_of(chr(code)) == cell_len(chr(code)), hex(code)


def test_words_fill_lines() -> None:
    assert lines_of("the loss falls with each step", 10) == ["the loss", "falls with", "each step"]
    assert lines_of("the loss falls with each step", 10, indent=2) == ["the loss", "falls", "with", "each", "step"]
    assert lines_of("one\ntwo", 10) == ["one", "two"]
    assert lines_of("", 10) == [""]
    assert lines_of("  ", 10) == [""]


def test_a_word_that_is_too_long_is_broken() -> None:
    assert lines_of("a backpropagation b", 6) == ["a", "backpr", "opagat", "ion b"]
    assert lines_of("ab", 0) == ["a", "b"]


def test_chinese_is_broken_anywhere_but_before_what_closes_and_behind_what_opens() -> None:
    assert lines_of("权重乘以输入，再求和。", 10) == ["权重乘以输", "入，再求", "和。"]
    assert lines_of("损失（L）下降", 6) == ["损失", "（L）", "下降"]
    assert lines_of("权重 w 的梯度", 8) == ["权重 w", "的梯度"]


@given(
    st.text(st.sampled_from("ab 　权重，（。e\u0301\u200d한🙂\n-"), max_size=60), st.integers(1, 20), st.integers(0, 8)
)
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int, indent: int) -> None:
    places = wrap(text, width, indent=indent)
    assert "".join(text[start:end] for start, end in places).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    for number, (start, end) in enumerate(places):
        room = max(1, width - indent) if number else width
        assert cells_of(text[start:end]) <= room or len(text[start:end].strip("\u0301\u200d")) <= 1


@pytest.mark.parametrize("text", ["x" * 50_000, "权" * 50_000, "ab " * 20_000, "权重 w " * 10_000])
def test_the_work_grows_with_the_text_and_no_faster(text: str) -> None:
    measured = 0

    def measure(part: str) -> int:
        nonlocal measured
        measured += len(part)
        return cells_of(part)

    wrap(text, 60, measure=measure)
    assert measured <= 3 * len(text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("divide it by 1 − β₂ then", 16, ["divide it by", "1 − β₂ then"]),
        ("that is 1 / (1 − β₂) here", 20, ["that is 1 / (1 − β₂)", "here"]),
        ("and so that is 1 / (1 − β₂) here", 21, ["and so that is", "1 / (1 − β₂) here"]),
        ("then max(0.1·z, z) of it", 13, ["then", "max(0.1·z, z)", "of it"]),
        ("it went from 1.32 → 0.25 at once", 21, ["it went from", "1.32 → 0.25 at once"]),
    ],
)
def test_a_short_expression_stays_on_one_line(text: str, width: int, lines: list[str]) -> None:
    assert lines_of(text, width) == lines


def test_a_long_expression_goes_on_outside_of_its_brackets_behind_a_sign() -> None:
    assert lines_of("1/2·((o₁ − y₁)² + (o₂ − y₂)²)", 27) == ["1/2·((o₁ − y₁)² +", "(o₂ − y₂)²)"]
    assert lines_of("w′ = w − η·∂L/∂w = 2.2 − 0.3·1.84 = 1.648", 30) == ["w′ = w − η·∂L/∂w =", "2.2 − 0.3·1.84 = 1.648"]
    assert lines_of("a·(b + c) + d·(e + f)", 14) == ["a·(b + c) +", "d·(e + f)"]


def test_signs_that_are_keys_join_no_words() -> None:
    assert lines_of("press + or go on", 8) == ["press +", "or go on"]
    assert lines_of("up - or down", 6) == ["up -", "or", "down"]


def test_expressions_give_way_where_they_would_take_too_many_lines() -> None:
    text = "so it is 1 − β₂ at the last"
    assert lines_of(text, 14) == ["so it is", "1 − β₂ at the", "last"]
    assert [text[start:end] for start, end in wrap(text, 14, most=2)] == ["so it is 1 −", "β₂ at the last"]


def test_a_short_last_word_does_not_stand_alone() -> None:
    assert lines_of("below the goal for good in pass 9.", 31) == ["below the goal for good in", "pass 9."]
    assert lines_of("a longer last word may well stand there alone", 39) == [
        "a longer last word may well stand",
        "there alone",
    ]
    assert lines_of("another of such longer words stands alone sometimes", 42) == [
        "another of such longer words stands alone",
        "sometimes",
    ]


def test_an_expression_without_end_is_no_more_work() -> None:
    for text in ("a + " * 5_000, "f(" * 5_000 + "x", "f( " * 5_000, "((a + " * 5_000):
        places = wrap(text, 60)
        assert "".join(text[start:end] for start, end in places).replace(" ", "") == text.replace(" ", "")
