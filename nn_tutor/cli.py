"""The front door: the command line. A room is imported only when a command needs it."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nn_tutor import __version__
from nn_tutor.commands.arguments import HOMEWORK_OPTIONS, with_verbatim_text
from nn_tutor.commands.common import (
    CRASHED,
    DONE,
    INVALID,
    NO_LESSONS,
    USAGE,
    data_directory,
    load_named,
    print_json,
    print_json_stream,
    print_lines,
    say,
)
from nn_tutor.commands.screen import missing_for_a_screen, narrowest_encoding

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.progress.data_files import DataFile

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def run() -> None:
    """Run the program and end with its status.

    0 done, 1 a crash, 2 usage, 3 an invalid lesson, 4 progress cannot be used, 128+n for a signal.
    """
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status. Results go to stdout, messages to stderr."""
    _prepare_streams()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_results()  # whoever read them has seen enough
        return DONE
    except KeyboardInterrupt:
        _drop_results()
        return 130
    except OSError as error:
        if os.environ.get("NN_TUTOR_DEBUG"):
            raise
        _drop_results()
        say(f"this could not be read or written: {error.strerror or error}")
        return CRASHED
    return status


def _run(arguments: Sequence[str]) -> int:
    try:
        options = command_line().parse_args(with_verbatim_text(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else USAGE
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except OSError:
        raise
    except Exception as error:
        fault = _fault_of_lesson(error)
        if fault:
            say(fault)
            return INVALID
        if os.environ.get("NN_TUTOR_DEBUG"):
            raise
        say(f"something went wrong, and it is our fault: {error!r}. NN_TUTOR_DEBUG=1 shows where.")
        return CRASHED


def _prepare_streams() -> None:
    """Make sure that there are streams, and that no character can stop a result or a message."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the program
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop_results() -> None:
    """Let what is still to be written go nowhere, as it would raise once more at the end of the program."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def command_line() -> argparse.ArgumentParser:
    """Return the parser of the command line, with every command."""
    parser = argparse.ArgumentParser(
        prog="nn-tutor",
        description="Step through a neural network in the terminal, one forward pass and one backward pass at a time.",
        epilog="Without a command: the home screen with the course. LESSON is an id from `nn-tutor list`, "
        "or a path to a lesson folder or lesson.toml.",
    )
    parser.add_argument("--version", action="version", version=f"nn-tutor {__version__}")
    no_color = "no colours, as with NO_COLOR"
    parser.add_argument("--no-color", action="store_true", help=no_color)
    ascii_only = "pictures and formulas in ASCII, as on a Linux console"
    parser.add_argument("--ascii", action="store_true", help=ascii_only)
    no_motion = "nothing moves, as with NO_MOTION"
    parser.add_argument("--no-motion", action="store_true", help=no_motion)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--no-motion", action="store_true", default=argparse.SUPPRESS, help=no_motion)
    common.add_argument("--no-color", action="store_true", default=argparse.SUPPRESS, help=no_color)
    common.add_argument("--ascii", action="store_true", default=argparse.SUPPRESS, help=ascii_only)
    plain = "line by line in words: for screen readers, pipes and simple terminals"
    parser.add_argument("--plain", action="store_true", help=plain)
    data_dir = "where your progress is kept; default: NN_TUTOR_HOME, else your data directory"
    parser.add_argument("--data-dir", metavar="DIR", help=data_dir)
    common.add_argument("--plain", action="store_true", default=argparse.SUPPRESS, help=plain)
    common.add_argument("--data-dir", metavar="DIR", default=argparse.SUPPRESS, help=data_dir)
    parser.set_defaults(run=_home)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    start = commands.add_parser("start", parents=[common], help="open a lesson")
    start.add_argument("lesson", metavar="LESSON")
    start.set_defaults(run=_start)

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
    practice.set_defaults(run=_practice)

    review = commands.add_parser("review", parents=[common], help="what is due, mixed, with fresh numbers")
    review.set_defaults(run=_review)

    _add_homework(commands, common)

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

    listing = commands.add_parser("list", parents=[common], help="the lessons, a line each")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)

    trace = commands.add_parser("trace", parents=[common], help="every step of a run, without a screen")
    trace.add_argument("lesson", metavar="LESSON")
    trace.add_argument("--passes", type=_count, metavar="N", help="how many passes; default: what the lesson walks")
    trace.add_argument("--only-last", action="store_true", help="only the last pass")
    trace.add_argument("--network", default="", metavar="NAME", help="a further network of the lesson")
    spelling = trace.add_mutually_exclusive_group()
    spelling.add_argument("--json", action="store_true", help="as JSON")
    spelling.add_argument("--markdown", action="store_true", help="as Markdown")
    trace.set_defaults(run=_trace)

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

    doctor = commands.add_parser("doctor", parents=[common], help="versions, the terminal, paths, and what is missing")
    doctor.add_argument("--json", action="store_true", help="as JSON")
    doctor.set_defaults(run=_in("doctor", "doctor"))

    serve = commands.add_parser("serve", parents=[common], help="the tutor in a browser; ctrl+c ends it")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="default: 8000; 0 takes any that is free")
    serve.add_argument("--host", default="127.0.0.1", metavar="H", help="who may come; default: this machine alone")
    serve.add_argument("--public-url", default="", metavar="URL", help="the address at which a proxy shows it")
    serve.set_defaults(run=_in("serve", "serve"))

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

    _add_data(commands, common)

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
    return parser


