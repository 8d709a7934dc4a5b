"""The pictures of a lesson in words. What may be told is decided in `tutor.visible`, as it is on the screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import activation, feature, parameter, symbol, target
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.picture import Picture, PictureKind, code_layer
from nn_tutor.network.activations import Array, activation_named
from nn_tutor.network.landscape import outputs_over
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import batch, forward
from nn_tutor.network.perturb import loss_with
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, parameter_of, value_of
from nn_tutor.plain.plots import POINTS, curve_told, points_told, shape_told
from nn_tutor.tutor.landing import change_said
from nn_tutor.tutor.outcomes import runners
from nn_tutor.tutor.tuning import loss_written
from nn_tutor.tutor.visible_in_pictures import known_in_picture, may_show, own_weight, sum_at_hand, tells_slope

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.stations.tuning import Tuning
    from nn_tutor.tutor.visible import View

MAX_SAMPLES = 8
"""How many samples are told one by one."""

REACH = 4.0
"""Half the range over which the lowest loss of a weight is looked for, at least."""

MARGIN = 0.3


def picture_in_words(session: Session, picture: Picture) -> list[str]:
    """Tell the picture that an activity asks for, in its present state."""
    entry = session.lesson_run.lesson.networks.get(session.activity.network)
    kind: PictureKind = "activation" if entry is None and picture.kind != "cross-entropy" else picture.kind
    return _IN_WORDS[kind](session, picture)


# The loss over a weight


def over_weight(session: Session, view: View) -> list[str]:
    """Tell the loss over the weight in question, without what is still asked."""
    if Ref("loss") not in view.known:
        return ["No picture yet: first the loss of this pass."]
    focus = view.focus
    if focus.quantity in ("dW", "W", "step", "db", "b"):
        slope = Ref("db" if focus.quantity in ("db", "b") else "dW", focus.layer, focus.index)
    elif focus.quantity == "dz_dw" and focus.index is not None:
        slope = Ref("dW", focus.layer, focus.index[1:])
    else:
        slope = Ref("dW", focus.layer or len(view.network.layers), (0, 0))
    lines = _loss(session, slope, known=view.known)
    lands = landing(session, view)
    return [*lines, *([f"{lands}."] if lands else [])]


def landing(session: Session, view: View) -> str:
    """Say what the loss does where the learner's own new weight or bias lands; "" where there is none."""
    question = view.question
    if question is None or question.ref.quantity not in ("W", "b") or Ref("loss") not in view.known:
        return ""
    value = own_weight(session, question.ref)
    if value is None:
        return ""
    here = value_of(view.passed, question.ref)
    loss, right = _losses(view.network, view.passed, question.ref)([value, here])
    if not math.isfinite(loss):
        return ""
    said = change_said(view.passed.loss.loss, loss, right, written="from {before} to {after}")
    return f"yours lands at {numeral(value)}: there {said}"


def _loss(session: Session, slope: Ref, *, known: frozenset[Ref]) -> list[str]:
    index = session.place.activity
    network, passed = session.lesson_run.network(index), session.passed
    moved = Ref("b" if slope.quantity == "db" else "W", slope.layer, slope.index)
    now, name = parameter_of(passed.before, moved), parameter(network, moved)
    losses = _losses(network, passed, slope)
    low, high = _range_of_valley(now, losses)
    lines = curve_told(losses, low, high, name, "the loss")
    here = f"You stand where {name} is {numeral(now)} and the loss is {numeral(passed.loss.loss)}"
    if slope in known:
        way = "uphill" if value_of(passed, slope) > 0 else "downhill"
        here += f"; towards larger {name} it goes {way}, with the slope {numeral(value_of(passed, slope))}"
    if moved in known:
        here += f"; the next step leads to {numeral(value_of(passed, moved))}"
    return [*lines, f"{here}."]


def _losses(network: Network, passed: Pass, ref: Ref) -> Callable[[Sequence[float]], list[float]]:
    """The loss over one weight or bias at a pass; NaN where it does not exist."""
    slope = Ref("db" if ref.quantity in ("b", "db") else "dW", ref.layer, ref.index)

    def at(values: Sequence[float]) -> list[float]:
        found: list[float] = []
        with suppress(DomainError):
            return loss_with(network, passed, slope, values)
        for value in values:
            try:
                found.append(loss_with(network, passed, slope, (value,))[0])
            except DomainError:
                found.append(math.nan)
        return found

    return at


