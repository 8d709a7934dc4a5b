"""The picture of one weight: the loss over it, its tangent, the way so far, and where the next step leads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from nn_tutor.calculus.names import parameter, weight
from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import loss_with
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, parameter_of, value_of
from nn_tutor.network.spec import Network
from nn_tutor.network.training import StoppedError
from nn_tutor.terminal.drawing.curve import CurvePicture, draw_curve, window
from nn_tutor.terminal.drawing.frame import MIN_HEIGHT
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.visible import View, may_show, own_weight

SAMPLES = 161
MAX_LOSSES = 200
LOOK_AHEAD = 13
"""The pass up to which the picture of a single weight keeps its range."""


def draw_picture(session: Session, view: View, width: int, height: int) -> Drawing:
    """Draw the loss over the weight in question, without what is still asked, and the losses of the passes so far."""
    ref = weight_in_question(view.network, view.focus)
    title = _title(view, ref)
    if Ref("loss") not in view.known:
        waiting = line(Span("   not yet: first the loss of this pass", "muted"))
        return (title, (), waiting, *([()] * max(0, height - 4)), _loss_line(losses_so_far(session), width))[-height:]
    picture = loss_picture(session, ref, known=view.known, yours=_yours(session, view, ref))
    if height - 2 < MIN_HEIGHT:
        return drawn(picture, width, height)
    losses = losses_so_far(session)
    return (title, *drawn(picture, width, height - 2), _loss_line(losses, width))


@lru_cache(maxsize=32)
def drawn(picture: CurvePicture, width: int, height: int) -> Drawing:
    """Draw a picture, or take it as it was drawn before: most steps change nothing in it."""
    return draw_curve(picture, width, height)


def weight_in_question(network: Network, focus: Ref) -> Ref:
    """Return the weight (as its gradient) whose picture belongs to a number: its own, or the first of its layer."""
    if focus.quantity in ("dW", "W", "step"):
        return Ref("dW", focus.layer, focus.index)
    if focus.quantity == "dz_dw" and focus.index is not None:
        return Ref("dW", focus.layer, focus.index[1:])
    return Ref("dW", focus.layer or len(network.layers), (0, 0))


def loss_picture(
    session: Session, ref: Ref, *, known: frozenset[Ref], yours: tuple[float, float] | None = None
) -> CurvePicture:
    """Make the picture of the loss over one weight or bias at this pass, what is known of it included.

    `ref` is the slope in it, `dW` or `db`.
    """
    index, asked = session.place.activity, session.asked
    is_placed = asked is not None and asked.asks_to_place
    network, passed = session.lesson_run.network(index), session.passed
    moved = Ref("b" if ref.quantity == "db" else "W", ref.layer, ref.index)
    now = parameter_of(passed.before, moved)
    following = value_of(passed, moved) if moved in known else None
    only_weight = network.is_scalar and len(network.layers) == 1 and network.layers[0].biases is None
    walked = _walked(session) if only_weight else ()
    seen = [parameter_of(earlier.before, moved) for earlier in walked]
    step = abs(now - value_of(passed, moved))
    points = [now, *seen, *_ahead(session, moved)] if only_weight else [now, now - 2 * step, now + 2 * step]
    if is_placed:
        points = [now if yours is None else yours[0]]
    elif yours is not None and abs(yours[0] - now) < 6 * max(step, 0.1 * abs(now)):
        points.append(yours[0])
    shown = _close_by(now, step, points) if is_placed else window(points)
    weights, losses = curve_over(network, passed, ref, shown)
    slope_known = ref in known
    return CurvePicture(
        weights=weights,
        losses=losses,
        weight=now,
        loss=passed.loss.loss,
        slope=value_of(passed, ref) if slope_known else None,
        past=tuple((past, earlier.loss.loss) for past, earlier in zip(seen[:-1], walked[:-1], strict=True)),
        predicted=None if following is None else (following, _loss_at(network, passed, ref, following)),
        yours=yours,
        weight_name=parameter(network, moved),
    )


def _close_by(now: float, step: float, points: Sequence[float]) -> tuple[float, float]:
    """The range in which a weight is put by hand: some of its own steps to either side, and where it was put."""
    reach = 4 * max(step, 1e-9 * max(1.0, abs(now)))
    reach = max(reach, 1.2 * abs(points[-1] - now))
    return now - reach, now + reach


def _ahead(session: Session, moved: Ref) -> list[float]:
    """Where the run begins and where it will be after a while: the picture covers both, so that it stays as it is."""
    found = []
    for number in (1, LOOK_AHEAD):
        try:
            found.append(parameter_of(session.lesson_run.passed(session.place.activity, number).before, moved))
        except StoppedError:
            continue
    return found


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
    """Where the learner's own new weight lands on the curve."""
    value = own_weight(session, Ref("W", slope.layer, slope.index))
    return None if value is None else (value, _loss_at(view.network, view.passed, slope, value))


def landing(session: Session, view: View) -> str:
    """Say what the loss does where the learner's own new weight lands; "" where there is none."""
    if view.question is None or view.question.ref.quantity != "W":
        return ""
    found = _yours(session, view, weight_in_question(view.network, view.question.ref))
    if found is None or not math.isfinite(found[1]):
        return ""
    before = view.passed.loss.loss
    change = "rises" if found[1] > before else "falls"
    return f"yours lands at {numeral(found[0])}: the loss {change} {numeral(before)} → {numeral(found[1])}"


def _title(view: View, ref: Ref) -> Line:
    name = weight(view.network, ref.layer or 1, ref.index or (0, 0))
    others = "" if view.network.is_scalar and len(view.network.layers) == 1 else ", the others held still"
    return line(Span(f" the loss over {name}", "strong"), Span(others, "muted"))


def _loss_line(losses: Sequence[float], width: int) -> Line:
    if not losses:
        return line(Span(" loss: not yet", "muted"))
    first = f"{numeral(losses[0])} → " if len(losses) > 1 else ""
    said = f" {first}{numeral(losses[-1])}"
    title = " loss so far "
    bars = sparkline(losses, min(32, max(4, width - len(title) - len(said))))
    return line(Span(title, "muted"), Span(bars, "loss"), Span(said, "text"))


def _loss_at(network: Network, passed: Pass, ref: Ref, value: float) -> float:
    try:
        return loss_with(network, passed, ref, (value,))[0]
    except DomainError:
        return math.nan


@lru_cache(maxsize=64)
def curve_over(
    network: Network, passed: Pass, ref: Ref, shown: tuple[float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return samples of the loss over one weight or bias, `shown` from where to where: the numbers and the losses.

    All others stay as they are before the pass. Where the loss does not exist it is NaN.
    """
    slope = Ref("db" if ref.quantity in ("b", "db") else "dW", ref.layer, ref.index)
    low, high = shown
    weights = tuple(low + (high - low) * place / (SAMPLES - 1) for place in range(SAMPLES))
    try:
        return weights, tuple(loss_with(network, passed, slope, weights))
    except DomainError:
        return weights, tuple(_loss_at(network, passed, slope, value) for value in weights)
