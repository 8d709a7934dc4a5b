"""The picture of one weight or bias: the loss over it, its tangent, the way so far, and where the next step leads.

At a question on an activation or on an output it is the curve of that which is drawn: what the question is about.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import feature, parameter, target
from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import loss_with
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, parameter_of, value_of
from nn_tutor.terminal.drawing.cross_entropy import draw_cross_entropy
from nn_tutor.terminal.drawing.curve import CurvePicture, draw_curve, window
from nn_tutor.terminal.drawing.frame import MIN_HEIGHT
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line, width_of
from nn_tutor.terminal.drawing.scatter import ScatterPicture, draw_scatter
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.terminal.panels.own_curve import (
    drawn_activation,
    focus_in_own_pass,
    of_activation,
    of_hidden,
    of_output,
    titled_activation,
)
from nn_tutor.terminal.panels.valley import both_sides, curve_over, grown, lowest
from nn_tutor.tutor.landing import change_said
from nn_tutor.tutor.visible_in_pictures import may_show, own_weight

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.visible import View

MAX_LOSSES = 200
NUMBERED = 7
"""From so many lines on a curve has numbers at its axes."""
WAITING = "    not yet: first the loss of this pass", "    not yet: first the loss"
"""What stands in the place of a picture that would tell the loss; in fewer words where there is less room."""

MAX_JUMPS = 6
"""How many of the latest jumps the window covers; from farther away they come in at its edge."""


def draw_picture(session: Session, view: View, width: int, height: int) -> Drawing:
    """Draw the curve that a question is about, without what is still asked, and the losses of the passes so far."""
    if view.is_own:
        return _draw_in_own_pass(view, width, height)
    losses = losses_so_far(session)
    title, draw = _subject(session, view)
    title = title if width_of(title) <= width else title[:1]
    if draw is None:
        return _draw_ahead_of_loss(view, title, losses, width, height)
    if height - 2 < MIN_HEIGHT:
        return draw(width, height)
    return (title, *draw(width, height - 2), _loss_line(losses, width))


def _draw_ahead_of_loss(view: View, title: Line, losses: Sequence[float], width: int, height: int) -> Drawing:
    """Draw what can be seen before the loss is known: the bend of the network, the loss over its output, or samples."""
    said = next((text for text in WAITING if len(text) <= width), WAITING[-1])
    waiting = (title, (), line(Span(said, "muted")))
    room = height - len(waiting) - 2
    focus = focus_in_own_pass(view) if room > NUMBERED else None
    own = None if focus is None else _own_curve(replace(view, focus=focus))
    own = own or (_samples(view) if room > NUMBERED else None)
    if own is None:
        return (*waiting, *([()] * max(0, height - 4)), _loss_line(losses, width))[-height:]
    return (*waiting, (), own[0], *own[1](width, room - 1), _loss_line(losses, width))


def _samples(view: View) -> tuple[Line, Callable[[int, int], Drawing]] | None:
    """The samples of a batch, targets over the only input, with their title; without outputs, which may be asked."""
    X, Y = view.passed.X, view.passed.Y
    if Y is None or len(X) == 1 or X.shape[1] != 1 or Y.shape[1] != 1:
        return None
    points = tuple((float(x), float(y)) for x, y in zip(X[:, 0], Y[:, 0], strict=True))
    names = feature(view.network, 1, 0, 0), target(view.network, 1, 0, 0)
    return _title("the samples"), partial(_drawn_samples, ScatterPicture(points, x_name=names[0], y_name=names[1]))


_drawn_samples = lru_cache(maxsize=8)(draw_scatter)


def _draw_in_own_pass(view: View, width: int, height: int) -> Drawing:
    """Draw what tells nothing that is still to be found: a bend, or the loss over an output that was found."""
    focus = focus_in_own_pass(view)
    if focus is None:
        if view.network.loss.kind == "categorical_cross_entropy":
            return draw_cross_entropy(width, height)
        return ()
    own = _own_curve(replace(view, focus=focus))
    if own is None:
        return ()
    title, draw = own
    return draw(width, height) if height - 1 < NUMBERED else (title, *draw(width, height - 1))


def _own_curve(view: View) -> tuple[Line, Callable[[int, int], Drawing]] | None:
    """The activation, or the loss over the output or hidden unit, that a number belongs to, with its title."""
    asked_for = of_activation(view)
    if asked_for is not None:
        return _title(*titled_activation(view)), partial(drawn_activation, asked_for)
    output = of_output(view) or of_hidden(view)
    return None if output is None else (_title(f"the loss over {output.weight_name}"), partial(drawn, output))


def _subject(session: Session, view: View) -> tuple[Line, Callable[[int, int], Drawing] | None]:
    """Return the title of the picture, and what draws it; None while there is nothing to draw."""
    own = _own_curve(view)
    if own is not None:
        return own
    slope = slope_in_question(view.network, view.focus)
    alone = view.network.is_scalar and len(view.network.layers) == 1 and view.network.layers[0].biases is None
    title = _title(
        f"the loss over {parameter(view.network, moved_by(slope))}", "" if alone else ", the others held still"
    )
    if Ref("loss") not in view.known:
        return title, None
    picture = loss_picture(session, slope, known=view.known, yours=_yours(session, view, slope))
    return title, partial(drawn, picture)


@lru_cache(maxsize=32)
def drawn(picture: CurvePicture, width: int, height: int) -> Drawing:
    """Draw a picture, or take it as it was drawn before: most steps change nothing in it."""
    return draw_curve(picture, width, height)


def slope_in_question(network: Network, focus: Ref) -> Ref:
    """Return the slope in the weight or bias whose picture belongs to a number: its own, or the first of its layer."""
    if focus.quantity in ("db", "b"):
        return Ref("db", focus.layer, focus.index)
    if focus.quantity in ("dW", "W", "step"):
        return Ref("dW", focus.layer, focus.index)
    if focus.quantity == "dz_dw" and focus.index is not None:
        return Ref("dW", focus.layer, focus.index[1:])
    return Ref("dW", focus.layer or len(network.layers), (0, 0))


def moved_by(slope: Ref) -> Ref:
    """Return the weight or bias that a slope moves."""
    return Ref("b" if slope.quantity == "db" else "W", slope.layer, slope.index)


def loss_picture(
    session: Session, ref: Ref, *, known: frozenset[Ref], yours: tuple[float, float] | None = None
) -> CurvePicture:
    """Make the picture of the loss over one weight or bias at this pass, what is known of it included.

    `ref` is the slope in it, `dW` or `db`.
    """
    index, asked = session.place.activity, session.asked
    is_placed = asked is not None and asked.asks_to_place
    network, passed, moved = session.lesson_run.network(index), session.passed, moved_by(ref)
    now, following = parameter_of(passed.before, moved), value_of(passed, moved)
    only_weight = network.is_scalar and len(network.layers) == 1 and network.layers[0].biases is None
    walked = _walked(session) if only_weight else ()
    seen = [parameter_of(earlier.before, moved) for earlier in walked]
    if is_placed:
        bottom = lowest(network, passed, moved)
        shown = _close_by(now, abs(now - following)) if bottom is None else both_sides(bottom, [now])
        shown = grown(shown, now if yours is None else yours[0])
    else:
        begun = [parameter_of(session.lesson_run.passed(index, 1).before, moved)] if only_weight else []
        shown = _valley(network, passed, moved, [now, following, *begun, *seen[-MAX_JUMPS:]])
        if yours is not None and abs(yours[0] - now) <= shown[1] - shown[0]:
            shown = grown(shown, yours[0])
    weights, losses = curve_over(network, passed, moved, shown)
    return CurvePicture(
        weights=weights,
        losses=losses,
        weight=now,
        loss=passed.loss.loss,
        slope=value_of(passed, ref) if ref in known else None,
        past=tuple((past, earlier.loss.loss) for past, earlier in zip(seen[:-1], walked[:-1], strict=True)),
        first=walked[0].number if walked else 1,
        predicted=(following, _loss_at(network, passed, ref, following)) if moved in known else None,
        yours=yours,
        weight_name=parameter(network, moved),
    )


def _valley(network: Network, passed: Pass, moved: Ref, points: Sequence[float]) -> tuple[float, float]:
    """The window of a number: both sides of the valley that it stands in, else what lies around these points."""
    bottom = lowest(network, passed, moved)
    if bottom is None:
        now, following = points[:2]
        return window([*points, 2 * now - following])
    return both_sides(bottom, points)


def _close_by(now: float, step: float) -> tuple[float, float]:
    """The window in which a weight is put by hand where there is no valley: some of its own steps to either side."""
    reach = 4 * max(step, 1e-9 * max(1.0, abs(now)))
    return now - reach, now + reach


def losses_so_far(session: Session) -> tuple[float, ...]:
    """Return the losses of the passes up to the one at hand whose loss may be seen."""
    index, number = session.place.activity, max(1, session.place.pass_number)
    run = session.lesson_run.run(index)
    run.loss(number - 1)
    known = list(run.losses[: number - 1 : max(1, number // MAX_LOSSES)])
    if may_show(session, Ref("loss")):
        known.append(session.passed.loss.loss)
    return tuple(known)


def _walked(session: Session) -> tuple[Pass, ...]:
    number = max(1, session.place.pass_number)
    numbers = range(max(1, number - 60), number + 1)
    return tuple(session.lesson_run.passed(session.place.activity, earlier) for earlier in numbers)


def _yours(session: Session, view: View, slope: Ref) -> tuple[float, float] | None:
    """Where the learner's own new weight or bias lands on the curve."""
    value = own_weight(session, moved_by(slope))
    return None if value is None else (value, _loss_at(view.network, view.passed, slope, value))


