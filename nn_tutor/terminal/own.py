"""Networks of one's own at home: the form, the walk, keeping, renaming, writing to a folder, deleting."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from nn_tutor.homework.exporting import files_of, folder_name
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.keeping import Kept, deleted
from nn_tutor.homework.reading import homework_of
from nn_tutor.homework.said import PREFIX
from nn_tutor.terminal.screens.form import FormScreen
from nn_tutor.terminal.screens.home import HomeScreen, Wish

if TYPE_CHECKING:
    from textual.screen import Screen

    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.recorder import ProgressRecorder

Result = TypeVar("Result")


class Host(Protocol):
    """The app, as far as networks of one's own need it."""

    deriver: Deriver | None

    @property
    def recorder(self) -> ProgressRecorder:
        """The recorder of what is kept."""

    @property
    def screen(self) -> Screen[object]:
        """The screen in front."""

    def push_screen(self, screen: Screen[Result], callback: Callable[[Result | None], None]) -> object:
        """Show a screen; what it returns goes to the callback."""

    def open_lesson(self, lesson: Lesson) -> None:
        """Open a lesson outside the course."""

    def or_say(self, open_it: Callable[[], None]) -> None:
        """Open something from home, or say there which fault of its own it has."""

    def recall_anew(self) -> None:
        """Show at home what the log comes to now."""


def do(app: Host, wish: Wish, kept: Kept | None) -> None:
    """Do what is wished with a network of one's own, None for a new one."""
    if kept is None or wish in ("edit", "rename") or (wish in ("walk", "sheet") and not kept.is_complete):
        new = Kept(f"{PREFIX}{uuid.uuid4().hex[:8]}", "") if kept is None else kept
        screen = FormScreen(new, app.recorder, to_name=wish == "rename")
        app.push_screen(screen, callback=lambda result: _after_form(app, result, screen))
    elif wish == "walk":
        _walk(app, kept)
    elif wish == "sheet":
        _sheet(app, kept)
    elif wish == "delete":
        app.recorder.remember(kept.id, [deleted()])
        app.recall_anew()
    else:
        _say(app, _exported(kept))


def _after_form(app: Host, kept: Kept | None, screen: FormScreen) -> None:
    """Open the walk or the sheet of what was entered, or show at home what is kept."""
    if kept is None:
        app.recall_anew()
    elif screen.wants_sheet:
        _sheet(app, kept)
    else:
        _walk(app, kept)


def _walk(app: Host, kept: Kept) -> None:
    try:
        lesson = homework_of(kept.said, kept.id).lesson
    except HomeworkError as error:
        _say(app, str(error.faults[0]))
    else:
        app.or_say(lambda: app.open_lesson(lesson))


def _sheet(app: Host, kept: Kept) -> None:
    try:
        lesson = homework_of(kept.said, kept.id).lesson
    except HomeworkError as error:
        _say(app, str(error.faults[0]))
    else:
        app.or_say(lambda: _open_sheet(app, lesson))


def _open_sheet(app: Host, lesson: Lesson) -> None:
    from nn_tutor.terminal.screens.sheet import SheetScreen

    screen = SheetScreen(lesson, app.recorder, app.deriver)
    app.push_screen(screen, callback=lambda result: app.recall_anew())


def _exported(kept: Kept) -> str:
    """Write a network as a lesson into a new folder here; returns what there is to say of it."""
    try:
        homework = homework_of(kept.said, kept.id)
        folder = _new_folder(folder_name(homework))
        for name, text in files_of(homework, folder.name).items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except HomeworkError as error:
        return str(error.faults[0])
    except OSError as error:
        return f"it could not be written here: {error.strerror or error}"
    return f"written to {folder}: nn-tutor check {folder} and nn-tutor start {folder} take it"


def _new_folder(name: str) -> Path:
    """Make a folder of a name that is still free, in the present one."""
    for number in range(1, 1000):
        folder = Path(name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise OSError(f"{name} is there a thousand times")


def _say(app: Host, text: str) -> None:
    if isinstance(app.screen, HomeScreen):
        app.screen.say(text)
