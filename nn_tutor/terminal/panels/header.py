"""The first line of a lesson: where one is, the loss with its conventions, the learning rate, the pass, the losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.ink import Line, Span, beside, cut, line, width_of
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.terminal.panels.weight_picture import losses_so_far
from nn_tutor.tutor.stations.base import INSIDE
from nn_tutor.walkthrough.badge import ONE_SAMPLE, batch_badge, loss_badge, rule_badge

if TYPE_CHECKING:
    from nn_tutor.tutor.session import Session

Heading = Literal["part", "loss", "pass"]
"""What stands at the right: nothing, the loss that is minimised, or the pass and its losses too."""

GAP = 2
"""The cells between where one is and what stands at the right, at least."""


def draw_header(whole: Session, heading: Heading, number: int | None, width: int, *, badge: str = "") -> Line:
    """Draw the line; `number` is the lesson's place in the course, `badge` says why nothing is saved, if so.

    `heading` is what a station wants at the right. Where one is never gives way altogether: first the name of the
    lesson does, then that of the part, and what stands at the right in turn with them.
    """
    warning = line(Span(f" {badge} ", "wrong", lit=True)) if badge else ()
    crumbs = [(*warning, *crumb) for crumb in breadcrumbs(whole, number)]
    full, bare = _rights(whole.current, heading)
    *named, numbers = crumbs
    ways = [(crumb, right) for crumb in named for right in full if crumb is not crumbs[0] or right not in bare]
    ways += [(crumb, right) for right in bare for crumb in named]
    ways += [(crumb, right) for right in (*full, *bare) for crumb in (numbers, ())]
    for left, right in ways:
        if width_of(left) + width_of(right) + GAP <= width:
            return beside(left, right, width)
    return cut(crumbs[-1], width)


def breadcrumbs(whole: Session, number: int | None) -> list[Line]:
    """Return where one is in a lesson, as `4 The chain rule ▸ The first step  8/17`, then in fewer words."""
    lesson, place = whole.lesson_run.lesson, whole.place.activity
    count = len(lesson.activities)
    at = Span(f"  {min(place + 1, count)}/{count}", "muted")
    steps = ["The end" if whole.is_over else lesson.title_of(lesson.activities[place].id)]
    if whole.nested is not None:
        is_inside = whole.nested.lesson_run.lesson.id == INSIDE
        steps.append("inside a pass" if is_inside else "fresh numbers")
    of_lesson = (Span(f"{number} " if number else "", "muted"), Span(lesson.title, "strong"))
    of_parts = [
        Span(part, "muted" if sign else "text") for step in steps if step for sign, part in ((1, " ▸ "), (0, step))
    ]
    short = (Span(str(number) if number else lesson.title.partition(" · ")[0], "strong"),)
    # At last the numbers alone: they never give way.
    ways = [(*of_lesson, *of_parts, at), (*short, *of_parts, at), (*short, *of_parts[-2:], at), (*short, at)]
    return [line(" ", *way) for way in ways]


def _rights(session: Session, heading: Heading) -> tuple[list[Line], list[Line]]:
    """What stands at the right where there is room for all that matters, and then with less and less of it."""
    if heading == "loss":  # no pass is at hand yet
        network = session.lesson_run.network(session.place.activity)
        walks = any(activity.step_groups_in_passes for activity in session.lesson_run.lesson.activities)
        badge = loss_badge(network, session.lesson_run.rows(session.place.activity)) if walks else ""  # not taught yet
        return [line(Span(badge, "loss"), " ")], [()]
    return _at_pass(session) if heading == "pass" else ([()], [])


def _at_pass(session: Session) -> tuple[list[Line], list[Line]]:
    """The loss, the rows of a batch, the learning rate, the pass and the losses so far; then without these in turn."""
    index, pass_number = session.place.activity, session.place.pass_number
    network = session.lesson_run.network(index)
    seen = batch_badge(network, session.passed.rows, session.lesson_run.samples(index)) if pass_number else ""
    rows = (Span(f"  {seen}", "muted"),) if seen else ()
    takes_a_step = session.station.takes_a_step
    step = (Span(f"   {rule_badge(network)} ", "muted"), Span(numeral(network.learning_rate))) if takes_a_step else ()
    loss = Span(loss_badge(network, session.lesson_run.rows(index, pass_number)), "loss")
    at_pass = (Span("   pass ", "muted"), Span(f"{pass_number:,}", "strong"))
    bars = sparkline(losses_so_far(session), 8)
    all_of_it = line(loss, *rows, *step, *at_pass, " ")
    full = [line(*all_of_it[:-1], Span(f"  loss {bars}", "muted"), " ")] if bars else []
    # The first that can do without: that there is one sample, or that what the mean is of are samples.
    alone = loss._replace(text=loss.text.removesuffix(f"  {ONE_SAMPLE}").removesuffix(" samples"))
    short = [line(alone, *rows, *step, *at_pass, " ")] if alone != loss else []
    bare = [line(loss, *rows, *at_pass, " "), *(line(told, *at_pass, " ") for told in (loss, alone))]
    bare = [line(alone, *step, *at_pass, " "), line(*step, *at_pass, " ")] if step else bare
    lesser = [*short, *bare, line(*at_pass, " "), ()]
    return [*full, all_of_it, *short], [one for one in lesser if one != all_of_it]
