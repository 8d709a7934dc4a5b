"""Errors that a lesson is to blame for, and not the program."""

from __future__ import annotations

import sys

from nn_tutor.course.findings import LessonError

MEND = "change the weights, the data or the learning rate, or walk fewer passes"
"""What helps where a run cannot go on."""


def fault_of_lesson(error: BaseException) -> str:
    """Return what is wrong with the lesson, in a sentence, or "" for an error of the program."""
    if isinstance(error, LessonError):
        return str(error)
    training = sys.modules.get("nn_tutor.network.training")  # without it, loading NumPy, there is no such error
    if training is not None and isinstance(error, training.StoppedError):
        return f"the run of this lesson stops at pass {error.stopped.number}: {error.stopped.why}; {MEND}"
    return ""
