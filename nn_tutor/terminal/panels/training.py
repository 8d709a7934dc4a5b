"""A training run: its words before it begins, then how far it is, the loss, and its pictures."""

from __future__ import annotations

import math

from nn_tutor.calculus.numerals import apart, numeral
from nn_tutor.course.activities.train import Train
from nn_tutor.course.picture import Picture
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line
from nn_tutor.terminal.panels.pictures import draw_wanted, usual_picture
from nn_tutor.terminal.panels.reading import draw_words
from nn_tutor.tutor.session import Session

LEAST_PICTURE = 7
"""A picture of fewer lines says less than the words in its place."""

CURVE = Picture("curve")


def draw_training(
    session: Session, activity: Train, text: str, width: int, height: int, panel: str, running: str
) -> Drawing:
    """Draw a training run; `panel` says which picture is in front, `running` how fast it goes on by itself, if so."""
    head = [cut(part, width) for part in _head(session, activity, running)]
    begins = session.is_open or session.place.pass_number == activity.first_pass
    in_front = panel == ("curve" if shows_only_curve(session, activity) else "picture")
    if text and (panel == "words" or (begins and in_front and not running)):
        room = height - len(head) - 1
        words = draw_words(text, width, room - LEAST_PICTURE - 1) if panel != "words" else ()
        words = words or draw_words(text, width, room)
        head = [*words, (), *head]
    room = height - len(head) - 1
    if room < LEAST_PICTURE:
        return tuple(head)
    asked = CURVE if panel == "curve" else activity.picture or usual_picture(session)
    return (*head, (), *draw_wanted(session, asked, width, room))


def shows_only_curve(session: Session, activity: Train) -> bool:
    """Whether the picture of a run is the curve of its losses, which is there anyway."""
    return (activity.picture or usual_picture(session)).kind == CURVE.kind


def _head(session: Session, activity: Train, running: str) -> list[Line]:
    """How far the run is, what it was guessed to be, and what went wrong with it, if something did."""
    run, number = session.tour.run(session.place.activity), session.place.pass_number
    loss = run.loss(number)
    done = loss is not None and loss < activity.to_loss
    bar = _bar(1.0 if done else _part(session, activity))
    said, goal = "?" if loss is None else apart(loss, activity.to_loss), numeral(activity.to_loss)
    head = [
        line(
            Span("  pass ", "muted"),
            Span(f"{number:,}", "strong"),
            Span(f" of {activity.last_pass:,}  ", "muted"),
            Span(bar, "accent" if running else "right" if done else "muted"),
            Span("   L ", "muted"),
            Span(said, "loss", lit=True),
            Span(f"   ✓ below {goal}", "right") if done else Span(f"   goal: below {goal}", "muted"),
        )
    ]
    guesses = session.notes.get(activity.id, ())
    missed = not done and session.station.forward() is None and not run.stopped
    if running:
        head.append(line(Span(f"  ▶ running, {running}", "accent")))
    elif missed:
        head.append(line(Span(f"  all {activity.last_pass:,} passes are made, and L is still above {goal}", "strong")))
    elif guesses:
        took = f", it took {session.tour.reach(session.place.activity).last:,}" if done else ""
        head.append(line(Span("  you guessed ", "muted"), Span(guesses[-1], "yours"), Span(took, "strong")))
    trouble = _trouble(session, activity)
    return [*head, line(Span(f"  {trouble}", "wrong"))] if trouble else head


def _trouble(session: Session, activity: Train) -> str:
    """Say why a run ends before its goal, or that it moves away from it; "" where all is well."""
    run, number = session.tour.run(session.place.activity), session.place.pass_number
    if run.stopped and number >= len(run.losses):
        return f"the run stops here: {run.stopped}"
    entry = session.tour.lesson.networks[activity.network]
    run.loss(number)
    # One sample after the other: all of them together count, the next one alone may well have a higher loss.
    turn = len(entry.data.inputs) if entry.network.batching == "online" else 1
    losses = run.losses[activity.first_pass - 1 : number]
    first, before, now = (sum(part) for part in (losses[:turn], losses[-2 * turn : -turn], losses[-turn:]))
    if len(losses) < 2 * turn or not now > before or not now > 1.2 * first:
        return ""
    rate = numeral(entry.network.learning_rate)
    return f"the loss grows: each step jumps farther than the one before; η = {rate} is too large here"


def _part(session: Session, activity: Train) -> float:
    """How far the run is on its way to its goal, in powers of ten of the loss, or on that to its last pass."""
    number, first, goal = session.place.pass_number, activity.first_pass, activity.to_loss
    made = (number - first) / max(1, activity.last_pass - first)
    run = session.tour.run(session.place.activity)
    begun, loss = run.loss(first), run.loss(number)
    if begun is None or loss is None or not begun > goal or not 0 < loss < begun:
        return made
    return max(made, min(math.log(begun / loss) / math.log(begun / goal), 0.99))


def _bar(part: float) -> str:
    """A part of the whole in ten cells."""
    full = min(10, int(10 * part))
    return "▰" * full + "▱" * (10 - full)
