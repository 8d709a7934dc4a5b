"""A page with a line to type on, and what is said of it below: what the form and the sheet have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel
from nn_tutor.terminal.widgets.form_line import FormLine

FIELDS = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}
"""The keys that lead to another field, and how many farther down it is."""

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

    def keys_of_page(
        self, leave: Callable[[], None], submit: Callable[[], None], go: Callable[[int], None]
    ) -> dict[str, Callable[[], None]]:
        """Return what keys on the line do to the page: leave it, take the line, go to another field; ? does nothing."""
        others = {key: partial(go, by) for key, by in FIELDS.items()}
        return {"escape": leave, "enter": submit, **others, "question_mark": lambda: None}

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self._draw()

    @abstractmethod
    def _draw(self) -> None:
        """Bind the state down to the panels."""
