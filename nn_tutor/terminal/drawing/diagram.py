"""The network with its values: forward, slopes backward, the number in question lit.

Values appear where their place is kept free, so that nothing jumps. What is lit is bold, and drawn with thicker lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nn_tutor.network.quantities import Phase, Ref
from nn_tutor.network.spec import Matrix, Network, Vector
from nn_tutor.terminal.drawing.diagram_layered import draw_layered, layered_height
from nn_tutor.terminal.drawing.diagram_scalar import draw_scalar, scalar_height
from nn_tutor.terminal.drawing.ink import Drawing


@dataclass(frozen=True, eq=False, slots=True)
class DiagramPicture:
    """What a diagram shows: one sample (`row` of `rows`) of a pass, its old parameters, and what may be seen of it.

    `inputs` and `targets` are the sample's; `weights` and `biases` hold one entry for each layer. `values` holds a text
    for each number that is known or asked (`[?]`); what is absent is not computed yet.
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


def draw_diagram(picture: DiagramPicture, width: int, height: int) -> Drawing:
    """Draw the network on at most `height` lines of at most `width` cells; the same number of them at every step.

    Any network can be drawn at any size; where there is no room for it, a line of symbols is left.
    """
    if width < 1 or height < 1:
        return ()
    draw = draw_scalar if picture.network.is_scalar else draw_layered
    return draw(picture, width, height)


def wanted_height(network: Network, height: int, width: int = 78, rows: int = 1) -> int:
    """Return how many lines the diagram of a network takes where `height` are there; the same at every step.

    Of several samples, `rows`, the names are longer.
    """
    if not network.is_scalar:
        return layered_height(network, height)
    zeros = tuple(((0.0,),) for _ in network.layers)
    biases = tuple(None if layer.biases is None else (0.0,) for layer in network.layers)
    blank = DiagramPicture(network, rows, 0, (0.0,), (0.0,), zeros, biases, {}, None, "forward")
    return min(height, scalar_height(blank, width))
