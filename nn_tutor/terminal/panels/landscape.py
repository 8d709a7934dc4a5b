"""The loss over the numbers that are tuned: a curve over one, a map over two, the path of a run over its weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.network.counted import counted
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.contour import Point, draw_contour
from nn_tutor.terminal.drawing.curve import CurvePicture, window
from nn_tutor.terminal.panels.pictures import map_of
from nn_tutor.terminal.panels.valley import both_sides, curve_over, grown, lowest
from nn_tutor.terminal.panels.weight_picture import drawn
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.tuning import names_tuned

if TYPE_CHECKING:
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network
    from nn_tutor.terminal.drawing.ink import Drawing
    from nn_tutor.tutor.session import Session

MAX_TRIED = 12
"""How many of the numbers that were tried are drawn."""

ABOVE_TRIED = 1.1
"""How much higher than the losses that were tried their picture is."""

WEIGHT = Ref("W", 1, (0, 0))


def draw_landscape(session: Session, width: int, height: int) -> Drawing:
    """Draw the loss over the numbers that are tuned, with what was tried."""
    station = session.station
    if not isinstance(station, Tuning) or station.tuned is None:
        return ()
    activity, tuned = station.activity, station.tuned
    index = session.place.activity
    network, passed = session.lesson_run.network(index), session.lesson_run.passed(index, activity.pass_number)
    if not activity.of:
        return drawn(_path_picture(network, passed, tuned.path), width, height)
    begun = station.begun
    solution = session.lesson_run.solution(activity)
    aim = begun if solution is None else solution.values
    if len(activity.of) == 1:
        spread = max(abs(begun[0] - aim[0]), 0.5)
        shown = grown(window([aim[0] - spread, aim[0] + spread, begun[0]]), tuned.values[0])
        weights, losses = curve_over(network, passed, activity.of[0], shown)
        tried = station.trail[-MAX_TRIED:-1]
        picture = CurvePicture(
            weights=weights,
            losses=losses,
            weight=tuned.values[0],
            loss=tuned.loss,
            past=tuple((values[0], loss) for values, loss in tried),
            first=max(1, len(station.trail) - len(tried)),
            weight_name=names_tuned(network, activity)[0],
        )
        return drawn(picture, width, height)
    shown_points = _held(_pair(begun), _pair(aim), _pair(tuned.values))
    past = tuple(_pair(values) for values, _ in station.trail[:-1])
    return draw_contour(map_of(network, tuned.passed, activity.of, shown_points, past), width, height)


def draw_tried(session: Session, width: int, height: int) -> Drawing:
    """Draw what was tried of a single number, each with its loss, while the curve is still to be found.

    The range holds 0, where it began, and all that was tried: it does not tell where the curve is lowest.
    """
    station = session.station
    if not isinstance(station, Tuning) or station.tuned is None or len(station.activity.of) != 1:
        return ()
    activity, tuned = station.activity, station.tuned
    begun = session.lesson_run.tuned(activity, station.begun)
    tried = [*(() if begun is None else ((begun.values, begun.loss),)), *station.trail]
    weights = window([0.0, tuned.values[0], *(values[0] for values, _ in tried)])
    losses = [loss for _, loss in tried]
    picture = CurvePicture(
        weights=weights,
        losses=(min(0.0, *losses, tuned.loss), max(0.0, *losses, tuned.loss) * ABOVE_TRIED),
        weight=tuned.values[0],
        loss=tuned.loss,
        past=tuple((values[0], loss) for values, loss in tried),
        weight_name=names_tuned(session.lesson_run.network(session.place.activity), activity)[0],
        is_hidden=True,
    )
    return drawn(picture, width, height)


def _held(begun: Point, aim: Point, now: Point) -> tuple[Point, ...]:
    """Return the corners that a map shows: where it begins and where it leads, doubled until it holds what is set."""
    (left, right), (low, high) = (
        grown(window([1.5 * begun[axis] - 0.5 * aim[axis], aim[axis]]), now[axis]) for axis in (0, 1)
    )
    return (left, low), (right, high)


def _pair(values: tuple[float, ...]) -> tuple[float, float]:
    return values[0], values[1]


def _path_picture(network: Network, passed: Pass, path: tuple[tuple[float, float], ...]) -> CurvePicture:
    """The path of a run over its weight, jump by jump: what has left the window of where it began is an arrow."""
    begun = path[0][0]
    bottom = lowest(network, passed, WEIGHT)
    bottom = begun if bottom is None else bottom
    reach = max(1.25 * abs(begun - bottom), 0.5)
    weights, losses = curve_over(network, passed, WEIGHT, both_sides(bottom, [bottom + reach]))
    *past, last = path
    when = f"after {counted(len(past), 'pass', 'passes')}"  # the network above stands where the run begins
    return CurvePicture(weights, losses, weight=last[0], loss=last[1], past=tuple(past), when=when)
