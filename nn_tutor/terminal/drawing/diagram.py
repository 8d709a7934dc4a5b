"""The network with its values: forward above, slopes backward below, the number in question lit.

Values appear where their place is kept free, so that nothing jumps. What is lit is bold and drawn with `═`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nn_tutor.network.quantities import Phase, Ref
from nn_tutor.network.spec import Matrix, Network, Vector
from nn_tutor.terminal.drawing.diagram_layered import draw_layered, layered_height
from nn_tutor.terminal.drawing.diagram_scalar import SCALAR_HEIGHT, draw_scalar
from nn_tutor.terminal.drawing.ink import Drawing


@dataclass(frozen=True, eq=False, slots=True)
class DiagramPicture:
    """What a diagram shows: one sample (`row` of `rows`) of a pass, its old parameters, and what may be seen of it.

    `values` holds a text for each number that is known or asked (`[?]`); what is absent is not computed yet.
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
    """Draw the network on at most `height` lines of at most `width` cells."""
    draw = draw_scalar if picture.network.is_scalar else draw_layered
    return draw(picture, max(1, width), max(1, height))[:height]


def wanted_height(network: Network, height: int) -> int:
    """Return how many lines the diagram of a network takes where `height` are there; the same at every step."""
    return min(height, SCALAR_HEIGHT if network.is_scalar else layered_height(network, height))
