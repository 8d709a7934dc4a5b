"""The tutor as a program: it runs the app in this terminal, and turns the way it ends into a status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor.course.faults import fault_of_lesson
from nn_tutor.progress.crash import write_report
from nn_tutor.progress.messages import say, tell
from nn_tutor.terminal.app import TutorApp

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.progress.data_files import DataFile

CRASHED, INVALID = 1, 3


def is_motion_wanted() -> bool:
    """Whether something may move here: not where it was turned off, nor in a browser, nor over a slow line.

    `NO_MOTION` and Textual's own `TEXTUAL_ANIMATIONS=none` turn it off.
    """
    wishes = os.environ.get("NO_MOTION"), os.environ.get("TEXTUAL_ANIMATIONS", "").lower() == "none"
    return not any(wishes) and "TEXTUAL_DRIVER" not in os.environ and not _is_slow()


def _is_slow() -> bool:
    """Whether the terminal is at the end of a slow line, as a serial console is; windows say 38,400 bits a second."""
    if sys.platform != "win32" and sys.__stdout__ is not None:
        import termios

        with suppress(OSError, ValueError, termios.error):
            return int(termios.tcgetattr(sys.__stdout__.fileno())[5]) < termios.B38400
    return False


def open_tutor(
    lesson: Lesson | None,
    lessons: Sequence[Listing] = (),
    *,
    no_color: bool = False,
    ascii_only: bool = False,
    no_motion: bool = False,
    directory: Path | None = None,
    practice: tuple[str, int] | None = None,
    data: DataFile | None = None,
    kept: Kept | None = None,
    begins_with_form: bool = False,
) -> int:
    """Run the tutor and return its status: 0, 1 after a crash, 3 for a lesson that cannot go on, 128+n after signal n.

    `directory` is where progress is kept, None for the usual place; `practice` a skill and a seed to begin with, `data`
    a file to choose about. `kept` is the network of one's own that the lesson is of; `begins_with_form` asks for one
    first.
    """
    if no_color:
        os.environ["NO_COLOR"] = "1"
    elif not os.environ.get("NO_COLOR"):  # set but empty means nothing, which Textual does not know
        os.environ.pop("NO_COLOR", None)
    app = TutorApp(lessons, lesson, directory, practice, data, kept, begins_with_form=begins_with_form)
    app.is_ascii = ascii_only or os.environ.get("TERM") == "linux"  # a console's font lacks most other signs
    app.has_motion = not no_motion and is_motion_wanted()
    with app.ending.watched():
        app.run()
        app.close_recorder()
    say(app.last_words())
    if app.farewell:
        tell(app.farewell)
    if app.crash is None:
        return app.return_code or 0
    fault = fault_of_lesson(app.crash)
    if fault:
        say(fault)
        return INVALID
    where = write_report(app.crash, directory)
    say(f"something went wrong, and it is our fault: {app.crash}. {where}")
    return CRASHED
