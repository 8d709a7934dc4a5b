"""The diagram of a layered network: columns of units, the edges between them, targets and loss at the right.

The edges in question are drawn thick, with their weights; slopes stand below the units, or behind them over the edges
where a unit has one line alone. A caption says in symbols what is lit. Large layers are folded, and where the layers do
not fit side by side, those around the number in question are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import bias, symbol, target
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.terminal.drawing.diagram_columns import (
    Column,
    ColumnPlan,
    Grid,
    grid_of,
    name_of_unit,
    plan_of,
    unit_in_focus,
    wanted_rows,
)
from nn_tutor.terminal.drawing.diagram_edges import can_be_followed, draw_edges
from nn_tutor.terminal.drawing.diagram_flow import key_to_flow
from nn_tutor.terminal.drawing.diagram_parts import (
    LONGEST,
    NOT_YET,
    Canvas,
    DiagramPicture,
    caption,
    draw_caption,
    fitted,
    forward_text,
    given_room,
    given_text,
    is_of,
    is_of_weight,
    value_role,
)
from nn_tutor.terminal.drawing.ink import Drawing, Role, width_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def layered_height(network: Network, height: int) -> int:
    """Return how many lines a layered network wants where `height` are there; the same at every step."""
    return min(height, wanted_rows(network, height - 1) + 1)


def draw_layered(picture: DiagramPicture, width: int, height: int) -> Drawing:
    """Draw the columns with what is lit, and the caption, on at most `height` lines of at most `width` cells."""
    grid = grid_of(picture.network, height - 1)
    plan = plan_of(picture, grid, width) if height > 1 else None
    if plan is None:
        canvas = Canvas(width, min(height, grid.rows + 1))
        draw_caption(canvas, picture, canvas.height - 1, (0, width))
        return canvas.drawing()
    canvas = Canvas(width, grid.rows + 1)
    labelled = [draw_edges(canvas, picture, left, right, grid) for left, right in pairwise(plan.columns)]
    if not plan.more_after:
        _draw_targets(canvas, picture, plan)
    for place, column in enumerate(plan.columns):
        following = plan.columns[place + 1].start if place + 1 < len(plan.columns) else plan.targets
        _draw_units(canvas, picture, column, grid, room=following - column.end)
    if plan.more_after:
        canvas.put(grid.rows // 2, plan.columns[-1].end + 1, "…", "muted")
    if plan.more_before:
        canvas.put(grid.rows // 2, plan.columns[0].start - 2, "…", "muted")
    followed = all(can_be_followed(left, right, grid) for left, right in pairwise(plan.columns))
    _draw_last_line(canvas, picture, plan, with_weights=not any(labelled), with_key=followed)
    return canvas.drawing()


# Units


def _draw_units(canvas: Canvas, picture: DiagramPicture, column: Column, grid: Grid, room: int) -> None:
    start = column.start + 2 * column.is_folded
    missing = column.count - sum(unit is not None for unit in column.units)
    for place, (unit, row) in enumerate(zip(column.units, column.lines, strict=True)):
        if unit is None or _is_after_a_gap(column, place):
            canvas.put(row, column.start, "┊", "muted")
        if unit is None:
            canvas.put(row, start, f"{missing} more"[: column.width - 2], "muted")
            continue
        lit = unit == _lit_unit(picture, column.layer)
        name, text, role = _forward(picture, column.layer, unit)
        number = column.number
        canvas.put(row, start, f"{name} ".ljust(column.name + 1), role, lit)
        canvas.put(row, start + column.name + 1, fitted(text, number), value_role(text, role), lit)
        if grid.unit == 2:
            _draw_below(canvas, picture, column, unit, (row + 1, start), room)
        else:
            _draw_behind(canvas, picture, column, unit, row, room)


def _is_after_a_gap(column: Column, place: int) -> bool:
    """Whether units are left out right before one that is drawn, without a line that says so."""
    unit, before = column.units[place], column.units[place - 1] if place else None
    return unit is not None and before is not None and unit > before + 1


def _lit_unit(picture: DiagramPicture, layer: int) -> int | None:
    """Return the unit whose name and value are lit: not those at the ends of an edge."""
    if is_of_weight(picture.focus) or is_of(picture.focus, "dL_do", "db", "b"):
        return None
    return unit_in_focus(picture, layer)


def _forward(picture: DiagramPicture, layer: int, unit: int) -> tuple[str, str, Role]:
    """Return name, text and role of what a unit shows forwards: its activation, its weighted sum before that."""
    name = name_of_unit(picture, layer, unit)
    if layer == 0:
        return name, given_text(picture.inputs[unit]), "input"
    text, z = forward_text(picture, layer, unit), Ref("z", layer, (picture.row, unit))
    is_asked = picture.focus == z
    if is_asked or (not text and picture.text(z)):
        return symbol(picture.network, picture.rows, z), picture.text(z) or NOT_YET, "output"
    return name, text or NOT_YET, "output"


def _slope(picture: DiagramPicture, layer: int, unit: int) -> Ref | None:
    """Return the slope that a unit shows backwards: the one in question, else δ, or ∂L/∂a while δ is not known."""
    network, at, focus = picture.network, (picture.row, unit), picture.focus
    if layer == 0:
        return focus if focus == Ref("dX", None, at) else None
    above = Ref("dL_do", None, at) if layer == len(network.layers) else Ref("dL_da", layer, at)
    is_shown = focus == above or is_of(focus, "delta", "delta_sample", "da_dz", "db", "b", layer=layer)
    if is_shown and unit == unit_in_focus(picture, layer):
        return focus
    delta = Ref("delta", layer, at)
    for ref in (above, delta) if network.layers[layer - 1].activation == "identity" else (delta, above):
        if picture.text(ref):
            return ref
    return None


def _draw_below(
    canvas: Canvas, picture: DiagramPicture, column: Column, unit: int, cell: tuple[int, int], room: int
) -> None:
    """Draw a unit's slope in the line below it, while there is none its bias."""
    ref = _slope(picture, column.layer, unit)
    over_edges = 5 if column.layer < len(picture.network.layers) else 1
    end = column.width + room - over_edges
    if ref is None:
        biases = picture.biases[column.layer - 1] if column.layer else None
        if biases is not None:
            name = f"{bias(picture.network, column.layer, unit)} "
            text = fitted(given_text(biases[unit]), max(3, column.number - 1, min(LONGEST, end - len(name) - 2)))
            canvas.put(cell[0], canvas.put(*cell, text="+ ", role="muted"), f"{name}{text}", "weight")
        return
    full, name = picture.text(ref) or NOT_YET, symbol(picture.network, picture.rows, ref)
    lit, text = ref == picture.focus, fitted(full, column.number)
    if len(name) + 1 + (len(text) if lit else column.number) > end:
        name = _mark(ref)
    text = fitted(full, max(column.number, min(LONGEST, end - len(name) - 1)))
    behind = canvas.put(*cell, text=f"{name} ", role=ref.role, lit=lit)
    behind = canvas.put(cell[0], behind, text, value_role(text, ref.role), lit)
    canvas.put(cell[0], behind, " ")


