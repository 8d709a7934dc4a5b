"""The diagram of a network of single weights: one chain from x to L, slopes below, the update below those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, bias, feature, symbol, target, weight, weighted_sum
from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, padded, width_of

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.diagram import DiagramPicture

SCALAR_HEIGHT = 3

_FUNCTION_SIGNS = {"sigmoid": "σ", "tanh": "tanh", "relu": "relu"}
_NUMBER = 8


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the chain: what stands on its three lines; all are filled up to the widest."""

    above: Line
    below: Line = ()
    update: Line = ()
    in_focus: bool = False
    stroke: str = ""

    def drawn_above(self, width: int) -> Line:
        """The first line, filled up to the width; a link grows, all else gets blanks."""
        missing = width - width_of(self.above)
        if not self.stroke or missing <= 0:
            return padded(self.above, width)
        end = self.above[-1]
        return (*self.above[:-1], Span(self.stroke * missing + end.text.lstrip(), end.role, end.lit))


def draw_scalar(picture: DiagramPicture, width: int, height: int) -> Drawing:
    """Draw the chain; where it is too long, the part of it around the number in question."""
    pieces = _pieces(picture, roomy=True)
    if sum(map(_width, pieces)) > width:
        pieces = _pieces(picture, roomy=False)
    shown, cut_left, cut_right = _window(pieces, width - 4)
    lines: list[list[Span]] = [[], [], []]
    for piece in shown:
        size = _width(piece)
        lines[0] += piece.drawn_above(size)
        lines[1] += padded(piece.below, size)
        lines[2] += padded(piece.update, size)
    if cut_left:
        lines[0].insert(0, Span("… ", "muted"))
        lines[1].insert(0, Span("  "))
        lines[2].insert(0, Span("  "))
    if cut_right:
        lines[0].append(Span("…", "muted"))
    return tuple(cut(tuple(spans), width) for spans in lines[: max(1, height)])


def _pieces(picture: DiagramPicture, *, roomy: bool) -> list[_Piece]:
    network, rows, row = picture.network, picture.rows, picture.row
    depth = len(network.layers)
    pieces = [_node(picture, feature(network, rows, row, 0), numeral(picture.inputs[0]), "input", None)]
    for layer in range(1, depth + 1):
        spec = network.layers[layer - 1]
        pieces.append(_weight_link(picture, layer, roomy=roomy))
        if spec.activation != "identity":
            z = Ref("z", layer, (row, 0))
            pieces.append(_node(picture, weighted_sum(network, rows, layer, row, 0), picture.text(z), "output", z))
            pieces.append(_link(picture, Ref("da_dz", layer, (row, 0)), _FUNCTION_SIGNS[spec.activation], roomy=roomy))
        a = Ref("a", layer, (row, 0))
        pieces.append(_node(picture, activation(network, rows, layer, row, 0), picture.text(a), "output", a))
    pieces.append(_link(picture, Ref("dL_do", None, (row, 0)), "", roomy=roomy))
    pieces.append(_node(picture, "L", picture.text(Ref("loss")), "loss", Ref("loss")))
    if picture.targets is not None:
        y = (Span(" ◀── " if roomy else " ◀─ ", "muted"), Span(target(network, rows, row, 0), "target"))
        pieces.append(_Piece((*y, Span(f" {numeral(picture.targets[0])}", "target"))))
    return pieces


def _node(picture: DiagramPicture, name: str, value: str, role: Role, ref: Ref | None) -> _Piece:
    lit = ref is not None and ref == picture.focus
    fixed = ref is None
    text = value if fixed else value.ljust(_NUMBER)
    asked = value == "[?]"
    return _Piece((Span(f"{name} ", role, lit), Span(text, "accent" if asked else role, lit or asked)), in_focus=lit)


