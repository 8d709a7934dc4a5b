"""Reading one layer of a network: `ACTIVATION: ROWS | BIASES`, as a table of a lesson."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from nn_tutor.course.findings import shown
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.faults import Fault, HomeworkError, refused
from nn_tutor.homework.matrices import as_typed, read_rows, read_vector
from nn_tutor.homework.words import activation_called
from nn_tutor.network.spec import MAX_UNITS

_Read = TypeVar("_Read")

DRAWN_UNITS = re.compile(r"(\d{1,9})\s*(?:units?|neurons?|nodes?|drawn|random)")
"""Weights that are drawn, in the place of ROWS: how many units the layer has."""

_HELD = re.compile(r"\s*\b(?:held|fixed|frozen|constant)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadLayer:
    """A layer as the table [[network.layers]] of a lesson, and how many numbers leave it."""

    table: dict[str, Any]
    units: int
    is_drawn: bool = False
    is_bare: bool = False
    """Whether it is an activation alone: its weights are 1 and 0, and are held."""


def read_layer(text: str, number: int, inputs: int, *, transposes: bool) -> ReadLayer:
    """Return layer `number`, which `inputs` numbers enter; raises `HomeworkError`.

    `transposes` says that the matrix has a row for each input. Instead of ROWS, `3 units` draws the weights, and no
    ROWS at all applies the activation to what enters. `held` behind a matrix or the biases keeps them as they are.
    """
    place = f"layer {number}"
    name, colon, rest = text.partition(":")
    if not colon and re.search(r"\d", text):
        raise refused(place, f'"{shown(text)}"', f"begin with its activation: sigmoid: {shown(text.strip(), 40)}")
    table = _activation(name, f"{place}, activation")
    rows, bar, biases = rest.partition("|")
    if "|" in biases:
        raise refused(place, "two |", "one | stands between the weights and the biases")
    if not rows.strip():
        if colon:
            raise refused(f"{place}, weights", "missing", "write them behind the colon: sigmoid: 0.1 0.8; 0.4 0.6")
        return _bare(table, place, inputs)
    rows, holds = _held(rows)
    drawn = DRAWN_UNITS.fullmatch(rows.strip())
    if drawn:
        units = int(drawn[1])
        if not 1 <= units <= MAX_UNITS:
            raise refused(f"{place}, weights", f"{units} units", f"a layer has 1 to {MAX_UNITS} units")
        layer = ReadLayer({**table, "size": [inputs, units]}, units, is_drawn=True)
    else:
        with inside(f"{place}, weights"):
            weights = read_rows(rows)
        units = len(weights[0]) if transposes else len(weights)
        layer = ReadLayer({**table, "weights": [list(row) for row in weights]}, units)
    if table["activation"] == "softmax" and units == 1:
        mend = "give a row of weights for each class, or use sigmoid"
        raise refused(f"{place}, activation", "softmax of a single unit is always 1", mend)
    if holds:
        ends = ((out, into) for out in range(units) for into in range(inputs))
        layer.table["frozen"] = [[into, out] if transposes else [out, into] for out, into in ends]
    if bar:
        layer.table.update(_biases(biases, place, units))
    return layer


def _activation(text: str, place: str) -> dict[str, Any]:
    """An activation by its usual name; behind a leaky ReLU its slope below 0 may stand."""
    leaky = re.fullmatch(r"(.*[^\W\d])[\s(]+([+-]?[\d.]+(?:[eE][+-]?\d+)?)\)?\s*", text.strip())
    if leaky is None:
        return {"activation": activation_called(text, place)}
    with inside(f"{place}, slope"):
        slope = read_vector(leaky[2])[0]
    return {"activation": activation_called(leaky[1], place), "slope": slope}


def _biases(text: str, place: str, units: int) -> dict[str, Any]:
    biases, holds = _held(text)
    if not biases.strip():
        raise refused(f"{place}, biases", "missing", "write them behind the |, or take it out for a layer without")
    with inside(f"{place}, biases"):
        values = read_vector(biases)
    if len(values) != units:
        found = f"{len(values)} {'bias' if len(values) == 1 else 'biases'} for {units} units"
        same = f": {as_typed((values * units,))}" if len(values) == 1 else ""
        raise refused(f"{place}, biases", found, f"give one for each unit{same}")
    return {"biases": list(values), **({"train_biases": False} if holds else {})}


def _bare(table: dict[str, Any], place: str, inputs: int) -> ReadLayer:
    if inputs > MAX_UNITS:
        raise refused(place, f"{inputs} numbers enter it", f"a layer has at most {MAX_UNITS} units")
    weights = [[float(into == out) for into in range(inputs)] for out in range(inputs)]
    frozen = [[out, into] for out in range(inputs) for into in range(inputs)]
    return ReadLayer({**table, "weights": weights, "frozen": frozen}, inputs, is_bare=True)


def _held(text: str) -> tuple[str, bool]:
    found = _HELD.search(text)
    return (text[: found.start()], True) if found else (text, False)


@contextmanager
def inside(place: str) -> Iterator[None]:
    """Put a place around those of the faults that are raised inside."""
    try:
        yield
    except HomeworkError as error:
        raise HomeworkError(fault.inside(place) for fault in error.faults) from None


def gathered(faults: list[Fault], read: Callable[[], _Read]) -> _Read | None:
    """Return what is read, or None, with its faults added to the list."""
    try:
        return read()
    except HomeworkError as error:
        faults += error.faults
        return None
