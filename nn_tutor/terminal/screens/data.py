"""The screen of "Your own data": what was found in a file, what is proposed, and what may be chosen instead."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from nn_tutor.course.findings import LessonError
from nn_tutor.terminal.drawing.ink import Span, cut, line
from nn_tutor.terminal.messages import DataLesson
from nn_tutor.terminal.panels.data import draw_choices
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

if TYPE_CHECKING:
    from nn_tutor.dataset.choices import Choices
    from nn_tutor.dataset.proposal import Options
    from nn_tutor.progress.data_files import DataFile

KEYS = (("enter", "begin"), ("↑ ↓", "choose"), ("← →", "change"), ("digits", "type a number"), ("esc", "back"))


class DataScreen(Screen[None]):
    """Shows the choices about one data file; samples are made in a thread, whenever a choice asks for others."""

    CSS = """
    DataScreen { layout: vertical; overflow: hidden; }
    DataScreen #choices { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "mark(-1)", "the choice above", show=False),
        Binding("down,j,tab", "mark(1)", "the next choice", show=False),
        Binding("left", "change(-1)", "the value before", show=False),
        Binding("right,space", "change(1)", "the next value", show=False),
        Binding("backspace", "erase", "take a digit away", show=False),
        Binding("enter", "begin", "begin", show=False),
        Binding("escape,q", "dismiss", "back", show=False),
    ]
    AUTO_FOCUS = ""

    class Split(Message):
        """The rows were split, with some choices: the lines of the training rows and of the others, or the trouble."""

        def __init__(
            self,
            options: Options,
            lines: tuple[int, ...] = (),
            test_lines: tuple[int, ...] = (),
            trouble: str = "",
        ) -> None:
            super().__init__()
            self.options = options
            self.lines = lines
            self.test_lines = test_lines
            self.trouble = trouble

    def __init__(self, file: DataFile) -> None:
        super().__init__()
        self.file = file
        self.choices: Choices = file.choices
        self._said = ""

    def compose(self) -> ComposeResult:
        """One drawing, and the keys."""
        yield DrawingPanel(id="choices")
        yield DrawingPanel(id="footer")

    def on_mount(self) -> None:
        """Show what is proposed."""
        keys = [part for key, does in KEYS for part in (Span("  "), Span(key, "key"), Span(f" {does}", "muted"))]
        self.query_one("#footer", DrawingPanel).show((tuple(keys),))
        self._take(self.choices)

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """Type a digit of the marked number."""
        if event.character is not None and event.character in "0123456789":
            event.stop()
            self._take(self.choices.with_digit(event.character))

    def action_mark(self, by: int) -> None:
        """Mark another choice."""
        self._take(self.choices.moved(by))

    def action_change(self, by: int) -> None:
        """Change the marked choice."""
        self._take(self.choices.changed(by))

    def action_erase(self) -> None:
        """Take the last typed digit away."""
        self._take(self.choices.without_digit())

    def action_begin(self) -> None:
        """Make the lesson, and have it opened."""
        if self.choices.trouble:
            return
        self._said = "making your lesson …"
        self._draw()
        self.run_worker(partial(self._make, self.choices.options), thread=True, exclusive=True, group="lesson")

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        self.query_one("#footer", DrawingPanel).show((cut(line(Span(f"  {text}", "accent")), self.size.width),))

    @on(Split)
    def take_split(self, event: Split) -> None:
        """Know the training rows, if the choices are still those that they were drawn for."""
        event.stop()
        if event.options == self.choices.options:
            self._said = event.trouble
            if event.lines:
                self.choices = self.choices.with_split(event.lines, event.test_lines)
            self._draw()

    def _take(self, choices: Choices) -> None:
        """Take other choices, and find the training rows where they ask for others."""
        self.choices = choices
        self._said = ""
        if not choices.train_lines and not choices.trouble:
            self.run_worker(partial(self._split, choices.options), thread=True, exclusive=True, group="split")
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        self.query_one("#choices", DrawingPanel).show(draw_choices(self.choices, width, height - 1, says=self._said))

    def _split(self, options: Options) -> None:
        try:
            prepared = self.file.prepared(options)
            self.post_message(self.Split(options, prepared.train.lines, prepared.test.lines))
        except LessonError as error:
            self.post_message(self.Split(options, trouble=str(error)))

    def _make(self, options: Options) -> None:
        try:
            self.post_message(DataLesson(self.file.lesson(options), self.file, options))
        except LessonError as error:
            self.post_message(self.Split(options, trouble=str(error)))
