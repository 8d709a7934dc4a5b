"""Reading the files of a lesson: up to a limit, whatever they are, and the head of a lesson without the rest."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from nn_tutor.course.findings import Findings, LessonError, Table, shown

MAX_BYTES = 1024 * 1024

MAX_DOTS = 16
"""How many dots a key may have: the time that `tomllib` takes for one grows with the cube of their number."""


def lesson_file(path: Path) -> Path:
    """Return the lesson.toml that a path to a lesson means: the path itself, or the one in a folder."""
    return path / "lesson.toml" if os.path.isdir(path) else path  # unlike Path.is_dir, it never raises


def read_head(path: Path) -> tuple[str, str, str]:
    """Return id, title and summary of a lesson without looking at the rest; raises `LessonError`.

    In TOML they stand before the first table, so that no more needs to be parsed, which a long list of lessons feels.
    """
    file = lesson_file(path)
    findings = Findings(str(file))
    text = read_text(file, findings)
    head = text.partition("\n[")[0]
    try:
        content = tomllib.loads(head)
    except (ValueError, RecursionError):
        content = _parsed(text, findings)
    table = Table(content, "", findings)
    summary = " ".join(table.text("summary", lines=True).split())
    found = (table.text("id", required=True), table.text("title", required=True), summary)
    if findings.all:
        raise LessonError(findings.all)
    return found


def read_toml(file: Path, findings: Findings) -> dict[str, Any]:
    """Read a TOML file; raises `LessonError` where it is none."""
    text = read_text(file, findings)
    if not text.strip():
        findings.add("", "empty", "begin with format_version = 1, id and title")
        raise LessonError(findings.all)
    return _parsed(text, findings)


def read_text(file: Path, findings: Findings) -> str:
    """Read a text file in UTF-8; raises `LessonError` where it is none."""
    try:
        return _read_bytes(file, findings).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add("", f"not UTF-8 at byte {error.start}", "save the file as UTF-8")
        raise LessonError(findings.all) from None


def _read_bytes(file: Path, findings: Findings) -> bytes:
    """Read a regular file up to the limit; raises `LessonError` for anything else."""
    try:
        is_regular = stat.S_ISREG(file.stat().st_mode)
        content = b""
        if is_regular:  # opening a pipe would wait for ever
            with file.open("rb") as opened:
                content = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        findings.add("", "there is no such file", "give a lesson folder or its lesson.toml")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        findings.add("", f"cannot be read ({reason})", "check the path and its permissions")
    else:
        if not is_regular:
            findings.add("", "not a regular file", "give a lesson folder or its lesson.toml")
        elif len(content) > MAX_BYTES:
            findings.add("", "more than 1 MiB", "a lesson file has at most 1 MiB; make it smaller")
        else:
            return content
    raise LessonError(findings.all)


def _parsed(text: str, findings: Findings) -> dict[str, Any]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MAX_DOTS and _may_hold_a_long_key(line):
            mend = "a key has a few parts at most; in a text write … for a row of dots"
            findings.add("", f"more than {MAX_DOTS} dots in a row in line {number}", mend)
            raise LessonError(findings.all)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        meant = _line_meant(str(error), text)
        findings.add("", f"not TOML: {shown(str(error), 200)}{meant}", _mend(str(error), meant))
    except RecursionError:
        findings.add("", "nested too deeply", "a lesson needs lists of lists at the most")
    except ValueError as error:
        findings.add("", f"not TOML: {shown(str(error), 200)}", "mend the number or date, then check again")
    raise LessonError(findings.all)


def _line_meant(message: str, text: str) -> str:
    """The line that TOML's own message means, "" where it means none."""
    found = re.search(r"\(at line (\d+),", message)
    return f": {shown(text.split(chr(10))[int(found[1]) - 1].strip())}" if found else ""


def _mend(message: str, line: str) -> str:
    """What most likely mends an error of TOML in a line."""
    if line.startswith((": [activity]", ": [network.layers]")):
        return f"write [{line[2:]}] with two brackets on each side: there may be several of it{_AGAIN}"
    if re.search(r"=\s*(True|False)\b", line):
        return f"write true or false in small letters{_AGAIN}"
    return next((mend for begins, mend in _MENDS.items() if message.startswith(begins)), "mend the line") + _AGAIN


_AGAIN = ", then check again"

_MENDS = {
    "Invalid value": "put text between quotes, and write numbers as 0.5",
    "Expected '=' after": "write it as key = value",
    "Unclosed array": "close the list with ]",
    "Expected ']": "close the heading with as many ] as it has [",
    "Illegal character '\\n'": "close the quotes before the line ends",
    "Expected newline": """inside "…" write ' for a quote, and one key a line""",
    "Cannot overwrite": "a key stands once: take one of the two out",
    "Cannot declare": "a heading stands once: take one of the two out",
}
"""How the messages of `tomllib` begin, and what to do."""


def _may_hold_a_long_key(line: str) -> bool:
    """Whether a line may hold a dotted key of too many parts, `a.b.c…` or `"a"."b"."c"…`; a comment holds none."""
    if line.lstrip().startswith("#"):
        return False
    pieces = re.split(r"[,=\[\]{}]", line)
    quoted_parts = re.findall(r"[\"']\s*\.", line)
    return len(quoted_parts) > MAX_DOTS or any(piece.count(".") > MAX_DOTS for piece in pieces)
