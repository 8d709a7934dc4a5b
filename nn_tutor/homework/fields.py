"""The fields of the form: what each asks, what an empty line means there, and what is refused while it is typed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import partial

from nn_tutor.course.findings import shown
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.faults import Fault, HomeworkError, refused
from nn_tutor.homework.matrices import DASHES, read_rows, read_vector
from nn_tutor.homework.words import ACTIVATIONS, activation_called, folded
from nn_tutor.network.counted import counted
from nn_tutor.network.spec import MAX_LAYERS, MAX_UNITS

DRAWN = re.compile(r"\s*(?:draw|drawn|random|seed)\s*(\d{0,9})\s*", re.IGNORECASE)
"""Weights that are drawn, with the seed."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the network is made of: the inputs, then units and activation of each layer."""

    inputs: int
    layers: tuple[tuple[int, str], ...]

    def entering(self, layer: int) -> int:
        """Return how many numbers enter a layer, counted from 0."""
        return self.layers[layer - 1][0] if layer else self.inputs

    def __str__(self) -> str:
        sizes = "-".join(map(str, (self.inputs, *(units for units, _ in self.layers))))
        activations = [activation for _, activation in self.layers]
        return f"{sizes} {' '.join(activations if len(set(activations)) > 1 else activations[:1])}"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the form asks.

    `default` is what an empty line means, None where something has to be typed. A matrix has `columns` numbers in each
    of its `rows`, in any number of rows where that is 0. `words` are those that may be typed.
    """

    key: str
    label: str
    prompt: str
    default: str | None = None
    rows: int = 0
    columns: int = 0
    words: tuple[str, ...] = ()
    may_be_drawn: bool = False
    before: tuple[str, ...] = ()
    """Words that may stand before a matrix, such as "error"."""
    instead: str = ""
    """The word that may stand in its place: "none"."""


def read_shape(text: str) -> Shape:
    """Read `3-2-1 sigmoid`, or `3-2-1 tanh sigmoid`; raises `HomeworkError`."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise refused("", f'"{shown(text)}"', "write how many inputs, then the units of each layer: 3-2-1 sigmoid")
    sizes = [int(number) for number in re.findall(r"\d+", found[1])]
    if len(sizes) < 2:
        raise refused("", "one number", f"inputs and units: {sizes[0]}-1 is one layer of one unit")
    if len(sizes) > MAX_LAYERS + 1:
        raise refused("", f"{len(sizes) - 1} layers", f"give 1 to {MAX_LAYERS} layers")
    for size in sizes:
        if not 1 <= size <= MAX_UNITS:
            raise refused("", f"a layer of {size}", f"a layer has 1 to {MAX_UNITS} units")
    words = [word for word in re.split(r"[\s,;]+", found[2]) if word] or ["sigmoid"]
    names = [activation_called(word, "") for word in words]
    layers = len(sizes) - 1
    if len(names) not in (1, layers):
        raise refused("", f"{len(names)} activations for {layers} layers", "give one for all, or one for each layer")
    names = names * layers if len(names) == 1 else names
    if "softmax" in names[:-1]:
        raise refused("", "softmax before the last layer", f"softmax can only be last: {'tanh ' * (layers - 1)}softmax")
    return Shape(sizes[0], tuple(zip(sizes[1:], names, strict=True)))


def check_so_far(field: Field, text: str) -> Fault | None:
    """Return what is wrong with a text that may go on yet, None while it can become right."""
    if not text.strip():
        return None
    if field.key == "shape":
        return _shape_so_far(text)
    if field.words:
        return _word_so_far(field.words, text)
    if field.columns:
        return _matrix_so_far(field, text)
    return None


def matrix_in(field: Field, text: str) -> tuple[tuple[float, ...], ...]:
    """Return the matrix of a complete text; raises `HomeworkError` where it does not fit the field."""
    rows = read_rows(text)
    if field.rows and 1 in (field.rows, field.columns) and (len(rows[0]), len(rows)) == (field.rows, field.columns):
        rows = tuple(zip(*rows, strict=True))  # a row for a column, or the other way round, has one reading
    for number, row in enumerate(rows, start=1):
        if len(row) != field.columns:
            place = f"row {number}" if len(rows) > 1 else ""
            raise HomeworkError([_wrong_count(field, place, len(row))])
    if field.rows and len(rows) != field.rows:
        raise HomeworkError([_wrong_rows(field, len(rows))])
    return rows


def begun_matrix(field: Field, text: str) -> tuple[tuple[float, ...], ...]:
    """Return the numbers of a text that may go on yet, in the shape of the field; NaN stands for what is not there."""
    rows = _without_words(field, text).split(";") if text.strip() else []
    found = [[_value(word) for word in _words(row)] for row in rows]
    found += [[] for _ in range((field.rows or 1) - len(found))]
    return tuple(tuple((row + [math.nan] * field.columns)[: field.columns]) for row in found[: field.rows or None])


