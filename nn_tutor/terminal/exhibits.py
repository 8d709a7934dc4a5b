"""What stands around a page or a choice: its own picture, the experiment that it speaks of, the network, its bend."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from nn_tutor.calculus.names import feature
from nn_tutor.network.activations import activation_of
from nn_tutor.terminal.drawing.activation_curve import ActivationPicture
from nn_tutor.terminal.drawing.diagram import draw_diagram, wanted_height
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture
from nn_tutor.terminal.drawing.ink import Drawing, Span, plain
from nn_tutor.terminal.drawing.sketch import draw_sketch
from nn_tutor.terminal.faces.base import MAX_EXHIBIT, Beside, Face
from nn_tutor.terminal.faces.kinds import FACES, face_of
from nn_tutor.terminal.panels.own_curve import drawn_activation
from nn_tutor.terminal.panels.pictures import draw_samples, draw_wanted
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.base import Arrival, Cut
from nn_tutor.tutor.stations.kinds import STATIONS, enter
from nn_tutor.tutor.visible import view_of
from nn_tutor.tutor.visible_in_pictures import tells_slope

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.activities.kinds import Activity
    from nn_tutor.tutor.answers import Answers
    from nn_tutor.tutor.lesson_run import LessonRun

EDGE = "  "
"""What the lines of a network have before them: they begin where words do."""


MIN_EXHIBIT = 32
"""The cells in which an experiment is seen whole: the longest names of a pass with their values."""

GAP = "..."
"""What stands in a program in the place of the line that is asked."""

MAX_DRAWN = 2
"""Samples of more inputs cannot be drawn."""

LINKS = frozenset(map(chr, range(0x2801, 0x2900)))
"""The dots that slanting links are drawn in."""

MAX_DIAGRAM = 24
"""The lines of a network at most."""


class Surroundings(NamedTuple):
    """What stands beside a station, the network that it is about, and what can be drawn of that in any room."""

    beside: Beside | None
    network: Beside | None
    curve: Beside | None


def what_stands_around(session: Session, deriver: Deriver | None) -> Surroundings:
    """Return what stands around a station; None for what there is not.

    Beside it stands its picture, or the experiment before it; else the network, where the lesson teaches one.
    """
    beside, past = _own_or_experiment(session, deriver)
    shown = _place_of_network(session.lesson_run, session.place.activity if past is None else past.place)
    network = None
    if shown is not None:
        pictured = _Pictured(session.lesson_run, shown, past if past is not None and past.place == shown else None)
        network = Beside("The network", "network", partial(_network, pictured), has_room=partial(_has_room, pictured))
    curve = None if shown is None or (beside is not None and beside.is_own) else _curve(session, shown)
    return Surroundings(beside or network, network, curve)


def _own_or_experiment(session: Session, deriver: Deriver | None) -> tuple[Beside | None, _Past | None]:
    """The picture of a station, or the experiment before it."""
    lesson_run, activity, place = session.lesson_run, session.activity, session.place.activity
    if activity.picture is not None:
        return Beside("The picture", "picture", partial(_own_picture, session), is_own=True, fills_room=True), None
    last = place - 1 if _face_of(activity).looks_back else -1
    for index in range(last, -1, -1):
        if _is_of_another_network(lesson_run, index, activity):
            continue
        if _leaves_something(lesson_run, index) and _is_done(session, index):
            if lesson_run.activity(index).step_groups_in_passes and GAP in session.station.words:
                break  # the rules of a pass would tell the line that is missing
            title = lesson_run.lesson.title_of(lesson_run.activity(index).id) or "The experiment"
            past = _Past(lesson_run, index, session.answers, session.cut, deriver)
            drawn = partial(_exhibit, past)
            return Beside(title, "look back", drawn, has_room=lambda width: width >= MIN_EXHIBIT), past
    return None, None


def _curve(session: Session, shown: int) -> Beside | None:
    """The first bend of a network, unless the lesson still has to show it; or its samples, where there are several."""
    lesson_run = session.lesson_run
    entry = lesson_run.lesson.networks[lesson_run.activity(shown).network]
    network = entry.network
    bent = next((layer for layer in network.layers if layer.activation not in ("identity", "softmax")), None)
    if bent is not None:
        ahead = lesson_run.lesson.activities[session.place.activity :]
        if any(one.picture is not None and one.picture.activation == bent.activation for one in ahead):
            return None
        picture = ActivationPicture(bent.activation, shows_slope=tells_slope(session), slope=bent.slope)
        title = f"The activation {activation_of(bent).called}"
        return Beside(title, "bend", partial(drawn_activation, picture), fills_room=True)
    if network.inputs > MAX_DRAWN or network.outputs > 1 or len(entry.data.inputs) == 1:
        return None
    samples = partial(draw_samples, entry, lesson_run.passed(shown, _first_pass(lesson_run, shown)).before)
    return Beside("The samples", "samples", samples, fills_room=True)


@lru_cache(maxsize=64)
def _place_of_network(lesson_run: LessonRun, place: int) -> int | None:
    """Return the activity whose network stands beside a page: its own, or else that of the next walk, or the last."""
    activities, networks = lesson_run.lesson.activities, lesson_run.lesson.networks
    walks = [
        index
        for index, one in enumerate(activities)
        if one.step_groups_in_passes and one.network in networks and lesson_run.is_walkable(index) and not one.exercise
    ]
    if not walks:
        return None
    if activities[place].network in networks:
        return place if lesson_run.is_walkable(place) else None
    return next((index for index in walks if index >= place), walks[-1])


def _is_of_another_network(lesson_run: LessonRun, index: int, activity: Activity) -> bool:
    """Whether an experiment is on another network than the one that a page names."""
    return activity.network not in ("", lesson_run.activity(index).network)


def _leaves_something(lesson_run: LessonRun, index: int) -> bool:
    """Whether an activity leaves something to look at; an exercise is on numbers of its own."""
    activity = lesson_run.activity(index)
    return _face_of(activity).exhibit is not Face.exhibit and not activity.exercise


def _face_of(activity: Activity) -> type[Face[Any]]:
    return FACES[STATIONS[type(activity)]]


def _is_done(session: Session, index: int) -> bool:
    """Whether an activity was done: its table tells what is asked on its passes."""
    lesson_run, activity = session.lesson_run, session.lesson_run.activity(index)
    if activity.is_noted and not session.answers.noted(activity.id):
        return False
    passes = activity.span if activity.step_groups_in_passes else activity.span[:1]
    asked = (question for number in passes for question in lesson_run.questions(index, number))
    return all(session.answers.is_settled(question.id) for question in asked)


def _own_picture(session: Session, width: int, height: int) -> Drawing:
    picture = session.activity.picture
    return () if picture is None else draw_wanted(session, picture, width, min(height, MAX_EXHIBIT))


class _Past(NamedTuple):
    """An activity as it was left, by what it is made from."""

    lesson_run: LessonRun
    place: int
    answers: Answers
    cut: Cut
    deriver: Deriver | None

    def left(self) -> Session:
        """Return its end."""
        return Session(enter(Arrival(self.lesson_run, self.place, self.answers, self.cut, at_end=True)))


@lru_cache(maxsize=8)
def _exhibit(past: _Past, width: int, height: int) -> Drawing:
    """What an earlier activity came to in the end: the keys of a choice do not draw it anew."""
    session = past.left()
    return face_of(session).exhibit(view_of(session, past.deriver), width, height)


def _first_pass(lesson_run: LessonRun, index: int) -> int:
    passes = lesson_run.activity(index).span
    return passes[0] if passes else 1


class _Pictured(NamedTuple):
    """The network of an activity, with what it starts from; beside an experiment with it, as that left it."""

    lesson_run: LessonRun
    place: int
    past: _Past | None


@lru_cache(maxsize=8)
def _network(pictured: _Pictured, width: int, height: int) -> Drawing:
    """The network with its weights, and no number that is still to be found."""
    picture = _picture(pictured)
    network = picture.network
    if not _has_room(pictured, width):
        return tuple((Span(EDGE), *content) for content in draw_sketch(network, width - len(EDGE)))
    lines = min(height, wanted_height(network, max(5, min(MAX_DIAGRAM, height - 2)), width, picture.rows))
    drawn = draw_diagram(picture, width - len(EDGE), lines)
    last = max((place for place, content in enumerate(drawn) if content), default=0)  # where slopes would stand
    return tuple((Span(EDGE), *content) for content in drawn[: last + 1])


@lru_cache(maxsize=8)
def _has_room(pictured: _Pictured, width: int) -> bool:
    """Whether the whole network has room side by side: what is left out first are the links, then the inputs."""
    picture = _picture(pictured)
    drawn = plain(draw_diagram(picture, width - len(EDGE), MAX_DIAGRAM))
    has_links = picture.network.is_scalar or any(sign in LINKS for sign in drawn)
    return has_links and feature(picture.network, picture.rows, 0, 0) in drawn


@lru_cache(maxsize=8)
def _picture(pictured: _Pictured) -> DiagramPicture:
    lesson_run, place, past = pictured
    network = lesson_run.network(place)
    passed = lesson_run.passed(place, _first_pass(lesson_run, place)) if past is None else past.left().passed
    return DiagramPicture(
        network=network,
        rows=passed.X.shape[0],
        row=0,
        inputs=tuple(map(float, passed.X[0])),
        targets=None if passed.Y is None else tuple(map(float, passed.Y[0])),
        weights=tuple(tuple(tuple(map(float, weights)) for weights in W) for W in passed.before.W),
        biases=tuple(None if b is None else tuple(map(float, b)) for b in passed.before.b),
        values={},
        focus=None,
        phase="forward",
    )
