"""What can be opened at home: what comes next, the course, practice, networks and data of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from nn_tutor.judging.visible import visible
from nn_tutor.network.counted import counted
from nn_tutor.tutor.dots import weakest
from nn_tutor.walkthrough.skills import in_words

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.course.outline import Outline
    from nn_tutor.progress.recall import OwnData, Recalled

What = Literal["lesson", "practice", "review", "round", "quiz", "own", "form", "data", "file"]
"""What can be opened: a lesson of the course, a round of questions, a network of one's own or the form for one, a
lesson on one's own data or a file for one."""

MAX_KEPT = 4
"""How many lessons on the learner's own files are listed."""


# Named tuples, which are made quicker than dataclasses: home is painted first.


class Continuation(NamedTuple):
    """Where the learner was last: the place among the lessons of the course or the own networks, and the station."""

    place: int
    where: str
    is_own: bool = False


class Item(NamedTuple):
    """A line of the list: `place` counts among those of its kind.

    What comes next has a `label`, such as "Continue", and stands above the course. `mark` is ✓ for what is done and ·
    for what is begun.
    """

    what: What
    place: int
    title: str
    detail: str
    mark: str = ""
    label: str = ""


class Known(NamedTuple):
    """What home knows: the lessons; what was remembered of the learner, None before; the lessons at a glance, by id."""

    lessons: Sequence[Listing]
    recalled: Recalled | None = None
    continuation: Continuation | None = None
    outlines: Mapping[str, Outline] = MappingProxyType({})

    @property
    def own_data(self) -> tuple[OwnData, ...]:
        """The lessons on the learner's own files."""
        return () if self.recalled is None else self.recalled.own_data[:MAX_KEPT]

    @property
    def is_met(self) -> bool:
        """Whether there is something to practise."""
        return self.recalled is not None and bool(self.recalled.standing.dots)

    @property
    def is_finished(self) -> bool:
        """Whether every lesson of the course is done."""
        return bool(self.lessons) and all(self.mark(listing.id) == "✓" for listing in self.lessons)

    def mark(self, lesson: str) -> str:
        """✓ for a lesson that is done, · for one that is begun."""
        if self.recalled is None:
            return ""
        is_done = lesson in self.recalled.finished or lesson in self.recalled.tested_out
        return "✓" if is_done else "·" if lesson in self.recalled.begun else ""

    def progress(self, lesson: str) -> float:
        """Return how much of a lesson that is begun lies behind the learner, from 0 to 1; 0 where that is not known."""
        outline = self.outlines.get(lesson)
        if self.recalled is None or outline is None or lesson not in self.recalled.parts:
            return 0.0
        return outline.done_before(self.recalled.parts[lesson])


def items_of(known: Known) -> list[Item]:
    """Return what can be opened, from top to bottom."""
    items = _next(known)
    for place, listing in enumerate(known.lessons):
        items.append(Item("lesson", place, listing.title, listing.summary, known.mark(listing.id)))
    items.append(Item("practice", 0, "Practice", ROUND))  # for all, so that no line moves once it is known who comes
    if not any(item.what == "quiz" for item in items):
        items.append(Item("quiz", 0, "Quiz", _said_of_quiz(known)))
    items.append(Item("form", 0, "Your own network", "Type the network of your exercise sheet, and step through it."))
    for place, kept in enumerate(() if known.recalled is None else known.recalled.own):
        detail = "Walk through it." if kept.is_complete else "It is half filled in: enter goes on."
        items.append(Item("own", place, kept.name, detail, known.mark(kept.id)))
    items.append(Item("file", 0, "Your own data", "A file of yours, such as a CSV: its rows, and one pass on them."))
    for place, data in enumerate(known.own_data):
        title, detail = said_of(data)
        items.append(Item("data", place, title, f"In {detail}.", "✓" if data.is_finished else "·"))
    return items


ROUND = "A round of mixed questions on what you have met, with fresh numbers."


def _next(known: Known) -> list[Item]:
    """What comes next: where the learner was, what is due, what is weakest."""
    items: list[Item] = []
    recalled, continuation = known.recalled, known.continuation
    if continuation is not None and continuation.is_own and recalled is not None:
        name = recalled.own[continuation.place].name
        items.append(Item("own", continuation.place, continuation.where, f"{name}.", label="Continue"))
    elif continuation is not None:
        summary = known.lessons[continuation.place].summary
        items.append(Item("lesson", continuation.place, continuation.where, summary, label="Continue"))
    elif recalled is not None and known.own_data and recalled.latest == known.own_data[0].lesson:
        title, detail = said_of(known.own_data[0])
        items.append(Item("data", 0, title, f"In {detail}.", label="Continue"))
    elif known.is_finished:
        title = "you have done the whole course: the quiz shows what you gained"
        items.append(Item("quiz", 0, title, _said_of_quiz(known), label="Next"))
    if recalled is not None and recalled.left_round is not None:
        left = recalled.left_round
        title = f"the {left.name} that you left: question {left.number} of {left.of}"
        items.append(Item("round", 0, title, "Its questions wait as you left them.", label="Go on"))
    if recalled is not None and recalled.due:
        due = [in_words(skill) for skill in recalled.due]
        title = f"{counted(len(due), 'skill')} due: {', '.join(due)}"
        items.append(Item("review", 0, title, "What you have known for a while, before you forget it.", label="Review"))
    if recalled is not None and known.is_met:
        skill = weakest(recalled.standing.dots)
        shown = "" if skill is None else f"weakest first: {in_words(skill)} {recalled.standing.shown(skill)}"
        items.append(Item("practice", 0, shown or "all that you have met, to keep it", ROUND, label="Practise"))
    return items


def _said_of_quiz(known: Known) -> str:
    """What the quiz over the course is, or how it went."""
    if known.recalled is None or not known.recalled.quizzes:
        return "Eight questions over the course, without hints: now, and again after it, to see what you gained."
    first, *others = known.recalled.quizzes
    now = f", {others[-1]} the last time" if others else ""
    return f"{first} of 8 right the first time{now}. Take it again to see what you gained."


def said_of(kept: OwnData) -> tuple[str, str]:
    """Return the title of a kept lesson, and the folder of its file; strangers' texts made visible."""
    folder, _, name = str(kept.content.get("file") or "?").replace("\\", "/").rpartition("/")
    return visible(str(kept.content.get("title") or name)), visible(folder or "/")
