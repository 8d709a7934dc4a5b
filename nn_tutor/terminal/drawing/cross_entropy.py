"""The two halves of the cross-entropy over an output: how large the loss is for either target."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.axes import even
from nn_tutor.terminal.drawing.frame import Plot, PlotLayout
from nn_tutor.terminal.drawing.legend import in_words, item_of

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Drawing

HIGHEST, SAMPLES = 5.0, 200
"""The largest loss that is drawn, and the points of a curve."""


@lru_cache(maxsize=8)
def draw_cross_entropy(width: int, height: int) -> Drawing:
    """Draw −ln(o) and −ln(1 − o) on exactly `height` lines of exactly `width` cells; at every step it is the same."""
    room = PlotLayout(width, height)
    if not room.is_enough:
        return in_words((("L = −ln(o) for y = 1", "loss"), ("−ln(1 − o) for y = 0", "loss")), width, height)
    axis = even(0.0, HIGHEST, room.rows)
    plot = Plot(room, (0.0, 1.0), axis, x_name="o", y_name="L", name_role="output", y_role="loss")
    places = [math.exp(-HIGHEST * 1.3) ** (1 - step / SAMPLES) for step in range(SAMPLES)] + [1.0]
    ones = [(o, -math.log(o)) for o in places]
    zeros = sorted((1 - o, loss) for o, loss in ones)
    plot.graph(((x, y) for x, y in zeros[1:]), "class0")
    plot.graph(ones, "class1", thick=True)
    legend = [item_of("⠛⠛", "y = 1: −ln(o)", (), "class1"), item_of("⠒⠒", "y = 0: −ln(1 − o)", (), "class0")]
    return plot.drawing(legend)