def _range_of_valley(now: float, losses: Callable[[Sequence[float]], list[float]]) -> tuple[float, float]:
    """A range around the lowest loss near a weight that holds the weight as well; it tells nothing of the next step."""
    reach = max(REACH, 2 * abs(now))
    places = [now - reach + 2 * reach * part / 80 for part in range(81)]
    found = [(loss, place) for loss, place in zip(losses(places), places, strict=True) if math.isfinite(loss)]
    lowest = min(found)[1] if found else now
    half = max(1.25 * abs(now - lowest), 1.0)
    return lowest - half, lowest + half


def _wanted_loss(session: Session, picture: Picture) -> list[str]:
    ref = picture.refs[0]
    slope = Ref("db" if ref.quantity == "b" else "dW", ref.layer, ref.index)
    if not may_show(session, Ref("loss")):
        return ["No picture yet: first the loss of this pass."]
    return _loss(session, slope, known=known_in_picture(session, slope))


def _plane(session: Session, picture: Picture) -> list[str]:
    """The loss over two numbers: where it stands, and on the four sides of it; where a rival is by now."""
    if not may_show(session, Ref("loss")):
        return ["No picture yet: first the loss of this pass."]
    network, passed = session.lesson_run.network(session.place.activity), session.passed
    return [*compass(network, passed, picture.refs), *_rival(session, picture, network)]


def _rival(session: Session, picture: Picture, network: Network) -> list[str]:
    """Where the run of another network from the same start is in the same pass."""
    if not picture.rival:
        return []
    run, number = session.lesson_run.run_of(picture.rival), max(1, session.place.pass_number)
    networks = session.lesson_run.lesson.networks
    name = runners(networks[session.activity.network], networks[picture.rival])[1]
    loss = run.loss(number)
    if loss is None:
        return [f"The other run, {name}, has stopped by now: {run.stopped}."]
    place = run.trace(picture.refs, number)[-1]
    where = " and ".join(
        f"{parameter(network, ref)} is {numeral(value)}" for ref, value in zip(picture.refs, place, strict=True)
    )
    return [f"The other run, {name}, stands in this pass where {where}; its loss is {numeral(loss)}."]


def compass(network: Network, passed: Pass, refs: tuple[Ref, ...]) -> list[str]:
    """Tell the loss where two numbers stand, and half a unit to each of the four sides."""
    here = " and ".join(f"{parameter(network, ref)} is {numeral(parameter_of(passed.before, ref))}" for ref in refs)
    lines = [f"Where {here}, the loss is {numeral(passed.loss.loss)}."]
    for ref in refs:
        name, now = parameter(network, ref), parameter_of(passed.before, ref)
        less, more = _losses(network, passed, ref)([now - 0.5, now + 0.5])
        lines.append(f"With {name} half a unit larger it is {_finite(more)}, half a unit smaller {_finite(less)}.")
    return lines


def landscape(session: Session, station: Tuning) -> list[str]:
    """Tell the loss over the numbers that are tuned; of a learning rate the way of the run."""
    activity, tuned = station.activity, station.tuned
    if tuned is None:
        return ["The loss does not exist here."]
    index = session.place.activity
    network, passed = session.lesson_run.network(index), session.lesson_run.passed(index, activity.pass_number)
    if not activity.of:
        path = tuned.path
        chosen = sorted({round(place * (len(path) - 1) / (POINTS - 1)) for place in range(POINTS)})
        name = parameter(network, Ref("W", 1, (0, 0)))
        steps = "; ".join(
            f"after {place} passes {name} is {numeral(path[place][0], 2)} and the loss {_finite(path[place][1])}"
            for place in chosen
        )
        return [f"The run: {steps}."]
    if len(activity.of) == 1:
        losses = _losses(network, passed, activity.of[0])
        low, high = _range_of_valley(tuned.values[0], losses)
        name = station.names[0]
        loss = loss_written(tuned.loss, activity)
        here = f"You stand where {name} is {numeral(tuned.values[0])} and the loss is {loss}."
        return [*curve_told(losses, low, high, name, "the loss"), here]
    return compass(network, tuned.passed, activity.of)


# Functions, samples, losses


