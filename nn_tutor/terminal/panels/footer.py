"""The footer: the state the learner is in, and the keys that do something in it now. It tells the truth."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.activities.walk import Walk
from nn_tutor.terminal.drawing.ink import Line, Span, beside, cut, line, width_of
from nn_tutor.tutor.keymap import State
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.session import Session


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a station: whether a run goes on, and whether it is a fresh question or the inside of a run.

    `folds` says that the panels are tabs, `has_home` that there is a home screen to go back to; `dots` are those of the
    skill that is asked.
    """

    training: bool = False
    is_fresh: bool = False
    is_inside: bool = False
    folds: bool = True
    has_home: bool = True
    dots: str = ""


def draw_footer(session: Session, state: State, width: int, around: Around) -> Line:
    """Draw the keys for this station, the ones that matter most first as far as they fit, and the skill's dots."""
    name = Span(f" {state} ", "key", lit=True)
    keys = _answering(session) if state == "answering" else _looking(session, around)
    drawn = line(name)
    for key, meaning in keys:
        longer = (*drawn, Span("  "), Span(key, "key"), Span(f" {meaning}", "muted"))
        if cut(longer, width) != longer:
            break
        drawn = longer
    right = line(Span(around.dots, "muted"), " ") if around.dots else ()
    return beside(drawn, right, width) if right and width_of(drawn) + width_of(right) + 2 <= width else drawn


def _answering(session: Session) -> list[tuple[str, str]]:
    if session.is_open and isinstance(session.activity, PlaceWeight):
        ways = [("← →", "move"), ("↑ ↓", "farther"), ("enter", "put it there")]
        return [*ways, ("?", "hint"), ("esc", "look around"), ("F1", "keys")]
    if session.is_open and isinstance(session.activity, Tune):
        second = session.activity.of[1:]
        ways = [("↑ ↓", "the other")] if second else [("↑ ↓", "farther")]
        return [("← →", "move"), *ways, ("enter", "that is it"), ("esc", "look around"), ("F1", "keys")]
    if session.is_open and isinstance(session.activity, Hunt):
        return [("↑ ↓", "choose a line"), ("enter", "this one"), ("esc", "look around"), ("F1", "keys")]
    if session.is_open:
        keys = [("enter", "check")]
        if session.question is not None:
            keys += [("?", "hint")]
        if session.asked is not None and session.asked.can_take_apart:
            keys += [("F2", "take apart")]
        back = [] if session.station.owns_sideways else [("←", "back")]
        keys += [("← ↑ ↓ →", "cells")] if session.station.owns_sideways else []
        return [*keys, ("esc", "look around"), *back, ("F1", "keys")]
    return [("enter", "go on"), ("←", "back"), ("esc", "look around"), ("F1", "keys")]


def _looking(session: Session, around: Around) -> list[tuple[str, str]]:
    leave = ("q", "lessons" if around.has_home else "quit")
    if session.is_over:
        practised = session.tour.lesson.id.startswith(PREFIX)
        on = "another round" if practised else "to the lessons" if around.has_home else "quit"
        return [("enter", on), ("←", "back"), leave, ("F1", "keys")]
    if around.training:
        return [("t", "pause"), ("+ −", "faster, slower"), ("F1", "keys")]
    keys = [("enter", "answer"), ("s", "show")] if session.is_open else [("enter →", "go on")]
    keys += [("?", "hint")] if session.question is not None else []
    if around.is_inside:
        keys += [("i", "back to the run")]
    if session.owed or around.is_fresh:
        keys += [("p", "put off")]
    keys += [("← →", "cells")] if session.asked is not None and session.asked.grid else [("←", "back")]
    if isinstance(session.activity, Walk):
        keys += [("tab", "panels")] if around.folds else []
        matrix = [] if session.tour.network(session.place.activity).is_scalar else [("m", "matrix")]
        keys += [("PgUp PgDn", "pass"), ("+ −", "grain"), *matrix, *([("c", "code")] if around.folds else [])]
    elif isinstance(session.activity, Train):
        speed = [] if session.activity.reseed else [("+ −", "speed")]
        keys = [("t", "run"), ("→", "one pass"), ("End", "to goal"), *speed, ("i", "inside")]
        if session.station.forward() is None:
            run, activity = session.tour.run(session.place.activity), session.activity
            ends = bool(run.stopped) or session.place.pass_number >= activity.last_pass
            keys = [("enter →", "go on"), ("←", "back"), *([] if ends else [("t", "run on")]), ("i", "inside")]
        keys += [("r", "other weights")] if session.activity.reseed else []
        return [*keys, ("F1", "keys"), *([("tab", "panels")] if around.folds else []), leave]
    elif not isinstance(session.activity, Nudge):
        keys += [("↑ ↓", "scroll")]
    return [*keys, ("F1", "keys"), leave]
