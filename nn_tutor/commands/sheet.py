"""`homework … --sheet`: a whole sheet of answers, checked without a screen."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor.commands.common import DONE, INVALID, USAGE, print_json, print_lines, say

if TYPE_CHECKING:
    from nn_tutor.homework.sheet import CheckedSheet, JudgedLine
    from nn_tutor.judging.judgement import Verdict

PIPE = "-"
"""How the input is named in the place of a file."""


def check(options: argparse.Namespace) -> int:
    """Check the sheet that the options name; returns the exit status."""
    from nn_tutor.commands.homework import homework_named, said_of
    from nn_tutor.homework.faults import HomeworkError
    from nn_tutor.homework.sheet import check_sheet
    from nn_tutor.network.training import StoppedError

    if options.network is None and not said_of(options):
        say("say the network too: nn-tutor homework LESSON --sheet FILE, or --in … --layer … --target …")
        return USAGE
    if options.sheet == options.network == PIPE:
        say("the network and its sheet cannot both come through the pipe: put one of them into a file")
        return USAGE
    found = homework_named(options)
    if isinstance(found, int):
        return found
    if found is None:
        return USAGE
    text = _text(options.sheet)
    if text is None:
        return INVALID
    entry, passes = found.entry, found.lesson.passes_walked("")
    try:
        sheet = check_sheet(entry.network, entry.data, text, passes)
    except HomeworkError as error:
        for fault in error.faults:
            say(str(fault))
        return INVALID
    except StoppedError as error:
        say(f"this network cannot be run: {error.stopped.why}")
        return INVALID
    if options.json:
        print_json(as_json(sheet))
    else:
        print_lines(_told(sheet))
    return DONE


def as_json(sheet: CheckedSheet) -> dict[str, object]:
    """Return a checked sheet as the contract has it."""
    first = sheet.first_slip
    slip = None
    if first is not None:
        slip = {
            "line": first.line.number,
            "name": first.line.name,
            "question": first.question,
            "verdict": first.verdict,
            "mistakes": list(first.mistakes),
        }
    return {
        "first_slip": slip,
        "convention": [one.id for one in sheet.conventions] or None,
        "lines": [
            {
                "line": one.line.number,
                "name": one.line.name,
                "question": one.question,
                "text": one.line.text,
                "verdict": one.verdict,
                "mistakes": list(one.mistakes),
                "message": one.message,
                "value": one.value,
            }
            for one in sheet.lines
        ],
    }


def _text(name: str) -> str | None:
    """What the sheet holds, None where it cannot be read, which is said."""
    from nn_tutor.homework.sheet_reading import MAX_CHARACTERS

    try:
        if name == PIPE:
            content = sys.stdin.buffer.read(4 * MAX_CHARACTERS + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(4 * MAX_CHARACTERS + 1)
    except (OSError, ValueError) as error:
        say(f"{name}: {getattr(error, 'strerror', None) or error}")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        say(f"{name}: not UTF-8 at byte {error.start}: write the sheet as UTF-8")
        return None


_SIGNS: dict[Verdict, str] = {
    "correct": "✓",
    "follow_through": "✓",
    "convention": "✓",
    "more_digits": "~",
    "near": "✗",
    "diagnosed": "✗",
    "wrong": "✗",
    "invalid": "?",
}


def _told(sheet: CheckedSheet) -> list[str]:
    """The sheet as text: what is to be looked at line by line, then the whole, and the first slip last."""
    from nn_tutor.homework.sheet import summary
    from nn_tutor.homework.sheet_views import conventions_said

    names = max((len(one.line.name) for one in sheet.lines), default=0)
    texts = max((len(one.line.text) for one in sheet.lines), default=0)
    told = []
    for one in sheet.lines:
        said = "" if one.verdict in ("correct", "convention") else f"  {one.message}"
        sign = _SIGNS[one.verdict]
        told.append(f"{sign} {one.line.name:<{names}}  {one.line.text:>{texts}}{said}".rstrip())
    told += ["", summary(sheet)]
    if sheet.conventions:
        told.append(conventions_said(sheet.conventions))
    if sheet.first_slip is not None:
        name = "first slip, if it is one" if sheet.first_slip.verdict == "convention" else "first slip"
        told.append(f"{name}: {_slip(sheet.first_slip)}")
    return told


def _slip(first: JudgedLine) -> str:
    return f"line {first.line.number}, {first.line.name} = {first.line.text}: {first.message}"
