"""`list`: the lessons of the course."""

from __future__ import annotations

import argparse

from nn_tutor.commands.common import CRASHED, DONE, NO_LESSONS, print_json, print_lines, say


def listing(options: argparse.Namespace) -> int:
    """Print the lessons of the course, a line each; returns the exit status."""
    from nn_tutor.course.find import shipped_lessons

    lessons = shipped_lessons()
    if not lessons:
        say(NO_LESSONS)
        return CRASHED
    if options.json:
        print_json([{"id": lesson.id, "title": lesson.title, "summary": lesson.summary} for lesson in lessons])
        return DONE
    width = max((len(lesson.id) for lesson in lessons), default=0)
    print_lines(f"{number:>3}  {lesson.id:<{width}}  {lesson.title}" for number, lesson in enumerate(lessons, start=1))
    return DONE
