"""A page told: its words, paragraph by paragraph."""

from __future__ import annotations

from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.stations.practising import Practising
from nn_tutor.tutor.stations.reading import Reading


class ReadingVoice(Voice[Reading | Practising]):
    """A page to read."""

    has_settings = False
