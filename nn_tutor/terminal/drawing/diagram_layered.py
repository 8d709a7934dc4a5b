"""The diagram of a layered network: columns of units, the edges between them, the edges in question lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, bias, feature, symbol, target, weight
from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, padded, width_of
from nn_tutor.terminal.drawing.raster import Raster

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.diagram import DiagramPicture

MOST_UNITS = 8
"""Larger layers are folded."""

_NUMBER = 8
_LEAST_GAP, _ROOMY_GAP, _MOST_GAP = 4, 10, 32


@dataclass(frozen=True, slots=True)
class _Column:
    """A layer of units (0: the inputs): which units are drawn, on which lines, and how wide they are."""

    layer: int
    units: tuple[int | None, ...]
    lines: tuple[int, ...]
    width: int

    def line_of(self, unit: int) -> int | None:
        """The line on which a unit is drawn, None for one that is folded away."""
        return next((at for shown, at in zip(self.units, self.lines, strict=True) if shown == unit), None)


def layered_height(network: Network, height: int) -> int:
    """Return how many lines a layered network takes: two for each unit where there is room, and one for the caption."""
    most = min(MOST_UNITS, max(network.inputs, *(layer.units for layer in network.layers)))
    return 2 * most + 1 if 2 * most + 1 <= height else min(height, most + 1)


def draw_layered(picture: DiagramPicture, width: int, height: int) -> Drawing:
    """Draw the columns with the edges between them, and a caption that says what is lit."""
    rows = max(1, height - 1)
    columns, more_before, more_after = _columns(picture, width, rows)
    tall = _is_tall(picture.network, rows)
    loss_width = _loss_width(picture, tall=tall)
    used = sum(column.width for column in columns) + loss_width + 4
    gaps = max(1, len(columns) - 1)
    gap = max(_LEAST_GAP, min(_MOST_GAP, (width - used) // gaps))
    lines: list[list[Span]] = [[Span("…" if more_before and row == rows // 2 else " ", "muted")] for row in range(rows)]
    lit = _lit_edges(picture)
    for place, column in enumerate(columns):
        if place:
            edges = _edges(columns[place - 1], column, gap, rows, lit)
            for spans, edge in zip(lines, edges, strict=True):
                spans += padded(edge, gap)
        for row, cells in enumerate(_units(picture, column, rows)):
            lines[row] += padded(cells, column.width)
    for row, cells in enumerate(_targets_and_loss(picture, columns[-1], rows, more_after, tall=tall)):
        lines[row] += cells
    caption: Line = (Span(" "), *_caption(picture))
    if not tall:
        text = picture.text(Ref("loss"))
        caption = beside(caption, (Span("L ", "loss"), Span(text or "·", _role("loss", text or "·")), Span(" ")), width)
    return tuple(cut(tuple(spans), width) for spans in (*lines, caption))


def _columns(picture: DiagramPicture, width: int, rows: int) -> tuple[list[_Column], bool, bool]:
    network = picture.network
    columns = []
    for layer in range(len(network.layers) + 1):
        units = network.inputs if layer == 0 else network.layers[layer - 1].units
        shown = _visible(units, min(rows, MOST_UNITS), _unit_in_focus(picture, layer))
        columns.append(_Column(layer, shown, _spread(len(shown), rows), _column_width(picture, layer, shown, rows)))
    first, last = 0, len(columns)
    focus = picture.focus
    centre = min(len(columns) - 1, (focus.layer if focus is not None and focus.layer else len(columns) - 1))
    room = width - _loss_width(picture, tall=_is_tall(network, rows)) - 2
    while last - first > 2 and sum(column.width + _LEAST_GAP for column in columns[first:last]) > room:
        if last - 1 - centre > centre - first - 1:
            last -= 1
        else:
            first += 1
    return columns[first:last], first > 0, last < len(columns)


def _visible(units: int, room: int, focus: int | None) -> tuple[int | None, ...]:
    """The units that are drawn; None stands for those that are folded away, and the one in question never is."""
    if units <= room:
        return tuple(range(units))
    kept = max(1, room - 2)
    head = list(range(kept))
    if focus is not None and kept <= focus < units - 1:
        head[-1] = focus
    if room < 2:
        return (focus if focus is not None else 0,)
    return (*head, None, units - 1) if room >= 3 else (*head, None)


def _spread(count: int, rows: int) -> tuple[int, ...]:
    """The lines of `count` units, spread over the height around its middle."""
    step = max(1, min(3, (rows - 1) // max(1, count - 1))) if count > 1 else 1
    top = max(0, (rows - (step * (count - 1) + 1)) // 2)
    return tuple(min(rows - 1, top + step * place) for place in range(count))


def _column_width(picture: DiagramPicture, layer: int, shown: Sequence[int | None], rows: int) -> int:
    names = max(len(_unit_name(picture, layer, unit)) for unit in shown if unit is not None)
    if layer == 0:
        values = max(len(numeral(picture.inputs[unit])) for unit in shown if unit is not None)
        return names + 2 + values
    slope = 0 if _is_tall(picture.network, rows) else _NUMBER + 1
    return max(names + 2 + _NUMBER + slope, 0 if slope else len("∂L/∂a₁₁ ") + _NUMBER)


def _is_tall(network: Network, rows: int) -> bool:
    """Whether every unit has a second line for its slope."""
    most = max(network.inputs, *(spec.units for spec in network.layers))
    return 2 * min(most, MOST_UNITS) <= rows


def _units(picture: DiagramPicture, column: _Column, rows: int) -> list[Line]:
    """The lines of one column: names with values, and their slopes below or behind."""
    lines: list[Line] = [() for _ in range(rows)]
    for unit, at in zip(column.units, column.lines, strict=True):
        if unit is None:
            lines[at] = (Span("  ⋮", "muted"),)
            continue
        name = _unit_name(picture, column.layer, unit)
        if column.layer == 0:
            lit = _unit_in_focus(picture, 0) == unit
            lines[at] = (Span(f" {name} {numeral(picture.inputs[unit])}", "input", lit),)
            continue
        value, lit = _forward_text(picture, column.layer, unit)
        shown = (Span(f" {name} ", "output", lit), Span(value.ljust(_NUMBER), _role("output", value), lit))
        slope, slope_name, slope_lit = _slope_text(picture, column.layer, unit)
        if _is_tall(picture.network, rows):
            lines[at] = shown
            if slope and at + 1 < rows:
                lines[at + 1] = (
                    Span(f"  {slope_name} ", "gradient", slope_lit),
                    Span(slope, _role("gradient", slope), slope_lit),
                )
        else:
            behind = (Span("◂" if slope else "", "muted"), Span(slope, _role("gradient", slope), slope_lit))
            lines[at] = (*shown, *behind)
    return lines


def _forward_text(picture: DiagramPicture, layer: int, unit: int) -> tuple[str, bool]:
    """What a unit shows forwards: its activation, or while that is not known its weighted sum."""
    a, z = Ref("a", layer, (picture.row, unit)), Ref("z", layer, (picture.row, unit))
    focus = picture.focus
    lit = focus in (a, z)
    if picture.text(a):
        return picture.text(a), lit
    return (f"z {picture.text(z)}" if picture.text(z) else "·"), lit


def _slope_text(picture: DiagramPicture, layer: int, unit: int) -> tuple[str, str, bool]:
    """What a unit shows backwards: δ, or ∂L/∂a while δ is not known; its name, and whether it is lit."""
    is_last = layer == len(picture.network.layers)
    above = Ref("dL_do", None, (picture.row, unit)) if is_last else Ref("dL_da", layer, (picture.row, unit))
    delta, local = Ref("delta", layer, (picture.row, unit)), Ref("da_dz", layer, (picture.row, unit))
    for ref in (delta, local, above):
        if ref == picture.focus and picture.text(ref):
            return picture.text(ref), symbol(picture.network, picture.rows, ref), True
    for ref in (delta, above):
        if picture.text(ref):
            return picture.text(ref), symbol(picture.network, picture.rows, ref), False
    return "", "", False


def _targets_and_loss(picture: DiagramPicture, last: _Column, rows: int, more: bool, *, tall: bool) -> list[Line]:
    """What stands right of the outputs: their targets, and the loss in the middle."""
    lines: list[list[Span]] = [[] for _ in range(rows)]
    if more:
        lines[rows // 2] = [Span(" …", "muted")]
        return [tuple(spans) for spans in lines]
    width = 0
    if picture.targets is not None:
        for unit, at in zip(last.units, last.lines, strict=True):
            if unit is not None:
                name = target(picture.network, picture.rows, picture.row, unit)
                lines[at] = [Span(" ↔ ", "muted"), Span(f"{name} {numeral(picture.targets[unit])}", "target")]
        width = max(map(width_of, map(tuple, lines)))
    text = picture.text(Ref("loss"))
    lit = picture.focus == Ref("loss")
    for row in range(rows):
        lines[row] = list(padded(tuple(lines[row]), width))
    if tall:
        lines[rows // 2] += [Span(" ▶ L ", "loss", lit), Span(text, _role("loss", text), lit)]
    return [tuple(spans) for spans in lines]


def _loss_width(picture: DiagramPicture, *, tall: bool) -> int:
    targets = 0
    if picture.targets is not None:
        targets = max(
            len(f" ↔ {target(picture.network, picture.rows, picture.row, 0)} {numeral(y)}") for y in picture.targets
        )
    return targets + (len(" ▶ L ") + _NUMBER if tall else 1)


def _lit_edges(picture: DiagramPicture) -> set[tuple[int, int, int]]:
    """The edges in question as (layer, out, in): one for a weight, all that enter or leave a unit for the unit."""
    focus, network = picture.focus, picture.network
    if focus is None or focus.index is None:
        return set()
    layer = focus.layer or len(network.layers)
    if focus.quantity in ("dW", "W", "step", "dz_da"):
        return {(layer, focus.index[0], focus.index[1])}
    if focus.quantity == "dz_dw":
        return {(layer, focus.index[1], focus.index[2])}
    unit = focus.index[-1]
    if focus.quantity in ("z", "a") and not (focus.quantity == "a" and _has_own_sum(network, layer)):
        return {(layer, unit, into) for into in range(network.layers[layer - 1].inputs)}
    if focus.quantity == "dL_da" and layer < len(network.layers):
        return {(layer + 1, out, unit) for out in range(network.layers[layer].units)}
    if focus.quantity == "dX":
        return {(1, out, unit) for out in range(network.layers[0].units)}
    return set()


def _has_own_sum(network: Network, layer: int) -> bool:
    return network.layers[layer - 1].activation != "identity"


def _edges(left: _Column, right: _Column, gap: int, rows: int, lit: set[tuple[int, int, int]]) -> Drawing:
    raster = Raster(gap, rows)
    pairs = [
        (out, into, start, end)
        for into, start in zip(left.units, left.lines, strict=True)
        for out, end in zip(right.units, right.lines, strict=True)
        if into is not None and out is not None
    ]
    for out, into, start, end in pairs:
        if (right.layer, out, into) not in lit:
            raster.segment(1, 4 * start + 1, 2 * gap - 2, 4 * end + 1, "border")
    for out, into, start, end in pairs:
        if (right.layer, out, into) in lit:
            for shift in (1, 2) if gap >= _ROOMY_GAP else (1,):
                raster.segment(1, 4 * start + shift, 2 * gap - 2, 4 * end + shift, "accent")
    return raster.drawing()


def _caption(picture: DiagramPicture) -> Line:
    """What is lit, in symbols: a weight with its slope and where it goes, or a unit with all that is known of it."""
    focus, network = picture.focus, picture.network
    if focus is None or focus.index is None:
        return ()
    layer = focus.layer or len(network.layers)
    spans: list[Span] = []
    if focus.quantity in ("dW", "W", "step", "dz_dw", "dz_da"):
        place = focus.index[-2:]
        old = numeral(picture.weights[layer - 1][place[0]][place[1]])
        spans.append(Span(f"{weight(network, layer, place)} {old}", "weight"))
        refs: tuple[Ref, ...] = (Ref("dW", layer, place), Ref("W", layer, place))
    elif focus.quantity in ("db", "b"):
        biases = picture.biases[layer - 1] or ()
        spans.append(Span(f"{bias(network, layer, focus.index[0])} {numeral(biases[focus.index[0]])}", "weight"))
        refs = (Ref("db", layer, focus.index), Ref("b", layer, focus.index))
    else:
        at = (focus.index[0], focus.index[-1])
        above = Ref("dL_do", None, at) if layer == len(network.layers) else Ref("dL_da", layer, at)
        refs = (Ref("z", layer, at), Ref("a", layer, at), above, Ref("da_dz", layer, at), Ref("delta", layer, at))
    for ref in refs:
        text = picture.text(ref)
        if text:
            role: Role = "weight" if ref.phase == "update" else "output" if ref.phase == "forward" else "gradient"
            spans += [
                Span("   " if spans else ""),
                Span(f"{symbol(network, picture.rows, ref)} {text}", _role(role, text), ref == focus),
            ]
    return tuple(spans)


def _unit_in_focus(picture: DiagramPicture, layer: int) -> int | None:
    """The unit of a layer that the number in question belongs to, if it does."""
    focus = picture.focus
    if focus is None or focus.index is None:
        return None
    at = focus.layer or len(picture.network.layers)
    if focus.quantity in ("dW", "W", "step", "dz_dw", "dz_da"):
        out, into = focus.index[-2:]
        return out if at == layer else into if at == layer + 1 else None
    if focus.quantity == "dX":
        return focus.index[-1] if layer == 0 else None
    return focus.index[-1] if at == layer else None


def _unit_name(picture: DiagramPicture, layer: int, unit: int) -> str:
    if layer == 0:
        return feature(picture.network, picture.rows, picture.row, unit)
    return activation(picture.network, picture.rows, layer, picture.row, unit)


def _role(role: Role, text: str) -> Role:
    return "accent" if "[?]" in text else "muted" if text == "·" else role
