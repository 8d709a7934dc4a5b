"""The home screen: where to go on, the course, practice and review. It knows titles, and nothing of NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

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
    from nn_tutor.progress.recall import OwnData, Recalled

WELCOME = (
    "What does back-propagation actually do?",
    "Step through it: one forward pass, one backward pass at a time.",
)


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where the learner was last: the place of the lesson in the course, and the station in words."""

    place: int
    where: str


@dataclass(frozen=True, slots=True)
class _Item:
    """What can be opened: a lesson by its place, practice (-1), review (-2), own data (-3), or kept data (from -4)."""

    place: int
    title: str
    detail: str
    mark: str = ""


PRACTICE, REVIEW, OWN_DATA, KEPT_DATA = -1, -2, -3, -4

MAX_KEPT = 4
"""So many lessons on the learner's own files are listed."""


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
        """The learner's own data were chosen: a lesson that was `kept`, or None for another file."""

        def __init__(self, kept: OwnData | None) -> None:
            super().__init__()
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
        self._draw()

    def action_open(self) -> None:
        """Open the lesson that is marked."""
        if not self._items:
            return
        place = self._items[self.marked].place
        if place >= 0:
            self.post_message(self.Chosen(self.lessons[place], place + 1))
        elif place <= OWN_DATA:
            self.post_message(self.OwnDataChosen(None if place == OWN_DATA else self._kept[KEPT_DATA - place]))
        else:
            self.post_message(self.Practise(due=place == REVIEW))

    def remember(self, recalled: Recalled, continuation: Continuation | None, said: str) -> None:
        """Show what was remembered: where to go on, what is done, what is due."""
        marked = self._items[self.marked] if self._items else None
        self.recalled, self.continuation = recalled, continuation
        self.notice = said or self.notice
        kept = [n for n, item in enumerate(self._items) if marked is not None and item.place == marked.place]
        ahead = [n for n, item in enumerate(self._items) if item.place < 0 or item.mark in ("⟶", "·", "")]
        self.marked = kept[-1] if self.moved and kept else ahead[0]
        self._draw()

    @property
    def _items(self) -> list[_Item]:
        items = []
        if self.continuation is not None:
            listing = self.lessons[self.continuation.place]
            items.append(_Item(self.continuation.place, f"continue: {self.continuation.where}", listing.title, "⟶"))
        for place, listing in enumerate(self.lessons):
            items.append(_Item(place, listing.title, listing.summary, self._done(listing)))
        items.append(_Item(PRACTICE, "Practice", "a round of mixed questions, with fresh numbers"))
        if self.recalled is not None and self.recalled.due:
            due = ", ".join(self.recalled.due)
            items.append(_Item(REVIEW, f"Review: {len(self.recalled.due)} due", due))
        items.append(_Item(OWN_DATA, "Your own data", "a file of yours, such as a CSV: its rows, one pass on them"))
        for number, kept in enumerate(self._kept):
            title, detail = _said_of(kept)
            items.append(_Item(KEPT_DATA - number, title, detail, "✓" if kept.is_finished else "·"))
        return items

    @property
    def _kept(self) -> tuple[OwnData, ...]:
        """The lessons on the learner's own files."""
        return () if self.recalled is None else self.recalled.own_data[:MAX_KEPT]

    def _done(self, listing: Listing) -> str:
        if self.recalled is None:
            return ""
        return "✓" if listing.id in self.recalled.finished else "·" if listing.id in self.recalled.begun else ""

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
        keys = (("enter", "open"), ("↑ ↓", "choose"), ("F1", "keys"), ("ctrl+p", "palette, themes"), ("q", "quit"))
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
            most = 0 if not (is_roomy or marked) else 1 if item.place < 0 or item.mark == "⟶" else 2
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
        number = f"{item.place + 1:>2}" if item.place >= 0 and item.mark != "⟶" else "  "
        head = padded((Span(f"{'▶' if marked else ' '} {number}", "accent" if marked else "muted"),), 5)
        role: Role = "right" if item.mark == "✓" else "muted"
        mark = "" if item.mark == "⟶" else f"  {item.mark}" if item.mark else ""
        return (*head, Span("  "), Span(item.title, "strong", marked), Span(mark, role))

    def _skills(self, width: int) -> list[Line]:
        """The dots of the skills that were ever asked, as many as fit on two lines."""
        if self.recalled is None or not self.recalled.standing.dots:
            return []
        texts = [f"{skill} {self.recalled.standing.shown(skill)}" for skill in self.recalled.standing.dots]
        held = "  ".join(text.replace(" ", "\u00a0") + "\u00a0" for text in texts)
        return [(), *(line("       ", *part) for part in wrapped((Span(held, "muted"),), width - 8)[:2])]


def _said_of(kept: OwnData) -> tuple[str, str]:
    """The name of the file of a kept lesson with what it predicts, and where it is; strangers' texts made visible."""
    path, options = str(kept.content.get("file") or "?"), kept.content.get("options")
    folder, _, name = path.replace("\\", "/").rpartition("/")
    target = options.get("target") if isinstance(options, Mapping) else ""
    return visible(f"{name}{f' · {target}' if target else ''}"), visible(folder or "/")
