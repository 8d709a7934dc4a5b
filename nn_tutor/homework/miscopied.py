"""A given number that was copied wrongly: every number after it is off, and none of them is a slip of its own.

Where another value of a single input, target, weight, bias or of η explains all that is off on a sheet, and that is
more than one number, it is said to have been copied so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import bias, feature, rate_name, target, weight
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.sheet_views import Cell, Sheet, View
from nn_tutor.judging.mistakes.case import Candidate, Mistake, Slip
from nn_tutor.judging.rounding import NEVER, half_unit_of, places_of
from nn_tutor.network.evaluation import leaf_value
from nn_tutor.network.spec_error import SpecError
from nn_tutor.network.training import StoppedError

if TYPE_CHECKING:
    from nn_tutor.network.graph import Leaf
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Data, Network

LEAST = 2
"""How many numbers have to be off: one alone may be off for many a reason."""

_LOOKED_AT = 4
"""How many of the numbers that are off the given one is worked out from: the first may be too coarse to tell."""

_PLACES = 1
"""A number may have been copied with so many decimals more than it has."""


@dataclass(frozen=True, eq=False, slots=True)
class Miscopied:
    """A given number as it was copied: its name, and the sheet as it reads with it."""

    name: str
    taken: float
    given: float
    sheet: Sheet

    @property
    def candidate(self) -> Candidate:
        """The mistake that explains the first number that is off."""
        mistake = Mistake(
            "miscopied",
            f"took {self.name} as {numeral(self.taken)}",
            f"{self.name} is {numeral(self.given)} here, and all else that is off follows from it",
            lambda case: (),
        )
        return Candidate(mistake, Slip(self.taken, self.name, numeral(self.taken), numeral(self.given)))


def miscopied(sheet: Sheet, order: Mapping[Ref, int]) -> Miscopied | None:
    """Return the given number, wrongly copied, that explains all that is off on a sheet of one pass.

    It is worked out from the first numbers that are off, in the `order` of the pass.
    """
    off = sorted(sheet.suspects(), key=lambda cell: (cell.number, order[sheet.view.ref(cell)]))
    if len(off) < LEAST or off[0].number != 1:
        return None
    in_one_layer = sheet.unexplained(most=LEAST) < LEAST
    tried: set[tuple[Leaf, float]] = set()
    for cell in off[:_LOOKED_AT]:
        for leaf, taken in _taken(sheet, cell):
            if (leaf, taken) in tried or (in_one_layer and leaf.kind == "learning_rate"):
                continue  # of new weights of one layer alone another slope says as much as another η
            tried.add((leaf, taken))
            own = sheet.own(1)
            other = _with(sheet.view, leaf, own.passed.rows, taken)
            if other is not None and _explains(read := Sheet(other, sheet.cells)):
                given = leaf_value(own.network, own.passed, leaf)
                return Miscopied(_name(own.network, own.rows, leaf), taken, given, read)
    return None


def _taken(sheet: Sheet, cell: Cell) -> Iterator[tuple[Leaf, float]]:
    """What each given number must have been taken as, for a number to come out as it stands on the sheet."""
    own, ref, mine = sheet.own(cell.number), sheet.view.ref(cell), sheet.view.own(cell)
    value = own.value(ref)
    if value is None or not math.isfinite(value):
        return
    reach = own.slack(ref) + mine.half_unit
    for leaf, slope in own.slopes_of_given(ref):
        given = leaf_value(own.network, own.passed, leaf)
        for taken in _written(given, given + (mine.value - value) / slope, reach / abs(slope)):
            yield leaf, taken


def _written(given: float, taken: float, reach: float) -> Iterator[float]:
    """The numbers that may stand on paper in the place of a given one, as short as that: those within reach."""
    places = places_of(given)
    for decimals in range(places, places + _PLACES + 1) if places != NEVER else ():
        number = round(taken, decimals) + 0.0
        if number != given and abs(number - taken) <= reach and reach < half_unit_of(decimals):
            yield number
            return


def _explains(sheet: Sheet) -> bool:
    try:
        return next(sheet.suspects(), None) is None
    except (StoppedError, SpecError):  # no run, or no network: nobody has copied that
        return False


def _with(view: View, leaf: Leaf, rows: tuple[int, ...], value: float) -> View | None:
    """The view of a network or of data with one given number changed; None where there can be none such."""
    try:
        if leaf.kind in ("input", "target"):
            return replace(view, data=_with_data(view.data, leaf, rows, value), _timeline=[], true_passes={})
        return replace(view, network=_with_network(view.network, leaf, value), _timeline=[], true_passes={})
    except SpecError:
        return None


def _with_data(data: Data, leaf: Leaf, rows: tuple[int, ...], value: float) -> Data:
    row, place = rows[leaf.index[0]], leaf.index[1]
    whole = data.inputs if leaf.kind == "input" else data.targets or ()
    changed = tuple(_put(own, place, value) if number == row else own for number, own in enumerate(whole))
    return replace(data, inputs=changed) if leaf.kind == "input" else replace(data, targets=changed)


def _with_network(network: Network, leaf: Leaf, value: float) -> Network:
    if leaf.kind == "learning_rate":
        return replace(network, learning_rate=value)
    layer = network.layers[leaf.layer - 1]
    if leaf.kind == "bias":
        layer = replace(layer, biases=_put(layer.biases or (), leaf.index[0], value))
    else:
        out, into = leaf.index
        weights = layer.weights or ()
        layer = replace(layer, weights=(*weights[:out], _put(weights[out], into, value), *weights[out + 1 :]))
    return replace(network, layers=(*network.layers[: leaf.layer - 1], layer, *network.layers[leaf.layer :]))


def _put(numbers: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    return (*numbers[:place], value, *numbers[place + 1 :])


def _name(network: Network, rows: int, leaf: Leaf) -> str:
    match leaf.kind:
        case "input":
            return feature(network, rows, *leaf.index)
        case "target":
            return target(network, rows, *leaf.index)
        case "weight":
            return weight(network, leaf.layer, leaf.index)
        case "bias":
            return bias(network, leaf.layer, leaf.index[0])
        case _:
            return rate_name(network)
