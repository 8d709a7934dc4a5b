"""A page with a line to type on, and what is said of it below: what the form and the sheet have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel
from nn_tutor.terminal.widgets.form_line import FormLine

Result = TypeVar("Result")


class PageAndLine(Screen[Result], Generic[Result]):
    """A page, a line below it, and three lines for what is found and the footer."""

    DEFAULT_CSS = """
    PageAndLine { layout: vertical; overflow: hidden; }
    PageAndLine #page { height: 1fr; }
    PageAndLine #entry { height: 1; }
    PageAndLine #mark { width: 3; color: $accent; text-style: bold; }
    PageAndLine #below { height: 3; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.line = FormLine()
        self._above, self._below = DrawingPanel(id="page"), DrawingPanel(id="below")

    def compose(self) -> ComposeResult:
        """The page, the line, and what is said of it."""
        yield self._above
        with Horizontal(id="entry"):
            yield Static(" > ", id="mark", markup=False)
            yield self.line
        yield self._below

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self._draw()

    @abstractmethod
    def _draw(self) -> None:
        """Bind the state down to the panels."""
