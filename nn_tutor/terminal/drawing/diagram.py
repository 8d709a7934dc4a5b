"""The network with its values: forward, slopes backward, the number in question lit.

Values appear where their place is kept free, so that nothing jumps. What is lit is bold, and drawn with thicker lines.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.diagram_layered import draw_layered, layered_height
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture
from nn_tutor.terminal.drawing.diagram_scalar import draw_scalar, scalar_height

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.terminal.drawing.ink import Drawing


def draw_diagram(picture: DiagramPicture, width: int, height: int) -> Drawing:
    """Draw the network on at most `height` lines of at most `width` cells; the same number of them at every step.

    Any network can be drawn at any size; where there is no room for it, a line of symbols is left.
    """
    if width < 1 or height < 1:
        return ()
    draw = draw_scalar if picture.network.is_scalar else draw_layered
    return draw(picture, width, height)


@lru_cache(maxsize=64)
def wanted_height(network: Network, height: int, width: int = 78, rows: int = 1) -> int:
    """Return how many lines the diagram of a network takes where `height` are there; the same at every step.

    Of several samples, `rows`, the names are longer.
    """
    if not network.is_scalar:
        return layered_height(network, height)
    zeros = tuple(((0.0,),) for _ in network.layers)
    biases = tuple(None if layer.biases is None else (0.0,) for layer in network.layers)
    blank = DiagramPicture(network, rows, 0, (0.0,), (0.0,), zeros, biases, {}, None, "forward")
    return min(height, scalar_height(blank, width, height))