def _value(word: str) -> float:
    try:
        return read_vector(word)[0]
    except HomeworkError:
        return math.nan


def count_so_far(field: Field, text: str) -> str:
    """Say how far a matrix has come: row 1 of 2, 2 of 3 numbers; "" where that cannot be told."""
    if not field.columns or "[" in text or DRAWN.fullmatch(text) or not text.strip():
        return ""
    rows = re.split(r";", _without_words(field, text))
    count = len(_words(rows[-1]))
    of_row = f"{count} of {field.columns}"
    if field.rows == 1 or (not field.rows and len(rows) == 1):
        return of_row
    return f"row {len(rows)}{f' of {field.rows}' if field.rows else ''}: {of_row}"


_SHAPE = re.compile(r"\s*(\d{1,9}(?:\s*(?:[-–−×,→>]|->|\s)\s*\d{1,9})*)\s*[:,]?\s*([^\d]*)")
_BEGUN = re.compile(r"[+-]?(?:\d+(?:_\d*)*)?\.?\d*(?:[eE][+-]?\d*)?(?:/\d*)?")
_DASHES = str.maketrans(DASHES)


def _shape_so_far(text: str) -> Fault | None:
    found = re.fullmatch(r"[\d\s\-–−×,→>:]*(.*)", text)
    words = re.split(r"[\s,;]+", found[1].strip()) if found else []
    for word in filter(None, words):
        if not any(folded(known).startswith(folded(word)) for known in ACTIVATIONS):
            return _fault(partial(activation_called, word, ""))
    if text[-1:].isspace() and words != [""]:
        return _fault(lambda: read_shape(text))
    if any(int(number) > MAX_UNITS for number in re.findall(r"\d{1,9}", text)):
        return _fault(lambda: read_shape(text.rstrip(" -–−×,→>:")))
    return None


def _word_so_far(words: Iterable[str], text: str) -> Fault | None:
    known = tuple(words)
    if any(folded(word).startswith(folded(text)) for word in known):
        return None
    return Fault("", f'"{shown(text.strip())}"', "use one of " + ", ".join(known))


def _matrix_so_far(field: Field, text: str) -> Fault | None:
    if field.may_be_drawn and re.match(r"\s*[dDrRsS]", text):
        return _word_so_far(("draw", "drawn", "random", "seed"), re.sub(r"\d+\s*$", "", text).strip())
    if any(word.startswith(text.strip().lower()) for word in (*field.before, field.instead) if word):
        return None
    text = _without_words(field, text)
    if any(sign in text for sign in "[({\\&"):
        return None  # a pasted matrix is looked at when it is whole
    rows = text.translate(_DASHES).split(";")
    for number, row in enumerate(rows, start=1):
        is_last = number == len(rows)
        complete = row if not is_last or row[-1:].isspace() or row[-1:] == "," else _but_last_word(row)
        place = f"row {number}" if field.rows != 1 else ""
        if field.rows and number > field.rows and row.strip():
            return _wrong_rows(field, number)
        words = _words(row)
        fault = _fault(partial(read_vector, complete)) if complete.strip(" ,") else None
        if fault is not None:
            return Fault(re.sub(r"^row 1(?:, )?", f"{place}, " if place else "", fault.place), fault.found, fault.mend)
        if is_last and words and not _BEGUN.fullmatch(words[-1]):
            fault = _fault(partial(read_vector, words[-1]))
            if fault is not None:
                return Fault(f"{place}, number {len(words)}".lstrip(", "), fault.found, fault.mend)
        if len(rows) == 1 and field.columns == 1 and field.rows >= len(words):
            continue  # a row for a column
        if len(words) > field.columns or (not is_last and len(words) != field.columns):
            return _wrong_count(field, place, len(words))
    return None


def _wrong_count(field: Field, place: str, count: int) -> Fault:
    numbers, wanted = counted(count, "number"), counted(field.columns, "number")
    each = " in each row" if field.rows > 1 or (place and not field.rows) else ""
    return Fault(place, numbers, f"give {wanted}{each}")


def _wrong_rows(field: Field, count: int) -> Fault:
    rows = "1 row" if field.rows == 1 else f"{field.rows} rows of {field.columns}"
    return Fault(
        "",
        f"{count} {'row' if count == 1 else 'rows'}",
        f"give {rows}, split by semicolons" if field.rows != 1 else f"give {rows}",
    )


def _without_words(field: Field, text: str) -> str:
    return re.sub(rf"^\s*(?:{'|'.join(field.before)})\b\s*", "", text, flags=re.IGNORECASE) if field.before else text


def _words(row: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", row) if word]


def _but_last_word(row: str) -> str:
    return re.sub(r"[^\s,]*$", "", row)


def _fault(read: Callable[[], object]) -> Fault | None:
    try:
        read()
    except HomeworkError as error:
        return error.faults[0]
    return None