def _weight_link(picture: DiagramPicture, layer: int, *, roomy: bool) -> _Piece:
    """The link of a weight: above it w, below it what z gains for w, then ∂L/∂w and where the weight goes."""
    network, rows, row = picture.network, picture.rows, picture.row
    local, slope, after = (
        Ref("dz_dw", layer, (row, 0, 0)),
        Ref("dW", layer, (0, 0)),
        Ref("W", layer, (0, 0)),
    )
    lit = picture.focus in (local, slope, after, Ref("dz_da", layer, (0, 0)), Ref("step", layer, (0, 0)))
    stroke = "═" if lit else "─"
    ends = (f" {stroke * 3} ", f"{stroke * 2}▶ ") if roomy else (f" {stroke} ", f"{stroke}▶ ")
    name = weight(network, layer, (0, 0))
    value = numeral(picture.weights[layer - 1][0][0])
    above: list[Span] = [
        Span(f"{ends[0]}× ", "accent" if lit else "muted", lit),
        Span(f"{name} ", "weight", picture.focus in (slope, after)),
        Span(value.ljust(_NUMBER if roomy else 7), "weight", picture.focus in (slope, after)),
    ]
    biases = picture.biases[layer - 1]
    if biases is not None:
        above += [Span(f"+ {bias(network, layer, 0)} ", "muted"), Span(f"{numeral(biases[0])} ", "weight")]
    above.append(Span(ends[1], "accent" if lit else "muted", lit))
    below = _slope(picture, local, symbol(network, rows, local), roomy=roomy)
    update: list[Span] = []
    roles: tuple[tuple[Ref, Role], ...] = ((slope, "gradient"), (after, "weight"))
    for ref, role in roles:
        text = picture.text(ref)
        if text:
            here = ref == picture.focus
            before = " " if not update else "  "
            shown = f"{before}{symbol(network, rows, ref)} {text}"
            update.append(Span(shown, "accent" if text == "[?]" else role, here))
    return _Piece(tuple(above), below, tuple(update), lit, stroke)


def _link(picture: DiagramPicture, ref: Ref, sign: str, *, roomy: bool) -> _Piece:
    """The link of a function, or the one from the output to the loss, with its slope below."""
    lit = ref == picture.focus
    stroke = "═" if lit else "─"
    middle = f" {sign} " if sign else stroke
    before = Span(f" {stroke * 2}{middle}" if roomy else f" {stroke}{middle}", "accent" if lit else "muted", lit)
    after = Span(f"{stroke * 2}▶ " if roomy else f"{stroke}▶ ", "accent" if lit else "muted", lit)
    below = _slope(picture, ref, symbol(picture.network, picture.rows, ref), roomy=roomy)
    return _Piece((before, after), below, (), lit, stroke)


def _slope(picture: DiagramPicture, ref: Ref, name: str, *, roomy: bool) -> Line:
    """What flows back along a link, in a place that is kept free for it."""
    room = (4 if roomy else 3) + len(name) + 1 + _NUMBER
    text = picture.text(ref)
    if not text:
        return (Span(" " * room),)
    lit = ref == picture.focus
    arrow = ("◀══ " if lit else "◀── ") if roomy else ("◀═ " if lit else "◀─ ")
    spans = (
        Span(arrow, "accent" if lit else "muted", lit),
        Span(f"{name} ", "gradient", lit),
        Span(text, "accent" if text == "[?]" else "gradient", lit),
    )
    return padded(spans, room)


def _width(piece: _Piece) -> int:
    return max(width_of(piece.above), width_of(piece.below))


def _window(pieces: list[_Piece], width: int) -> tuple[list[_Piece], bool, bool]:
    """The pieces that fit, around the one in question; at the left and at the right, whether some were left out."""
    first, last = 0, len(pieces)
    centre = next((place for place, piece in enumerate(pieces) if piece.in_focus), 0)
    while first < last - 1 and sum(map(_width, pieces[first:last])) > width + 4:
        if last - 1 - centre > centre - first:
            last -= 1
        else:
            first += 1
    return pieces[first:last], first > 0, last < len(pieces)
