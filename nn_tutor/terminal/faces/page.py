"""What pages of words have in common: a comfortable measure, and beside the words what they speak of."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, TypeVar

from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, framed
from nn_tutor.terminal.drawing.ink import Drawing, Role, Span, line, width_of
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.terminal.faces.base import Beside, Face, Scene, room_of_diagram
from nn_tutor.terminal.layout import Plan, is_large
from nn_tutor.terminal.panels.reading import draw_reading, draw_words
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.base import Station

S = TypeVar("S", bound=Station)

MAX_PAGE = 84
"""The cells that a page of words takes with its frame at most: longer lines are hard to read."""

UNBROKEN: frozenset[Role] = frozenset({"output", "border"})
"""The roles of a page's lines that are never wrapped."""

MIN_BESIDE, AROUND_LINE, ANY_WIDTH = 30, 5 + SIDES_OF_FRAME, 400
"""The cells that something beside words needs, those around a line of the words, and more than any program is wide."""

MAX_BESIDE = 22
"""A picture beside a question takes so many lines or two thirds of the height, whichever is more; a table with one
below it up to three quarters."""

MIN_BELOW = 18
"""The lines that a page keeps with its frames below the network."""

MIN_CURVE = 11
"""The lines that a curve below an experiment takes with its frame at least."""

MIN_WORDS = 5
"""With fewer lines in a frame of their own words stand in one frame with what is asked."""

TURN = "what they are about"
"""The panel in which what stands beside the words on a large screen takes their place."""


class PageFace(Face[S]):
    """A page of words, alone or with a question below them."""

    stands_beside: ClassVar[bool] = True
    stands_free: ClassVar[bool] = True
    asked_title: ClassVar[str] = ""
    """What the frame of the question is called; "" where a page asks nothing."""

    def lines_of_page(self, width: int) -> int:
        """Return how many lines the page takes in so many cells."""
        text = self.station.words
        return len(draw_prose(text, max(10, width - 4))) if text.strip() else 0

    def splits(self, width: int, height: int) -> bool:
        """Whether something stands beside the words; a program is never cut to make room for it."""
        return is_large(width, height) and self._at_right(width) is not None

    def _at_right(self, width: int) -> Beside | None:
        """What stands beside the words on a large screen.

        It is the picture or the experiment, else what can be drawn of the network, else that itself where it has room.
        """
        room = self.right_width(width) - SIDES_OF_FRAME
        if self.beside is None or room < MIN_BESIDE - SIDES_OF_FRAME:
            return None
        if self.beside is not self.network:
            return self.beside if self.beside.has_room(room) else None
        return self.curve or (self.network if self.network.has_room(room) else None)

    def figure_height(self, width: int, height: int) -> int:
        """Return the lines of the network with its rules, where it stands above."""
        if self.network is None or not is_large(width, height) or self._at_right(width) is self.network:
            return 1
        lines = len(self.network.draw(width - 2, room_of_diagram(height)))
        return lines + 2 if lines and height - lines - self.prompt_lines - self.verdict_lines >= MIN_BELOW else 1

    def drawn_above(self, plan: Plan) -> Drawing:
        """Draw the network, where it stands above."""
        if self.network is None or plan.heights["figure"] < 2:
            return ()
        return self.network.draw(plan.width - 2, room_of_diagram(plan.height))

    def right_width(self, width: int) -> int:
        """Return what the measure of the words leaves, or their longest line of a program or a table."""
        return min(max(width * 9 // 20, width - MAX_PAGE), width - self.least_measure - AROUND_LINE)

    @property
    def least_measure(self) -> int:
        """The cells that the page wants, whatever stands beside it: no program is cut."""
        return longest_unbroken(self.station.words)

    def least_body(self, plan: Plan) -> int:
        """Return the lines of the page."""
        return self.lines_of_page(self.page_width(plan)) + (2 if plan.is_framed else 0)

    def page_width(self, plan: Plan) -> int:
        """Return the cells that the page has, within its frame where it has one."""
        return plan.left - 1 - SIDES_OF_FRAME if plan.is_framed else plan.left

    def lines_wanted(self, plan: Plan) -> int:
        """Return the lines of the page, or of what stands beside it."""
        frames = 4 if plan.is_framed and self.asked_title else 2
        return max(self.lines_of_page(self.page_width(plan)) + frames, self._lines_beside(plan))

    def _lines_beside(self, plan: Plan) -> int:
        """Return how many lines what stands beside the page takes with its frame, within bounds."""
        shown = self._at_right(plan.width) if plan.is_framed else None
        if shown is None:
            return 0
        if shown.fills_room:
            return min(max(MAX_BESIDE, plan.height * 2 // 3), plan.body)
        most = min(max(MAX_BESIDE, plan.height * 3 // 4), plan.body)
        lines = min(most, len(shown.draw(plan.right - SIDES_OF_FRAME, most - 2)) + 2)
        return most if self._has_curve_below(shown, most - lines) else lines

    def _has_curve_below(self, shown: Beside, room: int) -> bool:
        """Whether the bend or the samples of the network stand below a low experiment, in so many lines."""
        is_experiment = shown is self.beside and shown is not self.network and not shown.fills_room
        return is_experiment and self.curve is not None and room >= MIN_CURVE

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

    def halves(self, asked: Drawing, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words, below them what is asked, near its answer, and what stands beside, each in its frame."""
        plan, text, width = scene.plan, self.station.words, self.page_width(scene.plan)
        room = plan.body - 2 - (len(asked) + 2 if asked else 0)
        if asked and (not text.strip() or room < MIN_WORDS):
            above = draw_words(text, width, plan.body - 3 - len(asked), scene.scrolled)
            left = framed((*above, *([()] if above else []), *asked), plan.left - 1, plan.body, lit=True)
        else:
            words = draw_reading(text, width, room, scene.scrolled)
            left = framed(words, plan.left - 1, room + 2, lit=not asked)
            if asked:
                title = line(Span(self.asked_title, "strong"))
                left += framed(asked, plan.left - 1, len(asked) + 2, title, lit=True)
        shown = self._at_right(plan.width)
        if shown is None:
            return left, ()
        title = line(Span(shown.title, "strong"))
        inner = plan.right - SIDES_OF_FRAME
        drawn = shown.draw(inner, plan.body - 2)
        room = plan.body - len(drawn) - 2
        if self.curve is not None and self._has_curve_below(shown, room):
            below = framed(self.curve.draw(inner, room - 2), plan.right, room, line(Span(self.curve.title, "strong")))
            return left, (*framed(drawn, plan.right, len(drawn) + 2, title), *below)
        air = max(0, plan.body - 2 - len(drawn)) // 3  # what is low stands a little above the middle
        return left, framed((*([()] * air), *drawn), plan.right, plan.body, title)


@lru_cache(maxsize=64)
def longest_unbroken(text: str) -> int:
    """Return the cells of the longest line that cannot be broken: of a program, or of a table, which has a rule."""
    drawn = draw_prose(text, ANY_WIDTH)
    return max((width_of(one) for one in drawn if any(span.role in UNBROKEN for span in one)), default=0)
