"""The diagram of a network of single weights: one chain from x to L, slopes below it, then gradients and new weights.

Where there is room, values stand behind their names, on three lines. Else they stand below them, on four, and where
even that is too wide, the chain is cut to the layers around the number in question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from nn_tutor.calculus.names import activation, bias, feature, symbol, target, weight, weighted_sum
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.terminal.drawing.diagram_parts import (
    NOT_YET,
    Canvas,
    DiagramPicture,
    draw_caption,
    fitted,
    forward_text,
    given_text,
    is_of,
    is_of_bias,
    is_of_weight,
    value_role,
)
from nn_tutor.terminal.drawing.ink import Drawing, Role

INLINE_HEIGHT, STACKED_HEIGHT = 3, 4

_NUMBER = 7
_SLOPE = 8
_GIVEN = 5  # cells for an input or a target
_SLACK = 7  # so many cells at most are added to a link

_Style = Literal["inline", "stacked", "tight"]
_STYLES: tuple[tuple[_Style, int], ...] = (
    ("inline", 7),
    ("inline", 6),
    ("stacked", 7),
    ("stacked", 6),
    ("tight", 6),
    ("tight", 5),
)
_FIRST_STACKED = 2  # a chain that is cut never stands on three lines, so that it keeps its height

# The cells between two items: (is the left one a node, is the right one a node) -> cells.
_GAPS: dict[_Style, dict[tuple[bool, bool], int]] = {
    "inline": {(True, False): 3, (False, False): 3, (False, True): 4, (True, True): 5},
    "stacked": {(True, False): 2, (False, False): 3, (False, True): 3, (True, True): 4},
    "tight": {(True, False): 1, (False, False): 1, (False, True): 2, (True, True): 3},
}


@dataclass(frozen=True, slots=True)
class _Item:
    """A node of the chain, or an operation on the link behind one; `value` "": it has none, as σ."""

    sign: str
    name: str
    value: str
    role: Role
    is_node: bool
    lit: bool = False
    room: int = _NUMBER


@dataclass(frozen=True, slots=True)
class _Link:
    """A link between two nodes: the slope that flows back along it, and whether it is lit."""

    slope: Ref
    name: str
    lit: bool


@dataclass(frozen=True, slots=True)
class _Chain:
    """The part of the chain that is drawn: its items from left to right, its links, its target, and where it is cut.

    `weights` holds for each layer that is drawn the place of its weight among the items.
    """

    items: tuple[_Item, ...]
    links: tuple[_Link, ...]
    weights: dict[int, int]
    target: _Item | None
    is_start: bool
    is_end: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the items begin and where the target does, in which style, and how long a number may be."""

    columns: tuple[int, ...]
    end: int
    style: _Style
    number: int


def scalar_height(picture: DiagramPicture, width: int) -> int:
    """Return how many lines the chain takes in this width; the same at every step."""
    plan = _plan(_chain(picture, 1, len(picture.network.layers)), width)
    return INLINE_HEIGHT if plan is not None and plan.style == "inline" else STACKED_HEIGHT


def draw_scalar(picture: DiagramPicture, width: int, height: int) -> Drawing:
    """Draw the chain on at most `height` lines of at most `width` cells."""
    chain, plan = _fitting(picture, width)
    if plan is None:
        canvas = Canvas(width, STACKED_HEIGHT)
        draw_caption(canvas, picture, 0, (0, width))
        return canvas.drawing()[:height]
    canvas = Canvas(width, INLINE_HEIGHT if plan.style == "inline" else STACKED_HEIGHT)
    ends = [_draw_item(canvas, item, cells, plan) for item, cells in _cells(chain, plan)]
    _draw_links(canvas, chain, plan, ends)
    if chain.target is not None:
        _draw_item(canvas, chain.target, (plan.end, width + 3), plan)
    _draw_slopes(canvas, picture, chain, plan)
    for layer in chain.weights:
        _draw_gradients(canvas, picture, chain, plan, layer)
    return canvas.drawing()[:height]


