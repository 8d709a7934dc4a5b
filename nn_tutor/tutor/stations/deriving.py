"""A slope is typed as a formula."""

from __future__ import annotations

from nn_tutor.course.activities.derive import Derive
from nn_tutor.tutor.stations.on_pass import StationOnPass


class Deriving(StationOnPass[Derive]):
    """A slope to derive."""
