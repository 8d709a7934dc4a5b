"""The station of each kind of activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.derive import Derive
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.practise import Practise
from nn_tutor.course.activities.pull import Pull
from nn_tutor.course.activities.read import Read
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.activities.walk import Walk
from nn_tutor.tutor.stations.base import ActivityStation, Arrival, Ended, Place, Station
from nn_tutor.tutor.stations.choosing import Choosing
from nn_tutor.tutor.stations.deriving import Deriving
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.tutor.stations.nudging import Nudging
from nn_tutor.tutor.stations.placing import Placing
from nn_tutor.tutor.stations.practising import Practising
from nn_tutor.tutor.stations.pulling import Pulling
from nn_tutor.tutor.stations.reading import Reading
from nn_tutor.tutor.stations.training import Training
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.stations.walking import Walking

STATIONS: Mapping[type, type[ActivityStation[Any]]] = {
    Read: Reading,
    Choose: Choosing,
    Tune: Tuning,
    Nudge: Nudging,
    Walk: Walking,
    PlaceWeight: Placing,
    Derive: Deriving,
    Hunt: Hunting,
    Pull: Pulling,
    Train: Training,
    Practise: Practising,
}


def enter(arrival: Arrival) -> Station:
    """Return the station at which an activity is entered, behind the last one the end of the lesson."""
    last = len(arrival.lesson_run.lesson.activities)
    if arrival.index >= last:
        place = Place(last)
        return Ended(lesson_run=arrival.lesson_run, place=place, answers=arrival.answers, cut=arrival.cut)
    activity = arrival.lesson_run.activity(arrival.index)
    station = STATIONS.get(type(activity))
    if station is None:
        raise LookupError(f"{activity.kind} has no station: give it a line in STATIONS")
    return station.enter(activity, arrival)
