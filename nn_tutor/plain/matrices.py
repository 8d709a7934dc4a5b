"""A quantity of a pass told by rows: each with its index, its numbers one after the other."""

from __future__ import annotations

import math

import numpy as np

from nn_tutor.network.quantities import Quantity, Ref, has_rows, shape_of, stands_transposed
from nn_tutor.plain.vocabulary import QUANTITIES_SPOKEN
from nn_tutor.tutor.visible import Covered, View

MAX_SINGLE = 16
"""A pass of up to so many numbers is told number by number, with its rules."""

MAX_ROWS = 12
"""How many rows of a matrix are told."""


def tells_by_rows(view: View) -> bool:
    """Whether the numbers of a pass are told by rows, not one by one with their rules."""
    return view.form == "matrix" or len(view.refs) > MAX_SINGLE


def rows_of(view: View, quantity: Quantity, layer: int | None) -> list[str]:
    """Return a whole quantity of a layer: its name, then row by row."""
    shape = shape_of(view.network, view.samples, quantity, layer)
    name = QUANTITIES_SPOKEN[quantity]
    of_layer = f", layer {layer}" if layer is not None and len(view.network.layers) > 1 else ""
    if not shape:
        return [f"{name}: {_number(view, Ref(quantity))}."]
    is_turned = stands_transposed(view.network, quantity)
    shape = shape[::-1] if is_turned else shape
    per_row = shape[-1]
    indices = [index[::-1] if is_turned else index for index in np.ndindex(*shape)]
    lines = [indices[start : start + per_row] for start in range(0, len(indices), per_row)]
    heads = _heads(shape[:-1], by_sample=has_rows(quantity), samples=view.samples)
    told = [
        f"{head}{', '.join(_number(view, Ref(quantity, layer, index)) for index in row)}."
        for head, row in list(zip(heads, lines, strict=True))[:MAX_ROWS]
    ]
    if len(lines) > MAX_ROWS:
        told.append(f"And {len(lines) - MAX_ROWS} more rows.")
    title = f"{name}{of_layer}"
    rule = view.matrix_row(quantity, layer) if view.form == "matrix" else None
    if rule is not None and isinstance(rule.rule, str):
        title = f"{title}, {rule.symbol} = {rule.rule}"
    return [f"{title}: {told[0]}"] if len(told) == 1 else [f"{title}:", *told]


def _heads(shape: tuple[int, ...], *, by_sample: bool, samples: int) -> list[str]:
    """What is said before each row: which it is, where there are several."""
    if math.prod(shape) == 1:
        return [""] * math.prod(shape)
    heads = []
    for index in np.ndindex(*shape):
        parts = []
        if by_sample:
            if samples > 1:
                parts.append(f"sample {index[0] + 1}")
            parts += [f"row {place + 1}" for place in index[1:]]
        else:
            parts += [f"row {place + 1}" for place in index]
        heads.append(f"{', '.join(parts)}: ")
    return heads


def _number(view: View, ref: Ref) -> str:
    cell = view.cell(ref)
    if cell.is_open:
        return "asked"
    if isinstance(cell.value, Covered):
        return "asked" if cell.value is Covered.ASKED else "not yet"
    return cell.value