def _add_homework(commands: Commands, common: argparse.ArgumentParser) -> None:
    homework = commands.add_parser(
        "homework",
        parents=[common],
        help="a network of your own, step by step",
        description="Walk through the network of your exercise sheet. ROWS are numbers split by blanks, rows split by "
        "semicolons; pasted matrices of NumPy, MATLAB and others are read too. Without anything: a form that asks.",
    )
    homework.add_argument("network", nargs="?", metavar="LESSON|FILE", help="a lesson, or a text file; - for a pipe")
    for flag, (metavar, what) in HOMEWORK_OPTIONS.items():
        action = "append" if flag in ("layer", "call") else "store"
        homework.add_argument(f"--{flag}", dest=f"said_{flag}", action=action, metavar=metavar, help=what)
    homework.add_argument("--save", dest="said_name", metavar="NAME", help="keep it under this name")
    homework.add_argument("--sheet", metavar="FILE|-", help="check a sheet, one NAME = NUMBER a line, without a screen")
    homework.add_argument("--json", action="store_true", help="with --sheet: as JSON")
    homework.add_argument("--list", action="store_true", help="list the networks that are kept")
    homework.set_defaults(run=_homework)


def _add_data(commands: Commands, common: argparse.ArgumentParser) -> None:
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
    data.set_defaults(run=_data)


def _data(options: argparse.Namespace) -> int:
    from nn_tutor.commands.data import describe, opened

    if options.describe:
        return describe(options)
    file = opened(options)
    if file is None:
        return USAGE
    return _open(options, None, data=file)


