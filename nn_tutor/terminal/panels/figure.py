"""The network at work, drawn above the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.diagram import draw_diagram
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture
from nn_tutor.terminal.drawing.ink import Drawing, Span, line
from nn_tutor.tutor.visible_in_pictures import diagram_values

if TYPE_CHECKING:
    from nn_tutor.terminal.layout import Plan
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.visible import View


def draw_figure(session: Session, view: View | None, plan: Plan) -> Drawing:
    """Draw the network between two rules, or a single rule where no network is at work; a frame below is a rule too."""
    height = _room(plan)
    return between_rules(draw_diagram(_diagram(session, view), plan.width - 2, height) if height > 0 else (), plan)


def between_rules(diagram: Drawing, plan: Plan) -> Drawing:
    """Put a diagram between the rules above and below it."""
    rule = line(Span("─" * plan.width, "border"))
    below = (rule,) if plan.has_rule_below_figure else ()
    height = _room(plan)
    if height < 1:
        return below
    lines = [(Span(" "), *content) for content in diagram[:height]]
    return (rule, *lines, *([()] * (height - len(lines))), *below)


def _room(plan: Plan) -> int:
    """The lines that a diagram has between its rules."""
    return plan.heights["figure"] - (2 if plan.has_rule_below_figure else 1)


def _diagram(session: Session, view: View | None) -> DiagramPicture:
    passed, focus = session.passed, None if view is None else view.focus
    network = session.lesson_run.network(session.place.activity)
    row = (focus.row if focus is not None else None) or 0
    return DiagramPicture(
        network=network,
        rows=passed.X.shape[0],
        row=row,
        inputs=tuple(map(float, passed.X[row])),
        targets=None if passed.Y is None else tuple(map(float, passed.Y[row])),
        weights=tuple(tuple(tuple(map(float, weights)) for weights in W) for W in passed.before.W),
        biases=tuple(None if b is None else tuple(map(float, b)) for b in passed.before.b),
        values=diagram_values(session, view),
        focus=focus,
        phase="update" if focus is None else focus.phase,
    )
