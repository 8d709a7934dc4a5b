"""A learner who presses anything: the program goes on, and always says what can be pressed next."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.exercises import with_exercises
from tests.lessons_for_tests import right_answer
from tests.terminal.frames import frame

PRESSES = 70
SIZES = ((80, 24), (120, 40), (60, 16), (100, 30))
ANSWERS = ("1", "-2", "0.5", "x", "w*2", "foo", "1e9", "0", "[red]", "2 3", "1/0", "x*", "9" * 40)
KEYS = (
    *("right",) * 4, *("left", "up", "down") * 2, *("question_mark",) * 3, "f2", "f2", "s", "s", "enter", "escape",
    "home", "end", "pageup", "pagedown", "tab", "shift+tab", "m", "c", "g", "v", "p", "t", "r", "i", "plus", "minus",
    "1", "2", "3", "4", "f1", "backspace",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_any_keys_are_survived(seed: int, tmp_path: Path) -> None:
    paths = shipped_paths()
    asyncio.run(_press(paths[(5 * seed + 9) % len(paths)], random.Random(seed), tmp_path))


async def _press(path: Path, draw: random.Random, folder: Path) -> None:
    app = TutorApp((), with_exercises(load(path)), folder)
    app.deriver = SymPyDeriver()
    pressed: list[str] = []
    async with app.run_test(size=draw.choice(SIZES)) as pilot:
        await pilot.pause()
        # Into the middle of the lesson: what comes first is read and chosen.
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        screen.session = screen.session.entered(draw.randrange(len(screen.session.lesson_run.lesson.activities)))
        for _ in range(PRESSES):
            screen = app.screen
            if not isinstance(screen, LessonScreen):  # the help
                await pilot.press("escape")
                continue
            if screen.session.is_over:
                break
            answers = screen.session.is_open and draw.random()
            if answers and answers > 0.6:
                if screen.state == "looking":
                    await pilot.press("enter")
                screen.line.value = right_answer(screen.session) if answers > 0.75 else draw.choice(ANSWERS)
                pressed.append(f"{screen.line.value} enter")
                await pilot.press("enter")
            else:
                pressed.append(draw.choice(KEYS))
                await pilot.press(pressed[-1])
            assert app.crash is None, pressed
        if isinstance(app.screen, LessonScreen):
            await pilot.press("f1")  # what was only said of the moment goes with the next key
            await pilot.press("escape")
            assert frame(app).splitlines()[-1].split()[0] in ("answering", "looking"), pressed
