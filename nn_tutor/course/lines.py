"""On which line of a lesson's file a finding can be found: TOML readers do not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor.course.files import MAX_BYTES

if TYPE_CHECKING:
    from nn_tutor.course.findings import Finding

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=""")


def with_line(finding: Finding) -> Finding:
    """Return the finding with the line of its key, or as it is where that cannot be told."""
    if finding.line:
        return finding
    if finding.key.startswith("line "):
        number = finding.key.removeprefix("line ")
        return replace(finding, line=int(number)) if number.isdecimal() else finding
    try:
        if not Path(finding.file).is_file():  # a pipe would wait for ever
            return finding
        with Path(finding.file).open(encoding="utf-8", errors="replace") as file:
            lines = file.read(MAX_BYTES).splitlines()
    except OSError:
        return finding
    if finding.key.startswith("{#"):
        return replace(finding, line=next((n for n, text in enumerate(lines, 1) if finding.key in text), 0))
    return replace(finding, line=line_of(finding.key, lines))


def line_of(key: str, lines: list[str]) -> int:
    """Return the line, from 1, where a key stands, or the nearest table or key around it; 0 where there is none."""
    places: dict[str, int] = {}
    for place, number in _places(lines):
        places.setdefault(place, number)
    wanted = key
    while wanted:
        if wanted in places:
            return places[wanted]
        shorter = re.sub(r"(?:\.[^.\[\]]+|\[[^\]]*\]|^[^.\[\]]+)$", "", wanted)
        wanted = shorter if shorter != wanted else ""
    return 0


def _places(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Every table and key with its line, tables of a list counted from 0."""
    counts: dict[str, int] = {}
    table = ""
    for number, text in enumerate(lines, start=1):
        header = _HEADER.match(text)
        if header is not None:
            table = _full(header[2], counts, is_new=header[1] == "[[")
            yield table, number
            continue
        key = _KEY.match(text)
        if key is not None:
            name = key[1].replace('"', "").replace(" ", "")
            yield (f"{table}.{name}" if table else name), number


def _full(header: str, counts: dict[str, int], *, is_new: bool) -> str:
    """The full name of a table, with the number of every list of tables on the way."""
    full, plain = "", ""
    parts = [part.strip().strip("\"'") for part in header.split(".")]
    for place, part in enumerate(parts):
        plain = f"{plain}.{part}" if plain else part
        full = f"{full}.{part}" if full else part
        if place == len(parts) - 1 and is_new:
            counts[plain] = counts.get(plain, -1) + 1
        if plain in counts:
            full = f"{full}[{counts[plain]}]"
    return full
