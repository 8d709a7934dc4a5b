"""What a picture may show of a session: no number before it is answered, no slope while one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import apart, numeral
from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.tune import Tune
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import parameter_of
from nn_tutor.tutor.tuning import loss_written
from nn_tutor.tutor.visible import Covered
from nn_tutor.walkthrough.steps import shown_value

if TYPE_CHECKING:
    from nn_tutor.network.spec import ActivationName
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.visible import View


def diagram_values(session: Session, view: View | None) -> dict[Ref, str]:
    """Return the texts of the numbers in the diagram: what is known, and `[?]` for what is asked.

    Away from a walked pass all of them are known; while numbers are tuned by hand there are no slopes yet. A loss that
    is to be brought below another is written so that it does not look like that one.
    """
    if view is not None:
        shown = {ref: numeral(shown_value(view.network, view.passed, ref)) for ref in view.known}
        return shown if view.question is None else {**shown, view.question.ref: Covered.ASKED.value}
    passed, is_forward = session.passed, session.station.is_before_calculus
    refs = session.lesson_run.order(session.place.activity, passed.number)
    network = session.lesson_run.network(session.place.activity)
    shown = {
        ref: numeral(shown_value(network, passed, ref))
        for ref in refs
        if not is_forward or ref.phase in ("forward", "loss")
    }
    activity = session.activity
    loss, goal = Ref("loss"), activity.loss_to_reach
    if isinstance(activity, Tune) and activity.of and loss in shown:
        shown[loss] = loss_written(shown_value(network, passed, loss), activity)
    elif goal is not None and loss in shown:
        shown[loss] = apart(shown_value(network, passed, loss), goal)
    return shown


def tells_slope(session: Session) -> bool:
    """Whether a picture may tell a slope.

    While it is nudged for only in the end, at a choice once that is made, in a pass that asks for the slope of an
    activation once that is found.
    """
    asked = session.asked
    if asked is None:
        return session.station.tells_slope
    questions = (*session.lesson_run.questions(asked.index, asked.number), *asked.questions)
    return all(session.answers.is_settled(one.id) for one in questions if one.ref.quantity == "da_dz")


def may_show(session: Session, ref: Ref) -> bool:
    """Whether a picture may show a number of the pass at hand: in a walk once it is known."""
    return session.asked is None or ref in session.asked.known


def sum_at_hand(session: Session, name: ActivationName) -> Ref | None:
    """Return the weighted sum of the pass at hand that stands on the curve of an activation, None where none may show.

    In a walk it is that of the unit at hand, or else of the last layer that bends so; it is shown once it is known.
    """
    entry = session.lesson_run.lesson.networks.get(session.activity.network)
    if entry is None:
        return None
    network, asked = entry.network, session.asked
    if asked is None:
        is_on_it = network.is_scalar and network.layers[-1].activation == name
        at_one_pass = isinstance(session.activity, AtOnePass)
        return Ref("z", len(network.layers), (0, 0)) if is_on_it and at_one_pass else None
    bent = [place for place, layer in enumerate(network.layers, start=1) if layer.activation == name]
    if not bent:
        return None
    focus = asked.focus
    layer, at = bent[-1], (0, 0)
    if focus is not None and focus.layer in bent:
        layer = focus.layer
        at = (focus.index[0], focus.index[-1]) if focus.quantity in _OF_UNITS and focus.index is not None else at
    found = Ref("z", layer, at)
    return found if found in asked.known else None


_OF_UNITS = ("z", "a", "da_dz", "delta", "delta_sample", "dL_da")
"""The numbers whose index names a row and a unit."""


def known_in_picture(session: Session, slope: Ref) -> frozenset[Ref]:
    """Return what the picture that an activity asks for may show of a weight: its slope, in a run its next value."""
    if session.station.is_watched:
        return frozenset({slope, Ref("b" if slope.quantity == "db" else "W", slope.layer, slope.index)})
    return frozenset({slope} if tells_slope(session) else ())


def own_weight(session: Session, weight: Ref) -> float | None:
    """Return the new weight that the learner put on the curve or answered wrongly last; None where there is none.

    What was answered rightly or shown is no longer theirs alone. The old weight as it is printed is the old weight.
    """
    asked = session.asked
    if asked is None:
        return None
    if asked.asks_to_place:
        return session.station.mark
    attempt = asked.last_attempt
    if attempt is None or not attempt.judgement.spends_attempt or session.answers.is_settled(attempt.question):
        return None
    question = {question.id: question for question in asked.questions}.get(attempt.question)
    if question is None or question.kind not in ("number", "place") or question.ref != weight:
        return None
    value = attempt.judgement.value
    if value is None or weight.quantity not in ("W", "b"):
        return value
    now = parameter_of(session.passed.before, weight)
    return now if numeral(value) == numeral(now) else value
