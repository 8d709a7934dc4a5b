"""The samples of a batch as a small table: what of each may be seen, so that every number of a sum is at hand.

What may be seen of a number is decided in `visible.py`; here numbers are only put side by side. An error that would be
the answer to a question of this pass is covered until that is found.
"""

from __future__ import annotations

from collections.abc import Iterator

from nn_tutor.calculus.names import feature, symbol, target
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.network.graph import Leaf, graph_of
from nn_tutor.network.quantities import Quantity, Ref, has_rows, layers_of, shape_of
from nn_tutor.network.records import value_of
from nn_tutor.tutor.visible import Covered, View
from nn_tutor.walkthrough.order import is_shown

SAME = 1e-9
"""Numbers nearer to each other than this, as a part of their size, are the same to a reader."""

OWN_RANK, MAX_RANK = 1, 5
"""The rank of the number in question, and up to which the columns rank that are always there.

The others are there while the number in question needs them, or is one of theirs.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A number that each sample has: its name, without the sample's, and what may be seen of it, sample by sample.

    `ref` is the number of the first sample, None for an input, a target or an error. Where room is short, the columns
    of the highest rank are left out first; what the number in question is made from ranks 0.
    """

    name: str
    cells: tuple[str | Covered, ...]
    rank: int
    ref: Ref | None = None

    @property
    def is_needed(self) -> bool:
        """Whether the number in question is made from it."""
        return self.rank == 0


@dataclass(frozen=True, slots=True)
class Batch:
    """The samples of a pass, a row each; `row` is the one that is in question, counted from 0, None where all are.

    `tells_needed` says that the columns from which the number in question is made may be told from the others: while
    its rule is covered they would tell it.
    """

    columns: tuple[Column, ...]
    samples: int
    row: int | None
    tells_needed: bool = True


def batch_of(view: View) -> Batch | None:
    """Return the samples that a pass sees; None where it sees only one, which stands in the diagram."""
    if view.samples < 2:
        return None
    return Batch(tuple(_columns(view, _needed(view))), view.samples, view.focus.row, view.shows_rule(view.focus))


Key = tuple[str, int | None, tuple[int, ...]]
"""What a column holds: a quantity, or "input" or "target", its layer, and its index without the sample."""


def _needed(view: View) -> frozenset[Key]:
    """The columns from which the number in question is made; in a pass of one's own that would tell its rule."""
    found: set[Key] = set()
    if view.is_own:
        return frozenset()
    for argument in graph_of(view.network, view.samples).as_printed(view.focus).arguments:
        if isinstance(argument, Leaf):
            if argument.kind in ("input", "target"):
                found.add((argument.kind, None, argument.index[1:]))
        elif has_rows(argument.quantity):
            found.add((argument.quantity, argument.layer, (argument.index or ())[1:]))
    return frozenset(found)


def _columns(view: View, needed: frozenset[Key]) -> Iterator[Column]:
    """The columns in the order in which a pass comes to them, the targets beside the outputs."""
    network, passed, depth = view.network, view.passed, len(view.network.layers)
    for unit in range(network.inputs):
        cells = tuple(map(numeral, passed.X[:, unit]))
        yield Column(feature(network, 1, 0, unit), cells, _rank(("input", None, (unit,)), needed, 4))
    for layer in range(1, depth + 1):
        yield from _quantity(view, "z", layer, needed, 6)
        yield from _quantity(view, "a", layer, needed, 1 if layer == depth else 5)
    if passed.Y is not None:
        for unit in range(network.outputs):
            cells = tuple(map(numeral, passed.Y[:, unit]))
            yield Column(target(network, 1, 0, unit), cells, _rank(("target", None, (unit,)), needed, 1))
        if network.loss.has_error and not view.is_own:  # there the learner takes it
            yield from _errors(view)
    yield from _quantity(view, "dL_do", None, needed, 3)
    for layer in range(depth, 0, -1):
        if layer < depth:
            yield from _quantity(view, "dL_da", layer, needed, 6)
        yield from _quantity(view, "da_dz", layer, needed, 6)
        yield from _quantity(view, "delta", layer, needed, 3 if layer == depth else 6)


def _quantity(view: View, quantity: Quantity, layer: int | None, needed: frozenset[Key], rank: int) -> Iterator[Column]:
    """The columns of a quantity of a layer, where the screen has it."""
    network, rows = view.network, view.samples
    if layer not in layers_of(network, quantity):
        return
    units = shape_of(network, rows, quantity, layer)[1:]
    if len(units) > 1:  # the slopes of softmax, which are a matrix for each sample
        return
    for unit in range(units[0]):
        first = Ref(quantity, layer, (0, unit))
        key: Key = (quantity, layer, (unit,))
        own_rank = _rank(key, needed, OWN_RANK if _is_asked(view, key) else rank)
        if own_rank > MAX_RANK:
            continue
        if view.is_own and not any(Ref(quantity, layer, (row, unit)) in view.refs for row in range(rows)):
            continue
        if key not in needed and not is_shown(network, rows, first):
            continue
        cells = tuple(view.value(Ref(quantity, layer, (row, unit))) for row in range(rows))
        yield Column(symbol(network, 1, first), cells, own_rank, first)


def _is_asked(view: View, key: Key) -> bool:
    """Whether a column is that of the number in question."""
    focus = view.focus
    return key == (focus.quantity, focus.layer, (focus.index or ())[1:])


def _errors(view: View) -> Iterator[Column]:
    """The errors of the outputs that are known, as the sheet of the network takes them."""
    network, passed, depth = view.network, view.passed, len(view.network.layers)
    asked = [value_of(passed, ref) for ref in view.unsettled]
    for unit in range(network.outputs):
        o, y = symbol(network, 1, Ref("a", depth, (0, unit))), target(network, 1, 0, unit)
        is_flipped = network.conventions.flips_error
        cells: list[str | Covered] = []
        for row in range(view.samples):
            output = Ref("a", depth, (row, unit))
            error = value_of(passed, output) - float(passed.Y[row, unit] if passed.Y is not None else 0.0)
            tells = any(abs(abs(error) - abs(value)) <= SAME * abs(value) for value in asked)
            if output not in view.known:
                cells.append(Covered.NOT_YET)
            else:
                cells.append(Covered.ASKED if tells else numeral(-error if is_flipped else error))
        yield Column(f"{y} − {o}" if is_flipped else f"{o} − {y}", tuple(cells), 2)


def _rank(key: Key, needed: frozenset[Key], rank: int) -> int:
    return 0 if key in needed else rank
