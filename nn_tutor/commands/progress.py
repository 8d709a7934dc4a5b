"""`progress` and what can be done with it: a summary, export, import, reset."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_tutor.commands.common import DONE, NO_PROGRESS, USAGE, data_directory, print_json, print_lines, say

if TYPE_CHECKING:
    from nn_tutor.progress.log import Log

STREAM = "-"
"""In the place of a file: standard output."""


def summary(options: argparse.Namespace) -> int:
    """Tell what was done so far; returns the exit status."""
    from nn_tutor.progress.recorder import ProgressRecorder
    from nn_tutor.progress.report import as_document, as_lines

    recorder = ProgressRecorder(data_directory(options))
    recalled = recorder.recall()
    if recorder.message:
        say(recorder.message)
    if options.json:
        print_json(as_document(recalled))
    else:
        print_lines(as_lines(recalled))
    recorder.close()
    return DONE


def export(options: argparse.Namespace) -> int:
    """Write everything to a file, or print it for `-`; returns the exit status."""
    from pathlib import Path

    from nn_tutor.progress.exchange import document, export_to

    if options.file == STREAM:
        return _with_log(options, lambda log: print_lines(document(log.entries()).splitlines()), "")
    return _with_log(
        options, lambda log: export_to(log, Path(options.file), replaces=options.force), "written to " + options.file
    )


def import_file(options: argparse.Namespace) -> int:
    """Add what an exported file holds; returns the exit status."""
    from pathlib import Path

    from nn_tutor.progress.exchange import import_from

    return _with_log(options, lambda log: import_from(log, Path(options.file)), "entries added")


def reset_all(options: argparse.Namespace) -> int:
    """Forget everything, or one lesson, once that is confirmed; returns the exit status."""
    from nn_tutor.progress.exchange import reset

    what = f"lesson {options.lesson}" if options.lesson else "everything"
    print(f'This forgets {what}; a copy is kept. Type "forget" to go on: ', end="", flush=True)
    if sys.stdin.readline().strip() != "forget":
        say("nothing was changed")
        return USAGE
    return _with_log(options, lambda log: reset(log, options.lesson), "")


def _with_log(options: argparse.Namespace, use: Callable[[Log], object], done: str) -> int:
    """Do something with the log and say what came of it; status 4 where progress cannot be used."""
    from nn_tutor.judging.visible import visible
    from nn_tutor.progress.errors import ProgressError
    from nn_tutor.progress.exchange import Removed
    from nn_tutor.progress.log import open_log

    with open_log(data_directory(options)) as log:
        if log.message:
            say(log.message)
        try:
            result = use(log)
        except ProgressError as error:
            say(str(error))
            return NO_PROGRESS
    if isinstance(result, Removed):
        where = f"; all of it is in {result.copy}" if result.copy else ""
        done = f"{result.entries} entries removed{where}"
    elif isinstance(result, int):
        done = f"{result} {done}"
    print_lines([visible(done)] if done else ())
    return DONE
