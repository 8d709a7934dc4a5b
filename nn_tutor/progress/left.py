"""Where a learner was last, and what of their own network is remembered for another time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import symbol
from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load_once
from nn_tutor.course.networks import rows_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.keeping import Kept, entered, kept_of
from nn_tutor.homework.reading import lesson_of
from nn_tutor.network.quantities import parse_ref

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.progress.recorder import ProgressRecorder


@dataclass(frozen=True, slots=True)
class Left:
    """Where a learner was last: the place among the lessons of the course or the own networks, and that in words.

    `part` is the title of the activity, "" where it has none.
    """

    place: int
    where: str
    is_own: bool = False
    part: str = ""


def where_left(recalled: Recalled, lessons: Sequence[Listing]) -> Left | None:
    """Return where the learner was last, in the course or a network of their own; None where all is finished."""
    own = next((place for place, kept in enumerate(recalled.own) if kept.id == recalled.latest), None)
    place = next((place for place, listing in enumerate(lessons) if listing.id == recalled.latest), own)
    if place is None or (own is not None and not recalled.own[own].is_complete):
        return None
    where = f"lesson {place + 1}" if own is None else "your own network"
    position, part = recalled.position, ""
    if position.get("pass"):
        where += f", pass {position['pass']}"
    try:
        kept = recalled.own[place] if own is not None else None
        lesson = load_once(lessons[place].path) if kept is None else lesson_of(kept.said, kept.id)
        part = lesson.title_of(str(position.get("activity", "")))
        activity = next(one for one in lesson.activities if one.id == position.get("activity"))
        entry = lesson.networks[activity.network]
        where += f", {symbol(entry.network, rows_of_pass(entry), parse_ref(str(position['number'])))}"
    except (LessonError, HomeworkError, KeyError, ValueError, StopIteration, IndexError):
        pass  # a page, a choice, or a lesson that has changed since: its number is enough
    return Left(place, where, is_own=own is not None, part=part)


def keep_network(recorder: ProgressRecorder, kept: Kept) -> None:
    """Remember a network that was said on the command line, unless it is remembered as it stands.

    The name that it was given stays, unless another one is said.
    """
    last = next(iter(kept_of(recorder.entries_of(kept.id))), None)
    is_named = any(key == "name" for key, _ in kept.said)
    if last is not None and not is_named and last.name != kept.name:
        kept = replace(kept, name=last.name, said=(*kept.said, ("name", last.name)))
    if last is None or entered(replace(last, form=())) != entered(kept):
        recorder.remember(kept.id, [entered(kept)])
