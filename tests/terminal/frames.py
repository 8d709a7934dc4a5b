"""The screens as text: run the app without a terminal, press keys, read off what a learner would see."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.find import Listing
from nn_tutor.course.lesson import Lesson
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.lesson import LessonScreen

GOLDENS = Path(__file__).parent / "goldens"


def frame(app: TutorApp) -> str:
    """Return the screen as text, without blanks at the ends of its lines."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips).rstrip() + "\n"


def see(
    keys: str,
    *,
    lesson: Lesson | None = None,
    lessons: tuple[Listing, ...] = (),
    size: tuple[int, int] = (80, 24),
    then: Callable[[TutorApp, Pilot[None]], Awaitable[None]] | None = None,
) -> str:
    """Run the app, press keys (`enter` and its like by name, words letter by letter), return the last frame."""

    async def run() -> str:
        app = TutorApp(lessons, lesson, Path(home))
        app.deriver = SymPyDeriver()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            for word in keys.split():
                if word in NAMES or word.startswith(("ctrl+", "shift+")):
                    await pilot.press(word)
                else:
                    for character in word:
                        await pilot.press(CHARACTERS.get(character, character))
            if then is not None:
                await then(app, pilot)
            await pilot.pause()
            return frame(app)

    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(run())


async def until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Wait until something is so, however busy the machine is."""
    for _ in range(500):
        await pilot.pause(0.01)
        if is_so():
            return
    raise AssertionError(frame(pilot.app))  # type: ignore[arg-type]


def lesson_screen(app: TutorApp) -> LessonScreen:
    """Return the lesson screen in front."""
    assert isinstance(app.screen, LessonScreen)
    return app.screen


def compare(name: str, text: str) -> None:
    """Hold a frame against the one that is kept; NN_TUTOR_UPDATE_GOLDENS=1 keeps the new one instead."""
    path = GOLDENS / f"{name}.txt"
    if os.environ.get("NN_TUTOR_UPDATE_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


NAMES = {
    "enter", "escape", "left", "right", "up", "down", "home", "end", "pageup", "pagedown", "tab", "backspace", "f1",
    "f2", "f4",
}  # fmt: skip
CHARACTERS = {
    ".": "full_stop", "+": "plus", "-": "minus", "*": "asterisk", "/": "slash", "(": "left_parenthesis",
    ")": "right_parenthesis", "_": "underscore", ",": "comma", "?": "question_mark", "[": "left_square_bracket",
    "]": "right_square_bracket",
}  # fmt: skip
