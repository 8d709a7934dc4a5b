"""Why a number is what it is: a few sentences over the lesson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nn_tutor.judging.visible import visible


class WhyScreen(ModalScreen[None]):
    """Shows sentences, a paragraph each; esc, enter or w closes it."""

    CSS = """
    WhyScreen { align: center middle; }
    WhyScreen > VerticalScroll {
        width: 78; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1 2;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,w,q,space", "dismiss", "close", show=False),
    ]

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__()
        self._sentences = tuple(sentences)

    def compose(self) -> ComposeResult:
        """The sentences, and how to go back."""
        with VerticalScroll():
            yield Static(Content.styled("Why?", "bold"))
            for sentence in self._sentences:
                yield Static("")
                yield Static(Content(visible(sentence)))
            yield Static("")
            yield Static(Content.styled("esc goes back", "dim"))
