"""What every exported program is made of: its sections in order, with a title each, for a script or a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nn_tutor import __version__
from nn_tutor.dataclass import dataclass
from nn_tutor.export.source import WIDTH

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a program: what it is, in a line, and its code; `level` 1 begins a network, 2 stands within it."""

    title: str
    code: str
    level: int = 2


def script(lesson: Lesson, sections: Iterable[Section], library: str) -> str:
    """Return a program that can be run as a file."""
    about = textwrap.fill(
        f"Each number that is printed is held against the lesson's. Written by nn-tutor {__version__} "
        f"from the lesson {lesson.id!r}.",
        WIDTH,
    )
    title = lesson.title.replace("\\", "").replace('"', "'")
    parts = [f'"""{title}: every pass of the lesson in {library}.\n\n{about}\n"""\n']
    for section in sections:
        ruler = f"# {section.title} ".ljust(WIDTH - 20, "-") if section.level == 1 else f"# {section.title}"
        parts.append("\n".join(piece for piece in (ruler if section.title else "", section.code) if piece) + "\n")
        if not section.title:
            parts.append("")
    return "\n".join(parts)
