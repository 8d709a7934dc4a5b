"""How the lesson screen is divided: which parts are there, and how large."""

from __future__ import annotations

from collections.abc import Mapping

from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.sizes import MIN_HEIGHT, MIN_WIDTH, TALL, WIDE

PARTS = ("header", "figure", "tabs", "air", "introduction", "body", "prompt", "entry", "verdict", "footer")
"""The parts of the screen from top to bottom; "air" is blank, so that a low page does not hang from the top."""

MIN_BODY = 5
"""Where the body would be lower, the diagram gives up its room."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many lines the parts of a station want, and how many cells stand at the right of its body, 0 for none."""

    figure: int = 1
    tabs: int = 0
    introduction: int = 0
    prompt: int = 0
    verdict: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of the parts, in cells; a height of 0 leaves a part out. `right` is 0 where panels fold into tabs."""

    width: int
    height: int
    too_small: bool
    heights: Mapping[str, int]
    left: int
    right: int

    @property
    def is_framed(self) -> bool:
        """Whether the panels of the body stand side by side, each in a frame."""
        return self.right > 0

    @property
    def has_rule_below_figure(self) -> bool:
        """Whether a rule parts the network from what is below it; a frame right there is a rule too."""
        return not self.is_framed or self.heights["introduction"] > 0

    @property
    def body(self) -> int:
        """The height of the body."""
        return self.heights["body"]


def is_large(width: int, height: int) -> bool:
    """Whether a terminal has room for two halves side by side."""
    return width >= WIDE and height >= TALL


def is_too_small(width: int, height: int) -> bool:
    """Whether nothing of a lesson fits."""
    return width < MIN_WIDTH or height < MIN_HEIGHT


def divide(sizes: Sizes, width: int, height: int) -> Plan:
    """Divide a screen of `width` × `height` cells."""
    if is_too_small(width, height):
        nothing = dict.fromkeys(PARTS, 0)
        return Plan(width, height, True, {**nothing, "header": 1}, max(1, width), 0)
    heights = {
        "header": 1,
        "figure": sizes.figure,
        "tabs": sizes.tabs,
        "air": 0,
        "introduction": sizes.introduction,
        "prompt": sizes.prompt,
        "entry": 1 if sizes.prompt else 0,
        "verdict": sizes.verdict,
        "footer": 1,
    }
    if height - sum(heights.values()) < MIN_BODY:
        heights["figure"] = 1
    if sizes.right:  # the frames of the body stand in the place of rules and tabs
        heights["figure"] -= 0 if sizes.introduction else 1
        heights["tabs"] = 0
        heights["prompt"] = max(0, heights["prompt"] - 1)
    heights["body"] = max(1, height - sum(heights.values()))
    return Plan(width, height, False, heights, width - sizes.right, sizes.right)