def _activation(session: Session, picture: Picture) -> list[str]:
    """An activation function and its slope, as far as that may be told, at five points."""
    network_entry = session.lesson_run.lesson.networks.get(session.activity.network)
    leak = None if network_entry is None else network_entry.network.leak_of(picture.activation)
    entry = activation_named(picture.activation, leak)

    def over(values: Sequence[float]) -> list[float]:
        return [float(value) for value in entry.function(np.asarray(values, dtype=np.float64))]

    def slope(values: Sequence[float]) -> list[float]:
        z = np.asarray(values, dtype=np.float64)
        return [float(value) for value in entry.derivative(z, entry.function(z))]

    lines = curve_told(over, -4.0, 4.0, "z", entry.called.replace("σ", "sigmoid"))
    if tells_slope(session):
        lines += curve_told(slope, -4.0, 4.0, "z", "its slope")
    z = sum_at_hand(session, picture.activation)
    if network_entry is not None and z is not None:
        network, passed, layer = network_entry.network, session.passed, z.layer or 1
        a, samples = Ref("a", layer, z.index), passed.X.shape[0]
        here = f"Here {symbol(network, samples, z)} is {numeral(value_of(passed, z))}"
        if may_show(session, a):
            here += f", and {symbol(network, samples, a)} is {numeral(value_of(passed, a))}"
        lines.append(f"{here}.")
    return lines


def _samples(session: Session) -> tuple[Network, Array, Array | None]:
    entry = session.lesson_run.lesson.networks[session.activity.network]
    return entry.network, *batch(entry.data, tuple(range(len(entry.data.inputs))))


def _region(session: Session, picture: Picture) -> list[str]:
    """On which side the network puts each sample; its own numbers only where nothing is asked of them."""
    network, X, Y = _samples(session)
    found = forward(network, session.passed.before, X).o
    own, answers = classes(found if Y is None else Y), classes(found, Y)
    lines = []
    tells = session.asked is None
    for row in range(min(len(X), MAX_SAMPLES)):
        outputs = ", ".join(numeral(float(value), 2) for value in found[row])
        says = f"the network says class {_class(network, answers[row])}" + (f", with output {outputs}" if tells else "")
        right = "" if Y is None else f", which is {'right' if answers[row] == own[row] else 'wrong'}"
        lines.append(f"Where {_place(network, X[row])}, {says}{right}.")
    if Y is not None:
        count = sum(one == other for one, other in zip(own, answers, strict=True))
        lines.insert(0, f"{count} of {len(X)} samples are on their right side.")
    if len(X) > MAX_SAMPLES:
        lines.append(f"And {len(X) - MAX_SAMPLES} more samples.")
    if tells and network.outputs == 1:
        low, high = X.min(axis=0), X.max(axis=0)
        line = [low + (high - low) * part / (POINTS - 1) for part in range(POINTS)]
        on_line = [float(outputs_over(network, session.passed.before, [x], [y])[0, 0, 0]) for x, y in line]
        said = ", ".join(numeral(value, 2) for value in on_line)
        ends = f"from where {_place(network, low)} to where {_place(network, high)}"
        lines.append(f"On a straight way {ends}, its output is {said}.")
    return lines


def _data(session: Session, picture: Picture) -> list[str]:
    """The samples one by one, and with one input what the network says over it where that moves."""
    network, X, Y = _samples(session)
    lines = [f"{len(X)} samples."]
    for row in range(min(len(X), MAX_SAMPLES)):
        goal = ""
        if Y is not None:
            several = ((target(network, 1, 0, unit), Y[row, unit]) for unit in range(network.outputs))
            goal = ", " + ", ".join(f"{name} is {numeral(float(value))}" for name, value in several)
        lines.append(f"{_place(network, X[row])}{goal}.")
    if len(X) > MAX_SAMPLES:
        lines.append(f"And {len(X) - MAX_SAMPLES} more.")
    if network.inputs == 1 and session.activity.changes_weights:
        spread = float(X.max() - X.min()) or 1.0

        def over(values: Sequence[float]) -> list[float]:
            return [float(value) for value in outputs_over(network, session.passed.before, values)[:, 0]]

        low, high = float(X.min()) - MARGIN * spread, float(X.max()) + MARGIN * spread
        lines += curve_told(over, low, high, feature(network, 1, 0, 0), "the output")
    return lines


