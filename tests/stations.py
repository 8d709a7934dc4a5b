"""What a test knows of a station that it has walked to."""

from __future__ import annotations

from typing import TypeVar

from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.asked import Asked
from nn_tutor.tutor.stations.base import Station

S = TypeVar("S", bound=Station)


def at(session: Session, kind: type[S]) -> S:
    """The station at hand, which is of a kind."""
    assert isinstance(session.station, kind), session.station
    return session.station


def asked_at(session: Session) -> Asked:
    """What is asked about the pass at hand."""
    assert session.asked is not None, session.station
    return session.asked
