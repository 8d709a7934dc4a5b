"""The summary at the end of a lesson or a round."""

from __future__ import annotations

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.terminal.drawing.training_curve import TrainingCurve, draw_training_curve
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.summary import summary_of

LEAST_CURVE = 9
MOST_CURVE = 100, 18
"""The lines from which the losses are drawn as a picture as well, and the cells and lines that it fills at most."""


def draw_ending(session: Session, text: str, width: int, height: int, scrolled: int, following: str) -> Drawing:
    """Draw the summary: passes, answers, mistakes with what is right, the loss from beginning to end, what is next."""
    summed = summary_of(session)
    practised = session.tour.lesson.id.startswith(PREFIX)
    head: list[Line] = [line(Span("  That was the round." if practised else "  You reached the end.", "strong")), ()]
    counts = f"{summed.questions} questions, {summed.first_try} right at the first try"
    counts += f", {summed.shown} shown" if summed.shown else ""
    head.append(line(Span("  answers   ", "muted"), Span(counts)))
    if not practised:
        head.append(line(Span("  passes    ", "muted"), Span(f"{summed.passes:,}")))
    if len(summed.losses) > 1:
        bars = sparkline(summed.losses, min(40, max(4, width - 40)))
        ends = f"  {numeral(summed.losses[0])} → {numeral(summed.losses[-1])}"
        head.append(line(Span("  loss      ", "muted"), Span(bars, "loss"), Span(ends)))
    room = max(1, height - len(head) - 4)
    for place, made in enumerate(summed.mistakes[:room]):
        times = "once" if made.times == 1 else "twice" if made.times == 2 else f"{made.times} times"
        title = "  mistakes  " if not place else "            "
        said = line(Span(title, "muted"), Span(f"{times}: you {made.name}. "), Span(made.rule, "muted"))
        head.append(cut(said, width))
    if not summed.mistakes:
        head.append(line(Span("  mistakes  ", "muted"), Span("none of the known ones", "right")))
    if practised:
        again = "enter: another round, with fresh numbers" if not summed.mistakes else "enter: once more, until it sits"
        head += [(), line(Span(f"  {again}", "accent"))]
    elif following:
        head += [(), line(Span("  next      ", "muted"), Span(following, "accent"))]
    words = (
        draw_reading(text, width, height - len(head) - 1, scrolled) if text.strip() and height > len(head) + 3 else ()
    )
    head += [(), *words] if words else []
    room = height - len(head) - 1
    if len(summed.losses) > 1 and room >= LEAST_CURVE:
        curve = draw_training_curve(TrainingCurve(summed.losses), min(width, MOST_CURVE[0]), min(room, MOST_CURVE[1]))
        head += [(), *curve]
    return tuple(head)
