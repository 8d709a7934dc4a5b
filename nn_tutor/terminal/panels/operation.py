"""The operation that makes the quantity at hand, as matrices beside each other: `z₁ = W₁·x`, with labels.

It shows no more than the table does: while the rule is covered the matrix that is asked stands apart from the others,
without a sign between them, and in an exercise alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nn_tutor.calculus.names import feature, symbol, unit_name
from nn_tutor.calculus.numerals import numeral, subscript
from nn_tutor.network.quantities import TABLE, Quantity, Ref, has_rows, shape_of, stands_transposed
from nn_tutor.terminal.drawing.blocks import Block, draw_block, operator, set_beside, set_in_rows, width_of_drawing
from nn_tutor.terminal.drawing.ink import Drawing, Role, Span
from nn_tutor.terminal.view import ASKED, text_of
from nn_tutor.tutor.visible import Cell, Covered, View
from nn_tutor.walkthrough.operands import Operand, Operation, operation_of

Cells = tuple[tuple[Span, ...], ...]

GAP = 2
"""The cells between matrices that no sign joins."""

MAX_CELLS = 120
"""Matrices of more numbers have no room beside each other on any screen, and are not even tried."""


def draw_operation(view: View, width: int, height: int) -> Drawing:
    """Draw the quantity at hand with what it is made from, and labels; nothing where that has no room."""
    quantity, layer = view.focus.quantity, view.focus.layer
    shape = shape_of(view.network, view.samples, quantity, layer)
    layers, samples = view.network.layers, view.samples
    if max(max(one.inputs, samples) * max(one.units, samples) for one in layers) > MAX_CELLS:
        return ()
    if len(shape) > 2 or stands_transposed(view.network, quantity):
        return ()
    row, operation = view.matrix_row(quantity, layer), operation_of(view.network, view.samples, quantity, layer)
    if not isinstance(row.rule, str):
        ways = _apart(view, row.symbol, None if row.rule is None or view.is_exercise else operation)
    else:
        ways = _ways(view, row.symbol, operation, width)
    for drawing in ways:
        if width_of_drawing(drawing) <= width and len(drawing) <= height:
            return drawing
    return ()


def _ways(view: View, title: str, operation: Operation | None, width: int) -> Iterator[Drawing]:
    """Yield the ways to draw an operation, the fullest first."""
    if operation is not None and operation.is_outer:
        yield _outer(view, title, operation)
    elif operation is not None:
        full, sided, bare = (_parts(view, title, operation, labels) for labels in (2, 1, 0))
        yield set_beside([((),), *full])
        yield set_beside([((),), *sided])
        pairs = [set_beside([((),), *pair]) for pair in zip(sided[1::2], sided[2::2], strict=True)]
        yield set_in_rows([set_beside([((),), sided[0]]), *pairs], width, gap=1)
        yield set_beside([((),), *bare])
    yield from _apart(view, title, None)


def _parts(view: View, title: str, operation: Operation, labels: int) -> list[Drawing]:
    """The quantity at hand, and then for each operand the sign before it and what it is."""
    parts = [draw_block(_result(view, title, labels))]
    for operand in operation.operands:
        block = _operand(view, operand)
        parts += [operator(operand.sign, len(block.cells)), draw_block(block)]
    return parts


def _apart(view: View, title: str, operation: Operation | None) -> Iterator[Drawing]:
    """Yield the ways to draw a quantity without its rule: with what it is made from where there is room, or alone."""
    if operation is not None:
        given = [draw_block(_operand(view, replace(one, turned=False))) for one in operation.operands]
        for labels in (2, 1):
            result = draw_block(_result(view, title, labels))
            yield set_beside([((),), set_beside([result, *given], gap=GAP)])
    for labels in (2, 1):
        yield set_beside([((),), draw_block(_result(view, title, labels))])


def _result(view: View, title: str, labels: int) -> Block:
    """The quantity at hand, with labels at its side and on top (2), at its side alone (1), or without (0)."""
    quantity, layer = view.focus.quantity, view.focus.layer
    rows, columns = _labels(view, quantity, layer)
    cells = _cells_of(view, quantity, layer)
    at_side, on_top = rows if labels else (), columns if labels > 1 else ()
    return Block("", view.focus.role, cells, at_side, on_top, lit=True, title=title)


def _outer(view: View, title: str, operation: Operation) -> Drawing:
    """A product of a column and a row: the slopes at the side, what enters on top."""
    slope, entering = (_operand(view, one) for one in operation.operands)
    rows = tuple(f"{name} {row[0].text}" for name, row in zip(slope.rows, slope.cells, strict=True))
    columns = tuple(f"{name} {row[0].text}" for name, row in zip(entering.rows, entering.cells, strict=True))
    block = Block("", view.focus.role, _cells_of(view, view.focus.quantity, view.focus.layer), rows, columns, lit=True)
    head = f"{title} = {slope.title} · {entering.title}ᵀ: {slope.title} at the side, {entering.title} on top"
    return set_beside([((),), ((Span(head, view.focus.role, True),), *draw_block(block))])


def _operand(view: View, operand: Operand) -> Block:
    """What goes into the operation: a quantity as far as it may be seen, or what the pass starts from."""
    network, passed, many = view.network, view.passed, view.samples > 1
    number = subscript(operand.layer) if len(network.layers) > 1 else ""
    rows: tuple[str, ...] = ()
    role: Role
    match operand.kind:
        case "input":
            title, role, cells = "X" if many else "x", "input", _given(passed.X if many else passed.X.T)
            rows = () if many else tuple(feature(network, 1, 0, unit) for unit in range(network.inputs))
        case "target":
            targets = passed.X[:, :0] if passed.Y is None else passed.Y
            title, role, cells = "Y" if many else "y", "target", _given(targets if many else targets.T)
        case "weight":
            title, role, cells = f"W{number}", "weight", _given(passed.before.W[operand.layer - 1])
        case "bias":
            bias = passed.before.b[operand.layer - 1]
            values = passed.X[:1, :0] if bias is None else bias[np.newaxis, :]
            title, role, cells = f"b{number}", "weight", _given(values if many else values.T)
        case quantity:
            layer = operand.layer if TABLE[quantity].has_layer else None
            title, role = view.matrix_row(quantity, layer).symbol, TABLE[quantity].role
            cells = _cells_of(view, quantity, layer, with_marks=False)
            rows = _labels(view, quantity, layer)[0] if has_rows(quantity) else ()  # beside weights they stand already
    if operand.turned:
        title, cells = f"{title}ᵀ", tuple(zip(*cells, strict=True))
        return Block("", role, cells, columns=rows, title=title)
    return Block("", role, cells, rows, title=title)


def _given(array: np.ndarray) -> Cells:
    return tuple(tuple(Span(numeral(float(value))) for value in row) for row in array)


def _cells_of(view: View, quantity: Quantity, layer: int | None, *, with_marks: bool = True) -> Cells:
    """The numbers of a quantity: a column for one sample or one row for each of several; of weights a row per unit.

    `with_marks` those that the learner has found are marked.
    """
    shape = shape_of(view.network, view.samples, quantity, layer)
    if not shape:
        return ((_cell(view, Ref(quantity), with_marks),),)
    refs = [[Ref(quantity, layer, index) for index in row] for row in _places(shape)]
    if view.samples == 1 and (len(shape) == 1 or has_rows(quantity)):
        refs = [[ref] for row in refs for ref in row]
    return tuple(tuple(_cell(view, ref, with_marks) for ref in row) for row in refs)


def _places(shape: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
    if len(shape) == 1:
        return [[(place,) for place in range(shape[0])]]
    return [[(row, column) for column in range(shape[1])] for row in range(shape[0])]


def _labels(view: View, quantity: Quantity, layer: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands beside the rows and above the columns of a quantity."""
    network, many = view.network, view.samples > 1
    if not TABLE[quantity].axes:
        return (), ()
    units = shape_of(network, view.samples, quantity, layer)[-1]
    if has_rows(quantity):
        names = tuple(symbol(network, 1, Ref(quantity, layer, (0, unit))) for unit in range(units))
        return (tuple(f"sample {row + 1}" for row in range(view.samples)), names) if many else (names, ())
    at = layer or len(network.layers)
    if len(TABLE[quantity].axes) == 1:
        names = tuple(symbol(network, 1, Ref(quantity, layer, (unit,))) for unit in range(units))
        return ((), names) if many else (names, ())
    spec = network.layers[at - 1]
    rows = tuple(f"into {unit_name(network, at, unit)}" for unit in range(spec.units))
    if at == 1:
        return rows, tuple(f"from {feature(network, 1, 0, unit)}" for unit in range(spec.inputs))
    return rows, tuple(f"from {unit_name(network, at - 1, unit)}" for unit in range(spec.inputs))


def _cell(view: View, ref: Ref, with_mark: bool) -> Span:
    is_here = ref == view.focus
    role: Role = ref.role if is_here else "text"
    cell = view.cell(ref)
    text = text_of_cell(cell if with_mark else replace(cell, is_yours=False), is_here)
    return Span(text, role, is_here, ref=ref)


def text_of_cell(cell: Cell, lit: bool) -> str:
    """A number in its place in a matrix: a dot before its time, a mark at the one in question."""
    if cell.is_open:
        return f"▸{ASKED}" if lit else ASKED
    if cell.value is Covered.NOT_YET:
        return "·"
    return text_of(cell.value) + ("✓" if cell.is_yours else "")
