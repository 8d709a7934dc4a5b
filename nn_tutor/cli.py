"""The program: it runs one command and ends with its status. A room is imported only when a command needs it."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence

from nn_tutor.commands.arguments import with_verbatim_text
from nn_tutor.commands.common import CRASHED, DONE, INVALID, USAGE, say
from nn_tutor.commands.parser import command_line


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


def _fault_of_lesson(error: Exception) -> str:
    from nn_tutor.course.faults import fault_of_lesson

    return fault_of_lesson(error)
