"""Reading the files of a lesson: up to a limit, whatever they are, and the head of a lesson without the rest."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

from nn_tutor.course.findings import Findings, LessonError, Table

MOST_BYTES = 1024 * 1024


def read_head(path: Path) -> tuple[str, str, str]:
    """Return id, title and summary of a lesson without looking at the rest; raises `LessonError`.

    In TOML they stand before the first table, so that no more needs to be parsed, which a long list of lessons feels.
    """
    file = path / "lesson.toml" if path.is_dir() else path
    findings = Findings(str(file))
    text = read_text(file, findings)
    head = text.partition("\n[")[0]
    try:
        content = tomllib.loads(head)
    except ValueError:
        content = _parsed(text, findings)
    table = Table(content, "", findings)
    found = (table.text("id", required=True), table.text("title", required=True), table.text("summary"))
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
        if not stat.S_ISREG(file.stat().st_mode):
            findings.add("", "not a regular file", "give a lesson folder or its lesson.toml")
            raise LessonError(findings.all)
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        findings.add("", "there is no such file", "give a lesson folder or its lesson.toml")
        raise LessonError(findings.all) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        findings.add("", f"cannot be read ({reason})", "check the path and its permissions")
        raise LessonError(findings.all) from None
    if len(content) > MOST_BYTES:
        findings.add("", "more than 1 MiB", "a lesson file has at most 1 MiB; make it smaller")
        raise LessonError(findings.all)
    return content


def _parsed(text: str, findings: Findings) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        findings.add("", f"not TOML: {error}", "mend the line, then check again")
    except RecursionError:
        findings.add("", "nested too deeply", "a lesson needs lists of lists at the most")
    except ValueError as error:
        findings.add("", f"not TOML: {str(error)[:80]}", "mend the number or date, then check again")
    raise LessonError(findings.all)
