"""Why a number is what it is: a few sentences over the lesson."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.screens.overlay import Overlay


class WhyScreen(Overlay):
    """Shows sentences, a paragraph each; esc, enter or w closes it, and so does an answer that is begun."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,w,q,space", "dismiss", "close", show=False),
    ]

    def __init__(self, sentences: Sequence[str], take: Callable[[events.Key], object]) -> None:
        """Show `sentences`; `take` has the lesson below take a key that was not meant for the page."""
        super().__init__()
        self._sentences = tuple(sentences)
        self._take = take

    def on_key(self, event: events.Key) -> None:
        """Leave to the lesson below whatever types, and all that was on its way when the page closed."""
        if self.is_active and not (event.is_printable and event.character not in ("w", "q", " ")):
            return
        event.stop()
        self._take(event)
        self.dismiss()

    def compose(self) -> ComposeResult:
        """The sentences, and how to go back."""
        with VerticalScroll():
            yield Static(Content.styled("Why?", "bold"))
            for sentence in self._sentences:
                yield Static("")
                yield Static(Content(visible(sentence)))
            yield Static("")
            yield Static(Content.styled("esc goes back", "dim"))
