"""`export`: a lesson as a page, a text, a program, a notebook, or a deck of cards."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor.commands.common import CRASHED, DONE, USAGE, data_directory, load_named, say

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.export.document import Document
    from nn_tutor.export.mine import Mine
    from nn_tutor.export.runs import Run
    from nn_tutor.progress.entry import Entry


class NotPossibleError(Exception):
    """What was asked for cannot be made; the message says why and what to do."""


def export(options: argparse.Namespace) -> int:
    """Write a lesson to a file or to the output; returns the exit status."""
    from nn_tutor.progress.whole_file import OutputError, write_whole

    make, extra, takes_mine = _FORMATS[options.to]
    if options.mine and not takes_mine:
        say(f"--mine goes with html, md and anki: a program holds no answers; leave it out with --to {options.to}")
        return USAGE
    to_stream = options.output in (None, "-")
    if to_stream and options.to == "anki":
        say("a deck of cards is no text: give it a file, such as --output cards.apkg")
        return USAGE
    lesson = load_named(options.lesson, data_directory(options))
    try:
        content = make(lesson, options)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("nbformat", "genanki"):
            raise
        say(f"--to {options.to} needs {error.name}, which is not installed: pip install 'nn-tutor[{extra}]'")
        return USAGE
    except NotPossibleError as error:
        say(str(error))
        return CRASHED
    if to_stream:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return DONE
    try:
        write_whole(Path(options.output), content, replaces=options.force)
    except OutputError as error:
        say(str(error))
        return CRASHED
    return DONE


def _document(lesson: Lesson) -> Document:
    from nn_tutor.calculus.derivation import SymPyDeriver
    from nn_tutor.export.document import document_of

    return document_of(lesson, SymPyDeriver())


def _as_html(lesson: Lesson, options: argparse.Namespace) -> bytes:
    from nn_tutor.export.page import as_page

    document = _document(lesson)
    return as_page(document, _mine(document, options) if options.mine else None).encode()


def _as_markdown(lesson: Lesson, options: argparse.Namespace) -> bytes:
    from nn_tutor.export.markdown import as_solution

    document = _document(lesson)
    return as_solution(document, _mine(document, options) if options.mine else None).encode()


def _as_numpy(lesson: Lesson, options: argparse.Namespace) -> bytes:
    from nn_tutor.export.numpy_sections import numpy_sections
    from nn_tutor.export.runs import runs_of
    from nn_tutor.export.script import script
    from nn_tutor.tutor.lesson_run import LessonRun

    return script(lesson, numpy_sections(_some(runs_of(LessonRun(lesson)))), "NumPy").encode()


def _as_torch(lesson: Lesson, options: argparse.Namespace) -> bytes:
    from nn_tutor.export.runs import runs_of
    from nn_tutor.export.script import script
    from nn_tutor.export.torch_program import torch_sections
    from nn_tutor.tutor.lesson_run import LessonRun

    return script(lesson, torch_sections(_some(runs_of(LessonRun(lesson)))), "PyTorch").encode()


def _as_notebook(lesson: Lesson, options: argparse.Namespace) -> bytes:
    from nn_tutor.export.notebook import as_notebook
    from nn_tutor.export.runs import runs_of
    from nn_tutor.tutor.lesson_run import LessonRun

    return as_notebook(_document(lesson), _some(runs_of(LessonRun(lesson)))).encode()


def _as_cards(lesson: Lesson, options: argparse.Namespace) -> bytes:
    from nn_tutor.calculus.derivation import SymPyDeriver
    from nn_tutor.export.cards import as_deck
    from nn_tutor.export.drills import drills_of
    from nn_tutor.tutor.saved_run import answers_of

    answered = answers_of(_entries(lesson, options))
    drills = list(drills_of(lesson, answered, SymPyDeriver()))
    if not drills:
        raise NotPossibleError(f"you have made no known mistake in {lesson.id} yet, so there are no cards to make")
    return as_deck(lesson, drills)


def _some(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return runs of networks; a lesson without any cannot be a program."""
    if not runs:
        raise NotPossibleError("this lesson computes nothing: there is no program to write")
    return runs


def _mine(document: Document, options: argparse.Namespace) -> Mine:
    from nn_tutor.export.mine import Mine
    from nn_tutor.tutor.restoring import answers_in
    from nn_tutor.tutor.saved_run import saved_run_of

    saved = saved_run_of(_entries(document.lesson, options))
    return Mine(answers_in(document.lesson_run, saved))


def _entries(lesson: Lesson, options: argparse.Namespace) -> tuple[Entry, ...]:
    from nn_tutor.progress.recorder import ProgressRecorder

    recorder = ProgressRecorder(data_directory(options))
    entries = recorder.entries_of(lesson.id)
    if recorder.message:
        say(recorder.message)
    recorder.close()
    return entries


_FORMATS: dict[str, tuple[Callable[[Lesson, argparse.Namespace], bytes], str, bool]] = {
    "html": (_as_html, "", True),
    "md": (_as_markdown, "", True),
    "numpy": (_as_numpy, "", False),
    "torch": (_as_torch, "", False),
    "ipynb": (_as_notebook, "notebook", False),
    "anki": (_as_cards, "anki", True),
}
"""What makes each format, the extra that it needs, and whether the learner's own answers can stand in it."""
