"""In ASCII: every sign that is drawn has a stand-in, columns stay where they are, and the whole screen is ASCII."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.course.find import course_folder
from nn_tutor.terminal.ascii import UNKNOWN, in_ascii, stand_in
from nn_tutor.terminal.drawing.ink import Span, width_of
from tests.benchmarks.prober import Probe
from tests.program import PROGRAM

ROOT = Path(__file__).resolve().parents[2]
FILES = [*(ROOT / "nn_tutor").rglob("*.py"), *course_folder().rglob("*.toml"), *course_folder().rglob("*.md")]


def test_every_sign_of_the_program_and_its_lessons_has_a_stand_in() -> None:
    signs = {sign for path in FILES for sign in path.read_text(encoding="utf-8") if not sign.isascii()}
    missing = {sign for sign in signs if UNKNOWN in stand_in(sign) and sign not in "？﹖"}
    assert not missing
    assert all(stand_in(sign).isascii() for sign in signs)


def test_the_marks_of_a_picture_stay_apart() -> None:
    for marks in ("●◇✗∘┊", "○×△□ø⊗▲■", "✓✗", "▁▂▃▄▅▆▇█", "━╍", "⠂⠒⠀"):
        assert len({stand_in(mark) for mark in marks}) == len(marks)


def test_dots_become_the_line_that_they_are_nearest_to() -> None:
    assert "".join(map(stand_in, "⠉⠒⣀⡇⡠⠊⠑⢄⣿⠀")) == "'-_|//\\\\# "


def written(*texts: str) -> str:
    return "".join(span.text for span in in_ascii(tuple(Span(text) for text in texts)))


def test_a_formula_can_be_typed_as_it_is_read() -> None:
    assert written("w₁′ = w₁ − η·∂L/∂w₁") == "w1' = w1 - lr*dL/dw1"
    assert written("(o − y)²") == "(o - y)^2"


def test_what_is_longer_takes_its_cells_from_the_next_gap() -> None:
    assert written("L  (o − y)²    ", "1.3225") == "L  (o - y)^2   1.3225"
    assert written("η 0.3") == "lr 0.3"
    assert written("（权") == "( ??"


@given(st.lists(st.text("ab  ²ησ⠒─权é", max_size=20), max_size=4))
def test_lines_become_ascii_and_no_narrower(texts: list[str]) -> None:
    line = tuple(Span(text) for text in texts)
    assert all(span.text.isascii() for span in in_ascii(line))
    assert width_of(in_ascii(line)) >= width_of(line)


@pytest.mark.parametrize(("options", "terminal"), [(["--ascii"], "xterm-256color"), ([], "linux")])
def test_the_whole_screen_is_in_ascii(tmp_path: Path, options: list[str], terminal: str) -> None:
    program = [*PROGRAM, *options]
    environment = {"NN_TUTOR_HOME": str(tmp_path), "TERM": terminal}
    with Probe([*program, "start", "hidden-layer"], columns=120, rows=40, environment=environment) as probe:
        probe.wait_for("  1/")
        probe.settle()
        assert probe.text().isascii()
        probe.press("ctrl+p")
        probe.wait_for("Theme")
        probe.settle()
        assert probe.text().isascii()
