"""The words of the field over the screen: typed letters choose among them, esc closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from nn_tutor.course.find import shipped_lessons
from nn_tutor.course.glossary import Entry, glossary_file, read_glossary
from nn_tutor.judging.visible import visible
from nn_tutor.terminal.screens.overlay import Overlay, ways
from nn_tutor.terminal.widgets.prompt_input import PromptInput


class GlossaryScreen(Overlay):
    """Lists the words, those of the lesson at hand first; what is typed leaves those that hold it."""

    DEFAULT_CSS = """
    GlossaryScreen #sought { border: none; height: 1; padding: 0; background: $panel; }
    GlossaryScreen #sought:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f4,enter", "dismiss", "close", show=False, priority=True),
        Binding("down", "scroll_words(2)", "further down", show=False, priority=True),
        Binding("up", "scroll_words(-2)", "further up", show=False, priority=True),
        Binding("pagedown", "scroll_words(12)", "a page down", show=False, priority=True),
        Binding("pageup", "scroll_words(-12)", "a page up", show=False, priority=True),
    ]

    def __init__(self, entries: Sequence[Entry], titles: Mapping[str, str], lesson: str = "") -> None:
        """Show `entries`; `titles` are what lessons are called, by id, and `lesson` is the id of the one at hand."""
        super().__init__()
        self._entries = sorted(entries, key=lambda entry: entry.lesson != lesson)
        self._titles = titles

    def compose(self) -> ComposeResult:
        """The line for what is sought, the words, and how to go back."""
        with Vertical():
            yield Static(Content.styled("The words of the field", "bold"))
            yield PromptInput(placeholder="type a few letters of a word", id="sought", compact=True)
            yield Static("")
            with VerticalScroll():
                yield Static(self._words(""), id="words")
            yield ways()

    @on(Input.Changed)
    def seek(self, event: Input.Changed) -> None:
        """Leave the words that hold what is typed."""
        event.stop()
        self.query_one("#words", Static).update(self._words(event.value))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_scroll_words(self, by: int) -> None:
        """Scroll the words by so many lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def _words(self, sought: str) -> Content:
        found = [entry for entry in self._entries if entry.matches(sought)]
        if not found:
            return Content("No word here holds that.")
        return Content("\n\n").join(
            Content.assemble(
                (visible(entry.word), "bold"),
                f"  {visible(entry.meaning)} ",
                (f"({visible(self._titles.get(entry.lesson, entry.lesson))})", "dim"),
            )
            for entry in found
        )


def open_glossary(app: App[object], lesson: str = "") -> None:
    """Show the glossary of the course; `lesson` is the id of the one at hand, whose words come first."""
    titles = {listing.id: f"lesson {n}, {listing.title}" for n, listing in enumerate(shipped_lessons(), start=1)}
    app.push_screen(GlossaryScreen(read_glossary(glossary_file(), titles), titles, lesson))
