"""A worked pass as numbered lines, one of which is to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.diagnosis import introduced
from nn_tutor.network.quantities import shown_sign
from nn_tutor.terminal.drawing.columns import on_points
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, beside, cut, line, padded, width_of
from nn_tutor.terminal.faces.base import HELP, LOOK, Scene, asking
from nn_tutor.terminal.faces.page import MIN_WORDS, TURN, PageFace
from nn_tutor.terminal.panels.reading import draw_words
from nn_tutor.terminal.panels.verdict import draw_sentence
from nn_tutor.tutor.hunting import Worked, asked_of
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.walkthrough.questions import given

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.terminal.panels.header import Heading
    from nn_tutor.tutor.visible import View

LINES_SEEN = len("lines 10 to 19 of 21 ")
MAX_WIDTH = 76
"""Values stand no farther to the right than that."""

MIN_LINES = 6
"""How many lines of a worked pass are seen at once, however many words there are."""


class HuntingFace(PageFace[Hunting]):
    """A worked pass to look through."""

    heading: ClassVar[Heading] = "pass"
    looks_back: ClassVar[bool] = False
    prompt_lines: ClassVar[int] = 3
    verdict_lines: ClassVar[int] = 3
    asked_title: ClassVar[str] = "The worked pass"

    def lines_of_page(self, width: int) -> int:
        """Return the lines of the words, of what is given, and of the worked pass."""
        worked = self.station.worked
        count = 0 if worked is None else len(worked.lines)
        return super().lines_of_page(width) + 1 + len(_given(self.station, width, 0)) + count

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the worked pass, and beside it the network that it is of."""
        plan = scene.plan
        if not plan.is_framed:
            return (self.turned(scene) if scene.panel == TURN else self._page(scene, plan.left, plan.body)), ()
        width, inner = self.page_width(plan), plan.body - 4
        words = PageFace.lines_of_page(self, width)
        least = min(len(_given(self.station, width, LINES_SEEN)) + MIN_LINES, inner - MIN_WORDS)
        return self.halves(self._worked(scene, width, max(least, inner - words)), scene)

    def _page(self, scene: Scene, width: int, height: int) -> Drawing:
        """Draw the words, what is given, and the lines; a pass that is longer than its room moves along."""
        worked = self.station.worked
        if worked is None:
            return ()
        count, starts = len(worked.lines), _given(self.station, width, LINES_SEEN)
        room = height - 1 - len(starts) - min(count, MIN_LINES)
        words = draw_words(self.station.words, width, room, scene.scrolled)
        words = (*words, ()) if words else ()
        return (*words, *self._worked(scene, width, height - len(words)))

    def _worked(self, scene: Scene, width: int, height: int) -> Drawing:
        """Draw what is given, and the lines of the pass; where not all are seen, which ones."""
        worked = self.station.worked
        if worked is None:
            return ()
        count, starts = len(worked.lines), _given(self.station, width, 0)
        if len(starts) + count > height:
            starts = _given(self.station, width, LINES_SEEN)
        room = max(3, height - len(starts))
        first = min(max(0, self.station.chosen_line - room // 2), max(0, count - room))
        places = range(first, min(first + room, count))
        network = self.station.lesson_run.network(self.station.index)
        values = on_points([numeral(shown_sign(network, one.ref) * one.value + 0.0) for one in worked.lines])
        drawn = [self._line(worked, place, values[place], scene.deriver, width) for place in places]
        part = line(Span(f"lines {first + 1} to {first + room} of {count} ", "muted")) if room < count else ()
        return (*starts[:-1], beside(starts[-1], part, width), *drawn)

    def _line(self, worked: Worked, place: int, value: str, deriver: Deriver | None, width: int) -> Line:
        """One line of the pass: marked where it is chosen, and where it was to be found."""
        station, one = self.station, worked.lines[place]
        network, passed = station.lesson_run.network(station.index), station.passed
        derived = None if deriver is None else deriver.derive(network, passed, one.ref)
        rule = one.theirs or (derived.rule if derived is not None else "…")
        chosen = station.is_open and place == station.chosen_line
        found = not station.is_open and place == worked.wrong
        shown_at = "✗ " if worked.trouble is None else "▶ "
        mark = Span("▶ " if chosen else shown_at if found else "  ", "wrong" if found else "accent")
        name = Span(symbol(network, passed.X.shape[0], one.ref), "gradient", chosen)
        head = line(mark, Span(f"{place + 1:2}  ", "key"), name)
        shown = line(*padded(head, 18), Span(" = ", "muted"), Span(rule, "text", chosen))
        return cut(beside(shown, line(Span(value, "strong", chosen)), min(width - 2, MAX_WIDTH)), width)

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw what is looked for."""
        if not self.station.is_open:
            return (), ()
        return asking(asked_of(self.station.activity), "choose it with ↑ ↓ and enter, or type its number", width)

    def revealed(self, view: View | None, width: int) -> Drawing:
        """Draw the line and its reason, once it was shown."""
        worked = self.station.worked
        if worked is None or self.station.activity.id not in self.session.revealed:
            return ()
        return draw_sentence(introduced(f"shown, line {worked.wrong + 1}", worked.reason), width)

    def answering_tips(self) -> list[Tip]:
        """Return how a line is chosen."""
        if not self.station.is_open:
            return super().answering_tips()
        return [Tip("choose a line", "scroll up", "scroll down"), Tip("this one", "check"), LOOK, HELP]


def _given(station: Hunting, width: int, kept: int) -> list[Line]:
    """What a worked pass starts from: its inputs, targets, old parameters and learning rate.

    It takes as many lines as it needs, and keeps so many cells at their ends free.
    """
    drawn = [line(Span("  given  ", "muted"))]
    for name, value in given(station.lesson_run.network(station.index), station.passed):
        part = line(Span(f"{name} ", "muted"), Span(f"{numeral(value)}  ", "text"))
        if width_of(drawn[-1]) + width_of(part) + kept > width:
            drawn.append(line("         "))
        drawn[-1] += part
    return drawn
