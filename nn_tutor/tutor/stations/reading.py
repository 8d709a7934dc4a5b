"""A page of prose."""

from __future__ import annotations

from nn_tutor.course.activities.read import Read
from nn_tutor.tutor.stations.base import ActivityStation


class Reading(ActivityStation[Read]):
    """A page to read: nothing is asked."""
