"""The lesson's own screen, worked as a learner works it, with every move that it records.

`python -m tests.plain.screen` holds the log of every lesson of the course against what is talked line by line.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.doing import check
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.changes import Change
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.training import Training
from tests.lessons_for_tests import DERIVER
from tests.plain.talking import Kept, recording
from tests.terminal.frames import lesson_screen

MOST = 3_000
"""So many lines are typed in a lesson at the most."""


def log_of_the_screen(path: Path, line: Callable[[Session], str]) -> list[Change]:
    """Open a lesson in the app, put what `line` gives on its answer line until the lesson is over, and return the log.

    Where a run has not got to its goal and nothing is typed, End is pressed.
    """

    async def worked(home: str) -> list[Change]:
        app, kept = TutorApp((), load(path), Path(home)), Kept()
        app.deriver = DERIVER
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            screen = lesson_screen(app)
            screen.recording = recording(kept, screen.whole)
            for _ in range(MOST):
                if screen.whole.is_over:
                    return kept.entries
                text, station = line(screen.session), screen.session.station
                if not text and isinstance(station, Training) and not station.is_open and not station.has_arrived:
                    await _run_on(screen, pilot)
                else:
                    check(screen, text)
        raise AssertionError(f"{path.name} does not end")

    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(worked(home))


async def _run_on(screen: LessonScreen, pilot: Pilot[None]) -> None:
    await pilot.press("end")
    while screen.runs.is_running:
        await pilot.pause()


def main() -> int:
    """Compare the logs of all lessons, and return the status."""
    from tests.plain.test_course import once_wrong, talked_through

    differing = 0
    for path in shipped_paths():
        spoken, seen = talked_through(path)[0].entries, log_of_the_screen(path, once_wrong())
        differing += spoken != seen
        print(f"{path.name}: {len(seen)} entries, {'the same' if spoken == seen else 'OTHERS'}", flush=True)
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
