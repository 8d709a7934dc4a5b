"""The parser of the command line: every command, its options, and the function that runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_tutor import __version__
from nn_tutor.commands.arguments import HOMEWORK_OPTIONS

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

ANYWHERE = {
    "--plain": "line by line in words: for screen readers, pipes and simple terminals",
    "--ascii": "pictures and formulas in ASCII, as on a Linux console",
    "--no-color": "no colours, as with NO_COLOR",
    "--no-motion": "nothing moves, as with NO_MOTION",
}
"""The switches that may stand before a command or behind it, with their help."""

DATA_DIR = "where your progress is kept; default: NN_TUTOR_HOME, else your data directory"


def command_line() -> argparse.ArgumentParser:
    """Return the parser of the command line; what it reads has in `run` the function of the command."""
    parser = argparse.ArgumentParser(
        prog="nn-tutor",
        description="Step through a neural network in the terminal, one forward pass and one backward pass at a time.",
        epilog="Without a command: the home screen with the course. LESSON is an id or a number from `nn-tutor list`, "
        "or a path to a lesson folder or lesson.toml.",
    )
    parser.add_argument("--version", action="version", version=f"nn-tutor {__version__}")
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    for place in (parser, common):
        for flag, what in ANYWHERE.items():
            place.add_argument(flag, action="store_true", help=what)
        place.add_argument("--data-dir", metavar="DIR", help=DATA_DIR)
    parser.set_defaults(run=_in("opening", "home"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_lessons(commands, common)
    _add_homework(commands, common)
    _add_data(commands, common)
    _add_progress(commands, common)
    _add_printed(commands, common)
    _add_answers(commands, common)
    _add_for_authors(commands, common)
    _add_surroundings(commands, common)
    return parser


def _in(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command of a module that is imported when it is called."""

    def run(options: argparse.Namespace) -> int:
        import importlib

        command: Callable[[argparse.Namespace], int] = getattr(
            importlib.import_module(f"nn_tutor.commands.{module}"), name
        )
        return command(options)

    return run


