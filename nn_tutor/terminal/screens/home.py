"""The home screen: the course, a line a lesson. It knows the lessons' titles, and nothing of NumPy."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from nn_tutor.course.find import Listing
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line, padded
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

WELCOME = (
    "What does back-propagation actually do?",
    "Step through it: one forward pass, one backward pass at a time.",
)


class HomeScreen(Screen[None]):
    """Lists the lessons; enter opens the one that is marked."""

    # Default rules, since those of `CSS` come with a pushed screen only, and this one lies below all others.
    DEFAULT_CSS = """
    HomeScreen { layout: vertical; overflow: hidden; }
    HomeScreen #course { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "mark(-1)", "the lesson before", show=False),
        Binding("down,j", "mark(1)", "the next lesson", show=False),
        Binding("home", "mark(-99)", "the first lesson", show=False),
        Binding("end", "mark(99)", "the last lesson", show=False),
        Binding("enter,right,space", "open", "open the lesson", show=False),
        Binding("f1,question_mark", "help", "keys", show=False),
        Binding("q,escape", "app.quit", "quit", show=False),
    ]
    AUTO_FOCUS = ""

    class Chosen(Message):
        """A lesson was chosen."""

        def __init__(self, listing: Listing, number: int) -> None:
            super().__init__()
            self.listing = listing
            self.number = number

    def __init__(self, lessons: Sequence[Listing]) -> None:
        super().__init__()
        self.lessons = tuple(lessons)
        self.marked = 0
        self.notice = ""

    def compose(self) -> ComposeResult:
        """One drawing, and the footer."""
        yield DrawingPanel(id="course")
        yield DrawingPanel(id="footer")

    def on_mount(self) -> None:
        """Show the course."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Mark the lesson that was clicked, open it when it is marked already."""
        for number, top in enumerate(self._tops):
            if top <= event.y < top + 2:
                if number == self.marked:
                    self.action_open()
                self.marked = number
                self._draw()

    def action_mark(self, by: int) -> None:
        """Mark another lesson."""
        self.marked = min(max(0, self.marked + by), max(0, len(self.lessons) - 1))
        self.notice = ""
        self._draw()

    def action_open(self) -> None:
        """Open the lesson that is marked."""
        if self.lessons:
            self.post_message(self.Chosen(self.lessons[self.marked], self.marked + 1))

    def action_help(self) -> None:
        """Show the keys of a lesson."""
        from nn_tutor.terminal.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def say(self, notice: str) -> None:
        """Show a sentence below the course."""
        self.notice = notice
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        course = self.query_one("#course", DrawingPanel)
        course.show(self._course(width, height - 1))
        keys = (("enter", "open"), ("↑ ↓", "choose"), ("F1", "keys"), ("ctrl+p", "palette, themes"), ("q", "quit"))
        spans = [part for key, meaning in keys for part in (Span("  "), Span(key, "key"), Span(f" {meaning}", "muted"))]
        self.query_one("#footer", DrawingPanel).show((cut(tuple(spans), width),))

    def _course(self, width: int, height: int) -> Drawing:
        inner = min(width - 4, 96)
        margin = max(2, (width - inner) // 2) if width >= 100 else 2
        lines: list[Line] = [(), line(Span("nn-tutor", "accent")), line(Span(WELCOME[0], "strong"))]
        lines += [line(Span(WELCOME[1], "muted")), ()]
        self._tops: list[int] = []
        for number, lesson in enumerate(self.lessons):
            marked = number == self.marked
            self._tops.append(len(lines))
            lines.append(self._title(number, lesson, marked=marked))
            summary = textwrap.wrap(lesson.summary, inner - 8)[: 2 if height > 20 else 1]
            lines += [line(Span(f"       {part}", "text" if marked else "muted")) for part in summary]
            if height > 5 * len(self.lessons) + 8:
                lines.append(())
        if self.notice:
            lines += [(), line(Span(self.notice, "wrong"))]
        first = 0
        if len(lines) > height and self._tops:
            first = min(max(0, self._tops[self.marked] - height // 2), len(lines) - height)
        self._tops = [top - first for top in self._tops]
        return tuple(cut((Span(" " * margin), *content), width) for content in lines[first : first + height])

    def _title(self, number: int, lesson: Listing, *, marked: bool) -> Line:
        head = padded((Span(f"{'▶' if marked else ' '} {number + 1:>2}", "accent" if marked else "muted"),), 5)
        return (*head, Span("  "), Span(lesson.title, "strong", marked))
