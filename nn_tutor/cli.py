"""The front door: the command line. A room is imported only when a command needs it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor import __version__

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson

DONE, CRASHED, USAGE, INVALID = 0, 1, 2, 3


def run() -> None:
    """Run the program and end with its status: 0 done, 1 a crash, 2 usage, 3 an invalid lesson, 128+n for a signal."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status. Results go to stdout, messages to stderr."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else USAGE
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        status = command(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read the results has seen enough; nothing may be written to the closed pipe at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if isinstance(error, _lesson_error()):
            _say(str(error))
            return INVALID
        if os.environ.get("NN_TUTOR_DEBUG"):
            raise
        _say(f"something went wrong, and it is our fault: {error!r}. NN_TUTOR_DEBUG=1 shows where.")
        return CRASHED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nn-tutor",
        description="Step through a neural network in the terminal, one forward pass and one backward pass at a time.",
        epilog="Without a command: the home screen with the course. LESSON is an id from `nn-tutor list`, "
        "or a path to a lesson folder or lesson.toml.",
    )
    parser.add_argument("--version", action="version", version=f"nn-tutor {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--no-color", action="store_true", default=argparse.SUPPRESS, help="no colours, as with NO_COLOR"
    )
    parser.add_argument("--no-color", action="store_true", default=False, help="no colours, as with NO_COLOR")
    parser.set_defaults(run=_home)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    start = commands.add_parser("start", parents=[common], help="open a lesson")
    start.add_argument("lesson", metavar="LESSON")
    start.set_defaults(run=_start)

    listing = commands.add_parser("list", help="the lessons, a line each")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)

    trace = commands.add_parser("trace", help="every step of a run, without a screen")
    trace.add_argument("lesson", metavar="LESSON")
    trace.add_argument("--passes", type=_positive, metavar="N", help="how many passes; default: what the lesson walks")
    trace.add_argument("--only-last", action="store_true", help="only the last pass")
    trace.add_argument("--network", default="", metavar="NAME", help="a further network of the lesson")
    spelling = trace.add_mutually_exclusive_group()
    spelling.add_argument("--json", action="store_true", help="as JSON")
    spelling.add_argument("--markdown", action="store_true", help="as Markdown")
    trace.set_defaults(run=_trace)

    check = commands.add_parser("check", help="validate lessons")
    check.add_argument("paths", nargs="*", metavar="PATH", help="lesson folders or files; default: the shipped lessons")
    check.add_argument("--json", action="store_true", help="as JSON")
    check.set_defaults(run=_check)
    return parser


def _home(options: argparse.Namespace) -> int:
    missing = _missing_terminal()
    if missing:
        _say(missing)
        return USAGE
    from nn_tutor.course.find import shipped_lessons

    lessons = shipped_lessons()
    from nn_tutor.terminal.app import open_tutor

    return open_tutor(None, lessons, no_color=options.no_color)


def _start(options: argparse.Namespace) -> int:
    lesson = _load(options.lesson)
    missing = _missing_terminal()
    if missing:
        _say(missing)
        return USAGE
    from nn_tutor.terminal.app import open_tutor

    return open_tutor(lesson, no_color=options.no_color)


def _list(options: argparse.Namespace) -> int:
    from nn_tutor.course.find import shipped_lessons

    lessons = shipped_lessons()
    if options.json:
        entries = [{"id": lesson.id, "title": lesson.title, "summary": lesson.summary} for lesson in lessons]
        print(json.dumps(entries, ensure_ascii=False, indent=2))
        return DONE
    width = max((len(lesson.id) for lesson in lessons), default=0)
    for number, lesson in enumerate(lessons, start=1):
        print(f"{number:>3}  {lesson.id:<{width}}  {lesson.title}")
    return DONE


def _trace(options: argparse.Namespace) -> int:
    lesson = _load(options.lesson)
    entry = lesson.networks.get(options.network)
    if entry is None:
        known = ", ".join(name for name in lesson.networks if name)
        what = f"no network called {options.network}" if options.network else "no [network]"
        _say(f"{lesson.id} has {what}" + (f"; it has {known}: choose one with --network" if known else ""))
        return USAGE
    passes = options.passes or lesson.passes_walked(options.network)
    from nn_tutor.calculus.derivation import SymPyDeriver
    from nn_tutor.walkthrough.trace import as_markdown, as_table, trace_document

    document = trace_document(
        lesson.id, options.network, entry.network, entry.data, passes, options.only_last, SymPyDeriver()
    )
    if options.json:
        print(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        _print_lines(as_markdown(document) if options.markdown else as_table(document))
    return DONE


def _check(options: argparse.Namespace) -> int:
    from nn_tutor.course.find import find, shipped_lessons, shipped_paths
    from nn_tutor.course.load import Finding, LessonError, load
    from nn_tutor.course.requirements import unmet
    from nn_tutor.walkthrough.soundness import unsound

    paths: Iterable[Path] = [find(name) for name in options.paths] if options.paths else shipped_paths()
    findings: list[Finding] = []
    lessons: list[Lesson] = []
    count = 0
    for path in paths:
        count += 1
        try:
            lesson = load(path)
        except LessonError as error:
            findings += error.findings
            continue
        lessons.append(lesson)
        findings += unsound(lesson)
    findings += unmet(lessons, known=frozenset(listing.id for listing in shipped_lessons()))
    if options.json:
        entries = [{"file": f.file, "key": f.key, "found": f.found, "mend": f.mend} for f in findings]
        print(json.dumps({"lessons": count, "findings": entries}, ensure_ascii=False, indent=2))
    elif findings:
        for finding in findings:
            _say(str(finding))
    else:
        print(f"{count} {'lesson' if count == 1 else 'lessons'}, no findings")
    return INVALID if findings else DONE


def _load(name: str) -> Lesson:
    from nn_tutor.course.find import find
    from nn_tutor.course.load import load

    return load(find(name))


def _lesson_error() -> type[Exception]:
    from nn_tutor.course.findings import LessonError

    return LessonError


def _missing_terminal() -> str:
    """Say what is missing for a full screen, "" where nothing is; asked first, as Textual would hang without."""
    for stream, name in ((sys.stdin, "input"), (sys.stdout, "output")):
        if not stream.isatty():
            return f"this needs a terminal, but its {name} is none; `nn-tutor trace LESSON` works without"
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return "this needs a terminal that can place its text, but TERM is dumb or not set"
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        return f"this needs a terminal in UTF-8, but the locale says {sys.stdout.encoding}; try LANG=C.UTF-8"
    return ""


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a whole number, 1 or more")
    return number


def _print_lines(lines: Iterable[str]) -> None:
    for text in lines:
        print(text)


def _say(message: str) -> None:
    for text in message.splitlines():
        print(f"nn-tutor: {text}", file=sys.stderr)
