"""The home screen: where to go on, the course, practice, networks of one's own. It knows titles, and no NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from nn_tutor.course.find import Listing
from nn_tutor.judging.visible import visible
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, line, padded, wrapped
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

if TYPE_CHECKING:
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.progress.recall import OwnData, Recalled

WELCOME = (
    "What does back-propagation actually do?",
    "Step through it: one forward pass, one backward pass at a time.",
)


What = Literal["lesson", "practice", "review", "own", "form", "data", "file"]
"""What can be opened: a lesson of the course, a round of questions, a network of one's own or the form for one, a
lesson on one's own data or a file for one."""

Wish = Literal["new", "walk", "sheet", "edit", "rename", "export", "delete"]
"""What can be done with a network of one's own."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where the learner was last: the place among the lessons of the course or the own networks, and the station."""

    place: int
    where: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """A line of the list: `place` counts among those of its kind."""

    what: What
    place: int
    title: str
    detail: str
    mark: str = ""

    @property
    def is_continued(self) -> bool:
        """Whether it is where the learner was last."""
        return self.mark == "⟶"


MAX_KEPT = 4
"""So many lessons on the learner's own files are listed."""


COURSE_KEYS = (
    ("enter", "open"),
    ("↑ ↓", "choose"),
    ("n", "your own network"),
    ("F1", "keys"),
    ("ctrl+p", "palette"),
    ("q", "quit"),
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
        Binding("n", "own('new')", "your own network", show=False),
        Binding("s", "own('sheet')", "the sheet of your network", show=False),
        Binding("e", "own('edit')", "edit your network", show=False),
        Binding("r", "own('rename')", "rename your network", show=False),
        Binding("x", "own('export')", "write your network to a folder", show=False),
        Binding("d", "own('delete')", "delete your network", show=False),
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

    class Practise(Message):
        """A round of practice was chosen; `due` for what is due for review."""

        def __init__(self, due: bool) -> None:
            super().__init__()
            self.due = due

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
        self.recalled: Recalled | None = None
        self.continuation: Continuation | None = None
        self._shown_items: list[int | None] = []
        self._asks_to_delete = ""

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
        self.moved = True
        self.notice = ""
        self._asks_to_delete = ""
        self._draw()

    def action_open(self) -> None:
        """Open the lesson that is marked."""
        if not self._items:
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
            self.post_message(self.Practise(due=item.what == "review"))

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
            self.tell(f"d once more takes {_said_of(data)[0]} off this list; the file stays; any other key keeps it")
        elif kept is None:
            return
        elif wish == "delete" and asked != kept.id:
            self._asks_to_delete = kept.id
            self.tell(f"d once more deletes {kept.name}; any other key keeps it")
        else:
            self.post_message(self.Own(wish, kept))

    @property
    def _own(self) -> tuple[Kept, ...]:
        return () if self.recalled is None else self.recalled.own

    @property
    def _marked_own(self) -> Kept | None:
        items = self._items
        item = items[self.marked] if items else None
        return self._own[item.place] if item is not None and item.what == "own" else None

    @property
    def _marked_data(self) -> OwnData | None:
        items = self._items
        item = items[self.marked] if items else None
        return self._kept_data[item.place] if item is not None and item.what == "data" else None

    def remember(self, recalled: Recalled, continuation: Continuation | None, said: str) -> None:
        """Show what was remembered: where to go on, what is done, what is due."""
        marked = self._items[self.marked] if self._items else None
        self.recalled, self.continuation = recalled, continuation
        self.notice = said or self.notice
        items = self._items
        wanted = None if marked is None else (marked.what, marked.place)
        kept = [n for n, item in enumerate(items) if (item.what, item.place) == wanted]
        ahead = [n for n, item in enumerate(items) if item.what != "lesson" or item.mark in ("⟶", "·", "")]
        self.marked = min(self.marked, len(items) - 1) if self.moved else ahead[0]
        if self.moved and kept:
            self.marked = kept[-1]
        self._draw()

    @property
    def _items(self) -> list[_Item]:
        items = []
        if self.continuation is not None:
            place, where = self.continuation.place, f"continue: {self.continuation.where}"
            if self.continuation.is_own:
                items.append(_Item("own", place, where, self._own[place].name, "⟶"))
            else:
                items.append(_Item("lesson", place, where, self.lessons[place].title, "⟶"))
        elif self._kept_data and self.recalled is not None and self.recalled.latest == self._kept_data[0].lesson:
            title, detail = _said_of(self._kept_data[0])
            items.append(_Item("data", 0, f"continue: {title}", detail, "⟶"))
        for place, listing in enumerate(self.lessons):
            items.append(_Item("lesson", place, listing.title, listing.summary, self._done(listing.id)))
        items.append(_Item("practice", 0, "Practice", "a round of mixed questions, with fresh numbers"))
        if self.recalled is not None and self.recalled.due:
            due = ", ".join(self.recalled.due)
            items.append(_Item("review", 0, f"Review: {len(self.recalled.due)} due", due))
        items.append(
            _Item("form", 0, "Your own network", "type the network of your exercise sheet, and step through it")
        )
        for place, kept in enumerate(self._own):
            detail = "walk through it" if kept.is_complete else "half filled in: enter goes on"
            items.append(_Item("own", place, kept.name, detail, self._done(kept.id)))
        items.append(_Item("file", 0, "Your own data", "a file of yours, such as a CSV: its rows, one pass on them"))
        for place, data in enumerate(self._kept_data):
            title, detail = _said_of(data)
            items.append(_Item("data", place, title, detail, "✓" if data.is_finished else "·"))
        return items

    @property
    def _kept_data(self) -> tuple[OwnData, ...]:
        """The lessons on the learner's own files."""
        return () if self.recalled is None else self.recalled.own_data[:MAX_KEPT]

    def _done(self, lesson: str) -> str:
        if self.recalled is None:
            return ""
        return "✓" if lesson in self.recalled.finished else "·" if lesson in self.recalled.begun else ""

    def action_help(self) -> None:
        """Show the keys of a lesson."""
        from nn_tutor.terminal.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def say(self, notice: str) -> None:
        """Show a sentence below the course."""
        self.notice = notice
        self._draw()

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        self.query_one("#footer", DrawingPanel).show((cut(line(Span(f"  {text}", "accent")), self.size.width),))

    def _draw(self) -> None:
        width, height = self.size
        course = self.query_one("#course", DrawingPanel)
        course.show(self._course(width, height - 1))
        keys = DATA_KEYS if self._marked_data is not None else COURSE_KEYS if self._marked_own is None else OWN_KEYS
        spans = [part for key, meaning in keys for part in (Span("  "), Span(key, "key"), Span(f" {meaning}", "muted"))]
        self.query_one("#footer", DrawingPanel).show((cut(tuple(spans), width),))

    def _course(self, width: int, height: int) -> Drawing:
        inner = min(width - 4, 96)
        margin = max(2, (width - inner) // 2) if width >= 100 else 2
        items = self._items
        notice: list[Line] = [(), *wrapped((Span(self.notice, "wrong"),), inner)] if self.notice else []
        height = max(1, height - len(notice))  # what is said stays in sight, however long the course
        is_roomy = height >= 3 * len(items) + 8
        lines = self._welcome(is_roomy=height >= len(items) + 10)
        owners: list[int | None] = [None] * len(lines)
        for number, item in enumerate(items):
            marked = number == self.marked
            lines.append(self._title(item, marked=marked))
            most = 0 if not (is_roomy or marked) else 2 if item.what == "lesson" and not item.is_continued else 1
            detail = wrapped((Span(item.detail, "text" if marked else "muted"),), inner - 8)[:most]
            lines += [line("       ", *part) for part in detail]
            owners += [number] * (1 + len(detail))
            if height > 4 * len(items) + 6:
                lines.append(())
                owners.append(None)
        lines += self._skills(inner)
        first = 0
        if len(lines) > height and items:
            last_of_marked = len(owners) - 1 - owners[::-1].index(self.marked)
            first = min(max(0, last_of_marked + 3 - height), len(lines) - height)
        self._shown_items = owners[first : first + height]
        shown = [*lines[first : first + height], *notice]
        return tuple(cut((Span(" " * margin), *content), width) for content in shown)

    def _welcome(self, *, is_roomy: bool) -> list[Line]:
        name = Span("nn-tutor", "accent")
        if is_roomy:
            return [(), line(name), line(Span(WELCOME[0], "strong")), line(Span(WELCOME[1], "muted")), ()]
        return [(), line(name, "  ", Span(WELCOME[0], "strong")), ()]

    def _title(self, item: _Item, *, marked: bool) -> Line:
        number = f"{item.place + 1:>2}" if item.what == "lesson" and not item.is_continued else "  "
        head = padded((Span(f"{'▶' if marked else ' '} {number}", "accent" if marked else "muted"),), 5)
        role: Role = "right" if item.mark == "✓" else "muted"
        mark = "" if item.is_continued else f"  {item.mark}" if item.mark else ""
        return (*head, Span("  "), Span(item.title, "strong", marked), Span(mark, role))

    def _skills(self, width: int) -> list[Line]:
        """The dots of the skills that were ever asked, as many as fit on two lines."""
        if self.recalled is None or not self.recalled.standing.dots:
            return []
        texts = [f"{skill} {self.recalled.standing.shown(skill)}" for skill in self.recalled.standing.dots]
        held = "  ".join(text.replace(" ", "\u00a0") + "\u00a0" for text in texts)
        return [(), *(line("       ", *part) for part in wrapped((Span(held, "muted"),), width - 8)[:2])]


def _said_of(kept: OwnData) -> tuple[str, str]:
    """The title of a kept lesson, and the folder of its file; strangers' texts made visible."""
    folder, _, name = str(kept.content.get("file") or "?").replace("\\", "/").rpartition("/")
    return visible(str(kept.content.get("title") or name)), visible(folder or "/")