def landing(session: Session, view: View) -> str:
    """Say what the loss does where the learner's own new weight or bias lands; "" where there is none."""
    question = view.question
    if question is None or question.ref.quantity not in ("W", "b") or Ref("loss") not in view.known:
        return ""
    slope = slope_in_question(view.network, question.ref)
    found = _yours(session, view, slope)
    if found is None or not math.isfinite(found[1]):
        return ""
    right = _loss_at(view.network, view.passed, slope, value_of(view.passed, moved_by(slope)))
    said = change_said(view.passed.loss.loss, found[1], right, written="{before} → {after}")
    return f"yours lands at {numeral(found[0])}: {said}"


def _title(name: str, more: str = "") -> Line:
    return line(Span(f"  {name}", "strong"), Span(more, "muted"))


def _loss_line(losses: Sequence[float], width: int) -> Line:
    if not losses:
        return line(Span("  loss: not yet", "muted"))
    first = f"{numeral(losses[0])} → " if len(losses) > 1 else ""
    said = f" {first}{numeral(losses[-1])}"
    title = "  loss so far "
    bars = sparkline(losses, min(32, max(4, width - len(title) - len(said))))
    return line(Span(title, "muted"), Span(bars, "loss"), Span(said, "text"))


def _loss_at(network: Network, passed: Pass, ref: Ref, value: float) -> float:
    try:
        return loss_with(network, passed, ref, (value,))[0]
    except DomainError:
        return math.nan