def _codes(session: Session, picture: Picture) -> list[str]:
    """Where a hidden layer of two units puts the samples."""
    network, X, _ = _samples(session)
    if session.asked is not None:
        return ["The places of the samples are told once this question is answered."]
    layer = code_layer(network) or 1
    found = forward(network, session.passed.before, X).a[layer - 1]
    names = [activation(network, 1, layer, 0, unit) for unit in range(2)]
    return [
        f"For sample {row}, {names[0]} is {numeral(float(first), 2)} and {names[1]} is {numeral(float(second), 2)}."
        for row, (first, second) in enumerate(found[:MAX_SAMPLES], start=1)
    ]


def _units(session: Session, picture: Picture) -> list[str]:
    """What each hidden unit says for the samples, at the pass at hand or before and after."""
    network, X, _ = _samples(session)
    if session.asked is not None:
        return ["What the hidden units say is told once nothing is asked here."]
    run, index, lines = session.lesson_run, session.place.activity, []
    passes = [(f"In pass {number:,}, ", run.passed(index, number)) for number in picture.passes]
    for when, passed in passes or [("", session.passed)]:
        found = forward(network, passed.before, X).a[0]
        for unit in range(found.shape[1]):
            said = "; ".join(
                f"where {_place(network, x)}, {numeral(float(a), 2)}"
                for x, a in zip(X[:MAX_SAMPLES], found[:MAX_SAMPLES, unit], strict=True)
            )
            lines.append(f"{when}hidden unit {unit + 1} says: {said}.")
    return lines


def _cross_entropy(session: Session, picture: Picture) -> list[str]:
    """The loss over the output, for either target."""

    def loss(values: Sequence[float]) -> list[float]:
        return [-math.log(value) for value in values]

    lines = curve_told(loss, 0.01, 1.0, "o", "the loss where y is 1")
    return [*lines, "Where y is 0, it is the same over 1 − o: it grows without limit as o comes near 1."]


def _curve(session: Session, picture: Picture) -> list[str]:
    """The losses of the passes so far; where no pass is at hand those of the run before."""
    number = session.place.pass_number or session.lesson_run.last_trained(session.place.activity)
    if not may_show(session, Ref("loss")):
        number -= 1
    run = session.lesson_run.run(session.place.activity)
    run.loss(number)
    losses = list(run.losses[:number])
    if not losses:
        return ["No loss is known yet."]
    if len(losses) == 1:
        return [f"The loss of pass 1 is {numeral(losses[0])}."]
    chosen = sorted({round(place * (len(losses) - 1) / (POINTS - 1)) for place in range(POINTS)})
    step = max(1, len(losses) // 400)
    places = [float(place + 1) for place in range(0, len(losses), step)]
    shape = shape_told(places, losses[::step], "pass", "the loss").replace("with pass from", "from pass")
    points = points_told(
        [float(place + 1) for place in chosen], [losses[place] for place in chosen], "pass", "the loss"
    ).replace("with pass at", "at pass")
    lines = [f"{shape}.", f"Points: {points}."]
    test = list(run.held_out_losses[:number])
    if test:
        shape = shape_told(places, test[::step], "pass", "the test loss").replace("with pass from", "from pass")
        lines.append(f"{shape}.")
    return lines


_IN_WORDS: dict[PictureKind, Callable[[Session, Picture], list[str]]] = {
    "loss": _wanted_loss,
    "plane": _plane,
    "activation": _activation,
    "cross-entropy": _cross_entropy,
    "region": _region,
    "units": _units,
    "data": _data,
    "codes": _codes,
    "curve": _curve,
}


def classes(found: Array, targets: Array | None = None) -> list[int]:
    """Return the class of each sample: the largest number, of a single one whether it is in the upper half.

    The halves are those of the `targets`, where they are given.
    """
    if found.shape[1] > 1:
        return [int(place) for place in np.argmax(found, axis=1)]
    among = found if targets is None else targets
    return [int(value > (among.min() + among.max()) / 2) for value in found[:, 0]]


def _class(network: Network, place: int) -> str:
    return str(place + 1 if network.outputs > 1 else place)


def _place(network: Network, row: Array) -> str:
    return " and ".join(f"{feature(network, 1, 0, unit)} is {numeral(float(value))}" for unit, value in enumerate(row))


def _finite(value: float) -> str:
    return numeral(value, 3) if math.isfinite(value) else "beyond all numbers"
