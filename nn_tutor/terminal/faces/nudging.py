"""The table of nudges: how far, where that leads, and the change for each 1 that it moved."""

from __future__ import annotations

from typing import ClassVar

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.reading import read
from nn_tutor.network.records import value_of
from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, padded
from nn_tutor.terminal.faces.base import Around, Face, Scene, asking
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.nudging import NUDGES, Nudging
from nn_tutor.tutor.visible import View
from nn_tutor.walkthrough.nudging import Nudged, nudge
from nn_tutor.walkthrough.questions import over_and_under


class NudgingFace(Face[Nudging]):
    """A number to nudge."""

    prompt_lines: ClassVar[int] = 3
    verdict_lines: ClassVar[int] = 2
    has_halves: ClassVar[bool] = True

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the table and the picture, and the words above them or at the right."""
        plan, text, picture = scene.plan, self.station.words, self.station.activity.picture
        if plan.is_framed:
            width, height = plan.left - 1 - SIDES_OF_FRAME, plan.body - 2
            table = self.with_picture(_nudges(self.station, height), width, height, picture)
            words = draw_reading(text, plan.right - SIDES_OF_FRAME, height, scene.scrolled)
            return (
                self.framed("nudges", table, plan.left - 1, plan.body, scene),
                self.framed("words", words, plan.right, plan.body, scene),
            )
        left = _nudges(self.station, plan.body)
        words = draw_reading(text, plan.left, max(1, plan.body - len(left) - 1), scene.scrolled) if text else ()
        left = (*words, (), *left)[: plan.body] if words else left
        return self.with_picture(left, plan.left - 1, plan.body, picture), ()

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw what may be typed."""
        how = "a number such as 1, 0.1, 0.001 or −0.01; enter on the empty line goes on"
        return asking("Nudge it: how far should it move?", how)

    def own_tips(self, around: Around) -> list[Tip]:
        """Return none: the table is short."""
        return []


def _nudges(station: Nudging, height: int) -> Drawing:
    """The table of nudges: how far, where that leads, the change, and the change for each 1 that it moved."""
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
    titles: tuple[str, ...] = (f"{under} moves by ε", f"{over} is then", f"{over} changes by", "change / ε")
    if left <= 0:  # nudged both ways it comes so near that it would tell the slope
        titles += ("both ways",)
    widths = tuple(max(13, len(title) + 2) for title in titles)
    table = [_cells(titles, widths, "muted")]
    epsilons = [read(text).value for text in station.nudges[-(height - 7) :]]
    table += [_nudge_row(nudge(network, passed, activity.slope, epsilon), widths) for epsilon in epsilons]
    slope = numeral(value_of(passed, activity.slope))
    more = "once more" if left == 1 else f"{left} more times"
    footing = (
        line(Span(f"  {name}", "gradient"), Span(f" = {slope}", "strong"), Span("   the slope", "muted"))
        if left <= 0
        else line(Span(f"  nudge {more} to see the slope itself", "muted"))
    )
    return (heading, (), *table, (), footing)


def _nudge_row(nudged: Nudged, widths: tuple[int, ...]) -> Line:
    cells = (
        numeral(nudged.epsilon, 6),
        numeral(nudged.upper, 6),
        numeral(nudged.change, 6),
        *("—" if found is None else numeral(found, 6) for found in (nudged.quotient, nudged.central)),
    )
    return _cells(cells[: len(widths)], widths, "text")


def _cells(cells: tuple[str, ...], widths: tuple[int, ...], role: Role) -> Line:
    drawn: Line = (Span("  "),)
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        last = place >= 3 and role == "text"
        drawn += padded((Span(cell, "gradient" if last else role),), width)
    return drawn