def _draw_behind(canvas: Canvas, picture: DiagramPicture, column: Column, unit: int, row: int, room: int) -> None:
    """Draw a unit's slope behind its value, over the beginning of the edges."""
    ref = _slope(picture, column.layer, unit)
    if ref is None:
        return
    value = picture.text(ref) or NOT_YET
    lit, text = ref == picture.focus, fitted(value, column.number)
    full, short = symbol(picture.network, picture.rows, ref), _mark(ref)
    taken = len(text) if lit else column.number
    around = {full: 5 if lit else 6, short: 4}  # the blanks and what is left of a link
    name = next((name for name in (full, short) if len(name) + taken + around[name] <= room), "")
    if taken + 2 > room:
        return
    text = fitted(value, max(column.number, min(LONGEST, room - len(name) - around.get(name, 3))))
    at = canvas.put(row, column.end, f" {name} " if name else " ", ref.role, lit)
    canvas.put(row, at, text, value_role(text, ref.role), lit)
    canvas.put(row, at + len(text), " ")


def _mark(ref: Ref) -> str:
    """Return the short name of a slope that stands right behind its unit."""
    return _MARKS[ref.quantity]


_MARKS: dict[Quantity, str] = {
    "delta": "δ", "delta_sample": "δ°", "da_dz": "∂a/∂z", "dL_da": "∂L/∂a", "dL_do": "∂L/∂o", "dX": "∂L/∂x",
    "db": "∂L/∂b", "b": "b′",
}  # fmt: skip


# Targets, loss, caption


def _draw_targets(canvas: Canvas, picture: DiagramPicture, plan: ColumnPlan) -> None:
    """Draw the targets beside the outputs, and what joins both into the loss."""
    last = plan.columns[-1]
    on_loss, focus = is_of(picture.focus, "loss"), picture.focus
    slope_unit = focus.index[-1] if focus is not None and focus.index and _is_slope_of_output(picture, focus) else None
    for unit, row in zip(last.units, last.lines, strict=True):
        if unit is None:
            continue
        lit = on_loss or unit == slope_unit
        role: Role = "accent" if lit else "faint"
        if picture.targets is not None:
            _join(canvas, row, plan, lit)
            name = f"{target(picture.network, picture.rows, picture.row, unit)} "
            text = fitted(given_text(picture.targets[unit]), min(plan.number, given_room(picture.targets)))
            canvas.put(row, canvas.put(row, plan.targets, name, "target", on_loss), text, "target", on_loss)
        if plan.bar:
            at = plan.targets + len(name) + len(text) + 1 if picture.targets is not None else last.end + 1
            canvas.put(row, at, ("═" if lit else "─") * (plan.bar - at), role, lit)
    if plan.bar:
        _draw_bar(canvas, picture, plan, slope_unit)


