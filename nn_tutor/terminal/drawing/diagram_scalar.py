"""The diagram of a network of single weights: one chain from x to L, slopes below it, then gradients and new weights.

Where there is room, values stand behind their names, on three lines. Else they stand below them, on four, and where
even that is too wide, the chain is cut to the layers around the number in question. Each slope stands under what it
belongs to: ∂L/∂a and δ under a and z, ∂L/∂w under w; on a line of their own where there are lines enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from nn_tutor.calculus.names import symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.terminal.drawing.diagram_below import SHORTEST, Below, write_below
from nn_tutor.terminal.drawing.diagram_chain import NUMBER, Chain, Item, chain_of
from nn_tutor.terminal.drawing.diagram_parts import (
    LONGEST,
    Canvas,
    DiagramPicture,
    draw_caption,
    fitted,
    is_of,
    is_of_bias,
    value_role,
)

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.terminal.drawing.ink import Drawing, Role

INLINE_HEIGHT, STACKED_HEIGHT = 3, 4
ROOMY = 8
"""The height in lines from which the slopes of nodes have a line of their own."""

_SLOPE = 8
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
class _ChainPlan:
    """Where the items begin and where the target does, in which style, and how long a number may be."""

    columns: tuple[int, ...]
    end: int
    style: _Style
    number: int


def scalar_height(picture: DiagramPicture, width: int, height: int) -> int:
    """Return how many lines the chain takes in this width where `height` are there; the same at every step."""
    plan = _plan(chain_of(picture, 1, len(picture.network.layers)), width)
    lines = INLINE_HEIGHT if plan is not None and plan.style == "inline" else STACKED_HEIGHT
    return lines + (height >= ROOMY and _has_node_slopes(picture.network))


def _has_node_slopes(network: Network) -> bool:
    """Whether slopes belong to nodes, and not to links or weights alone."""
    return len(network.layers) > 1 or network.layers[0].activation != "identity"


def draw_scalar(picture: DiagramPicture, width: int, height: int) -> Drawing:
    """Draw the chain on at most `height` lines of at most `width` cells."""
    chain, plan = _fitting(picture, width)
    if plan is None:
        canvas = Canvas(width, STACKED_HEIGHT)
        draw_caption(canvas, picture, 0, (0, width))
        return canvas.drawing()[:height]
    lines = INLINE_HEIGHT if plan.style == "inline" else STACKED_HEIGHT
    has_own_line = height > lines and _has_node_slopes(picture.network)
    canvas = Canvas(width, lines + has_own_line)
    ends = [_draw_item(canvas, item, cells, plan) for item, cells in _cells(chain, plan)]
    _draw_links(canvas, chain, plan, ends)
    if chain.target is not None:
        _draw_item(canvas, chain.target, (plan.end, width + 3), plan)
    _draw_slopes(canvas, picture, chain, plan)
    nodes = (*_below_nodes(picture, chain, plan), *_beyond(picture, chain, width))
    weights = [one for layer in chain.weights for one in _below_weight(picture, chain, plan, layer, width)]
    if has_own_line:
        write_below(canvas, lines - 1, nodes)
        write_below(canvas, lines, weights)
    else:
        write_below(canvas, lines - 1, (*nodes, *weights))
    return canvas.drawing()[:height]


# Which part of the chain


def _fitting(picture: DiagramPicture, width: int) -> tuple[Chain, _ChainPlan | None]:
    """Return the chain with its places: the whole, or the layers around the number in question that fit."""
    first, last = 1, len(picture.network.layers)
    focus = picture.focus
    centre = last if focus is None else focus.layer or (1 if focus.quantity == "dX" else last)
    while True:
        chain = chain_of(picture, first, last)
        plan = _plan(chain, width)
        if plan is not None or first == last:
            return chain, plan
        if last - centre > centre - first:
            last -= 1
        else:
            first += 1


# Where everything stands


def _plan(chain: Chain, width: int) -> _ChainPlan | None:
    """Return the places of a chain in the first style in which it fits; None where it fits in none."""
    items = tuple((len(item.sign), len(item.name), item.room, item.is_node, bool(item.value)) for item in chain.items)
    slopes = tuple(len(link.name) for link in chain.links)
    goal = len(chain.target.name) if chain.target is not None else 0
    goal_room = 0 if chain.target is None else chain.target.room
    return _plan_of(items, slopes, (goal, goal_room), chain.is_start, chain.is_end, width)


_Size = tuple[int, int, int, bool, bool]


@lru_cache(maxsize=256)
def _plan_of(
    items: tuple[_Size, ...],
    slopes: tuple[int, ...],
    of_goal: tuple[int, int],
    is_start: bool,
    is_end: bool,
    width: int,
) -> _ChainPlan | None:
    goal, room = of_goal
    for style, number in _STYLES if is_start and is_end else _STYLES[_FIRST_STACKED:]:
        columns = _columns(items, slopes, style, number)
        last = _extent(items[-1], style, number)
        tail = (5 if style != "tight" else 3) if goal else 0 if is_end else 3
        column = columns[-1] + (last if style == "inline" else items[-1][1]) + tail
        column = max(column, columns[-1] + last + 1)
        goal_room = min(number, room)
        size = column + (0 if not goal else goal + 1 + goal_room if style == "inline" else max(goal, goal_room))
        size += 0 if is_end else 1
        margin = 0 if is_start else 2
        if size + margin <= width:
            slack = min(_SLACK, (width - size - margin) // len(items))
            margin += (width - size - margin - slack * len(items)) // 2
            spread = _centred(
                items, style, number, [margin + place + slack * index for index, place in enumerate(columns)]
            )
            return _ChainPlan(spread, margin + column + slack * len(items), style, number)
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
            need = slopes[link] + 1 + NUMBER + len("◀─  ") if style == "inline" else max(value, number + 1)
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


def _cells(chain: Chain, plan: _ChainPlan) -> Iterator[tuple[Item, tuple[int, int]]]:
    """Yield each item with its first cell and that of what follows it on the line of its value."""
    following = plan.end
    placed = []
    for item, column in reversed(tuple(zip(chain.items, plan.columns, strict=True))):
        placed.append((item, (column, following)))
        if item.value or plan.style == "inline":
            following = column
    yield from reversed(placed)


def _draw_item(canvas: Canvas, item: Item, cells: tuple[int, int], plan: _ChainPlan) -> int:
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
        text = fitted(item.value, max(number, min(LONGEST, following - 1 - column)))
        canvas.put(1, column, text, value_role(text, item.role), item.lit)
        return behind
    text = fitted(item.value, max(number, min(LONGEST, following - 3 - behind - 1)))
    canvas.put(0, behind, " ", item.role, item.lit)
    return canvas.put(0, behind + 1, text, value_role(text, item.role), item.lit)


def _draw_links(canvas: Canvas, chain: Chain, plan: _ChainPlan, ends: Sequence[int]) -> None:
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


def _draw_slopes(canvas: Canvas, picture: DiagramPicture, chain: Chain, plan: _ChainPlan) -> None:
    """Draw the slopes that are known, each below its link, flowing back."""
    nodes = [column for item, column in zip(chain.items, plan.columns, strict=True) if item.is_node]
    for link, (start, end) in zip(chain.links, pairwise(nodes), strict=False):
        value = picture.text(link.slope)
        if not value:
            continue
        text, lit = fitted(value, plan.number), link.slope == picture.focus
        line_role: Role = "accent" if lit else "muted"
        if plan.style == "inline":
            longest = max(NUMBER, min(len(value), LONGEST))
            spare = max(0, end - 1 - start - len(f"◀─ {link.name} ") - longest)
            first = start + min(spare, NUMBER)
            text = fitted(value, max(NUMBER, end - 1 - first - len(f"◀─ {link.name} ")))
            stroke = ("═" if lit else "─") * (1 + (spare > 5))
            column = canvas.put(1, first, "◀" + stroke + " ", line_role, lit)
            column = canvas.put(1, column, f"{link.name} ", "gradient", lit)
            column = canvas.put(1, column, text, value_role(text, "gradient"), lit)
            canvas.put(1, column, " " + ("═" if lit else "─") * (end - 2 - column), line_role, lit)
            continue
        room = end - start
        name = f"{link.name} " if lit or room >= len(link.name) + plan.number + 4 else ""
        arrow = "" if room < plan.number + 3 else "◀═ " if lit and name else "◀─ " if name else "◀ "
        text = fitted(value, max(plan.number, min(LONGEST, room - 1 - len(arrow) - len(name))))
        taken = len(arrow) + len(name) + max(plan.number, len(text))
        column = start + max(0, (room - taken) // 2) if taken < room else max(0, end - 1 - taken)
        column = canvas.put(2, column, arrow, line_role, lit)
        column = canvas.put(2, column, name, "gradient", lit)
        canvas.put(2, column, text, value_role(text, "gradient"), lit)


# Below the chain


def _below_nodes(picture: DiagramPicture, chain: Chain, plan: _ChainPlan) -> Iterator[Below]:
    """Yield the slopes of L with respect to the nodes, each under its own: δ under z, ∂L/∂a under a."""
    for node, place in chain.nodes.items():
        ref = _slope_of_node(picture, node)
        if ref is None or not picture.text(ref):
            continue
        lit, is_update = ref == picture.focus, picture.phase == "update"
        rank = 0 if lit else (4 if is_update else 1) if ref.quantity in ("delta", "delta_sample") else 5
        name = symbol(picture.network, picture.rows, ref)
        yield Below(rank, plan.columns[place], name, picture.text(ref), ref.role, lit)


def _beyond(picture: DiagramPicture, chain: Chain, width: int) -> Iterator[Below]:
    """Yield the δ of the layer behind a cut, at the right end: so those of a deep chain are seen together."""
    layer = max(chain.weights) + 1
    delta = Ref("delta", layer, (picture.row, 0))
    if not chain.is_end and picture.text(delta):
        name, text = symbol(picture.network, picture.rows, delta), fitted(picture.text(delta), SHORTEST + 1)
        yield Below(4, width - len(name) - 1 - len(text), name, text, delta.role, lead="… ")


def _slope_of_node(picture: DiagramPicture, node: Ref) -> Ref | None:
    """Return the slope under a node: the one in question, else δ, or ∂L/∂a where z has a node of its own."""
    focus, layer, at = picture.focus, node.layer, node.index or (picture.row, 0)
    if layer == 0:
        return focus if focus is not None and is_of(focus, "dX") else None
    is_same = picture.network.layers[(layer or 1) - 1].activation == "identity"
    is_last = layer == len(picture.network.layers)
    of_z: tuple[Quantity, ...] = ("delta", "delta_sample")
    if focus is not None and is_of(focus, *(of_z if node.quantity == "z" or is_same else ()), layer=layer):
        return focus
    above = None if is_last else Ref("dL_da", layer, at)
    if node.quantity == "z":
        return Ref("delta", layer, at)
    if is_same and not is_last and focus != above:
        delta = Ref("delta", layer, at)
        return delta if picture.text(delta) else above
    return above


def _below_weight(picture: DiagramPicture, chain: Chain, plan: _ChainPlan, layer: int, width: int) -> Iterator[Below]:
    """Yield what belongs to a layer's weight: ∂L/∂w and the new weight, the bias' too, or the one in question."""
    start = plan.columns[chain.weights[layer]]
    after = chain.weights.get(layer + 1)
    room = (width if after is None else plan.columns[after] - 2) - start
    places = [(ref, column) for ref, column in _gradient_places(picture, layer, room) if picture.text(ref)]
    ends = [column - 3 for _, column in places[1:]] + [room]
    for (ref, column), end in zip(places, ends, strict=False):
        lit, name = ref == picture.focus, symbol(picture.network, picture.rows, ref)
        lead = "⟶ " if ref.phase == "update" and len(places) > 1 else ""
        rank = 0 if lit else 2 if ref.phase == "update" else 3
        longest = max(_SLOPE, end - column - len(name) - 1)
        text = fitted(picture.text(ref), longest)
        yield Below(rank, start + column, name, text, ref.role, lit, lead)


def _gradient_places(picture: DiagramPicture, layer: int, room: int) -> list[tuple[Ref, int]]:
    """Return which numbers stand below a layer's weight, each with its distance from the weight."""
    focus = picture.focus
    if focus is not None and is_of(focus, "dz_dw", layer=layer) and layer > 1:
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