def _add_lessons(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add what opens the tutor with the lessons of the course, or with questions on them."""
    start = commands.add_parser("start", parents=[common], help="open a lesson")
    start.add_argument("lesson", metavar="LESSON")
    start.set_defaults(run=_in("opening", "start"))

    practice = commands.add_parser("practice", parents=[common], help="questions without end, with fresh numbers")
    practice.add_argument(
        "--skill",
        default="mix",
        metavar="SKILL",
        help="one skill; default: a mix of what you have met, the weakest first",
    )
    practice.add_argument("--seed", type=_count, metavar="N", help="repeats a round exactly")
    tests = practice.add_mutually_exclusive_group()
    tests.add_argument("--test-out", metavar="LESSON", help="five questions without hints, to leave a lesson out")
    tests.add_argument("--quiz", action="store_true", help="eight questions over the course, before it and after it")
    practice.set_defaults(run=_in("opening", "practice"))

    review = commands.add_parser("review", parents=[common], help="what is due, mixed, with fresh numbers")
    review.set_defaults(run=_in("opening", "review"))


def _add_homework(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the learner's own network."""
    homework = commands.add_parser(
        "homework",
        parents=[common],
        help="a network of your own, step by step",
        description="Walk through the network of your exercise sheet. ROWS are numbers split by blanks, rows split by "
        "semicolons; pasted matrices of NumPy, MATLAB and others are read too. Without anything: a form that asks.",
    )
    homework.add_argument("network", nargs="?", metavar="LESSON|FILE", help="a lesson, or a text file; - for a pipe")
    for flag, (metavar, what) in HOMEWORK_OPTIONS.items():
        homework.add_argument(f"--{flag}", dest=f"said_{flag}", action="append", metavar=metavar, help=what)
    homework.add_argument("--save", dest="said_name", metavar="NAME", help="keep it under this name")
    homework.add_argument("--sheet", metavar="FILE|-", help="check a sheet, one NAME = NUMBER a line, without a screen")
    homework.add_argument("--json", action="store_true", help="with --sheet: as JSON")
    homework.add_argument("--list", action="store_true", help="list the networks that are kept")
    homework.set_defaults(run=_in("opening", "homework"))


def _add_data(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the learner's own data."""
    data = commands.add_parser(
        "data",
        parents=[common],
        help="a lesson on your own data, such as a CSV file",
        description="Walk one of your rows, compare what rows pull a weight, and train on the others. What is left out "
        "is proposed, and can be changed on the screen.",
    )
    data.add_argument("file", metavar="FILE", help="text with a line of names, cells separated by , ; | or tabs")
    data.add_argument("--target", metavar="COLUMN", help="the column to predict; default: the last one")
    data.add_argument(
        "--inputs", metavar="COLUMN", action="append", default=[], help="predict from this; may be repeated"
    )
    data.add_argument("--without", metavar="COLUMN", action="append", default=[], help="leave it out; may be repeated")
    data.add_argument("--task", choices=("regression", "classification"), help="what the target is")
    data.add_argument(
        "--hidden",
        metavar="N",
        action="append",
        type=_count_or_none,
        help="units of a hidden layer, 0 for none; may be repeated; default: 3",
    )
    data.add_argument("--activation", default="tanh", metavar="NAME", help="of the hidden layers; default: tanh")
    data.add_argument("--rate", type=float, metavar="R", help="the learning rate")
    data.add_argument("--seed", type=_count, default=1, metavar="N", help="draws the weights and the test rows")
    data.add_argument("--test", type=float, default=20, metavar="PERCENT", help="how many rows to test on; default: 20")
    data.add_argument("--row", type=_count, metavar="LINE", help="the line of the file whose row is walked")
    data.add_argument("--no-header", action="store_true", help="the first line holds no names")
    data.add_argument(
        "--describe", action="store_true", help="print what would be done with the file, without a screen"
    )
    data.set_defaults(run=_in("opening", "data"))


def _add_progress(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add what was done, and what can be done with it."""
    progress = commands.add_parser("progress", parents=[common], help="what you have done, and to carry it elsewhere")
    progress.add_argument("--json", action="store_true", help="as JSON")
    progress.set_defaults(run=_in("progress", "summary"))
    what = progress.add_subparsers(title="with it", metavar="ACTION")
    exporting = what.add_parser("export", parents=[common], help="write all of it to a JSON file")
    exporting.add_argument("file", metavar="FILE", help="where to; - is the output")
    exporting.add_argument("--force", action="store_true", help="replace a file that is there already")
    exporting.set_defaults(run=_in("progress", "export"))
    importing = what.add_parser("import", parents=[common], help="add what an exported file holds")
    importing.add_argument("file", metavar="FILE")
    importing.set_defaults(run=_in("progress", "import_file"))
    resetting = what.add_parser("reset", parents=[common], help="forget it, after a backup and a question")
    resetting.add_argument("--lesson", metavar="L", help="only this lesson")
    resetting.set_defaults(run=_in("progress", "reset_all"))


def _add_printed(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add what shows a lesson without a screen."""
    listing = commands.add_parser("list", parents=[common], help="the lessons, a line each")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_in("listing", "listing"))

    trace = commands.add_parser("trace", parents=[common], help="every step of a run, without a screen")
    trace.add_argument("lesson", metavar="LESSON")
    trace.add_argument("--passes", type=_count, metavar="N", help="how many passes; default: what the lesson walks")
    trace.add_argument("--only-last", action="store_true", help="only the last pass")
    trace.add_argument("--network", default="", metavar="NAME", help="a further network of the lesson")
    spelling = trace.add_mutually_exclusive_group()
    spelling.add_argument("--json", action="store_true", help="as JSON")
    spelling.add_argument("--markdown", action="store_true", help="as Markdown")
    trace.set_defaults(run=_in("trace", "trace"))

    show = commands.add_parser("show", parents=[common], help="a lesson as Markdown, to be read or worked on paper")
    show.add_argument("lesson", metavar="LESSON")
    kept = show.add_mutually_exclusive_group()
    kept.add_argument("--questions", action="store_true", help="a handout: with its questions, and blanks to fill in")
    kept.add_argument("--answers", action="store_true", help="the answers alone, with the decimals asked for")
    show.set_defaults(run=_in("show", "show"))

    export = commands.add_parser("export", parents=[common], help="a lesson as a page, a program, a notebook, cards")
    export.add_argument("lesson", metavar="LESSON")
    export.add_argument(
        "--to",
        required=True,
        choices=("html", "md", "numpy", "torch", "ipynb", "anki"),
        help="a page to print; the same as text; a program that checks itself; a notebook; a deck of your mistakes",
    )
    export.add_argument("--mine", action="store_true", help="with your own answers, their marks and mistakes")
    export.add_argument("--output", metavar="FILE", help="where to; default: the output")
    export.add_argument("--force", action="store_true", help="replace a file that is there already")
    export.set_defaults(run=_in("export", "export"))


def _add_answers(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the questions of a lesson and the judging of answers."""
    questions = commands.add_parser("questions", parents=[common], help="every question of a lesson")
    questions.add_argument("lesson", metavar="LESSON")
    questions.add_argument("--json", action="store_true", help="as JSON")
    questions.set_defaults(run=_in("answering", "questions"))

    answer = commands.add_parser(
        "answer",
        parents=[common],
        help="judge an answer without a screen",
        usage="nn-tutor answer LESSON QUESTION TEXT [--json] [--earlier ID=VALUE ...]\n"
        "       nn-tutor answer LESSON --batch",
        description="Judge one answer, or with --batch JSON lines "
        '{"question": …, "text": …, "earlier": {id: value}} from the input. TEXT is taken as it stands.',
    )
    answer.add_argument("lesson", metavar="LESSON")
    answer.add_argument("question", metavar="QUESTION", nargs="?")
    answer.add_argument("text", metavar="TEXT", nargs="?")
    answer.add_argument("--json", action="store_true", help="as JSON")
    answer.add_argument("--batch", action="store_true", help="JSON lines in, verdicts as JSON lines out")
    answer.add_argument(
        "--earlier",
        action="append",
        default=[],
        metavar="ID=VALUE",
        help="what the learner had before; may be repeated",
    )
    answer.set_defaults(run=_in("answering", "answer"))


def _add_for_authors(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add what authors of lessons need."""
    new = commands.add_parser("new", parents=[common], help="begin a lesson of your own, in a new folder")
    new.add_argument("folder", metavar="FOLDER", help="a folder that is not there yet; its name is the lesson's id")
    new.set_defaults(run=_in("new", "new"))

    check = commands.add_parser("check", parents=[common], help="validate lessons")
    check.add_argument("paths", nargs="*", metavar="PATH", help="lesson folders or files; default: the shipped lessons")
    check.add_argument("--json", action="store_true", help="as JSON")
    check.add_argument("--notes", action="store_true", help="tell as well which mistakes a question cannot tell apart")
    check.add_argument(
        "--suggest", action="store_true", help="print numbers near your own that are fair for all that is asked"
    )
    check.add_argument("--seed", type=_count, default=1, metavar="N", help="other numbers to suggest; default: 1")
    check.set_defaults(run=_in("checking", "check"))


def _add_surroundings(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the machine the tutor runs on, and the browser it can run in."""
    doctor = commands.add_parser("doctor", parents=[common], help="versions, the terminal, paths, and what is missing")
    doctor.add_argument("--json", action="store_true", help="as JSON")
    doctor.set_defaults(run=_in("doctor", "doctor"))

    serve = commands.add_parser("serve", parents=[common], help="the tutor in a browser; ctrl+c ends it")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="default: 8000; 0 takes any that is free")
    serve.add_argument("--host", default="127.0.0.1", metavar="H", help="who may come; default: this machine alone")
    serve.add_argument("--public-url", default="", metavar="URL", help="the address at which a proxy shows it")
    serve.set_defaults(run=_in("serve", "serve"))


def _count_or_none(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _port(text: str) -> int:
    if not text.isdecimal() or len(text) > 5 or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a whole number from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 12 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)