# Which part of the chain


def _fitting(picture: DiagramPicture, width: int) -> tuple[_Chain, _Plan | None]:
    """Return the chain with its places: the whole, or the layers around the number in question that fit."""
    first, last = 1, len(picture.network.layers)
    focus = picture.focus
    centre = last if focus is None else focus.layer or (1 if focus.quantity == "dX" else last)
    while True:
        chain = _chain(picture, first, last)
        plan = _plan(chain, width)
        if plan is not None or first == last:
            return chain, plan
        if last - centre > centre - first:
            last -= 1
        else:
            first += 1


def _chain(picture: DiagramPicture, first: int, last: int) -> _Chain:
    """Return the chain from the node before the first layer to the one behind the last, or to L."""
    items: list[_Item] = [_node(picture, first - 1)]
    links: list[_Link] = []
    weights = {}
    for layer in range(first, last + 1):
        weights[layer] = len(items)
        items += _layer(picture, layer)
        links += _links(picture, layer)
    goal = None
    if last == len(picture.network.layers):
        on_loss = is_of(picture.focus, "loss")
        links.append(_link(picture, Ref("dL_do", None, (picture.row, 0)), on_loss))
        items.append(_Item("", "L", picture.text(Ref("loss")) or NOT_YET, "loss", True, on_loss))
        if picture.targets is not None:
            name = target(picture.network, picture.rows, picture.row, 0)
            goal = _Item("", name, given_text(picture.targets[0]), "target", True, on_loss, _GIVEN)
    return _Chain(tuple(items), tuple(links), weights, goal, first == 1, last == len(picture.network.layers))


def _layer(picture: DiagramPicture, layer: int) -> Iterator[_Item]:
    """Yield the items of a layer: its weight, its bias, its weighted sum, its activation."""
    network, focus = picture.network, picture.focus
    lit = is_of(focus, "dW", "step", "W", layer=layer)
    name = weight(network, layer, (0, 0))
    yield _Item("×", name, given_text(picture.weights[layer - 1][0][0]), "weight", False, lit)
    biases = picture.biases[layer - 1]
    if biases is not None:
        lit = is_of_bias(focus, layer)
        yield _Item("+", bias(network, layer, 0), given_text(biases[0]), "weight", False, lit)
    function = network.layers[layer - 1].activation
    if function != "identity":
        lit = is_of(focus, "z", "delta", "delta_sample", layer=layer)
        name = weighted_sum(network, picture.rows, layer, picture.row, 0)
        yield _Item("", name, picture.text(Ref("z", layer, (picture.row, 0))) or NOT_YET, "output", True, lit)
        yield _Item(ACTIVATIONS[function].sign, "", "", "muted", False, is_of(focus, "a", "da_dz", layer=layer))
    yield _node(picture, layer)


def _node(picture: DiagramPicture, layer: int) -> _Item:
    """Return the activation of a layer as a node; of layer 0 the input."""
    network, focus = picture.network, picture.focus
    if layer == 0:
        name = feature(network, picture.rows, picture.row, 0)
        return _Item("", name, given_text(picture.inputs[0]), "input", True, is_of(focus, "dX"), _GIVEN)
    name = activation(network, picture.rows, layer, picture.row, 0)
    lit = is_of(focus, "a", "dL_da", layer=layer)
    if network.layers[layer - 1].activation == "identity":
        lit = lit or is_of(focus, "z", "delta", "delta_sample", layer=layer)
        if focus is not None and is_of(focus, "z", layer=layer):
            name = symbol(network, picture.rows, focus)
    return _Item("", name, forward_text(picture, layer, 0) or NOT_YET, "output", True, lit)


