"""A lesson in Chinese: at 80×24 nothing of it is lost, and `check` counts cells as the screen does."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.find import Listing
from nn_tutor.course.lesson import Lesson
from nn_tutor.tutor.linter import lint
from tests.lessons_for_tests import make_lesson
from tests.terminal.frames import see

PROMPT = "学习率太大时损失会怎样变化？请先想一想，再看看曲线上的每一步走到了哪里，最后选出你认为正确的说法。"
OPTIONS = (
    "损失一步一步地下降，最后停在最低点附近，因为每一步都沿着负梯度的方向走，而且步长越来越小。",
    "损失在最低点两边来回跳动，一次比一次更远，因为每一步都越过了最低点，到了对面更高的地方。",
)
WHY = "只有学习率足够小的时候才是这样；步长与梯度成正比，太大的步长会越过最低点，落到对面更高的坡上去。"
TUNE = "移动权重，直到损失小于目标为止，注意观察误差的符号怎样变化。"
HINT = "先写出损失对输出的导数，再写出输出对权重的导数，最后把两者相乘，就得到损失对权重的导数，别忘了数字二。"
WORDS = "神经网络的每一个权重都有自己的梯度，" * 9
PROSE = f"## 文字 {{#words}}\n\n{WORDS}\n"
LESSON = f"""\
format_version = 1
id = "test-wide"
title = "梯度下降"

[network]
[[network.layers]]
weights = [[0.5]]
[data]
inputs = [[1.7]]
targets = [[0.45]]

[[activity]]
kind = "read"
id = "words"

[[activity]]
kind = "choose"
id = "rate"
prompt = "{PROMPT}"
options = [
    {{ text = "{OPTIONS[0]}", why = "{WHY}" }},
    {{ text = "{OPTIONS[1]}", right = true }},
]

[[activity]]
kind = "tune"
id = "move"
of = ["W1[0,0]"]
to_loss = 0.001
prompt = "{TUNE}"

[[activity]]
kind = "walk"
id = "walk"
ask = ["dW"]
hints = {{ dW = ["{HINT}"] }}
"""


@pytest.fixture
def wide(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path, LESSON, PROSE)


def shown(keys: str, lesson: Lesson) -> str:
    """The screen without blanks and line ends."""
    return "".join(see(keys, lesson=lesson).split())


def test_nothing_of_a_lesson_in_chinese_is_lost(wide: Lesson) -> None:
    assert not [finding for finding in lint(wide, SymPyDeriver()) if "too-" in finding.rule]
    assert WORDS in shown("", wide)
    choice = shown("enter", wide)
    for text in (PROMPT, *OPTIONS):
        assert text in choice
    assert WHY in shown("enter 1 enter", wide)
    tuning = "enter 2 enter enter"
    assert TUNE in shown(tuning, wide)
    assert HINT in shown(f"{tuning} 0.26 enter enter enter enter enter enter ?", wide)


def test_check_finds_what_would_be_lost(tmp_path: Path) -> None:
    long = LESSON.replace(WHY, WHY * 2).replace(TUNE, TUNE * 2).replace(HINT, HINT * 2 + HINT[:20])
    found = {finding.key: finding.rule for finding in lint(make_lesson(tmp_path, long, PROSE), SymPyDeriver())}
    assert [rule for key, rule in found.items() if key.endswith("options[0].why")] == ["too-tall"]
    assert [rule for key, rule in found.items() if key.endswith("hints.dW")] == ["too-tall"]
    assert [rule for key, rule in found.items() if key.endswith("prompt")] == ["too-wide"]


@pytest.mark.parametrize("width", [*range(1, 13), 20])
def test_home_is_drawn_however_narrow_the_window(width: int) -> None:
    listing = Listing("one", "权重与梯度", "每一步都沿着负梯度的方向走", Path("one"))
    assert see("down up", lessons=(listing,), size=(width, 24))
