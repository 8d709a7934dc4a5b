"""A choice: what leads to it, and its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.judging.diagnosis import introduced
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, wrapped
from nn_tutor.terminal.faces.base import MIN_PICTURE, Scene, asking
from nn_tutor.terminal.faces.page import TURN, PageFace
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_reading, draw_words
from nn_tutor.terminal.panels.verdict import draw_sentence
from nn_tutor.terminal.sizes import WIDEST
from nn_tutor.tutor.choosing import LETTERS
from nn_tutor.tutor.stations.choosing import Choosing

if TYPE_CHECKING:
    from nn_tutor.terminal.layout import Plan
    from nn_tutor.tutor.visible import View

MEASURE_OF_OPTIONS, BEFORE_OPTION = 68, len("  ▶ a  ")
"""Up to so many cells an option stays on one line beside a picture; the cells before its text."""


class ChoosingFace(PageFace[Choosing]):
    """A choice."""

    prompt_lines: ClassVar[int] = 2
    verdict_lines: ClassVar[int] = 2
    asked_title: ClassVar[str] = "The question"

    @property
    def least_measure(self) -> int:
        """The cells that words and options want."""
        longest = max(len(option.text) for option in self.station.activity.options) + BEFORE_OPTION
        return max(super().least_measure, min(longest, MEASURE_OF_OPTIONS))

    def lines_of_page(self, width: int) -> int:
        """Return the lines of the words and the options."""
        return len(self._options(width)) + super().lines_of_page(width)

    def least_body(self, plan: Plan) -> int:
        """Return the lines of the words and the options, and of a picture between them where it has no other place."""
        is_between = self.station.activity.picture is not None and not plan.is_framed
        return super().least_body(plan) + (MIN_PICTURE + 1 if is_between else 0)

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw what leads to the choice, a picture where there is room, and the options."""
        plan = scene.plan
        if plan.is_framed:
            return self.halves(self._options(self.page_width(plan))[1:], scene)
        return (self.turned(scene) if scene.panel == TURN else self._alone(scene)), ()

    def _alone(self, scene: Scene) -> Drawing:
        width, height, text = scene.plan.left, scene.plan.body, self.station.words
        asked, picture = self._options(width), self.station.activity.picture
        room = height - len(asked)
        if picture is not None and room >= MIN_PICTURE:
            words = draw_words(text, width, room - max(MIN_PICTURE, room // 2) - 1, scene.scrolled)
            words = (*words, ()) if words else ()
            return (*words, *draw_wanted(self.session, picture, width, room - len(words)), *asked)
        page = draw_reading(text, width, max(1, room), scene.scrolled) if text.strip() else ()
        return (*page, *asked)[-height:]

    def _options(self, width: int) -> Drawing:
        activity = self.station.activity
        lettered: Role = "key" if self.station.is_open else "muted"
        options: list[Line] = []
        for place, (letter, option) in enumerate(zip(LETTERS, activity.options, strict=False)):
            mark = "▶ " if self.station.marker_answer == letter else "  "
            role: Role = "text"
            if option.right and not self.station.is_open:
                mark, role = "✓ ", "right"
            elif place in self.station.tried:
                mark, role = "✗ ", "muted"
            head = f"  {mark}{letter}  "
            room = max(20, min(WIDEST, width) - len(head))
            for number, part in enumerate(wrapped((Span(option.text, role),), room)):
                before = Span(head, lettered if role == "text" else role) if not number else Span(" " * len(head))
                options.append(line(before, *part))
        prompt = wrapped((Span(activity.prompt, "strong"),), max(20, min(WIDEST, width - 4)))
        return ((), *(line("  ", *part) for part in prompt), (), *options)

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw how one is chosen."""
        last = LETTERS[len(self.station.activity.options) - 1]
        asked = asking(f"Which one? Type its letter, a to {last}, or point at it with ↑ ↓.", "", width)
        return asked if self.station.is_open else ((), ())

    def revealed(self, view: View | None, width: int) -> Drawing:
        """Draw the right option, once it was shown."""
        activity = self.station.activity
        if activity.id not in self.session.revealed:
            return ()
        right = next(option for option in activity.options if option.right)
        return draw_sentence(introduced("shown", right.text), width)
