"""Where everything in the diagram of a layered network stands: its columns, its lines, and which units are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, feature, symbol, target
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture, given_room, is_of_weight, place_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

MAX_UNITS = 8
"""How many units of a layer are drawn at most; larger layers are folded."""

_LOSS = len(" ─┐ ▶ L ")
_WIDEST_GAP, _WIDEST_LINK = 36, 22

# How long a number may be, the least cells between two columns (after one that shows slopes, after the inputs),
# and whether the loss stands right of the targets or in the last line. The first that fits is taken.
_TIERS = (
    (10, 30, 30, True),
    (9, 22, 22, True),
    (8, 20, 20, True),
    (7, 14, 9, True),
    (7, 14, 9, False),
    (7, 13, 7, False),
    (6, 12, 6, False),
    (5, 8, 5, False),
    (5, 4, 4, False),
)
_CUT_TIER = 5  # from this tier on, layers are left out rather than squeezed further


@dataclass(frozen=True, slots=True)
class Grid:
    """How units stand in the lines: how many there are, how many a unit takes, the step from unit to unit."""

    rows: int
    unit: int
    step: int

    def lines(self, count: int) -> tuple[int, ...]:
        """Return the lines of so many units, spread evenly around the middle."""
        step = self.step if count < 2 else min(4, (self.rows - self.unit) // (count - 1))
        top = (self.rows - (step * (count - 1) + self.unit) + 1) // 2
        return tuple(top + step * place for place in range(count))


@dataclass(frozen=True, slots=True)
class Column:
    """A layer of units (0: the inputs): which are drawn (None: some are folded away), on which lines, from which cell.

    `count` is how many units there are; `name` and `number` are the cells for a name and for a number.
    """

    layer: int
    units: tuple[int | None, ...]
    lines: tuple[int, ...]
    count: int
    name: int
    number: int
    start: int = 0

    @property
    def is_folded(self) -> bool:
        """Whether units are left out."""
        return self.count > len(self.units) or None in self.units

    @property
    def width(self) -> int:
        """The cells that its names and numbers take."""
        return 2 * self.is_folded + self.name + 1 + self.number

    @property
    def end(self) -> int:
        """The first cell behind it."""
        return self.start + self.width

    def line_of(self, unit: int) -> int | None:
        """The line of a unit, None where it is folded away."""
        return self.lines[self.units.index(unit)] if unit in self.units else None


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """The columns that are drawn, the first cell of the targets, and of the loss (0: it stands in the last line)."""

    grid: Grid
    columns: tuple[Column, ...]
    targets: int
    bar: int
    number: int
    more_before: bool
    more_after: bool


def wanted_rows(network: Network, rows: int) -> int:
    """Return how many of these lines the columns take, which leaves some of them to others unless there are many."""
    most = min(MAX_UNITS, max(network.inputs, *(layer.units for layer in network.layers)))
    return grid_of(network, rows if rows >= 14 or most < 3 else min(rows, 3 * most - 1)).rows


def grid_of(network: Network, rows: int) -> Grid:
    """Spread the largest layer over the lines: two lines for a unit where there is room, else one."""
    most = min(MAX_UNITS, max(network.inputs, *(layer.units for layer in network.layers)), max(1, rows))
    unit = 2 if 2 * most <= rows else 1
    step = min(4, (rows - unit) // (most - 1)) if most > 1 else 1
    return Grid(step * (most - 1) + unit, unit, step)


def plan_of(picture: DiagramPicture, grid: Grid, width: int) -> ColumnPlan | None:
    """Return the places of the columns: of all, or of those around the number in question; None if not one fits."""
    depth = len(picture.network.layers)
    columns = [_column(picture, layer, grid) for layer in range(depth + 1)]
    focus = picture.focus
    centre = depth if focus is None else focus.layer or (1 if focus.quantity == "dX" else depth)
    first, last = 0, depth
    for tier in _TIERS[:_CUT_TIER]:
        plan = _placed(picture, grid, columns, width, tier)
        if plan is not None:
            return plan
    while last >= first:
        for tier in _TIERS[_CUT_TIER:] if last - first < 3 else _TIERS[_CUT_TIER : _CUT_TIER + 2]:
            plan = _placed(picture, grid, columns[first : last + 1], width, tier)
            if plan is not None:
                return plan
        if last - centre >= centre - first:
            last -= 1
        else:
            first += 1
    return None


def _placed(
    picture: DiagramPicture, grid: Grid, columns: list[Column], width: int, tier: tuple[int, int, int, bool]
) -> ColumnPlan | None:
    number, after_units, after_inputs, with_loss = tier
    depth = len(picture.network.layers)
    more_before, more_after = columns[0].layer > 0, columns[-1].layer < depth
    if with_loss and more_after:
        return None
    sizes = [2 * column.is_folded + column.name + 1 + _number(picture, column.layer, number) for column in columns]
    gaps = [after_units if column.layer and grid.unit == 1 else after_inputs for column in columns[:-1]]
    goal = 0
    if not more_after and picture.targets is not None:
        goal = len(target(picture.network, picture.rows, picture.row, depth and len(picture.targets) - 1))
        goal += 1 + min(number, given_room(picture.targets))
    link = (5 if grid.unit == 2 else after_units + 1) if goal else 0
    used = 2 * (more_before + more_after) + sum(sizes) + sum(gaps) + link + goal + (_LOSS + number if with_loss else 0)
    spare = width - used
    if spare < 0:
        return None
    while spare >= len(gaps) + (link > 0) and gaps and max(gaps) < _WIDEST_GAP:
        gaps = [gap + 1 for gap in gaps]
        spare -= len(gaps)
        if link and link < _WIDEST_LINK:
            link, spare = link + 1, spare - 1
    start = 2 * more_before + spare // 2
    placed = []
    for column, size, gap in zip(columns, sizes, [*gaps, link], strict=True):
        placed.append(
            Column(
                column.layer,
                column.units,
                column.lines,
                column.count,
                column.name,
                _number(picture, column.layer, number),
                start,
            )
        )
        start += size + gap
    bar = start + goal + 2 if with_loss else 0
    return ColumnPlan(grid, tuple(placed), start, bar, number, more_before, more_after)


def _number(picture: DiagramPicture, layer: int, number: int) -> int:
    return number if layer else min(number, given_room(picture.inputs))


def _column(picture: DiagramPicture, layer: int, grid: Grid) -> Column:
    """Return a column, not yet placed: the units that are drawn, and how long their names may be."""
    network, rows, row = picture.network, picture.rows, picture.row
    count = network.layers[layer - 1].units if layer else network.inputs
    room = (grid.rows - grid.unit) // max(1, grid.step) + 1
    units = _visible(count, min(room, MAX_UNITS), unit_in_focus(picture, layer))
    names = [name_of_unit(picture, layer, count - 1)]
    if layer and network.layers[layer - 1].activation != "identity":
        names.append(symbol(network, rows, Ref("z", layer, (row, count - 1))))
    return Column(layer, units, grid.lines(len(units)), count, max(map(len, names)), 0)


def _visible(count: int, room: int, focus: int | None) -> tuple[int | None, ...]:
    """Return the units that are drawn; None stands for those that are folded away, and the one in focus never is.

    They are the first ones and the last two; a unit in focus that is none of these takes the place of the last but one,
    so that all others stay where they are.
    """
    if count <= room:
        return tuple(range(count))
    if room < 3:
        return (focus or 0, None)[:room]
    last = min(room - 1, 3) - 1
    first = room - 1 - last
    end = tuple(range(count - last, count))
    if focus is not None and first <= focus < end[0]:
        end = (focus, *end[1:])
    return (*range(first), None, *end)


def unit_in_focus(picture: DiagramPicture, layer: int) -> int | None:
    """Return the unit of a layer that the number in question belongs to, None where there is none."""
    focus = picture.focus
    if focus is None or focus.index is None:
        return None
    at = focus.layer or (0 if focus.quantity == "dX" else len(picture.network.layers))
    if is_of_weight(focus):
        out, into = place_of(focus)
        return out if at == layer else into if at == layer + 1 else None
    return focus.index[-1] if at == layer else None


def name_of_unit(picture: DiagramPicture, layer: int, unit: int) -> str:
    """Return the name of an activation, or of an input in layer 0."""
    if layer == 0:
        return feature(picture.network, picture.rows, picture.row, unit)
    return activation(picture.network, picture.rows, layer, picture.row, unit)
