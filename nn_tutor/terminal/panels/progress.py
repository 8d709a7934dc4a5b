"""What a learner knows and has done so far, drawn where home has room: skills with their bars, and a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.network.counted import counted
from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, bar, framed
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line, padded, width_of, wrapped
from nn_tutor.walkthrough.skills import SKILLS, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn_tutor.terminal.home_items import Known

GAP, WIDE_GAP, MAX_COLUMNS = 3, 8, 2
"""The cells between two columns of skills, at least and at most, and how many columns there are at most."""

SIDES, NUMBERED = 2, 11
"""The lines of a frame, and the cells of a lesson's number."""

MIN_FREQUENT, MAX_FREQUENT = 2, 2
"""A mistake counts as frequent from so many times on; and so many of them are named."""


def draw_skills(known: Known, of_lesson: Sequence[str], width: int, height: int) -> Drawing:
    """Draw every skill of the course in a frame, with its bar and the lesson that teaches it; nothing without room.

    Those `of_lesson`, the marked one, stand out.
    """
    inner = width - SIDES_OF_FRAME
    for has_number in (True, False):
        entries = _entries(known, of_lesson, has_number=has_number)
        columns = min(MAX_COLUMNS, (inner + GAP) // (width_of(entries[0]) + GAP))
        rows = -(-len(entries) // max(1, columns))
        if rows + SIDES > height:
            continue
        gap = min(WIDE_GAP, (inner - columns * width_of(entries[0])) // max(1, columns - 1))
        lines = (entries[row::rows] for row in range(rows))
        drawn = tuple(
            line(*(span for one in own[:-1] for span in padded(one, width_of(one), gap)), *own[-1]) for own in lines
        )
        title = "What you know" if known.is_met else "What you will learn"
        return framed(drawn, width, rows + SIDES, line(Span(title, "strong")), _mastered(known))
    return ()


def _entries(known: Known, of_lesson: Sequence[str], *, has_number: bool) -> list[Line]:
    """Each skill with its bar, and the number of the lesson that teaches it: all of one width."""
    standing = None if known.recalled is None else known.recalled.standing
    taught = _taught_in(known) if has_number else {}
    longest = max(len(in_words(skill)) for skill in SKILLS)
    entries: list[Line] = []
    for skill in SKILLS:
        name = Span(in_words(skill).ljust(longest + 2), "strong" if skill in of_lesson else "text")
        number = f"lesson {taught[skill]:>2}" if skill in taught else ""
        where = Span(number.rjust(NUMBERED) if has_number else "", "muted")
        entries.append(line(name, *bar(0.0 if standing is None else standing.part(skill)), where))
    return entries


def _mastered(known: Known) -> Line:
    """How many skills are mastered, of somebody who has met some."""
    if known.recalled is None or not known.is_met:
        return ()
    mastered = sum(map(known.recalled.standing.is_mastered, SKILLS))
    return line(Span(f"{mastered} of {len(SKILLS)} mastered", "muted"))


def _taught_in(known: Known) -> dict[str, int]:
    """The number of the first lesson that is about each skill."""
    taught: dict[str, int] = {}
    for number, listing in enumerate(known.lessons, start=1):
        outline = known.outlines.get(listing.id)
        for skill in () if outline is None else outline.skills:
            taught.setdefault(skill, number)
    return taught


def draw_so_far(known: Known, width: int) -> list[Line]:
    """Draw what was answered so far, and which mistakes were made most often; nothing for a newcomer."""
    if known.recalled is None or not known.recalled.answers:
        return []
    recalled = known.recalled
    texts = [f"{counted(recalled.answers, 'question')} answered, {recalled.right_first:,} right at the first try."]
    made = sorted(recalled.standing.mistakes.items(), key=lambda one: -one[1])
    frequent = [(id, times) for id, times in made if times >= MIN_FREQUENT]
    if frequent:
        from nn_tutor.judging.mistakes.known import MISTAKES  # what was recalled has brought it: not before

        names = {mistake.id: mistake.name for mistake in MISTAKES if not mistake.is_convention}
        said = [f"{names[id]} ({times} times)" for id, times in frequent if id in names][:MAX_FREQUENT]
        texts += [f"Most often you {', and '.join(said)}."] if said else []
    ahead = [listing.id for listing in known.lessons if known.mark(listing.id) != "✓" and listing.id in known.outlines]
    hours = round(sum(known.outlines[lesson].minutes * (1 - known.progress(lesson)) for lesson in ahead) / 60)
    texts += [f"About {counted(hours, 'hour')} of the course lie ahead."] if hours > 1 else []
    return [line(Span("So far", "muted")), *(part for text in texts for part in wrapped(text, width))]
