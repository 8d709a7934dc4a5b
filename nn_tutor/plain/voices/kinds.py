"""The voice of each kind of station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nn_tutor.plain.voices.choosing import ChoosingVoice
from nn_tutor.plain.voices.ending import EndedVoice
from nn_tutor.plain.voices.hunting import HuntingVoice
from nn_tutor.plain.voices.nudging import NudgingVoice
from nn_tutor.plain.voices.on_pass import DerivingVoice, PlacingVoice, WalkingVoice
from nn_tutor.plain.voices.pulling import PullingVoice
from nn_tutor.plain.voices.reading import ReadingVoice
from nn_tutor.plain.voices.training import TrainingVoice
from nn_tutor.plain.voices.tuning import TuningVoice
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
    from nn_tutor.plain.voices.base import Setting, Voice
    from nn_tutor.tutor.session import Session

VOICES: Mapping[type[Station], type[Voice[Any]]] = {
    Reading: ReadingVoice,
    Choosing: ChoosingVoice,
    Tuning: TuningVoice,
    Nudging: NudgingVoice,
    Walking: WalkingVoice,
    Placing: PlacingVoice,
    Deriving: DerivingVoice,
    Hunting: HuntingVoice,
    Pulling: PullingVoice,
    Training: TrainingVoice,
    Practising: ReadingVoice,
    Ended: EndedVoice,
}


def voice_of(session: Session, setting: Setting) -> Voice[Any]:
    """Return the voice of the station at hand."""
    voice = VOICES.get(type(session.station))
    if voice is None:
        raise LookupError(f"{type(session.station).__name__} has no voice: give it a line in VOICES")
    return voice(session, session.station, setting)
