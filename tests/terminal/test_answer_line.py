"""The answer line paints itself quickly; what it paints is what Textual's own input would."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widgets import Input

from nn_tutor.terminal.panels.verdict import GLYPHS
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.terminal.theme import DARK
from nn_tutor.terminal.widgets.answer_line import AnswerLine
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from tests.lessons_for_tests import DERIVER, ONE_WEIGHT, make_lesson, right_answer

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
