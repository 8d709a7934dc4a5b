"""Reading a matrix as people type and paste it: plain rows, brackets, and what NumPy, MATLAB, R or LaTeX print."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from nn_tutor.course.findings import shown
from nn_tutor.homework.faults import refused
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.counted import counted

if TYPE_CHECKING:
    from nn_tutor.network.spec import Matrix

MAX_CHARACTERS = 1024 * 1024
"""How long a pasted matrix may be."""


@lru_cache(maxsize=128)
def read_rows(text: str) -> Matrix:
    """Return the rows of a matrix, all of one length; raises `HomeworkError` with the row and the number at fault.

    Numbers are split by blanks or commas, rows by semicolons, line ends or brackets. A number may be a fraction.
    A trailing `'` or `.T` transposes. A decimal comma is refused, since `0,5` could be two numbers.
    """
    if len(text) > MAX_CHARACTERS:
        raise refused("", f"{len(text):,} characters", f"paste at most {MAX_CHARACTERS:,}")
    plain, factor, transposes = _unwrapped(text)
    rows = [_numbers(row, place, factor) for place, row in enumerate(_rows(plain), start=1)]
    if not rows:
        raise refused("", "no number", "type numbers split by blanks, and rows by semicolons: 0.1 0.8; 0.4 0.6")
    for place, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            found = f"{counted(len(row), 'number')}, but row 1 has {len(rows[0])}"
            raise refused(f"row {place}", found, "give all rows the same length")
    return tuple(zip(*rows, strict=True)) if transposes else tuple(rows)


def read_vector(text: str) -> tuple[float, ...]:
    """Return the numbers of a row or of a column; raises `HomeworkError`."""
    rows = read_rows(text)
    if len(rows) > 1 and len(rows[0]) > 1:
        raise refused("", f"{len(rows)} rows of {counted(len(rows[0]), 'number')}", "give one row of numbers")
    return tuple(value for row in rows for value in row)


def as_typed(rows: Matrix) -> str:
    """Return a matrix as it is typed most briefly: 0.1 0.8; 0.4 0.6."""
    return "; ".join(" ".join(map(_as_typed, row)) for row in rows)


def _as_typed(value: float) -> str:
    """Return a number as it is typed, to its last digit."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


DASHES = dict.fromkeys("−‐‑‒–—―﹣－", "-")
"""What may be typed or pasted for a minus."""

_ON_KEYS = str.maketrans(DASHES | {"＋": "+", "，": ",", "；": ";", "．": "."})
_BRACKETS = str.maketrans("({［【（｛)}］】）｝", "[[[[[[]]]]]]")
_MAKERS = re.compile(
    r"\b(?:(?:np|numpy|torch|tf|jnp)\.)?(?:array|matrix|tensor|asarray|Tensor|Matrix|constant|c)\s*(?=\()"
)
_KEYWORDS = re.compile(
    r",?\s*\b(?:dtype|device|requires_grad|shape|grad_fn)\s*=\s*(?:'[^']*'|<[^<>]*>|\([^()]*\)|[\w.]+)"
)
_NAMED = re.compile(r"^\s*[^\W\d]\w*['′]?\s*:?=", re.MULTILINE)
_SCALED = re.compile(r"^\s*(1(?:\.0+)?[eE][+-]?\d+)\s*[*×]\s*$", re.MULTILINE)
_LATEX = re.compile(r"\\(?:begin|end)\s*\{[a-zA-Z]*matrix\*?\}|\\(?:left|right)(?=[\[({\])}])")
_JULIA = re.compile(r"^.*\d+[×x]\d+ Matrix\{\w+\}:\s*$|^.*\d+-element Vector\{\w+\}:\s*$", re.MULTILINE)
_R_HEADER = re.compile(r"^[ \t]*(?:\[,\d+\][ \t]*)+$", re.MULTILINE)
_R_ROW = re.compile(r"^[ \t]*\[\d+,\]", re.MULTILINE)
_TRANSPOSED = re.compile(r"(?<=[\])}\d])\s*(?:'|′|\.T|\^T|ᵀ|\^\{T\}|\.t\(\))\s*$")
_COLUMNS = re.compile(r"\bColumns? \d+ (?:through|and|to) \d+")


