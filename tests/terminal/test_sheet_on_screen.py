"""What a lesson declares is what its screens show: matrices, hunts, hints and the numbers in its prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.lesson import Lesson
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.matrices import draw_matrices
from nn_tutor.tutor.hints import rule_in_words, which_link
from nn_tutor.tutor.hunting import work
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.visible import view_of
from nn_tutor.walkthrough.prose_with_numbers import prose_at
from tests.lessons_for_tests import make_lesson, right_answer
from tests.stations import asked_at
from tests.terminal.frames import see

SHEET = """\
format_version = 1
id = "sheet"
title = "A sheet"
purpose = "homework"
[conventions]
error = "target-minus-output"
step = "change"
weights = "in-out"
[network]
learning_rate = 0.9
[network.loss]
factor = 0.5
[[network.layers]]
weights = [[0.2, -0.3], [0.4, 0.1], [-0.5, 0.2]]
biases = [-0.4, 0.2]
activation = "sigmoid"
[[network.layers]]
weights = [[-0.3], [-0.2]]
biases = [0.1]
activation = "sigmoid"
[data]
inputs = [[1, 0.5, 1.2]]
targets = [[1]]
[[activity]]
kind = "walk"
id = "walk"
ask = ["dW1"]
[[activity]]
kind = "hunt"
id = "hunt"
mistake = "weight-for-input"
where = "dW2[0,0]"
"""

PROSE = """\
## The walk {#walk}

The error is {{1.backward.delta2[0,0]|4}}.

```python
W = {{0.update.W1}}
```
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path, SHEET, PROSE)


def at_the_matrix(lesson: Lesson) -> Session:
    return begin(LessonRun(lesson)).with_form("matrix").to_end()


def test_a_matrix_stands_as_on_the_sheet(sheet: Lesson) -> None:
    session = at_the_matrix(sheet)
    for _ in range(6):
        assert session.is_open
        session = session.answer(right_answer(session))
    view = view_of(session, SymPyDeriver())
    assert view is not None
    slopes = session.passed.backward.dW[0]
    drawn = plain(draw_matrices(view, 80, 20)).splitlines()
    rows = [line.strip(" []").replace("✓", "").split() for line in drawn if line.startswith("  [")]
    assert rows == [[numeral(slopes[out, into]) for out in range(2)] for into in range(3)]


def test_arrows_go_through_a_matrix_as_it_stands(sheet: Lesson) -> None:
    asked = asked_at(at_the_matrix(sheet))
    assert asked.focus == Ref("dW", 1, (0, 0))
    assert asked.at_cell(1, 0).focus == Ref("dW", 1, (0, 1)), "the row below is that of the next input"
    assert asked.at_cell(0, 1).focus == Ref("dW", 1, (1, 0)), "the column beside is that of the next unit"


def test_numbers_in_the_prose_are_those_of_the_sheet(sheet: Lesson) -> None:
    lesson_run = LessonRun(sheet)
    told = prose_at(sheet, "walk", lambda name, number: lesson_run.passed(0, number))
    assert "The error is 0.1318." in told
    assert "W = [[0.2, -0.3], [0.4, 0.1], [-0.5, 0.2]]" in told


def test_hints_speak_of_the_error_and_of_the_change(sheet: Lesson) -> None:
    network = sheet.networks[""].network
    said = {
        "dL_do[0,0]": "twice e, and here e is y − o",
        "delta2[0,0]": "the error that arrives, times",
        "dL_da1[0,0]": "the error that arrives above",
        "dW1[0,0]": "minus the error that arrives",
        "db1[0]": "minus the error that arrives",
        "step1[0,0]": "the learning rate times the error that arrives, times what enters",
        "W1[0,0]": "the old value plus the change",
        "b1[0]": "the old value plus η times the error that arrives",
    }
    for asked, words in said.items():
        assert words in rule_in_words(network, 1, parse_ref(asked))
    assert (
        which_link(network, 1, parse_ref("step1[1,0]"))
        == "w₁₁₂ is updated last, when the backward pass has found its slope"
    )


def test_a_hunt_is_worked_out_as_on_the_sheet(sheet: Lesson) -> None:
    lesson_run = LessonRun(sheet)
    hunt = sheet.activities[1]
    worked = work(lesson_run.network(1), lesson_run.passed(1, 1), hunt)  # type: ignore[arg-type]
    assert worked is not None
    assert worked.lines[worked.wrong].theirs == "−δ₂·w₂"
    place = next(place for place, one in enumerate(worked.lines) if one.ref == Ref("delta", 2, (0, 0)))
    alone = sheet.part("hunting", "A hunt", sheet.networks, sheet.activities[1:])
    screen = see("", lesson=alone, size=(120, 60))
    row = next(line for line in screen.splitlines() if f"{place + 1}  δ₂₁" in line)
    assert row.split()[-1] == "0.1318"
    assert worked.lines[place].value == pytest.approx(-0.13178574)
