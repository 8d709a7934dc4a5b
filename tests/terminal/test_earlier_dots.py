"""A lesson that is opened by its name knows what was learned before it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.pilot import Pilot

from nn_tutor.course.load import load
from nn_tutor.progress.opening import open_lesson
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.mastery import Standing
from tests.lessons_for_tests import of_one_weight, right_answer

ASKED = of_one_weight('kind = "walk"\nask = ["a"]\npasses = 1')


async def _until_recalled(app: TutorApp, pilot: Pilot[None]) -> LessonScreen:
    while app.recalled is None:
        await pilot.pause(0.02)
    await pilot.pause()
    assert isinstance(app.screen, LessonScreen)
    return app.screen


def _dots(screen: LessonScreen) -> dict[str, int]:
    assert screen.recording is not None
    return dict(screen.recording.standing.dots)


def _in(folder: Path, lesson_id: str) -> Path:
    path = folder / f"{lesson_id}.toml"
    path.write_text(ASKED.replace('id = "small"', f'id = "{lesson_id}"'), encoding="utf-8")
    return path


def test_the_dots_of_other_lessons_are_there(tmp_path: Path) -> None:
    async def learn(lesson_id: str) -> tuple[dict[str, int], dict[str, int], str]:
        """The dots before and after a right answer, and the last line of the screen before it."""
        app = TutorApp((), load(_in(tmp_path, lesson_id)), tmp_path / "kept")
        async with app.run_test(size=(120, 40)) as pilot:
            screen = await _until_recalled(app, pilot)
            before, footer = _dots(screen), screen._compositor.render_strips()[-1].text
            await pilot.press(*right_answer(screen.session), "enter")
            await pilot.pause()
            return before, _dots(screen), footer

    nothing, learned, footer = asyncio.run(learn("first"))
    assert (nothing, "●" in footer) == ({}, False)
    known, more, footer = asyncio.run(learn("second"))
    assert learned == known == dict.fromkeys(learned, 1)
    assert "●" in footer
    assert more == dict.fromkeys(learned, 2)


def test_an_answer_that_is_quicker_than_the_log_counts_once(tmp_path: Path) -> None:
    recorder = ProgressRecorder(tmp_path)
    opened = open_lesson(load(_in(tmp_path, "quick")), recorder, Standing())
    opened.recording.remember(opened.session, opened.session.answer(right_answer(opened.session)))
    standing = opened.recording.standing
    opened.recording.stand_on(recorder.recall().standing)
    assert standing.dots
    assert opened.recording.standing == standing
    recorder.close()
