"""The conventions that a whole sheet may be written in, and the sheet as it reads in each of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from statistics import median_high
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.homework.own_numbers import Own, OwnNumbers, is_within
from nn_tutor.judging.conventions import (
    CHANGE,
    IN_OUT,
    MINUS_SLOPE,
    OUTPUT_MINUS_TARGET,
    TARGET_MINUS_OUTPUT,
    THRESHOLD,
    other_losses,
)
from nn_tutor.judging.replay import replayed_pass
from nn_tutor.judging.rounding import half_unit_of, places_of
from nn_tutor.network.quantities import Quantity, Ref, shown_sign
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.training import StoppedError, Timeline

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Mistake
    from nn_tutor.judging.reading import Reading
    from nn_tutor.network.spec import Data, Layer, Network

_ERRORS: frozenset[Quantity] = frozenset({"dL_do", "dL_da", "delta", "delta_sample"})
_SLOPES: frozenset[Quantity] = frozenset({"dW", "db", "dX"})
_STEPS: frozenset[Quantity] = frozenset({"step"})
_BIASES: frozenset[Quantity] = frozenset({"db", "b"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A number on a sheet: of which pass and what it is, and how it was read.

    `sign` is −1 where its name alone says that it stands there with the other sign: Δw beside a step, −∂L/∂o.
    """

    number: int
    ref: Ref
    reading: Reading
    sign: float = 1.0


@dataclass(frozen=True, eq=False)
class View:
    """A sheet read in certain conventions: the network as it is there, and the quantities that turn their sign."""

    names: tuple[Mistake, ...]
    network: Network
    data: Data
    turned: frozenset[Quantity] = frozenset()
    transposes: bool = False
    _timeline: list[Timeline] = field(default_factory=list)
    true_passes: dict[tuple[int, float], OwnNumbers] = field(default_factory=dict)
    """Passes without a number of the learner's, by number and unit; views of one network share them."""

    def of(self, network: Network, *names: Mistake, transposes: bool = False) -> View:
        """Return the view with another network, and more conventions."""
        return View((*self.names, *names), network, self.data, self.turned, transposes)

    def passed(self, number: int) -> Pass:
        """Return a pass of the run; raises `StoppedError`."""
        if not self._timeline:
            self._timeline.append(Timeline(self.network, self.data))
        return self._timeline[0].at(number)

    def ref(self, cell: Cell) -> Ref:
        """Return what a cell stands for."""
        ref = cell.ref
        if not self.transposes or ref.quantity not in ("W", "dW", "step") or ref.index is None:
            return ref
        return ref._replace(index=ref.index[::-1]) if _is_square(self.network.layers[(ref.layer or 1) - 1]) else ref

    def sign(self, cell: Cell) -> float:
        """Return the sign that brings a cell's number into the tutor's own convention."""
        turn = -1.0 if cell.ref.quantity in self.turned else 1.0
        if cell.ref.quantity in ("db", "b") and THRESHOLD in self.names:
            turn = -1.0 if cell.ref.quantity == "b" else -turn
        return turn * cell.sign * shown_sign(self.network, cell.ref)

    def own(self, cell: Cell) -> Own:
        """Return a cell's number in the tutor's own convention."""
        return Own(self.sign(cell) * cell.reading.value + 0.0, cell.reading.half_unit)


