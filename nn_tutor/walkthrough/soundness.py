"""Whether a lesson can be walked: every pass that it shows exists, with numbers that the loss can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.course.findings import Finding
from nn_tutor.network.training import StoppedError, Timeline

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson


def unsound(lesson: Lesson) -> list[Finding]:
    """Run what the lesson walks, nudges and trains, and return a finding for each network that stops before its end."""
    findings = []
    for name, entry in lesson.networks.items():
        timeline = Timeline(entry.network, entry.data)
        key = f"networks.{name}" if name else "network"
        last = _last_pass(lesson, name)
        try:
            timeline.at(last)
        except StoppedError as error:
            stopped = error.stopped
            mend = "change the weights, the data or the learning rate, or walk fewer passes"
            findings.append(
                Finding(str(lesson.path / "lesson.toml"), key, f"pass {stopped.number}: {stopped.why}", mend)
            )
    return findings


def _last_pass(lesson: Lesson, name: str) -> int:
    """The last pass of a network that the lesson shows for certain."""
    certain = (activity.certain_pass for activity in lesson.activities if activity.network == name)
    return max(certain, default=1)
