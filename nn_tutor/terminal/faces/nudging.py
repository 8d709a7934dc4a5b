"""The table of nudges: how far, where that leads, and the change for each 1 that it moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.reading import read
from nn_tutor.network.records import value_of
from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, framed
from nn_tutor.terminal.drawing.columns import on_points
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.terminal.faces.base import MAX_EXHIBIT, NUMBERED_PICTURE, Around, Face, Scene, asking
from nn_tutor.terminal.panels.nudge_picture import draw_nudge
from nn_tutor.terminal.panels.reading import draw_reading, fits, untitled
from nn_tutor.tutor.stations.nudging import BOTH_WAYS, NUDGES, Nudging
from nn_tutor.walkthrough.nudging import Nudged, nudge
from nn_tutor.walkthrough.questions import over_and_under

if TYPE_CHECKING:
    from nn_tutor.terminal.layout import Plan
    from nn_tutor.tutor.keymap import Tip
    from nn_tutor.tutor.visible import View


class NudgingFace(Face[Nudging]):
    """A number to nudge."""

    prompt_lines: ClassVar[int] = 3
    verdict_lines: ClassVar[int] = 2
    has_halves: ClassVar[bool] = True

    def least_body(self, plan: Plan) -> int:
        """Return the lines of the words and of the nudges that are asked for: an introduction never hides them."""
        words = 0 if plan.is_framed else len(draw_prose(untitled(self.station.words), max(10, plan.left - 4))) + 1
        return max(super().least_body(plan), words + AROUND_ROWS + NUDGES)

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the table and the picture, and the words above them or at the right."""
        plan = scene.plan
        if not plan.is_framed:
            return self._with_curve(self._alone(scene), plan.left - 1, plan.body), ()
        width, height = plan.left - 1 - SIDES_OF_FRAME, plan.body - 2
        table = self._with_curve(_nudges(self.station, width, height - BESIDE_ROWS), width, height)
        words = draw_reading(self.station.words, plan.right - SIDES_OF_FRAME, height, scene.scrolled)
        return (
            self.framed("nudges", table, plan.left - 1, plan.body, scene),
            framed(words, plan.right, plan.body, line(Span("words", "text"))),
        )

    def _alone(self, scene: Scene) -> Drawing:
        """The words and below them the table: the words keep their lines, first without their title."""
        width, height, text = scene.plan.left, scene.plan.body, self.station.words
        if not text:
            return _nudges(self.station, width - 1, height - BESIDE_ROWS)[:height]
        room = height - AROUND_ROWS - NUDGES - 1
        text = text if fits(text, width, room) else untitled(text)
        kept = len(draw_prose(text, max(10, width - 4))) if fits(text, width, room) else 1
        table = _nudges(self.station, width - 1, height - AROUND_ROWS - kept - 1)
        return (*draw_reading(text, width, max(1, height - len(table) - 1), scene.scrolled), (), *table)[:height]

    def exhibit(self, view: View | None, width: int, height: int) -> Drawing:
        """Draw the table, and the picture."""
        table = _nudges(self.station, width, height - BESIDE_ROWS)
        if not self.station.tells_slope:  # nobody nudges there any more
            table = table[:-2]
        return self._with_curve(table, width, height)

    def _with_curve(self, above: Drawing, width: int, height: int) -> Drawing:
        """Put below something the picture that the activity asks for, or else the curve that is nudged along."""
        room = min(height - len(above) - 1, MAX_EXHIBIT)
        if self.station.activity.picture is not None or room < NUMBERED_PICTURE:
            return self.with_picture(above, width, height, self.station.activity.picture)
        return (*above, (), *draw_nudge(self.station, width, room))

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw what may be typed."""
        how = "a number such as 1, 0.1, 0.001 or −0.01; enter on the empty line goes on"
        return asking("Nudge it: how far should it move?", how, width)

    def own_tips(self, around: Around) -> list[Tip]:
        """Return none: the table is short."""
        return []


Titles = tuple[str, str, str, str, str]

GAP = 2
"""The cells between two columns."""

AROUND_ROWS, BESIDE_ROWS = 5, 7
"""The lines above and below the rows of the table, and those that are kept free of rows where words stand beside it."""


def _nudges(station: Nudging, width: int, rows_of_table: int) -> Drawing:
    """The table of the last nudges: how far, where that leads, the change, and the change for each 1 that it moved."""
    activity, network, passed = station.activity, station.lesson_run.network(station.index), station.passed
    rows = passed.X.shape[0]
    name = symbol(network, rows, activity.slope)
    over, under = over_and_under(network, rows, activity.slope)
    start = nudge(network, passed, activity.slope, 0.0)
    heading = line(
        Span(f"  {under} is ", "muted"),
        Span(numeral(start.lower), "strong"),
        Span(f", and {over} is ", "muted"),
        Span(numeral(start.upper), "strong"),
    )
    left = NUDGES - len(station.nudges)
    epsilons = [read(text).value for text in station.nudges[-max(1, rows_of_table) :]]
    nudged = [nudge(network, passed, activity.slope, epsilon) for epsilon in epsilons]
    table = _table(nudged, under, over, width, both_ways=station.shows_both_ways)
    slope = numeral(value_of(passed, activity.slope))
    more = "once more" if left == 1 else f"{left} more times"
    footing = (
        line(Span(f"  {name}", "gradient"), Span(f" = {slope}", "strong"), Span("   the slope", "muted"))
        if left <= 0
        else line(Span(f"  nudge {more} to see the slope itself", "muted"))
    )
    return (heading, (), *table, (), footing)


def _table(nudged: Sequence[Nudged], under: str, over: str, width: int, *, both_ways: bool) -> list[Line]:
    """The rows below their titles; in a narrow room the titles are shorter, and at last one column is left out."""
    rows = [_cells_of(one) for one in nudged]
    full: Titles = (f"{under} moves by ε", f"{over} is then", f"{over} changes by", "change / ε", BOTH_WAYS)
    short: Titles = ("ε", f"{over} then", "change", "change / ε", BOTH_WAYS)
    every = (0, 1, 2, 3, 4) if both_ways else (0, 1, 2, 3)
    ways = [(full, every), (short, every), (short, tuple(place for place in every if place != 1))]
    tables = [
        [[titles[place], *on_points([row[place] for row in rows])] for place in places] for titles, places in ways
    ]
    fitting = (number for number, columns in enumerate(tables) if _width_of(columns) <= width)
    chosen = next(fitting, len(tables) - 1)
    cells = [
        [_cell(text, max(map(len, column)), place, number) for number, text in enumerate(column)]
        for column, place in zip(tables[chosen], ways[chosen][1], strict=True)
    ]
    return [cut(line("  ", *row), width) for row in zip(*cells, strict=True)]


def _width_of(columns: list[list[str]]) -> int:
    return 2 + sum(max(map(len, column)) + GAP for column in columns) - GAP


def _cell(text: str, width: int, place: int, row: int) -> Span:
    """A cell with the gap behind it; the quotients are slopes."""
    return Span(text.ljust(width + GAP), "muted" if not row else "gradient" if place >= 3 else "text")


def _cells_of(nudged: Nudged) -> tuple[str, ...]:
    """The numbers of a nudge: how far, where that leads, the change, and the change for each 1, one way and both."""
    return (
        numeral(nudged.epsilon, 6),
        numeral(nudged.upper, 6),
        numeral(nudged.change, 6),
        *("—" if found is None else numeral(found, 6) for found in (nudged.quotient, nudged.central)),
    )
