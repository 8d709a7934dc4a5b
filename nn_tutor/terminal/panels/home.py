"""The home screen as a drawing: what comes next, the list, and beside or below it what is known of the marked line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.terminal.drawing.boxes import BAR, SIDES_OF_FRAME, bar, framed
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, line, padded, plain, width_of, wrapped
from nn_tutor.terminal.panels.progress import draw_skills, draw_so_far
from nn_tutor.terminal.sizes import WIDE, WIDEST
from nn_tutor.walkthrough.skills import SKILLS, in_words

if TYPE_CHECKING:
    from nn_tutor.course.outline import Outline
    from nn_tutor.terminal.home_items import Item, Known

WELCOME = (
    "What does back-propagation actually do?",
    "Step through it: one forward pass, one backward pass at a time.",
)

TOP = 5
"""The lines above the list: the greeting, or the name and up to three things to do next, then a blank one."""

MIN_LIST, MAX_LIST, MAX_BESIDE = 56, 78, 120
"""The cells of the list, at least where something stands beside it and at most, and of what stands there, at most."""

DETAIL = 6
"""The lines below the list that tell of the marked line, where nothing stands beside it."""

LABEL = 10
"""The cells of "Continue" and its like."""

MAX_SKILLS, MIN_ABOVE = 16, 30
"""The skills of a list at most, and the lines that are kept above a frame of all skills."""

TOLD = frozenset(("practice", "quiz", "form", "file"))
"""What has lines below its title that say what it is, where there are `AMPLE` lines more than things to open."""

AMPLE = 12

MIN_PART, MIN_SIDE, GAP = 26, 34, 3
"""The cells of a column of parts, at least, also where it stands beside the words, and those between two columns."""


class HomeDrawing(NamedTuple):
    """A drawing of the home screen, and the item at each of its lines, None where there is none."""

    drawing: Drawing
    owners: tuple[int | None, ...]


def draw_home(known: Known, items: Sequence[Item], marked: int, notice: str, width: int, height: int) -> HomeDrawing:
    """Draw home on `height` lines of `width` cells, the `marked` item in front; a notice stays in sight below it."""
    said = [(), *wrapped((Span(notice, "wrong"),), max(10, min(width - 4, MAX_LIST)))] if notice else []
    height = max(1, height - len(said))
    two = width >= WIDE
    left = min(MAX_LIST, max(MIN_LIST, width * 9 // 20) if two else width)
    item = items[marked] if items else None
    top, owners = _top(known, items, marked, left)
    detail = [] if two or item is None else _below(known, item, left, height)
    room = max(1, height - len(top) - len(detail))
    rows, row_owners = _rows(known, items, marked, left, room)
    so_far = [line("  ", *one) for one in draw_so_far(known, min(WIDEST, left - 4))] if two else []
    blank: list[Line] = [()] * (room - len(rows))
    if so_far and len(so_far) < len(blank):
        blank[1 : 1 + len(so_far)] = so_far
    lines = [*top, *rows, *blank, *detail][:height]
    owners = [*owners, *row_owners]
    if two and item is not None:
        used = len(top) + len([one for one in rows if one])
        at_right = min(MAX_BESIDE, width - left - 4)
        outline = _outline(known, item)
        skills = draw_skills(known, () if outline is None else outline.skills, at_right, height - 1 - MIN_ABOVE)
        most = height - 1 - len(skills)
        least = most if skills else used
        frame = ((), *_beside(known, item, at_right, least, most, has_skills=bool(skills)), *skills)
        frame = (*frame, *([()] * (height - len(frame))))
        lines = [(*padded(one, left + 2), *other) for one, other in zip(lines, frame, strict=True)]
    drawing = (*lines, *((Span("  "), *one) for one in said))
    return HomeDrawing(drawing, tuple(owners[: len(lines)]))


def _top(known: Known, items: Sequence[Item], marked: int, width: int) -> tuple[list[Line], list[int | None]]:
    """The greeting; for those who come back the name, and what comes next."""
    following = [number for number, item in enumerate(items) if item.label]
    name = line("  ", Span("nn-tutor", "accent"))
    if not following:
        words = [line("  ", *part) for part in wrapped((Span(WELCOME[1], "muted"),), max(8, width - 3))][: TOP - 3]
        greeting = [name, line("  ", Span(WELCOME[0], "strong")), *words]
        return [*([()] * (TOP - 1 - len(greeting))), *greeting, ()], [None] * TOP
    lines: list[Line] = [line(*name, "  ", Span(WELCOME[0], "strong"))]
    above: list[None] = [None]
    if len(following) < TOP - 2:
        lines.append(())
        above.append(None)
    for number in following:
        item, is_marked = items[number], number == marked
        head = _marker(is_marked) + padded((Span(item.label, "accent" if is_marked else "key"),), LABEL)
        title = _whole_words(item.title, width - LABEL - 3, "strong", lit=is_marked, between=",")
        lines.append((*head, *title))
    blank: list[Line] = [()] * (TOP - len(lines))
    return [*lines, *blank], [*above, *following, *([None] * len(blank))]


def _rows(
    known: Known, items: Sequence[Item], marked: int, width: int, room: int
) -> tuple[list[Line], list[int | None]]:
    """The list, or as much of it as there is room for around the marked line."""
    lines: list[Line] = []
    owners: list[int | None] = []
    done = sum(item.mark == "✓" for item in items if item.what == "lesson" and not item.label)
    of_course = [number for number, item in enumerate(items) if not item.label and item.what == "lesson"]
    own = [number for number, item in enumerate(items) if not item.label and item.what != "lesson"]
    is_roomy = room >= len(of_course) + len(own) + 4
    is_ample = width >= MAX_LIST and room >= len(of_course) + len(own) + AMPLE
    for title, aside, numbers in (
        ("The course", f"{done} of {len(of_course)} done" if done else _hours(known), of_course),
        ("On your own", "", own),
    ):
        if lines and is_roomy:
            lines.append(())
            owners.append(None)
        if is_roomy:
            lines.append(beside(line("  ", Span(title, "muted")), line(Span(aside, "muted")), width - 2))
            owners.append(None)
        for number in numbers:
            lines.append(_row(known, items[number], number == marked, width - 2))
            owners.append(number)
            if is_ample and items[number].what in TOLD:
                told = wrapped((Span(items[number].detail, "muted"),), width - 8)
                lines += [line("      ", *part) for part in told]
                owners += [number] * len(told)
    if len(lines) <= room:
        return lines, owners
    at = owners.index(marked) if marked in owners else 0
    first = min(max(0, at - room + 1 + room // 3), len(lines) - room)
    shown = lines[first : first + room]
    if first + room < len(lines):
        shown[-1] = beside(shown[-1], line(Span("↓", "accent")), width)
    if first:
        shown[0] = beside(shown[0], line(Span("↑", "accent")), width)
    return shown, owners[first : first + room]


def _hours(known: Known) -> str:
    """About how long the whole course takes; "" while that is not known."""
    minutes = sum(outline.minutes for outline in known.outlines.values())
    return f"about {round(minutes / 60)} hours" if minutes >= 2 * 60 else ""


def _row(known: Known, item: Item, is_marked: bool, width: int) -> Line:
    """One line of the list: number, title, and of a lesson how far one is in it and how long it takes."""
    is_lesson = item.what == "lesson"
    number = f"{item.place + 1:>2}  " if is_lesson else "    "
    head = line(*_marker(is_marked), Span(number, "accent" if is_marked else "muted"))
    aside: Line = ()
    if is_lesson:
        listing = known.lessons[item.place]
        outline = known.outlines.get(listing.id)
        minutes = "" if outline is None else f"{outline.minutes} min"
        aside = (*_progress(known, item, listing.id), Span(f"{minutes:>8}", "muted"))
    elif item.mark:
        aside = (*padded(_mark(item), BAR), Span(" " * 8))
    title = _whole_words(item.title, width - width_of(head) - width_of(aside) - 1, "strong" if is_marked else "text")
    title = tuple(span._replace(lit=is_marked) for span in title)
    return beside((*head, *title), aside, width)


def _progress(known: Known, item: Item, lesson: str) -> Line:
    """✓ for what is done, a bar for what is begun; all of one width."""
    if item.mark == "·" and (progress := known.progress(lesson)):
        return bar(progress)
    return padded(_mark(item), BAR)


def _mark(item: Item) -> Line:
    return line(Span(item.mark, "right" if item.mark == "✓" else "muted"))


def _marker(is_marked: bool) -> Line:
    return line(Span("▶ " if is_marked else "  ", "accent"))


def _whole_words(text: str, width: int, role: Role, *, lit: bool = False, between: str = "") -> Line:
    """A text on one line; what has no room is left out with whole words, and … stands for it.

    A list is cut behind the sign that stands `between` its parts, so that none of them is torn.
    """
    content, room = (Span(text, role, lit),), max(8, width)
    if width_of(content) <= room:
        return content
    kept = plain((wrapped(content, room - 2)[0],)).rstrip()
    if between in kept:
        kept = kept[: kept.rindex(between) + len(between)]
    return line(Span(kept, role, lit), Span(" …", "muted"))


def _below(known: Known, item: Item, width: int, height: int) -> list[Line]:
    """What is known of the marked line, on a few lines below a rule that names it."""
    room = min(DETAIL, max(0, height // 4))
    if room < 2:
        return []
    facts = _facts(known, item)
    head = line(Span("  ", "border"), Span(f"{facts} " if facts else "", "muted"))
    rule = line(*head, Span("─" * max(0, width - width_of(head) - 1), "border"))
    texts = _texts(known, item)[::-1]  # what is known at once stays where it is when the other comes
    lines = [line("  ", *part) for text in texts if text for part in wrapped(text, width - 4)]
    if len(lines) > room:
        lines = [*lines[: room - 1], line(*lines[room - 1], Span(" …", "muted"))]
    return [rule, *lines, *([()] * (room - len(lines)))]


def _texts(known: Known, item: Item) -> tuple[str, str]:
    """What a lesson is for, and what one does in it; "" for what is not known."""
    outline = _outline(known, item)
    introduction = "" if outline is None else " ".join(outline.introduction.replace("*", "").replace("`", "").split())
    return introduction, item.detail


def _outline(known: Known, item: Item) -> Outline | None:
    """A lesson at a glance; None for what is none, or while it is not known."""
    return known.outlines.get(known.lessons[item.place].id) if item.what == "lesson" else None


def _facts(known: Known, item: Item) -> str:
    if item.what != "lesson":
        return ""
    outline = _outline(known, item)
    name = f"Lesson {item.place + 1}"
    return name if outline is None else f"{name} · {len(outline.parts)} parts · about {outline.minutes} minutes"


def _beside(known: Known, item: Item, width: int, least: int, height: int, *, has_skills: bool) -> Drawing:
    """What is known of the marked line, and below it how well the learner knows what, as high as the list or higher.

    With `has_skills` all skills have a frame of their own.
    """
    inner = width - SIDES_OF_FRAME
    words = min(inner, WIDEST)
    is_lesson = item.what == "lesson"
    title = known.lessons[item.place].title if is_lesson else item.label or item.title
    outline = _outline(known, item)
    lines: list[Line] = [()]
    for heading, text in zip(("", "What you will do"), _texts(known, item), strict=True):
        if not text:
            continue
        lines += [line(Span(heading, "muted"))] if heading and is_lesson else []
        lines += [*wrapped(text, words), ()]
    if outline is not None:
        lines += [*wrapped((Span(f"{_in_parts(outline.kinds)}.", "muted"),), words), ()]
    if not is_lesson and item.label and item.title:
        lines += [*wrapped((Span(item.title, "strong"),), words), ()]
    skills = () if outline is None else outline.skills
    lines += _skills(known, skills, "What it is about", words, height - 3 - len(lines))
    at_side = inner - words - GAP >= MIN_SIDE
    if outline is not None and not at_side:
        lines += _contents(known, item, outline, inner, height - 3 - len(lines))
    if known.recalled is not None and not has_skills:
        others = [skill for skill in SKILLS if skill in known.recalled.standing.dots and skill not in skills]
        heading = "What else you have met" if skills else "What you have met"
        lines += _skills(known, others, heading, inner, height - 3 - len(lines))
    if outline is not None and at_side:
        contents = [(), *_contents(known, item, outline, inner - words - GAP, height - 4)]
        lines += [()] * (len(contents) - len(lines))
        contents += [()] * (len(lines) - len(contents))
        lines = [(*padded(one, words, GAP), *other) for one, other in zip(lines, contents, strict=True)]
    number = f"{item.place + 1} " if is_lesson else ""
    return framed(
        tuple(lines),
        width,
        min(height, max(least, len(lines) + 2)),
        line(Span(number, "muted"), Span(title, "strong")),
        line(Span("" if outline is None else f"about {outline.minutes} minutes", "muted")),
    )


KINDS_SAID = {
    "choose": ("question to think about", "questions to think about"),
    "derive": ("formula to find", "formulas to find"),
    "hunt": ("worked pass to search", "worked passes to search"),
    "nudge": ("number to nudge", "numbers to nudge"),
    "place": ("weight to place", "weights to place"),
    "practice": ("round of practice", "rounds of practice"),
    "pull": ("comparison of samples", "comparisons of samples"),
    "read": ("page", "pages"),
    "train": ("run to watch", "runs to watch"),
    "tune": ("number to tune", "numbers to tune"),
    "walk": ("walk through a pass", "walks through passes"),
}
"""What one and several activities of each kind are called."""


def _in_parts(kinds: Sequence[tuple[str, int]]) -> str:
    """What a lesson is made of, the most frequent first."""
    ordered = sorted((entry for entry in kinds if entry[0] in KINDS_SAID), key=lambda entry: -entry[1])
    return ", ".join(f"{count} {KINDS_SAID[kind][count > 1]}" for kind, count in ordered)


def _contents(known: Known, item: Item, outline: Outline, width: int, room: int) -> list[Line]:
    """The parts of a lesson by their titles, what was done marked, in columns; none where they have no room."""
    listing = known.lessons[item.place]
    part = "" if known.recalled is None else known.recalled.parts.get(listing.id, "")
    is_done = known.mark(listing.id) == "✓"
    titles = [
        line(Span("✓ " if is_done or is_before else "  ", "right"), Span(title, "muted" if is_before else "text"))
        for title, is_before in outline.contents(part)
    ]
    widest = max((width_of(title) for title in titles), default=0)
    columns = max(1, (width + GAP) // (max(MIN_PART, widest) + GAP))
    rows = -(-len(titles) // columns)
    if not titles or rows + 2 > room:
        return []
    column = (width + GAP) // columns - GAP
    by_rows = ([titles[place] for place in range(row, len(titles), rows)] for row in range(rows))
    drawn = ((*(span for title in own[:-1] for span in padded(title, column, GAP)), *own[-1]) for own in by_rows)
    return [line(Span("Its parts", "muted")), *drawn, ()]


def _skills(known: Known, skills: Sequence[str], title: str, width: int, room: int) -> list[Line]:
    """Skills with their bars, below a title; none where there is no room for two of them."""
    if not skills or room < 3:
        return []
    standing = None if known.recalled is None else known.recalled.standing
    names = {skill: in_words(skill) for skill in skills}
    column = min(width - BAR - 2, max(map(len, names.values())) + 2)
    rows = (
        (*padded((Span(names[skill]),), column), *bar(0.0 if standing is None else standing.part(skill)))
        for skill in list(skills)[: min(room - 1, MAX_SKILLS)]
    )
    return [line(Span(title, "muted")), *rows, ()]
