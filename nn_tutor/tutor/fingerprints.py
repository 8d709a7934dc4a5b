"""What a question was asked about, in eight letters: an answer counts for the numbers that it was given for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.pull import Pull
from nn_tutor.network.identity import as_text

if TYPE_CHECKING:
    from nn_tutor.tutor.lesson_run import LessonRun


def fingerprint(lesson_run: LessonRun, question: str) -> str:
    """Return the fingerprint of a question of a lesson by its id: of its network and data, its pass and its quantity.

    That of a choice is of its words. "" where nothing depends on numbers of the lesson, or the question is none of it.
    """
    name = question.partition(":")[0]
    index = next((index for index, one in enumerate(lesson_run.lesson.activities) if one.id == name), None)
    activity = None if index is None else lesson_run.activity(index)
    if isinstance(activity, Choose):
        asked = as_text([activity.prompt, [[option.text, option.right] for option in activity.options]])
    elif activity is None or activity.is_run or activity.network not in lesson_run.lesson.networks:
        return ""
    elif isinstance(activity, Pull):  # of the rows that are compared, as a batch may be large
        entry = lesson_run.lesson.networks[activity.network]
        rows = [[data[row] for row in activity.rows] for data in (entry.data.inputs, entry.data.targets) if data]
        asked = as_text([entry.network, str(activity.weight), rows])
    else:
        asked = lesson_run.as_text(activity.network)
    return f"{crc32(f'{question} {asked}'.encode()):08x}"
