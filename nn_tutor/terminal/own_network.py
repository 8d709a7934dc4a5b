"""Networks of the learner's own in the app: the form, and what is done with those that are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on

from nn_tutor.course.faults import fault_of_lesson
from nn_tutor.terminal.own_data import OwnDataApp
from nn_tutor.terminal.screens.home import HomeScreen

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.homework.keeping import Kept


class OwnNetworkApp(OwnDataApp):
    """An app that asks for networks, keeps them, and opens their walks and sheets."""

    deriver: Deriver | None = None
    """The deriver of the rules, once SymPy is loaded."""

    @on(HomeScreen.Own)
    def do_with_own(self, event: HomeScreen.Own) -> None:
        """Do something with a network of one's own."""
        from nn_tutor.terminal.own import do

        do(self, event.wish, event.kept)

    def keep(self, kept: Kept) -> None:
        """Remember a network that was said on the command line."""
        from nn_tutor.progress.left import keep_network

        keep_network(self.recorder, kept)

    def or_say(self, open_it: Callable[[], None]) -> None:
        """Open something from home, or say there which fault of its own it has."""
        try:
            open_it()
        except Exception as error:
            fault = fault_of_lesson(error)
            if not fault or not isinstance(self.screen, HomeScreen):
                raise
            self.screen.say(fault.splitlines()[0])
