"""What moves when a learner takes a step: a number that has just become known travels the link it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.records import value_of
from nn_tutor.terminal.drawing.motion import frames_of
from nn_tutor.walkthrough.steps import shown_value

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Drawing
    from nn_tutor.tutor.session import Session

THROUGH = ("da_dz", "delta", "delta_sample")
"""The slopes that go through an activation, which may let none through."""


def moves(before: Session, now: Session, figure: Drawing) -> tuple[Drawing, ...]:
    """Return the frames between two states, the diagram `figure` being that of the second; none where nothing moves.

    Something moves where the number in question was not known before and is now: one step on, or one right answer.
    """
    asked, was = now.asked, before.asked
    if asked is None or was is None or before.lesson_run is not now.lesson_run:
        return ()
    focus = asked.focus
    is_same_pass = (was.index, was.number) == (asked.index, asked.number)
    if not is_same_pass or focus.phase not in ("forward", "loss", "backward"):
        return ()
    if focus not in asked.known or focus in was.known:
        return ()
    network = now.lesson_run.network(asked.index)
    return frames_of(
        figure,
        forwards=focus.phase != "backward",
        is_chain=network.is_scalar,
        stops=_lets_nothing_through(now),
        text=numeral(shown_value(network, now.passed, focus)),
    )


def _lets_nothing_through(session: Session) -> bool:
    """Whether the slope in question is one behind an activation that is level there: a ReLU that is off."""
    if session.asked is None or session.asked.focus.quantity not in THROUGH:
        return False
    focus = session.asked.focus
    layer = session.lesson_run.network(session.asked.index).layers[(focus.layer or 1) - 1]
    if layer.activation == "softmax" or focus.index is None:
        return False
    at = focus._replace(quantity="da_dz", index=(focus.index[0], focus.index[-1]))
    return value_of(session.passed, at) == 0
