"""The pictures that an activity may ask for."""

from __future__ import annotations

from nn_tutor.course.activities.train import Train
from nn_tutor.course.networks import has_one_weight
from nn_tutor.course.picture import Picture
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.ink import Drawing, Span, line
from nn_tutor.terminal.panels.picture import drawn, loss_picture
from nn_tutor.tutor.session import Session


def draw_wanted(session: Session, picture: Picture, width: int, height: int) -> Drawing:
    """Draw the picture that an activity asks for, in its present state."""
    if picture.kind == "loss":
        return _loss(session, picture.refs[0], width, height)
    return (line(Span(f" {picture.kind}", "muted")),)


def _loss(session: Session, parameter: Ref, width: int, height: int) -> Drawing:
    """The loss over one weight or bias with its tangent; of a run that is watched also the next step."""
    slope = Ref("db" if parameter.quantity == "b" else "dW", parameter.layer, parameter.index)
    known = frozenset({slope, parameter} if isinstance(session.activity, Train) else {slope})
    return drawn(loss_picture(session, slope, known=known), width, height)


def usual_picture(session: Session) -> Picture:
    """Return the picture of a training run that asks for none: what fits its network."""
    entry = session.tour.lesson.networks[session.activity.network]
    network, only = entry.network, entry.network.layers[0]
    if has_one_weight(network):
        return Picture("loss", (Ref("W", 1, (0, 0)),))
    if network.inputs == network.outputs == 1 and len(network.layers) == 1 and only.biases is not None:
        return Picture("plane", (Ref("W", 1, (0, 0)), Ref("b", 1, (0,))))
    if network.inputs == 2 and network.outputs == 1 and len(entry.data.inputs) > 1:
        return Picture("region")
    return Picture("curve")