def _unwrapped(text: str) -> tuple[str, float, bool]:
    """The numbers with their brackets alone, what all of them are multiplied by, and whether it is transposed."""
    plain = text.translate(_ON_KEYS).replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").strip()
    if _COLUMNS.search(plain):
        raise refused("", "a matrix printed in pieces", "give its rows whole, each on one line")
    if "..." in plain or "…" in plain:
        raise refused("", "dots in the place of numbers", "print the matrix whole, and paste it again")
    plain = _JULIA.sub("", _R_HEADER.sub("", plain))
    plain = _R_ROW.sub("", _NAMED.sub("", plain, count=1))
    plain = _LATEX.sub("", plain).replace("\\\\", ";").replace("&", " ")
    plain = _KEYWORDS.sub("", _MAKERS.sub("", plain))
    scales = _SCALED.findall(plain)
    plain = _SCALED.sub("", plain).strip().rstrip(";").rstrip()
    transposed = _TRANSPOSED.search(plain)
    if transposed:
        plain = plain[: transposed.start()]
    plain = _peeled(plain.translate(_BRACKETS).strip().strip("$").strip())
    return plain, float(scales[0]) if scales else 1.0, bool(transposed)


def _peeled(plain: str) -> str:
    """The text without brackets around a whole matrix, such as those of a call of `array`."""
    while plain.startswith("[") and plain.endswith("]") and plain[1:].lstrip().startswith("["):
        inside = plain[1:-1].strip(" \t\n,")
        depths = list(accumulate({"[": 1, "]": -1}.get(character, 0) for character in inside))
        if max(depths) < 2 or 0 in depths[:-1]:
            break
        plain = inside
    return plain


def _rows(plain: str) -> Iterator[str]:
    """The text of each row that holds anything."""
    groups = list(_groups(plain))
    if len(groups) > 1:
        yield from ("[" + group.replace("\n", " ") for group in groups)
        return
    is_list = bool(groups)
    for row in re.split(r"[;\n]", groups[0] if is_list else plain):
        if row.strip(" \t,"):
            yield "[" + row if is_list else row


def _groups(plain: str) -> Iterator[str]:
    """What stands between the innermost brackets; raises `HomeworkError` where they do not close."""
    depth, start, has_inner = 0, 0, False
    for place, character in enumerate(plain):
        if character == "[":
            depth, start, has_inner = depth + 1, place + 1, False
            if depth > 2:
                raise refused("", "brackets three deep", "a matrix is a list of rows: [[0.1, 0.8], [0.4, 0.6]]")
        elif character == "]":
            depth -= 1
            if depth < 0:
                raise refused("", "a bracket ] that was not opened", "take it out, or open it with [")
            if not has_inner:
                yield plain[start:place]
            has_inner = True
        elif depth == 0 and "[" in plain and not (character.isspace() or character in ",;"):
            raise refused("", f'"{shown(plain[place : place + 12])}" outside the brackets', "put all numbers inside")
    if depth:
        raise refused("", "a bracket [ that is not closed", "close it with ]")


_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"([+-]?\d+),(\d+)")


def _numbers(row: str, place: int, factor: float) -> tuple[float, ...]:
    is_list, row = row.startswith("["), row.removeprefix("[").strip(" \t,")
    if not is_list:
        _check_commas(row, place)
    if ",," in re.sub(r"\s", "", row):
        raise refused(f"row {place}", "two commas with no number between them", "write the number, or take one out")
    words = re.split(r"\s*,\s*|\s+", row)
    return tuple(_number(word, f"row {place}, number {number}") * factor for number, word in enumerate(words, start=1))


def _check_commas(row: str, place: int) -> None:
    """Refuse a comma that may be meant as the decimal point: `0,5`, or `0,35 0,9`."""
    words = row.split()
    for word in words:
        found = _DECIMAL_COMMA.fullmatch(word)
        if found:
            two = f"for two numbers put a blank between them: {found[1]} {found[2]}"
            raise refused(
                f"row {place}", f'"{shown(word)}"', f"write a decimal with a point: {found[1]}.{found[2]}; {two}"
            )


def _number(word: str, place: str) -> float:
    if _PLAIN.fullmatch(word):
        value = float(word)
        if not math.isfinite(value):
            raise refused(place, f'"{shown(word)}", which is too large', "give a number below 1e308")
        return value
    if word.lower().strip("+-") in ("nan", "inf", "infinity", "∞", "na", "none", "null"):
        raise refused(place, f'"{shown(word)}"', "give a finite number")
    if word in ("-", "+"):
        raise refused(place, "a sign alone", f"write it next to its number: {word}0.5")
    if "|" in word:
        raise refused(place, "a |", "biases stand behind one |, and only in a layer")
    if re.search(r"[\d.]\s*[+-]\s*[\d.]", re.sub(r"[eE][+-]", "e", word)):
        raise refused(place, f'"{shown(word)}"', "put a blank between two numbers, and a sign right before its own")
    try:
        return read(word).value
    except ReadingError as error:
        is_name = re.search(r"[^\W\d_]{2}", word) or not re.search(r"\d", word)
        mend = "write a number such as 0.5 or -1.2" if is_name else error.message
        raise refused(place, f'"{shown(word)}", which is no number', mend) from None
