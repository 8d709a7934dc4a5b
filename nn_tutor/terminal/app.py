"""The Textual app: it opens the screens, and gives each what it needs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.screen import Screen

from nn_tutor.terminal.messages import Ready, Recalling, Stopped
from nn_tutor.terminal.own_network import OwnNetworkApp
from nn_tutor.terminal.screens.home import HomeScreen

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.progress.data_files import DataFile
    from nn_tutor.progress.recall import Recalled


MIX, DUE = "mix", "due"
"""What is practised where no skill is named: everything, or what is due for review."""


class TutorApp(OwnNetworkApp):
    """nn-tutor in a terminal: the home screen and the lessons opened from it, or one lesson alone."""

    TITLE = "nn-tutor"
    CSS = "Screen { background: $background; color: $foreground; }"

    def __init__(
        self,
        lessons: Sequence[Listing],
        lesson: Lesson | None = None,
        directory: Path | None = None,
        practice: tuple[str, int] | None = None,
        data: DataFile | None = None,
        kept: Kept | None = None,
        *,
        begins_with_form: bool = False,
    ) -> None:
        super().__init__(directory)
        self.lessons = lessons
        self.lesson = lesson
        self.practice = practice
        self.data = data
        self.kept = kept
        self.begins_with_form = begins_with_form
        self.recalled: Recalled | None = None
        self.deriver: Deriver | None = None
        self.farewell = ""
        """What is said once the screen is gone."""

    def on_mount(self) -> None:
        """Open the first screen; everything heavy waits until it is painted."""
        if self.lesson is not None:
            self._open(self.lesson, None)
            if self.kept is not None:
                self.keep(self.kept)
        elif self.begins_with_form:
            self.do_with_own(HomeScreen.Own("new", None))
        elif self.practice is not None:
            self._practise(*self.practice)
        elif self.data is not None:
            self.choose_about(self.data)
        self.call_after_refresh(self._warm)

    def get_default_screen(self) -> Screen[None]:
        """The screen below all others: home, which therefore is painted first."""
        alone = (self.lesson, self.practice, self.data) != (None, None, None)
        return Screen(id="_default") if alone else HomeScreen(self.lessons)

    @on(HomeScreen.Chosen)
    def open_chosen(self, event: HomeScreen.Chosen) -> None:
        """Open the lesson that was chosen, or say why it cannot be."""
        from nn_tutor.course.load import load

        self.or_say(lambda: self._open(load(event.listing.path), event.number))

    @on(Stopped)
    def close_stopped(self, event: Stopped) -> None:
        """Go home from a lesson that cannot go on, and say why."""
        while not isinstance(self.screen, HomeScreen):
            self.pop_screen()
        self.screen.say(event.fault.splitlines()[0])
        self._left_lesson(None)

    @on(Ready)
    def take_deriver(self, event: Ready) -> None:
        """Give the waiting lesson its deriver."""
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
                screen.remember(
                    event.recalled, event.continuation, "" if self._recorder is None else self._recorder.said
                )

    def open_lesson(self, lesson: Lesson) -> None:
        """Open a lesson that is none of the course."""
        self._open(lesson, None)

    def _open(self, lesson: Lesson, number: int | None) -> None:
        from nn_tutor.terminal.opening import lesson_screen

        screen = lesson_screen(lesson, number, self.lessons, self.recorder, self.recalled, self.deriver)
        self.push_screen(screen, callback=self._left_lesson)

    def _practise(self, skill: str, seed: int) -> None:
        from nn_tutor.terminal.opening import practice_screen
        from nn_tutor.tutor.practice import NOTHING_MET

        self.practice = (skill, seed)
        if self.recalled is None:
            self.recalled = self.recorder.recall()
        screen = practice_screen(skill, seed, self.recorder, self.recalled, self.deriver)
        if screen is not None:
            self.push_screen(screen, callback=self._left_practice)
        elif isinstance(self.screen, HomeScreen):
            self.screen.say(NOTHING_MET)
        else:
            self.farewell = NOTHING_MET
            self.exit()

    def _left_practice(self, result: str | None) -> None:
        if result and self.practice is not None:
            skill, seed = self.practice
            self._practise(skill, seed + 1)
        else:
            self._left_lesson(result)

    def _left_lesson(self, result: str | None) -> None:
        if isinstance(self.screen, HomeScreen):
            self.recall_anew()
        else:
            self.exit()

    def recall_anew(self) -> None:
        """Show at home what the log comes to now."""
        self.run_worker(self._recall, thread=True, exit_on_error=False)

    def _recall(self) -> None:
        from nn_tutor.terminal.opening import continuation

        recalled = self.recorder.recall()
        self.post_message(Recalling(recalled, continuation(recalled, self.lessons)))

    @work(thread=True, exit_on_error=False)
    def _warm(self) -> None:
        """Load NumPy, the log, SymPy and the lesson screen in a thread, which only posts messages."""
        from nn_tutor.terminal.warming import prepare, warmed

        deriver = warmed(lambda: None if self.lesson is not None else self._recall())
        self.post_message(Ready(deriver))
        prepare(self.lessons)