def _links(picture: DiagramPicture, layer: int) -> Iterator[_Link]:
    """Yield the link of a layer's weight, and the one of its activation."""
    focus, function = picture.focus, picture.network.layers[layer - 1].activation
    entering: tuple[Quantity, ...] = ("z", "a") if function == "identity" else ("z",)
    lit = is_of_weight(focus, layer) or is_of_bias(focus, layer) or is_of(focus, *entering, layer=layer)
    lit = lit or (is_of(focus, "dX") if layer == 1 else is_of(focus, "dL_da", layer=layer - 1))
    slope = Ref("dz_dw", 1, (picture.row, 0, 0)) if layer == 1 else Ref("dz_da", layer, (0, 0))
    yield _link(picture, slope, lit)
    if function != "identity":
        slope = Ref("da_dz", layer, (picture.row, 0, 0) if function == "softmax" else (picture.row, 0))
        yield _link(picture, slope, is_of(focus, "a", "delta", "delta_sample", layer=layer))


def _link(picture: DiagramPicture, slope: Ref, lit: bool) -> _Link:
    return _Link(slope, symbol(picture.network, picture.rows, slope), lit or slope == picture.focus)


# Where everything stands


def _plan(chain: _Chain, width: int) -> _Plan | None:
    """Return the places of a chain in the first style in which it fits; None where it fits in none."""
    items = tuple((len(item.sign), len(item.name), item.room, item.is_node, bool(item.value)) for item in chain.items)
    slopes = tuple(len(link.name) for link in chain.links)
    goal = len(chain.target.name) if chain.target is not None else 0
    return _plan_of(items, slopes, goal, chain.is_start, chain.is_end, width)


_Size = tuple[int, int, int, bool, bool]


