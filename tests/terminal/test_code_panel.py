"""The code panel: of single weights a line for each number of the pass, of vectors the program that ran."""

from __future__ import annotations

import pytest

from nn_tutor.course.find import find
from nn_tutor.course.load import load_once
from nn_tutor.terminal.drawing.ink import plain, width_of
from nn_tutor.terminal.panels.code import draw_code, draw_program, name_of_program
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.visible import View, view_of
from nn_tutor.walkthrough.source import excerpt_for


def seen(lesson: str, activity: str) -> View:
    lesson_run = LessonRun(with_exercises(load_once(find(lesson))))
    session = begin(lesson_run).entered([one.id for one in lesson_run.lesson.activities].index(activity))
    view = view_of(session, None)
    assert view is not None
    return view


@pytest.mark.parametrize(("lesson", "activity"), [("chain-rule", "first-step"), ("bias", "first-pass")])
def test_the_code_of_single_weights_is_a_line_for_each_number(lesson: str, activity: str) -> None:
    view = seen(lesson, activity)
    drawn = plain(draw_code(view, 80, 20)).splitlines()
    assert [text[5:] for text in drawn] == [view.row(ref).code for ref in view.refs]
    assert [number for number, text in enumerate(drawn) if text.startswith("▶")] == [view.refs.index(view.focus)]
    assert name_of_program(view) == ""


def test_the_code_of_vectors_is_the_program_that_ran() -> None:
    view = seen("vectors", "first-pass")
    drawn = plain(draw_code(view, 80, 20))
    assert view.row(view.focus).code in drawn.splitlines()[0]
    assert "z = a @ W.T" in drawn
    assert name_of_program(view) == "forward() in network/passes.py"


@pytest.mark.parametrize("width", [50, 60, 74])
def test_a_long_line_of_the_program_goes_on_below(width: int) -> None:
    view = seen("vectors", "first-pass")
    drawn = draw_program(view, width, 80)
    assert all(width_of(one) <= width for one in drawn)
    assert len(drawn) > len(excerpt_for(view.network, view.focus).lines)
    assert "…" not in plain(drawn)
    source = "".join("".join(excerpt_for(view.network, view.focus).lines).split())
    assert "".join("".join(text[5:] for text in plain(drawn).splitlines()).split()) == source


def test_the_line_that_ran_is_in_sight_where_lines_before_it_take_two() -> None:
    view = seen("vectors", "first-pass")
    assert "▶" in plain(draw_program(view, 40, 3))


def test_code_never_tells_a_covered_rule() -> None:
    view = seen("chain-rule", "once-more.1")
    assert view.covers_code
    assert "covered" in plain(draw_code(view, 80, 20))
