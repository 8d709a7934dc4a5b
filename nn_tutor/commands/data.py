"""`data`: a lesson on the learner's own data, or what would be done with the file, without a screen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from nn_tutor.commands.common import DONE, USAGE, print_lines, say
from nn_tutor.dataset.proposal import Options, Task
from nn_tutor.network.spec import ELEMENTWISE
from nn_tutor.progress.data_files import DataFile, open_data


def opened(options: argparse.Namespace) -> DataFile | None:
    """Read the file with the choices of the command line, and try them; None where a word of them is unknown.

    Raises `DataError` for a file, or choices, of which no lesson can be made.
    """
    activation = next((name for name in ELEMENTWISE if name == options.activation), None)
    if activation is None:
        say(f"--activation {options.activation}: take one of {', '.join(ELEMENTWISE)}")
        return None
    tasks: tuple[Task, ...] = get_args(Task)
    chosen = Options(
        target=options.target or "",
        inputs=tuple(options.inputs),
        without=tuple(options.without),
        task=next((task for task in tasks if task == options.task), None),
        hidden=tuple(units for units in options.hidden if units) if options.hidden else Options().hidden,
        activation=activation,
        learning_rate=options.rate,
        seed=options.seed,
        test_part=options.test / 100,
        row=options.row or 0,
        header=not options.no_header,
    )
    file = open_data(Path(options.file), chosen)
    file.lesson(chosen)
    return file


def describe(options: argparse.Namespace) -> int:
    """Print what was found in a file and what would be done with it, as Markdown."""
    file = opened(options)
    if file is None:
        return USAGE
    lesson = file.lesson(file.choices.options)
    section = lesson.prose.sections["data"]
    print_lines([f"# {section.title}", "", *"".join(map(str, section.parts)).splitlines()])
    return DONE
