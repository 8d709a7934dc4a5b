"""Practice before anything was learned: it says where to begin, at home and without it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.pilot import Pilot

from nn_tutor.course.find import shipped_lessons
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.tutor.practice import NOTHING_MET
from tests.terminal.frames import see


def test_home_says_where_to_begin() -> None:
    async def practise(app: TutorApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, HomeScreen)
        app.screen.post_message(HomeScreen.Practise("mix"))
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)

    assert "Begin with lesson 2" in see("", lessons=shipped_lessons(), then=practise)


def test_alone_it_ends_and_says_so(tmp_path: Path) -> None:
    app = TutorApp((), None, tmp_path, ("mix", 1))

    async def run() -> None:
        async with app.run_test() as pilot:
            await pilot.pause()

    asyncio.run(run())
    assert app.farewell == NOTHING_MET
    assert app.return_code == 0
