"""What is imported before a lesson stands on the screen, in a process of its own: nothing that takes its time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nn_tutor.course.find import shipped_lessons, shipped_paths
from nn_tutor.course.load import load
from nn_tutor.terminal.warming import prepare
from nn_tutor.tutor.exercises import exercise, with_exercises

# The finder is asked when a package is imported for the first time; it notes what stands on the screen just then.
LATE = """
import asyncio, gc, sys
from pathlib import Path

seen = {}

class Witness:
    app = None
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name in ("sympy", "fsrs"):
            seen.setdefault(name, "" if cls.app is None else "".join(
                strip.text for strip in cls.app.screen._compositor.render_strips()))

sys.meta_path.insert(0, Witness)
from nn_tutor.course.load import load
gc.disable()  # as the command line does for the time of the imports
from nn_tutor.terminal.app import TutorApp

async def run():
    lesson = load(Path(sys.argv[1]))
    Witness.app = app = TutorApp((), lesson, Path(sys.argv[2]))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.deriver is None or app.recalled is None:
            await pilot.pause(0.02)
    assert gc.isenabled()
    print(lesson.title in seen["sympy"], lesson.title in seen.get("fsrs", lesson.title))

asyncio.run(run())
"""


@pytest.mark.parametrize("name", ["01-learning-from-data", "04-chain-rule", "17-autoencoder"])
def test_a_lesson_is_on_the_screen_before_sympy_is_imported(name: str, tmp_path: Path) -> None:
    path = next(path for path in shipped_paths() if name in str(path))
    done = subprocess.run(
        [sys.executable, "-c", LATE, str(path), str(tmp_path)], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.stdout, done.stderr) == ("True True\n", "")


def test_no_lesson_draws_its_exercises_when_it_is_opened_from_home() -> None:
    lessons = shipped_lessons()
    prepare(None, lessons)
    before = exercise.cache_info()
    for listing in lessons:
        with_exercises(load(listing.path))
    after = exercise.cache_info()
    assert after.hits > before.hits
    assert after.misses == before.misses
