"""The Textual app: it opens the screens, and gives each what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.screen import Screen

from nn_tutor.course.find import place_in_course
from nn_tutor.terminal.course_app import CourseApp
from nn_tutor.terminal.messages import Outlined, Ready, Stopped
from nn_tutor.terminal.screens.home import HomeScreen

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.progress.data_files import DataFile


class TutorApp(CourseApp):
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
        super().__init__(lessons, directory)
        self.lesson = lesson
        self.practice = practice
        self.data = data
        self.kept = kept
        self.begins_with_form = begins_with_form

    def on_mount(self) -> None:
        """Open the first screen; everything heavy waits until it is painted."""
        if self.lesson is not None:
            self._open(self.lesson, place_in_course(self.lesson.path, self.lessons))
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

    @on(Stopped)
    def close_stopped(self, event: Stopped) -> None:
        """Go home from a lesson that cannot go on, and say why."""
        while not isinstance(self.screen, HomeScreen):
            self.pop_screen()
        self.screen.say(event.fault.splitlines()[0])
        self.come_home()

    @on(Ready)
    def take_deriver(self, event: Ready) -> None:
        """Give the waiting lesson its deriver."""
        self.deriver = event.deriver
        for screen in self.screen_stack:
            if hasattr(screen, "derive_with"):
                screen.derive_with(event.deriver)

    @work(thread=True, exit_on_error=False)
    def _warm(self) -> None:
        """Load NumPy, the log, SymPy and the lesson screen in a thread, which only posts messages."""
        from nn_tutor.terminal.warming import prepare, warmed

        deriver = warmed(self._recall_first)
        self.post_message(Ready(deriver))
        if self.lesson is not None:
            self._recall()
        prepare(self.lesson, self._lessons_ahead)

    @property
    def _lessons_ahead(self) -> Sequence[Listing]:
        """The lessons that may be opened from here: all of them from home, of one that is alone the one after it."""
        if self.lesson is None:
            return self.lessons if isinstance(self.screen_stack[0], HomeScreen) else ()
        number = place_in_course(self.lesson.path, self.lessons)
        return () if number is None else self.lessons[number : number + 1]

    def _recall_first(self) -> None:
        """Read what home shows; a lesson that is opened alone has no home, and its dots come later."""
        from nn_tutor.terminal.warming import outlined

        if self.lesson is None:
            self._recall()
        if isinstance(self.screen_stack[0], HomeScreen):
            self.post_message(Outlined(outlined(self.lessons)))
