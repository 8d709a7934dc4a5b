"""The pictures that an activity may ask for: curve, map, activation function, decision region, samples, losses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import activation, feature, parameter, symbol, target
from nn_tutor.course.networks import NetworkWithData, has_one_weight
from nn_tutor.course.picture import Picture, code_layer
from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.landscape import losses_over, outputs_over
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import forward, measure
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Parameters, Pass, parameter_of, value_of
from nn_tutor.terminal.drawing.activation_curve import ActivationPicture
from nn_tutor.terminal.drawing.axes import padded_span
from nn_tutor.terminal.drawing.class_regions import ClassRegions, draw_class_regions
from nn_tutor.terminal.drawing.contour import ContourPicture, Point, draw_contour
from nn_tutor.terminal.drawing.cross_entropy import draw_cross_entropy
from nn_tutor.terminal.drawing.curve import window
from nn_tutor.terminal.drawing.marks import NOW, RIVAL
from nn_tutor.terminal.drawing.region import RegionPicture, draw_region
from nn_tutor.terminal.drawing.scatter import ScatterPicture, draw_scatter
from nn_tutor.terminal.drawing.training_curve import TrainingCurve, draw_training_curve
from nn_tutor.terminal.panels.own_curve import drawn_activation
from nn_tutor.terminal.panels.samples import all_samples, classes_of, held_out_samples, range_of, some_samples
from nn_tutor.terminal.panels.unit_picture import draw_unit_lines
from nn_tutor.terminal.panels.valley import grown
from nn_tutor.terminal.panels.weight_picture import drawn, loss_picture
from nn_tutor.tutor.outcomes import runners
from nn_tutor.tutor.stations.pulling import Pulling
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.visible import view_of
from nn_tutor.tutor.visible_in_pictures import known_in_picture, may_show, sum_at_hand, tells_slope

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.terminal.drawing.ink import Drawing
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.tutor.session import Session

COLUMNS, ROWS = 64, 40
"""The grid of maps and regions."""

MAX_SHOWN = 240
"""How many points of a path are drawn at most."""

CODE_MARGIN, HELD_MARGIN = 0.02, 0.06


def draw_wanted(session: Session, picture: Picture, width: int, height: int) -> Drawing:
    """Draw the picture that an activity asks for, in its present state, on `height` lines of `width` cells."""
    entry = session.lesson_run.lesson.networks.get(session.activity.network)
    if picture.kind == "cross-entropy":
        return draw_cross_entropy(width, height)
    if picture.kind == "activation" or entry is None:
        return _activation(session, picture, width, height)
    match picture.kind:
        case "loss":
            return _loss(session, picture.refs[0], width, height)
        case "plane":
            return _plane(session, picture, width, height)
        case "curve":
            return _curve(session, width, height)
        case "codes":
            return _codes(entry, session.passed.before, width, height)
        case "units":
            return draw_unit_lines(session, entry, picture, width, height, _region_picture)
    parameters = session.passed.before
    if picture.kind == "region":
        return _region(entry, parameters, width, height)
    moves = session.activity.changes_weights or isinstance(session.station, Pulling)
    return _data(entry, parameters, width, height, moves=moves, upright=_held_heights(session))


def draw_samples(entry: NetworkWithData, parameters: Parameters, width: int, height: int) -> Drawing:
    """Draw the samples of a network alone: a target over an input, or two inputs by class."""
    return _data(entry, parameters, width, height, moves=False)


def usual_picture(session: Session) -> Picture:
    """Return the picture of a training run that asks for none: what fits its network."""
    entry = session.lesson_run.lesson.networks[session.activity.network]
    network, only = entry.network, entry.network.layers[0]
    if has_one_weight(network):
        return Picture("loss", (Ref("W", 1, (0, 0)),))
    if network.inputs == network.outputs == 1 and len(network.layers) == 1 and only.biases is not None:
        return Picture("plane", (Ref("W", 1, (0, 0)), Ref("b", 1, (0,))))
    is_classifier = network.outputs == 1 or network.layers[-1].activation == "softmax"
    if network.inputs == 2 and is_classifier and len(entry.data.inputs) > 1:
        return Picture("region")
    return Picture("curve")


def map_of(
    network: Network,
    passed: Pass,
    refs: tuple[Ref, ...],
    shown: tuple[Point, ...],
    past: tuple[Point, ...] = (),
    whole: NetworkWithData | None = None,
) -> ContourPicture:
    """Make the map of the loss over two parameters at a pass, wide enough for the points that are to be `shown`.

    It is the loss of the pass, or that of `whole`, all the samples together.
    """
    X, Y = (passed.X, passed.Y) if whole is None else all_samples(whole)
    loss = passed.loss.loss if whole is None else _loss_of(network, passed.before, X, Y)
    across, up = (window([point[axis] for point in shown]) for axis in (0, 1))
    xs, ys = np.linspace(*across, COLUMNS), np.linspace(*up, ROWS)
    return ContourPicture(
        xs=xs,
        ys=ys,
        losses=losses_over(network, X, Y, passed.before, refs[0], refs[1], xs, ys),
        now=(parameter_of(passed.before, refs[0]), parameter_of(passed.before, refs[1])),
        loss=loss,
        past=past,
        x_name=parameter(network, refs[0]),
        y_name=parameter(network, refs[1]),
        of="" if whole is None else f"of all {len(X)}",
    )


def _loss_of(network: Network, parameters: Parameters, X: Array, Y: Array | None) -> float | None:
    try:
        return measure(network, parameters, forward(network, parameters, X), Y).loss
    except DomainError:  # of the pass at hand there is a loss, of another sample there is none
        return None


def _loss(session: Session, ref: Ref, width: int, height: int) -> Drawing:
    """The loss over one weight or bias with its tangent; of a run that is watched also the next step."""
    slope = Ref("db" if ref.quantity == "b" else "dW", ref.layer, ref.index)
    return drawn(loss_picture(session, slope, known=known_in_picture(session, slope)), width, height)


def _plane(session: Session, picture: Picture, width: int, height: int) -> Drawing:
    """The loss over two parameters, the way of the run so far, and that of a rival from the same start.

    Of a run that takes a part of the samples in each pass it is the loss of all of them: a part has a map of its own.
    """
    place, number = session.place, max(1, session.place.pass_number)
    return _drawn_plane(session.lesson_run, place.activity, number, session.passed, picture, width, height)


@lru_cache(maxsize=2)
def _drawn_plane(
    lesson_run: LessonRun, index: int, number: int, passed: Pass, picture: Picture, width: int, height: int
) -> Drawing:
    """Draw the map at a pass, or take it as it was drawn before: most keys at one pass change nothing in it."""
    network, refs = lesson_run.network(index), picture.refs
    way = _thinned(lesson_run.run(index).trace(refs, number))
    other = _thinned(lesson_run.run_of(picture.rival).trace(refs, number)) if picture.rival else ()
    first, past = way[0], way[:-1]
    shown = ((first[0] - 1, first[1] - 1), (first[0] + 1, first[1] + 1), *way, *other)
    entry = lesson_run.lesson.networks[lesson_run.activity(index).network]
    whole = entry if network.passes_per_epoch(len(entry.data.inputs)) > 1 else None
    drawn_map = map_of(network, passed, refs, shown, past, whole)
    if other:
        names = runners(entry, lesson_run.lesson.networks[picture.rival])
        loss = lesson_run.run_of(picture.rival).loss(number)
        drawn_map = replace(drawn_map, own_name=names[0], rival=other, rival_name=names[1], rival_loss=loss)
    return draw_contour(drawn_map, width, height)


def _thinned(way: Sequence[Point]) -> tuple[Point, ...]:
    """Return so many points of a way as are drawn, the last among them: most of it is gone at the beginning."""
    chosen = {int(number) - 1 for number in np.geomspace(1, len(way), min(len(way), MAX_SHOWN))}
    return tuple(way[place] for place in sorted(chosen))


def _curve(session: Session, width: int, height: int) -> Drawing:
    """The losses of the passes so far; where no pass is at hand those of the run before."""
    number, index = max(1, session.place.pass_number), session.place.activity
    if not session.place.pass_number:
        number = session.lesson_run.last_trained(index)
    return _drawn_losses(session.lesson_run, index, number, width, height)


@lru_cache(maxsize=2)
def _drawn_losses(lesson_run: LessonRun, index: int, number: int, width: int, height: int) -> Drawing:
    """Draw the losses up to a pass, or take them as they were drawn before."""
    activity, run = lesson_run.activity(index), lesson_run.run(index)
    run.loss(number)
    goal = activity.loss_to_reach
    losses, held_out = np.array(run.losses)[:number], np.array(run.held_out_losses)[:number]
    curve = TrainingCurve(losses, at=number, goal=goal, held_out=held_out)
    rival = "" if activity.picture is None else activity.picture.rival
    raced = _raced(lesson_run, activity.network, curve, rival, number) if rival else curve
    return draw_training_curve(raced, width, height)


def _raced(lesson_run: LessonRun, name: str, curve: TrainingCurve, rival: str, number: int) -> TrainingCurve:
    """Put the losses of another run beside those of a run, where both see all the samples: else they say two things."""
    networks = lesson_run.lesson.networks
    entry = networks[name]
    if entry.network.passes_per_epoch(len(entry.data.inputs)) > 1:
        return curve
    other = lesson_run.run_of(rival)
    other.loss(number)
    own_name, rival_name = runners(entry, networks[rival])
    return replace(curve, rival=np.array(other.losses)[:number], names=(f"{NOW} {own_name}", f"{RIVAL} {rival_name}"))


def _activation(session: Session, picture: Picture, width: int, height: int) -> Drawing:
    """An activation function and its slope; where a pass is at hand also the point at which it works."""
    out, slope = "a", None
    entry = session.lesson_run.lesson.networks.get(session.activity.network)
    if entry is not None:
        network = entry.network
        out = "o" if len(network.layers) == 1 else out
        slope = network.leak_of(picture.activation)
    question = session.question
    asks = question is not None and question.ref.quantity == "a" and question.kind == "number"
    view = view_of(session, None) if asks else None
    shown = ActivationPicture(
        picture.activation,
        shows_slope=tells_slope(session),
        a_name=out,
        slope=slope,
        tells_rule=view is None or question is None or view.shows_rule(question.ref),
    )
    if entry is not None and (z := sum_at_hand(session, picture.activation)) is not None:
        layer, samples = z.layer or 1, session.passed.X.shape[0]
        a, at = Ref("a", layer, z.index), z.index or (0, 0)
        shown = replace(
            shown,
            z=value_of(session.passed, z),
            shows_value=may_show(session, a),
            marks_slope=may_show(session, Ref("da_dz", layer, z.index)),
            z_name=symbol(entry.network, samples, z),
            a_name=activation(entry.network, samples, layer, *at),
        )
    return drawn_activation(shown, width, height)


@lru_cache(maxsize=16)
def _region(entry: NetworkWithData, parameters: Parameters, width: int, height: int) -> Drawing:
    """What a network with two inputs says everywhere, and its samples."""
    network = entry.network
    if network.outputs > 1:
        X, Y = some_samples(entry)
        (left, right), (low, high) = range_of(X[:, 0]), range_of(X[:, 1])
        xs, ys = np.linspace(left, right, COLUMNS), np.linspace(low, high, ROWS)
        found = forward(network, parameters, X).o
        own = classes_of(found if Y is None else Y)
        regions = ClassRegions(
            xs,
            ys,
            outputs_over(network, parameters, xs, ys),
            points=tuple((float(x), float(y), place) for (x, y), place in zip(X, own, strict=True)),
            answers=tuple(classes_of(found)),
            class_names=tuple(target(network, 1, 0, unit) for unit in range(network.outputs)),
            x_name=feature(network, 1, 0, 0),
            y_name=feature(network, 1, 0, 1),
        )
        return draw_class_regions(regions, width, height)
    return draw_region(_region_picture(entry, parameters), width, height)


def _region_picture(entry: NetworkWithData, parameters: Parameters) -> RegionPicture:
    """What a network with two inputs and one output says everywhere, and its samples."""
    network, (X, Y) = entry.network, some_samples(entry)
    (left, right), (low, high) = range_of(X[:, 0]), range_of(X[:, 1])
    xs, ys = np.linspace(left, right, COLUMNS), np.linspace(low, high, ROWS)
    targets = np.zeros((len(X), 1)) if Y is None else Y
    return RegionPicture(
        xs=xs,
        ys=ys,
        outputs=outputs_over(network, parameters, xs, ys)[:, :, 0],
        points=tuple((float(x), float(y), float(t)) for (x, y), t in zip(X, targets[:, 0], strict=True)),
        answers=tuple(map(float, forward(network, parameters, X).o[:, 0])),
        judges=Y is not None,
        threshold=float(targets.min() + targets.max()) / 2 if Y is not None else 0.5,
        x_name=feature(network, 1, 0, 0),
        y_name=feature(network, 1, 0, 1),
    )


def _held_heights(session: Session) -> tuple[float, float] | None:
    """The heights that the samples of a tuning are shown with: they stay while its numbers move.

    They hold the targets, and the outputs at the beginning and at the aim; those of now where they are far off.
    """
    station = session.station
    if not isinstance(station, Tuning) or station.tuned is None or station.tuned.passed.Y is None:
        return None
    run, activity = session.lesson_run, station.activity
    tried = (run.tuned(activity, station.begun), run.solution(activity))
    outputs = [float(o) for one in tried if one is not None for o in one.passed.forward.o.flat]
    shown = padded_span([0.0, *outputs, *map(float, station.tuned.passed.Y.flat)], HELD_MARGIN)
    now = station.tuned.passed.forward.o
    return grown(grown(shown, float(now.min())), float(now.max()))


@lru_cache(maxsize=16)
def _data(
    entry: NetworkWithData,
    parameters: Parameters,
    width: int,
    height: int,
    *,
    moves: bool,
    upright: tuple[float, float] | None = None,
) -> Drawing:
    """The samples: a target over an input, with what the network says where that `moves`; or two inputs by class."""
    network, (X, Y) = entry.network, some_samples(entry)
    if network.inputs == 2:
        found = [0] * len(X) if Y is None else classes_of(Y)
        places = tuple((float(x), float(y)) for x, y in X)
        names = feature(network, 1, 0, 0), feature(network, 1, 0, 1)
        several = range(network.outputs if network.outputs > 1 else 0)  # a single target says its class by its value
        samples = ScatterPicture(
            places,
            classes=tuple(found),
            x_name=names[0],
            y_name=names[1],
            class_names=tuple(target(network, 1, 0, unit) for unit in several),
        )
        return draw_scatter(samples, width, height)
    test = held_out_samples(entry)
    left, right = range_of(np.array([*X[:, 0], *(x for x, _ in test)]), 0.12)
    if 0 < left < right / 2:
        left = 0.0  # where a line without a bias is tied to
    xs = np.linspace(left, right, COLUMNS)
    curve = outputs_over(network, parameters, xs)[:, 0] if moves else ()
    targets = X if Y is None else Y
    return draw_scatter(
        ScatterPicture(
            points=tuple((float(x), float(y)) for x, y in zip(X[:, 0], targets[:, 0], strict=True)),
            curve=tuple((float(x), float(o)) for x, o in zip(xs, curve, strict=False)),
            shows_errors=moves,
            held_out=test,
            x_name=feature(network, 1, 0, 0),
            y_name=target(network, 1, 0, 0),
            upright=upright,
        ),
        width,
        height,
    )


@lru_cache(maxsize=16)
def _codes(entry: NetworkWithData, parameters: Parameters, width: int, height: int) -> Drawing:
    """Where a hidden layer of two units puts the samples; squashed ones in the whole square that they can reach."""
    network, (X, Y) = entry.network, some_samples(entry)
    layer = code_layer(network) or 1
    found = forward(network, parameters, X).a[layer - 1]
    own = classes_of(X if Y is None else Y)
    low, high = activation_of(network.layers[layer - 1]).reach
    square = (low - CODE_MARGIN, high + CODE_MARGIN) if math.isfinite(high - low) else None
    names = () if Y is None or network.outputs == 1 else tuple(target(network, 1, 0, n) for n in range(network.outputs))
    says = "is 1" if Y is not None and set(Y.flat) <= {0.0, 1.0} else "is the largest"
    picture = ScatterPicture(
        points=tuple((float(one), float(other)) for one, other in found),
        classes=tuple(own),
        x_name=activation(network, 1, layer, 0, 0),
        y_name=activation(network, 1, layer, 0, 1),
        class_names=tuple(f"{name} {says}" for name in names),
        across=square,
        upright=square,
    )
    return draw_scatter(picture, width, height)
