"""What both diagrams are made with: what they show, a sheet of cells, texts that fit, and the words on what is lit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import isnan
from typing import TYPE_CHECKING, NamedTuple, get_args

from nn_tutor.calculus.names import activation, bias, target, weight
from nn_tutor.calculus.names import symbol as symbol_of
from nn_tutor.calculus.numerals import fixed, number_of, numeral, rounded, scientific
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Phase, Quantity, Ref
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut

if TYPE_CHECKING:
    from nn_tutor.network.spec import Matrix, Network, Vector

NOT_YET = "·"

_MAX_WEIGHTS = 8

LONGEST = 10
"""The cells that a number may take from a link: a small negative one with all its digits."""

_EMPTY = " "
_CODES: dict[tuple[Role, bool], str] = {
    (role, lit): chr(ord("!") + 2 * place + lit) for place, role in enumerate(get_args(Role)) for lit in (False, True)
}
"""A letter for each ink, so that a line of inks is a text; a cell that nothing was put into has none."""

_INKS = {code: ink for ink, code in _CODES.items()}
_RUN = re.compile(f"([^{_EMPTY}])(?:\\1|{_EMPTY})*")


@dataclass(frozen=True, eq=False, slots=True)
class DiagramPicture:
    """What a diagram shows: one sample (`row` of `rows`) of a pass, its old parameters, and what may be seen of it.

    `inputs` and `targets` are the sample's; `weights` and `biases` hold one entry for each layer. `values` holds a text
    for each number that is known or asked (`[?]`); what is absent is not computed yet, what is NaN not given yet.
    """

    network: Network
    rows: int
    row: int
    inputs: tuple[float, ...]
    targets: tuple[float, ...] | None
    weights: tuple[Matrix, ...]
    biases: tuple[Vector | None, ...]
    values: Mapping[Ref, str]
    focus: Ref | None
    phase: Phase

    def text(self, ref: Ref) -> str:
        """The text of a number, "" while it is not computed."""
        return self.values.get(ref, "")


def given_text(value: float) -> str:
    """Return the text of a number that the network is given; one that is NaN is not entered yet."""
    return NOT_YET if isnan(value) else numeral(value)


def given_room(values: Sequence[float]) -> int:
    """Return the cells that inputs or targets want: as many as the longest of them."""
    return max(_GIVEN, *(len(given_text(value)) for value in values))


_GIVEN = 5
"""The cells for an input or a target, at least."""


class Stroke(NamedTuple):
    """A few cells of a line in one role, without a blank."""

    row: int
    column: int
    text: str
    role: Role


class Canvas:
    """A sheet of `width` by `height` cells: what is put later covers what is there, what lies outside is lost."""

    __slots__ = ("_glyphs", "_inks", "height", "width")

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._glyphs = [[" "] * width for _ in range(height)]
        self._inks = [[_EMPTY] * width for _ in range(height)]

    def put(self, row: int, column: int, text: str, role: Role = "text", lit: bool = False) -> int:
        """Write a text from a cell on; return the column behind it."""
        end = column + len(text)
        if column < 0:
            text, column = text[-column:], 0
        if 0 <= row < self.height and column < self.width and text:
            text = text[: self.width - column]
            self._glyphs[row][column : column + len(text)] = text
            self._inks[row][column : column + len(text)] = _CODES[role, lit] * len(text)
        return end

    def stamp(self, strokes: Iterable[Stroke], column: int, lit: bool = False) -> None:
        """Write strokes from a cell on; between them what is there stays."""
        glyphs, inks = self._glyphs, self._inks
        for row, start, text, role in strokes:
            first, end = column + start, column + start + len(text)
            if first >= 0 and end <= self.width and 0 <= row < self.height:
                glyphs[row][first:end] = text
                inks[row][first:end] = _CODES[role, lit] * len(text)
            else:
                self.put(row, first, text, role, lit)

    def drawing(self) -> Drawing:
        """Return the lines, without blanks at their ends."""
        rows = zip(self._glyphs, self._inks, strict=True)
        return tuple([_runs("".join(glyphs).rstrip(), "".join(inks)) for glyphs, inks in rows])


def strokes_of(drawing: Drawing) -> Iterator[Stroke]:
    """Yield what a drawing leaves no blank in."""
    for row, spans in enumerate(drawing):
        column = 0
        for span in spans:
            for found in re.finditer("[^ ]+", span.text):
                yield Stroke(row, column + found.start(), found[0], span.role)
            column += len(span.text)


@lru_cache(maxsize=1024)
def _runs(text: str, inks: str) -> Line:
    """Join neighbouring cells of one ink into spans; empty ones go with what stands before them.

    Kept, as from one step to the next only a few lines change.
    """
    codes = inks[: len(text)]
    start = len(codes) - len(codes.lstrip(_EMPTY))
    spans = [Span(text[:start])] if start else []
    spans += [Span(text[run.start() : run.end()], *_INKS[run[1]]) for run in _RUN.finditer(codes, start)]
    return tuple(spans)


@lru_cache(maxsize=4096)
def fitted(text: str, room: int) -> str:
    """Return a number's text in at most `room` cells: where it is longer, `≈` and as many digits as there is room for.

    `≈` says that it is rounded, beside the number in full; only what no rounding makes short enough is cut.
    """
    if len(text) <= room:
        return text
    if text == "[?]":
        return "?"[:room]
    value = number_of(text)
    if value is not None:
        shorter = (f"≈{one}" for one in _rounded_ever_more(value))
        if (fitting := next((one for one in shorter if len(one) <= room), "")) != "":
            return fitting
    return text[: max(0, room - 1)] + "…"[:room]


def _rounded_ever_more(value: float) -> Iterator[str]:
    """Yield a number in ever fewer digits; the zero before the point is given up for two of them, or for the last."""
    for most, least in ((7, 2), (1, 1)):
        written = [rounded(value, digits) for digits in range(most, least - 1, -1)]
        yield from written
        yield written[-1].replace("0.", ".", 1) if abs(value) < 1 else written[-1]
    yield scientific(value, 0)
    yield fixed(value, 0)


def value_role(text: str, role: Role) -> Role:
    """Return the role of a number: the accent for what is asked, quiet for what is not there yet."""
    return "accent" if text == "[?]" else "muted" if text == NOT_YET else role


def forward_text(picture: DiagramPicture, layer: int, unit: int) -> str:
    """Return the text of an activation; where the activation is the identity, z stands for it. "" while unknown."""
    a, z = Ref("a", layer, (picture.row, unit)), Ref("z", layer, (picture.row, unit))
    if picture.network.layers[layer - 1].activation == "identity":
        if picture.focus == z:
            return picture.text(z)
        return picture.text(a) or picture.text(z)
    return picture.text(a)


def place_of(ref: Ref) -> tuple[int, int]:
    """Return (out, in) of a number that belongs to a weight."""
    out, into = (ref.index or (0, 0))[-2:]
    return out, into


def is_of(focus: Ref | None, *quantities: Quantity, layer: int | None = None) -> bool:
    """Whether the number in question is of one of these quantities, and of this layer if one is given."""
    return focus is not None and focus.quantity in quantities and layer in (None, focus.layer)


def is_of_weight(focus: Ref | None, layer: int | None = None) -> bool:
    """Whether the number in question belongs to one weight, of this layer if one is given."""
    return is_of(focus, "dz_dw", "dz_da", "dW", "step", "W", layer=layer)


def is_of_bias(focus: Ref | None, layer: int | None = None) -> bool:
    """Whether the number in question belongs to one bias, of this layer if one is given."""
    return is_of(focus, "db", "b", layer=layer)


def draw_caption(
    canvas: Canvas, picture: DiagramPicture, row: int, cells: tuple[int, int], *, with_weights: bool = True
) -> None:
    """Write the caption into the cells of a line from the first up to the second given."""
    column, end = cells
    for span in cut(caption(picture, end - column, with_weights=with_weights), end - column):
        column = canvas.put(row, column, span.text, span.role, span.lit)


def caption(picture: DiagramPicture, room: int, *, with_weights: bool) -> Line:
    """Say in symbols what is lit, with what belongs to it as far as that is known; what does not fit is left out.

    `with_weights` adds the weights of the sum that a number is.
    """
    focus = picture.focus
    if focus is None:
        return ()
    parts = [part for part in _parts(picture, focus) if part[1] or part[3]]
    together = [*_weights(picture, focus), *parts]
    if with_weights and _length(together) <= room:
        parts = together
    while len(parts) > 1 and _length(parts) > room:
        del parts[-1 if parts[0][3] else 0]
    spans: list[Span] = []
    for name, text, role, lit in parts:
        spans += [Span("   ")] if spans else []
        spans += [Span(f"{name} ", role, lit), Span(text or NOT_YET, value_role(text or NOT_YET, role), lit)]
    return tuple(spans)


_Part = tuple[str, str, Role, bool]


def _length(parts: list[_Part]) -> int:
    return sum(len(name) + len(text) + 4 for name, text, _, _ in parts) - 3


def _weights(picture: DiagramPicture, focus: Ref) -> Iterator[_Part]:
    """Yield the weights of a sum: those that enter a unit, backwards those that leave it; none if there are many."""
    network, layer = picture.network, focus.layer or (0 if focus.quantity == "dX" else len(picture.network.layers))
    unit = focus.index[-1] if focus.index else 0
    places: list[tuple[int, int]] = []
    if focus.quantity == "z" or (focus.quantity == "a" and network.layers[layer - 1].activation == "identity"):
        places = [(unit, into) for into in range(network.layers[layer - 1].inputs)]
    elif focus.quantity in ("dL_da", "dX") and layer < len(network.layers):
        layer += 1
        places = [(out, unit) for out in range(network.layers[layer - 1].units)]
    if len(places) <= _MAX_WEIGHTS and not network.is_scalar:
        for out, into in places:
            text = given_text(picture.weights[layer - 1][out][into])
            yield weight(network, layer, (out, into)), text, "weight", False


def _parts(picture: DiagramPicture, focus: Ref) -> Iterator[_Part]:
    """Yield name, text, role and whether it is lit of all that belongs to the number in question."""
    network = picture.network
    layer = focus.layer or len(network.layers)

    def known(*refs: Ref) -> Iterator[_Part]:
        for ref in refs:
            yield _symbol(picture, ref), picture.text(ref), ref.role, ref == focus

    if is_of_weight(focus):
        out, into = place = place_of(focus)
        yield weight(network, layer, place), given_text(picture.weights[layer - 1][out][into]), "weight", False
        if focus.quantity in ("dz_dw", "dz_da"):
            yield from known(focus)
        yield from known(Ref("dW", layer, place))
        if focus.quantity == "step":
            yield from known(focus)
        yield from known(Ref("W", layer, place))
        return
    unit = focus.index[-1] if focus.index else 0
    biases = picture.biases[layer - 1]
    if biases is not None and (is_of_bias(focus) or focus.quantity == "z"):
        yield bias(network, layer, unit), given_text(biases[unit]), "weight", False
    if is_of_bias(focus):
        yield from known(Ref("db", layer, (unit,)), Ref("b", layer, (unit,)))
        return
    if focus.quantity in ("loss", "dX"):
        yield from known(focus)
        return
    at = (picture.row, unit)
    if focus.quantity == "dL_do" and picture.targets is not None:
        name = activation(network, picture.rows, layer, picture.row, unit)
        yield name, forward_text(picture, layer, unit), "output", False
        yield target(network, picture.rows, picture.row, unit), given_text(picture.targets[unit]), "target", False
    yield from known(*_made_from(network, focus, layer, at))
    yield from known(focus)


def _made_from(network: Network, focus: Ref, layer: int, at: tuple[int, int]) -> tuple[Ref, ...]:
    """The numbers of a unit with an activation that one of its own is made from; none without an activation."""
    function, z = network.layers[layer - 1].activation, Ref("z", layer, at)
    if function == "identity":
        return ()
    if focus.quantity in ("delta", "delta_sample"):
        above = Ref("dL_do", None, at) if layer == len(network.layers) else Ref("dL_da", layer, at)
        return above, Ref("da_dz", layer, at if function != "softmax" else (*at, at[1]))
    if focus.quantity == "da_dz":
        return z, Ref("a", layer, at)
    return (z,) if focus.quantity == "a" else ()


def _symbol(picture: DiagramPicture, ref: Ref) -> str:
    return symbol_of(picture.network, picture.rows, ref)