class Sheet:
    """The cells of a sheet read in one view, worked through pass by pass with the learner's numbers in them.

    `more` are numbers that are not on the sheet, but are known from those that are, by pass.
    """

    def __init__(self, view: View, cells: Sequence[Cell], more: Mapping[int, Mapping[Ref, Own]] | None = None) -> None:
        self.view = view
        self.cells = cells
        self.unit = unit_of(view.network, cells)
        self.given: dict[int, dict[Ref, Own]] = {}
        for cell in cells:
            self.given.setdefault(cell.number, {})[view.ref(cell)] = view.own(cell)
        for number, found in (more or {}).items():
            self.given.setdefault(number, {}).update(found)
        self._own: dict[int, OwnNumbers] = {}

    @property
    def last(self) -> int:
        """The last pass on the sheet."""
        return max(self.given, default=1)

    def own(self, number: int) -> OwnNumbers:
        """Return a pass as it follows from the learner's numbers of it and of the passes before."""
        if number not in self._own:
            view, earlier = self.view, {}
            for one in range(1, number):
                earlier[one] = {ref: own.value for ref, own in self.given.get(one, {}).items()}
            base = replayed_pass(view.network, view.passed, number, earlier) or view.passed(number)
            slack = self.own(number - 1).after() if number > 1 else {}
            self._own[number] = OwnNumbers(view.network, base, self.given.get(number, {}), self.unit, slack)
        return self._own[number]

    def take(self, number: int, own: OwnNumbers) -> None:
        """Go on with a pass as it follows from something that is not on the sheet."""
        self._own[number] = own
        for later in [one for one in self._own if one > number]:
            del self._own[later]

    def true(self, number: int) -> OwnNumbers:
        """Return a pass as it is, for who has no number wrong and only rounds."""
        found = self.view.true_passes.get((number, self.unit))
        if found is None:
            slack = self.true(number - 1).after() if number > 1 else {}
            found = OwnNumbers(self.view.network, self.view.passed(number), {}, self.unit, slack)
            self.view.true_passes[number, self.unit] = found
        return found

    def is_right(self, number: int, ref: Ref, own: Own) -> bool:
        """Whether a number is right in this view, but for rounding."""
        true = self.true(number)
        return is_within(own.value, value_of(true.passed, ref), true.slack(ref) + own.half_unit)

    def follows(self, cell: Cell) -> bool:
        """Whether a cell follows from the learner's own numbers."""
        return self.own(cell.number).follows(self.view.ref(cell), self.view.own(cell))

    def unexplained(self, most: int | None = None) -> int:
        """Return in how many quantities, each of one layer and pass, there are suspects, counted up to `most`.

        A rule that is misremembered shows in every unit of a layer, and is one slip.
        """
        found = set()
        for cell in self.suspects():
            found.add((cell.number, cell.ref.quantity, cell.ref.layer))
            if len(found) == most:
                break
        return len(found)

    def suspects(self) -> Iterator[Cell]:
        """Yield the cells that neither follow from the learner's own numbers nor are right, in their order here."""
        for cell in self.cells:
            if not self.follows(cell) and not self.is_right(cell.number, self.view.ref(cell), self.view.own(cell)):
                yield cell


def unit_of(network: Network, cells: Sequence[Cell]) -> float:
    """Return half a unit of the last decimal that is usual on a sheet; never coarser than what one starts from."""
    units = [cell.reading.half_unit for cell in cells if cell.reading.half_unit]
    usual = median_high(units) if units else half_unit_of(4)
    given = [places_of(weight) for layer in network.layers for row in layer.weights or () for weight in row]
    return min(usual, half_unit_of(min(max(given, default=0), 9)))


def best_view(network: Network, data: Data, cells: Sequence[Cell], *, is_homework: bool) -> Sheet:
    """Return the sheet in the view that leaves the fewest slips; the network's own where none does better.

    Other conventions are looked for only on homework: a lesson says its own.
    """
    own = best = Sheet(View((), network, data), cells)
    fewest = best.unexplained()
    if not fewest or not is_homework:
        return best

    def better(views: Iterator[View]) -> None:
        nonlocal best, fewest
        for view in views:
            try:
                sheet = Sheet(view, cells)
                if view.network.loss != network.loss and _contradicts(sheet, own):
                    continue
                count = sheet.unexplained(most=fewest + 1)
            except StoppedError:
                continue
            if count < fewest or (count == fewest and best.view.names and len(view.names) < len(best.view.names)):
                best, fewest = sheet, count
            if not fewest:
                return

    present = frozenset(cell.ref.quantity for cell in cells)
    plain = best.view
    for stage in (_signs, _other_networks):
        if fewest:
            better(stage(plain, present))
    if fewest and best.view.names and best.view.network is plain.network:
        better(_other_networks(best.view, present))
    elif fewest > 1:
        better(_signs(best.view, present) if best.view.names else _both(plain, present))
    return best


