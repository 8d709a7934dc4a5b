"""Rows that pull a weight: a table of them to choose from, then their pulls as bars on both sides of 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from nn_tutor.calculus.names import parameter
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.diagnosis import introduced
from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, framed
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, line
from nn_tutor.terminal.faces.base import HINT, MAX_EXHIBIT, Face, Scene, asking
from nn_tutor.terminal.faces.page import MAX_PAGE
from nn_tutor.terminal.layout import Plan, is_large
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_words
from nn_tutor.terminal.panels.verdict import draw_sentence
from nn_tutor.tutor.pulling import Puller, asked_of, delta_name, entering_name, rule_of
from nn_tutor.tutor.stations.pulling import Pulling

if TYPE_CHECKING:
    from nn_tutor.terminal.panels.header import Heading
    from nn_tutor.tutor.keymap import Tip
    from nn_tutor.tutor.visible import View

MAX_BAR, MIN_BAR = 30, 4
"""Cells of a bar on each side of 0."""

GAP, MARK = "   ", 6
"""What stands between two numbers, and the cells before a row."""


class PullingFace(Face[Pulling]):
    """A comparison of rows."""

    heading: ClassVar[Heading] = "loss"
    prompt_lines: ClassVar[int] = 3
    verdict_lines: ClassVar[int] = 3

    def splits(self, width: int, height: int) -> bool:
        """Whether a picture of the samples stands beside them."""
        return self.station.activity.picture is not None and is_large(width, height)

    def right_width(self, width: int) -> int:
        """Return what the measure of the words leaves."""
        return max(super().right_width(width), width - MAX_PAGE)

    def lines_wanted(self, plan: Plan) -> int:
        """Return the lines of the words and the rows, or of the picture beside them."""
        if plan.is_framed:
            return MAX_EXHIBIT + 2
        words = draw_words(self.station.words, plan.left, plan.body)
        return len(words) + len(self._table(plan.left)) + 2

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words and the rows; once the answer is known how hard each pulls, and which of all rows do most.

        The picture stands beside them, or below where there is room.
        """
        plan, picture = scene.plan, self.station.activity.picture
        if not plan.is_framed or picture is None:
            rows = self._rows(plan.left, plan.body, scene.scrolled)
            return self.with_picture(rows, plan.left - 1, plan.body, picture), ()
        width, height = plan.left - 1 - SIDES_OF_FRAME, plan.body - 2
        left = framed(self._rows(width, height, scene.scrolled), plan.left - 1, plan.body, lit=True)
        drawn = draw_wanted(self.session, picture, plan.right - SIDES_OF_FRAME, height)
        return left, framed(drawn, plan.right, plan.body, line(Span("The picture", "strong")))

    def _rows(self, width: int, height: int, scrolled: int) -> Drawing:
        """The words, and the rows below them."""
        table = self._table(width)
        words = draw_words(self.station.words, width, height - len(table) - 1, scrolled)
        return ((*words, (), *table) if words else table)[:height]

    def exhibit(self, view: View | None, width: int, height: int) -> Drawing:
        """Draw the rows with their pulls."""
        return self._table(width)[:height]

    def _table(self, width: int) -> Drawing:
        """The rows, a line each below the names of their numbers; below them the hardest rows of all."""
        found, is_open = self.station.found, self.station.is_open
        ranked = found.ranked if not is_open and found.count > len(found.rows) else ()
        cells = [self._names(), *(self._numbers(row) for row in (*found.rows, *ranked))]
        widths = [max(len(one[place]) for one in cells) for place in range(len(cells[0]))]
        lines = [
            line(" " * 6, *(Span(text.rjust(room) + GAP, "muted") for text, room in zip(cells[0], widths, strict=True)))
        ]
        bars = Bars(
            [row.pull for row in (*found.rows, *ranked)], width - MARK - sum(widths) - len(GAP) * len(widths) - 1
        )
        for place, row in enumerate((*found.rows, *ranked)):
            if place == len(found.rows):
                lines += [(), line(Span(f"  {self._total}; these of them pull hardest:", "muted"))]
            mark = self._mark(place) if place < len(found.rows) else line(" " * MARK)
            numbers = (Span(text.rjust(room) + GAP) for text, room in zip(cells[place + 1], widths, strict=True))
            lines.append(cut(line(*mark, *numbers, *(() if is_open else bars.draw(row.pull))), width))
        if not is_open and not ranked:
            lines += [(), line(Span(f"  {self._total}", "muted"))]
        return tuple(lines)

    @property
    def _total(self) -> str:
        """What all pulls add up to."""
        station, found = self.station, self.station.found
        name = parameter(station.lesson_run.network(station.index), station.activity.weight)
        return f"all {found.count:,} {station.activity.noun}s together: ∂L/∂{name} = {numeral(found.total)}"

    def _mark(self, place: int) -> Line:
        """What stands before a row: its number, ✓ for the right one, ✗ for one that was tried."""
        station = self.station
        tried = {attempt.judgement.value for attempt in station.answers.to(station.activity.id)}
        if not station.is_open and place == station.found.hardest:
            return line(Span(f"  ✓ {place + 1} ", "right"))
        mark: Role = "muted" if place + 1 in tried else "key"
        return line(Span(f"  {'✗' if place + 1 in tried else ' '} {place + 1} ", mark))

    def _names(self) -> list[str]:
        """The names of the numbers of a row; the error makes room for the pull, once that is known."""
        station = self.station
        network, has_error = station.lesson_run.network(station.index), station.found.rows[0].error is not None
        enters, error = entering_name(network, station.activity), "o − y" if has_error else "its loss"
        if not station.is_open:
            return ["", enters, self._delta, f"{self._delta}·{enters}"]
        return ["", enters, error, self._delta] if station.shows_delta else ["", enters, error]

    @property
    def _delta(self) -> str:
        station = self.station
        return delta_name(station.lesson_run.network(station.index), station.activity)

    def _numbers(self, row: Puller) -> list[str]:
        enters, delta = numeral(row.entering), numeral(row.delta)
        if not self.station.is_open:
            return [row.name, enters, delta, numeral(row.pull)]
        known = [row.name, enters, numeral(row.loss if row.error is None else row.error)]
        return [*known, delta] if self.station.shows_delta else known

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw what is asked."""
        station = self.station
        network = station.lesson_run.network(station.index)
        if not station.is_open:
            return asking("", rule_of(network, station.activity), width)
        return asking(asked_of(network, station.activity), f"type its number, 1 to {len(station.found.rows)}", width)

    def revealed(self, view: View | None, width: int) -> Drawing:
        """Draw the row, once it was shown."""
        station = self.station
        if station.activity.id not in self.session.revealed:
            return ()
        return draw_sentence(introduced("shown", station.found.rows[station.found.hardest].name), width)

    def answering_tips(self) -> list[Tip]:
        """Return the keys of a question that has hints."""
        tips = super().answering_tips()
        return [tips[0], HINT, *tips[1:]] if self.station.is_open else tips


class Bars:
    """Pulls as bars of one scale: from the left where all have one sign, else from a middle line to both sides."""

    def __init__(self, pulls: Sequence[float], room: int) -> None:
        self._largest = max(map(abs, pulls), default=0.0)
        self._has_both = min(pulls, default=0.0) < 0 < max(pulls, default=0.0)
        self._room = min(MAX_BAR, room // 2 if self._has_both else room)

    def draw(self, pull: float) -> Line:
        """Draw a bar, nothing where there is no room for any."""
        if self._room < MIN_BAR:
            return ()
        cells = round(self._room * abs(pull) / self._largest) if self._largest else 0
        bar = Span("█" * cells, "negative" if pull < 0 else "positive")
        if not self._has_both:
            return line(Span("│", "border"), bar)
        if pull < 0:
            return line(" " * (self._room - cells), bar, Span("│", "border"))
        return line(" " * self._room, Span("│", "border"), bar)
