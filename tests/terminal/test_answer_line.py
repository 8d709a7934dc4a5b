"""The answer line paints itself quickly; what it paints is what Textual's own input would."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widgets import Input

from nn_tutor.course.lesson import Lesson
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.panels.verdict import GLYPHS
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.terminal.theme import DARK
from nn_tutor.terminal.widgets.answer_line import AnswerLine
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from tests.lessons_for_tests import DERIVER, ONE_WEIGHT, make_lesson, right_answer
from tests.terminal.frames import frame, lesson_screen, see

TEXTS = ("", "1", "0.25·2", "x·w − ½", "日本語", *("9" * length for length in (38, 39, 40, 41, 80)))


class _Lines(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield AnswerLine()
        yield Input(id="other")


def _cells(strip: Strip) -> list[tuple[str, str]]:
    return [(cell, str(segment.style)) for segment in strip for cell in segment.text]


def test_the_line_looks_as_textual_paints_it_wherever_the_cursor_is() -> None:
    asyncio.run(_compare())


async def _compare() -> None:
    app = _Lines()
    async with app.run_test(size=(40, 4)) as pilot:
        line = app.query_one(AnswerLine)
        for text in TEXTS:
            line.value = text
            for focused in (line, app.query_one("#other", Input)):
                focused.focus()
                for place in sorted({0, 1, len(text) // 2, len(text)}):
                    line.cursor_position = min(place, len(text))
                    await pilot.pause()
                    assert _cells(line.render_line(0)) == _cells(Input.render_line(line, 0)), (text, place)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("2.198", "✓ right."),
        ("2.75", "✗ not yet:"),  # a known mistake
        ("0.1", "✗ not yet."),  # none
        ("2", "… more digits."),
        ("2*e", "· not read."),
    ],
)
def test_the_word_of_a_verdict_has_its_colour_up_to_its_colon_or_stop(tmp_path: Path, text: str, head: str) -> None:
    session = begin(LessonRun(make_lesson(tmp_path, ONE_WEIGHT)))
    while session.activity.kind != "walk" or not session.is_open:
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    session = session.answer(text)
    drawn, _ = draw_parts(session, plan_for(session, 120, 40), Looks(), Setting(deriver=DERIVER))
    first = [span for span in drawn["verdict"][0] if span.text.strip()]
    assert first[0].text.strip() == head
    assert first[0].role == GLYPHS[session.attempts[-1].judgement.verdict][1]


def reopened(lesson: Lesson, directory: Path, keys: str) -> tuple[str, str]:
    """Press keys in a lesson, leave, and open it again: what stands on the line then, and the screen."""

    async def run(pressed: list[str]) -> tuple[str, str]:
        app = TutorApp((), lesson, directory)
        app.deriver = DERIVER
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press(*pressed)
            await pilot.pause()
            return lesson_screen(app).line.value, frame(app)

    asyncio.run(run(keys.split()))
    return asyncio.run(run([]))


TO_QUESTION = "1 enter enter 0 full_stop 1 enter enter enter enter enter enter enter"
"""The keys from the beginning of the lesson to the question for the first new weight."""

WRONG = "3 full_stop 3 0 2 enter"


@pytest.mark.parametrize("before", ["", WRONG], ids=["at once", "after a wrong answer"])
def test_what_could_not_be_read_stands_on_the_line_of_a_lesson_that_is_opened_again(
    tmp_path: Path, before: str
) -> None:
    lesson = make_lesson(tmp_path / "lesson", ONE_WEIGHT)
    line, shown = reopened(lesson, tmp_path / "home", f"{TO_QUESTION} {before} 1 comma 5 enter")
    assert line == "1,5"
    assert "· not read" in shown


def test_what_was_judged_leaves_the_line_empty_when_the_lesson_is_opened_again(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path / "lesson", ONE_WEIGHT)
    line, shown = reopened(lesson, tmp_path / "home", f"{TO_QUESTION} {WRONG}")
    assert line == ""
    assert "· not read" not in shown
    assert "✗ not yet" in shown


def test_what_could_not_be_read_gives_way_to_what_is_typed_where_one_comes_back_to_it(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path / "lesson", ONE_WEIGHT)
    keys = f"{TO_QUESTION.replace('full_stop', '.').replace('0 . 1', '0.1')} 1,5 enter escape left"
    assert "> 1,5" in see(f"{keys} enter", lesson=lesson)
    for way in ("enter 2.5", "2.5"):
        shown = see(f"{keys} {way}", lesson=lesson)
        assert "> 2.5" in shown
        assert "> 1,5" not in shown
