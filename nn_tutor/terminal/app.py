"""The Textual app: it opens screens, loads NumPy and SymPy after the first paint, and ends cleanly whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from nn_tutor.course.findings import LessonError
from nn_tutor.terminal.screens.home import Continuation, HomeScreen
from nn_tutor.terminal.theme import DARK, LIGHT

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.keeper import Keeper
    from nn_tutor.progress.recall import Recalled


MIX, DUE = "mix", "due"
"""What is practised where no skill is named: everything, or what is due for review."""


class Recalling(Message):
    """What was remembered of the learner has been read."""

    def __init__(self, recalled: Recalled, continuation: Continuation | None) -> None:
        super().__init__()
        self.recalled = recalled
        self.continuation = continuation


class Ready(Message):
    """NumPy and SymPy are loaded and warm."""

    def __init__(self, deriver: Deriver) -> None:
        super().__init__()
        self.deriver = deriver


class TutorApp(App[None]):
    """nn-tutor in a terminal: the home screen and the lessons opened from it, or one lesson alone."""

    TITLE = "nn-tutor"
    CSS = "Screen { background: $background; color: $foreground; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "suspend", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        lessons: Sequence[Listing],
        lesson: Lesson | None = None,
        directory: Path | None = None,
        practice: tuple[str, int] | None = None,
    ) -> None:
        super().__init__()
        self.lessons = lessons
        self.lesson = lesson
        self.directory = directory
        self.practice = practice
        self.recalled: Recalled | None = None
        self._keeper: Keeper | None = None
        self.deriver: Deriver | None = None
        self.crash: BaseException | None = None
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def on_mount(self) -> None:
        """Open the first screen; everything heavy waits until it is painted."""
        _end_on_signals(self)
        if self.lesson is not None:
            self._open(self.lesson, None)
        elif self.practice is not None:
            self._practise(*self.practice)
        self.call_after_refresh(self._warm)

    def get_default_screen(self) -> Screen[None]:
        """The screen below all others: home, which therefore is painted first."""
        alone = self.lesson is not None or self.practice is not None
        return Screen(id="_default") if alone else HomeScreen(self.lessons)

    @on(HomeScreen.Chosen)
    def open_chosen(self, event: HomeScreen.Chosen) -> None:
        """Open the lesson that was chosen, or say why it cannot be."""
        from nn_tutor.course.load import load

        try:
            lesson = load(event.listing.path)
        except LessonError as error:
            if isinstance(self.screen, HomeScreen):
                self.screen.say(str(error).splitlines()[0])
            return
        self._open(lesson, event.number)

    @on(Ready)
    def take_deriver(self, event: Ready) -> None:
        """Hand who derives to the lesson that waits for it."""
        self.deriver = event.deriver
        for screen in self.screen_stack:
            if hasattr(screen, "derive_with"):
                screen.derive_with(event.deriver)

    @on(HomeScreen.Practise)
    def open_practice(self, event: HomeScreen.Practise) -> None:
        """Begin a round: what is due where `event.due` says so, else a mix."""
        self._practise(DUE if event.due else MIX, int(time.time()) % 1_000_000)

    @on(Recalling)
    def take_recalled(self, event: Recalling) -> None:
        """Show at home what was remembered."""
        self.recalled = event.recalled
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.remember(event.recalled, event.continuation, "" if self._keeper is None else self._keeper.said)

    @property
    def keeper(self) -> Keeper:
        """Who keeps the log; made when it is first needed."""
        if self._keeper is None:
            from nn_tutor.progress.keeper import Keeper

            self._keeper = Keeper(self.directory)
        return self._keeper

    def close_keeper(self) -> None:
        """Write down what still waits, and close the log."""
        if self._keeper is not None:
            self._keeper.close()

    def _open(self, lesson: Lesson, number: int | None) -> None:
        from nn_tutor.terminal.opening import lesson_screen

        screen = lesson_screen(lesson, number, self.lessons, self.keeper, self.recalled, self.deriver)
        self.push_screen(screen, callback=self._left_lesson)

    def _practise(self, skill: str, seed: int) -> None:
        from nn_tutor.terminal.opening import practice_screen

        self.practice = (skill, seed)
        if self.recalled is None:
            self.recalled = self.keeper.recall()
        screen = practice_screen(skill, seed, self.keeper, self.recalled, self.deriver)
        self.push_screen(screen, callback=self._left_practice)

    def _left_practice(self, result: str | None) -> None:
        if result and self.practice is not None:
            skill, seed = self.practice
            self._practise(skill, seed + 1)
        else:
            self._left_lesson(result)

    def _left_lesson(self, result: str | None) -> None:
        if isinstance(self.screen, HomeScreen):
            self.run_worker(self._recall, thread=True, exit_on_error=False)
        else:
            self.exit()

    def _recall(self) -> None:
        from nn_tutor.terminal.opening import continuation

        recalled = self.keeper.recall()
        self.post_message(Recalling(recalled, continuation(recalled, self.lessons)))

    @work(thread=True, exit_on_error=False)
    def _warm(self) -> None:
        """Load NumPy, the log, SymPy and the lesson screen in a thread, which only posts messages."""
        from nn_tutor.terminal.warming import warmed

        deriver = warmed(lambda: None if self.lesson is not None else self._recall())
        self.post_message(Ready(deriver))

    def _handle_exception(self, error: Exception) -> None:
        self.crash = error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Leave what went wrong to `open_tutor`, which says it in one sentence."""
        self._exit_renderables.clear()


def _end_on_signals(app: TutorApp) -> None:
    """End cleanly, with the terminal as it was, when told to."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, partial(app.exit, return_code=128 + number))


def open_tutor(
    lesson: Lesson | None,
    lessons: Sequence[Listing] = (),
    *,
    no_color: bool = False,
    directory: Path | None = None,
    practice: tuple[str, int] | None = None,
) -> int:
    """Run the tutor in this terminal and return its exit status: 0, 1 after a crash, 128+n after signal n.

    `directory` is where progress is kept, None for the usual place; `practice` a skill and a seed to begin with.
    """
    if no_color:
        os.environ["NO_COLOR"] = "1"
    app = TutorApp(lessons, lesson, directory, practice)
    app.run()
    app.close_keeper()
    if app.crash is not None:
        where = _write_crash(app.crash)
        print(f"nn-tutor: something went wrong, and it is our fault: {app.crash}. {where}", file=sys.stderr)  # noqa: T201
        return 1
    return app.return_code or 0


def _write_crash(error: BaseException) -> str:
    from platformdirs import user_state_path

    report = "".join(traceback.format_exception(error))
    try:
        folder: Path = user_state_path("nn-tutor", appauthor=False, ensure_exists=True)
        path = folder / "crash.txt"
        path.write_text(report, encoding="utf-8")
    except OSError:
        return "No report could be written."
    return f"The report is in {path}."
