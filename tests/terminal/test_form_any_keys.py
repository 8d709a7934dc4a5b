"""A learner who presses anything in the form: it goes on, says what can be pressed, and keeps what was entered."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from textual import events

from nn_tutor.homework.form import Form
from nn_tutor.homework.keeping import Kept
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.form import FormScreen
from nn_tutor.terminal.screens.help import HelpScreen
from tests.homework.test_form import LINES
from tests.terminal.frames import frame

KEYS = (
    *("enter",) * 6, *("up", "down") * 3, *("1", "2", "full_stop", "minus", "space", "semicolon") * 3, "x",
    "question_mark", "left", "right", "home", "end", "backspace", "ctrl+u", "tab", "shift+tab", "f1", "delete",
    "left_square_bracket",
)  # fmt: skip
PASTES = ("[[1, 2], [3, 4]]", "1 2\r3 4", "", "\x1b[31m", "0,5", "x" * 30_000, "W = [1 2; 3 4]'", "\u202e1")
SIZES = ((80, 24), (120, 40), (60, 16), (40, 10), (200, 50))


@pytest.mark.parametrize("seed", range(3))
def test_any_keys_in_the_form_are_survived(seed: int, tmp_path: Path) -> None:
    asyncio.run(_press(random.Random(seed), tmp_path))


async def _press(draw: random.Random, folder: Path) -> None:
    form = Form()
    for line in LINES[: draw.randrange(len(LINES))]:
        form = form.entered(line)
    recorder = ProgressRecorder(folder)
    app = TutorApp((), None, folder)
    async with app.run_test(size=draw.choice(SIZES)) as pilot:
        await app.push_screen(FormScreen(Kept("own-1", "", (), tuple(form.texts.items())), recorder))
        await pilot.pause()
        for _ in range(80):
            if isinstance(app.screen, HelpScreen):
                await pilot.press("escape")
                continue
            if not isinstance(app.screen, FormScreen):
                break  # the form was complete, and its walk is wanted
            action = draw.random()
            if action < 0.06:
                app.screen.line.post_message(events.Paste(draw.choice(PASTES)))
            elif action < 0.1:
                await pilot.resize_terminal(*draw.choice(SIZES))
            else:
                await pilot.press(draw.choice(KEYS))
            await pilot.pause()
            if isinstance(app.screen, FormScreen):
                shown, (width, height) = frame(app), app.size
                assert "\x1b" not in shown
                assert "\u202e" not in shown
                assert all(len(line) <= width for line in shown.splitlines())
                if width >= 60 and height >= 16:
                    assert "entering" in shown
                    assert app.screen.form.asked.prompt[:20] in shown
        if isinstance(app.screen, FormScreen):
            before = app.screen._now
            await pilot.press("escape")
            await pilot.pause()
            kept = [entry for entry in recorder.entries_of("own-1") if entry.kind == "network"]
            if kept:
                texts = {key: text for key, text in before.texts.items() if text}
                assert dict(kept[-1].content["form"]) == texts  # type: ignore[arg-type]
    recorder.close()
