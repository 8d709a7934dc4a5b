"""How the app behaves in a terminal, whatever it shows: reading, painting, themes, quitting, crashing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from rich.console import RenderableType
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from nn_tutor.progress.settings import read_setting, write_setting
from nn_tutor.terminal.ascii import ASCII
from nn_tutor.terminal.changed_cells import of_changed_cells
from nn_tutor.terminal.colourless import COLOURLESS
from nn_tutor.terminal.ending import EndingApp
from nn_tutor.terminal.theme import DARK, LIGHT
from nn_tutor.terminal.tidying import Tidying

if TYPE_CHECKING:
    from nn_tutor.progress.recorder import ProgressRecorder

HOW_TO_QUIT = "ctrl+q quits; you come back to this very step"


@runtime_checkable
class Tells(Protocol):
    """A screen that can say something of the moment in the place of its footer."""

    def tell(self, text: str) -> None:
        """Say it until the next key."""


class TerminalApp(EndingApp):
    """A Textual app that bears any input, drops frames that nobody reads, and ends when it is told to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "suspend", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, directory: Path | None = None) -> None:
        super().__init__(save=self.close_recorder, last_words=self.last_words)
        self.directory = directory
        self.is_ascii = False
        self.has_motion = False
        """Whether a value may be seen to travel its link; only a program in a terminal of its own asks for it."""
        self.crash: BaseException | None = None
        self._recorder: ProgressRecorder | None = None
        self._asked_to_quit = False
        self._tidying = Tidying()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        chosen = read_setting(directory, "theme")
        usual = LIGHT if _is_light(os.environ.get("COLORFGBG", "")) else DARK
        self.theme = chosen if chosen in self.available_themes else usual.name

    def on_mount(self) -> None:
        """Remember the theme whenever another one is chosen."""
        self.theme_changed_signal.subscribe(self, lambda theme: write_setting(self.directory, "theme", theme.name))

    @property
    def recorder(self) -> ProgressRecorder:
        """The recorder of progress; made when it is first needed."""
        if self._recorder is None:
            from nn_tutor.progress.recorder import ProgressRecorder

            self._recorder = ProgressRecorder(self.directory)
        return self._recorder

    @property
    def unsaved(self) -> str:
        """What is not on the disk, in words, "" while everything is."""
        return "" if self._recorder is None else self._recorder.unsaved_in_words

    def last_words(self) -> str:
        """What is said at the end of what could not be saved, "" where everything is on the disk."""
        return "" if self._recorder is None else self._recorder.lost

    def close_recorder(self) -> None:
        """Write down what still waits, and close the log."""
        if self._recorder is not None:
            self._recorder.close()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what becomes of all colours before they are painted."""
        filters = (COLOURLESS,) if self.no_color else tuple(super().get_line_filters())
        return (*filters, ASCII) if self.is_ascii else filters

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of this system, unless Textual's variable names another one."""
        if "TEXTUAL_DRIVER" in os.environ:
            return super().get_driver_class()
        if sys.platform == "win32":
            from nn_tutor.terminal.drivers.windows import TutorWindowsDriver

            return TutorWindowsDriver
        else:  # noqa: RET505 - mypy checks the branch of the system it is told
            from nn_tutor.terminal.drivers.posix import PosixDriver

            return PosixDriver

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer in the palette what is of use here; of the themes all can be found, our own two are listed."""
        for theme, name in ((DARK, "Dark theme"), (LIGHT, "Light theme")):
            yield SystemCommand(name, "The choice is remembered", partial(setattr, self, "theme", theme.name))
        yield SystemCommand("Theme …", "Choose among all colours; the choice is remembered", self.action_change_theme)
        for other in sorted(self.available_themes.keys() - {DARK.name, LIGHT.name}):
            choose = partial(setattr, self, "theme", other)
            yield SystemCommand(f"Theme {other}", "The choice is remembered", choose, discover=False)
        yield SystemCommand("Quit", "You come back to where you are", self.action_quit)

    async def action_quit(self) -> None:
        """Quit; where answers could not be saved, say so first and quit at the second time."""
        if self.unsaved and not self._asked_to_quit:
            self._asked_to_quit = True
            self.ending.withdraw()
            is_one = self.unsaved.startswith("1 ")
            said = f"{self.unsaved} {'is' if is_one else 'are'} not saved"
            self.tell(f"{said}: ctrl+q once more loses {'it' if is_one else 'them'}")
            return
        self.ending.demand(0)
        self.exit()

    def action_help_quit(self) -> None:
        """Say how to quit, to those who press Ctrl+C."""
        self.tell(HOW_TO_QUIT)

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer, or beside a screen that has none."""
        if isinstance(self.screen, Tells):
            self.screen.tell(text)
        else:
            self.notify(text, markup=False)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Paint a frame, unless the terminal has not read the ones before: then the next one shows everything."""
        if renderable is not None and getattr(self._driver, "is_behind", False):
            return
        super()._display(screen, of_changed_cells(renderable))
        self._tidying.expect()

    def _handle_exception(self, error: Exception) -> None:
        self.crash = self.crash or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Leave what went wrong to `open_tutor`, which says it in one sentence."""
        self._exit_renderables.clear()


def _is_light(colours: str) -> bool:
    """Whether the terminal says of itself that its background is white, as "0;15"."""
    return colours.rpartition(";")[2] in ("7", "15")
