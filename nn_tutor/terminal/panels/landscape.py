"""The loss over the numbers that are tuned: a curve over one, a map over two, the path of a run over its weight."""

from __future__ import annotations

from functools import lru_cache

from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass
from nn_tutor.network.spec import Network
from nn_tutor.terminal.drawing.contour import draw_contour
from nn_tutor.terminal.drawing.curve import CurvePicture, window
from nn_tutor.terminal.drawing.ink import Drawing
from nn_tutor.terminal.panels.pictures import map_of
from nn_tutor.terminal.panels.weight_picture import curve_over, drawn
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.tuning import names_tuned


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
        shown = window([aim[0] - spread, aim[0] + spread, begun[0], tuned.values[0]])
        weights, losses = curve_over(network, passed, activity.of[0], shown)
        picture = CurvePicture(
            weights=weights,
            losses=losses,
            weight=tuned.values[0],
            loss=tuned.loss,
            past=tuple((values[0], loss) for values, loss in station.trail[-12:-1]),
            weight_name=names_tuned(network, activity)[0],
        )
        return drawn(picture, width, height)
    points = (_pair(begun), _pair(aim), _pair(tuned.values))
    past = tuple(_pair(values) for values, _ in station.trail[:-1])
    return draw_contour(map_of(network, tuned.passed, activity.of, points, past), width, height)


def _pair(values: tuple[float, ...]) -> tuple[float, float]:
    return values[0], values[1]


def _path_picture(network: Network, passed: Pass, path: tuple[tuple[float, float], ...]) -> CurvePicture:
    """The path of a run over its weight, as far as it stays near where it began."""
    lowest = _lowest(network, passed)
    reach = max(1.25 * abs(path[0][0] - lowest), 0.5)
    near = [point for point in path if abs(point[0] - lowest) <= 4 * reach]
    shown = window([lowest - reach, lowest + reach])
    weights, losses = curve_over(network, passed, Ref("W", 1, (0, 0)), shown)
    last = near[-1]
    return CurvePicture(weights, losses, weight=last[0], loss=last[1], past=tuple(near[:-1]), marks_all=True)


@lru_cache(maxsize=16)
def _lowest(network: Network, passed: Pass) -> float:
    """Where the loss over a single weight is lowest, near where it begins."""
    begun = float(passed.before.W[0][0, 0])
    reach = max(4.0, 2 * abs(begun))
    weights, losses = curve_over(network, passed, Ref("W", 1, (0, 0)), (begun - reach, begun + reach))
    return min(zip(losses, weights, strict=True))[1]
