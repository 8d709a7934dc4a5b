"""The home screen: where to go on, the course, practice, networks of one's own. It knows titles, and no NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from nn_tutor.terminal.drawing.ink import Line, Span, cut, line, width_of
from nn_tutor.terminal.home_items import Continuation, Item, Known, items_of, said_of
from nn_tutor.terminal.panels.home import draw_home
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.course.outline import Outline
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.progress.recall import OwnData, Recalled

Wish = Literal["new", "walk", "sheet", "edit", "rename", "export", "delete"]
"""What can be done with a network of one's own."""

_ROUNDS: dict[str, str] = {"practice": "mix", "review": "due", "round": "left", "quiz": "quiz"}
"""The rounds of questions that can be opened."""

TEST = ("t", "test out")
COURSE_KEYS = (
    ("enter", "open"),
    TEST,
    ("n", "own network"),
    ("F1", "keys"),
    ("F4", "words"),
    ("q", "quit"),
    ("ctrl+p", "find"),
)
OWN_KEYS = (
    ("enter", "open"),
    ("s", "your sheet"),
    ("e", "edit"),
    ("r", "rename"),
    ("x", "export"),
    ("d", "delete"),
    ("q", "quit"),
)
DATA_KEYS = (("enter", "open"), ("↑ ↓", "choose"), ("d", "take off the list"), ("F1", "keys"), ("q", "quit"))
"""The keys that the footer names, on a lesson, on a network of one's own and on a lesson on one's own data."""


