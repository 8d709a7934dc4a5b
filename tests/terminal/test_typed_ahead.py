"""An answer that is begun before its question is there goes to it; a key alone does what it says, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nn_tutor.course.lesson import Lesson
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.widgets.answer_line import AnswerLine
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.typed import begins_answer
from tests.lessons_for_tests import make_lesson, of_one_weight
from tests.terminal.frames import see

LESSON = of_one_weight(
    'kind = "walk"\nid = "walk"\npasses = 2\nask = [["a1[0,0]", "dL_do"], ["sign dW", "W"]]', activation="sigmoid"
)

TO_SHOWN = "0.9002 enter"  # o; the loss and its slope are still to come


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path, LESSON)


def at(lesson: Lesson, quantity: str) -> Session:
    session = begin(LessonRun(lesson))
    while session.question is None or session.question.ref.quantity != quantity:
        session = session.reveal() if session.is_open else session.forward()
    return session


@pytest.mark.parametrize("text", ["2.", "2*", "12.", "2(", "w-", "w*", "si", "sigmoid(", "lr"])
def test_what_can_only_be_an_answer(lesson: Lesson, text: str) -> None:
    assert begins_answer(text, at(lesson, "a"))


@pytest.mark.parametrize("text", ["w", "2", "12", "2-", "gw", "cw", "m1", "s-", "wt", "2g"])
def test_what_may_be_commands(lesson: Lesson, text: str) -> None:
    assert not begins_answer(text, at(lesson, "a"))


@pytest.mark.parametrize("typed", ["right 2*(o-y)", "w*2"])
def test_a_formula_that_begins_with_the_key_of_a_panel_or_a_page_goes_to_the_next_question_whole(
    lesson: Lesson, typed: str
) -> None:
    shown = see(f"{TO_SHOWN} {typed}", lesson=lesson)
    assert "How steeply does L change with o?" in shown
    assert f" > {typed.split()[-1]}" in shown
    assert "[1 chain]" in shown


def test_while_a_question_is_looked_around_a_digit_that_goes_on_is_no_panel(lesson: Lesson) -> None:
    """The table stands in front again, and nothing of the number is lost; what begins anew is a number of its own."""
    looked = see("enter escape 2 . 5", lesson=lesson)
    assert " > 2.5" in looked
    assert "[1 chain]" in looked
    assert " > 0.5" in see("enter escape 2 0 . 5", lesson=lesson)


def test_a_digit_without_a_panel_is_typed(lesson: Lesson) -> None:
    assert " > 92" in see("enter escape 9 2", lesson=lesson)


def test_the_loss_to_run_to_may_begin_with_the_key_of_a_panel(tmp_path: Path) -> None:
    run = make_lesson(tmp_path, of_one_weight('kind = "train"\nid = "run"\nto_loss = 0.001'))
    assert " > 1.5" in see("1 . 5", lesson=run)
    assert " > 50" in see("5 0", lesson=run)


def test_enter_takes_what_stood_on_the_line_and_nothing_of_what_is_typed_after_it(tmp_path: Path) -> None:
    """All keys arrive before the first of them is done, as on a machine that is busy."""

    async def at_once(app: TutorApp, pilot: Pilot[None]) -> None:
        for key in ("1", "enter", "0", "full_stop", "1", "enter", "5"):
            character = {"full_stop": ".", "enter": "\r"}.get(key, key)
            app.screen._forward_event(events.Key(key, character))
        await pilot.pause()
        assert app.screen.query_one(AnswerLine).value == "5"

    lesson = make_lesson(tmp_path, of_one_weight('kind = "nudge"\nslope = "dL_do[0,0]"'))
    rows = [line.split() for line in see("", lesson=lesson, then=at_once).splitlines()]
    assert [row[0] for row in rows if row and row[0] in ("1", "0.1", "10.1")] == ["1", "0.1"]


@pytest.mark.parametrize(
    ("before", "keys", "line"),
    [
        ("9 enter ctrl+u 8 enter ctrl+u", ("up", "1"), "81"),  # what was typed last, and on with it
        (f"{TO_SHOWN} enter enter", ("left", "2", ".", "5"), "2.5"),  # there a number goes back to the question
        ("9 enter ctrl+u", ("5", "question_mark", "6"), "56"),
    ],
)
def test_on_the_line_as_well_keys_act_in_their_order(
    lesson: Lesson, before: str, keys: tuple[str, ...], line: str
) -> None:
    """All of them arrive before the first is done, as out of a macro or on a busy machine."""

    async def at_once(app: TutorApp, pilot: Pilot[None]) -> None:
        answer_line = app.screen.query_one(AnswerLine)
        for key in keys:
            character = "?" if key == "question_mark" else key if len(key) == 1 else None
            answer_line._forward_event(events.Key(key, character))
        await pilot.pause()
        await pilot.pause()
        assert app.screen.query_one(AnswerLine).value == line

    see(before, lesson=lesson, then=at_once)