def _is_slope_of_output(picture: DiagramPicture, focus: Ref) -> bool:
    last = len(picture.network.layers)
    return focus.quantity == "dL_do" or is_of(focus, "delta", "delta_sample", layer=last)


def _join(canvas: Canvas, row: int, plan: ColumnPlan, lit: bool) -> None:
    """Draw the link from an output to its target, behind whatever stands behind the output."""
    start, end = plan.columns[-1].end + 1, plan.targets - 1
    canvas.put(row, start, ("═" if lit else "─") * (end - start), "accent" if lit else "faint", lit)


def _draw_bar(canvas: Canvas, picture: DiagramPicture, plan: ColumnPlan, slope_unit: int | None) -> None:
    """Draw the upright line that gathers outputs and targets, and the loss behind it."""
    rows = [row for unit, row in zip(plan.columns[-1].units, plan.columns[-1].lines, strict=True) if unit is not None]
    middle = (rows[0] + rows[-1]) // 2
    on_loss = is_of(picture.focus, "loss")
    slope_row = None if slope_unit is None else plan.columns[-1].line_of(slope_unit)
    for row in range(rows[0], rows[-1] + 1):
        lit = on_loss or (slope_row is not None and min(slope_row, middle) <= row <= max(slope_row, middle))
        up, down = row > rows[0], row < rows[-1]
        if lit and not on_loss and slope_row is not None:
            up, down = row > min(slope_row, middle), row < max(slope_row, middle)
            left = row == slope_row
        else:
            left = row in rows
        glyph = (_DOUBLE if lit else _SINGLE)[left, row == middle, up, down]
        canvas.put(row, plan.bar, glyph, "accent" if lit else "faint", lit)
    lit = on_loss or slope_unit is not None
    column = canvas.put(middle, plan.bar + 1, "═▶ " if lit else "─▶ ", "accent" if lit else "faint", lit)
    _draw_loss(canvas, picture, middle, column, max(plan.number, canvas.width - column - 2))


def _draw_loss(canvas: Canvas, picture: DiagramPicture, row: int, column: int, number: int) -> None:
    text, lit = picture.text(Ref("loss")) or NOT_YET, is_of(picture.focus, "loss")
    column = canvas.put(row, column, "L ", "loss", lit)
    canvas.put(row, column, fitted(text, number), value_role(text, "loss"), lit)


# Glyphs by (line to the left, line to the right, line upwards, line downwards).
_Ends = tuple[bool, bool, bool, bool]


def _glyphs(glyphs: str) -> dict[_Ends, str]:
    ends = [(left, right, up, down) for left in (0, 1) for right in (0, 1) for up in (0, 1) for down in (0, 1)]
    return {tuple(map(bool, end)): glyph for end, glyph in zip(ends, glyphs, strict=True)}  # type: ignore[misc]


_SINGLE = _glyphs(" ╷╵│╶┌└├╴┐┘┤─┬┴┼")
_DOUBLE = _glyphs(" ║║║═╔╚╠═╗╝╣═╦╩╬")


def _draw_last_line(
    canvas: Canvas, picture: DiagramPicture, plan: ColumnPlan, *, with_weights: bool, with_key: bool
) -> None:
    """Draw the caption, at its right the loss if it has no other place, which sample it is, and what the edges mean."""
    row, end = plan.grid.rows, canvas.width
    for text in _right_parts(picture, plan):
        if end - len(text) < canvas.width // 2:
            break
        end -= len(text)
        if text.startswith("L "):
            _draw_loss(canvas, picture, row, end, plan.number)
        else:
            canvas.put(row, end, text, "muted")
        end -= 3
    start, said = plan.columns[0].start, 0
    if plan.bar or not is_of(picture.focus, "loss"):
        said = width_of(caption(picture, end - start, with_weights=with_weights))
        draw_caption(canvas, picture, row, (start, end), with_weights=with_weights)
    key = key_to_flow(picture) if with_key else ()
    if key and start + said + 4 + width_of(key) <= end:
        column = end - width_of(key)
        for span in key:
            column = canvas.put(row, column, span.text, span.role)


def _right_parts(picture: DiagramPicture, plan: ColumnPlan) -> Iterator[str]:
    if not plan.bar and not plan.more_after:
        yield "L " + " " * plan.number
    if picture.rows > 1:
        yield f"sample {picture.row + 1} of {picture.rows}"