class HomeScreen(Screen[None]):
    """Lists what can be opened; enter opens what is marked."""

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
        Binding("t", "test", "five questions on the lesson, to leave it out", show=False),
        Binding("n", "own('new')", "your own network", show=False),
        Binding("s", "own('sheet')", "the sheet of your network", show=False),
        Binding("e", "own('edit')", "edit your network", show=False),
        Binding("r", "own('rename')", "rename your network", show=False),
        Binding("x", "own('export')", "write your network to a folder", show=False),
        Binding("d", "own('delete')", "delete your network", show=False),
        Binding("f1,question_mark", "help", "keys", show=False),
        Binding("f4", "words", "the words of the field", show=False),
        Binding("q,escape", "app.quit", "quit", show=False),
    ]
    AUTO_FOCUS = ""

    class Chosen(Message):
        """A lesson was chosen."""

        def __init__(self, listing: Listing, number: int) -> None:
            super().__init__()
            self.listing = listing
            self.number = number

    class Practise(Message):
        """A round of questions was chosen: `mix`, `due` for review, `quiz`, or `left` for the one that was left."""

        def __init__(self, kind: str) -> None:
            super().__init__()
            self.kind = kind

    class TestOut(Message):
        """A test on a lesson was chosen."""

        def __init__(self, listing: Listing) -> None:
            super().__init__()
            self.listing = listing

    class OwnDataChosen(Message):
        """Own data were chosen: a lesson that was `kept`, to open it or to keep it no longer; None for another file."""

        def __init__(self, kept: OwnData | None, *, is_forgotten: bool = False) -> None:
            super().__init__()
            self.kept = kept
            self.is_forgotten = is_forgotten

    class Own(Message):
        """Something is to be done with a network of one's own, None for a new one."""

        def __init__(self, wish: Wish, kept: Kept | None) -> None:
            super().__init__()
            self.wish = wish
            self.kept = kept

    def __init__(self, lessons: Sequence[Listing]) -> None:
        super().__init__()
        self.lessons = tuple(lessons)
        self.marked = 0
        self.moved = False
        self.notice = ""
        self.known = Known(self.lessons)
        self._shown_items: list[int | None] = []
        self._asks_to_delete = ""
        self._opens_when_known = False
        """Whether what comes next was to be opened before it was known."""

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
        number = self._shown_items[event.y] if event.y < len(self._shown_items) else None
        if number is not None:
            if number == self.marked:
                self.action_open()
            self.marked = number
            self._draw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Mark the next lesson."""
        event.stop()
        self.action_mark(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Mark the lesson before."""
        event.stop()
        self.action_mark(-1)

    def action_mark(self, by: int) -> None:
        """Mark another lesson."""
        self.marked = min(max(0, self.marked + by), max(0, len(self._items) - 1))
        self.moved, self._opens_when_known = True, False
        self.notice = ""
        self._asks_to_delete = ""
        self._draw()

    def action_open(self) -> None:
        """Open the lesson that is marked."""
        if not self._items:
            return
        if self.recalled is None and not self.moved:  # it is not known yet where to go on
            self._opens_when_known = True
            return
        item = self._items[self.marked]
        if item.what == "lesson":
            self.post_message(self.Chosen(self.lessons[item.place], item.place + 1))
        elif item.what == "own":
            self.post_message(self.Own("walk", self._own[item.place]))
        elif item.what == "form":
            self.post_message(self.Own("new", None))
        elif item.what in ("file", "data"):
            self.post_message(self.OwnDataChosen(self._kept_data[item.place] if item.what == "data" else None))
        else:
            self.post_message(self.Practise(_ROUNDS[item.what]))

    def action_test(self) -> None:
        """Begin a test on the lesson that is marked."""
        item = self._marked_item
        if item is None or item.what != "lesson":
            self.tell("t tests you on a lesson: choose one with ↑ ↓")
        else:
            self.post_message(self.TestOut(self.lessons[item.place]))

    def action_own(self, wish: Wish) -> None:
        """Do something with the network that is marked, or begin a new one; to delete one takes the key twice."""
        kept, data, asked = self._marked_own, self._marked_data, self._asks_to_delete
        self._asks_to_delete = ""
        if wish == "new":
            self.post_message(self.Own(wish, None))
        elif data is not None and wish == "delete":
            if asked == data.lesson:
                self.post_message(self.OwnDataChosen(data, is_forgotten=True))
                return
            self._asks_to_delete = data.lesson
            self.tell(f"d once more takes {said_of(data)[0]} off this list; the file stays; any other key keeps it")
        elif kept is None:
            return
        elif wish == "delete" and asked != kept.id:
            self._asks_to_delete = kept.id
            self.tell(f"d once more deletes {kept.name}; any other key keeps it")
        else:
            self.post_message(self.Own(wish, kept))

    @property
    def recalled(self) -> Recalled | None:
        """What was remembered of the learner, None before."""
        return self.known.recalled

    @property
    def _own(self) -> tuple[Kept, ...]:
        return () if self.recalled is None else self.recalled.own

    @property
    def _marked_item(self) -> Item | None:
        items = self._items
        return items[self.marked] if items else None

    @property
    def _marked_own(self) -> Kept | None:
        item = self._marked_item
        return self._own[item.place] if item is not None and item.what == "own" else None

    @property
    def _marked_data(self) -> OwnData | None:
        item = self._marked_item
        return self._kept_data[item.place] if item is not None and item.what == "data" else None

    def remember(self, recalled: Recalled, continuation: Continuation | None, said: str) -> None:
        """Show what was remembered: where to go on, what is done, what is due."""
        marked = self._marked_item
        self.moved = self.moved and not self._is_done_with(marked, recalled)
        was_left = None if self.recalled is None else self.recalled.left_round
        self.known = self.known._replace(recalled=recalled, continuation=continuation)
        self.notice = said or self.notice
        items = self._items
        is_left_now = self.moved and recalled.left_round is not None and recalled.left_round != was_left
        wanted = None if marked is None else (marked.what, marked.place)
        kept = [n for n, item in enumerate(items) if (item.what, item.place) == wanted]
        ahead = [n for n, item in enumerate(items) if item.label == "Continue"]
        ahead += [n for n, item in enumerate(items) if item.what == "lesson" and item.mark in ("·", "")]
        self.marked = min(self.marked, len(items) - 1) if self.moved else [*ahead, 0][0]
        if self.moved and kept:
            self.marked = kept[-1]
        if is_left_now:  # enter by reflex goes on with it, and begins no other
            self.marked = next(n for n, item in enumerate(items) if item.what == "round")
        self._draw()
        if self._opens_when_known:
            self._opens_when_known = False
            self.action_open()

    def _is_done_with(self, marked: Item | None, recalled: Recalled) -> bool:
        """Whether what is marked has just been finished, so that what comes next is marked instead."""
        before = self.recalled
        if marked is None or before is None:
            return False
        if marked.what == "lesson":
            id = self.lessons[marked.place].id
            return id in recalled.finished | recalled.tested_out and id not in before.finished | before.tested_out
        if marked.what == "quiz":
            return len(recalled.quizzes) > len(before.quizzes)
        return marked.what == "round" and recalled.left_round is None

    def outline(self, outlines: Mapping[str, Outline]) -> None:
        """Show what the lessons are at a glance, once they have been read."""
        self.known = self.known._replace(outlines=outlines)
        self._draw()

    @property
    def _items(self) -> list[Item]:
        return items_of(self.known)

    @property
    def _kept_data(self) -> tuple[OwnData, ...]:
        return self.known.own_data

    def action_help(self) -> None:
        """Show the keys at home, then those of a lesson."""
        from nn_tutor.terminal.screens.help import AT_HOME, KEYS_AT_HOME, HelpScreen

        self.app.push_screen(HelpScreen(AT_HOME, KEYS_AT_HOME))

    def action_words(self) -> None:
        """Show the glossary."""
        from nn_tutor.terminal.screens.glossary import open_glossary

        open_glossary(self.app)

    def say(self, notice: str) -> None:
        """Show a sentence below the course."""
        self.notice = notice
        self._draw()

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        self.query_one("#footer", DrawingPanel).show((cut(line(Span(f"  {text}", "accent")), self.size.width),))

    def _draw(self) -> None:
        width, height = self.size
        items = self._items
        home = draw_home(self.known, items, self.marked, self.notice, width, height - 1)
        self._shown_items = list(home.owners)
        self.query_one("#course", DrawingPanel).show(home.drawing)
        keys = DATA_KEYS if self._marked_data is not None else COURSE_KEYS if self._marked_own is None else OWN_KEYS
        can_test = self._marked_item is not None and self._marked_item.what == "lesson"
        told = [entry for entry in keys if can_test or entry != TEST]
        self.query_one("#footer", DrawingPanel).show((footer_of(told, width),))


def footer_of(keys: Sequence[tuple[str, str]], width: int) -> Line:
    """Return the keys with what they do, on one line; the last ones are left out where they have no room."""
    spans: list[Span] = []
    for key, meaning in keys:
        entry = (Span("  "), Span(key, "key"), Span(f" {meaning}", "muted"))
        if width_of((*spans, *entry)) > width:
            break
        spans += entry
    return tuple(spans)
