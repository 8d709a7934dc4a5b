"""The first line of a lesson: its title, the loss with its conventions, the learning rate, the pass and the losses."""

from __future__ import annotations

from typing import Literal

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.ink import Line, Span, beside, line, width_of
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.terminal.panels.weight_picture import losses_so_far
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.session import Session
from nn_tutor.walkthrough.badge import batch_badge, loss_badge, rule_badge

Heading = Literal["part", "loss", "pass"]
"""What stands at the right: which part of the lesson, the loss that is minimised, or the pass and its losses too."""


def draw_header(session: Session, heading: Heading, number: int | None, width: int, *, badge: str = "") -> Line:
    """Draw the line; `number` is the lesson's place in the course, `badge` says why nothing is saved, if so.

    `heading` is what a station wants at the right.
    """
    title = line(Span(f" {number} · " if number else " ", "muted"), Span(session.lesson_run.lesson.title, "strong"))
    if session.lesson_run.lesson.id.startswith(PREFIX) and not session.is_over:
        count = len(session.lesson_run.lesson.activities)
        title = line(Span(f" {session.place.activity + 1} of {count} ·", "muted"), *title)
    if badge:
        title = line(Span(f" {badge} ", "wrong", lit=True))
    if heading == "part":
        return beside(title, line(Span(_place(session), "muted"), " "), width)
    network = session.lesson_run.network(session.place.activity)
    if heading == "loss":  # no pass is at hand yet
        walks = any(activity.step_groups_in_passes for activity in session.lesson_run.lesson.activities)
        badge = (
            loss_badge(network, session.lesson_run.rows(session.place.activity)) if walks else ""
        )  # else not taught yet
        right = line(Span(badge, "loss"), Span(f"   {_place(session)} ", "muted"))
        if width_of(title) + width_of(right) + 2 > width:
            right = line(Span(badge, "loss"), " ")
        return beside(title, right, width)
    index, pass_number = session.place.activity, session.place.pass_number
    seen = batch_badge(network, session.passed.rows, session.lesson_run.samples(index)) if pass_number else ""
    rows = (Span(f"  {seen}", "muted"),) if seen else ()
    takes_a_step = session.station.takes_a_step
    step = (Span(f"   {rule_badge(network)} ", "muted"), Span(numeral(network.learning_rate))) if takes_a_step else ()
    loss = Span(loss_badge(network, session.lesson_run.rows(index, pass_number)), "loss")
    at_pass = (Span("   pass ", "muted"), Span(str(pass_number), "strong"), " ")
    ways = [line(loss, *between, *at_pass) for between in ((*rows, *step), rows, ())]
    right = next((one for one in ways if width_of(one) <= width), ways[-1])
    bars = sparkline(losses_so_far(session), 8)
    longer = line(*right[:-1], Span(f"  loss {bars}", "muted"), " ") if bars else right
    if width_of(title) + width_of(longer) < width:
        return beside(title, longer, width)
    return beside(title, right, width) if width_of(right) < width - 12 else right


def _place(session: Session) -> str:
    count = len(session.lesson_run.lesson.activities)
    return "the end" if session.is_over else f"part {session.place.activity + 1} of {count}"
