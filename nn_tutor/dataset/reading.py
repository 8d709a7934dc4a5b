"""The text of a data file as a table: what separates its cells, its names, and every row with its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from nn_tutor.course.findings import invisible
from nn_tutor.dataclass import dataclass
from nn_tutor.dataset.faults import brief, refuse
from nn_tutor.network.spec import MAX_ROWS

MAX_BYTES = 32 * 2**20
"""A file of 10,000 rows and 64 columns has less than half of it."""

MIN_ROWS = 5
"""Four rows to learn from, and one to test on."""

MAX_CELL = 10_000
"""How many characters may stand in a cell."""

SEPARATORS: dict[str, str] = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}
"""What may separate cells, and its name; where two fit equally well, the rarer one in ordinary text is meant."""

SAMPLE = 50
"""How many lines are looked at to find what separates the cells."""

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NUMBER = re.compile(r"[+\-−]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A data file as it was read: the name of each column, its cells as text, and the line of each row, from 1.

    `columns[column][row]` may have blanks around it. `notes` say what was mended while it was read, in sentences.
    """

    file: str
    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    separator: str
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.lines)


def check_size(file: str, size: int) -> None:
    """Refuse a file that is too large before it is read; raises `DataError`. `size` is in bytes."""
    if size > MAX_BYTES:
        most = f"{MAX_BYTES // 2**20} MB and {MAX_ROWS:,} rows"
        refuse(file, f"{size / 2**20:,.0f} MB, too large to be read", f"keep a part of it: at most {most}")


def read_table(file: str, raw: bytes, *, header: bool = True) -> Table:
    """Read the bytes of a data file; raises `DataError`. Without `header` the columns are named by their place."""
    check_size(file, len(raw))
    text = _decoded(file, raw)
    first_line = 1
    told = _SEPARATOR_LINE.match(text)  # spreadsheets write it for each other
    if told is not None:
        text, first_line = text[told.end() :], 2
    separator = told[1] if told is not None and told[1] in SEPARATORS else _separator(text)
    rows, empty = _rows(file, text, separator, first_line)
    if not rows:
        refuse(file, "there is nothing in it", "give it a line of names, and a line of cells for each sample")
    notes = [f"{empty} empty {'line' if empty == 1 else 'lines'} skipped"] if empty else []
    names = _names(file, rows, header=header, notes=notes)
    body = rows[1:] if header else rows
    _check_rows(file, names, body, separator)
    columns = tuple(zip(*(cells for _, cells in body), strict=True))
    return Table(file, names, columns, tuple(line for line, _ in body), separator, tuple(notes))


def is_number(cell: str) -> bool:
    """Whether a cell is written like a number, with a point or a comma before its decimals."""
    return _NUMBER.fullmatch(cell) is not None


def _decoded(file: str, raw: bytes) -> str:
    """The text of the file, in UTF-8, or in UTF-16 where it says so itself."""
    if raw[:4] == b"PK\x03\x04":
        refuse(file, "this is a workbook or an archive, not text", "save the sheet as CSV and open that file")
    encoding = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\0" in raw[:65_536]:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        refuse(
            file, "a byte 0: this is not text", "open a file of text: CSV, with commas, semicolons or tabs", line=line
        )
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        refuse(file, "a character that is not in UTF-8", "save the file as UTF-8", line=line)


def _separator(text: str) -> str:
    """What separates the cells: with it most of the first lines have as many cells as the very first."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:SAMPLE]

    def fitness(separator: str) -> float:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        except csv.Error:
            return 0.0
        return widths.count(widths[0]) / len(widths) if widths and widths[0] > 1 else 0.0

    return max(SEPARATORS, key=lambda separator: (fitness(separator), -list(SEPARATORS).index(separator)), default=",")


Row = tuple[int, list[str]]
"""The line on which a row begins, from 1, and its cells."""


def _rows(file: str, text: str, separator: str, first_line: int) -> tuple[list[Row], int]:
    """Every row that is not empty, and how many are; raises `DataError`."""
    rows: list[Row] = []
    empty = 0
    limit = csv.field_size_limit(MAX_CELL)
    try:
        for line, row in _numbered(file, text, separator, first_line):
            if not "".join(row).strip():
                empty += 1
                continue
            rows.append((line, row))
            if len(rows) > MAX_ROWS + 1:
                refuse(file, f"more than {MAX_ROWS:,} rows", f"keep at most {MAX_ROWS:,} of them", line=line)
    finally:
        csv.field_size_limit(limit)
    return rows, empty


def _numbered(file: str, text: str, separator: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    line = first_line
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            found, mend = _said(str(error))
            refuse(file, found, mend, line=line)
        if row is None:
            return
        yield line, row
        line = first_line + reader.line_num


def _said(error: str) -> tuple[str, str]:
    """What the reader of cells complains of, and the mend."""
    if "field larger" in error:
        return f"a cell of more than {MAX_CELL:,} characters", 'shorten it, or look for a quote " that is not closed'
    return 'a quote " that is not closed, or that stands inside a cell', 'write "" for a quote inside a quoted cell'


def _names(file: str, rows: list[Row], *, header: bool, notes: list[str]) -> tuple[str, ...]:
    """The names of the columns, each once; raises `DataError` where the first line has none."""
    line, cells = rows[0][0], [cell.strip() for cell in rows[0][1]]
    if not header:
        return tuple(f"column {place}" for place in range(1, len(cells) + 1))
    if all(is_number(cell) for cell in cells if cell):
        found = "numbers where the names of the columns should be"
        refuse(file, found, "write a line of names above them, or say --no-header", line=line)
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        unseen = invisible(cell)
        if unseen:
            refuse(file, f"the character {unseen} in the name of column {place}", "take it out", line=line)
        name = wanted = " ".join(cell.split()) or f"column {place}"
        number = 1
        while name in names:
            number += 1
            name = f"{wanted} ({number})"
        if not cell:
            notes.append(f'column {place} has no name: it is called "{name}"')
        elif number > 1:
            notes.append(f'"{brief(wanted)}" stands twice: column {place} is called "{brief(name)}"')
        names.append(name)
    return tuple(names)


def _check_rows(file: str, names: tuple[str, ...], body: list[Row], separator: str) -> None:
    """Check that there are rows, and that each has a cell for each column; raises `DataError`."""
    if len(names) < 2:
        line = body[0][0] if body else 0
        found = "only one column was found: one is to be predicted, and at least one to predict it from"
        refuse(file, found, "separate the cells of a line with commas, semicolons or tabs", line=line)
    for line, cells in body:
        if len(cells) != len(names):
            some = f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'}, but there are {len(names)} columns"
            more = f'put a text that holds a "{separator}" in quotes' if separator != "\t" else "take a tab out"
            mend = more if len(cells) > len(names) else "give the line a cell for each column; an empty one is missing"
            refuse(file, some, mend, line=line, column=names[min(len(cells), len(names)) - 1])
    if len(body) < MIN_ROWS:
        rows = {0: "no rows", 1: "one row"}.get(len(body), f"{len(body)} rows")
        mend = f"give at least {MIN_ROWS} rows below the names: some to learn from, some to test on"
        refuse(file, f"{rows} below the names", mend, line=body[-1][0] if body else 1)
