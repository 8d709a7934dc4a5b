"""The Textual app: it opens screens, loads NumPy and SymPy after the first paint, and ends cleanly whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
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
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.theme import DARK, LIGHT

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Network


class TutorApp(App[None]):
    """nn-tutor in a terminal: the home screen and the lessons opened from it, or one lesson alone."""

    TITLE = "nn-tutor"
    CSS = "Screen { background: $background; color: $foreground; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "suspend", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = True

    class Ready(Message):
        """NumPy and SymPy are loaded and warm."""

        def __init__(self, deriver: Deriver) -> None:
            super().__init__()
            self.deriver = deriver

    def __init__(self, lessons: Sequence[Listing], lesson: Lesson | None = None) -> None:
        super().__init__()
        self.lessons = lessons
        self.lesson = lesson
        self.deriver: Deriver | None = None
        self.crash: BaseException | None = None
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def on_mount(self) -> None:
        """Open the first screen; everything heavy waits until it is painted."""
        self._end_on_signals()
        if self.lesson is not None:
            self._open(self.lesson, None)
        self.call_after_refresh(self._warm)

    def get_default_screen(self) -> Screen[None]:
        """The screen below all others: home, which therefore is painted first."""
        return HomeScreen(self.lessons) if self.lesson is None else Screen(id="_default")

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

    def _open(self, lesson: Lesson, number: int | None) -> None:
        from nn_tutor.terminal.screens.lesson import LessonScreen
        from nn_tutor.tutor.session import begin
        from nn_tutor.tutor.tour import Tour

        screen = LessonScreen(begin(Tour(lesson, disproves=_disproves)), number, self.deriver)
        self.push_screen(screen, callback=self._left_lesson)

    def _left_lesson(self, result: None) -> None:
        if self.lesson is not None:
            self.exit()

    @work(thread=True, exit_on_error=False)
    def _warm(self) -> None:
        """Load NumPy, SymPy and the lesson screen in a thread, which only posts a message."""
        sys.setswitchinterval(0.0005)
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        import nn_tutor.terminal.screens.lesson  # noqa: F401
        from nn_tutor.calculus.derivation import SymPyDeriver, warm

        warm()
        self.post_message(self.Ready(SymPyDeriver()))

    def _end_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def _handle_exception(self, error: Exception) -> None:
        self.crash = error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Leave what went wrong to `open_tutor`, which says it in one sentence."""
        self._exit_renderables.clear()


def open_tutor(lesson: Lesson | None, lessons: Sequence[Listing] = (), *, no_color: bool = False) -> int:
    """Run the tutor in this terminal and return its exit status: 0, 1 after a crash, 128+n after signal n."""
    if no_color:
        os.environ["NO_COLOR"] = "1"
    app = TutorApp(lessons, lesson)
    app.run()
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


def _disproves(network: Network, rows: int, ref: Ref, tree: object) -> bool:
    """Ask SymPy, which is loaded by the time that a formula is typed."""
    from nn_tutor.calculus.equality import disproves

    return disproves(network, rows, ref, tree)