def _count_or_none(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _in(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command of a module that is imported when it is called."""

    def run(options: argparse.Namespace) -> int:
        import importlib

        command: Callable[[argparse.Namespace], int] = getattr(
            importlib.import_module(f"nn_tutor.commands.{module}"), name
        )
        return command(options)

    return run


def _home(options: argparse.Namespace) -> int:
    return _open(options, None, _shipped())


def _shipped() -> Sequence[Listing]:
    from nn_tutor.course.find import shipped_lessons

    return shipped_lessons()


def _start(options: argparse.Namespace) -> int:
    return _open(options, load_named(options.lesson, data_directory(options)), _shipped())


def _homework(options: argparse.Namespace) -> int:
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
        return _open(options, None, _shipped(), begins_with_form=True)
    from nn_tutor.homework.keeping import kept_as_said

    return _open(options, found.lesson, kept=kept_as_said(found.lesson.id, found.lesson.title, found.said))


def _practice(options: argparse.Namespace) -> int:
    from nn_tutor.tutor.practice import LEFT, MIX, parse_practice_id, practice_id

    if options.quiz or options.test_out:
        return _open_practice(options, _test_named(options), options.seed or _some_seed())
    if options.skill == MIX and options.seed is None:  # a round that was left in the middle comes first
        return _open_practice(options, LEFT, _some_seed())
    try:
        skill, seed = parse_practice_id(practice_id(options.skill, options.seed or _some_seed()))
    except ValueError as error:
        say(f"--skill {options.skill}: {error}")
        return USAGE
    return _open_practice(options, skill, seed)


def _test_named(options: argparse.Namespace) -> str:
    """The test that is asked for: the quiz, or one on a lesson of the course."""
    from nn_tutor.course.find import find
    from nn_tutor.tutor.testing import QUIZ, TEST_OUT

    if options.quiz:
        return QUIZ
    find(options.test_out)
    return f"{TEST_OUT}{options.test_out}"


def _review(options: argparse.Namespace) -> int:
    from nn_tutor.progress.recorder import ProgressRecorder
    from nn_tutor.tutor.practice import DUE, LEFT
    from nn_tutor.tutor.testing import kind_of

    recorder = ProgressRecorder(data_directory(options))
    recalled = recorder.recall()
    recorder.close()
    left = recalled.left_round
    if left is not None and kind_of(left.id) == DUE:
        return _open_practice(options, LEFT, _some_seed())
    if not recalled.due:
        print_lines(["nothing is due; nn-tutor practice gives you a round of what you have met so far"])
        return DONE
    return _open_practice(options, "due", _some_seed())


def _open_practice(options: argparse.Namespace, skill: str, seed: int) -> int:
    return _open(options, None, practice=(skill, seed))


def _open(
    options: argparse.Namespace,
    lesson: Lesson | None,
    lessons: Sequence[Listing] = (),
    practice: tuple[str, int] | None = None,
    data: DataFile | None = None,
    kept: Kept | None = None,
    begins_with_form: bool = False,
) -> int:
    """Open the tutor on a screen, or line by line where that is wanted or the terminal has no screen.

    Of the learner's own data the screen asks for the choices first; line by line they are those of the options. The
    form that asks for a network needs a screen.
    """
    import gc

    if sys.__stdout__ is None:  # closed input is an empty one, but what is asked must be heard
        say("the output is closed, so nothing could be shown or asked")
        return USAGE
    missing = "" if options.plain else missing_for_a_screen()
    if missing:
        say(f"{missing}, so this goes line by line")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # networks are tiny; threads cost memory and start-up time
    directory = data_directory(options)
    if options.plain or missing:
        if begins_with_form:
            say("line by line a network of your own comes from options or a file: nn-tutor homework -h shows how")
            return USAGE
        from nn_tutor.plain.program import open_plain

        ascii_only = options.ascii or bool(narrowest_encoding())
        own_file = None
        if data is not None:
            lesson = data.lesson(data.choices.options)
            own_file = data.content(lesson)
        return open_plain(
            lesson,
            lessons,
            say=say,
            ascii_only=ascii_only,
            directory=directory,
            practice=practice,
            kept=kept,
            own_file=own_file,
        )
    gc.disable()  # what is imported stays, and looking through it delays the first paint; `TutorApp` enables it again
    os.environ.setdefault("ESCDELAY", "25")  # Escape alone is known after 25 ms, not 100
    os.environ.setdefault("TEXTUAL_FPS", "200")  # a key is answered within 5 ms, not 17; nothing is painted otherwise
    from nn_tutor.terminal.program import open_tutor

    return open_tutor(
        lesson,
        lessons,
        no_color=options.no_color,
        ascii_only=options.ascii,
        no_motion=options.no_motion,
        directory=directory,
        practice=practice,
        data=data,
        kept=kept,
        begins_with_form=begins_with_form,
    )


def _some_seed() -> int:
    import time

    return 1 + int(time.time()) % 1_000_000


def _list(options: argparse.Namespace) -> int:
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


def _trace(options: argparse.Namespace) -> int:
    lesson = load_named(options.lesson, data_directory(options))
    entry = lesson.networks.get(options.network)
    if entry is None:
        known = ", ".join(name for name in lesson.networks if name)
        what = f"no network called {options.network!r}" if options.network else "no [network]"
        say(f"{lesson.id} has {what}" + (f"; it has {known}: choose one with --network" if known else ""))
        return USAGE
    from dataclasses import replace

    from nn_tutor.calculus.derivation import SymPyDeriver
    from nn_tutor.network.conventions import Conventions
    from nn_tutor.walkthrough.trace import as_markdown, as_table, trace_stream

    passes = options.passes or lesson.passes_walked(options.network)
    # The document has one convention, whatever the sheet of a lesson has; people read it as on their sheet.
    network = replace(entry.network, conventions=Conventions()) if options.json else entry.network
    document = trace_stream(lesson.id, options.network, network, entry.data, passes, options.only_last, SymPyDeriver())
    if options.json:
        print_json_stream(document, "passes")
    else:
        print_lines(as_markdown(document) if options.markdown else as_table(document))
    return DONE


def _fault_of_lesson(error: Exception) -> str:
    from nn_tutor.course.faults import fault_of_lesson

    return fault_of_lesson(error)


def _port(text: str) -> int:
    if not text.isdecimal() or len(text) > 5 or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a whole number from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 12 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)
