"""The learner's own data in the app: the file picker, the choices, the lesson, and the lessons that were kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from nn_tutor.terminal.messages import DataLesson, DataRead, DataRefused
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.terminal_app import TerminalApp

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.data_files import DataFile
    from nn_tutor.progress.recall import OwnData


class OwnDataApp(TerminalApp):
    """An app that makes lessons of the learner's own files; what is heavy is done in threads."""

    def open_lesson(self, lesson: Lesson) -> None:
        """Open a lesson outside the course."""
        raise NotImplementedError

    def recall_anew(self) -> None:
        """Show at home what the log comes to now."""
        raise NotImplementedError

    @on(HomeScreen.OwnDataChosen)
    def open_own_data(self, event: HomeScreen.OwnDataChosen) -> None:
        """Let a file be picked, open a lesson on one again, or keep it no longer."""
        if event.kept is not None and event.is_forgotten:
            from nn_tutor.progress.recall import OWN_DATA

            self.recorder.remember(event.kept.lesson, [(OWN_DATA, {})])
            self.recall_anew()
            return
        if event.kept is not None:
            self.run_worker(partial(self._open_kept, event.kept), thread=True, exclusive=True, group="own data")
            return
        from nn_tutor.terminal.screens.data_files import DataFilesScreen

        self.push_screen(DataFilesScreen(Path.cwd()))

    @on(DataRead)
    def show_choices(self, event: DataRead) -> None:
        """Show what may be chosen about a file."""
        self.choose_about(event.file)

    @on(DataRefused)
    def refuse_data(self, event: DataRefused) -> None:
        """Say at home why a file that was kept cannot be used any more."""
        if isinstance(self.screen, HomeScreen):
            self.screen.say(event.message)

    @on(DataLesson)
    def open_data_lesson(self, event: DataLesson) -> None:
        """Keep which file a lesson is made of, and open it in the place of the screens that led to it."""
        from nn_tutor.progress.recall import OWN_DATA
        from nn_tutor.terminal.screens.data import DataScreen
        from nn_tutor.terminal.screens.data_files import DataFilesScreen

        kept = event.file.content(event.lesson, event.options)
        self.recorder.remember(event.lesson.id, [(OWN_DATA, kept)])
        while isinstance(self.screen, DataScreen | DataFilesScreen):
            self.pop_screen()
        self.open_lesson(event.lesson)

    def choose_about(self, file: DataFile) -> None:
        """Open the screen of a file."""
        from nn_tutor.terminal.screens.data import DataScreen

        self.push_screen(DataScreen(file), callback=self._left_choices)

    def _left_choices(self, result: None) -> None:
        """Go back to the file picker; a program that was started for one file ends."""
        if len(self.screen_stack) == 1 and not isinstance(self.screen, HomeScreen):
            self.exit()

    def _open_kept(self, kept: OwnData) -> None:
        """Read a file again and make its lesson, in a thread."""
        from nn_tutor.course.findings import LessonError
        from nn_tutor.progress.data_files import open_kept

        try:
            file, options = open_kept(kept.content)
            self.post_message(DataLesson(file.lesson(options), file, options))
        except LessonError as error:
            self.post_message(DataRefused(str(error)))
