"""The face of each kind of station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nn_tutor.terminal.faces.choosing import ChoosingFace
from nn_tutor.terminal.faces.deriving import DerivingFace
from nn_tutor.terminal.faces.ending import EndedFace
from nn_tutor.terminal.faces.hunting import HuntingFace
from nn_tutor.terminal.faces.nudging import NudgingFace
from nn_tutor.terminal.faces.placing import PlacingFace
from nn_tutor.terminal.faces.pulling import PullingFace
from nn_tutor.terminal.faces.reading import ReadingFace
from nn_tutor.terminal.faces.training import TrainingFace
from nn_tutor.terminal.faces.tuning import TuningFace
from nn_tutor.terminal.faces.walking import WalkingFace
from nn_tutor.tutor.stations.base import Ended, Station
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

if TYPE_CHECKING:
    from nn_tutor.terminal.faces.base import Face
    from nn_tutor.tutor.session import Session

FACES: Mapping[type[Station], type[Face[Any]]] = {
    Reading: ReadingFace,
    Choosing: ChoosingFace,
    Tuning: TuningFace,
    Nudging: NudgingFace,
    Walking: WalkingFace,
    Placing: PlacingFace,
    Deriving: DerivingFace,
    Hunting: HuntingFace,
    Pulling: PullingFace,
    Training: TrainingFace,
    Practising: ReadingFace,
    Ended: EndedFace,
}


def face_of(session: Session) -> Face[Any]:
    """Return the face of the station at hand."""
    face = FACES.get(type(session.station))
    if face is None:
        raise LookupError(f"{type(session.station).__name__} has no face: give it a line in FACES")
    return face(session, session.station)
