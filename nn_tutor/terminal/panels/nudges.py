"""The table of nudges: how far, where that leads, and the change for each 1 that it moved."""

from __future__ import annotations

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.judging.reading import read
from nn_tutor.network.passes import value_of
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, padded
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.nudging import NUDGES
from nn_tutor.walkthrough.nudging import Nudged, nudge
from nn_tutor.walkthrough.questions import over_and_under


def draw_nudges(session: Session, activity: Nudge, height: int) -> Drawing:
    """Draw the table of nudges: how far, where that leads, the change, and the change for each 1 that it moved."""
    network, passed = session.tour.network(session.place.activity), session.passed
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
    left = NUDGES - len(session.notes.get(activity.id, ()))
    titles: tuple[str, ...] = (f"{under} moves by ε", f"{over} is then", f"{over} changes by", "change / ε")
    if left <= 0:  # nudged both ways it comes so near that it would tell the slope
        titles += ("both ways",)
    widths = tuple(max(13, len(title) + 2) for title in titles)
    table = [_cells(titles, widths, "muted")]
    epsilons = [read(text).value for text in session.notes.get(activity.id, ())[-(height - 7) :]]
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