def _contradicts(sheet: Sheet, own: Sheet) -> bool:
    """Whether a sheet has the network's own loss, and so no other one that it is read with."""
    losses = [cell for cell in sheet.cells if cell.ref.quantity == "loss"]
    return any(
        own.is_right(cell.number, cell.ref, own.view.own(cell))
        and not sheet.is_right(cell.number, cell.ref, sheet.view.own(cell))
        for cell in losses
    )


def _both(view: View, present: frozenset[Quantity]) -> Iterator[View]:
    """Another sign and another loss at once, where neither alone explains anything."""
    for other in _other_networks(view, present):
        yield from _signs(other, present)


def _signs(view: View, present: frozenset[Quantity]) -> Iterator[View]:
    """The sheet with its errors, slopes, steps or biases turned, as far as it has any."""
    groups = [group for group in (_ERRORS, _SLOPES, _STEPS) if group & present]
    turns = [combo for size in range(1, len(groups) + 1) for combo in itertools.combinations(groups, size)]
    for combo in turns:
        turned = frozenset().union(*combo)
        yield replace(view, names=(*view.names, *_names_of_signs(view.network, combo)), turned=turned)
    if _BIASES & present:
        for combo in [(), *turns]:
            names = (*view.names, *_names_of_signs(view.network, combo), THRESHOLD)
            yield replace(view, names=names, turned=frozenset[Quantity]().union(*combo))


def _names_of_signs(network: Network, groups: Sequence[frozenset[Quantity]]) -> Iterator[Mistake]:
    flips = network.conventions.flips_error
    if _ERRORS in groups:
        yield OUTPUT_MINUS_TARGET if flips else TARGET_MINUS_OUTPUT
    elif _SLOPES in groups:
        yield MINUS_SLOPE
    if _STEPS in groups:
        yield CHANGE


def _other_networks(view: View, present: frozenset[Quantity]) -> Iterator[View]:
    """The sheet under another loss, with its matrices read the other way, or its weights named so."""
    network = view.network
    rows = len(view.passed(1).rows)
    for loss, names in other_losses(network, rows):
        yield view.of(replace(network, loss=loss), *names)
    squares = [layer for layer in network.layers if _is_square(layer)]
    if not squares:
        return
    layers = tuple(_transposed(layer) if layer in squares else layer for layer in network.layers)
    turned = replace(network, layers=layers)
    for transposes in (True, False):
        yield view.of(turned, IN_OUT, transposes=transposes)
    if present & {"W", "dW", "step"}:
        yield replace(view, names=(*view.names, IN_OUT), transposes=True)


def _is_square(layer: Layer) -> bool:
    return layer.units == layer.inputs > 1


def _transposed(layer: Layer) -> Layer:
    if layer.weights is None:
        return layer
    return replace(
        layer,
        weights=tuple(zip(*layer.weights, strict=True)),
        frozen=frozenset((into, out) for out, into in layer.frozen),
    )


def conventions_said(conventions: Sequence[Mistake]) -> str:
    """Return the sentence on the conventions of a whole sheet, "" where they are the network's."""
    if not conventions:
        return ""
    return f"your sheet {in_conventions(conventions)} throughout"


def in_conventions(conventions: Sequence[Mistake]) -> str:
    """Return what a sheet does that is written in certain conventions, as it continues "your sheet …"."""
    return " and ".join(_SHEET_USES[one.id] for one in conventions)


_SHEET_USES = {
    "target-minus-output": "uses target − output",
    "output-minus-target": "has the slopes themselves, output − target",
    "minus-slope": "has minus the slopes",
    "change-of-weight": "has the changes Δw that are added",
    "half-convention": "uses the other convention for the ½",
    "sum-for-mean": "adds up where the loss here takes the mean",
    "mean-for-sum": "takes the mean where the loss here adds up",
    "weight-of-minus-one": "has thresholds as weights of an input of −1",
    "other-logarithm": "uses another logarithm",
    "weights-in-out": "has a column for each unit, W[in][out]",
}
"""Each convention, as it continues "your sheet …"."""
