"""The kinds of activity, and how the [[activity]] tables of a lesson file become activities."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from nn_tutor.course.activities.choose import Choose, read_choice
from nn_tutor.course.activities.derive import Derive, read_derivation
from nn_tutor.course.activities.hunt import Hunt, read_hunt
from nn_tutor.course.activities.nudge import Nudge, read_nudge
from nn_tutor.course.activities.place import PlaceWeight, read_placing
from nn_tutor.course.activities.practise import Exercise, Practise, read_practice
from nn_tutor.course.activities.pull import Pull, read_pull
from nn_tutor.course.activities.read import Read, read_page
from nn_tutor.course.activities.train import Train, read_training
from nn_tutor.course.activities.tune import Tune, read_tuning
from nn_tutor.course.activities.walk import Walk, read_walk
from nn_tutor.course.findings import Table, close_words
from nn_tutor.course.networks import SLUG, NetworkWithData
from nn_tutor.course.picture import read_picture

Activity = Read | Choose | Tune | Nudge | Walk | PlaceWeight | Derive | Hunt | Pull | Train | Practise
Part = Activity | Exercise
"""What a lesson is made of once its practice is taken apart."""

Asking = Walk | PlaceWeight | Derive | Hunt
"""The activities whose answers are scored by numbers of their network."""

MAX_ACTIVITIES = 64

_READERS: dict[str, Callable[[Table, str, str, NetworkWithData | None], Activity | None]] = {
    "read": read_page,
    "choose": read_choice,
    "tune": read_tuning,
    "nudge": read_nudge,
    "walk": read_walk,
    "place": read_placing,
    "derive": read_derivation,
    "hunt": read_hunt,
    "pull": read_pull,
    "train": read_training,
    "practice": read_practice,
}

KINDS = tuple(_READERS)
"""The kinds of activity."""

COMPUTING = ("walk", "tune", "nudge", "train", "place", "derive", "hunt", "pull")
"""The kinds that need a network."""


def read_activities(lesson: Table, networks: Mapping[str, NetworkWithData | None]) -> tuple[Activity, ...]:
    """Read the [[activity]] tables in order; what is wrong becomes findings, and that activity is left out.

    `networks` holds None for a network that stands in the lesson but is wrong itself.
    """
    tables = lesson.tables("activity")
    if len(tables) > MAX_ACTIVITIES:
        lesson.wrong("activity", f"{len(tables)} activities", f"a lesson has at most {MAX_ACTIVITIES}")
        return ()
    activities: list[Activity] = []
    taken: set[str] = set()
    places: dict[str, Table] = {}
    for table in tables:
        kind = _kind(table)
        activity_id = table.text("id", most=60) or _numbered(kind, taken)
        network = table.text("network", most=60)
        if not re.fullmatch(SLUG, activity_id or "x"):
            table.wrong(
                "id", f'"{activity_id}"', "use letters, digits, hyphens, underscores and points, such as by-hand"
            )
        if activity_id in taken:
            table.wrong("id", f'"{activity_id}" stands twice', "give every activity its own id")
        taken.add(activity_id)
        if network and network not in networks:
            close = close_words(network, networks)
            mend = (
                f"did you mean {close[0]}?" if close else f"write [networks.{network}], or leave it out for [network]"
            )
            table.wrong("network", f'"{network}", which is no network here', mend)
        elif kind in COMPUTING and network not in networks:
            table.wrong("network", "no network", "write [network] and [data], or name one of [networks.NAME]")
        elif kind:
            made = _READERS[kind](table, activity_id, network, networks.get(network))
            picture = read_picture(table, networks.get(network), networks)
            table.done("kind", "id", "network")
            if made is not None:
                activities.append(replace(made, picture=picture))
                places[activity_id] = table
    _check_reseeding(activities, places)
    return tuple(activities)


def _kind(table: Table) -> str:
    """Return a known kind of activity, "" where it is none."""
    kind = table.value("kind")
    if kind is None:
        table.wrong("kind", "missing", "write one of " + ", ".join(f'"{known}"' for known in KINDS))
        return ""
    return table.word("kind", KINDS, "")


def _check_reseeding(activities: list[Activity], places: Mapping[str, Table]) -> None:
    """Questions were found fair for some numbers: where they are asked no others may be drawn."""
    asking = {activity.network: activity.id for activity in activities if isinstance(activity, Asking)}
    for activity in activities:
        if isinstance(activity, Train) and activity.reseed and activity.network in asking:
            mend = f'"{asking[activity.network]}" asks for numbers of this network: give the run one of its own'
            places[activity.id].wrong("reseed", "true", mend)


def _numbered(kind: str, taken: set[str]) -> str:
    name, number = kind, 1
    while name in taken:
        number += 1
        name = f"{kind}-{number}"
    return name
