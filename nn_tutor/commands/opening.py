"""The commands that open the tutor, on a screen or line by line: the course, a round, your own network or data."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.commands.common import DONE, USAGE, data_directory, load_named, print_lines, say, tell
from nn_tutor.commands.screen import missing_for_a_screen, narrowest_encoding
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.progress.data_files import DataFile


@dataclass(frozen=True)
class _Wanted:
    """What is to be opened: a lesson, a round (its skill and seed), own data, a kept network, or the form for one.

    Without any of them it is the course, whose `lessons` are listed.
    """

    lesson: Lesson | None = None
    lessons: Sequence[Listing] = ()
    practice: tuple[str, int] | None = None
    data: DataFile | None = None
    kept: Kept | None = None
    begins_with_form: bool = False


def home(options: argparse.Namespace) -> int:
    """Open the course; returns the exit status, as all of these do."""
    return _open(options, _Wanted(lessons=_shipped()))


def start(options: argparse.Namespace) -> int:
    """Open a lesson."""
    return _open(options, _Wanted(load_named(options.lesson, data_directory(options)), _shipped()))


def practice(options: argparse.Namespace) -> int:
    """Open a round of practice, or a test."""
    from nn_tutor.tutor.practice import LEFT, MIX, parse_practice_id, practice_id
    from nn_tutor.walkthrough.skills import SKILLS

    if options.quiz or options.test_out:
        return _open_practice(options, _test_named(options), options.seed or _some_seed())
    if options.skill == MIX and options.seed is None:  # a round that was left in the middle comes first
        return _open_practice(options, LEFT, _some_seed())
    try:
        skill, seed = parse_practice_id(practice_id(options.skill, options.seed or _some_seed()))
    except ValueError:
        say(f"--skill {options.skill}: there is no such skill; choose one of {', '.join((*SKILLS, MIX))}")
        return USAGE
    return _open_practice(options, skill, seed)


def review(options: argparse.Namespace) -> int:
    """Open a round of what is due."""
    from nn_tutor.progress.recorder import ProgressRecorder
    from nn_tutor.tutor.practice import DUE, LEFT, NOTHING_MET
    from nn_tutor.tutor.testing import kind_of

    recorder = ProgressRecorder(data_directory(options))
    recalled = recorder.recall()
    recorder.close()
    left = recalled.left_round
    if left is not None and kind_of(left.id) == DUE:
        return _open_practice(options, LEFT, _some_seed())
    if not recalled.due:
        is_new = not recalled.met and not recalled.standing.dots
        tell(
            f"Nothing is due. {NOTHING_MET}"
            if is_new
            else "Nothing is due; nn-tutor practice gives you a round of what you have met so far"
        )
        return DONE
    return _open_practice(options, "due", _some_seed())


def homework(options: argparse.Namespace) -> int:
    """Open a network of the learner's own, or its form; or check a sheet, or list what is kept."""
    if options.sheet is not None:
        from nn_tutor.commands.sheet import check

        return check(options)
    if options.list:
        from nn_tutor.commands.kept import kept_networks, listed

        print_lines(listed(kept_networks(data_directory(options))))
        return DONE
    from nn_tutor.commands.homework import homework_named

    found = homework_named(options)
    if isinstance(found, int):
        return found
    if found is None:
        return _open(options, _Wanted(lessons=_shipped(), begins_with_form=True))
    from nn_tutor.homework.keeping import kept_as_said

    kept = kept_as_said(found.lesson.id, found.lesson.title, found.said)
    return _open(options, _Wanted(found.lesson, kept=kept))


def data(options: argparse.Namespace) -> int:
    """Open a lesson on the learner's own data, or print what would be done with the file."""
    from nn_tutor.commands.data import describe, opened

    if options.describe:
        return describe(options)
    file = opened(options)
    if file is None:
        return USAGE
    return _open(options, _Wanted(data=file))


def _open_practice(options: argparse.Namespace, skill: str, seed: int) -> int:
    return _open(options, _Wanted(lessons=_shipped(), practice=(skill, seed)))


def _open(options: argparse.Namespace, wanted: _Wanted) -> int:
    """Open the tutor on a screen, or line by line where that is wanted or the terminal has no screen."""
    if sys.__stdout__ is None:  # closed input is an empty one, but what is asked must be heard
        say("the output is closed, so nothing could be shown or asked")
        return USAGE
    missing = "" if options.plain else missing_for_a_screen()
    if missing:
        say(f"{missing}, so this goes line by line")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # networks are tiny; threads cost memory and start-up time
    return _line_by_line(options, wanted) if options.plain or missing else _on_a_screen(options, wanted)


def _line_by_line(options: argparse.Namespace, wanted: _Wanted) -> int:
    """Open it in words. Own data are taken with the choices of the options; the form needs a screen."""
    if wanted.begins_with_form:
        say("line by line a network of your own comes from options or a file: nn-tutor homework -h shows how")
        return USAGE
    from nn_tutor.plain.program import open_plain

    lesson, data = wanted.lesson, wanted.data
    own_file = None
    if data is not None:
        lesson = data.lesson(data.choices.options)
        own_file = data.content(lesson)
    return open_plain(
        lesson,
        wanted.lessons,
        say=say,
        ascii_only=options.ascii or bool(narrowest_encoding()),
        directory=data_directory(options),
        practice=wanted.practice,
        kept=wanted.kept,
        own_file=own_file,
    )


def _on_a_screen(options: argparse.Namespace, wanted: _Wanted) -> int:
    """Open it in the terminal; of own data the screen asks for the choices first."""
    gc.disable()  # what is imported stays, and looking through it delays the first paint; `TutorApp` enables it again
    os.environ.setdefault("ESCDELAY", "25")  # Escape alone is known after 25 ms, not 100
    os.environ.setdefault("TEXTUAL_FPS", "500")  # a key waits 2 ms behind a frame, not 17; nothing is painted otherwise
    from nn_tutor.terminal.program import open_tutor

    return open_tutor(
        wanted.lesson,
        wanted.lessons,
        no_color=options.no_color,
        ascii_only=options.ascii,
        no_motion=options.no_motion,
        directory=data_directory(options),
        practice=wanted.practice,
        data=wanted.data,
        kept=wanted.kept,
        begins_with_form=wanted.begins_with_form,
    )


def _shipped() -> Sequence[Listing]:
    from nn_tutor.course.find import shipped_lessons

    return shipped_lessons()


def _test_named(options: argparse.Namespace) -> str:
    """The test that is asked for: the quiz, or one on a lesson of the course."""
    from nn_tutor.course.find import find
    from nn_tutor.tutor.testing import QUIZ, TEST_OUT

    if options.quiz:
        return QUIZ
    find(options.test_out)
    return f"{TEST_OUT}{options.test_out}"


def _some_seed() -> int:
    import time

    return 1 + int(time.time()) % 1_000_000
