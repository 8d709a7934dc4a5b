"""What every driver does with a key that asks for the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.driver import Driver
from textual.message import Message

if TYPE_CHECKING:
    from nn_tutor.terminal.ending import EndingApp


class GrantsTheEnd(Driver):
    """A driver that grants the end even where the app does not answer."""

    _app: EndingApp

    def process_message(self, message: Message) -> None:
        """Send a message to the app; one that asks for the end is granted even where the app does not answer."""
        if isinstance(message, events.Key) and message.key == "ctrl+q":
            self._app.ending.demand(0)
        super().process_message(message)
