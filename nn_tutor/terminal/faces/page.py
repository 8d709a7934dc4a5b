"""What pages of words have in common: a comfortable measure, and beside the words what they speak of."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, framed
from nn_tutor.terminal.drawing.ink import Drawing, Span, line, width_of
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.terminal.faces.base import Face, Scene
from nn_tutor.terminal.layout import Plan, is_large
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.base import Station

S = TypeVar("S", bound=Station)

MAX_PAGE = 84
"""The cells that a page of words takes with its frame at most: longer lines are hard to read."""

LEAST_BESIDE, AROUND_LINE, ANY_WIDTH = 30, 5 + SIDES_OF_FRAME, 400
"""The cells that something beside words needs, those around a line of the words, and more than any program is wide."""

MAX_BESIDE = 22
"""What stands beside a question takes so many lines or three fifths of the height, whichever is more, at most."""

TURN = "turn"
"""The panel in which what stands beside the words on a large screen takes their place."""


class PageFace(Face[S]):
    """A page of words, alone or with a question below them."""

    stands_beside: ClassVar[bool] = True

    def lines_of_page(self, width: int) -> int:
        """Return how many lines the page takes in so many cells."""
        text = self.station.words
        return len(draw_prose(text, max(10, width - 4))) if text.strip() else 0

    def splits(self, width: int, height: int) -> bool:
        """Whether something stands beside the words; a program is never cut to make room for it."""
        return self.beside is not None and is_large(width, height) and self.right_width(width) >= LEAST_BESIDE

    def right_width(self, width: int) -> int:
        """Return what the measure of the words leaves, or their longest line of a program."""
        return min(max(super().right_width(width), width - MAX_PAGE), width - self._longest - AROUND_LINE)

    @property
    def _longest(self) -> int:
        """The cells of the longest line of the words where none is cut."""
        return max((width_of(one) for one in draw_prose(self.station.words, ANY_WIDTH)), default=0)

    def least_body(self, plan: Plan) -> int:
        """Return the lines of the page."""
        return self.lines_of_page(self.page_width(plan)) + (2 if plan.is_framed else 0)

    def page_width(self, plan: Plan) -> int:
        """Return the cells that the page has, within its frame where it has one."""
        return plan.left - 1 - SIDES_OF_FRAME if plan.is_framed else plan.left

    def lines_wanted(self, plan: Plan) -> int:
        """Return the lines of the page, or of what stands beside it."""
        return max(self.lines_of_page(self.page_width(plan)) + 2, self._lines_beside(plan))

    def _lines_beside(self, plan: Plan) -> int:
        """Return how many lines what stands beside the page takes with its frame, within bounds."""
        most = min(max(MAX_BESIDE, plan.height * 3 // 5), plan.body)
        if self.beside is None or self.beside.is_own:
            return most if plan.is_framed else 0
        return min(most, len(self.beside.draw(plan.right - SIDES_OF_FRAME, most - 2)) + 2)

    @property
    def panels(self) -> tuple[str, ...]:
        """The words, and what they speak of, where that is drawn in their place on a small screen."""
        return ("words", TURN) if self.beside is not None and not self.beside.is_own else ()

    def folded_tips(self, panel: str) -> list[Tip]:
        """Return the key that shows what the words speak of."""
        if not self.panels or self.beside is None:
            return []
        return [Tip("the words" if panel == TURN else self.beside.tip, "next panel")]

    def turned(self, scene: Scene) -> Drawing:
        """Draw what the words speak of in their place, below its title."""
        if self.beside is None:
            return ()
        title = (line("  ", Span(self.beside.title, "muted")), ())
        return (*title, *self.beside.draw(scene.plan.left, scene.plan.body - len(title)))

    def halves(self, page: Drawing, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the page and what stands beside it, each in its frame."""
        plan = scene.plan
        left = framed(page, plan.left - 1, plan.body, lit=True)
        if self.beside is None:
            return left, ()
        title = line(Span(self.beside.title, "strong"))
        drawn = self.beside.draw(plan.right - SIDES_OF_FRAME, plan.body - 2)
        above = max(0, plan.body - 2 - len(drawn)) // 3  # what is low stands a little above the middle
        return left, framed((*([()] * above), *drawn), plan.right, plan.body, title)
