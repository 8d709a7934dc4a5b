"""A worked pass as numbered lines, one of which is to be found."""

from __future__ import annotations

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.calculus.records import Deriver
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, beside, cut, line, padded, width_of
from nn_tutor.terminal.panels.reading import draw_words
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.walkthrough.questions import given

LINES_SEEN = len("lines 10 to 19 of 21 ")
LEAST_LINES = 6
"""So many lines of a worked pass are seen at once, however many words there are."""


def draw_hunt(
    session: Session, station: Hunting, text: str, deriver: Deriver | None, width: int, height: int
) -> Drawing:
    """Draw a worked pass as numbered lines, the chosen one marked; once the mistake is found, also where it was.

    A pass that is longer than its room moves along with the choice.
    """
    worked = station.worked
    if worked is None:
        return ()
    network, passed = session.tour.network(session.place.activity), session.passed
    rows = passed.X.shape[0]
    count = len(worked.lines)
    starts = _given(session, width)
    words = draw_words(text, width, height - 1 - len(starts) - min(count, LEAST_LINES))
    words = (*words, ()) if words else ()
    room = max(3, height - len(starts) - len(words))
    first = min(max(0, station.chosen_line - room // 2), max(0, count - room))
    drawn: list[Line] = []
    for place, worked_line in enumerate(worked.lines[first : first + room], start=first):
        derived = None if deriver is None else deriver.derive(network, passed, worked_line.ref)
        rule = worked_line.theirs or (derived.rule if derived is not None else "…")
        chosen = session.is_open and place == station.chosen_line
        found = not session.is_open and place == worked.wrong
        shown_at = "✗ " if worked.trouble is None else "▶ "
        mark = Span("▶ " if chosen else shown_at if found else "  ", "wrong" if found else "accent")
        head = line(
            mark, Span(f"{place + 1:2}  ", "key"), Span(symbol(network, rows, worked_line.ref), "gradient", chosen)
        )
        shown = line(*padded(head, 18), Span(" = ", "muted"), Span(rule, "text", chosen))
        drawn.append(
            cut(beside(shown, line(Span(numeral(worked_line.value), "strong", chosen)), min(width - 2, 76)), width)
        )
    part = line(Span(f"lines {first + 1} to {first + room} of {count} ", "muted")) if room < count else ()
    return (*words, *starts[:-1], beside(starts[-1], part, width), *drawn)


def _given(session: Session, width: int) -> list[Line]:
    """What a worked pass starts from: its inputs, targets, old parameters and learning rate.

    It takes as many lines as it needs, and leaves room at their ends to say which lines of the pass are seen.
    """
    drawn = [line(Span("  given  ", "muted"))]
    for name, value in given(session.tour.network(session.place.activity), session.passed):
        part = line(Span(f"{name} ", "muted"), Span(f"{numeral(value)}  ", "text"))
        if width_of(drawn[-1]) + width_of(part) + LINES_SEEN > width:
            drawn.append(line("         "))
        drawn[-1] += part
    return drawn