@lru_cache(maxsize=256)
def _plan_of(
    items: tuple[_Size, ...], slopes: tuple[int, ...], goal: int, is_start: bool, is_end: bool, width: int
) -> _Plan | None:
    for style, number in _STYLES if is_start and is_end else _STYLES[_FIRST_STACKED:]:
        columns = _columns(items, slopes, style, number)
        last = _extent(items[-1], style, number)
        tail = (5 if style != "tight" else 3) if goal else 0 if is_end else 3
        column = columns[-1] + (last if style == "inline" else items[-1][1]) + tail
        column = max(column, columns[-1] + last + 1)
        goal_room = min(number, _GIVEN)
        size = column + (0 if not goal else goal + 1 + goal_room if style == "inline" else max(goal, goal_room))
        size += 0 if is_end else 1
        margin = 0 if is_start else 2
        if size + margin <= width:
            slack = min(_SLACK, (width - size - margin) // len(items))
            margin += (width - size - margin - slack * len(items)) // 2
            spread = _centred(
                items, style, number, [margin + place + slack * index for index, place in enumerate(columns)]
            )
            return _Plan(spread, margin + column + slack * len(items), style, number)
    return None


def _columns(items: Sequence[_Size], slopes: Sequence[int], style: _Style, number: int) -> list[int]:
    """Return the first cell of each item, as close together as the style allows, the slopes below in mind."""
    columns, node, link = [0], 0, 0
    for (at, before), after in zip(enumerate(items), items[1:], strict=False):
        gap = _GAPS[style][before[3], after[3]]
        extent = _extent(before, style, number)
        if style == "inline":
            column = columns[at] + extent + gap
        else:
            column = columns[at] + max(before[0] + before[1] + _blank(before, style) + gap, extent + 1)
        if after[3]:
            value = min(items[node][2], number) + 1
            need = slopes[link] + 1 + _NUMBER + len("◀─  ") if style == "inline" else max(value, number + 1)
            column = max(column, columns[node] + need)
            node, link = at + 1, link + 1
        columns.append(column)
    return columns


def _centred(items: Sequence[_Size], style: _Style, number: int, columns: list[int]) -> tuple[int, ...]:
    """Bring the signs of activations to the middle of their links."""
    for at, (sign, name, _, _, has_value) in enumerate(items):
        if not has_value and sign and not name:
            start = columns[at - 1] + items[at - 1][1] + (1 + min(items[at - 1][2], number) if style == "inline" else 0)
            room = columns[at + 1] - start - sign
            columns[at] = start + max((room - 1) // 2, 1)
    return tuple(columns)


def _blank(item: _Size, style: _Style) -> int:
    """Return 1 where a blank stands between sign and name."""
    return 1 if item[0] and item[1] and style != "tight" else 0


def _extent(item: _Size, style: _Style, number: int) -> int:
    """Return how many cells an item takes with its value."""
    sign, name, room, _, has_value = item
    lead = sign + _blank(item, style)
    if not has_value:
        return lead + name if style == "inline" else 0
    return lead + name + 1 + min(room, number) if style == "inline" else lead + min(room, number)


# Drawing


def _cells(chain: _Chain, plan: _Plan) -> Iterator[tuple[_Item, tuple[int, int]]]:
    """Yield each item with its first cell and that of what follows it."""
    return zip(chain.items, pairwise((*plan.columns, plan.end)), strict=True)


def _draw_item(canvas: Canvas, item: _Item, cells: tuple[int, int], plan: _Plan) -> int:
    """Draw an item; return the first cell behind it in its line. A long value takes from the link behind it."""
    column, following = cells
    if item.sign:
        column = canvas.put(0, column, item.sign, "accent" if item.lit else "muted", item.lit)
        column += 1 if item.name and plan.style != "tight" else 0
    behind = canvas.put(0, column, item.name, item.role, item.lit)
    if not item.value:
        return behind
    number = min(item.room, plan.number)
    if plan.style != "inline":
        text = fitted(item.value, max(number, min(_SLOPE, following - 1 - column)))
        canvas.put(1, column, text, value_role(text, item.role), item.lit)
        return behind
    text = fitted(item.value, max(number, min(_SLOPE, following - 3 - behind - 1)))
    canvas.put(0, behind, " ", item.role, item.lit)
    return canvas.put(0, behind + 1, text, value_role(text, item.role), item.lit)


def _draw_links(canvas: Canvas, chain: _Chain, plan: _Plan, ends: Sequence[int]) -> None:
    """Draw the links, from the end of each item to the next one, with ▶ before a node."""
    tight, link = plan.style == "tight", 0
    spaces = zip(ends, plan.columns[1:], strict=False)
    for (item, following), (start, end) in zip(pairwise(chain.items), spaces, strict=True):
        lit = chain.links[link].lit
        gap = end - start
        before = 1 if gap > 3 or (item.is_node and (gap > 2 or not tight)) else 0
        after = 1 if following.is_node or gap > 2 else 0
        stroke = ("═" if lit else "─") * (end - after - start - before)
        if following.is_node:
            stroke = stroke[:-1] + "▶"
            link += 1
        canvas.put(0, start + before, stroke, "accent" if lit else "muted", lit)
    start = ends[-1] + (plan.end - ends[-1] > 3)
    if chain.target is not None:
        lit = chain.target.lit
        canvas.put(0, start, "◀" + ("═" if lit else "─") * (plan.end - start - 2), "accent" if lit else "muted", lit)
    elif not chain.is_end:
        canvas.put(0, start, "─" * (plan.end - 1 - start) + " …", "muted")
    if not chain.is_start:
        canvas.put(0, plan.columns[0] - 2, "…", "muted")


def _draw_slopes(canvas: Canvas, picture: DiagramPicture, chain: _Chain, plan: _Plan) -> None:
    """Draw the slopes that are known, each below its link, flowing back."""
    nodes = [column for item, column in zip(chain.items, plan.columns, strict=True) if item.is_node]
    for link, (start, end) in zip(chain.links, pairwise(nodes), strict=False):
        value = picture.text(link.slope)
        if not value:
            continue
        text, lit = fitted(value, plan.number), link.slope == picture.focus
        line_role: Role = "accent" if lit else "muted"
        if plan.style == "inline":
            spare = end - 1 - start - len(f"◀─ {link.name} ") - _NUMBER
            first = start + min(spare, _NUMBER)
            text = fitted(value, max(_NUMBER, end - 1 - first - len(f"◀─ {link.name} ")))
            stroke = ("═" if lit else "─") * (1 + (spare > 5))
            column = canvas.put(1, first, "◀" + stroke + " ", line_role, lit)
            column = canvas.put(1, column, f"{link.name} ", "gradient", lit)
            column = canvas.put(1, column, text, value_role(text, "gradient"), lit)
            canvas.put(1, column, " " + ("═" if lit else "─") * (end - 2 - column), line_role, lit)
            continue
        room = end - start
        name = f"{link.name} " if lit or room >= len(link.name) + plan.number + 4 else ""
        arrow = "" if room < plan.number + 3 else "◀═ " if lit and name else "◀─ " if name else "◀ "
        taken = len(arrow) + len(name) + plan.number
        column = start + max(0, (room - taken) // 2) if taken < room else max(0, end - 1 - taken)
        column = canvas.put(2, column, arrow, line_role, lit)
        column = canvas.put(2, column, name, "gradient", lit)
        canvas.put(2, column, text, value_role(text, "gradient"), lit)


def _draw_gradients(canvas: Canvas, picture: DiagramPicture, chain: _Chain, plan: _Plan, layer: int) -> None:
    """Draw what belongs to a layer's weight: ∂L/∂w and the new weight, the bias' too, or the one in question."""
    row = 2 if plan.style == "inline" else 3
    start = plan.columns[chain.weights[layer]]
    after = chain.weights.get(layer + 1)
    room = (canvas.width if after is None else plan.columns[after] - 2) - start
    places = [(ref, column) for ref, column in _gradient_places(picture, chain, layer, room) if picture.text(ref)]
    ends = [column - 3 for _, column in places[1:]] + [room]
    for (ref, column), end in zip(places, ends, strict=False):
        lit = ref == picture.focus
        name, role = symbol(picture.network, picture.rows, ref), ref.role
        text = fitted(picture.text(ref), max(_SLOPE, end - column - len(name) - 1))
        column += start
        if ref.phase == "update" and len(places) > 1:
            canvas.put(row, column - 2, "⟶ ", "muted")
        column = canvas.put(row, column, f"{name} ", role, lit)
        canvas.put(row, column, text, value_role(text, role), lit)


def _gradient_places(picture: DiagramPicture, chain: _Chain, layer: int, room: int) -> list[tuple[Ref, int]]:
    """Return which numbers stand below a layer's weight, each with its distance from the weight."""
    focus = picture.focus
    extra: tuple[Quantity, ...] = ("dL_da", "da_dz", "delta", "delta_sample", "dz_dw", "dz_da")
    on_path = any(link.slope == focus for link in chain.links)
    if focus is not None and not on_path and (is_of(focus, *extra, layer=layer) or (layer == 1 and is_of(focus, "dX"))):
        return [(focus, 0)]
    new = Ref("step", layer, (0, 0)) if is_of(focus, "step", layer=layer) else Ref("W", layer, (0, 0))
    of_weight = [Ref("dW", layer, (0, 0)), new]
    of_bias = [] if picture.biases[layer - 1] is None else [Ref("db", layer, (0,)), Ref("b", layer, (0,))]
    pair = of_bias if is_of_bias(focus, layer) else of_weight
    for group in (of_weight + of_bias, pair):
        places, column = [], 0
        for ref in group:
            column += 3 if column else 0
            places.append((ref, column))
            column += len(symbol(picture.network, picture.rows, ref)) + 1 + _SLOPE
        if column <= room:
            return places
    known = [ref for ref in pair if picture.text(ref)]
    return [(focus if focus in pair else known[-1], 0)] if known and focus is not None else [(pair[-1], 0)]
