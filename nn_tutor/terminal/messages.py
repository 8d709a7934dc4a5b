"""What the app is told by the threads beside the screen, and by a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.course.outline import Outline
    from nn_tutor.dataset.proposal import Options
    from nn_tutor.progress.data_files import DataFile
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.terminal.home_items import Continuation


class Recalling(Message):
    """What was remembered of the learner has been read."""

    def __init__(self, recalled: Recalled, continuation: Continuation | None) -> None:
        super().__init__()
        self.recalled = recalled
        self.continuation = continuation


class Outlined(Message):
    """The lessons have been read: what they are at a glance, by id."""

    def __init__(self, outlines: Mapping[str, Outline]) -> None:
        super().__init__()
        self.outlines = outlines


class Ready(Message):
    """NumPy and SymPy are loaded and warm."""

    def __init__(self, deriver: Deriver) -> None:
        super().__init__()
        self.deriver = deriver


class Stopped(Message):
    """A lesson that was opened from home cannot go on, for a fault of its own."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault


class DataRead(Message):
    """A data file of the learner's own was read."""

    def __init__(self, file: DataFile) -> None:
        super().__init__()
        self.file = file


class DataRefused(Message):
    """A data file, or what was chosen about it, cannot be used; why, and the mend."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message


class DataLesson(Message):
    """A lesson was made of a data file, with some choices, and is to be opened."""

    def __init__(self, lesson: Lesson, file: DataFile, options: Options) -> None:
        super().__init__()
        self.lesson = lesson
        self.file = file
        self.options = options
